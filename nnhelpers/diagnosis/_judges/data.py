"""Judges of the data: finite, near 0, of one size, and labels that have to do with them."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.features import FeatureLook
from nnhelpers.diagnosis._looks.labels import LabelLook
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding
from nnhelpers.words import counted, short, whole_percent


def not_finite_data(looks: Looks) -> Finding | None:
    """NaN or infinite values."""
    if not looks.not_finite:
        return None
    return Finding(
        name="not_finite_data",
        sentence=f"{counted(looks.not_finite, 'example')} with a NaN or infinite value; "
        "all else was measured without them.",
        weight=0.99,
        threshold="a single one is enough",
    )


def embedding_too_small(looks: Looks) -> Finding | None:
    """A token beyond an embedding."""
    if looks.unknown_token is None:
        return None
    token, count = looks.unknown_token
    return Finding(
        name="embedding_too_small",
        sentence=f"An embedding with input_dim={count} holds tokens 0 to {count - 1}, and is asked "
        f"for {token}: the model cannot be called.",
        weight=0.98,
        threshold="by definition of the layer",
    )


# Mean over standard deviation of 3: by 1/(c + 1) a quarter of the units split the data.
_OFFSET_SHARE = 0.9
# Of 7: an eighth.
_FAR_SHARE = 0.98


def offset_inputs(looks: Looks) -> Finding | None:
    """Examples that look alike from 0."""
    inputs = looks.inputs
    if inputs is None or inputs.offset_share < _OFFSET_SHARE:
        return None
    stuck = looks.steps is None or looks.steps.level() > 0.5
    if not (_helps(looks) or (inputs.offset_share > _FAR_SHARE and stuck)):
        return None
    distance = np.sqrt(inputs.offset_share / max(1 - inputs.offset_share, 1e-9))
    return Finding(
        name="offset_inputs",
        sentence=f"The inputs' mean is {short(distance)} standard deviations from 0; "
        f"{inputs.offset_share:.1%} of their mean square is that mean{_alike(looks)}.",
        layers=(looks.weights[0].name,),
        weight=0.85,
        threshold="3 standard deviations, where 1/(1 + 3) of the units split the data, and "
        "standardizing helps in a trial; or 7 and hardly anything is learned (lesson 1)",
    )


def _alike(looks: Looks) -> str:
    if len(looks.signals) < 2:
        return ""
    last = looks.signals[-2]
    return f"; behind {last.name} two examples have a cosine of {last.alike:.2f}"


def unequal_scales(looks: Looks) -> Finding | None:
    """Features of very different size."""
    inputs = looks.inputs
    if inputs is None or not inputs.varying.any():
        return None
    ratio = inputs.scale_ratio
    if not (ratio > 1000 or (ratio > 30 and _helps(looks))):
        return None
    stds = np.where(inputs.varying, inputs.stds, np.nan)
    return Finding(
        name="unequal_scales",
        sentence=f"The features' standard deviations reach from {short(np.nanmin(stds))} "
        f"(feature {inputs.called(np.nanargmin(stds))}) to {short(np.nanmax(stds))} "
        f"(feature {inputs.called(np.nanargmax(stds))}).",
        layers=(looks.weights[0].name,),
        weight=0.83,
        threshold="1,000 times apart, or 30 times and standardizing helps in a trial: the number "
        "of steps grows with the square (lesson 1)",
    )


def inputs_not_scaled(looks: Looks) -> Finding | None:
    """Features that are all very large or small, as pixels from 0 to 255."""
    inputs = looks.inputs
    if inputs is None or not inputs.varying.any() or unequal_scales(looks):
        return None
    if 0.01 < inputs.size < 10 or not _helps(looks):
        return None
    return Finding(
        name="inputs_not_scaled",
        sentence=f"The inputs have a standard deviation of {short(inputs.size)}.",
        layers=(looks.weights[0].name,),
        weight=0.84,
        threshold="above 10 or below 0.01, and standardizing helps in a trial (lesson 1)",
    )


def _helps(looks: Looks) -> bool:
    """Whether a trial with standardized inputs learns more; granted where there was none."""
    steps = looks.steps
    if steps is None or "standardized" not in steps.trials:
        return True
    return bool(steps.level("standardized") < min(0.98 * steps.level(), steps.level() - 0.01))


def constant_feature(looks: Looks) -> Finding | None:
    """Features that never change and are not 0."""
    features = looks.features
    fixed = ~features.varying & (np.abs(features.means) > 1e-6)
    if not fixed.any() or features.one_unit or features.n_examples < 10:
        return None
    return Finding(
        name="constant_feature",
        sentence=f"{counted(int(fixed.sum()), 'feature')} of {features.n_features} without change: "
        f"{_called(features, fixed)}.",
        weight=0.15,
        threshold="a standard deviation of 0, and a value other than 0",
    )


def _called(features: FeatureLook, which: NDArray) -> str:
    first, *others = np.flatnonzero(which)
    rest = f" and {len(others)} more" if others else ""
    return features.called(first) + rest


def duplicated_features(looks: Looks) -> Finding | None:
    """Columns that repeat others."""
    features = looks.features
    if not features.n_duplicates or features.one_unit or features.n_examples < 10:
        return None
    return Finding(
        name="duplicated_features",
        sentence=f"{counted(features.n_duplicates, 'feature')} of {features.n_features} "
        "repeat another one.",
        weight=0.14,
        threshold="equal on every example, and other than the first on a fifth of them",
    )


def collinear_features(looks: Looks) -> Finding | None:
    """A valley that no standardizing removes, where it costs."""
    condition = looks.features.condition
    steps = looks.steps
    if not condition > 1e6 or looks.features.n_duplicates:
        return None
    if steps is None or steps.level() < 0.9:
        return None
    return Finding(
        name="collinear_features",
        sentence=f"The features' correlations have a condition number of {short(condition)}.",
        weight=0.13,
        threshold="10⁶, and the network learns hardly anything in a trial",
    )


# Of 540 permutations of the labels of six data sets the best of four learners passed this in 1%.
_RELATED = 3.0


def labels_shuffled(looks: Looks) -> Finding | None:
    """No learner tells labels from features."""
    relation = looks.relation
    if relation is None or relation.n_examples < 100 or not relation.best < _RELATED:
        return None
    names = ", ".join(relation.scores)
    return Finding(
        name="labels_shuffled",
        sentence=f"Labels cannot be told from features: of {names} the best is "
        f"{relation.best:.1f} standard deviations better than chance.",
        weight=0.57,
        threshold="below 3 standard deviations for each of four learners, which of 540 permuted "
        "data sets 1% passed; with 100 examples at least",
    )


def class_imbalance(looks: Looks) -> Finding | None:
    """One class that is most of the data."""
    shares, places = looks.labels.shares, looks.labels.places
    least = 0.85 if places == 1 else 0.95
    if len(shares) < 2 or looks.labels.classes is None or shares.max() < least:
        return None
    of_what = "examples" if places == 1 else "labels, one for each place,"
    return Finding(
        name="class_imbalance",
        sentence=f"{whole_percent(shares.max())} of the {of_what} are of one class: "
        f"so good is always answering it.",
        weight=0.4,
        remedy=_class_weights(looks.labels),
        threshold="85% of one class: the others have a weight below a sixth of it; 95% of pixels "
        "or moments, which tell their neighbours' classes too",
    )


def _class_weights(labels: LabelLook) -> str:
    """Return the weights under which classes count alike; none where numbers are not indices."""
    count = len(labels.shares)
    numbered = labels.one_hot or (labels.low, labels.high) == (0, count - 1)
    if not numbered or count > 10:
        return ""
    sizes = [f"{1 / (count * share):.2g}" for share in labels.shares]
    if labels.places > 1:  # Keras has class weights for whole examples alone
        classes = "y.argmax(-1)" if labels.one_hot else "y.astype(int)"
        return f"fit(..., sample_weight=np.array([{', '.join(sizes)}])[{classes}])"
    weights = ", ".join(f"{number}: {size}" for number, size in enumerate(sizes))
    return f"fit(..., class_weight={{{weights}}})"


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (not_finite_data, "anatomy", "all values are finite"),
    (embedding_too_small, "unknown_token", "embeddings hold all tokens"),
    (offset_inputs, "inputs", "inputs are near 0"),
    (unequal_scales, "inputs", "features are of about one size"),
    (inputs_not_scaled, "inputs", "inputs are of about size 1"),
    (labels_shuffled, "relation", "labels have to do with the features"),
    (class_imbalance, "labels", "shares of the classes"),
    (constant_feature, "features", "no feature is constant"),
    (duplicated_features, "features", "no feature stands there twice"),
    (collinear_features, "features", "no valley of collinear features"),
)

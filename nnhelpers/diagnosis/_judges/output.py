"""Judges of output and loss: whether they belong together."""

import numpy as np

from nnhelpers.diagnosis._looks.labels import CROSS_ENTROPIES, REGRESSIONS, LabelLook
from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.findings import Finding

_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
BY_KERAS = "by definition of the loss"
# Outputs that a loss of probabilities can do something with.
_PROBABILITIES = {"sigmoid", "softmax", "hard_sigmoid"}


def softmax_on_one_unit(looks: Looks) -> Finding | None:
    """A softmax, or a loss that divides by the sum, of a single output."""
    anatomy = looks.anatomy
    if anatomy.n_outputs != 1 or anatomy.output_activation != "softmax":
        return None
    several = anatomy.loss in CROSS_ENTROPIES and units_needed(looks.labels) > 2
    return Finding(
        name="softmax_on_one_unit",
        sentence="The output is a softmax of 1 unit: it is 1.0 for every example.",
        layers=last_layer(looks),
        weight=0.97,
        remedy=softmax_of(looks.labels) if several else "",
        threshold="by definition: exp(z) / exp(z) = 1",
    )


def units_needed(labels: LabelLook) -> int:
    """Return the number of classes; 0 for numbers."""
    if labels.classes is None or labels.one_hot:
        return labels.columns if labels.one_hot else 0
    return len(labels.shares) if labels.low else int(labels.high) + 1


def softmax_of(labels: LabelLook) -> str:
    """Return an output with a unit for each class, and its loss."""
    kind = "categorical" if labels.one_hot else "sparse_categorical"
    count = units_needed(labels)
    return f'Dense({count}, activation="softmax") with loss="{kind}_crossentropy"'


def dropout_at_output(looks: Looks) -> Finding | None:
    """A dropout that disturbs the answers themselves."""
    name = looks.anatomy.output_dropout
    if not name:
        return None
    return Finding(
        name="dropout_at_output",
        sentence=f"Nothing comes behind {name}: in training it sets answers to 0 and enlarges the "
        "others.",
        layers=(name,),
        weight=0.88,
        threshold="a dropout as the last layer of an output",
    )


def activation_does_not_fit_loss(looks: Looks) -> Finding | None:
    """An activation for which the cross-entropy is not made."""
    anatomy = looks.anatomy
    activation, loss, several = anatomy.output_activation, anatomy.loss, anatomy.n_outputs > 1
    misfit = (
        (loss in _CATEGORICAL and activation == "sigmoid")
        or (loss in _CATEGORICAL and not several and activation != "softmax")
        or (loss == "binary_crossentropy" and several and activation == "softmax")
        or (loss in CROSS_ENTROPIES and activation == "tanh")
    )
    if not misfit:
        return None
    return Finding(
        name="activation_does_not_fit_loss",
        sentence=f"{loss} with {activation} on {_units(anatomy.n_outputs)}.",
        layers=last_layer(looks),
        weight=0.93,
        threshold=BY_KERAS,
    )


def softmax_into_from_logits(looks: Looks) -> Finding | None:
    """Probabilities where logits are expected."""
    anatomy = looks.anatomy
    if not anatomy.from_logits or anatomy.output_activation not in _PROBABILITIES:
        return None
    return Finding(
        name="softmax_into_from_logits",
        sentence=f"{anatomy.loss} with from_logits=True gets the output of "
        f"{anatomy.output_activation}, between 0 and 1.",
        layers=last_layer(looks),
        weight=0.91,
        threshold=BY_KERAS,
    )


def logits_without_from_logits(looks: Looks) -> Finding | None:
    """Logits where probabilities are expected."""
    anatomy = looks.anatomy
    if anatomy.from_logits or anatomy.loss not in CROSS_ENTROPIES:
        return None
    if anatomy.output_activation != "linear":
        return None
    return Finding(
        name="logits_without_from_logits",
        sentence=f"{anatomy.loss} expects probabilities; "
        f"the output has no activation{_outside(looks)}.",
        layers=last_layer(looks),
        weight=0.92,
        threshold=BY_KERAS,
    )


def relu_output(looks: Looks) -> Finding | None:
    """A rectifier at the output, where it cuts off what is needed."""
    anatomy, labels = looks.anatomy, looks.labels
    if anatomy.output_activation not in ("relu", "relu6", "leaky_relu", "elu"):
        return None
    two = labels.whole and (labels.low, labels.high) == (0, 1)
    needed = anatomy.loss in CROSS_ENTROPIES or labels.low < 0 or two
    dead = looks.outputs is not None and (looks.outputs == 0).all()
    if not (needed or dead):
        return None
    why = f"{anatomy.loss} expects probabilities" if anatomy.loss in CROSS_ENTROPIES else ""
    why = why or ("all outputs are 0" if dead else f"labels run from {labels.low:.3g}")
    return Finding(
        name="relu_output",
        sentence=f"The output is a {anatomy.output_activation}, and {why}.",
        layers=last_layer(looks),
        weight=0.9,
        threshold=BY_KERAS,
    )


def metric_does_not_fit(looks: Looks) -> Finding | None:
    """A metric of classes for numbers, or of one-hot rows for class numbers."""
    anatomy, labels = looks.anatomy, looks.labels
    accuracies = [each for each in anatomy.metrics if "acc" in each]
    if not accuracies:
        return None
    numbers = anatomy.loss in REGRESSIONS and labels.classes is None
    if not numbers and not _wrong_accuracy(looks, accuracies[0]):
        return None
    return Finding(
        name="metric_does_not_fit",
        sentence=f"{accuracies[0]} is measured of "
        f"{'numbers' if numbers else f'{_units(anatomy.n_outputs)} under {anatomy.loss}'}.",
        weight=0.1,
        threshold="by definition of the metric",
    )


def _wrong_accuracy(looks: Looks, metric: str) -> bool:
    several, columns = looks.anatomy.n_outputs > 1, looks.labels.columns > 1
    fits = {
        "binary_accuracy": looks.anatomy.loss not in _CATEGORICAL,
        "categorical_accuracy": several and columns,
        "sparse_categorical_accuracy": several and not columns,
    }
    return not fits.get(metric, True)


def _outside(looks: Looks) -> str:
    if looks.outputs is None:
        return ""
    share = ((looks.outputs < 0) | (looks.outputs > 1)).mean()
    return f", and {share:.0%} of its values lie outside 0 to 1"


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"


def last_layer(looks: Looks) -> tuple[str, ...]:
    """Return the name of the output's layer, if it is known."""
    return (looks.weights[-1].name,) if looks.weights else ()


def loss_not_finite(looks: Looks) -> Finding | None:
    """A loss of one's own that takes the log of 0."""
    if np.isfinite(looks.certain_loss) or not np.isfinite(looks.first_loss):
        return None
    return Finding(
        name="loss_not_finite",
        sentence=f"Of probabilities that are the labels themselves, 0 and 1, {looks.anatomy.loss} "
        f"is {looks.certain_loss:g}; before the first step it is {looks.first_loss:.3g}.",
        weight=0.62,
        threshold="a loss of right answers that is not finite",
    )


# What must have been looked at, and what to say where all is well.
JUDGES = (
    (softmax_on_one_unit, "labels", "output: no softmax of one unit"),
    (activation_does_not_fit_loss, "labels", "output activation and loss belong together"),
    (softmax_into_from_logits, "labels", "no probabilities where logits are expected"),
    (logits_without_from_logits, "labels", "no logits where probabilities are expected"),
    (relu_output, "labels", "the output is not cut off"),
    (loss_not_finite, "steps", "the loss of right answers is finite"),
    (dropout_at_output, "labels", "no dropout behind the output"),
    (metric_does_not_fit, "labels", "metrics fit the task"),
)

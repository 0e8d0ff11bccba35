"""Labels as classes, one-hot rows or numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.record import Looks
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import whole_percent

CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
CROSS_ENTROPIES = {
    *CATEGORICAL,
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_focal_crossentropy",
}
# Up to so many different whole numbers count as classes, whatever the loss.
_FEW = 20
REGRESSIONS = {
    "mean_squared_error",
    "mean_absolute_error",
    "mean_squared_logarithmic_error",
    "mean_absolute_percentage_error",
    "huber",
    "log_cosh",
}


@dataclass(frozen=True, kw_only=True)
class LabelLook:
    """Labels, and the loss of guessing."""

    columns: int  # 1 for labels of shape (n_examples,)
    places: int  # Labels of one example: 1, or one for each pixel or time step
    whole: bool  # Whether all are whole numbers
    one_hot: bool  # Rows with a single 1 among zeros, in two columns at least
    several: float  # Share of the rows with more than one 1 among zeros
    low: float
    high: float
    # Class numbers from 0, of shape (n_examples * places,); None for numbers
    classes: NDArray | None
    shares: NDArray  # Share of each class that occurs, of shape (n_classes,); empty for numbers
    mean: float
    std: float  # Mean of the columns' standard deviations
    guessing: float  # Loss of the best constant answer; NaN for an unknown loss


def look_at_labels(y: NDArray, *, loss: str, places: tuple = ()) -> LabelLook:
    """Read labels; an output of pixels or time steps has one at each of its places.

    One-hot rows are classes, and so are whole numbers in one column if the loss is a cross-entropy
    or they take few values.
    """
    flat = _rows(y, places)
    whole = bool((flat == np.round(flat)).all())
    of_bits = flat.shape[1] > 1 and bool(((flat == 0) | (flat == 1)).all())
    one_hot = of_bits and bool((flat.sum(axis=1) == 1).all())
    classes = _classes(flat, one_hot, whole, loss)
    shares = np.empty(0) if classes is None else _shares(classes)
    return LabelLook(
        columns=flat.shape[1],
        places=len(flat) // len(y),
        whole=whole,
        one_hot=one_hot,
        several=float((flat.sum(axis=1) > 1).mean()) if of_bits else 0.0,
        low=float(flat.min()),
        high=float(flat.max()),
        classes=classes,
        shares=shares,
        mean=float(flat.mean()),
        std=float(flat.std(axis=0).mean()),
        guessing=_guessing(flat, loss, shares),
    )


def _rows(y: NDArray, places: tuple) -> NDArray:
    """Return one row of labels for each example, or for each of its places."""
    given = y.shape[1:]
    if places and len(given) == len(places) + 1:
        return y.reshape(-1, given[-1])
    pairs = zip(given, places, strict=False)
    if places and len(given) == len(places) and all(want in (None, size) for size, want in pairs):
        return y.reshape(-1, 1)
    return y.reshape(len(y), -1)


def _classes(flat: NDArray, one_hot: bool, whole: bool, loss: str) -> NDArray | None:
    if one_hot:
        return flat.argmax(axis=1)
    if flat.shape[1] > 1 or not whole:
        return None
    values, classes = np.unique(flat, return_inverse=True)
    return classes.ravel() if loss in CROSS_ENTROPIES or len(values) <= _FEW else None


def _shares(classes: NDArray) -> NDArray:
    return np.unique(classes, return_counts=True)[1] / len(classes)


def _guessing(flat: NDArray, loss: str, shares: NDArray) -> float:
    if loss in CATEGORICAL:
        return float(-(shares * np.log(shares)).sum()) if len(shares) else np.nan
    if loss == "binary_crossentropy":
        share = np.clip(flat.mean(axis=0), 1e-7, 1 - 1e-7)
        return float(-(share * np.log(share) + (1 - share) * np.log(1 - share)).mean())
    if loss == "mean_squared_error":
        return float(flat.var(axis=0).mean())
    if loss == "mean_absolute_error":
        return float(np.abs(flat - np.median(flat, axis=0)).mean())
    return np.nan


def class_imbalance(looks: Looks) -> Finding | None:
    """One class that makes up most of the data."""
    shares, places = looks.labels.shares, looks.labels.places
    least = 0.85 if places == 1 else 0.95
    if len(shares) < 2 or shares.max() < least:
        return None
    of_what = "examples" if places == 1 else "labels, one for each place,"
    return Finding(
        sentence=f"{whole_percent(shares.max())} of the {of_what} are of one class: "
        f"so good is always answering it.",
        remedy=_class_weights(looks.labels),
        threshold="85% of one class: the others have a weight below a sixth of it; 95% of pixels "
        "or moments, which tell their neighbours' classes too",
    )


def _class_weights(labels: LabelLook) -> str:
    """Return weights that balance the classes, as arguments of `fit`; "" if there are none."""
    count = len(labels.shares)
    numbered = labels.one_hot or (labels.low, labels.high) == (0, count - 1)
    if not numbered or count > 10:
        return ""
    sizes = [f"{1 / (count * share):.2g}" for share in labels.shares]
    if labels.places > 1:  # Keras has class weights for whole examples only
        classes = "y.argmax(-1)" if labels.one_hot else "y.astype(int)"
        return f"fit(..., sample_weight=np.array([{', '.join(sizes)}])[{classes}])"
    weights = ", ".join(f"{number}: {size}" for number, size in enumerate(sizes))
    return f"fit(..., class_weight={{{weights}}})"

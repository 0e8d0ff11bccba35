"""What the labels are: classes, one-hot rows or numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CROSS_ENTROPIES = {
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "sparse_categorical_crossentropy",
}
# So many whole numbers are classes, whatever the loss.
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
    """Labels, and the loss of guessing.

    Attributes
    ----------
    columns : int
        1 for labels of shape (n_examples,).
    places : int
        Labels of one example: 1, or one for each pixel or moment.
    whole : bool
        Whether all are whole numbers.
    one_hot : bool
        Rows with a single 1 among zeros, in two columns at least.
    several : float
        Share of the rows with more than one 1 among zeros.
    low, high : float
    classes : array of shape (n_examples * places,) or None
        Class numbers from 0 on, where the labels are classes.
    shares : array of shape (n_classes,)
        Share of each class that occurs; empty for numbers.
    mean, std : float
        Of all labels; the standard deviation is that of the columns.
    guessing : float
        Loss of the best constant answer; NaN for a loss that is not known.
    """

    columns: int
    places: int
    whole: bool
    one_hot: bool
    several: float
    low: float
    high: float
    classes: NDArray | None
    shares: NDArray
    mean: float
    std: float
    guessing: float


def look_at_labels(y: NDArray, *, loss: str, places: tuple = ()) -> LabelLook:
    """Read labels, which are classes where the loss is a cross-entropy or their rows one-hot.

    An output of pixels or moments has a label at each of its places.
    """
    flat = _rows(y, places)
    whole = bool((flat == np.round(flat)).all())
    one_hot = flat.shape[1] > 1 and whole and bool(((flat == 1).sum(1) == 1).all())
    one_hot = one_hot and bool((np.abs(flat).sum(1) == 1).all())
    classes = _classes(flat, one_hot, whole, loss)
    shares = np.unique(classes, return_counts=True)[1] / len(flat) if classes is not None else []
    return LabelLook(
        columns=flat.shape[1],
        places=len(flat) // len(y),
        whole=whole,
        one_hot=one_hot,
        several=_several(flat),
        low=float(flat.min()),
        high=float(flat.max()),
        classes=classes,
        shares=np.asarray(shares),
        mean=float(flat.mean()),
        std=float(flat.std(axis=0).mean()),
        guessing=_guessing(flat, loss, classes),
    )


def _rows(y: NDArray, places: tuple) -> NDArray:
    """Return labels by rows: those of an example, or of each of its places."""
    given = y.shape[1:]
    if places and len(given) == len(places) + 1:
        return y.reshape(-1, given[-1])
    pairs = zip(given, places, strict=False)
    if places and len(given) == len(places) and all(want in (None, size) for size, want in pairs):
        return y.reshape(-1, 1)
    return y.reshape(len(y), -1)


def _several(flat: NDArray) -> float:
    if flat.shape[1] == 1 or not ((flat == 0) | (flat == 1)).all():
        return 0.0
    return float((flat.sum(axis=1) > 1).mean())


def _classes(flat: NDArray, one_hot: bool, whole: bool, loss: str) -> NDArray | None:
    if one_hot:
        return flat.argmax(axis=1)
    if flat.shape[1] > 1 or not whole:
        return None
    values, classes = np.unique(flat, return_inverse=True)
    return classes.ravel() if loss in CROSS_ENTROPIES or len(values) <= _FEW else None


def _guessing(flat: NDArray, loss: str, classes: NDArray | None) -> float:
    if loss in ("sparse_categorical_crossentropy", "categorical_crossentropy"):
        return _entropy(classes) if classes is not None else np.nan
    if loss == "binary_crossentropy":
        share = np.clip(flat.mean(axis=0), 1e-7, 1 - 1e-7)
        return float(-(share * np.log(share) + (1 - share) * np.log(1 - share)).mean())
    if loss == "mean_squared_error":
        return float(flat.var(axis=0).mean())
    if loss == "mean_absolute_error":
        return float(np.abs(flat - np.median(flat, axis=0)).mean())
    return np.nan


def _entropy(classes: NDArray) -> float:
    shares = np.unique(classes, return_counts=True)[1] / len(classes)
    return float(-(shares * np.log(shares)).sum())

"""The `Dataset` record."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Examples with a class, or a number to be predicted, for each.

    Raises ``ValueError`` if the shapes disagree, the data are empty or not finite, or a class has
    no name.

    Attributes
    ----------
    name : str
        Short name, used in captions.
    X : array of shape (n_examples, n_features)
        Features, read-only float64.
    y : array of shape (n_examples,)
        Class index of each example, 0 to n_classes - 1, read-only int64; without classes a number
        to be predicted, read-only float64.
    feature_names, class_names : tuple of str
        One name per column of `X` and per class; no class names if `y` holds numbers.
    source : str
        Where the data come from.
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[np.int64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        X, y = np.array(self.X, dtype=np.float64), np.asarray(self.y)
        if X.ndim != 2 or X.size == 0:
            raise ValueError(f"X must be a non-empty (n_examples, n_features) array, got {X.shape}")
        if not np.isfinite(X).all():
            raise ValueError("X holds NaN or infinite values; every feature must be finite")
        if y.shape != X.shape[:1]:
            raise ValueError(f"y must have shape {X.shape[:1]} to match X, got {y.shape}")
        if len(self.feature_names) != X.shape[1]:
            raise ValueError(
                f"feature_names must name {X.shape[1]} columns, got {len(self.feature_names)}"
            )
        y = self._checked_classes(y) if self.class_names else _checked_numbers(y)
        for name, array in (("X", X), ("y", y)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def _checked_classes(self, y: NDArray) -> NDArray[np.int64]:
        known = len(self.class_names)
        if not np.isin(y, np.arange(known)).all():
            raise ValueError(f"y must hold class indices 0 to {known - 1}, got {np.unique(y)}")
        return y.astype(np.int64)

    @property
    def n_examples(self) -> int:
        """Number of rows."""
        return len(self.X)

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return self.X.shape[1]

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @property
    def majority_share(self) -> float:
        """Accuracy of always answering the most frequent class (share); NaN without classes."""
        if not self.class_names:
            return float("nan")
        return float(np.bincount(self.y).max() / self.n_examples)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if not self.class_names:
            return f"{self.name}: {self.n_examples} examples"
        counts = zip(np.bincount(self.y), self.class_names, strict=False)
        sizes = ", ".join(f"{count} {name}" for count, name in counts)
        return f"{self.name}: {self.n_examples} examples ({sizes})"

    def __repr__(self) -> str:
        return (
            f"Dataset({self.name}: {self.n_examples} examples, "
            f"{self.n_features} features, {self.n_classes} classes)"
        )


def _checked_numbers(y: NDArray) -> NDArray[np.float64]:
    if y.dtype.kind not in "iuf" or not np.isfinite(y).all():
        raise ValueError("y must hold finite numbers where there are no class_names")
    return y.astype(np.float64)

"""The `Dataset` record, and how to move, stretch and split one."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import (
    as_floats,
    check_between,
    check_finite,
    check_kind,
    check_whole,
    generator,
)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Examples with a class each, and where they come from.

    Attributes
    ----------
    name : str
        Short name, used in captions.
    X : array of shape (n_examples, n_features)
        Features, read-only float64.
    y : array of shape (n_examples,)
        Class index of each example, read-only int64, 0 to n_classes - 1; without classes a number
        to be predicted, read-only float64.
    feature_names, class_names : tuple of str
        One name per column of `X` and per class; no class for numbers to be predicted.
    source : str
        Where the data come from.

    Raises
    ------
    ValueError
        If the shapes disagree, the data are empty or hold a value that is not finite.
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


def shift(dataset: Dataset, by: ArrayLike) -> Dataset:
    """Add `by` (a number, or one per feature) to every example.

    Raises
    ------
    ValueError
        If `by` is not finite or does not fit the number of features.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.shift(datasets.load_circles(), 9)
    Dataset(circles shifted by 9: 166 examples, 2 features, 2 classes)
    """
    check_kind(Dataset, dataset=dataset)
    offset = _per_feature(by, dataset)
    return replace(dataset, X=dataset.X + offset, name=f"{dataset.name} shifted by {_text(offset)}")


def rescale(dataset: Dataset, by: ArrayLike) -> Dataset:
    """Multiply every example by `by` (a positive number, or one per feature).

    Raises
    ------
    ValueError
        If `by` is not positive and finite or does not fit the number of features.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.rescale(datasets.load_circles(), 2)
    Dataset(circles scaled by 2: 166 examples, 2 features, 2 classes)
    """
    check_kind(Dataset, dataset=dataset)
    scale = _per_feature(by, dataset)
    if not (scale > 0).all():
        raise ValueError(f"by must be positive, got {by}")
    return replace(dataset, X=dataset.X * scale, name=f"{dataset.name} scaled by {_text(scale)}")


def standardize(train: Dataset, *others: Dataset) -> tuple[Dataset, ...]:
    """Give every feature mean 0 and standard deviation 1, measured on `train` alone.

    Returns `train` and the others, all moved and divided by the same numbers.

    Raises
    ------
    ValueError
        If a feature of `train` is constant or another data set has other features.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.standardize(datasets.load_circles())[0].X.std(axis=0)
    array([1., 1.])
    """
    for each in (train, *others):
        check_kind(Dataset, train=each)
    mean, std = train.X.mean(axis=0), train.X.std(axis=0)
    # Rounding gives a constant feature a tiny standard deviation, but no range.
    constant = [train.feature_names[i] for i in np.flatnonzero(np.ptp(train.X, axis=0) == 0)]
    if constant:
        raise ValueError(f"train must vary in every feature, got constant {', '.join(constant)}")
    for other in others:
        if other.n_features != train.n_features:
            raise ValueError(
                f"others must have {train.n_features} features like train, got {other.n_features}"
            )
    return tuple(
        replace(part, X=(part.X - mean) / std, name=f"{part.name}, standardized")
        for part in (train, *others)
    )


def split(dataset: Dataset, *, test_share: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Split into training and test examples at random.

    Raises
    ------
    ValueError
        If `test_share` leaves one of the two sides empty.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> [part.n_examples for part in datasets.split(datasets.load_circles(), test_share=0.25)]
    [124, 42]
    """
    check_kind(Dataset, dataset=dataset)
    check_finite(test_share=test_share)
    n_test = round(test_share * dataset.n_examples) if 0 < test_share < 1 else 0
    if not 0 < n_test < dataset.n_examples:
        raise ValueError(f"test_share must leave examples on both sides, got {test_share}")
    order = generator(seed).permutation(dataset.n_examples)
    return _rows(dataset, order[n_test:], "train"), _rows(dataset, order[:n_test], "test")


def take(dataset: Dataset, n_examples: int) -> Dataset:
    """Keep the first examples.

    Raises
    ------
    ValueError
        If `n_examples` is below 1 or more than there are.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.take(datasets.load_circles(), 10).n_examples
    10
    """
    check_kind(Dataset, dataset=dataset)
    check_whole(n_examples=n_examples)
    check_between(1, dataset.n_examples, n_examples=n_examples)
    return _rows(dataset, np.arange(n_examples), f"first {n_examples}")


def drop_constant_features(dataset: Dataset) -> Dataset:
    """Keep the features that vary, such as the pixels of an image that are not always blank.

    Raises
    ------
    ValueError
        If no feature varies.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.drop_constant_features(datasets.load_digits()).n_features
    61
    """
    check_kind(Dataset, dataset=dataset)
    varying = np.flatnonzero(np.ptp(dataset.X, axis=0) > 0)
    if not len(varying):
        raise ValueError("dataset must have a feature that varies, got only constant ones")
    names = tuple(dataset.feature_names[i] for i in varying)
    return replace(dataset, X=dataset.X[:, varying], feature_names=names)


def _rows(dataset: Dataset, rows: NDArray[np.int64], part: str) -> Dataset:
    return replace(dataset, X=dataset.X[rows], y=dataset.y[rows], name=f"{dataset.name}, {part}")


def _per_feature(by: ArrayLike, dataset: Dataset) -> NDArray[np.float64]:
    values = as_floats("by", by)
    if values.shape not in ((), (dataset.n_features,)):
        raise ValueError(
            f"by must be one number or {dataset.n_features} (one per feature), "
            f"got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError(f"by must be finite, got {by}")
    return values


def _text(values: NDArray[np.float64]) -> str:
    return f"{values:g}" if values.ndim == 0 else "one value per feature"

"""Data sets moved, stretched, split, cut and mislabelled."""

from dataclasses import replace

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
from nnhelpers.datasets.record import Dataset


def shift(dataset: Dataset, by: ArrayLike) -> Dataset:
    """Add `by` (a number, or one per feature) to every example.

    Raises ``ValueError`` if `by` is not finite or does not fit the number of features.

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

    Raises ``ValueError`` if `by` is not positive and finite or does not fit the number of features.

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

    Returns `train` and the others, all shifted and scaled by the same numbers. Raises
    ``ValueError`` if a feature of `train` is constant or the numbers of features differ.

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

    Raises ``ValueError`` if `test_share` leaves either of them empty.

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
    """Keep the first `n_examples` examples; raise ``ValueError`` if there are fewer.

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
    """Drop features that never vary, such as blank pixels; raise ``ValueError`` if none varies.

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


def mislabel(dataset: Dataset, *, share: float, seed: int = 0) -> Dataset:
    """Redraw each label at random with probability `share`.

    The new label may be the right one: with ten classes every tenth is. Raises ``ValueError`` if
    `share` is outside [0, 1] or the data set has no classes.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> digits = datasets.load_digits()
    >>> wrong = datasets.mislabel(digits, share=0.2, seed=0)
    >>> print(f"{(wrong.y != digits.y).mean():.2f}")
    0.18
    """
    check_kind(Dataset, dataset=dataset)
    check_between(0, 1, share=share)
    if not dataset.class_names:
        raise ValueError(f"dataset must have classes, got {dataset.name} without")
    rng = generator(seed)
    hit = rng.random(dataset.n_examples) < share
    drawn = rng.integers(0, dataset.n_classes, dataset.n_examples)
    name = f"{dataset.name}, {share:.0%} mislabelled"
    return replace(dataset, y=np.where(hit, drawn, dataset.y), name=name)


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

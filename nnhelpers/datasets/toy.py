"""Toy data, drawn at random."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import (
    check_finite,
    check_not_negative,
    check_positive,
    check_whole,
    generator,
)
from nnhelpers.datasets.record import Dataset

CIRCLES = ("inner disc", "outer ring")


def make_circles(n_examples: int = 200, *, seed: int = 1) -> Dataset:
    """Draw the articles' disc inside a ring, with an empty gap between them.

    Points are drawn from N(0, 1) in two dimensions, and those with 1 <= r^2 <= 1.5 dropped, which
    leaves 166 of 200 for seed 1, the articles' data. Raises ``ValueError`` if `n_examples` is below
    10.

    References
    ----------
    L. Galletti, "Tuning Neural Networks, Part I: Normalize your data", worksheet.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.make_circles()
    Dataset(circles: 166 examples, 2 features, 2 classes)
    """
    check_whole(least=10, n_examples=n_examples)
    from sklearn.datasets import make_blobs  # takes a second to import, and only this needs it

    check_whole(least=0, seed=seed)
    X, _ = make_blobs(n_samples=n_examples, centers=[[0, 0]], cluster_std=1, random_state=seed)
    squared_radius = (X**2).sum(axis=1)
    X = X[(squared_radius < 1) | (squared_radius > 1.5)]
    source = f"make_blobs(random_state={seed}) without a ring"
    return plane_dataset(
        X, y=(X**2).sum(axis=1) >= 1, name="circles", class_names=CIRCLES, source=source
    )


def make_square(
    n_examples: int = 500, *, center: float = 0.0, width: float = 2.0, seed: int = 0
) -> Dataset:
    """Draw points uniformly from a square; class 1 lies outside a circle of half the square's area.

    Each feature is uniform on [center - width/2, center + width/2]. Raises ``ValueError`` if
    `n_examples` is below 1, `width` is not positive or `center` is not finite.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.make_square(center=10)
    Dataset(square at 10: 500 examples, 2 features, 2 classes)
    """
    check_whole(n_examples=n_examples)
    check_positive(width=width)
    check_finite(center=center)
    around_zero = generator(seed).uniform(-width / 2, width / 2, size=(n_examples, 2))
    outside = (around_zero**2).sum(axis=1) >= width**2 / (2 * np.pi)
    return plane_dataset(
        around_zero + center,
        y=outside,
        name=f"square at {center:g}",
        class_names=("inside", "outside"),
        source=f"uniform draw, seed {seed}",
    )


def make_rings(n_examples: int = 1_000, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Draw a ring of radius 1/2 (class 1) inside a ring of radius 1 (class 0), half of it on each.

    Both coordinates get normal noise of standard deviation `noise`. The data are modelled on K.
    Perry, "Impediments to learning", lecture notebook. Raises ``ValueError`` if `n_examples` is
    below 2 or `noise` is negative.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.make_rings()
    Dataset(rings: 1000 examples, 2 features, 2 classes)
    """
    check_whole(least=2, n_examples=n_examples)
    check_not_negative(noise=noise)
    rng = generator(seed)
    y = np.arange(n_examples) % 2
    angle = rng.uniform(0, 2 * np.pi, size=n_examples)
    around = np.stack([np.cos(angle), np.sin(angle)], axis=1) / (1 + y[:, np.newaxis])
    return plane_dataset(
        around + noise * rng.normal(size=around.shape),
        y=y,
        name="rings",
        class_names=("outer ring", "inner ring"),
        source=f"uniform angles, seed {seed}",
    )


def plane_dataset(
    X: NDArray, *, y: NDArray, name: str, class_names: tuple[str, str], source: str
) -> Dataset:
    """Make a data set of points in a plane, with features x₁ and x₂.

    Examples
    --------
    >>> settings = {"name": "dot", "class_names": ("a", "b"), "source": "here"}
    >>> plane_dataset(np.zeros((1, 2)), y=np.zeros(1), **settings)
    Dataset(dot: 1 examples, 2 features, 2 classes)
    """
    names = {"feature_names": ("x₁", "x₂"), "class_names": class_names}
    return Dataset(name=name, X=X, y=y, source=source, **names)

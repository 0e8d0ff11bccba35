"""Toy and file data sets; every function returns a `Dataset`.

The files live in the repository's ``data`` folder, whose README tells where each comes from.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

DATA_FOLDER = Path(__file__).resolve().parent.parent / "data"


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
        Class index of each example, read-only int64, 0 to n_classes - 1.
    feature_names, class_names : tuple of str
        One name per column of `X` and per class.
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
        if not np.isin(y, np.arange(len(self.class_names))).all():
            known = len(self.class_names)
            raise ValueError(f"y must hold class indices 0 to {known - 1}, got {np.unique(y)}")
        if len(self.feature_names) != X.shape[1]:
            raise ValueError(
                f"feature_names must name {X.shape[1]} columns, got {len(self.feature_names)}"
            )
        y = y.astype(np.int64)
        X.setflags(write=False)
        y.setflags(write=False)
        object.__setattr__(self, "X", X)
        object.__setattr__(self, "y", y)

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
        """Accuracy of always answering the most frequent class (share)."""
        return float(np.bincount(self.y).max() / self.n_examples)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        sizes = ", ".join(
            f"{count} {name}"
            for count, name in zip(np.bincount(self.y), self.class_names, strict=False)
        )
        return f"{self.name}: {self.n_examples} examples ({sizes})"

    def __repr__(self) -> str:
        return (
            f"Dataset({self.name}: {self.n_examples} examples, "
            f"{self.n_features} features, {self.n_classes} classes)"
        )


def shift(dataset: Dataset, by: ArrayLike) -> Dataset:
    """Add `by` (a number, or one per feature) to every example.

    Raises
    ------
    ValueError
        If `by` is not finite or does not fit the number of features.
    """
    offset = _per_feature(by, dataset, "by")
    return replace(dataset, X=dataset.X + offset, name=f"{dataset.name} shifted by {_text(offset)}")


def rescale(dataset: Dataset, by: ArrayLike) -> Dataset:
    """Multiply every example by `by` (a positive number, or one per feature).

    Raises
    ------
    ValueError
        If `by` is not positive and finite or does not fit the number of features.
    """
    scale = _per_feature(by, dataset, "by")
    if not (scale > 0).all():
        raise ValueError(f"by must be positive, got {by}")
    return replace(dataset, X=dataset.X * scale, name=f"{dataset.name} scaled by {_text(scale)}")


def split(dataset: Dataset, *, test_share: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Split into training and test examples at random.

    Raises
    ------
    ValueError
        If `test_share` leaves one of the two sides empty.
    """
    n_test = round(test_share * dataset.n_examples)
    if not 0 < n_test < dataset.n_examples:
        raise ValueError(f"test_share must leave examples on both sides, got {test_share}")
    order = np.random.default_rng(seed).permutation(dataset.n_examples)
    return _rows(dataset, order[n_test:], "train"), _rows(dataset, order[:n_test], "test")


def make_circles(n_examples: int = 200, *, seed: int = 1) -> Dataset:
    """Draw the articles' disc inside a ring, with an empty gap between them.

    Points are drawn from N(0, 1) in two dimensions; those with 1 <= r^2 <= 1.5 are dropped, so
    fewer than `n_examples` remain (166 of 200 for seed 1, the articles' data).

    Raises
    ------
    ValueError
        If `n_examples` is below 10.

    References
    ----------
    L. Galletti, "Tuning Neural Networks, Part I: Normalize your data", worksheet.
    """
    _at_least(n_examples, 10, "n_examples")
    from sklearn.datasets import make_blobs  # takes a second to import, and only this needs it

    X, _ = make_blobs(n_samples=n_examples, centers=[[0, 0]], cluster_std=1, random_state=seed)
    squared_radius = (X**2).sum(axis=1)
    X = X[(squared_radius < 1) | (squared_radius > 1.5)]
    return _circles(X, (X**2).sum(axis=1) >= 1, f"make_blobs(random_state={seed}) without a ring")


def make_square(
    n_examples: int = 500, *, center: float = 0.0, width: float = 2.0, seed: int = 0
) -> Dataset:
    """Draw points evenly from a square, class 1 outside the circle of area half the square's.

    Each feature is uniform on [center - width/2, center + width/2].

    Raises
    ------
    ValueError
        If `n_examples` is below 1, `width` not positive or `center` not finite.
    """
    _at_least(n_examples, 1, "n_examples")
    if not (np.isfinite(width) and width > 0):
        raise ValueError(f"width must be positive and finite, got {width}")
    if not np.isfinite(center):
        raise ValueError(f"center must be finite, got {center}")
    around_zero = np.random.default_rng(seed).uniform(-width / 2, width / 2, size=(n_examples, 2))
    outside = (around_zero**2).sum(axis=1) >= width**2 / (2 * np.pi)
    return Dataset(
        name=f"square at {center:g}",
        X=around_zero + center,
        y=outside,
        feature_names=("x₀", "x₁"),
        class_names=("inside", "outside"),
        source=f"uniform draw, seed {seed}",
    )


def load_circles() -> Dataset:
    """Load the articles' 166 points (`make_circles()` with its defaults).

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is missing or was altered.
    """
    table = _load_table("circles.csv")
    return _circles(table[:, :2], table[:, 2], "data/circles.csv")


def load_classification() -> Dataset:
    """Load S2's problem: 1,000 examples, 20 features, two classes.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is missing or was altered.
    """
    table = _load_table("classification.csv")
    return Dataset(
        name="classification",
        X=table[:, :-1],
        y=table[:, -1],
        feature_names=tuple(f"x{i}" for i in range(table.shape[1] - 1)),
        class_names=("0", "1"),
        source="data/classification.csv",
    )


def load_digits() -> Dataset:
    """Load 1,797 handwritten digits of 8 x 8 pixels, grey values 0 to 16.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is missing or was altered.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998.
    https://doi.org/10.24432/C50P49
    """
    table = _load_table("digits.csv")
    return _digits(table[:, :-1], table[:, -1], "digits", "data/digits.csv")


def load_mnist() -> Dataset:
    """Load MNIST's 60,000 training digits (28 x 28, grey values 0 to 255) through Keras.

    Where the network does not allow the download, a line says so and the 8 x 8 digits come back.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998.
    """
    from nnhelpers import startup

    startup.prefer_portable_arithmetic()
    with startup.quiet_stderr():
        import keras
    try:
        (images, labels), _ = keras.datasets.mnist.load_data()
    except Exception as reason:  # Keras wraps every failure of a download in a bare Exception
        print(f"MNIST is not at hand ({type(reason).__name__}); the 8 x 8 digits take its place.")
        return load_digits()
    return _digits(images.reshape(len(images), -1), labels, "MNIST", "keras.datasets.mnist")


DATASETS: dict[str, Callable[[], Dataset]] = {
    "circles": load_circles,
    "classification": load_classification,
    "digits": load_digits,
    "mnist": load_mnist,
    "square": make_square,
}


def _circles(X: NDArray, y: NDArray, source: str) -> Dataset:
    return Dataset(
        name="circles",
        X=X,
        y=y,
        feature_names=("x₀", "x₁"),
        class_names=("inner disc", "outer ring"),
        source=source,
    )


def _digits(pixels: NDArray, labels: NDArray, name: str, source: str) -> Dataset:
    return Dataset(
        name=name,
        X=pixels,
        y=labels,
        feature_names=tuple(f"pixel {i}" for i in range(pixels.shape[1])),
        class_names=tuple("0123456789"),
        source=source,
    )


def _load_table(name: str) -> NDArray[np.float64]:
    path = DATA_FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(f"data file {name} is missing; data/make_data.py makes it anew")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _expected_checksums().get(name):
        raise ValueError(
            f"data file {name} differs from its sha256 in data/checksums.sha256; "
            "data/make_data.py makes it anew"
        )
    return np.loadtxt(content.decode().splitlines(), delimiter=",", skiprows=1)


def _expected_checksums() -> dict[str, str]:
    path = DATA_FOLDER / "checksums.sha256"
    if not path.is_file():
        raise FileNotFoundError("data file checksums.sha256 is missing; data/make_data.py makes it")
    pairs = (line.split() for line in path.read_text().splitlines())
    return {name: digest for digest, name in pairs}


def _rows(dataset: Dataset, rows: NDArray[np.int64], part: str) -> Dataset:
    return replace(dataset, X=dataset.X[rows], y=dataset.y[rows], name=f"{dataset.name}, {part}")


def _per_feature(by: ArrayLike, dataset: Dataset, argument: str) -> NDArray[np.float64]:
    values = np.asarray(by, dtype=np.float64)
    if values.shape not in ((), (dataset.n_features,)):
        raise ValueError(
            f"{argument} must be one number or {dataset.n_features} (one per feature), "
            f"got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError(f"{argument} must be finite, got {by}")
    return values


def _text(values: NDArray[np.float64]) -> str:
    return f"{values:g}" if values.ndim == 0 else "one value per feature"


def _at_least(value: int, lowest: int, argument: str) -> None:
    if value < lowest:
        raise ValueError(f"{argument} must be at least {lowest}, got {value}")

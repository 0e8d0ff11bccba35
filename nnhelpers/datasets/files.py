"""Data sets from files; the README of the ``data`` folder says where each comes from."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnhelpers import startup
from nnhelpers.datasets.record import Dataset
from nnhelpers.datasets.toy import CIRCLES, plane_dataset

_PACKAGE = Path(__file__).resolve().parents[1]
# Beside the package in a checkout, inside it when installed from a wheel.
_INSTALLED = _PACKAGE / "data"
DATA_FOLDER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "data"
_REMEDY = "install the package again, or run data/make_data.py in a checkout"


def load_circles() -> Dataset:
    """Load the articles' 166 points (`make_circles()` with its defaults).

    Raises ``FileNotFoundError`` if the file is missing, ``ValueError`` if it was altered.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.load_circles()
    Dataset(circles: 166 examples, 2 features, 2 classes)
    """
    X, y, source = _load("circles")
    return plane_dataset(X, y=y, name="circles", class_names=CIRCLES, source=source)


def load_classification() -> Dataset:
    """Load 1,000 examples of two classes with 20 features. Raises as `load_circles`.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.load_classification()
    Dataset(classification: 1000 examples, 20 features, 2 classes)
    """
    return _numbered("classification", *_load("classification"), feature="x")


def load_digits() -> Dataset:
    """Load 1,797 handwritten digits of 8 x 8 pixels, grey values 0 to 16.

    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998,
    https://doi.org/10.24432/C50P49. Raises as `load_circles`.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.load_digits()
    Dataset(digits: 1797 examples, 64 features, 10 classes)
    """
    return _numbered("digits", *_load("digits"), feature="pixel ")


def load_wine() -> Dataset:
    """Load scikit-learn's 178 wines of three growers, with 13 measurements each.

    The measurements have means from 0.36 to 747, and standard deviations from 0.12 to 314.

    References
    ----------
    S. Aeberhard and M. Forina, "Wine", UCI, 1992. https://doi.org/10.24432/C5PC7J

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> datasets.load_wine()
    Dataset(wine: 178 examples, 13 features, 3 classes)
    """
    from sklearn import datasets  # takes a second to import, and only this needs it

    wine = datasets.load_wine()
    return Dataset(
        name="wine",
        X=wine.data,
        y=wine.target,
        feature_names=tuple(wine.feature_names),
        class_names=tuple(wine.target_names),
        source="scikit-learn",
    )


def load_mnist() -> Dataset:
    """Load MNIST's 60,000 training digits (28 x 28, grey values 0 to 255) through Keras.

    If the download fails, prints a line that says so and returns the 8 x 8 digits.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> digits = datasets.load_mnist()  # doctest: +SKIP
    """
    startup.prefer_portable_arithmetic()
    with startup.quiet_stderr():
        import keras
    try:
        (images, labels), _ = keras.datasets.mnist.load_data()
    except Exception as reason:  # Keras wraps every failure of a download in a bare Exception
        print(f"MNIST is not at hand ({type(reason).__name__}); the 8 x 8 digits take its place.")
        return load_digits()
    pixels = images.reshape(len(images), -1)
    return _numbered("MNIST", pixels, labels, "keras.datasets.mnist", feature="pixel ")


def _numbered(name: str, X: NDArray, y: NDArray, source: str, *, feature: str) -> Dataset:
    """Name features and classes by their numbers."""
    features = tuple(f"{feature}{i}" for i in range(X.shape[1]))
    classes = tuple(str(i) for i in range(int(y.max()) + 1))
    return Dataset(name=name, X=X, y=y, feature_names=features, class_names=classes, source=source)


def _load(dataset: str) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    """Return a data set's features, its classes (the last column) and its source."""
    name = f"{dataset}.csv"
    path = DATA_FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(f"data file {name} is missing: {_REMEDY}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _expected_checksums().get(name):
        raise ValueError(
            f"data file {name} differs from its sha256 in data/checksums.sha256: {_REMEDY}"
        )
    table = np.loadtxt(content.decode().splitlines(), delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1], f"data/{name}"


def _expected_checksums() -> dict[str, str]:
    path = DATA_FOLDER / "checksums.sha256"
    if not path.is_file():
        raise FileNotFoundError(f"data file checksums.sha256 is missing: {_REMEDY}")
    pairs = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in pairs}

"""Toy and file data sets; every function returns a `Dataset`."""

from collections.abc import Callable

from nnhelpers.datasets.changes import (
    drop_constant_features,
    rescale,
    shift,
    split,
    standardize,
    take,
)
from nnhelpers.datasets.files import (
    load_circles,
    load_classification,
    load_digits,
    load_mnist,
    load_wine,
)
from nnhelpers.datasets.record import Dataset
from nnhelpers.datasets.toy import make_circles, make_rings, make_square

DATASETS: dict[str, Callable[[], Dataset]] = {
    "circles": load_circles,
    "classification": load_classification,
    "digits": load_digits,
    "mnist": load_mnist,
    "rings": make_rings,
    "square": make_square,
    "wine": load_wine,
}

"""Data sets, drawn at random or read from files, and changes to them."""

from nnhelpers.datasets.changes import (
    drop_constant_features,
    mislabel,
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

"""Weight draws in NumPy under Keras's names, for thousands of networks at a time.

Each record takes the arguments of the Keras initializer of the same name; the random numbers are
NumPy's, so a draw agrees with Keras in distribution, not number by number.
"""

from nnhelpers.initializers.finding import INITIALIZERS, find_initializer, from_config, seed_of
from nnhelpers.initializers.independent import (
    TRUNCATED_STD,
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    constant_with_noise,
)
from nnhelpers.initializers.protocol import Initializer
from nnhelpers.initializers.structured import Identity, Orthogonal
from nnhelpers.initializers.words import describe_initializer

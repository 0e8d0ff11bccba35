"""Weight draws in NumPy under Keras's names, for thousands of networks at a time.

Each record takes the arguments of the Keras initializer of the same name; the random numbers are
NumPy's, so a draw agrees with Keras in distribution, not number by number.
"""

from nnhelpers.initializers.fans import compute_fans
from nnhelpers.initializers.finding import find_initializer, from_config, seed_of
from nnhelpers.initializers.identity import Identity
from nnhelpers.initializers.independent import (
    TRUNCATED_STD,
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
)
from nnhelpers.initializers.names import INITIALIZERS
from nnhelpers.initializers.orthogonal import Orthogonal
from nnhelpers.initializers.protocol import Initializer
from nnhelpers.initializers.scaling import VarianceScaling
from nnhelpers.initializers.starts import constant_with_noise
from nnhelpers.initializers.words import describe_initializer

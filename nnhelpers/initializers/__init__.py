"""Weight draws in NumPy under Keras's names, for thousands of networks at a time.

Each record takes the arguments of the Keras initializer of the same name; the random numbers are
NumPy's, so a draw agrees with Keras in distribution only.
"""

from nnhelpers.initializers.finding import (
    INITIALIZERS,
    constant_with_noise,
    describe_initializer,
    find_initializer,
    from_config,
    seed_of,
)
from nnhelpers.initializers.records import (
    TRUNCATED_STD,
    Constant,
    Identity,
    Initializer,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)

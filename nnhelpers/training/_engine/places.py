"""Names of what the compiled loop is told: columns of its tables and places in its memory."""

from nnhelpers.activations import ACTIVATIONS

# Numbers that are computed side by side.
LANES = 16
# Numbers of the activation functions.
KINDS = {name: kind for kind, name in enumerate(ACTIVATIONS)}

# A layer's row in the table of layers: sizes and kinds, then places in memory.
(
    FAN_IN,
    UNITS,
    KIND,  # of activation; see `KINDS`
    NORM,  # one of NOWHERE, BEFORE, BEHIND
    DROPS,  # whether dropout stands behind it
    FIRST_UNIT,  # number of its first unit in the whole network
    KERNEL,
    BIAS,
    GAMMA,
    BETA,
    MEAN,
    VARIANCE,
    MOMENTS,  # means, variances and inverse deviations of the batch
    OUTPUT,  # what leaves it
    SLOPE,
    BACK,  # gradient of what its kernel and bias make
    STANDARD,  # standardized values inside batch norm
    MASK,
) = range(18)
LAYER_COLUMNS = 18
NOWHERE, BEFORE, BEHIND = range(3)

# What is one for the whole network.
(
    N_EXAMPLES,
    N_PADDED,
    N_FEATURES,
    BATCH_SIZE,
    COLUMNS,  # most examples at a time, padded
    LOSS,
    RULE,
    NESTEROV,
    PENALTIES,  # whether kernels are penalized
    N_LEARNED,  # numbers that gradients move, padded
    N_KEPT,  # those and the moving moments
    MEMORY,  # numbers in all
    ZERO,
    PARAMETERS,
    GRADIENTS,
    SLOTS,
    HIDDEN_KERNELS,  # 1 at each weight of a hidden kernel, else 0
    SEEN,  # the examples as this network sees them
    GATHERED,  # a batch of them
    PRESENT,
    WEIGHT,
    TARGET,
    BATCH_PRESENT,
    BATCH_WEIGHT,
    BATCH_TARGET,
    SCRATCH,
    SUMS,
) = range(27)
NETWORK_ENTRIES = 27

BINARY, CATEGORICAL, SQUARED = range(3)
SGD, RMSPROP, ADAM = range(3)

# Constants in float32.
(FIRST, SECOND, THIRD, DECAY, MOMENTUM, EPSILON, MAX_NORM) = range(7)
CONSTANTS = 7

# What differs from member to member, in float32.
(OFFSET, SCALE, RATE, L1, L2) = range(5)

"""Many random draws of untrained networks, counted.

NumPy alone, so that the first sliders start at once.
"""

from nnhelpers.simulations.batch_norm.dropout import (
    LayerShift,
    VarianceShift,
    simulate_layer_shift,
    simulate_variance_shift,
)
from nnhelpers.simulations.batch_norm.moving import (
    MomentumErrors,
    MovingStatistics,
    UnitStream,
    simulate_moving_statistics,
)
from nnhelpers.simulations.batch_norm.one_batch import (
    BatchNoise,
    NormalizedBatch,
    simulate_batch_noise,
    simulate_batch_norm,
)
from nnhelpers.simulations.descent.bowl import DescentPath, simulate_descent
from nnhelpers.simulations.descent.moments import (
    CovariateShift,
    Landscape,
    measure_covariate_shift,
    measure_landscape,
)
from nnhelpers.simulations.descent.same_sign import simulate_same_sign
from nnhelpers.simulations.descent.scale_invariance import (
    DecayRuns,
    ScaleInvariance,
    WeightDecay,
    simulate_scale_invariance,
    simulate_weight_decay,
)
from nnhelpers.simulations.layers.born_dead import Architecture, BornDead, simulate_born_dead
from nnhelpers.simulations.layers.by_layer import ByLayer
from nnhelpers.simulations.layers.gradient_growth import (
    GradientGrowth,
    LayerGradients,
    simulate_gradient_growth,
)
from nnhelpers.simulations.layers.offsets import (
    DepthOffset,
    LayerOffset,
    simulate_depth_offset,
)
from nnhelpers.simulations.layers.outputs import LayerOutputs, simulate_layers
from nnhelpers.simulations.layers.residual import ResidualVariances, simulate_residual
from nnhelpers.simulations.layers.signals import DepthSignal, simulate_depth
from nnhelpers.simulations.layers.starts import Starts, scale_layers, simulate_starts
from nnhelpers.simulations.layers.variances import LayerVariances, simulate_variances
from nnhelpers.simulations.units.active import (
    NORMAL,
    UNIFORM,
    ActiveCount,
    ActiveFraction,
    Overlap,
    simulate_active_count,
    simulate_active_fraction,
    simulate_overlap,
)
from nnhelpers.simulations.units.cloud import UNIT_DISTRIBUTIONS, Cloud, UnitBatch
from nnhelpers.simulations.units.dot_product import DenseLayer, DotProduct, simulate_dot_product
from nnhelpers.simulations.units.saturation import (
    InitialLoss,
    Slopes,
    initial_loss_curve,
    simulate_initial_loss,
    simulate_slopes,
)

"""Simulations over many random draws, with NumPy alone, so that the first sliders start at once."""

from nnhelpers.simulations.batch_norm.dropout import (
    LayerShift,
    VarianceShift,
    simulate_layer_shift,
    simulate_variance_shift,
)
from nnhelpers.simulations.batch_norm.moments import (
    CovariateShift,
    Landscape,
    measure_covariate_shift,
    measure_landscape,
)
from nnhelpers.simulations.batch_norm.moving import MovingStatistics, simulate_moving_statistics
from nnhelpers.simulations.batch_norm.one_batch import (
    BatchNoise,
    NormalizedBatch,
    simulate_batch_noise,
    simulate_batch_norm,
)
from nnhelpers.simulations.batch_norm.scale_invariance import (
    ScaleInvariance,
    WeightDecay,
    simulate_scale_invariance,
    simulate_weight_decay,
)
from nnhelpers.simulations.layers.by_layer import ByLayer
from nnhelpers.simulations.layers.offsets import DepthOffset, LayerOffset, simulate_depth_offset
from nnhelpers.simulations.layers.outputs import (
    LayerOutputs,
    initial_loss_curve,
    simulate_initial_loss,
    simulate_layers,
)
from nnhelpers.simulations.layers.residual import ResidualVariances, simulate_residual
from nnhelpers.simulations.layers.signals import (
    DepthSignal,
    GradientGrowth,
    simulate_depth,
    simulate_gradient_growth,
)
from nnhelpers.simulations.layers.starts import (
    Architecture,
    BornDead,
    Starts,
    simulate_born_dead,
    simulate_starts,
)
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
from nnhelpers.simulations.units.cloud import UNIT_DISTRIBUTIONS, Cloud, UnitBatch, UnitStream
from nnhelpers.simulations.units.descent import DescentPath, simulate_descent, simulate_same_sign
from nnhelpers.simulations.units.pre_activations import (
    DenseLayer,
    DotProduct,
    Slopes,
    simulate_dot_product,
    simulate_slopes,
)

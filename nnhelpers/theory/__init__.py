"""Closed forms with their derivations, which figures draw over simulations and tests compare."""

from nnhelpers.theory.batch_norm import (
    batch_noise_variance,
    growing_rate,
    normalized_moments,
)
from nnhelpers.theory.dot_products import (
    dot_product_variance,
    same_sign_share,
    saturated_share,
)
from nnhelpers.theory.gains import (
    activation_variance,
    error_variances,
    expected_activation,
    preserving_gain,
    residual_variances,
)
from nnhelpers.theory.gradient_growth import normalized_gradient_growth
from nnhelpers.theory.layers import (
    correlation_length,
    expected_square,
    layer_correlations,
    layer_variances,
)
from nnhelpers.theory.moving_statistics import (
    drift_lag,
    expected_moving_mean,
    expected_moving_variance,
    moving_mean_noise,
    moving_variance_noise,
    start_share,
)
from nnhelpers.theory.normal import expected_slope, expected_square_slope
from nnhelpers.theory.offsets import (
    above_mean_pmf,
    active_examples_pmf,
    born_dead_bounds,
    equivalent_offset,
)
from nnhelpers.theory.units import (
    active_count_pmf,
    active_fraction_cdf,
    active_fraction_cdf_normal,
    dead_share,
    linear_network_share,
    overlap_cdf,
    overlap_std,
    splitting_share,
    splitting_slopes,
)
from nnhelpers.theory.variance_shift import shift_by_layer, variance_shift

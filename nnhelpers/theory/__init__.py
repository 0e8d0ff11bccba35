"""Closed forms with their derivations; figures draw them over simulations, tests compare."""

from nnhelpers.theory.descent import (
    bowl_eigenvalues,
    same_sign_share,
    same_sign_share_of_all,
    same_sign_share_of_one_example,
)
from nnhelpers.theory.layers import (
    correlation_length,
    expected_square,
    layer_correlations,
    layer_variances,
)
from nnhelpers.theory.saturation import saturated_share
from nnhelpers.theory.slopes import expected_slope, expected_square_slope
from nnhelpers.theory.units import (
    SPLITTING_SHARE_WITH_BIAS,
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

__all__ = [
    "SPLITTING_SHARE_WITH_BIAS",
    "active_count_pmf",
    "active_fraction_cdf",
    "active_fraction_cdf_normal",
    "bowl_eigenvalues",
    "correlation_length",
    "dead_share",
    "expected_slope",
    "expected_square",
    "expected_square_slope",
    "layer_correlations",
    "layer_variances",
    "linear_network_share",
    "overlap_cdf",
    "overlap_std",
    "same_sign_share",
    "same_sign_share_of_all",
    "same_sign_share_of_one_example",
    "saturated_share",
    "splitting_share",
    "splitting_slopes",
]

"""Closed forms with their derivations; figures draw them over simulations, tests compare."""

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
    "dead_share",
    "linear_network_share",
    "overlap_cdf",
    "overlap_std",
    "splitting_share",
    "splitting_slopes",
]

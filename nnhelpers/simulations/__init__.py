"""Many random draws of untrained networks, counted.

NumPy alone, so that the first sliders start at once.
"""

from nnhelpers.simulations.cloud import Cloud
from nnhelpers.simulations.depth import simulate_depth
from nnhelpers.simulations.results import ActiveCount, ActiveFraction, Overlap
from nnhelpers.simulations.signals import DepthSignal
from nnhelpers.simulations.units import (
    NORMAL,
    UNIFORM,
    ZERO,
    simulate_active_count,
    simulate_active_fraction,
    simulate_overlap,
)

__all__ = [
    "NORMAL",
    "UNIFORM",
    "ZERO",
    "ActiveCount",
    "ActiveFraction",
    "Cloud",
    "DepthSignal",
    "Overlap",
    "simulate_active_count",
    "simulate_active_fraction",
    "simulate_depth",
    "simulate_overlap",
]

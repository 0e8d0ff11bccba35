"""Many random draws of untrained networks, counted.

NumPy alone, so that the first sliders start at once.
"""

from nnhelpers.simulations.bowls import ERRORS, DescentPath, SameSign
from nnhelpers.simulations.cloud import Cloud
from nnhelpers.simulations.depth import simulate_depth
from nnhelpers.simulations.descent import simulate_descent, simulate_same_sign
from nnhelpers.simulations.results import ActiveCount, ActiveFraction, Overlap
from nnhelpers.simulations.signals import DepthSignal
from nnhelpers.simulations.slopes import Slopes, simulate_slopes
from nnhelpers.simulations.start import InitialLoss, initial_loss_curve, simulate_initial_loss
from nnhelpers.simulations.units import (
    NORMAL,
    UNIFORM,
    ZERO,
    simulate_active_count,
    simulate_active_fraction,
    simulate_overlap,
)

__all__ = [
    "ERRORS",
    "NORMAL",
    "UNIFORM",
    "ZERO",
    "ActiveCount",
    "ActiveFraction",
    "Cloud",
    "DepthSignal",
    "DescentPath",
    "InitialLoss",
    "Overlap",
    "SameSign",
    "Slopes",
    "initial_loss_curve",
    "simulate_active_count",
    "simulate_active_fraction",
    "simulate_depth",
    "simulate_descent",
    "simulate_initial_loss",
    "simulate_overlap",
    "simulate_same_sign",
    "simulate_slopes",
]

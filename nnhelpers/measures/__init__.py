"""Numbers read off arrays of data, pre-activations and weights."""

from nnhelpers.measures.activity import (
    ALWAYS_ACTIVE,
    DEAD,
    SPLITTING,
    STATUSES,
    active_fraction,
    overlap,
    saturated_fraction,
    unit_status,
)
from nnhelpers.measures.conditioning import condition_number, conditioning, descent_steps
from nnhelpers.measures.curves import Curve, about
from nnhelpers.measures.lines import best_line_accuracy

__all__ = [
    "ALWAYS_ACTIVE",
    "DEAD",
    "SPLITTING",
    "STATUSES",
    "Curve",
    "about",
    "active_fraction",
    "best_line_accuracy",
    "condition_number",
    "conditioning",
    "descent_steps",
    "overlap",
    "saturated_fraction",
    "unit_status",
]

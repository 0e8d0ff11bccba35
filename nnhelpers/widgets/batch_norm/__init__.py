"""The live panels of notebook 4."""

from nnhelpers.widgets.batch_norm.moving_statistics import explore_moving_statistics

__all__ = [
    "explore_moving_statistics",
]

"""One function per live panel, a module for each notebook."""

from nnhelpers.widgets._panel import Panel, connect
from nnhelpers.widgets.normalization import (
    explore_active_fraction,
    explore_examples,
    explore_normalization,
    explore_overlap,
    explore_training,
)
from nnhelpers.widgets.predictions import BetBook, Prediction, predict, tally_bets

__all__ = [
    "BetBook",
    "Panel",
    "Prediction",
    "connect",
    "explore_active_fraction",
    "explore_examples",
    "explore_normalization",
    "explore_overlap",
    "explore_training",
    "predict",
    "tally_bets",
]

"""The live panels of notebook 3."""

from nnhelpers.widgets.initialization.symmetry import explore_symmetry

__all__ = [
    "explore_symmetry",
]

"""The live panels of notebook 2."""

from nnhelpers.widgets.saturation.depth import explore_depth

__all__ = ["explore_depth"]

"""The live panels of notebook 2."""

from nnhelpers.widgets.saturation.activations import explore_activations
from nnhelpers.widgets.saturation.depth import explore_depth
from nnhelpers.widgets.saturation.dying import explore_dying_units
from nnhelpers.widgets.saturation.plateau import explore_plateau
from nnhelpers.widgets.saturation.zigzag import explore_zigzag

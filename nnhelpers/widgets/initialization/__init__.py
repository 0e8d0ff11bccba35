"""The live panels of notebook 3."""

from nnhelpers.widgets.initialization.dot_product import explore_dot_product
from nnhelpers.widgets.initialization.layers import explore_layer_distributions
from nnhelpers.widgets.initialization.offset import explore_depth_offset
from nnhelpers.widgets.initialization.symmetry import explore_symmetry
from nnhelpers.widgets.initialization.variances import explore_variances

"""One function per live panel, a module for each notebook."""

from nnhelpers.widgets._panel.pages import save_page
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.batch_norm.layer import explore_batch_norm
from nnhelpers.widgets.batch_norm.layers import explore_normalized_layers
from nnhelpers.widgets.batch_norm.learning_rates import explore_learning_rates
from nnhelpers.widgets.batch_norm.moving_statistics import explore_moving_statistics
from nnhelpers.widgets.choosing import PanelChooser, choose_panel, open_panel
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.initialization.dot_product import explore_dot_product
from nnhelpers.widgets.initialization.layers import explore_layer_distributions
from nnhelpers.widgets.initialization.offset import explore_depth_offset
from nnhelpers.widgets.initialization.symmetry import explore_symmetry
from nnhelpers.widgets.initialization.variances import explore_variances
from nnhelpers.widgets.normalization.retrained import explore_normalization
from nnhelpers.widgets.normalization.runs import explore_examples, explore_training
from nnhelpers.widgets.normalization.untrained import explore_active_fraction, explore_overlap
from nnhelpers.widgets.predictions import Prediction, predict, tally_bets
from nnhelpers.widgets.saturation.activations import explore_activations
from nnhelpers.widgets.saturation.depth import explore_depth
from nnhelpers.widgets.saturation.dying import explore_dying_units
from nnhelpers.widgets.saturation.plateau import explore_plateau
from nnhelpers.widgets.saturation.zigzag import explore_zigzag
from nnhelpers.widgets.scenes import Scene

"""One function per live panel, a module for each notebook."""

from nnhelpers.widgets._panel.pages import save_page
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.batch_norm import (
    explore_batch_norm,
    explore_learning_rates,
    explore_moving_statistics,
    explore_normalized_layers,
)
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.initialization import (
    explore_depth_offset,
    explore_dot_product,
    explore_layer_distributions,
    explore_symmetry,
    explore_variances,
)
from nnhelpers.widgets.normalization import (
    explore_active_fraction,
    explore_examples,
    explore_normalization,
    explore_overlap,
    explore_training,
)
from nnhelpers.widgets.predictions import Prediction, predict, tally_bets
from nnhelpers.widgets.saturation import (
    explore_activations,
    explore_depth,
    explore_dying_units,
    explore_plateau,
    explore_zigzag,
)
from nnhelpers.widgets.scenes import Scene

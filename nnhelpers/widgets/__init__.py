"""Live panels, one function each, and the bets, decks and pages made with them."""

from nnhelpers.widgets._panel.controls import Scene
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.decks import Slide, present
from nnhelpers.widgets.explore.batch_norm import (
    explore_batch_norm,
    explore_moving_statistics,
    explore_normalized_layers,
)
from nnhelpers.widgets.explore.layers import (
    explore_depth,
    explore_depth_offset,
    explore_dot_product,
    explore_layer_distributions,
    explore_variances,
)
from nnhelpers.widgets.explore.patients import diagnose, eight_patients, explore_patients
from nnhelpers.widgets.explore.retrained import (
    explore_capacity,
    explore_learning_rates,
    explore_regularization,
    explore_symmetry,
)
from nnhelpers.widgets.explore.runs import explore_examples, explore_plateau, explore_training
from nnhelpers.widgets.explore.seeds import explore_dying_units, explore_normalization
from nnhelpers.widgets.explore.units import (
    explore_activations,
    explore_active_fraction,
    explore_overlap,
    explore_zigzag,
)
from nnhelpers.widgets.exports import save_pictures
from nnhelpers.widgets.lectures import open_lecture, open_panel, panels_by_question
from nnhelpers.widgets.predictions import Prediction, predict, tally_bets
from nnhelpers.widgets.room import RoomPrediction, predict_together

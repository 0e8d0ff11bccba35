"""One function per live panel, a module for each notebook."""

from nnhelpers.widgets._panel.controls import Scene
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.batch_norm.layers import explore_batch_norm, explore_normalized_layers
from nnhelpers.widgets.batch_norm.learning_rates import explore_learning_rates
from nnhelpers.widgets.batch_norm.moving_statistics import explore_moving_statistics
from nnhelpers.widgets.capacity.retrained import explore_capacity, explore_regularization
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.decks import Slide, present
from nnhelpers.widgets.diagnosis.patients import eight_patients
from nnhelpers.widgets.diagnosis.ward import diagnose, explore_patients
from nnhelpers.widgets.exports import save_pictures
from nnhelpers.widgets.initialization.layers import explore_layer_distributions
from nnhelpers.widgets.initialization.offset import explore_depth_offset
from nnhelpers.widgets.initialization.symmetry import explore_symmetry
from nnhelpers.widgets.initialization.variances import explore_dot_product, explore_variances
from nnhelpers.widgets.lectures import open_lecture, open_panel, panels_by_question
from nnhelpers.widgets.normalization.retrained import explore_normalization
from nnhelpers.widgets.normalization.runs import explore_examples, explore_training
from nnhelpers.widgets.normalization.untrained import explore_active_fraction, explore_overlap
from nnhelpers.widgets.predictions import Prediction, predict, tally_bets
from nnhelpers.widgets.room import RoomPrediction, predict_together
from nnhelpers.widgets.saturation.depth import explore_depth
from nnhelpers.widgets.saturation.runs import explore_dying_units, explore_plateau
from nnhelpers.widgets.saturation.units import explore_activations, explore_zigzag

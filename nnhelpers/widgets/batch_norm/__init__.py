"""The live panels of notebook 4."""

from nnhelpers.widgets.batch_norm.layer import explore_batch_norm
from nnhelpers.widgets.batch_norm.layers import explore_normalized_layers
from nnhelpers.widgets.batch_norm.learning_rates import explore_learning_rates
from nnhelpers.widgets.batch_norm.moving_statistics import explore_moving_statistics

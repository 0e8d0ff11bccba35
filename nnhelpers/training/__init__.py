"""Train one network, or a thousand at once, in one compiled loop."""

from nnhelpers.training._arguments import batch_order
from nnhelpers.training._engine.run import TrainingInterrupted
from nnhelpers.training.autoencoders import Autoencoders, pretrained_start, train_autoencoders
from nnhelpers.training.curves import RateRange, dead_curve, learning_curve, rate_range
from nnhelpers.training.ensembles import TrainingEnsemble, join
from nnhelpers.training.histories import (
    LayerHistory,
    LayerMoments,
    UnitHistory,
    layer_history,
    layer_moments,
    unit_history,
)
from nnhelpers.training.kernels import ColumnHistory, UpdateHistory, column_history, update_ratios
from nnhelpers.training.maps import DepthMap, WidthLosses, depth_map, losses_by_width
from nnhelpers.training.optimizers import sgd
from nnhelpers.training.percentiles import PercentileHistory, percentile_history
from nnhelpers.training.results import ExampleView, NetworkSnapshot, TrainingRun
from nnhelpers.training.runs import prepare, train, train_from, train_many, weights_at
from nnhelpers.training.spread import map_many

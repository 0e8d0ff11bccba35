"""Train one network, or a thousand at once, in one compiled loop."""

from nnhelpers.training._arguments import batch_order
from nnhelpers.training.autoencoders import Autoencoders, pretrained_start, train_autoencoders
from nnhelpers.training.columns import ColumnHistory, column_history
from nnhelpers.training.ensembles import TrainingEnsemble
from nnhelpers.training.histories import LayerHistory, UnitHistory, layer_history, unit_history
from nnhelpers.training.joining import join
from nnhelpers.training.layer_moments import (
    LayerMoments,
    PercentileHistory,
    layer_moments,
    percentile_history,
)
from nnhelpers.training.maps import DepthMap, WidthLosses, depth_map, losses_by_width
from nnhelpers.training.moments import weights_at
from nnhelpers.training.optimizers import sgd
from nnhelpers.training.rates import RateRange, rate_range
from nnhelpers.training.results import TrainingRun
from nnhelpers.training.runs import TrainingInterrupted, train, train_from, train_many
from nnhelpers.training.snapshots import ExampleView, NetworkSnapshot
from nnhelpers.training.updates import UpdateHistory, update_ratios

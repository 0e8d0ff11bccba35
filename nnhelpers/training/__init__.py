"""Train one network, or a thousand at once, in one compiled loop."""

from nnhelpers.training._engine.run import TrainingInterrupted
from nnhelpers.training.autoencoders import Autoencoders, pretrained_start, train_autoencoders
from nnhelpers.training.batch_orders import batch_order
from nnhelpers.training.curves import RateRange, dead_curve, learning_curve, rate_range
from nnhelpers.training.ensembles import TrainingEnsemble, join
from nnhelpers.training.layer_histories import (
    LayerHistory,
    LayerMoments,
    UpdateHistory,
    layer_history,
    layer_moments,
    update_ratios,
)
from nnhelpers.training.maps import DepthMap, WidthLosses, depth_map, losses_by_width
from nnhelpers.training.optimizers import sgd
from nnhelpers.training.results import ExampleView, NetworkSnapshot, TrainingRun
from nnhelpers.training.runs import (
    map_many,
    prepare,
    train,
    train_from,
    train_many,
    weights_at,
)
from nnhelpers.training.unit_histories import (
    ColumnHistory,
    PercentileHistory,
    UnitHistory,
    column_history,
    percentile_history,
    unit_history,
)

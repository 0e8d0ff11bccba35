"""Train one network, or a thousand at once, in one compiled loop."""

from nnhelpers.training.engine import batch_order, compiled_traces
from nnhelpers.training.ensembles import TrainingEnsemble, join
from nnhelpers.training.results import TrainingRun
from nnhelpers.training.runs import TrainingInterrupted, train, train_many
from nnhelpers.training.snapshots import ExampleView, NetworkSnapshot

__all__ = [
    "ExampleView",
    "NetworkSnapshot",
    "TrainingEnsemble",
    "TrainingInterrupted",
    "TrainingRun",
    "batch_order",
    "compiled_traces",
    "join",
    "train",
    "train_many",
]

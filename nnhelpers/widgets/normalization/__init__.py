"""The live panels of notebook 1."""

from nnhelpers.widgets.normalization.retrained import explore_normalization
from nnhelpers.widgets.normalization.runs import explore_examples, explore_training
from nnhelpers.widgets.normalization.untrained import explore_active_fraction, explore_overlap

"""Several ensembles of one kind as one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnhelpers.networks import Weights
from nnhelpers.training._settings import MEMBER_SETTINGS
from nnhelpers.training.ensembles import TrainingEnsemble

_PER_MEMBER = (*MEMBER_SETTINGS, "loss", "accuracy", "diverged_step")


def join(ensembles: Sequence[TrainingEnsemble]) -> TrainingEnsemble:
    """Put the networks of several ensembles of one kind into one.

    Raises
    ------
    ValueError
        If there is no ensemble, or they differ in specification or epochs.
    """
    if not ensembles:
        raise ValueError("ensembles must hold at least one ensemble, got none")
    first = ensembles[0]
    for other in ensembles[1:]:
        if other.spec != first.spec or not np.array_equal(other.epochs, first.epochs):
            raise ValueError("ensembles must share one specification and one list of epochs")
    arrays = {
        name: np.concatenate([getattr(part, name) for part in ensembles]) for name in _PER_MEMBER
    }
    if first.training_loss is not None:
        arrays["training_loss"] = np.concatenate([part.training_loss for part in ensembles])
    return replace(
        first,
        **arrays,
        initial_weights=_joined_weights([part.initial_weights for part in ensembles]),
        weights=_joined_weights([part.weights for part in ensembles]),
    )


def _joined_weights(parts: Sequence[Weights]) -> Weights:
    first, *others = parts
    return first.map(lambda *arrays: np.concatenate(arrays), *others)

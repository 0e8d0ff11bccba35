"""The weights of many networks at several moments of their training."""

from collections.abc import Sequence
from typing import Unpack

import numpy as np

from nnhelpers.datasets import Dataset
from nnhelpers.models import MLPSpec
from nnhelpers.networks import Weights
from nnhelpers.training._arguments import MemberSettings, check_whole
from nnhelpers.training.runs import train_many


def weights_at(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    epochs: Sequence[int],
    draws: int = 100,
    seed: int = 0,
    **settings: Unpack[MemberSettings],
) -> Weights:
    """Train many networks by gradient descent; return their weights at several moments.

    Each moment is a training of its own, from the same starts; all take full batches.

    Parameters
    ----------
    spec : MLPSpec
    dataset : Dataset
    epochs : sequence of int
        Moments, ascending; 0 is untrained.
    draws, seed : int
        Number of networks, and of their starts.
    learning_rate, offset, scale, gain : float or array of shape (draws,)
        As in `train_many`.

    Returns
    -------
    Weights
        Arrays with leading axes of moments and networks.

    Raises
    ------
    ValueError, TypeError
        If there is no moment, they do not ascend, or as in `train_many`.
    """
    moments = list(epochs)
    for moment in moments:
        check_whole("epochs", moment, 0)
    if not moments or (np.diff(moments) <= 0).any():
        raise ValueError(f"epochs must be ascending moments, at least one, got {epochs}")
    common = {"optimizer": "sgd", "draws": draws, "seed": seed, **settings}
    first, *rest = (train_many(spec, dataset, epochs=e, **common).weights for e in moments)
    return first.map(lambda *arrays: np.stack(arrays), *rest)

"""The weights of many networks at several moments of their training."""

from collections.abc import Sequence
from typing import Unpack

import numpy as np

from nnhelpers import networks
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training._arguments import check_whole, read_request, schedule_at
from nnhelpers.training._engine import jobs
from nnhelpers.training._settings import Settings
from nnhelpers.training.runs import run_job


def weights_at(
    spec: MLPSpec,
    dataset: Dataset,
    *,
    epochs: Sequence[int],
    draws: int = 100,
    seed: int = 0,
    **settings: Unpack[Settings],
) -> Weights:
    """Train many networks by gradient descent; return their weights at several moments.

    Parameters
    ----------
    spec : MLPSpec
    dataset : Dataset
    epochs : sequence of int
        Moments, ascending; 0 is untrained. All examples are one batch.
    draws, seed : int
        Number of networks, and of their starts.
    learning_rate, offset, scale, gain, l1, l2, dropout : float or array of shape (draws,)
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
    check_whole("draws", draws, 1)
    schedule = schedule_at(dataset, np.array(moments), None, seed)
    request = read_request(spec, dataset, schedule, "sgd", settings, draws=draws)
    start = networks.draw(spec, n_features=dataset.n_features, draws=draws, seed=seed)
    job = request.job(start)
    rows = run_job(job, keep=draws).snapshots
    return jobs.unpack(np.swapaxes(rows, 0, 1), job.layers, start)

"""What batch norm does to the layers while a network trains."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.networks import Weights
from nnhelpers.training.histories import LayerHistory, layer_history
from nnhelpers.training.results import TrainingRun
from nnhelpers.training.snapshots import checked_index

PERCENTILES = (15, 50, 85)


@dataclass(frozen=True, kw_only=True)
class LayerMoments:
    """What leaves each hidden layer over a run's snapshots, in both modes of batch norm.

    Attributes
    ----------
    inference : LayerHistory
        With the moving moments.
    training : LayerHistory
        With the moments of all the data as one batch.
    """

    inference: LayerHistory
    training: LayerHistory

    @property
    def epochs(self) -> NDArray[np.int64]:
        """Epochs of the snapshots, of shape (snapshots,)."""
        return self.inference.run.epochs

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return "; ".join(
            f"in {mode} mode the last layer ends at {_end_in_words(history)}"
            for mode, history in (("inference", self.inference), ("training", self.training))
        )


def _end_in_words(history: LayerHistory) -> str:
    # The sum turns a rounded -0.0 into 0.0.
    mean, spread = (round(float(each[-1, -1]), 1) + 0.0 for each in (history.mean, history.spread))
    return f"mean {mean:.1f}, spread {spread:.1f}"


def layer_moments(run: TrainingRun) -> LayerMoments:
    """Read off a run what leaves each hidden layer, in inference and in training mode.

    Without batch norm both are the same.
    """
    inference = layer_history(run)
    seen = [_with_batch_moments(run, run.weights[index]) for index in range(len(run.epochs))]
    stacked = seen[0].map(lambda *arrays: np.stack(arrays), *seen[1:])
    training = replace(layer_history(replace(run, weights=stacked)), run=run)
    return LayerMoments(inference=inference, training=training)


@dataclass(frozen=True, kw_only=True)
class PercentileHistory:
    """How one unit's pre-activation is distributed over the data, over a run's snapshots.

    Attributes
    ----------
    epochs : array of shape (snapshots,)
    percentiles : array of shape (snapshots, 3)
        The 15th, 50th and 85th over the examples, of what enters the activation function.
    layer, unit : int
        0 the first.
    activation : str
    batch_norm : bool
        Whether the layer has batch norm before its activation.
    """

    epochs: NDArray[np.int64]
    percentiles: NDArray[np.float64] = field(repr=False)
    layer: int
    unit: int
    activation: str
    batch_norm: bool

    @property
    def travel(self) -> float:
        """How far the median gets from where it was untrained."""
        return float(np.abs(self.percentiles[:, 1] - self.percentiles[0, 1]).max())

    @property
    def widths(self) -> NDArray[np.float64]:
        """Distance from the 15th to the 85th percentile, of shape (snapshots,)."""
        return self.percentiles[:, 2] - self.percentiles[:, 0]

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, last = self.widths[[0, -1]]
        return (
            f"unit {self.unit + 1} of layer {self.layer + 1}: the median moves by up to "
            f"{self.travel:.1g}, the width from the 15th to the 85th percentile goes from "
            f"{first:.1g} to {last:.1g}"
        )


def percentile_history(run: TrainingRun, *, layer: int = -1, unit: int = 0) -> PercentileHistory:
    """Read off a run how one unit's pre-activation is distributed at each snapshot.

    Batch norm works with the moments of all the data, as in training: so do the gradients, and
    the moving moments would add their own lag to the movement that is to be seen.

    Parameters
    ----------
    run : TrainingRun
    layer : int
        0 is the first hidden layer, -1 the last.
    unit : int

    Raises
    ------
    ValueError
        If there is no such hidden layer or unit.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", 2015, figure 1 (b, c),
    https://arxiv.org/abs/1502.03167.
    """
    layer = checked_index(layer, size=len(run.spec.units), argument="layer")
    unit = checked_index(unit, size=run.spec.units[layer], argument="unit")
    rows = []
    for index in range(len(run.epochs)):
        weights = _with_batch_moments(run, run.weights[index])
        passed = networks.forward_pass(run.dataset.X, weights, activation=run.spec.activation)
        rows.append(np.percentile(passed.pre_activations[layer][:, unit], PERCENTILES))
    return PercentileHistory(
        epochs=run.epochs,
        percentiles=np.array(rows),
        layer=layer,
        unit=unit,
        activation=run.spec.activation,
        batch_norm=layer in run.spec.layers_without_bias,
    )


def _with_batch_moments(run: TrainingRun, weights: Weights) -> Weights:
    if not any(weights.norms):
        return weights
    return networks.with_batch_moments(run.dataset.X, weights, activation=run.spec.activation)

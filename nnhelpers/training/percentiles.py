"""How one unit's pre-activation is distributed while its network is trained."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_kind
from nnhelpers.networks import ForwardPass
from nnhelpers.training.histories import measured
from nnhelpers.training.results import TrainingRun, checked_index

_PERCENTILES = (15, 50, 85)


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

    Raises
    ------
    ValueError
        If there is no such hidden layer, 0 the first and -1 the last, or no such unit.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", 2015, figure 1 (b, c),
    https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(4,)), datasets.load_circles(), epochs=2)
    >>> training.percentile_history(run).percentiles.shape
    (3, 3)
    """
    check_kind(TrainingRun, run=run)
    layer = checked_index(layer, size=len(run.spec.units), argument="layer")
    unit = checked_index(unit, size=run.spec.units[layer], argument="unit")

    def percentiles(passed: ForwardPass) -> list[NDArray]:
        return [np.percentile(passed.pre_activations[layer][..., unit], _PERCENTILES, axis=-1).T]

    of = {"spec": run.spec, "weights": run.weights, "known": np.isfinite(run.loss)}
    found = measured(run.dataset.X, read=percentiles, training=True, **of)
    return PercentileHistory(
        epochs=run.epochs,
        percentiles=found[:, 0],
        layer=layer,
        unit=unit,
        activation=run.spec.activation,
        batch_norm=layer in run.spec.layers_without_bias,
    )

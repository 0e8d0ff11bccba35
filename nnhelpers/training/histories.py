"""What a run's units did while it trained, from one snapshot to the next."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, measures, networks, words
from nnhelpers.training.results import TrainingRun


@dataclass(frozen=True, kw_only=True)
class UnitHistory:
    """On which share of the data each hidden unit is active, over a run's snapshots.

    Attributes
    ----------
    activation : str
    epochs : array of shape (snapshots,)
    active_fraction : tuple of arrays of shape (snapshots, units)
        One per hidden layer; NaN once the run has diverged.
    """

    activation: str
    epochs: NDArray[np.int64]
    active_fraction: tuple[NDArray[np.float64], ...] = field(repr=False)

    @property
    def flat_when_inactive(self) -> bool:
        """Whether a unit that no example activates gets no gradient."""
        record = activations.find_activation(self.activation)
        return not record.derivative(np.array([-1.0])).any()

    @property
    def name_of_inactive(self) -> str:
        """What to call a unit that no example activates."""
        return measures.DEAD if self.flat_when_inactive else "never active"

    def inactive_share(self) -> NDArray[np.float64]:
        """Share of each layer's units that no example activates, of shape (snapshots, layers)."""
        shares = [np.mean(layer == 0, axis=1) for layer in self.active_fraction]
        lost = [np.isnan(layer).any(axis=1) for layer in self.active_fraction]
        return np.where(np.stack(lost, axis=1), np.nan, np.stack(shares, axis=1))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, *_, last = self.inactive_share().mean(axis=1)
        if np.isnan(last):
            return "diverged"
        start, end = words.percent(first), words.percent(last)
        return f"{self.name_of_inactive} units: {start} untrained, {end} at the end"


def unit_history(run: TrainingRun) -> UnitHistory:
    """Read off a run on which share of its data each unit is active at each snapshot."""
    fractions = [run.snapshot(i).active_fraction for i in range(len(run.epochs))]
    return UnitHistory(
        activation=run.spec.activation,
        epochs=run.epochs,
        active_fraction=tuple(np.stack(layer) for layer in zip(*fractions, strict=True)),
    )


@dataclass(frozen=True, kw_only=True)
class LayerHistory:
    """What leaves each hidden layer, over a run's snapshots.

    Attributes
    ----------
    run : TrainingRun
    mean, spread : arrays of shape (snapshots, layers)
        Mean over units and examples, and standard deviation over the examples (mean over units),
        of what leaves the layer: of the activations, or of batch norm behind them.
    """

    run: TrainingRun
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"{self.run.spec.activation} layers: {self.run.summary()}"


def layer_history(run: TrainingRun) -> LayerHistory:
    """Read off a run what leaves each hidden layer at each snapshot, in inference mode.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, figure 2, https://proceedings.mlr.press/v9/glorot10a.html.
    """
    rows = []
    for index in range(len(run.epochs)):
        passed = networks.forward_pass(
            run.dataset.X.astype(np.float32), run.weights[index], activation=run.spec.activation
        )
        rows.append([(a.mean(), a.std(axis=0).mean()) for a in passed.outputs])
    mean, spread = np.moveaxis(np.array(rows, dtype=np.float64), -1, 0)
    return LayerHistory(run=run, mean=mean, spread=spread)

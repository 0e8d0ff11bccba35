"""Histories of a run's units, from one snapshot to the next."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, measures, words
from nnhelpers.checks import check_kind
from nnhelpers.networks import ForwardPass
from nnhelpers.training.layer_histories import active_fractions, measured
from nnhelpers.training.results import TrainingRun, checked_index

# Columns at most this far apart (share of the largest weight) coincide in a picture; columns whose
# spread is above the second number have separated.
_ONE_PLACE, _PARTED = 0.01, 0.1
_PERCENTILES = (15, 50, 85)


@dataclass(frozen=True, kw_only=True)
class UnitHistory:
    """Share of the data on which each hidden unit is active, over a run's snapshots.

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
    def name_of_inactive(self) -> str:
        """Word for a unit that no example activates: "dead" only if it then gets no gradient."""
        record = activations.find_activation(self.activation)
        return "never active" if record.derivative(np.array([-1.0])).any() else measures.DEAD

    def inactive_share(self) -> NDArray[np.float64]:
        """Share of each layer's units that no example activates, of shape (snapshots, layers)."""
        # An unknown fraction makes the mean of its layer unknown.
        dead = [np.where(np.isnan(layer), np.nan, layer == 0) for layer in self.active_fraction]
        return np.stack([layer.mean(axis=1) for layer in dead], axis=1)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, *_, last = self.inactive_share().mean(axis=1)
        if np.isnan(last):
            return "diverged"
        start, end = words.percent(first), words.percent(last)
        return f"{self.name_of_inactive} units: {start} untrained, {end} at the end"


def unit_history(run: TrainingRun) -> UnitHistory:
    """Compute the share of a run's data on which each unit is active, at each snapshot.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec = networks.MLPSpec(units=(4,))
    >>> run = training.train(spec, datasets.load_circles(), epochs=20, offset=9.0, seed=2)
    >>> training.unit_history(run).summary()
    'dead units: 25% untrained, 25% at the end'
    """
    check_kind(TrainingRun, run=run)
    known = np.isfinite(run.loss)
    fractions = active_fractions(run.dataset.X, spec=run.spec, weights=run.weights, known=known)
    return UnitHistory(activation=run.spec.activation, epochs=run.epochs, active_fraction=fractions)


@dataclass(frozen=True, kw_only=True)
class PercentileHistory:
    """Distribution of one unit's pre-activation over the data, over a run's snapshots.

    Attributes
    ----------
    epochs : array of shape (snapshots,)
    percentiles : array of shape (snapshots, 3)
        15th, 50th and 85th percentile, over the examples, of the activation function's input.
    layer, unit : int
        Counted from 0.
    batch_norm : bool
        Whether the layer has batch norm before its activation.
    """

    epochs: NDArray[np.int64]
    percentiles: NDArray[np.float64] = field(repr=False)
    layer: int
    unit: int
    batch_norm: bool

    @property
    def travel(self) -> float:
        """Largest distance of the median from its untrained value."""
        return float(np.abs(self.percentiles[:, 1] - self.percentiles[0, 1]).max())

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, last = (self.percentiles[:, 2] - self.percentiles[:, 0])[[0, -1]]
        return (
            f"unit {self.unit + 1} of layer {self.layer + 1}: the median moves by up to "
            f"{self.travel:.1g}, the width from the 15th to the 85th percentile goes from "
            f"{first:.1g} to {last:.1g}"
        )


def percentile_history(run: TrainingRun, *, layer: int = -1, unit: int = 0) -> PercentileHistory:
    """Compute the distribution of one unit's pre-activation at each snapshot of a run.

    Batch norm uses the moments of all the data, as in training: moving moments would add their own
    lag. Raises ``TypeError`` or ``ValueError`` if there is no such layer or unit.

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
        batch_norm=layer in run.spec.layers_without_bias,
    )


@dataclass(frozen=True, kw_only=True)
class ColumnHistory:
    """The columns of one layer's kernel, one for each unit, over a run's snapshots.

    Attributes
    ----------
    epochs : array of shape (snapshots,)
    columns : array of shape (snapshots, fan_in, units)
        NaN once the run has diverged.
    """

    epochs: NDArray[np.int64]
    columns: NDArray[np.float64] = field(repr=False)

    @property
    def units(self) -> int:
        """Number of columns."""
        return self.columns.shape[2]

    @property
    def places(self) -> NDArray[np.int64]:
        """Place of each unit, numbered by its first unit, of shape (snapshots, units).

        A column shares the place of the first one from which no weight differs by more than a
        hundredth of the largest.
        """
        largest = np.abs(self.columns).max(axis=(1, 2))
        found = np.zeros((len(self.epochs), self.units), dtype=np.int64)
        for unit in range(self.units):
            gaps = np.abs(self.columns[:, :, : unit + 1] - self.columns[:, :, unit, np.newaxis])
            near = gaps.max(axis=1) <= _ONE_PLACE * largest[:, np.newaxis]
            near[:, unit] = True
            found[:, unit] = near.argmax(axis=1)
        return found

    @property
    def distinct(self) -> NDArray[np.int64]:
        """Number of different places, of shape (snapshots,)."""
        return (self.places == np.arange(self.units)).sum(axis=1)

    @property
    def spread(self) -> NDArray[np.float64]:
        """Distance of columns from their mean relative to their length, of shape (snapshots,).

        Both are root mean squares, so the spread lies in [0, 1]; it is 0 if all columns are zero,
        NaN once the run has diverged.
        """
        mean = self.columns.mean(axis=2, keepdims=True)
        length = np.sqrt(np.mean(self.columns**2, axis=(1, 2)))
        distance = np.sqrt(np.mean((self.columns - mean) ** 2, axis=(1, 2)))
        # Rounding may move the mean of equal numbers away from them.
        same = np.ptp(self.columns, axis=2).max(axis=1) == 0
        return np.where(same, 0.0, distance / np.where(length > 0, length, 1.0))

    @property
    def escape_epoch(self) -> float:
        """First recorded epoch with a spread above a tenth; infinite if there is none."""
        parted = self.spread > _PARTED
        return float(self.epochs[parted.argmax()]) if parted.any() else np.inf

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if not np.isfinite(self.columns[-1]).all():
            return "diverged"
        return f"{self.units} units in {self.in_places()} at epoch {self.epochs[-1]:,}"

    def in_places(self) -> str:
        """Write the number of different places at the end."""
        return words.counted(int(self.distinct[-1]), "place")


def column_history(run: TrainingRun, *, layer: int = 0) -> ColumnHistory:
    """Return the columns of a layer's kernel at each snapshot of a run.

    Layer 0 is the first hidden one, -1 the output layer. Raises ``TypeError`` or ``ValueError`` if
    there is no such layer.

    Notes
    -----
    Units with equal columns, biases and outgoing weights get equal gradients, and no optimizer can
    tell them apart: the network trains as if it had one of them.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, section 8.4,
    https://www.deeplearningbook.org/contents/optimization.html.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec = networks.MLPSpec(units=(4,), kernel_initializer="ones")
    >>> run = training.train(spec, datasets.load_circles(), epochs=20)
    >>> training.column_history(run).summary()
    '4 units in 1 place at epoch 20'
    """
    check_kind(TrainingRun, run=run)
    index = checked_index(layer, size=len(run.weights.kernels), argument="layer")
    columns = run.weights.kernels[index].astype(np.float64)
    finite = np.isfinite(columns).all(axis=(1, 2), keepdims=True)
    return ColumnHistory(epochs=run.epochs, columns=np.where(finite, columns, np.nan))

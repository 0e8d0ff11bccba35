"""A run's kernels while it trains: where each unit's column stands, and how large the steps are."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import words
from nnhelpers.checks import check_kind, check_not_negative
from nnhelpers.training.results import TrainingRun, checked_index

# Columns that differ by less lie on each other in a picture.
_ONE_PLACE = 0.01
_PARTED = 0.1


@dataclass(frozen=True, kw_only=True)
class ColumnHistory:
    """Where the units of one layer stand, each at its column of the kernel.

    Attributes
    ----------
    layer : int
        0 is the first hidden layer.
    activation : str
    epochs : array of shape (snapshots,)
    columns : array of shape (snapshots, fan_in, units)
        NaN once the run has diverged.
    tolerance : float
        Columns count as the same where no weight differs by more than this share of the largest.
    """

    layer: int
    activation: str
    epochs: NDArray[np.int64]
    columns: NDArray[np.float64] = field(repr=False)
    tolerance: float

    @property
    def units(self) -> int:
        """Number of columns."""
        return self.columns.shape[2]

    @property
    def places(self) -> NDArray[np.int64]:
        """Number of the place where each unit stands, of shape (snapshots, units).

        Places are numbered by their first unit. A column takes the place of the first one that
        lies within the tolerance.
        """
        largest = np.abs(self.columns).max(axis=(1, 2))
        found = np.zeros((len(self.epochs), self.units), dtype=np.int64)
        for unit in range(self.units):
            gaps = np.abs(self.columns[:, :, : unit + 1] - self.columns[:, :, unit, np.newaxis])
            near = gaps.max(axis=1) <= self.tolerance * largest[:, np.newaxis]
            near[:, unit] = True
            found[:, unit] = near.argmax(axis=1)
        return found

    @property
    def distinct(self) -> NDArray[np.int64]:
        """Number of different columns, of shape (snapshots,)."""
        return (self.places == np.arange(self.units)).sum(axis=1)

    @property
    def spread(self) -> NDArray[np.float64]:
        """Distance of columns from their mean relative to their length, of shape (snapshots,).

        Both as root mean squares, so that it lies in [0, 1]; 0 where all columns are zero, NaN
        once the run has diverged.
        """
        mean = self.columns.mean(axis=2, keepdims=True)
        length = np.sqrt(np.mean(self.columns**2, axis=(1, 2)))
        distance = np.sqrt(np.mean((self.columns - mean) ** 2, axis=(1, 2)))
        # The mean of equal numbers may be rounded away from them.
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
        """Say in how many different places the units stand at the end."""
        return words.counted(int(self.distinct[-1]), "place")


def column_history(
    run: TrainingRun, *, layer: int = 0, tolerance: float = _ONE_PLACE
) -> ColumnHistory:
    """Read off a run where the units of a layer stand at each snapshot.

    Parameters
    ----------
    layer : int
        0 is the first hidden layer, -1 the output layer.
    tolerance : float
        How far columns may be apart to count as the same (share of the largest weight).

    Raises
    ------
    ValueError
        If there is no such layer, or the tolerance is negative or not finite.

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
    check_not_negative(tolerance=tolerance)
    check_kind(TrainingRun, run=run)
    index = checked_index(layer, size=len(run.weights.kernels), argument="layer")
    columns = run.weights.kernels[index].astype(np.float64)
    finite = np.isfinite(columns).all(axis=(1, 2), keepdims=True)
    return ColumnHistory(
        layer=index,
        activation=run.spec.activation,
        epochs=run.epochs,
        columns=np.where(finite, columns, np.nan),
        tolerance=tolerance,
    )


@dataclass(frozen=True, kw_only=True)
class UpdateHistory:
    """The size of each kernel's updates, relative to its weights.

    Attributes
    ----------
    activation, optimizer : str
    epochs : array of shape (snapshots - 1,)
        At the end of each update.
    update_to_weight_ratio : array of shape (snapshots - 1, layers)
        rms(update) / rms(weight before it), the output layer last; NaN where all weights are zero
        or no longer finite.
    """

    activation: str
    optimizer: str
    epochs: NDArray[np.int64]
    update_to_weight_ratio: NDArray[np.float64]

    @property
    def layers(self) -> int:
        """Number of kernels, the output's included."""
        return self.update_to_weight_ratio.shape[1]

    @property
    def median(self) -> NDArray[np.float64]:
        """Median of each layer over the updates that have a ratio, of shape (layers,)."""
        columns = (ratio[np.isfinite(ratio)] for ratio in self.update_to_weight_ratio.T)
        return np.array([np.median(ratio) if len(ratio) else np.nan for ratio in columns])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        ends = {"layer 1": self.median[0], "the output layer": self.median[-1]}
        said = ", ".join(f"{_rough(ratio)} in {name}" for name, ratio in ends.items())
        return f"{self.activation}, {self.optimizer}: median update to weight {said}"


def update_ratios(run: TrainingRun) -> UpdateHistory:
    """Compare a run's updates from snapshot to snapshot with the weights before them.

    With a snapshot after every step these are single updates, otherwise sums of the steps between.

    Raises
    ------
    ValueError
        If there are fewer than two snapshots.

    Notes
    -----
    ratio = ‖W(t+1) − W(t)‖ / ‖W(t)‖ for each kernel W. A rule of thumb wants it near 1/1,000: far
    less means that little is learned, far more is a learning rate that is too high.

    References
    ----------
    A. Karpathy, CS231n course notes, "Ratio of weights:updates",
    https://cs231n.github.io/neural-networks-3/#ratio.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(4,)), datasets.load_circles(), epochs=5)
    >>> training.update_ratios(run).update_to_weight_ratio.shape
    (5, 2)
    """
    check_kind(TrainingRun, run=run)
    if len(run.epochs) < 2:
        raise ValueError(f"run must have at least two snapshots, got {len(run.epochs)}")
    return UpdateHistory(
        activation=run.spec.activation,
        optimizer=run.optimizer,
        epochs=run.epochs[1:],
        update_to_weight_ratio=np.stack([_ratios(kernel) for kernel in run.weights.kernels], 1),
    )


def _ratios(kernels: NDArray) -> NDArray[np.float64]:
    weights = kernels.astype(np.float64).reshape(len(kernels), -1)
    with np.errstate(invalid="ignore", over="ignore"):
        before = np.sqrt(np.mean(weights[:-1] ** 2, axis=1))
        update = np.sqrt(np.mean(np.diff(weights, axis=0) ** 2, axis=1))
        known = np.isfinite(update) & (before > 0)
    return np.divide(update, before, out=np.full(len(update), np.nan), where=known)


def _rough(ratio: float) -> str:
    """Write a ratio to one digit, the part of it that another processor repeats."""
    return "none" if np.isnan(ratio) else f"{float(f'{ratio:.0e}'):g}"

"""Columns of a kernel, one for each unit, while a network trains: in one place or in several."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers.training.results import TrainingRun
from nnhelpers.training.snapshots import checked_index

# Of columns that differ by less, one lies on the other in a picture.
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
    def moved(self) -> NDArray[np.float64]:
        """How far each weight is from its start, of shape (snapshots, fan_in, units)."""
        return self.columns - self.columns[0]

    @property
    def escape_epoch(self) -> float:
        """First recorded epoch with a spread above a tenth; infinite if there is none."""
        parted = self.spread > _PARTED
        return float(self.epochs[parted.argmax()]) if parted.any() else np.inf

    def until(self, epoch: int) -> "ColumnHistory":
        """Return the history up to the last snapshot that is not after `epoch`.

        Raises
        ------
        ValueError
            If `epoch` is negative.
        """
        if epoch < 0:
            raise ValueError(f"epoch must be at least 0, got {epoch}")
        seen = self.epochs <= epoch
        return replace(self, epochs=self.epochs[seen], columns=self.columns[seen])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if not np.isfinite(self.columns[-1]).all():
            return "diverged"
        return f"{self.units} units in {self.in_places()} at epoch {self.epochs[-1]:,}"

    def in_places(self) -> str:
        """Say in how many different places the units stand at the end."""
        count = int(self.distinct[-1])
        return f"{count} place{'s' * (count > 1)}"


def column_history(
    run: TrainingRun, *, layer: int = 0, tolerance: float = _ONE_PLACE
) -> ColumnHistory:
    """Read off a run where the units of a layer stand at each snapshot.

    Parameters
    ----------
    run : TrainingRun
    layer : int
        0 is the first hidden layer, -1 the output layer.
    tolerance : float
        How far columns may be apart to count as the same (share of the largest weight); 1e-6 is
        eight roundings of float32.

    Raises
    ------
    ValueError
        If there is no such layer, or the tolerance is negative or not finite.

    Notes
    -----
    Units with equal columns, biases and outgoing weights get equal gradients, and no optimizer can
    tell them apart: the network trains as if it had one of them. If all weights are zero, the
    gradient of a kernel that follows an activation with f(0) = 0 is zero as well.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, section 8.4,
    https://www.deeplearningbook.org/contents/optimization.html.
    """
    index = checked_index(layer, size=len(run.weights.kernels), argument="layer")
    if not 0 <= tolerance < np.inf:
        raise ValueError(f"tolerance must be finite and at least 0, got {tolerance}")
    columns = run.weights.kernels[index].astype(np.float64)
    finite = np.isfinite(columns).all(axis=(1, 2), keepdims=True)
    return ColumnHistory(
        layer=index,
        activation=run.spec.activation,
        epochs=run.epochs,
        columns=np.where(finite, columns, np.nan),
        tolerance=tolerance,
    )

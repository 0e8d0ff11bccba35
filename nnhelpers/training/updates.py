"""How large the steps of a training are, compared with the weights that they change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.training.results import TrainingRun


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

    Parameters
    ----------
    run : TrainingRun
        With a snapshot after every step, to show single updates: the full batch and as many
        snapshots as epochs. Otherwise an update is the sum of the steps between two snapshots.

    Raises
    ------
    ValueError
        If there are fewer than two snapshots.

    Notes
    -----
    ratio = ‖W(t+1) − W(t)‖ / ‖W(t)‖ for each kernel W. A rule of thumb wants it near 1/1,000: far
    less is hardly learning, far more is a learning rate that is too high.

    References
    ----------
    A. Karpathy, CS231n course notes, "Ratio of weights:updates",
    https://cs231n.github.io/neural-networks-3/#ratio.
    """
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

"""Which learning rates train a network."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.training.ensembles import TrainingEnsemble


@dataclass(frozen=True, kw_only=True)
class RateRange:
    """Share of networks that train, for each of several learning rates.

    Attributes
    ----------
    rates : array of shape (n_rates,)
        Learning rates, ascending.
    share, standard_error : arrays of shape (n_rates,)
        Share of networks whose loss in training ends below `level`, and how sure it is.
    networks : int
        Networks of each rate; of the rate with the fewest, if they differ.
    level : float
        Loss below which a network counts as trained.
    epochs : int
        Passes through the data.
    batch_norm : bool
        Whether the networks have batch norm.
    """

    rates: NDArray[np.float64]
    share: NDArray[np.float64] = field(repr=False)
    standard_error: NDArray[np.float64] = field(repr=False)
    networks: int
    level: float
    epochs: int
    batch_norm: bool

    @property
    def working(self) -> NDArray[np.float64]:
        """Rates at which at least half of the networks train."""
        return self.rates[self.share >= 0.5]

    @property
    def largest(self) -> float | None:
        """The largest of `working`; None if no rate trains half of the networks."""
        return float(self.working[-1]) if len(self.working) else None

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        who = f"half of {self.networks} networks"
        if self.largest is None:
            return f"no learning rate trains {who}"
        return f"at least {who} train at rates from {self.working[0]:g} to {self.largest:g}"


def rate_range(ensemble: TrainingEnsemble, *, below: float = 0.2) -> RateRange:
    """Count which networks train, by the learning rate in which they differ.

    What counts is the loss that gradient descent itself lowers: with batch norm that of training
    mode. The loss of inference lags behind it by as much as the moving moments do, which is
    another matter.

    Parameters
    ----------
    ensemble : TrainingEnsemble
        With several members for each learning rate.
    below : float
        Loss at which a network counts as trained; one that diverged does not.

    Raises
    ------
    ValueError
        If `below` is not a positive number.
    """
    if not 0 < below < np.inf:
        raise ValueError(f"below must be a positive loss, got {below!r}")
    rates, group = np.unique(ensemble.learning_rate, return_inverse=True)
    trained = (ensemble.loss_in_training[:, -1] < below) & ~ensemble.diverged
    counts = np.bincount(group)
    share = np.bincount(group, weights=trained) / counts
    return RateRange(
        rates=rates,
        share=share,
        standard_error=np.sqrt(share * (1 - share) / counts),
        networks=int(counts.min()),
        level=float(below),
        epochs=int(ensemble.epochs[-1]),
        batch_norm=bool(ensemble.spec.normalized_layers),
    )

"""Trained networks by depth and gain, and by width."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import words
from nnhelpers.training.ensembles import TrainingEnsemble


@dataclass(frozen=True, kw_only=True)
class DepthMap:
    """Accuracy of trained networks of several depths and gains.

    Attributes
    ----------
    depths, gains : arrays of shape (n_depths,) and (n_gains,)
        Hidden layers and gains of the initial kernels, ascending.
    accuracy : array of shape (n_depths, n_gains)
        Median over the networks of one depth and gain; a diverged one counts as 0.
    networks : int
        Number of all networks.
    chance : float
        Share of the largest class.
    law : array of shape (n_gains,) or None
        Largest depth at which a theory expects networks to train.
    """

    depths: NDArray[np.int64]
    gains: NDArray[np.float64]
    accuracy: NDArray[np.float64] = field(repr=False)
    networks: int
    chance: float
    law: NDArray[np.float64] | None = field(default=None, repr=False)

    def trained_share(self, *, above: float) -> float:
        """Share of cells whose median accuracy exceeds a level."""
        return float(np.mean(self.accuracy > above))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        deepest = self.accuracy[-1]
        best = self.gains[np.argmax(deepest)]
        return (
            f"{self.networks} networks of {self.depths[0]} to {self.depths[-1]} layers; the "
            f"deepest learn best near gain {best:.3g}, {words.percent(deepest.max())}"
        )


def depth_map(ensembles: Sequence[TrainingEnsemble], *, law: ArrayLike | None = None) -> DepthMap:
    """Arrange ensembles of different depths, each with the same gains, as a map.

    `law` holds a theory's largest trainable depth for each of the sorted gains. Raises
    ``ValueError`` if depths repeat, gains differ, or the law has another shape.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4, 4)), datasets.load_circles()
    >>> many = training.train_many(spec, circles, draws=3, epochs=5, gain=[1, 1, 2])
    >>> training.depth_map([many]).accuracy.shape
    (1, 2)
    """
    ordered = sorted(ensembles, key=lambda ensemble: len(ensemble.spec.units))
    depths = np.array([len(ensemble.spec.units) for ensemble in ordered])
    if not len(depths) or len(set(depths)) < len(depths):
        raise ValueError(f"ensembles must have different depths, got {list(depths)}")
    gains = np.unique(ordered[0].gain)
    for ensemble in ordered[1:]:
        if not np.array_equal(np.unique(ensemble.gain), gains):
            raise ValueError(f"ensembles must have the same gains, got {np.unique(ensemble.gain)}")
    expected = None if law is None else np.asarray(law, dtype=np.float64)
    if expected is not None and expected.shape != gains.shape:
        raise ValueError(f"law must have one depth for each gain, got shape {expected.shape}")
    medians = [
        [np.median(np.nan_to_num(part.final_accuracy)) for part in each.by("gain").values()]
        for each in ordered
    ]
    return DepthMap(
        depths=depths,
        gains=gains,
        accuracy=np.array(medians),
        networks=sum(ensemble.draws for ensemble in ordered),
        chance=ordered[0].dataset.majority_share,
        law=expected,
    )


@dataclass(frozen=True, kw_only=True)
class WidthLosses:
    """Final losses of networks of several widths.

    Attributes
    ----------
    widths : tuple of int
        Units of the hidden layer.
    loss : tuple of arrays of shape (draws,)
        Final loss of each network of a width that did not diverge.
    diverged : int
        Number of networks that diverged.
    """

    widths: tuple[int, ...]
    loss: tuple[NDArray[np.float64], ...] = field(repr=False)
    diverged: int

    def percentiles(self) -> NDArray[np.float64]:
        """5th, 50th and 95th percentile of each width's losses, of shape (n_widths, 3)."""
        return np.array([np.percentile(losses, (5, 50, 95)) for losses in self.loss])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        low, _, high = self.percentiles()[[0, -1]].T
        first, last = (f"{a:.1g} to {b:.1g}" for a, b in zip(low, high, strict=True))
        return (
            f"final loss, 90 % of the networks: {first} with {self.widths[0]} units, "
            f"{last} with {self.widths[-1]}"
        )


def losses_by_width(ensembles: Sequence[TrainingEnsemble]) -> WidthLosses:
    """Collect the final losses of ensembles with one hidden layer of several widths.

    Raises ``ValueError`` if there is no ensemble, or all networks of one diverged.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(8,)), datasets.load_circles()
    >>> training.losses_by_width([training.train_many(spec, circles, draws=2, epochs=5)]).widths
    (8,)
    """
    ordered = sorted(ensembles, key=lambda ensemble: ensemble.spec.units)
    if not ordered:
        raise ValueError("ensembles must hold at least one, got none")
    losses = tuple(ensemble.loss[~ensemble.diverged, -1] for ensemble in ordered)
    if not all(map(len, losses)):
        raise ValueError("ensembles must each have a network that did not diverge, one has none")
    return WidthLosses(
        widths=tuple(ensemble.spec.units[0] for ensemble in ordered),
        loss=losses,
        diverged=int(sum(ensemble.diverged.sum() for ensemble in ordered)),
    )

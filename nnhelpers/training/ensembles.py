"""Many networks trained side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnhelpers import datasets, networks, words
from nnhelpers.checks import check_between, check_kind, check_one_of
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training.layer_histories import active_fractions
from nnhelpers.training.results import TrainingRun, checked_index, sent

# The settings in which the networks of an ensemble may differ.
MEMBER_SETTINGS = ("offset", "scale", "learning_rate", "gain", "l1", "l2", "dropout")
# Other attributes that begin with an axis of networks.
_MEASURED = ("loss", "accuracy", "training_loss", "diverged_step", "initial_weights", "weights")


@dataclass(frozen=True, kw_only=True)
class TrainingEnsemble:
    """Many networks of one architecture, trained side by side.

    Attributes
    ----------
    spec : MLPSpec
    dataset : Dataset
        The data before each member's scale and offset.
    optimizer : str
    offset, scale, learning_rate, gain, l1, l2, dropout : arrays of shape (draws,)
        Member i saw ``scale[i] * X + offset[i]`` and started from kernels times ``gain[i]``.
        Dropout is 0 here if `spec` gives the layers different rates, which then hold.
    epochs : array of shape (snapshots,)
    loss, accuracy : arrays of shape (draws, snapshots)
        As in `TrainingRun`.
    training_loss : array of shape (draws, snapshots) or None
        As in `TrainingRun`.
    initial_weights, weights : Weights
        Arrays with a leading axis of draws, before and after training.
    first_snapshots : Weights or None
        Weights of network 0 at each of `epochs`; None without network 0.
    diverged_step : array of shape (draws,)
        First step after which a weight was not finite; 0 for members that did not diverge.
    """

    spec: MLPSpec
    dataset: Dataset
    optimizer: str
    offset: NDArray[np.float64]
    scale: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    gain: NDArray[np.float64]
    l1: NDArray[np.float64]
    l2: NDArray[np.float64]
    dropout: NDArray[np.float64]
    epochs: NDArray[np.int64]
    loss: NDArray[np.float64] = field(repr=False)
    accuracy: NDArray[np.float64] = field(repr=False)
    initial_weights: Weights = field(repr=False)
    weights: Weights = field(repr=False)
    diverged_step: NDArray[np.int64] = field(repr=False)
    training_loss: NDArray[np.float64] | None = field(default=None, repr=False)
    first_snapshots: Weights | None = field(default=None, repr=False)

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.loss)

    @property
    def final_accuracy(self) -> NDArray[np.float64]:
        """Accuracy at the end, of shape (draws,)."""
        return self.accuracy[:, -1]

    @property
    def loss_in_training(self) -> NDArray[np.float64]:
        """`training_loss`, or `loss` without batch norm, of shape (draws, snapshots)."""
        return self.loss if self.training_loss is None else self.training_loss

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Whether a weight or the loss became infinite or NaN, of shape (draws,)."""
        return (self.diverged_step > 0) | ~np.isfinite(self.loss[:, -1])

    @property
    def diverged_share(self) -> float:
        """Share of networks that diverged."""
        return float(np.mean(self.diverged))

    def share_above(self, threshold: float) -> float:
        """Share of networks whose final accuracy exceeds `threshold`; diverged ones do not."""
        check_between(0, 1, threshold=threshold)
        return float(np.mean(self.final_accuracy > threshold))

    def escape_epochs(self, *, below: float) -> NDArray[np.float64]:
        """First recorded epoch with a loss below a level, or infinity, of shape (draws,)."""
        left = self.loss < below
        return np.where(left.any(axis=1), self.epochs[left.argmax(axis=1)], np.inf)

    def by(self, setting: str) -> dict[float, "TrainingEnsemble"]:
        """Group the networks by a setting from "offset" to "dropout", or raise ``ValueError``."""
        check_one_of(MEMBER_SETTINGS, setting=setting)
        given = getattr(self, setting)
        return {float(each): self._part(given == each) for each in np.unique(given)}

    def _part(self, kept: NDArray[np.bool_]) -> "TrainingEnsemble":
        own = _over_members(lambda array: array[kept], self)
        return replace(self, **own, first_snapshots=self.first_snapshots if kept[0] else None)

    def active_fraction(self, *, layer: int = 0, trained: bool = True) -> NDArray[np.float64]:
        """Share of the data on which each unit of a hidden layer is active, (draws, units).

        Layer 0 is the first hidden one. With the final weights, NaN for members that diverged, or
        with the initial ones if `trained` is False.
        """
        layer = checked_index(layer, size=len(self.spec.units), argument="layer")
        if trained:
            return self._active_fractions[layer]
        return self._fractions_of(self.initial_weights, known=np.ones(self.draws, bool))[layer]

    def dead_share(self) -> NDArray[np.float64]:
        """Share of hidden units that no example activates after training, of shape (draws,).

        NaN for members that diverged. Unless the activation is flat below zero, such units still
        get a gradient.
        """
        dead = np.mean(np.concatenate(self._active_fractions, axis=1) == 0, axis=1)
        return np.where(self.diverged, np.nan, dead)

    @cached_property
    def _active_fractions(self) -> tuple[NDArray[np.float64], ...]:
        return self._fractions_of(self.weights, known=~self.diverged)

    def _fractions_of(
        self, weights: Weights, *, known: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], ...]:
        alike = np.ptp(self.offset) == np.ptp(self.scale) == 0
        seen = [self._seen_by(i, self.dataset).X for i in range(1 if alike else self.draws)]
        X = np.array(seen[0] if alike else seen, dtype=np.float32)
        return active_fractions(X, spec=self.spec, weights=weights, known=known)

    def _seen_by(self, i: int, dataset: Dataset) -> Dataset:
        """Return the data as network i sees them, ``scale * X + offset``."""
        scale, offset = float(self.scale[i]), float(self.offset[i])
        scaled = dataset if scale == 1 else datasets.rescale(dataset, scale)
        return scaled if offset == 0 else datasets.shift(scaled, offset)

    def accuracy_on(self, dataset: Dataset) -> NDArray[np.float64]:
        """Accuracy of each trained network on other data, of shape (draws,); NaN if diverged.

        The data are those before each member's scale and offset. Raises ``TypeError`` or
        ``ValueError`` if they are no dataset or the network has no outputs for their classes.
        """
        check_kind(Dataset, dataset=dataset)
        networks.checked_classes(
            dataset.y, n_examples=dataset.n_examples, n_outputs=self.spec.n_outputs
        )
        correct = np.full(self.draws, np.nan)
        for i in np.flatnonzero(~self.diverged):
            passed = sent(self._seen_by(i, dataset).X, weights=self.weights[i], spec=self.spec)
            correct[i] = np.mean(networks.predicted_classes(passed.logits) == dataset.y)
        return correct

    def first_run(self) -> TrainingRun:
        """Return network 0 with all snapshots; raise ``ValueError`` if it is not recorded."""
        if self.first_snapshots is None:
            raise ValueError("first_snapshots must hold the weights of network 0, got None")
        return self._run(0, slice(None), self.first_snapshots)

    def run(self, i: int) -> TrainingRun:
        """Return network i as a run of two snapshots, before and after training."""
        i = checked_index(i, size=self.draws, argument="i")
        ends = self.initial_weights[i].map(lambda *pair: np.stack(pair), self.weights[i])
        return self._run(i, [0, -1], ends)

    def _run(self, i: int, moments: slice | list[int], weights: Weights) -> TrainingRun:
        return TrainingRun(
            spec=self.spec,
            dataset=self._seen_by(i, self.dataset),
            optimizer=self.optimizer,
            learning_rate=float(self.learning_rate[i]),
            seed=None,
            epochs=self.epochs[moments],
            loss=self.loss[i, moments],
            accuracy=self.accuracy[i, moments],
            training_loss=None if self.training_loss is None else self.training_loss[i, moments],
            weights=weights,
            diverged_step=int(self.diverged_step[i]) or None,
        )

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        lost = f", {words.percent(self.diverged_share)} diverged" if self.diverged_share else ""
        learned = self.final_accuracy[np.isfinite(self.final_accuracy)]
        median = np.median(learned) if len(learned) else np.nan
        return f"{self.draws:,} networks: median accuracy {words.percent(median)}{lost}"


def join(ensembles: Sequence[TrainingEnsemble]) -> TrainingEnsemble:
    """Join several ensembles into one.

    Raises ``ValueError`` if there is none, or they differ in specification, data, optimizer or
    epochs.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec, circles = networks.MLPSpec(units=(4,)), datasets.load_circles()
    >>> parts = [training.train_many(spec, circles, draws=3, epochs=5, seed=k) for k in (0, 1)]
    >>> training.join(parts).draws
    6
    """
    if not ensembles:
        raise ValueError("ensembles must hold at least one ensemble, got none")
    first, *others = ensembles
    alike = {
        "specification": lambda one: one.spec == first.spec,
        "dataset": lambda one: (
            np.array_equal(one.dataset.X, first.dataset.X)
            and np.array_equal(one.dataset.y, first.dataset.y)
        ),
        "optimizer": lambda one: one.optimizer == first.optimizer,
        "list of epochs": lambda one: np.array_equal(one.epochs, first.epochs),
    }
    for what, agrees in alike.items():
        if not all(map(agrees, others)):
            raise ValueError(f"ensembles must share one {what}, got two")
    joined = _over_members(lambda *arrays: np.concatenate(arrays), first, *others)
    return replace(first, **joined)


def _over_members(function: Callable[..., NDArray], *ensembles: TrainingEnsemble) -> dict:
    """Apply a function to each array that begins with an axis of networks."""
    found = {}
    for name in (*MEMBER_SETTINGS, *_MEASURED):
        first, *others = (getattr(each, name) for each in ensembles)
        if isinstance(first, Weights):
            found[name] = first.map(function, *others)
        elif first is not None:
            found[name] = function(first, *others)
    return found

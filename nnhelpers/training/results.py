"""One network's training, its snapshots, and one example inside a snapshot."""

from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures, networks, words
from nnhelpers.checks import check_between
from nnhelpers.datasets import Dataset
from nnhelpers.networks import ForwardPass, MLPSpec, Weights

# Points along each axis of a response, and its reach (standard deviations of the data).
_RESOLUTION, _MARGIN = 121, 3.2


class Response(NamedTuple):
    """The network's probability of class 1 on a grid around the data, of shape (121, 121).

    Its rows follow the axis x1, its columns x0; each axis has shape (121,).
    """

    x0: NDArray[np.float64]
    x1: NDArray[np.float64]
    probability: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class NetworkSnapshot:
    """One network at one moment of its training.

    Attributes
    ----------
    spec : MLPSpec
    dataset : Dataset
        The data as the network sees them.
    epoch : int
        0 is untrained.
    loss, accuracy : float
        As in `TrainingRun`.
    weights : Weights
    forward : ForwardPass
        The data passed through the network.
    feature_range : float or None
        If the last hidden layer has two units: the largest length of an example's activations
        there over the whole run, so that pictures of all snapshots share a scale.
    """

    spec: MLPSpec
    dataset: Dataset
    epoch: int
    loss: float
    accuracy: float
    weights: Weights
    forward: ForwardPass = field(repr=False)
    feature_range: float | None

    @property
    def diverged(self) -> bool:
        """Whether the loss is infinite or NaN."""
        return not np.isfinite(self.loss)

    @cached_property
    def active_fraction(self) -> tuple[NDArray[np.float64], ...]:
        """Share of the data on which each unit is active, (units,) per hidden layer.

        NaN if the network diverged.
        """
        if self.diverged:
            return tuple(np.full(units, np.nan) for units in self.spec.units)
        return tuple(measures.active_fraction(z) for z in self.forward.pre_activations)

    def status_count(self, status: str) -> int:
        """Number of hidden units of a status (`measures.STATUSES`); 0 if the network diverged."""
        if self.diverged:
            return 0
        return sum(int((measures.unit_status(f) == status).sum()) for f in self.active_fraction)

    def response(self) -> Response:
        """Evaluate the network on a square grid, 3.2 standard deviations to each side of the data.

        Raises ``ValueError`` unless the data have two features and the network one output.
        """
        if self.dataset.n_features != 2 or self.spec.n_outputs != 1:
            raise ValueError(
                "response needs two features and one output, got "
                f"{self.dataset.n_features} and {self.spec.n_outputs}"
            )
        middle = self.dataset.X.mean(axis=0)
        half = _MARGIN * np.sqrt(self.dataset.X.var(axis=0).mean())
        x0, x1 = (np.linspace(m - half, m + half, _RESOLUTION) for m in middle)
        grid = np.stack(np.meshgrid(x0, x1), axis=-1).reshape(-1, 2)
        logits = sent(grid, weights=self.weights, spec=self.spec).logits
        probability = networks.probabilities(logits).reshape(_RESOLUTION, -1)
        return Response(x0=x0, x1=x1, probability=probability)

    def example(self, index: int) -> "ExampleView":
        """Return one example's view of the network; raise ``ValueError`` if there is none."""
        index = checked_index(index, size=self.dataset.n_examples, argument="index")
        return ExampleView(snapshot=self, index=index)

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if self.diverged:
            return f"epoch {self.epoch:,}: diverged"
        counts = ", ".join(f"{self.status_count(s)} {s}" for s in measures.STATUSES)
        return f"epoch {self.epoch:,}: accuracy {words.percent(self.accuracy)}, units: {counts}"


@dataclass(frozen=True, kw_only=True)
class ExampleView:
    """The activations of one example, a row of the data, in a network."""

    snapshot: NetworkSnapshot
    index: int

    @property
    def pre_activations(self) -> list[NDArray]:
        """Pre-activations of the example, (units,) per hidden layer."""
        return [z[self.index] for z in self.snapshot.forward.pre_activations]

    @property
    def activations(self) -> list[NDArray]:
        """Activations of the example, (units,) per hidden layer."""
        return [a[self.index] for a in self.snapshot.forward.activations]

    @property
    def probability(self) -> float:
        """The network's probability of class 1."""
        return float(networks.probabilities(self.snapshot.forward.logits)[self.index, 0])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if self.snapshot.diverged:
            return f"example {self.index}: diverged"
        active = sum(int((z > 0).sum()) for z in self.pre_activations)
        total = sum(self.snapshot.spec.units)
        return f"example {self.index}: {active} of {total} units active, p = {self.probability:.1f}"


@dataclass(frozen=True, kw_only=True)
class TrainingRun:
    """One network's training, with snapshots from epoch 0 on.

    Attributes
    ----------
    spec : MLPSpec
    dataset : Dataset
        The data as the network saw them, offset and scale applied.
    optimizer, learning_rate : str, float
    seed : int or None
        None for a member of an ensemble.
    epochs : array of shape (snapshots,)
        The first is 0, untrained.
    loss, accuracy : arrays of shape (snapshots,)
        On all training data, in inference mode. The loss has the weights of classes and examples
        but no penalties; accuracy is NaN for the squared error and once the run has diverged.
    training_loss : array of shape (snapshots,) or None
        The loss in training mode, all data as one batch; None without batch norm.
    weights : Weights
        Arrays with a leading axis of snapshots.
    diverged_step : int or None
        First step after which a weight was not finite.
    """

    spec: MLPSpec
    dataset: Dataset
    optimizer: str
    learning_rate: float
    seed: int | None
    epochs: NDArray[np.int64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    weights: Weights = field(repr=False)
    diverged_step: int | None
    training_loss: NDArray[np.float64] | None = field(default=None, repr=False)

    @property
    def diverged(self) -> bool:
        """Whether a weight or the loss became infinite or NaN."""
        return self.diverged_step is not None or not np.isfinite(self.loss[-1])

    def snapshot(self, index: int = -1) -> NetworkSnapshot:
        """Return the network at one of `epochs`, by index."""
        index = checked_index(index, size=len(self.epochs), argument="index")
        weights = self.weights[index]
        return NetworkSnapshot(
            spec=self.spec,
            dataset=self.dataset,
            epoch=int(self.epochs[index]),
            loss=float(self.loss[index]),
            accuracy=float(self.accuracy[index]),
            weights=weights,
            forward=sent(self.dataset.X, weights=weights, spec=self.spec),
            feature_range=self._feature_range if self.spec.units[-1:] == (2,) else None,
        )

    @cached_property
    def _feature_range(self) -> float:
        """Largest length of an example's last hidden activations, over all finite snapshots."""
        features = sent(self.dataset.X, weights=self.weights, spec=self.spec).activations[-1]
        with np.errstate(invalid="ignore", over="ignore"):
            lengths = np.linalg.norm(features, axis=-1).max(axis=-1)
        known = lengths[np.isfinite(lengths)]
        return float(known.max()) if len(known) else 1.0

    def model(self, index: int = -1) -> "keras.Sequential":  # noqa: F821
        """Return a Keras model with the weights of one snapshot, by index."""
        index = checked_index(index, size=len(self.epochs), argument="index")
        from nnhelpers import models  # imports Keras

        return models.model_from_weights(self.spec, self.weights[index])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if self.diverged:
            return f"diverged at step {self.diverged_step:,}" if self.diverged_step else "diverged"
        return f"accuracy {words.percent(self.accuracy[-1])} after {self.epochs[-1]:,} epochs"


def sent(X: NDArray, *, weights: Weights, spec: MLPSpec) -> ForwardPass:
    """Pass examples through networks without warnings if the weights have diverged.

    Examples
    --------
    >>> spec = MLPSpec(units=(4,))
    >>> sent(np.eye(2), weights=networks.draw(spec, n_features=2, draws=5), spec=spec).logits.shape
    (5, 2, 1)
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return networks.forward_pass(X, weights, activation=spec.activation)


def checked_index(index: int, *, size: int, argument: str) -> int:
    """Return an index counted from the front; ``TypeError`` or ``ValueError`` if it is invalid.

    Examples
    --------
    >>> checked_index(-1, size=4, argument="layer")
    3
    """
    if not isinstance(index, Integral) or isinstance(index, bool):
        raise TypeError(f"{argument} must be a whole number, got {index!r}")
    check_between(-size, size - 1, **{argument: index})
    return index % size

"""One network's training, with its snapshots."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks, words
from nnhelpers.datasets import Dataset
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.training.snapshots import NetworkSnapshot, checked_index


@dataclass(frozen=True, kw_only=True)
class TrainingRun:
    """One network's training, with snapshots from epoch 0 on.

    Attributes
    ----------
    spec : MLPSpec
    dataset : Dataset
        The data as the network saw them, offset and scale applied.
    optimizer : str
    learning_rate : float
    seed : int or None
        None for a member of an ensemble.
    epochs : array of shape (snapshots,)
        The first is 0, untrained.
    loss, accuracy : arrays of shape (snapshots,)
        On all training data, in inference mode; accuracy is NaN once the run has diverged.
    training_loss : array of shape (snapshots,) or None
        The same with batch norm in training mode, all data as one batch; None without batch
        norm, where both modes are one.
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
        """Whether a weight or the loss is no longer a finite number."""
        return self.diverged_step is not None or not np.isfinite(self.loss[-1])

    def snapshot(self, index: int = -1) -> NetworkSnapshot:
        """Return the network at one of `epochs`; the last unless told.

        Raises
        ------
        ValueError
            If there is no snapshot of that index.
        """
        index = checked_index(index, size=len(self.epochs), argument="index")
        weights = self.weights[index]
        with np.errstate(invalid="ignore", over="ignore"):
            passed = networks.forward_pass(self.dataset.X, weights, activation=self.spec.activation)
        return NetworkSnapshot(
            spec=self.spec,
            dataset=self.dataset,
            epoch=int(self.epochs[index]),
            loss=float(self.loss[index]),
            accuracy=float(self.accuracy[index]),
            weights=weights,
            forward=passed,
            feature_range=self._feature_range if self.spec.units[-1:] == (2,) else None,
        )

    @cached_property
    def _feature_range(self) -> float:
        """Largest length of an example's last hidden activations, over all finite snapshots."""
        with np.errstate(invalid="ignore", over="ignore"):
            lengths = [
                np.linalg.norm(hidden, axis=-1).max()
                for hidden in map(self._features, range(len(self.epochs)))
            ]
        return float(max((length for length in lengths if np.isfinite(length)), default=1.0))

    def _features(self, index: int) -> NDArray:
        passed = networks.forward_pass(
            self.dataset.X, self.weights[index], activation=self.spec.activation
        )
        return passed.activations[-1] if self.spec.units else self.dataset.X

    def model(self, index: int = -1) -> "keras.Sequential":  # noqa: F821
        """Return a real Keras model with the weights of one snapshot, the last unless told."""
        index = checked_index(index, size=len(self.epochs), argument="index")
        from nnhelpers import models  # Keras, when it is asked for

        return models.model_from_weights(self.spec, self.weights[index])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if self.diverged:
            return f"diverged at step {self.diverged_step:,}" if self.diverged_step else "diverged"
        return f"accuracy {words.percent(self.accuracy[-1])} after {self.epochs[-1]:,} epochs"

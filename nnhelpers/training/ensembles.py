"""Many networks trained side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import forward, measures, models
from nnhelpers.datasets import Dataset
from nnhelpers.forward import Weights
from nnhelpers.measures import Curve
from nnhelpers.models import MLPSpec
from nnhelpers.models.backend import keras
from nnhelpers.training.results import TrainingRun
from nnhelpers.training.snapshots import checked_index

_SETTING_LABELS = {
    "offset": "offset of the data",
    "scale": "scale of the data",
    "learning_rate": "learning rate",
    "gain": "gain of the initial kernels",
}


@dataclass(frozen=True, kw_only=True)
class TrainingEnsemble:
    """Many networks of one architecture, trained side by side.

    Attributes
    ----------
    spec : MLPSpec
    dataset : Dataset
        The data before each member's scale and offset.
    optimizer : str
    offset, scale, learning_rate, gain : arrays of shape (draws,)
        Member i saw ``scale[i] * X + offset[i]`` and started from kernels times ``gain[i]``.
    epochs : array of shape (snapshots,)
    loss, accuracy : arrays of shape (draws, snapshots)
        On all training data; accuracy is NaN once a member has diverged.
    initial_weights, weights : Weights
        Arrays with a leading axis of draws, before and after training.
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
    epochs: NDArray[np.int64]
    loss: NDArray[np.float64] = field(repr=False)
    accuracy: NDArray[np.float64] = field(repr=False)
    initial_weights: Weights = field(repr=False)
    weights: Weights = field(repr=False)
    diverged_step: NDArray[np.int64] = field(repr=False)

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.loss)

    @property
    def final_accuracy(self) -> NDArray[np.float64]:
        """Accuracy at the end, of shape (draws,)."""
        return self.accuracy[:, -1]

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Whether a weight or the loss is no longer a finite number, of shape (draws,)."""
        return (self.diverged_step > 0) | ~np.isfinite(self.loss[:, -1])

    @property
    def diverged_share(self) -> float:
        """Share of networks that diverged."""
        return float(np.mean(self.diverged))

    def share_above(self, threshold: float) -> float:
        """Share of networks whose final accuracy exceeds `threshold`; diverged ones do not."""
        return float(np.mean(self.final_accuracy > threshold))

    def learning_curve(self, setting: str, *, threshold: float) -> Curve:
        """Share of networks whose final accuracy exceeds `threshold`, against a setting.

        Parameters
        ----------
        setting : str
            "offset", "scale", "learning_rate" or "gain", with several members for each value.
        threshold : float
            Accuracy (share).

        Raises
        ------
        ValueError
            If there is no such setting.
        """
        if setting not in _SETTING_LABELS:
            raise ValueError(f"setting must be one of {[*_SETTING_LABELS]}, got {setting!r}")
        values = getattr(self, setting)
        x = np.unique(values)
        learned = self.final_accuracy > threshold
        share = np.array([learned[values == value].mean() for value in x])
        count = np.array([(values == value).sum() for value in x])
        return Curve(
            x=x,
            y=share,
            standard_error=np.sqrt(share * (1 - share) / count),
            title="How likely is learning?",
            caption=f"share of {count.min():,} networks above {threshold:.0%} accuracy",
            x_label=_SETTING_LABELS[setting],
            y_label="share that learn",
        )

    def active_fraction(self, *, trained: bool = True) -> NDArray[np.float64]:
        """Share of the data on which each unit of the first hidden layer is active.

        Parameters
        ----------
        trained : bool
            Whether to use the final weights, not the initial ones.

        Returns
        -------
        array of shape (draws, units)
            NaN after training for members that diverged.
        """
        weights = self.weights if trained else self.initial_weights
        pairs = zip(weights.kernels[0], weights.biases[0], strict=True)
        seen = zip(self._seen(self.dataset), pairs, strict=True)
        with np.errstate(invalid="ignore", over="ignore"):
            active = np.stack(
                [np.mean(X @ kernel + bias > 0, axis=0) for X, (kernel, bias) in seen]
            )
        return np.where(self.diverged[:, np.newaxis], np.nan, active) if trained else active

    def accuracy_on(self, dataset: Dataset) -> NDArray[np.float64]:
        """Accuracy of each trained network on other data, of shape (draws,); NaN where diverged.

        The data are given as `dataset` was: before each member's scale and offset.
        """
        seen = enumerate(self._seen(dataset))
        with np.errstate(invalid="ignore", over="ignore"):
            logits = [
                forward.forward_pass(X, self.weights[i], activation=self.spec.activation).logits
                for i, X in seen
            ]
        correct = np.mean(forward.predicted_classes(np.stack(logits)) == dataset.y, axis=1)
        return np.where(self.diverged, np.nan, correct)

    def run(self, i: int) -> TrainingRun:
        """Return network i as a run of two snapshots, before and after training.

        Raises
        ------
        ValueError
            If there is no network i.
        """
        i = checked_index(i, size=self.draws, argument="i")
        ends = zip(self.initial_weights[i].to_list(), self.weights[i].to_list(), strict=True)
        return TrainingRun(
            spec=self.spec,
            dataset=replace(self.dataset, X=self.scale[i] * self.dataset.X + self.offset[i]),
            optimizer=self.optimizer,
            learning_rate=float(self.learning_rate[i]),
            seed=None,
            epochs=self.epochs[[0, -1]],
            loss=self.loss[i, [0, -1]],
            accuracy=self.accuracy[i, [0, -1]],
            weights=Weights.from_list([np.stack(pair) for pair in ends]),
            diverged_step=int(self.diverged_step[i]) or None,
        )

    def model(self, i: int) -> keras.Sequential:
        """Return network i as a real Keras model; it takes ``scale[i] * X + offset[i]``.

        Raises
        ------
        ValueError
            If there is no network i.
        """
        i = checked_index(i, size=self.draws, argument="i")
        return models.model_from_weights(self.spec, self.weights[i])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        diverged = (
            f", {measures.about(self.diverged_share)} diverged" if self.diverged_share else ""
        )
        return (
            f"{self.draws:,} networks: median accuracy {measures.about(self._median())}{diverged}"
        )

    def _median(self) -> float:
        learned = self.final_accuracy[np.isfinite(self.final_accuracy)]
        return float(np.median(learned)) if len(learned) else float("nan")

    def _seen(self, dataset: Dataset):
        pairs = zip(self.scale, self.offset, strict=True)
        return (scale * dataset.X + offset for scale, offset in pairs)


_PER_MEMBER = ("offset", "scale", "learning_rate", "gain", "loss", "accuracy", "diverged_step")


def join(ensembles: Sequence[TrainingEnsemble]) -> TrainingEnsemble:
    """Put the networks of several ensembles of one kind into one.

    Raises
    ------
    ValueError
        If there is no ensemble, or they differ in specification or epochs.
    """
    if not ensembles:
        raise ValueError("ensembles must hold at least one ensemble, got none")
    first = ensembles[0]
    for other in ensembles[1:]:
        if other.spec != first.spec or not np.array_equal(other.epochs, first.epochs):
            raise ValueError("ensembles must share one specification and one list of epochs")
    arrays = {
        name: np.concatenate([getattr(part, name) for part in ensembles]) for name in _PER_MEMBER
    }
    return replace(
        first,
        **arrays,
        initial_weights=_joined_weights([part.initial_weights for part in ensembles]),
        weights=_joined_weights([part.weights for part in ensembles]),
    )


def _joined_weights(parts: Sequence[Weights]) -> Weights:
    lists = zip(*(part.to_list() for part in parts), strict=True)
    return Weights.from_list([np.concatenate(arrays) for arrays in lists])

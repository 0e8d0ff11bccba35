"""Histories of a run's layers, from one snapshot to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.checks import check_kind
from nnhelpers.networks import ForwardPass, MLPSpec, Weights
from nnhelpers.training.results import TrainingRun


def measured(
    X: NDArray,
    *,
    spec: MLPSpec,
    weights: Weights,
    known: NDArray[np.bool_],
    read: Callable[[ForwardPass], Sequence[NDArray]],
    training: bool = False,
) -> NDArray[np.float64]:
    """Measure networks like `networks.measure`; networks that are not `known` give NaN.

    Examples
    --------
    >>> spec, known = networks.MLPSpec(units=(4,)), np.array([True] * 5)
    >>> of = {"spec": spec, "weights": networks.draw(spec, n_features=2, draws=5), "known": known}
    >>> measured(np.eye(2), read=lambda passed: [passed.logits.max((1, 2))], **of).shape
    (5, 1)
    """
    safe = weights.map(lambda a: np.where(known.reshape(-1, *[1] * (a.ndim - 1)), a, 0))
    look = {"activation": spec.activation, "by_layer": {"read": read}, "training": training}
    found = networks.measure(X, safe, **look)["read"].astype(np.float64)
    found[~known] = np.nan
    return found


def active_fractions(
    X: NDArray, *, spec: MLPSpec, weights: Weights, known: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], ...]:
    """Share of the data on which each unit is active, (networks, units) per layer.

    NaN for networks that are not `known`.

    Examples
    --------
    >>> spec, known = networks.MLPSpec(units=(4, 3)), np.array([True] * 5)
    >>> weights = networks.draw(spec, n_features=2, draws=5)
    >>> active_fractions(np.eye(2), spec=spec, weights=weights, known=known)[1].shape
    (5, 3)
    """

    def of_all_units(passed: ForwardPass) -> list[NDArray]:
        layers = [np.mean(z > 0, axis=-2) for z in passed.pre_activations]
        return [np.concatenate(layers, axis=-1)]

    of = {"spec": spec, "weights": weights, "known": known}
    fractions = measured(X, read=of_all_units, **of)[:, 0]
    return tuple(np.split(fractions, np.cumsum(spec.units)[:-1], axis=1))


@dataclass(frozen=True, kw_only=True)
class LayerHistory:
    """Mean and spread of each hidden layer's outputs over a run's snapshots.

    Attributes
    ----------
    run : TrainingRun
    mean, spread : arrays of shape (snapshots, layers)
        Mean over units and examples, and standard deviation over the examples (mean over units),
        of the layer's outputs: the activations, or batch norm of them. NaN once the run has
        diverged.
    """

    run: TrainingRun
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"{self.run.spec.activation} layers: {self.run.summary()}"


def layer_history(run: TrainingRun, *, training: bool = False) -> LayerHistory:
    """Compute the mean and spread of each hidden layer's outputs at each snapshot of a run.

    If `training`, batch norm uses the moments of all the data as one batch, not the moving ones.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, figure 2, https://proceedings.mlr.press/v9/glorot10a.html.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(4, 3)), datasets.load_circles(), epochs=2)
    >>> training.layer_history(run).mean.shape
    (3, 2)
    """
    check_kind(TrainingRun, run=run)

    def moments(passed: ForwardPass) -> list[NDArray]:
        means = ((a.mean(axis=(1, 2)), a.std(axis=1).mean(axis=1)) for a in passed.outputs)
        return [np.stack(pair, axis=-1) for pair in means]

    X = run.dataset.X.astype(np.float32)
    of = {"spec": run.spec, "weights": run.weights, "known": np.isfinite(run.loss)}
    found = measured(X, read=moments, training=training, **of)
    return LayerHistory(run=run, mean=found[..., 0], spread=found[..., 1])


@dataclass(frozen=True, kw_only=True)
class LayerMoments:
    """Each hidden layer's mean and spread over a run's snapshots, in both modes of batch norm.

    Attributes
    ----------
    inference, training : LayerHistory
        With the moving moments, and with those of all the data as one batch.
    """

    inference: LayerHistory
    training: LayerHistory

    @property
    def epochs(self) -> NDArray[np.int64]:
        """Epochs of the snapshots, of shape (snapshots,)."""
        return self.inference.run.epochs

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        sentences = []
        for mode, history in {"inference": self.inference, "training": self.training}.items():
            ends = (history.mean[-1, -1], history.spread[-1, -1])
            # The sum turns a rounded -0.0 into 0.0.
            mean, spread = (round(float(end), 1) + 0.0 for end in ends)
            found = f"mean {mean:.1f}, standard deviation {spread:.1f}"
            sentences.append(f"in {mode} mode the last layer ends at {found}")
        return "; ".join(sentences)


def layer_moments(run: TrainingRun) -> LayerMoments:
    """Compute each hidden layer's mean and spread over a run, in inference and in training mode.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(4,)), datasets.load_circles(), epochs=2)
    >>> training.layer_moments(run).epochs
    array([0, 1, 2])
    """
    return LayerMoments(inference=layer_history(run), training=layer_history(run, training=True))


@dataclass(frozen=True, kw_only=True)
class UpdateHistory:
    """The size of each kernel's updates, relative to its weights.

    Attributes
    ----------
    activation, optimizer : str
    epochs : array of shape (snapshots - 1,)
        End of each update.
    update_to_weight_ratio : array of shape (snapshots - 1, layers)
        rms(update) / rms(weight before it), the output layer last; NaN if all weights are zero or
        not finite.
    """

    activation: str
    optimizer: str
    epochs: NDArray[np.int64]
    update_to_weight_ratio: NDArray[np.float64]

    @property
    def layers(self) -> int:
        """Number of kernels, including the output's."""
        return self.update_to_weight_ratio.shape[1]

    @property
    def median(self) -> NDArray[np.float64]:
        """Median of each layer's finite ratios, of shape (layers,)."""
        columns = (ratio[np.isfinite(ratio)] for ratio in self.update_to_weight_ratio.T)
        return np.array([np.median(ratio) if len(ratio) else np.nan for ratio in columns])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        ends = {"layer 1": self.median[0], "the output layer": self.median[-1]}
        said = ", ".join(f"{_rough(ratio)} in {name}" for name, ratio in ends.items())
        return f"{self.activation}, {self.optimizer}: median update to weight {said}"


def update_ratios(run: TrainingRun) -> UpdateHistory:
    """Compare a run's updates from snapshot to snapshot with the weights before them.

    With a snapshot after every step these are single updates, otherwise sums of several. Raises
    ``ValueError`` if the run has fewer than two snapshots.

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
    """Write a ratio to one digit, which does not depend on the processor."""
    return "none" if np.isnan(ratio) else f"{float(f'{ratio:.0e}'):g}"

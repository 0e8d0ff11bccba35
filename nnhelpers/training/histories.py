"""What a run's layers and units did while it trained, from one snapshot to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, measures, networks, words
from nnhelpers.checks import check_kind
from nnhelpers.networks import ForwardPass, MLPSpec, Weights
from nnhelpers.training.results import TrainingRun


def measured(
    X: NDArray,
    *,
    spec: MLPSpec,
    weights: Weights,
    read: Callable[[ForwardPass], Sequence[NDArray]],
    known: NDArray[np.bool_],
    training: bool = False,
) -> NDArray[np.float64]:
    """Measure networks as `networks.measure` does; those that are not known are NaN.

    Examples
    --------
    >>> spec, known = networks.MLPSpec(units=(4,)), np.array([True] * 5)
    >>> of = {"spec": spec, "weights": networks.draw(spec, n_features=2, draws=5), "known": known}
    >>> largest = measured(np.eye(2), read=lambda passed: [passed.logits.max((1, 2))], **of)
    >>> largest.shape
    (5, 1)
    """
    safe = weights.map(lambda a: np.where(known.reshape(-1, *[1] * (a.ndim - 1)), a, 0))
    by_layer = {"read": read}
    found = networks.measure(
        X, safe, activation=spec.activation, by_layer=by_layer, training=training
    )["read"].astype(np.float64)
    found[~known] = np.nan
    return found


def active_fractions(
    X: NDArray, *, spec: MLPSpec, weights: Weights, known: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], ...]:
    """Return the share of the data on which each unit is active, (networks, units) per layer.

    NaN for networks that are not known.

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

    fractions = measured(X, spec=spec, weights=weights, read=of_all_units, known=known)[:, 0]
    return tuple(np.split(fractions, np.cumsum(spec.units)[:-1], axis=1))


@dataclass(frozen=True, kw_only=True)
class UnitHistory:
    """On which share of the data each hidden unit is active, over a run's snapshots.

    Attributes
    ----------
    activation : str
    epochs : array of shape (snapshots,)
    active_fraction : tuple of arrays of shape (snapshots, units)
        One per hidden layer; NaN once the run has diverged.
    """

    activation: str
    epochs: NDArray[np.int64]
    active_fraction: tuple[NDArray[np.float64], ...] = field(repr=False)

    @property
    def name_of_inactive(self) -> str:
        """What to call a unit that no example activates: dead, if it gets no gradient then."""
        record = activations.find_activation(self.activation)
        return "never active" if record.derivative(np.array([-1.0])).any() else measures.DEAD

    def inactive_share(self) -> NDArray[np.float64]:
        """Share of each layer's units that no example activates, of shape (snapshots, layers)."""
        shares = [np.mean(layer == 0, axis=1) for layer in self.active_fraction]
        lost = [np.isnan(layer).any(axis=1) for layer in self.active_fraction]
        return np.where(np.stack(lost, axis=1), np.nan, np.stack(shares, axis=1))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, *_, last = self.inactive_share().mean(axis=1)
        if np.isnan(last):
            return "diverged"
        start, end = words.percent(first), words.percent(last)
        return f"{self.name_of_inactive} units: {start} untrained, {end} at the end"


def unit_history(run: TrainingRun) -> UnitHistory:
    """Read off a run on which share of its data each unit is active at each snapshot.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec = networks.MLPSpec(units=(4,))
    >>> run = training.train(spec, datasets.load_circles(), epochs=20, offset=9.0, seed=2)
    >>> training.unit_history(run).summary()
    'dead units: 25% untrained, 25% at the end'
    """
    check_kind(TrainingRun, run=run)
    known = np.isfinite(run.loss)
    fractions = active_fractions(run.dataset.X, spec=run.spec, weights=run.weights, known=known)
    return UnitHistory(activation=run.spec.activation, epochs=run.epochs, active_fraction=fractions)


@dataclass(frozen=True, kw_only=True)
class LayerHistory:
    """What leaves each hidden layer, over a run's snapshots.

    Attributes
    ----------
    run : TrainingRun
    mean, spread : arrays of shape (snapshots, layers)
        Mean over units and examples, and standard deviation over the examples (mean over units),
        of what leaves the layer: of the activations, or of batch norm behind them. NaN once the
        run has diverged.
    """

    run: TrainingRun
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"{self.run.spec.activation} layers: {self.run.summary()}"


def layer_history(run: TrainingRun, *, training: bool = False) -> LayerHistory:
    """Read off a run what leaves each hidden layer at each snapshot.

    In training mode batch norm uses the moments of all the data as one batch, not the moving ones.

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

    X, known = run.dataset.X.astype(np.float32), np.isfinite(run.loss)
    of = {"spec": run.spec, "weights": run.weights, "known": known}
    found = measured(X, read=moments, training=training, **of)
    return LayerHistory(run=run, mean=found[..., 0], spread=found[..., 1])


@dataclass(frozen=True, kw_only=True)
class LayerMoments:
    """What leaves each hidden layer over a run's snapshots, in both modes of batch norm.

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
            words = f"mean {mean:.1f}, standard deviation {spread:.1f}"
            sentences.append(f"in {mode} mode the last layer ends at {words}")
        return "; ".join(sentences)


def layer_moments(run: TrainingRun) -> LayerMoments:
    """Read off a run what leaves each hidden layer, in inference and in training mode.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> run = training.train(networks.MLPSpec(units=(4,)), datasets.load_circles(), epochs=2)
    >>> training.layer_moments(run).epochs
    array([0, 1, 2])
    """
    check_kind(TrainingRun, run=run)
    return LayerMoments(inference=layer_history(run), training=layer_history(run, training=True))

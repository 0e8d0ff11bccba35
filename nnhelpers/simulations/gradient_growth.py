"""Untrained deep networks: how the gradient grows on its way back, with batch norm and without."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, networks, theory
from nnhelpers.initializers import Initializer, describe_initializer
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.draws import check_sizes, checked_features, mean_square, measure_drawn

_CLASSES = 10
# The law's and the fit's: with three examples the mean of 1 / variance is infinite.
_LEAST_BATCH, _LEAST_DEPTH = 4, 3
_SMALLEST = 1e-150


@dataclass(frozen=True, kw_only=True)
class LayerGradients:
    """Size of the gradient in each hidden layer of untrained networks.

    Attributes
    ----------
    deltas : array of shape (draws, depth)
        Root mean square, over examples and units, of the gradient for the pre-activations.
    kernels : array of shape (draws, depth)
        The same for the weights of each hidden layer's kernel.
    """

    deltas: NDArray[np.float64] = field(repr=False)
    kernels: NDArray[np.float64] = field(repr=False)

    @property
    def growths(self) -> NDArray[np.float64]:
        """What a layer multiplies the mean square of `deltas` by, of shape (draws,).

        Fitted to its logarithm in all layers but the last, into which no other hidden layer
        leads.
        """
        logarithms = 2 * np.log(self.deltas[:, :-1])
        steps = np.arange(logarithms.shape[1]) - (logarithms.shape[1] - 1) / 2
        return np.exp(-(logarithms @ steps) / (steps @ steps))

    @property
    def growth(self) -> float:
        """Mean of `growths` over the networks."""
        return float(self.growths.mean())

    @property
    def standard_error(self) -> float:
        """Of the growth; infinite for a single network."""
        draws = len(self.deltas)
        return float(self.growths.std(ddof=1) / np.sqrt(draws)) if draws > 1 else np.inf

    @property
    def relative(self) -> NDArray[np.float64]:
        """`deltas` in units of the last hidden layer's, of shape (draws, depth)."""
        return self.deltas / self.deltas[:, -1:]


@dataclass(frozen=True, kw_only=True)
class GradientGrowth:
    """The gradient by layer with batch norm before every activation, and without any.

    Attributes
    ----------
    activation, initializer : str
        Keras name, and Keras name or description.
    width, batch_size : int
        Units in each hidden layer, and examples in each network's batch.
    normalized, plain : LayerGradients
        Of the same kernels and examples.
    law : float
        What a layer with batch norm multiplies the gradient's mean square by, if layers are wide
        beside the batch; see `nnhelpers.theory.normalized_gradient_growth`. In batches of four or
        five examples a few layers of tiny variance carry this mean, and most networks grow less.
    """

    activation: str
    initializer: str
    width: int
    batch_size: int
    normalized: LayerGradients
    plain: LayerGradients
    law: float

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return self.normalized.deltas.shape[1]

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.normalized.deltas)

    def verdict(self) -> str:
        """Say what one layer does to the gradient's root mean square."""
        roots = [np.sqrt(each) for each in (self.normalized.growth, self.law, self.plain.growth)]
        measured, law, plain = (f"{root:.2f}" for root in roots)
        return f"batch norm × {measured} a layer (law {law}), without × {plain}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        layers = f"{self.depth} {self.activation} layers of {self.width}, {self.initializer}"
        batch = f"batches of {self.batch_size}"
        return f"{layers}, {batch}, the gradient on its way back: {self.verdict()}"


def simulate_gradient_growth(
    X: ArrayLike | None = None,
    *,
    depth: int = 50,
    width: int = 100,
    batch_size: int = 32,
    activation: str = "relu",
    initializer: str | Initializer = "he_normal",
    draws: int = 10,
    seed: int = 0,
) -> GradientGrowth:
    """Send one batch forward and its error back through untrained networks, twice.

    Once with batch norm before every activation, as in training with gamma 1, beta 0 and epsilon
    0.001, and once without. Biases are 0. The batch's classes are ten in turn, whatever the
    examples: before training a network tells none from any other.

    Parameters
    ----------
    X : array of shape (n_examples, n_features), optional
        Every network gets a batch of these; unless given, of N(0, 1) with as many features as a
        layer has units.
    depth, width : int
        Number of hidden layers, at least 3, and units in each.
    batch_size : int
        At least 4.
    activation : str
        Keras name of the hidden layers' activation function.
    initializer : str or Initializer
        Keras name or record.
    draws : int
        Number of networks.

    Returns
    -------
    GradientGrowth

    Raises
    ------
    ValueError, TypeError
        If a size is too small, a name unknown, X not finite numbers of its shape with enough
        examples, or if gradients leave the range from 1e-150 to 1e150.

    References
    ----------
    G. Yang et al., "A mean field theory of batch normalization", 2019,
    https://arxiv.org/abs/1902.08129.
    """
    check_sizes(depth=depth, width=width, batch_size=batch_size, draws=draws)
    _check_least(depth=(depth, _LEAST_DEPTH), batch_size=(batch_size, _LEAST_BATCH))
    record, words = initializers.find_initializer(initializer), describe_initializer(initializer)
    law = theory.normalized_gradient_growth(activation, batch_size=batch_size)
    batches = _batches(X, (draws, batch_size, width), seed)
    spec = MLPSpec(
        units=(width,) * depth,
        activation=activation,
        kernel_initializer=record,
        n_outputs=_CLASSES,
    )
    plain = networks.draw(spec, n_features=batches.shape[-1], draws=draws, seed=seed)
    normalized = networks.with_batch_norm(replace(spec, batch_normalization=True), plain)
    drawn = {"normalized": normalized, "plain": plain}
    return GradientGrowth(
        activation=activation,
        initializer=words,
        width=width,
        batch_size=batch_size,
        law=law,
        **{name: _measured(batches, each, activation, words) for name, each in drawn.items()},
    )


def _batches(X: ArrayLike | None, shape: tuple[int, int, int], seed: int) -> NDArray[np.float64]:
    """One batch for each network, from random numbers that no kernel is drawn from."""
    draws, batch_size, _ = shape
    rng = np.random.default_rng(seed)
    if X is None:
        return rng.standard_normal(shape)
    features = checked_features(X)
    if len(features) < batch_size:
        raise ValueError(
            f"X must hold at least batch_size = {batch_size} examples, got {len(features)}"
        )
    chosen = [rng.permutation(len(features))[:batch_size] for _ in range(draws)]
    return features[np.array(chosen)]


def _measured(batches: NDArray, weights: Weights, activation: str, words: str) -> LayerGradients:
    y = np.arange(batches.shape[1]) % _CLASSES
    by_layer = {
        "deltas": lambda passed: [np.sqrt(mean_square(delta)) for delta in passed.deltas],
        "kernels": lambda passed: [np.sqrt(mean_square(each)) for each in passed.kernels[:-1]],
    }
    found = measure_drawn(
        batches, weights, received=words, activation=activation, by_layer=by_layer, y=y
    )
    if not (found["deltas"] > _SMALLEST).all():
        raise ValueError(
            f"initializer must keep the gradients of {found['deltas'].shape[1]} layers above "
            f"{_SMALLEST:g}, with batch norm and without, got {words}"
        )
    return LayerGradients(**found)


def _check_least(**numbers: tuple[int, int]) -> None:
    for name, (number, least) in numbers.items():
        if number < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {number}")

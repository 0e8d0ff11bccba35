"""Untrained deep networks: how the gradient grows on its way back, with batch norm and without."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks, theory
from nnhelpers.checks import check_whole, generator
from nnhelpers.initializers import describe_initializer
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.layers.by_layer import (
    UntrainedNetworks,
    check_uniform,
    mean_square,
    measure_drawn,
)

DEEP = MLPSpec(units=(100,) * 50, kernel_initializer="he_normal")

_CLASSES = 10
# The law's and the fit's: with three examples the mean of 1 / variance is infinite.
_LEAST_BATCH, _LEAST_DEPTH = 4, 3
_SMALLEST = 1e-150


@dataclass(frozen=True, kw_only=True)
class LayerGradients:
    """Size of the gradient in each hidden layer of untrained networks.

    Attributes
    ----------
    deltas, kernels : arrays of shape (draws, depth)
        Root mean squares of the gradient for the pre-activations, over examples and units, and for
        the weights of each hidden layer's kernel.
    """

    deltas: NDArray[np.float64] = field(repr=False)
    kernels: NDArray[np.float64] = field(repr=False)

    @property
    def growths(self) -> NDArray[np.float64]:
        """What a layer multiplies the mean square of `deltas` by, of shape (draws,).

        Fitted to its logarithm in all layers but the last, into which no hidden layer leads.
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
class GradientGrowth(UntrainedNetworks):
    """The gradient by layer with batch norm before every activation, and without any.

    Attributes
    ----------
    batch_size : int
        Examples in each network's batch.
    normalized, plain : LayerGradients
        Of the same kernels and examples.
    law : float
        What a layer with batch norm multiplies the gradient's mean square by, if layers are wide
        beside the batch: `theory.normalized_gradient_growth`. In batches of four or
        five examples a few layers of tiny variance carry this mean, and most networks grow less.
    """

    batch_size: int
    normalized: LayerGradients
    plain: LayerGradients
    law: float

    def verdict(self) -> str:
        """Say what one layer does to the gradient's root mean square."""
        roots = [np.sqrt(each) for each in (self.normalized.growth, self.law, self.plain.growth)]
        measured, law, plain = (f"{root:.2f}" for root in roots)
        return f"batch norm × {measured} a layer (law {law}), without × {plain}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        kind = f"{self.activation} layers of {self.spec.units[0]}, {self.initializer}"
        batch = f"batches of {self.batch_size}"
        return f"{self.depth} {kind}, {batch}, the gradient on its way back: {self.verdict()}"


def simulate_gradient_growth(
    *, spec: MLPSpec = DEEP, batch_size: int = 32, draws: int = 10, seed: int = 0
) -> GradientGrowth:
    """Send one batch forward and its error back through untrained networks, twice.

    Once with batch norm before every activation, as in training with gamma 1, beta 0 and epsilon
    0.001, and once without. Biases are 0. Every network gets a batch of its own from N(0, 1), with
    as many features as a layer has units, and classes that are ten in turn.

    Raises ValueError or TypeError if layers differ or are too few, a number is out of range, or
    gradients leave the range from 1e-150 to 1e150.

    Parameters
    ----------
    spec : MLPSpec
        At least three hidden layers, without batch norm, which is added.
    batch_size, draws : int
        At least 4 examples, and number of networks.

    References
    ----------
    G. Yang et al., "A mean field theory of batch normalization", 2019,
    https://arxiv.org/abs/1902.08129.

    Examples
    --------
    >>> spec = MLPSpec(units=(50,) * 20, kernel_initializer="he_normal")
    >>> simulate_gradient_growth(spec=spec).verdict()
    'batch norm × 1.23 a layer (law 1.23), without × 1.00'
    """
    check_uniform(spec, with_law=False)
    if spec.normalized_layers:
        raise ValueError("batch_normalization must be False in spec: it is added, got True")
    check_whole(least=_LEAST_DEPTH, hidden_layers=len(spec.units))
    check_whole(least=_LEAST_BATCH, batch_size=batch_size)
    check_whole(draws=draws)
    law = theory.normalized_gradient_growth(spec.activation, batch_size=batch_size)
    batches = generator(seed).standard_normal((draws, batch_size, spec.units[0]))
    spec = replace(spec, n_outputs=_CLASSES)
    drawn = networks.draw(spec, n_features=batches.shape[-1], draws=draws, seed=seed)
    with_norm = networks.with_batch_norm(replace(spec, batch_normalization=True), drawn)
    normalized, plain = (_measured(spec, batches, each) for each in (with_norm, drawn))
    networks_of = {"spec": spec, "draws": draws, "batch_size": batch_size}
    return GradientGrowth(normalized=normalized, plain=plain, law=law, **networks_of)


def _measured(spec: MLPSpec, batches: NDArray, weights: Weights) -> LayerGradients:
    y = np.arange(batches.shape[1]) % _CLASSES
    by_layer = {
        "deltas": lambda passed: [np.sqrt(mean_square(delta)) for delta in passed.deltas],
        "kernels": lambda passed: [np.sqrt(mean_square(each)) for each in passed.kernels[:-1]],
    }
    found = measure_drawn(spec, batches, weights, by_layer=by_layer, y=y)
    if not (found["deltas"] > _SMALLEST).all():
        raise ValueError(
            f"spec must keep the gradients of {len(spec.units)} layers above {_SMALLEST:g}, "
            f"with batch norm and without, got {describe_initializer(spec.kernel_initializer)}"
        )
    return LayerGradients(**found)

"""Dropout before batch norm: how statistics learned in training fail in inference."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas, theory
from nnhelpers.checks import check_finite, check_rate, check_whole, generator
from nnhelpers.networks import NormWeights
from nnhelpers.simulations.layers.by_layer import ByLayer

_RATES = np.linspace(0, 0.9, 10).round(1)
_BATCHES, _BATCH_SIZE = 20, 100


@dataclass(frozen=True, kw_only=True)
class VarianceShift:
    """Variances of units above dropout, in training and in inference, by dropout rate.

    Attributes
    ----------
    setting : str
        Describes the units' inputs.
    rates : array of shape (n_rates,)
    training, inference : arrays of shape (n_rates, draws)
        Variance of each unit over the examples, with dropout and without.
    law : array of shape (n_rates,)
        Exact ratio of inference to training, whatever the unit's weights.
    """

    setting: str
    rates: NDArray[np.float64]
    training: NDArray[np.float64] = field(repr=False)
    inference: NDArray[np.float64] = field(repr=False)
    law: NDArray[np.float64] = field(repr=False)

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Variance in inference over variance in training, of shape (n_rates, draws)."""
        return self.inference / self.training

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return (
            f"{self.setting}: with dropout {self.rates[-1]:g} a unit's variance in inference is "
            f"{np.median(self.ratio[-1]):.2f} of that in training, by the law {self.law[-1]:.2f}"
        )


def simulate_variance_shift(
    mean: float = 0.0, *, inputs: int = 50, n_examples: int = 1_000, draws: int = 100, seed: int = 0
) -> VarianceShift:
    """Put dropout before dense units with weights N(0, 1), and compare training with inference.

    The independent normal inputs have this mean and variance 1. Examples are drawn anew for each
    variance, in training and in inference. Raises ValueError or TypeError if a number is out of
    range.

    References
    ----------
    X. Li et al., 2018, https://arxiv.org/abs/1801.05134.

    Examples
    --------
    >>> simulate_variance_shift(1.0, inputs=5, n_examples=20, draws=4).law[:3]
    array([1.  , 0.81818, 0.666667])
    """
    check_finite(mean=mean)
    check_whole(inputs=inputs, draws=draws)
    check_whole(least=2, n_examples=n_examples)
    rng = generator(seed)
    weights = rng.standard_normal((inputs, draws))

    def draw() -> NDArray:
        # These numbers are unused, but without them a seed would give other examples.
        rng.standard_normal(n_examples)
        return mean + rng.standard_normal((n_examples, inputs))

    with blas.one_thread():
        dropping = [_dropped(draw(), rate, rng) @ weights for rate in _RATES]
        keeping = [draw() @ weights for _ in _RATES]
    return VarianceShift(
        setting=f"{inputs} inputs of mean {mean:g}, variance 1",
        rates=_RATES,
        training=np.var(dropping, axis=1),
        inference=np.var(keeping, axis=1),
        law=np.array([theory.variance_shift(rate, mean=mean) for rate in _RATES]),
    )


@dataclass(frozen=True, kw_only=True)
class LayerShift:
    """Moments in inference, layer by layer, of values to which batch norm should give 0 and 1.

    Attributes
    ----------
    rate : float
        Rate of the dropout before each batch norm.
    std, offset : ByLayer
        Root of the units' mean variance over examples, and root mean square of their means.
    """

    rate: float
    width: int
    std: ByLayer
    offset: ByLayer

    @property
    def depth(self) -> int:
        """Number of layers."""
        return self.std.measured.shape[1]

    def verdict(self) -> str:
        """Compare the standard deviation in the last layer with the promised 1."""
        return f"standard deviation {self.std.median[-1]:.2f} in layer {self.depth}, promised was 1"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        networks = f"{len(self.std.measured)} networks, {self.width} wide"
        return f"dropout {self.rate:g}, {networks}: {self.verdict()}"


def simulate_layer_shift(
    rate: float = 0.5, *, depth: int = 5, width: int = 100, draws: int = 20, seed: int = 0
) -> LayerShift:
    """Stack dense, ReLU, dropout and batch norm; learn the statistics in training, then infer.

    Kernels are He normal; `width` inputs are N(0, 1). The moving statistics are the mean moments of
    twenty batches of 100 examples, where Keras's moving averages settle; inference sees as many new
    examples. Raises ValueError or TypeError if a number is out of range.

    Examples
    --------
    >>> simulate_layer_shift(0.5, depth=2, width=8, draws=2).std.law
    array([0.637, 0.405])
    """
    check_rate(rate=rate)
    check_whole(depth=depth, width=width, draws=draws)
    streams = generator(seed).spawn(draws)
    with blas.one_thread():
        found = [_one_network(rate, depth, width, each) for each in streams]
    laws = theory.shift_by_layer(rate, depth=depth)
    parts = zip(np.moveaxis(np.sqrt(found), -1, 0), laws, strict=True)
    std, offset = (ByLayer(measured=measured, law=law) for measured, law in parts)
    return LayerShift(rate=rate, width=width, std=std, offset=offset)


def _one_network(
    rate: float, depth: int, width: int, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Mean variance and mean squared mean by layer."""
    shape, found = (_BATCHES, _BATCH_SIZE, width), []
    training, inference = rng.standard_normal(shape), rng.standard_normal(shape).reshape(-1, width)
    one, zero = np.ones(width), np.zeros(width)
    norm = NormWeights(gamma=one, beta=zero, moving_mean=zero, moving_variance=one)
    for _ in range(depth):
        kernel = rng.standard_normal((width, width)) * np.sqrt(2 / width)
        learning = _dropped(np.maximum(training @ kernel, 0), rate, rng)
        by_batch = norm.with_moments_of(learning)
        training = by_batch.normalize(learning)
        mean, variance = by_batch.moving_mean.mean(axis=0), by_batch.moving_variance.mean(axis=0)
        settled = replace(norm, moving_mean=mean, moving_variance=variance)
        inference = settled.normalize(np.maximum(inference @ kernel, 0))
        found.append((inference.var(axis=0).mean(), np.mean(inference.mean(axis=0) ** 2)))
    return found


def _dropped(values: NDArray, rate: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Apply Keras's dropout in training mode: keep with probability 1 - rate, divide by it."""
    return values * (rng.random(values.shape) >= rate) / (1 - rate)

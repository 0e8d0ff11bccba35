"""Dropout before batch norm in layer upon layer: what inference makes of learned statistics."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas, theory
from nnhelpers.simulations.comparisons import Comparison
from nnhelpers.simulations.draws import check_sizes
from nnhelpers.simulations.moving_results import EPSILON
from nnhelpers.simulations.variance_shift import dropped
from nnhelpers.theory.moving_statistics import check_batch_size
from nnhelpers.theory.variance_shift import check_rate


@dataclass(frozen=True, kw_only=True)
class LayerShift:
    """What batch norm gives back in inference, layer by layer, where it promised mean 0, spread 1.

    Attributes
    ----------
    rate : float
        Of dropout, before each batch norm.
    width : int
        Units in each layer.
    spread : Comparison
        Root of the mean over units of their variance over examples, with its law.
    offset : Comparison
        Root of the mean over units of their squared mean over examples, with its law.
    """

    rate: float
    width: int
    spread: Comparison
    offset: Comparison

    @property
    def draws(self) -> int:
        """Number of networks."""
        return self.spread.measured.shape[0]

    @property
    def depth(self) -> int:
        """Number of layers."""
        return self.spread.measured.shape[1]

    def verdict(self) -> str:
        """Say what is left of the promised spread in the last layer, in the median."""
        return f"spread {self.spread.median[-1]:.2f} in layer {self.depth}, promised was 1"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"dropout {self.rate:g}, {self.draws} networks, {self.width} wide: {self.verdict()}"


def simulate_layer_shift(
    rate: float = 0.5,
    *,
    depth: int = 5,
    width: int = 100,
    batches: int = 20,
    batch_size: int = 100,
    draws: int = 20,
    seed: int = 0,
) -> LayerShift:
    """Stack dense, ReLU, dropout and batch norm; learn the statistics in training, then infer.

    Kernels are He's normal ones, inputs N(0, 1) and as many as a layer has units. The moving
    statistics are the means of the batches' moments, where Keras's moving averages settle.

    Parameters
    ----------
    rate : float
        Of dropout.
    depth, width : int
        Number of layers, and units in each.
    batches, batch_size : int
        Of training mode; as many new examples are inferred.
    draws : int
        Number of networks.

    Returns
    -------
    LayerShift

    Raises
    ------
    ValueError
        If the rate lies outside [0, 1), or a size is below 1 (2 for `batch_size`).
    """
    check_rate(rate)
    check_sizes(depth=depth, width=width, batches=batches, draws=draws)
    check_batch_size(batch_size)
    with blas.one_thread():
        measured = np.array(
            [
                _one_network(rate, depth, (batches, batch_size, width), stream)
                for stream in np.random.default_rng(seed).spawn(draws)
            ]
        )
    spread, offset = theory.shift_by_layer(rate, depth=depth)
    return LayerShift(
        rate=rate,
        width=width,
        spread=Comparison(measured=measured[:, 0], law=spread),
        offset=Comparison(measured=measured[:, 1], law=offset),
    )


def _one_network(
    rate: float, depth: int, shape: tuple[int, int, int], rng: np.random.Generator
) -> tuple[NDArray, NDArray]:
    """Spread and offset by layer in inference; `shape` is (batches, batch_size, width)."""
    width = shape[-1]
    training, inference = rng.standard_normal(shape), rng.standard_normal(shape).reshape(-1, width)
    found = []
    for _ in range(depth):
        kernel = rng.standard_normal((width, width)) * np.sqrt(2 / width)
        learning = dropped(np.maximum(training @ kernel, 0), rate=rate, rng=rng)
        mean, variance = (moment(learning, axis=1, keepdims=True) for moment in (np.mean, np.var))
        training = (learning - mean) / np.sqrt(variance + EPSILON)
        moving_mean, moving_variance = mean.mean(axis=0), variance.mean(axis=0)
        activations = np.maximum(inference @ kernel, 0)
        inference = (activations - moving_mean) / np.sqrt(moving_variance + EPSILON)
        found.append((_root_mean(inference.var(axis=0)), _root_mean(inference.mean(axis=0) ** 2)))
    return tuple(np.array(found).T)


def _root_mean(squares: NDArray) -> float:
    return float(np.sqrt(squares.mean()))

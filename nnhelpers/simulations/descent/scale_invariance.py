"""Random dense layers before batch norm, their weights multiplied: outputs and gradients."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.checks import check_whole, checked_numbers, generator
from nnhelpers.networks import MLPSpec
from nnhelpers.words import counted, short

FACTORS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
# Bound on rounding errors that holds on any processor.
ROUNDING = 1e-9
_EXAMPLES, _FAN_IN, _UNITS, _CLASSES = 64, 10, 8, 3
_SPEC = MLPSpec(units=(_UNITS,), batch_normalization=True, n_outputs=_CLASSES)


@dataclass(frozen=True, kw_only=True)
class ScaleInvariance:
    """Layers BN(X (a W) + b) beside BN(X W + b), and the gradient of a loss behind them.

    Attributes
    ----------
    factors : array of shape (n_factors,)
        The factors a.
    change, gradient, alignment : arrays of shape (n_factors, draws)
        Largest difference of an output with the factor from that without, over units and examples;
        length of the gradient for the kernel, over its length for factor 1, by the law 1 / a; and
        largest abs(cosine) of the angle between a unit's gradient and its weights.
    """

    factors: NDArray[np.float64]
    change: NDArray[np.float64] = field(repr=False)
    gradient: NDArray[np.float64] = field(repr=False)
    alignment: NDArray[np.float64] = field(repr=False)

    def verdict(self) -> str:
        """Say how far outputs and gradients are from the laws."""
        change = self.change.max()
        error = np.abs(self.gradient * self.factors[:, np.newaxis] - 1).max()
        if max(change, error) < ROUNDING:
            return "outputs equal, gradient × factor constant (to 1e-9)"
        return f"outputs change by up to {short(change)}, gradient × factor by {short(error)}"

    def summary(self) -> str:
        """Describe the result in one line."""
        low, high = self.factors[[0, -1]]
        layers = f"{counted(self.change.shape[1], 'layer')}, weights × {low:g} to {high:g}"
        right = "; gradient at right angles to the weights" * bool(self.alignment.max() < ROUNDING)
        return f"{layers}, epsilon 0: {self.verdict()}{right}"


def simulate_scale_invariance(
    factors: Sequence[float] = FACTORS, *, draws: int = 100, seed: int = 0
) -> ScaleInvariance:
    """Multiply the weights of random layers before batch norm; compare outputs and gradients.

    Eight units with Glorot's weights, biases from N(0, 1), batch norm in training mode with epsilon
    0, a random linear output to three classes, cross-entropy; 64 examples from N(0, 1) with ten
    inputs, drawn anew for each layer, and random classes.

    Parameters
    ----------
    factors : sequence of float
        Factors on the kernel, from 1e-6 to 1e6.
    draws : int
        Number of layers.

    Raises
    ------
    ValueError, TypeError
        If a number is out of range.

    Notes
    -----
    The output does not depend on the size of a unit's weights w. The derivative along w is then 0,
    <g, w> = 0, the gradient at a w is g / a, and as an update is at right angles to w,
    abs(w')^2 = abs(w)^2 + learning_rate^2 abs(g)^2: the weights can only grow. With an epsilon,
    weights times a are as weights with epsilon / a^2: `theory.scaled_output`.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350.

    Examples
    --------
    >>> simulate_scale_invariance([0.1, 10], draws=5).verdict()
    'outputs equal, gradient × factor constant (to 1e-9)'
    """
    scales = checked_numbers("factors", factors, low=1e-6, high=1e6)
    check_whole(draws=draws)
    rng = generator(seed)
    X, y = rng.normal(size=(draws, _EXAMPLES, _FAN_IN)), rng.integers(_CLASSES, size=_EXAMPLES)
    drawn = networks.draw(_SPEC, n_features=_FAN_IN, draws=draws, seed=int(rng.integers(2**32)))
    biases = (rng.normal(size=(draws, _UNITS)), drawn.biases[1])
    weights = replace(drawn, biases=biases, norms=(replace(drawn.norms[0], epsilon=0.0),))
    found, (kernel, output) = [], weights.kernels
    for factor in (1.0, *scales):
        scaled = replace(weights, kernels=(factor * kernel, output))
        passed = networks.backward_pass(X, y, scaled, activation="linear")
        found.append((passed.forward.outputs[0], passed.kernels[0]))
    outputs, slopes = (np.array(each) for each in zip(*found, strict=True))
    units, sizes = np.linalg.norm(slopes, axis=-2), np.linalg.norm(slopes, axis=(-2, -1))
    cosines = (slopes * kernel).sum(axis=-2) / units / np.linalg.norm(kernel, axis=-2)
    return ScaleInvariance(
        factors=scales,
        change=np.abs(outputs[1:] - outputs[0]).max(axis=(-2, -1)),
        gradient=sizes[1:] / sizes[0],
        alignment=np.abs(cosines[1:]).max(axis=-1),
    )

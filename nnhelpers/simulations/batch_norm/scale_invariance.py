"""The size of a kernel before batch norm: multiplied at random, and shrunk by L2 in training.

T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350; Z. Li and S. Arora, 2019,
https://arxiv.org/abs/1910.07454.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks, theory
from nnhelpers.checks import Examples, check_whole, checked_examples, checked_numbers, generator
from nnhelpers.networks import MLPSpec, NormWeights, Weights
from nnhelpers.words import counted, reach, short

_FACTORS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
# Bound on rounding errors that holds on any processor.
_ROUNDING = 1e-9
_EXAMPLES, _FAN_IN, _UNITS, _CLASSES = 64, 10, 8, 3
_SPEC = MLPSpec(units=(_UNITS,), batch_normalization=True, n_outputs=_CLASSES)
_PENALTIES = (0.0, 1e-3, 3e-3, 1e-2, 3e-2)
_RATE, _DRAWS = 0.1, 10
# Fixed weights of the output.
_SIGNS = np.tile([[1.0], [-1.0]], (8, 1))


@dataclass(frozen=True, kw_only=True)
class ScaleInvariance:
    """Layers BN(X (a W) + b) compared with BN(X W + b), and the gradient of a loss after them.

    Attributes
    ----------
    factors : array of shape (n_factors,)
        The factors a.
    change, gradient, alignment : arrays of shape (n_factors, draws)
        Largest change of an output, over units and examples; length of the kernel's gradient
        relative to factor 1, by the law 1 / a; and largest abs(cosine) of the angle between a
        unit's gradient and its weights.
    """

    factors: NDArray[np.float64]
    change: NDArray[np.float64] = field(repr=False)
    gradient: NDArray[np.float64] = field(repr=False)
    alignment: NDArray[np.float64] = field(repr=False)

    def verdict(self) -> str:
        """Say how far outputs and gradients are from the laws."""
        change = self.change.max()
        error = np.abs(self.gradient * self.factors[:, np.newaxis] - 1).max()
        if max(change, error) < _ROUNDING:
            return "outputs equal, gradient × factor constant (to 1e-9)"
        return f"outputs change by up to {short(change)}, gradient × factor by {short(error)}"

    def summary(self) -> str:
        """Describe the result in one line."""
        low, high = self.factors[[0, -1]]
        layers = f"{counted(self.change.shape[1], 'layer')}, weights × {low:g} to {high:g}"
        right = "; gradient at right angles to the weights" * bool(self.alignment.max() < _ROUNDING)
        return f"{layers}, epsilon 0: {self.verdict()}{right}"


def simulate_scale_invariance(
    factors: Sequence[float] = _FACTORS, *, draws: int = 100, seed: int = 0
) -> ScaleInvariance:
    """Multiply the weights of random layers before batch norm; compare outputs and gradients.

    Each layer has eight units with Glorot's weights, biases from N(0, 1), batch norm in training
    mode with epsilon 0, and a random linear output to three classes with cross-entropy. Its 64
    examples have ten features from N(0, 1) and random classes. Raises ValueError or TypeError if a
    factor lies outside 1e-6 to 1e6, or draws or seed are out of range.

    Notes
    -----
    The output does not depend on the size of a unit's weights w, so the derivative along w is 0,
    <g, w> = 0, and the gradient at a w is g / a. As an update is at right angles to w,
    abs(w')^2 = abs(w)^2 + learning_rate^2 abs(g)^2: the weights can only grow. With an epsilon,
    multiplying weights by a amounts to dividing epsilon by a^2.

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
    outputs, slopes, (kernel, output) = [], [], weights.kernels
    for factor in (1.0, *scales):
        scaled = replace(weights, kernels=(factor * kernel, output))
        passed = networks.backward_pass(X, y, scaled, activation="linear")
        outputs.append(passed.forward.outputs[0])
        slopes.append(passed.kernels[0])
    slopes, change = np.array(slopes), np.abs(np.array(outputs[1:]) - outputs[0])
    sizes = np.linalg.norm(slopes, axis=(-2, -1))
    lengths = np.linalg.norm(slopes, axis=-2), np.linalg.norm(kernel, axis=-2)
    cosines = (slopes * kernel).sum(axis=-2) / lengths[0] / lengths[1]
    return ScaleInvariance(
        factors=scales,
        change=change.max(axis=(-2, -1)),
        gradient=sizes[1:] / sizes[0],
        alignment=np.abs(cosines[1:]).max(axis=-1),
    )


class DecayRuns(NamedTuple):
    """Networks trained at several settings, from the same starts at each.

    Attributes
    ----------
    loss, length : arrays of shape (n_settings, draws, steps + 1)
        Mean cross-entropy on the training examples, without the penalty, and length of a unit's
        weights (root mean square over the units), before each step and after the last.
    weights : Weights
        Trained weights with leading axes (n_settings, draws); the moving statistics are the moments
        of the training examples.
    """

    loss: NDArray[np.float64]
    length: NDArray[np.float64]
    weights: Weights


@dataclass(frozen=True, kw_only=True)
class WeightDecay:
    """Training with several penalties l2 sum(W^2) on the hidden kernel.

    Attributes
    ----------
    normalized, growing, plain : DecayRuns
        With L2 and batch norm; with batch norm and `theory.growing_rate` in place of L2; and with
        L2 but no batch norm.
    """

    l2: NDArray[np.float64]
    normalized: DecayRuns = field(repr=False)
    growing: DecayRuns = field(repr=False)
    plain: DecayRuns = field(repr=False)

    def verdict(self) -> str:
        """Say how far apart the losses with L2 and with a growing rate are."""
        gap = np.abs(self.normalized.loss - self.growing.loss).max()
        apart = "at every step (to 1e-9)" if gap < _ROUNDING else f"to {gap:.0e}"
        return f"growing rate = L2 {apart}"

    def summary(self) -> str:
        """Describe the result in one line."""
        ends = [np.median(runs.loss[..., -1], axis=1) for runs in (self.normalized, self.plain)]
        normalized, plain = (reach(losses.min(), losses.max()) for losses in ends)
        return (
            f"l2 {min(self.l2):g} to {max(self.l2):g}, loss after {self.plain.loss.shape[2] - 1} "
            f"steps with batch norm {normalized}, without {plain}; {self.verdict()}"
        )


def simulate_weight_decay(
    dataset: Examples, *, l2: Sequence[float] = _PENALTIES, steps: int = 300, seed: int = 0
) -> WeightDecay:
    """Train small networks by full-batch gradient descent with L2 on the kernel before batch norm.

    A network is a dense layer without bias, batch norm with epsilon 0, 16 ReLUs, and an output with
    weights 1 and -1, which are fixed so that they cannot grow as the kernel shrinks. Kernel, gamma
    and beta (without batch norm kernel and bias) are trained at a rate of 0.1. Only the kernel has
    a penalty, l2 sum(W^2) as in Keras, which adds 2 l2 W to its gradient. Each l2 has ten networks,
    whose units start with weights of length 1 in random directions. Raises ValueError or TypeError
    if there are more than two classes, a number is out of range or a loss overflows.

    Notes
    -----
    With batch norm an update obeys abs(w')^2 = k^2 abs(w)^2 + rate^2 abs(g)^2 for each unit, with
    k = 1 - 2 rate l2: L2 shrinks what gradients lengthen. As w shrinks, its gradient and its
    effective rate, rate / abs(w)^2, grow, until updates overshoot. From then on rounding errors
    double every few steps, and so does the gap between two ways of computing the same numbers.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> simulate_weight_decay(datasets.make_circles(), steps=50).verdict()
    'growing rate = L2 at every step (to 1e-9)'
    """
    penalties = checked_numbers("l2", l2)
    check_whole(steps=steps)
    X, y = checked_examples(dataset)
    times, constant = np.arange(steps + 1), np.full((steps + 1, len(penalties)), _RATE)
    growing = [theory.growing_rate(_RATE, l2=each, step=times) for each in penalties]
    directions = generator(seed).normal(size=(_DRAWS, X.shape[1], len(_SIGNS)))
    starts = directions / np.sqrt((directions**2).sum(axis=1, keepdims=True))
    kernel, keep = np.tile(starts, (len(penalties), 1, 1, 1)), 1 - 2 * _RATE * penalties
    zero = np.zeros_like(kernel[..., 0, :])
    plain = Weights(kernels=(kernel, _SIGNS), biases=(zero, np.zeros(1)))
    norm = {"gamma": 1 + zero, "beta": zero, "moving_mean": zero, "moving_variance": zero}
    normalized = replace(plain, norms=(NormWeights(**norm, epsilon=0.0),))
    return WeightDecay(
        l2=penalties,
        normalized=_descend(X, y, normalized, keep, constant),
        growing=_descend(X, y, normalized, keep**0, np.transpose(growing)),
        plain=_descend(X, y, plain, keep, constant),
    )


def _descend(X: NDArray, y: NDArray, start: Weights, keep: NDArray, rates: NDArray) -> DecayRuns:
    """Train the kernel at rates of shape (steps + 1, n_settings), all else at the fixed rate."""
    moved, found = start, []
    with np.errstate(all="ignore"):
        for rate in rates[..., None, None, None]:
            weights = moved
            loss, slope = networks.gradient(X, y, weights, activation="relu")
            found.append((loss, np.sqrt((weights.kernels[0] ** 2).sum(axis=-2).mean(axis=-1))))
            moved = networks.stepped(weights, slope, _RATE)
            kernel = keep[:, None, None, None] * weights.kernels[0] - rate * slope.kernels[0]
            moved = replace(moved, kernels=(kernel, _SIGNS), biases=(moved.biases[0], np.zeros(1)))
    if not np.isfinite(found).all():
        raise ValueError("dataset and l2 must keep losses finite, got others")
    trained = networks.with_batch_moments(X, weights, activation="relu")
    return DecayRuns(*np.moveaxis(found, (1, 0), (0, -1)), trained)

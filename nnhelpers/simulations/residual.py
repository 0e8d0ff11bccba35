"""Random networks of residual blocks beside plain ones of the same weights."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas, networks, theory
from nnhelpers.initializers import Initializer
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations._tables import short
from nnhelpers.simulations.draws import (
    check_sizes,
    checked_features,
    find_applicable,
)
from nnhelpers.simulations.layers.by_layer import ByLayer

_LARGEST = 1e150


@dataclass(frozen=True, kw_only=True)
class ResidualVariances:
    """Variances after each block x + branch_scale f(x) W, beside layers f(x) W.

    Attributes
    ----------
    activation, initializer : str
    branch_scale : float
        Factor on what a block adds.
    width : int
        Units of each block.
    plain, residual : ByLayer
        Mean square over units and examples, of shape (draws, depth + 1): first of a linear layer
        that brings the features to the width, then after each block.
    correlation : ByLayer
        Of what leaves that first layer with what leaves each block, over units and examples;
        1 to begin with. In the plain network its law is 0.
    """

    activation: str
    initializer: str
    branch_scale: float
    width: int
    plain: ByLayer
    residual: ByLayer
    correlation: ByLayer

    @property
    def depth(self) -> int:
        """Number of blocks."""
        return len(self.residual.law) - 1

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.residual.measured)

    @property
    def growth(self) -> float:
        """Geometric mean of what a block multiplies the variance by; NaN without any signal."""
        first, last = self.residual.mean[[0, -1]]
        return float((last / first) ** (1 / self.depth)) if first > 0 else np.nan

    def verdict(self) -> str:
        """Say what one block does to the variance, and what the last still has of the first."""
        kept = round(float(self.correlation.mean[-1]), 2) + 0.0  # no minus zero
        if np.isnan(self.growth):
            return "no signal at all"
        return f"variance × {self.growth:.2f} per block, correlation with the input {kept:.2f}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, last = self.residual.mean[[0, -1]]
        blocks = f"{self.depth} {self.activation} block{'s' * (self.depth > 1)}"
        return (
            f"{blocks}, {self.initializer}, branches × {self.branch_scale:.2g}: {self.verdict()}; "
            f"from {short(first)} to {short(last)}, without the connections past the blocks "
            f"to {short(self.plain.mean[-1])}"
        )


def simulate_residual(
    X: ArrayLike,
    *,
    depth: int = 20,
    width: int = 64,
    activation: str = "relu",
    initializer: str | Initializer = "he_normal",
    branch_scale: float = 1.0,
    draws: int = 50,
    seed: int = 0,
) -> ResidualVariances:
    """Send examples through random residual blocks, and through the same kernels without.

    Biases are 0. A linear layer brings the features to the width first.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    depth, width : int
        Number of blocks, and units in each.
    activation : str
        Keras name.
    initializer : str or Initializer
        Keras name or record; its weights must have mean 0.
    branch_scale : float
        Factor on what a block adds: 1 / sqrt(depth) keeps the variance within a factor of e for
        ReLU with He's weights, and 0 keeps it as it is.
    draws : int
        Number of networks.

    Returns
    -------
    ResidualVariances

    Raises
    ------
    ValueError, TypeError
        If a size is below 1, the scale not finite, a name unknown, the mean of the weights not 0
        or not known, X not finite numbers of its shape, or if numbers overflow.

    Notes
    -----
    A block adds f(x) W to x, so that what it adds has mean 0 whatever x is, and variances add.
    (Added as f(x W), with an f that is never negative, it would push all units up together.)
    Fixup starts each block's last kernel at 0, SkipInit multiplies each block by a learned scale
    that starts at 0.

    References
    ----------
    K. He et al., 2016, https://arxiv.org/abs/1603.05027 (the blocks);
    H. Zhang et al., 2019, https://arxiv.org/abs/1901.09321 (Fixup);
    S. De and S. Smith, 2020, https://arxiv.org/abs/2002.10444 (SkipInit).
    """
    check_sizes(depth=depth, width=width, draws=draws)
    if not np.isfinite(branch_scale):
        raise ValueError(f"branch_scale must be finite, got {branch_scale}")
    value = activations.find_activation(activation).value
    record, words = find_applicable(initializer)
    features = checked_features(X)
    sizes = (features.shape[1], *[width] * (depth + 1))
    # The last block's kernel is the output layer's of a dense network.
    spec = MLPSpec(units=(width,) * depth, kernel_initializer=record, n_outputs=width)
    kernels = networks.draw(spec, n_features=sizes[0], draws=draws, seed=seed).kernels
    residual, plain, correlation = _measured(features, kernels, value, branch_scale)
    if not (residual < _LARGEST).all() or not (plain < _LARGEST).all():
        raise ValueError(
            f"initializer and branch_scale must keep the variances of {depth} blocks below "
            f"{_LARGEST:g}, got {words} and {branch_scale:g}"
        )
    factors = [_factor(record, *fans) for fans in itertools.pairwise(sizes)]
    first = factors[0] * np.mean(features**2)
    law = theory.residual_variances(
        activation,
        weight_variance=factors[1],
        depth=depth,
        branch_scale=branch_scale,
        input_variance=first,
    )
    plain_law = theory.layer_variances(
        activation,
        weight_variance=[1.0, *factors[1:]],
        depth=depth + 1,
        input_square=first,
    )
    return ResidualVariances(
        activation=activation,
        initializer=words,
        branch_scale=branch_scale,
        width=width,
        plain=ByLayer(measured=plain, law=plain_law),
        residual=ByLayer(measured=residual, law=law),
        correlation=ByLayer(measured=correlation, law=_kept(law)),
    )


def _kept(variances: NDArray) -> NDArray[np.float64]:
    """Correlation of each sum with its first part, the parts being uncorrelated."""
    share = np.divide(variances[0], variances, out=np.zeros_like(variances), where=variances > 0)
    return np.sqrt(share)


def _factor(record: Initializer, fan_in: int, fan_out: int) -> float:
    return fan_in * record.std(fan_in=fan_in, fan_out=fan_out) ** 2


def _measured(
    X: NDArray, kernels: tuple[NDArray, ...], value: Callable, scale: float
) -> tuple[NDArray[np.float64], ...]:
    """Mean squares with residual connections and without, correlations, (draws, depth + 1)."""
    with blas.one_thread(), np.errstate(over="ignore", invalid="ignore"):
        first = X @ kernels[0]
        streams = [
            _moments(_stream(first, kernels[1:], value, keep, added), first)
            for keep, added in ((1.0, scale), (0.0, 1.0))
        ]
    (residual, correlation), (plain, _) = streams
    return residual, plain, correlation


def _stream(
    x: NDArray, kernels: tuple[NDArray, ...], value: Callable, keep: float, added: float
) -> Iterator[NDArray]:
    """Yield x, then keep x + added f(x) W after each kernel."""
    yield x
    for kernel in kernels:
        x = keep * x + added * (value(x) @ kernel)
        yield x


def _moments(
    layers: Iterator[NDArray], first: NDArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean squares, and correlations with the first, each of shape (draws, depth + 1)."""
    over = (-2, -1)
    start = np.mean(first**2, axis=over)
    squares, products = [], []
    for x in layers:
        squares.append(np.mean(x**2, axis=over))
        products.append(np.mean(x * first, axis=over))
    square, product = np.stack(squares, axis=1), np.stack(products, axis=1)
    size = np.sqrt(square) * np.sqrt(start)[:, np.newaxis]
    return square, np.divide(product, size, out=np.zeros_like(size), where=size > 0)

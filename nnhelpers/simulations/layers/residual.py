"""Random networks of residual blocks, and plain ones with the same weights."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import activations, blas, networks, theory
from nnhelpers.checks import check_finite, checked_features
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.by_layer import (
    OVER,
    ByLayer,
    UntrainedNetworks,
    check_uniform,
    mean_square,
    weight_stds,
)
from nnhelpers.words import counted, decimal, short

_BLOCKS = MLPSpec(units=(64,) * 20, kernel_initializer="he_normal")

_LARGEST = 1e150


@dataclass(frozen=True, kw_only=True)
class ResidualVariances(UntrainedNetworks):
    """Variances after each block x + branch_scale f(x) W, and after plain layers f(x) W.

    Attributes
    ----------
    branch_scale : float
        Factor on what a block adds.
    plain, residual : ByLayer
        Mean square over units and examples, of shape (draws, depth + 1): after the linear layer
        that maps the features to the width, and after each block.
    correlation : ByLayer
        Correlation of the first layer's outputs with each block's, over units and examples, of
        shape (draws, depth + 1), starting with 1.
    """

    branch_scale: float
    plain: ByLayer
    residual: ByLayer
    correlation: ByLayer

    @property
    def growth(self) -> float:
        """Geometric mean of the blocks' factors on the variance; NaN without any signal."""
        first, last = self.residual.mean[[0, -1]]
        return float((last / first) ** (1 / self.depth)) if first > 0 else np.nan

    def verdict(self) -> str:
        """Say what a block does to the variance, and how the last correlates with the first."""
        if np.isnan(self.growth):
            return "no signal at all"
        kept = decimal(self.correlation.mean[-1])
        return f"variance × {self.growth:.2f} per block, correlation with the input {kept}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        first, last = self.residual.mean[[0, -1]]
        blocks = counted(self.depth, f"{self.activation} block")
        return (
            f"{blocks}, {self.initializer}, branches × {self.branch_scale:.2g}: {self.verdict()}; "
            f"from {short(first)} to {short(last)}, without the connections past the blocks "
            f"to {short(self.plain.mean[-1])}"
        )


def simulate_residual(
    X: ArrayLike,
    *,
    spec: MLPSpec = _BLOCKS,
    branch_scale: float = 1.0,
    draws: int = 50,
    seed: int = 0,
) -> ResidualVariances:
    """Send examples through random residual blocks, and through the same kernels without skips.

    Each hidden layer of the specification is a block; all have one width, weights of mean 0, biases
    0 and no batch norm. A linear layer first maps X, of shape (n_examples, n_features), to that
    width. For ReLU with He's weights a branch_scale of 1 / sqrt(depth) keeps the variance within a
    factor of e. Raises ValueError or TypeError if layers differ, the weights' mean is not 0 or not
    known, a number is out of range, or variances exceed 1e150.

    Notes
    -----
    What a block adds, f(x) W, has mean 0 for every x, so variances add. (Added as f(x W), with an f
    that is never negative, it would push all units up together.) Fixup starts each block's last
    kernel at 0, SkipInit multiplies each block by a learned scale that starts at 0.

    References
    ----------
    K. He et al., 2016, https://arxiv.org/abs/1603.05027 (the blocks);
    H. Zhang et al., 2019, https://arxiv.org/abs/1901.09321 (Fixup);
    S. De and S. Smith, 2020, https://arxiv.org/abs/2002.10444 (SkipInit).

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> simulate_residual(datasets.load_circles().X, branch_scale=0.0).verdict()
    'variance × 1.00 per block, correlation with the input 1.00'
    """
    check_finite(branch_scale=branch_scale)
    check_uniform(spec, with_batch_norm=False, one_width=True)
    features, depth = checked_features(X), len(spec.units)
    # The output layer of a dense network supplies the last block's kernel.
    dense = replace(spec, n_outputs=spec.units[0])
    drawn = networks.draw(dense, n_features=features.shape[1], draws=draws, seed=seed)
    with blas.one_thread(), np.errstate(over="ignore", invalid="ignore"):
        first, blocks = features @ drawn.kernels[0], drawn.kernels[1:]
        residual, correlation = _moments(spec, first, blocks, keep=1.0, added=branch_scale)
        plain, _ = _moments(spec, first, blocks, keep=0.0, added=1.0)
    if not (np.maximum(residual, plain) < _LARGEST).all():
        raise ValueError(
            f"spec and branch_scale must keep the variances of {depth} blocks below "
            f"{_LARGEST:g}, got branch_scale {branch_scale:g}"
        )
    stds = weight_stds(dense, n_features=features.shape[1])
    factors = [kernel.shape[1] * std**2 for kernel, std in zip(drawn.kernels, stds, strict=True)]
    square = float(np.mean(features**2))
    plain_law = theory.layer_variances(
        spec.activation, weight_variance=factors, depth=depth + 1, input_square=square
    )
    scaled = {"branch_scale": branch_scale, "weight_variance": factors[1], "depth": depth}
    law = theory.residual_variances(spec.activation, input_variance=plain_law[0], **scaled)
    # Correlation of a sum of uncorrelated terms with its first term.
    kept = np.sqrt(np.divide(law[0], law, out=np.zeros_like(law), where=law > 0))
    return ResidualVariances(
        spec=spec,
        draws=draws,
        branch_scale=branch_scale,
        plain=ByLayer(measured=plain, law=plain_law),
        residual=ByLayer(measured=residual, law=law),
        correlation=ByLayer(measured=correlation, law=kept),
    )


def _moments(
    spec: MLPSpec, first: NDArray, kernels: tuple[NDArray, ...], *, keep: float, added: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean squares after each keep x + added f(x) W, and correlations with `first`, from it on."""
    value, x = activations.find_activation(spec.activation).value, first
    sums = [(mean_square(x), np.mean(x * first, axis=OVER))]
    for kernel in kernels:
        x = keep * x + added * (value(x) @ kernel)
        sums.append((mean_square(x), np.mean(x * first, axis=OVER)))
    square, product = np.moveaxis(sums, 0, -1)
    size = np.sqrt(square) * np.sqrt(mean_square(first))[:, np.newaxis]
    return square, np.divide(product, size, out=np.zeros_like(size), where=size > 0)

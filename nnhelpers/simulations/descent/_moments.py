"""Weights of networks at several moments of their training."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import Weights


def checked_moments(weights: Weights, epochs: NDArray) -> Weights:
    """Return weights with leading axes (moments, networks) as float64, or refuse them."""
    kernel = weights.kernels[0]
    if kernel.ndim != 4 or len(kernel) != len(epochs) or not kernel.shape[1]:
        raise ValueError(
            f"weights must have leading axes of {len(epochs)} moments (as epochs) and of "
            f"networks, got a first kernel of shape {kernel.shape}"
        )
    if not all(np.isfinite(array).all() for array in weights.to_list()):
        raise ValueError("weights must be finite, got a network that diverged")
    return weights.map(lambda array: array.astype(np.float64))

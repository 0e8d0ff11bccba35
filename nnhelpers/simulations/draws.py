"""What simulations of untrained networks ask of their arguments."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.initializers import (
    INITIALIZERS,
    Initializer,
    VarianceScaling,
    describe_initializer,
    find_initializer,
)
from nnhelpers.networks import Weights
from nnhelpers.simulations.layers.by_layer import OVER as OVER
from nnhelpers.simulations.layers.by_layer import mean_square as mean_square

_SCALED = sorted(n for n, record in INITIALIZERS.items() if isinstance(record, VarianceScaling))


def measure_drawn(
    X: NDArray, weights: Weights, *, received: str, **settings: Any
) -> dict[str, NDArray]:
    """Measure networks that an initializer and a gain have drawn, which a refusal names."""
    try:
        return networks.measure(X, weights, **settings)
    except ValueError as error:
        words = str(error).replace("weights", "initializer and gain", 1)
        raise ValueError(f"{words}, got {received}") from error


def find_applicable(initializer: str | Initializer) -> tuple[Initializer, str]:
    """Return an initializer that the laws hold for, and what to call it; refuse any other."""
    record, words = find_initializer(initializer), describe_initializer(initializer)
    if not hasattr(record, "std") or not hasattr(record, "weight_mean"):
        raise TypeError(f"initializer must say its weight_mean and std, got {words}")
    if record.weight_mean != 0:
        raise ValueError(
            f"initializer must draw weights of mean 0 for the laws to apply, got {words} "
            f"with mean {record.weight_mean:g}"
        )
    return record, words


def check_sizes(**sizes: int) -> None:
    """Refuse what is not a whole number of at least 1, by name."""
    for name, value in sizes.items():
        if value != np.floor(value) or not value >= 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {value}")


def scaled_initializer(name: str) -> VarianceScaling:
    """Return the record of a Glorot, He or LeCun initializer, or refuse the name."""
    if name not in _SCALED:
        raise ValueError(f"initializer must be one of {_SCALED}, got {name!r}")
    return INITIALIZERS[name]


def check_no_biases(weights: Weights) -> None:
    """Refuse weights with a bias that is not 0."""
    largest = max(float(np.abs(bias).max()) for bias in weights.biases)
    if largest:
        raise ValueError(f"weights must have biases of 0, got one of size {largest:g}")


def checked_features(X: NDArray) -> NDArray[np.float64]:
    """Return X as numbers, or refuse what is not finite or of another shape."""
    values = np.asarray(X, dtype=np.float64)
    if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError(f"X must be finite, of shape (n_examples, n_features), got {values.shape}")
    return values

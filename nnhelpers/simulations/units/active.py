"""Random units without training: how many are active, on what, and how much they overlap."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, theory
from nnhelpers.initializers import Initializer
from nnhelpers.simulations.units.cloud import Cloud
from nnhelpers.simulations.units.results import ActiveCount, ActiveFraction, Overlap

UNIFORM = initializers.RandomUniform(minval=-1.0, maxval=1.0)
NORMAL = initializers.RandomNormal(mean=0.0, stddev=1.0)
ZERO = initializers.Constant(value=0.0)

# Units whose activity on all examples fits a core's cache.
_BLOCK = 256


def simulate_active_count(
    *,
    units: int = 2,
    center: float = 0.0,
    data: Cloud | ArrayLike | None = None,
    weights: str | Initializer = UNIFORM,
    draws: int = 10_000,
    seed: int = 0,
) -> ActiveCount:
    """Count the active units of a random layer without bias, over examples and draws.

    Returns
    -------
    ActiveCount

    Raises
    ------
    ValueError
        If a size is below 1, the center is not finite or the initializer unknown.
    """
    _at_least_one(units=units, draws=draws)
    rng = np.random.default_rng(seed)
    X = _examples(data, center, rng)
    n_features = X.shape[1]
    kernels = initializers.find_initializer(weights).draw(
        rng, draws=draws, fan_in=n_features, fan_out=units
    )
    counts = np.zeros(units + 1, dtype=np.int64)
    for block in np.split(kernels, range(_BLOCK, draws, _BLOCK)):
        z = (X @ block.transpose(1, 0, 2).reshape(n_features, -1)).reshape(len(X), -1, units)
        counts += np.bincount((z > 0).sum(axis=2).ravel(), minlength=units + 1)
    return ActiveCount(
        center=center,
        counts=counts / counts.sum(),
        law=theory.active_count_pmf(units),
        draws=draws,
    )


def simulate_active_fraction(
    *,
    center: float = 0.0,
    data: Cloud | ArrayLike | None = None,
    weights: str | Initializer = UNIFORM,
    bias: str | Initializer = ZERO,
    draws: int = 10_000,
    seed: int = 0,
) -> ActiveFraction:
    """Draw units and measure the share of one data set that activates each.

    Parameters
    ----------
    center : float
        Added to every feature of the data.
    data : Cloud or array of shape (n_examples, n_features)
        Where the examples come from; `Cloud()` unless given.
    weights, bias : str or Initializer
        Distribution of a unit's weights and bias: uniform on [-1, 1] and zero unless given.
    draws : int
        Number of units.

    Returns
    -------
    ActiveFraction

    Raises
    ------
    ValueError
        If a size is below 1, the center is not finite, an initializer unknown, or the bias
        orthogonal.
    """
    _at_least_one(draws=draws)
    rng = np.random.default_rng(seed)
    X = _examples(data, center, rng)
    kernel = _unit_weights(weights, draws, X.shape[1], rng)
    offsets = _unit_biases(bias, draws, rng)
    return ActiveFraction(
        center=center,
        cloud=_cloud(data),
        fraction=_active_fractions(X, kernel, offsets),
        weights=kernel,
        has_exact_law=_is_articles_square(data, X) and weights == UNIFORM and bias == ZERO,
    )


def simulate_overlap(
    *,
    center: float = 0.0,
    data: Cloud | None = None,
    weights: str | Initializer = UNIFORM,
    bias: str | Initializer = ZERO,
    draws: int = 5_000,
    seed: int = 0,
) -> Overlap:
    """Draw pairs of units and measure the share of the data on which both are active.

    Parameters and errors are those of `simulate_active_fraction`.

    Returns
    -------
    Overlap
    """
    _at_least_one(draws=draws)
    cloud = data or Cloud()
    rng = np.random.default_rng(seed)
    X = _examples(cloud, center, rng)
    kernel = _unit_weights(weights, 2 * draws, X.shape[1], rng)
    offsets = _unit_biases(bias, 2 * draws, rng)
    shares = [
        np.mean((X @ first.T + b0 > 0) & (X @ second.T + b1 > 0), axis=0)
        for first, second, b0, b1 in zip(
            _blocks(kernel[0::2]),
            _blocks(kernel[1::2]),
            _blocks(offsets[0::2]),
            _blocks(offsets[1::2]),
            strict=True,
        )
    ]
    centred = center == 0 and bias == ZERO and cloud.n_features == 2
    same_directions = (cloud.kind, weights) in (("uniform", UNIFORM), ("normal", NORMAL))
    return Overlap(
        center=center,
        cloud=cloud,
        shares=np.concatenate(shares),
        has_exact_law=centred and same_directions,
    )


def _active_fractions(X: NDArray, weights: NDArray, bias: NDArray) -> NDArray[np.float64]:
    counts = np.empty(len(weights))
    for start in range(0, len(weights), _BLOCK):
        rows = slice(start, start + _BLOCK)
        active = weights[rows] @ X.T > -bias[rows, np.newaxis]
        # Eight examples a byte, then one count a byte: several times faster than summing booleans.
        counts[rows] = np.bitwise_count(np.packbits(active, axis=1)).sum(axis=1)
    return counts / len(X)


def _examples(
    data: Cloud | ArrayLike | None, center: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    if not np.isfinite(center):
        raise ValueError(f"center must be finite, got {center}")
    if data is None or isinstance(data, Cloud):
        return (data or Cloud()).draw(rng) + center
    X = np.asarray(data, dtype=np.float64)
    if X.ndim != 2 or X.size == 0 or not np.isfinite(X).all():
        raise ValueError(
            f"data must be a Cloud or finite numbers of shape (n_examples, n_features), "
            f"got shape {X.shape}"
        )
    return X + center


def _cloud(data: Cloud | ArrayLike | None) -> Cloud | None:
    return Cloud() if data is None else data if isinstance(data, Cloud) else None


def _is_articles_square(data: Cloud | ArrayLike | None, X: NDArray) -> bool:
    cloud = _cloud(data)
    return cloud is not None and cloud.kind == "uniform" and X.shape[1] == 2


def _unit_weights(
    which: str | Initializer, draws: int, fan_in: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    record = initializers.find_initializer(which)
    return record.draw(rng, draws=draws, fan_in=fan_in, fan_out=1)[:, :, 0]


def _unit_biases(
    which: str | Initializer, draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    return initializers.find_initializer(which).draw_bias(rng, draws=draws, units=1)[:, 0]


def _blocks(array: NDArray) -> list[NDArray]:
    return np.split(array, range(_BLOCK, len(array), _BLOCK))


def _at_least_one(**sizes: int) -> None:
    for name, value in sizes.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")

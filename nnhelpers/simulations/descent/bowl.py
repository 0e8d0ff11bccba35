"""Updates of a unit with two weights: which way they point, and where they lead."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.activations import sigmoid
from nnhelpers.simulations.descent.bowls import ERRORS, DescentPath, SameSign

# To the south-east of the start, half as far across the valley as along it.
TEACHER = (1.5, -0.5)
_EXAMPLES = 200
_WEIGHT_STD = 0.5
# Examples that fit a core's cache.
_BLOCK = 2**16


def simulate_same_sign(
    *,
    center: float = 0.5,
    width: float = 1.0,
    errors: str = "labels",
    batch_sizes: Sequence[int] = (1, 2, 8, 32, 128, 512),
    draws: int = 4_000,
    seed: int = 0,
) -> SameSign:
    """Draw units and batches, and count the updates that move both weights the same way.

    Parameters
    ----------
    center, width : float
        The two inputs are uniform on [center - width/2, center + width/2].
    errors : str
        "independent": from N(0, 1), whatever the inputs. "labels": of a sigmoid unit with weights
        from N(0, 0.5) under cross-entropy, the labels 0 or 1 by the toss of a coin. "teacher": of
        a linear unit against another one, weights from N(0, 0.5).
    batch_sizes : sequence of int
    draws : int
        Units, each with a batch of its own, for each size.

    Returns
    -------
    SameSign

    Raises
    ------
    ValueError
        If `errors` is unknown, a size or `draws` is below 1, there is no size, the center is not
        finite, or the width not positive and finite.

    Notes
    -----
    The gradient is sum_i e_i x_i. Independent errors cancel, so that `theory.same_sign_share`
    holds in batches of 8 and more. A part that all errors share adds up instead, batch_size times
    against sqrt(batch_size): it takes over in large batches, and the share rises towards
    `theory.same_sign_share_of_all`.
    """
    if errors not in ERRORS:
        raise ValueError(f"errors must be one of {sorted(ERRORS)}, got {errors!r}")
    sizes = np.asarray(batch_sizes)
    if not sizes.size or (sizes < 1).any():
        raise ValueError(f"batch_sizes must hold numbers of at least 1, got {batch_sizes}")
    _check(draws=draws, center=center, width=width)
    rng = np.random.default_rng(seed)
    counted = [_count(rng, errors, (center, width), size, draws) for size in sizes]
    share, common_part = np.array(counted).T
    return SameSign(
        center=center,
        width=width,
        errors=errors,
        batch_sizes=sizes,
        share=share,
        common_part=common_part,
        draws=draws,
    )


def simulate_descent(
    *,
    center: float = 0.0,
    batch_size: int = 1,
    rate: float = 0.5,
    steps: int = 400,
    seed: int = 0,
) -> DescentPath:
    """Let stochastic gradient descent find the two weights of a linear unit.

    Parameters
    ----------
    center : float
        200 examples with two inputs, each uniform on [center - 1, center + 1].
    batch_size : int
        Different examples that are drawn anew for each step; 200 is the full batch.
    rate : float
        Learning rate as a share of the largest at which this batch size still settles
        (`measures.largest_stable_rate`; 2 / (largest curvature) for the full batch).
    steps : int
        Number of updates.
    seed : int
        Of the examples and of the batches.

    Returns
    -------
    DescentPath

    Raises
    ------
    ValueError
        If the center is not finite, `batch_size` not between 1 and 200, `rate` not between 0 and 1
        or `steps` below 1.

    Notes
    -----
    The loss of a batch is half the mean squared error of w . x against the teacher's t . x, without
    noise, so that every batch agrees on the optimum t and the path can arrive. The start is (0, 0)
    and t = (1.5, -0.5): one weight must rise and the other fall. Along the valley of inputs with a
    mean, (1, -1), the error is 1.41, across it 0.71: neither the best case for descent (all across)
    nor the worst (all along).
    """
    _check(steps=steps, center=center)
    if not 0 < rate < 1:
        raise ValueError(f"rate must lie between 0 and 1, got {rate}")
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, size=(_EXAMPLES, 2)) + center
    learning_rate = rate * measures.largest_stable_rate(X, batch_size=batch_size)
    teacher = np.array(TEACHER)
    return DescentPath(
        center=center,
        batch_size=batch_size,
        rate=rate,
        learning_rate=learning_rate,
        X=X,
        teacher=teacher,
        weights=teacher + _errors_of_weights(_bowls(X, batch_size, steps, rng), learning_rate),
    )


def _bowls(
    X: NDArray, batch_size: int, steps: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Matrix X_b^T X_b / batch_size of each step's batch, of shape (steps, 2, 2)."""
    order = np.tile(np.arange(len(X)), (steps, 1))
    batches = X[rng.permuted(order, axis=1)[:, :batch_size]]
    return np.swapaxes(batches, 1, 2) @ batches / batch_size


def _errors_of_weights(bowls: NDArray, learning_rate: float) -> NDArray[np.float64]:
    """Weights minus the teacher's before each step and after the last, (steps + 1, 2)."""
    # Plain numbers: an operation on so small an array costs as much as twenty of these.
    d0, d1 = (-value for value in TEACHER)
    path = [(d0, d1)]
    for (a, b), (_, c) in (learning_rate * bowls).tolist():
        d0, d1 = d0 - a * d0 - b * d1, d1 - b * d0 - c * d1
        path.append((d0, d1))
    return np.array(path)


def _count(
    rng: np.random.Generator, errors: str, inputs: tuple[float, float], size: int, draws: int
) -> tuple[float, float]:
    """Share of updates with two components of one sign, and the common part of the errors."""
    same, mean_square, square = 0, 0.0, 0.0
    for units in _in_blocks(draws, max(1, _BLOCK // size)):
        center, width = inputs
        X = rng.uniform(center - width / 2, center + width / 2, size=(2, units, size))
        error = _errors(rng, errors, X)
        first, second = (error * X).sum(axis=2)
        same += np.count_nonzero(first * second > 0)
        mean_square += np.sum(error.mean(axis=1) ** 2)
        square += np.sum(np.mean(error**2, axis=1))
    return same / draws, np.sqrt(mean_square / square)


def _errors(rng: np.random.Generator, kind: str, X: NDArray) -> NDArray[np.float64]:
    """Errors of shape (units, size) for inputs of shape (2, units, size)."""
    _, units, size = X.shape
    if kind == "independent":
        return rng.normal(size=(units, size))
    weights, other = rng.normal(0, _WEIGHT_STD, size=(2, 2, units, 1))
    if kind == "teacher":
        return ((weights - other) * X).sum(axis=0)
    return sigmoid((weights * X).sum(axis=0)) - rng.integers(0, 2, size=(units, size))


def _in_blocks(total: int, block: int) -> Iterator[int]:
    for start in range(0, total, block):
        yield min(block, total - start)


def _check(*, center: float, width: float = 1.0, **sizes: int) -> None:
    if not np.isfinite(center):
        raise ValueError(f"center must be finite, got {center}")
    if not (np.isfinite(width) and width > 0):
        raise ValueError(f"width must be positive and finite, got {width}")
    for name, value in sizes.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")

"""How often an update moves both weights of a unit the same way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.activations import sigmoid
from nnhelpers.checks import (
    check_finite,
    check_one_of,
    check_positive,
    check_whole,
    checked_wholes,
    generator,
)

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
) -> measures.Curve:
    """Measure the share of updates that move both weights of a unit the same way, by batch size.

    The curve has the share with its standard error, against the batch size.

    Raises ValueError or TypeError if `errors` is unknown or a number out of range.

    Parameters
    ----------
    center, width : float
        The two inputs are uniform on [center - width/2, center + width/2].
    errors : str
        "independent": errors from N(0, 1), whatever the inputs. "labels": those of a sigmoid unit
        with weights from N(0, 0.5) under cross-entropy, with labels from a coin toss.
    batch_sizes : sequence of int
    draws : int
        Units, each with a batch of its own, for each size.

    Notes
    -----
    The gradient is sum_i e_i x_i. Independent errors cancel, so that `theory.same_sign_share`
    holds in batches of 8 and more. A part that all errors share adds up instead, batch_size times
    against sqrt(batch_size): it takes over in large batches, and the share rises.

    Examples
    --------
    >>> simulate_same_sign(batch_sizes=(1,), draws=100).y
    array([1.])
    """
    check_one_of(("independent", "labels"), errors=errors)
    check_finite(center=center)
    check_positive(width=width)
    check_whole(draws=draws)
    sizes = checked_wholes("batch_sizes", batch_sizes)
    rng = generator(seed)
    share = np.array([_same_share(rng, errors, (center, width), n, draws) for n in sizes])
    return measures.Curve(
        x=np.array(sizes, dtype=np.float64),
        y=share,
        standard_error=np.sqrt(share * (1 - share) / draws),
        title="How often do both weights move the same way?",
        caption=f"{draws:,} units and batches for each point",
        x_label="examples in the batch",
        y_label="share of the updates",
        x_logarithmic=True,
    )


def _same_share(
    rng: np.random.Generator, errors: str, inputs: tuple[float, float], size: int, draws: int
) -> float:
    """Share of updates with two components of the same sign."""
    center, width = inputs
    same, block = 0, max(1, _BLOCK // size)
    for start in range(0, draws, block):
        shape = (2, min(block, draws - start), size)
        X = rng.uniform(center - width / 2, center + width / 2, size=shape)
        first, second = (_errors(rng, errors, X) * X).sum(axis=2)
        same += np.count_nonzero(first * second > 0)
    return same / draws


def _errors(rng: np.random.Generator, kind: str, X: NDArray) -> NDArray[np.float64]:
    """Errors of shape (units, size) for inputs of shape (2, units, size)."""
    _, units, size = X.shape
    if kind == "independent":
        return rng.normal(size=(units, size))
    # The second half is drawn for nothing: without it a seed would draw other labels.
    weights = rng.normal(0, _WEIGHT_STD, size=(2, 2, units, 1))[0]
    return sigmoid((weights * X).sum(axis=0)) - rng.integers(0, 2, size=(units, size))

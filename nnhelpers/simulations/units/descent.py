"""A unit's two weights: their path down the bowl of its loss, and how often both move alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
from nnhelpers.words import counted

# From the start it lies half as far across the valley as along it.
_TEACHER = (1.5, -0.5)
_EXAMPLES = 200
# Standard deviation of the weights of units with random labels.
_WEIGHT_STD = 0.5
# Examples that fit a core's cache.
_BLOCK = 2**16


@dataclass(frozen=True, kw_only=True)
class DescentPath:
    """The path of a linear unit's two weights down the bowl of its squared error.

    Attributes
    ----------
    center : float
        Both inputs are uniform on [center - 1, center + 1].
    X, weights : arrays of shape (n_examples, 2) and (steps + 1, 2)
        Inputs, and weights from the start on.
    teacher : array of shape (2,)
        Weights without error: the optimum of every batch.
    error : float
        Remaining share of the weight error at which the path counts as arrived.
    """

    center: float
    batch_size: int
    learning_rate: float
    X: NDArray[np.float64] = field(repr=False)
    teacher: NDArray[np.float64]
    weights: NDArray[np.float64] = field(repr=False)
    error: float = 0.1

    @property
    def steps(self) -> int:
        """Number of updates."""
        return len(self.weights) - 1

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The bowl's matrix X^T X / n_examples, of shape (2, 2)."""
        return self.X.T @ self.X / len(self.X)

    @property
    def remaining(self) -> NDArray[np.float64]:
        """Remaining share of the weight error before each step and after the last, (steps + 1,)."""
        distance = np.linalg.norm(self.weights - self.teacher, axis=1)
        return distance / distance[0]

    @property
    def steps_to_arrive(self) -> int | None:
        """Updates until at most `error` of the weight error is left; None if never."""
        arrived = self.remaining <= self.error
        return int(arrived.argmax()) if arrived.any() else None

    @property
    def travel(self) -> int:
        """Updates until arrival, or all of them if the path did not arrive."""
        return self.steps if self.steps_to_arrive is None else self.steps_to_arrive

    @property
    def expected_remaining(self) -> NDArray[np.float64]:
        """Remaining share of the error of the weights averaged over all batches, (steps + 1,).

        Along each axis of the bowl a step multiplies this error by 1 - learning_rate * curvature,
        whatever the batch size. The full batch follows this exactly; small batches scatter.
        """
        curvatures, directions = np.linalg.eigh(self.hessian)
        start = directions.T @ (self.weights[0] - self.teacher)
        shrink = (1 - self.learning_rate * curvatures) ** np.arange(self.steps + 1)[:, np.newaxis]
        return np.linalg.norm(shrink * start, axis=1) / np.linalg.norm(start)

    @property
    def same_direction(self) -> NDArray[np.bool_]:
        """Whether each step raised both weights or lowered both, of shape (steps,)."""
        return np.diff(self.weights, axis=0).prod(axis=1) > 0

    @property
    def same_direction_share(self) -> float:
        """Share of the updates until arrival that raised both weights or lowered both."""
        return float(self.same_direction[: self.travel].mean())

    def summary(self) -> str:
        """Describe the path in one line."""
        whole = self.batch_size == len(self.X)
        batch = "all examples at once" if whole else f"batches of {self.batch_size}"
        end = f"{self.error:.0%} of the error left after {counted(self.travel, 'step')}"
        return (
            f"inputs around {self.center:g}, {batch}: "
            f"{self.same_direction_share:.0%} of the updates move both weights the same way, "
            f"{'more than ' * (self.steps_to_arrive is None)}{end}"
        )


def simulate_descent(
    *, center: float = 0.0, batch_size: int = 1, rate: float = 0.5, steps: int = 400, seed: int = 0
) -> DescentPath:
    """Let stochastic gradient descent find the two weights of a linear unit.

    The 200 examples have two inputs, each uniform on [center - 1, center + 1]; the batch of each
    step is drawn anew, without replacement. The rate, in (0, 1), is a share of
    `measures.largest_stable_rate` for the batch size. Raises ValueError or TypeError if a number is
    out of range.

    Notes
    -----
    The loss of a batch is half the mean squared error of w . x against the teacher's t . x, without
    noise, so every batch has the optimum t and the path can arrive. The start is (0, 0) and
    t = (1.5, -0.5): one weight must rise and the other fall. The error is 1.41 along (1, -1), the
    valley of inputs that are not centred, and 0.71 across it: neither the best nor the worst case.

    Examples
    --------
    >>> simulate_descent(center=1).same_direction_share
    1.0
    """
    check_finite(center=center, rate=rate)
    check_whole(steps=steps)
    if not 0 < rate < 1:
        raise ValueError(f"rate must lie between 0 and 1, got {rate}")
    rng = generator(seed)
    X = rng.uniform(-1, 1, size=(_EXAMPLES, 2)) + center
    learning_rate = rate * measures.largest_stable_rate(X, batch_size=batch_size)
    order = np.tile(np.arange(_EXAMPLES), (steps, 1))
    batches = X[rng.permuted(order, axis=1)[:, :batch_size]]
    bowls = np.swapaxes(batches, 1, 2) @ batches / batch_size
    # Plain numbers: one operation on such a small array costs as much as twenty of these.
    d0, d1 = (-value for value in _TEACHER)
    errors = [(d0, d1)]
    for (a, b), (_, c) in (learning_rate * bowls).tolist():
        d0, d1 = d0 - a * d0 - b * d1, d1 - b * d0 - c * d1
        errors.append((d0, d1))
    teacher = np.array(_TEACHER)
    setting = {"center": center, "batch_size": batch_size, "learning_rate": learning_rate}
    return DescentPath(X=X, teacher=teacher, weights=teacher + np.array(errors), **setting)


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

    The two inputs are uniform on [center - width/2, center + width/2]. Errors are "independent",
    from N(0, 1), or those of random "labels" for a sigmoid unit with weights from N(0, 0.5^2) under
    cross-entropy. For each size every draw is a new unit with its own batch. Raises ValueError or
    TypeError if `errors` is unknown or a number is out of range.

    Notes
    -----
    The gradient is sum_i e_i x_i. Independent errors cancel, and `theory.same_sign_share` holds in
    batches of 8 and more. A component common to all errors grows as batch_size rather than
    sqrt(batch_size), so it dominates in large batches, and the share rises.

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
    rng, share = generator(seed), []
    for size in sizes:
        same, block = 0, max(1, _BLOCK // size)
        for start in range(0, draws, block):
            shape = (2, min(block, draws - start), size)
            X = rng.uniform(center - width / 2, center + width / 2, size=shape)
            first, second = (_errors(rng, errors, X) * X).sum(axis=2)
            same += np.count_nonzero(first * second > 0)
        share.append(same / draws)
    share = np.array(share)
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


def _errors(rng: np.random.Generator, kind: str, X: NDArray) -> NDArray[np.float64]:
    """Errors of shape (units, size) for inputs of shape (2, units, size)."""
    _, units, size = X.shape
    if kind == "independent":
        return rng.normal(size=(units, size))
    # The second half is unused, but without it a seed would draw other labels.
    weights = rng.normal(0, _WEIGHT_STD, size=(2, 2, units, 1))[0]
    return sigmoid((weights * X).sum(axis=0)) - rng.integers(0, 2, size=(units, size))

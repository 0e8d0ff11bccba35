"""What descents in the bowl of a unit with two weights give back."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import theory
from nnhelpers.measures import Curve

# Where the errors of a unit's outputs come from.
ERRORS = {
    "independent": "errors of independent random sign",
    "labels": "a sigmoid unit, labels by the toss of a coin",
    "teacher": "a linear unit, answers by another unit",
}


@dataclass(frozen=True, kw_only=True)
class SameSign:
    """How often an update moves both weights of a unit the same way, by batch size.

    Attributes
    ----------
    center, width : float
        The two inputs are uniform on [center - width/2, center + width/2].
    errors : str
        One of `ERRORS`.
    batch_sizes : array of shape (n_sizes,)
    share : array of shape (n_sizes,)
        Of the draws.
    common_part : array of shape (n_sizes,)
        Root mean square of a batch's mean error, over that of a single error. For independent
        errors it falls as 1 / sqrt(batch size); what is left in large batches all examples share.
    draws : int
        Units and batches for each size.
    """

    center: float
    width: float
    errors: str
    batch_sizes: NDArray[np.int64]
    share: NDArray[np.float64]
    common_part: NDArray[np.float64]
    draws: int

    @property
    def standard_error(self) -> NDArray[np.float64]:
        """Of each share; of shape (n_sizes,)."""
        return np.sqrt(self.share * (1 - self.share) / self.draws)

    @property
    def law(self) -> float | None:
        """Exact share in large batches, where it is known."""
        if self.errors == "independent":
            return theory.same_sign_share(self.center, width=self.width)
        if self.errors == "teacher":
            return theory.same_sign_share_of_all(self.center, width=self.width)
        return None

    def curve(self) -> Curve:
        """Share against batch size, for `figures.plot_curves`."""
        return Curve(
            x=self.batch_sizes.astype(np.float64),
            y=self.share,
            standard_error=self.standard_error,
            title="How often do both weights move the same way?",
            caption=f"{self.draws:,} units and batches for each point",
            x_label="examples in the batch",
            y_label="share of the updates",
            x_logarithmic=True,
        )

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        low, high = self.center - self.width / 2, self.center + self.width / 2
        pairs = zip(self.batch_sizes, self.share, strict=True)
        shares = ", ".join(f"{size}: {share:.0%}" for size, share in pairs)
        return f"inputs on [{low:g}, {high:g}], both weights move the same way, by batch: {shares}"


@dataclass(frozen=True, kw_only=True)
class DescentPath:
    """The way of a linear unit's two weights down the bowl of its squared error.

    Attributes
    ----------
    center : float
        Both inputs are uniform on [center - 1, center + 1].
    batch_size : int
    rate : float
        Share of the largest stable learning rate for this batch size.
    learning_rate : float
    X : array of shape (n_examples, 2)
    teacher : array of shape (2,)
        Weights that make no error: the optimum, of every batch.
    weights : array of shape (steps + 1, 2)
        The start comes first.
    error : float
        Share of the weight error at which the path counts as arrived.
    """

    center: float
    batch_size: int
    rate: float
    learning_rate: float
    X: NDArray[np.float64] = field(repr=False)
    teacher: NDArray[np.float64]
    weights: NDArray[np.float64] = field(repr=False)
    error: float = 0.1

    @property
    def n_examples(self) -> int:
        """Number of examples that batches are drawn from."""
        return len(self.X)

    @property
    def steps(self) -> int:
        """Number of updates."""
        return len(self.weights) - 1

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The bowl's matrix X^T X / n_examples, of shape (2, 2)."""
        return self.X.T @ self.X / self.n_examples

    @property
    def remaining(self) -> NDArray[np.float64]:
        """Weight error left before each step and after the last (share), (steps + 1,)."""
        distance = np.linalg.norm(self.weights - self.teacher, axis=1)
        return distance / distance[0]

    @property
    def steps_to_arrive(self) -> int | None:
        """Updates until no more than `error` of the weight error is left; None if never."""
        arrived = self.remaining <= self.error
        return int(arrived.argmax()) if arrived.any() else None

    @property
    def travel(self) -> int:
        """Updates until arrival, all of them if there was none."""
        return self.steps if self.steps_to_arrive is None else self.steps_to_arrive

    @property
    def expected_remaining(self) -> NDArray[np.float64]:
        """Share of the weight error left to the mean weights over all batches, (steps + 1,).

        Along each axis of the bowl a step multiplies it by 1 - learning_rate * curvature, whatever
        the batch size. The full batch does just this; small batches scatter around it.
        """
        curvatures, directions = np.linalg.eigh(self.hessian)
        start = directions.T @ (self.weights[0] - self.teacher)
        shrink = (1 - self.learning_rate * curvatures) ** np.arange(self.steps + 1)[:, np.newaxis]
        return np.linalg.norm(shrink * start, axis=1) / np.linalg.norm(start)

    @property
    def updates(self) -> NDArray[np.float64]:
        """What each step added to the weights, of shape (steps, 2)."""
        return np.diff(self.weights, axis=0)

    @property
    def same_direction(self) -> NDArray[np.bool_]:
        """Whether each step raised both weights or lowered both, of shape (steps,)."""
        return self.updates.prod(axis=1) > 0

    @property
    def same_direction_share(self) -> float:
        """Share of the updates until arrival that raised both weights or lowered both."""
        return float(self.same_direction[: self.travel].mean())

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        whole = self.batch_size == self.n_examples
        batch = "all examples at once" if whole else f"batches of {self.batch_size}"
        left = f"{self.error:.0%} of the error left"
        end = f"{left} after {self.travel:,} step{'' if self.travel == 1 else 's'}"
        if self.steps_to_arrive is None:
            end = f"more than {end}"
        return (
            f"inputs around {self.center:g}, {batch}: "
            f"{self.same_direction_share:.0%} of the updates move both weights the same way, {end}"
        )

"""An answer that is a curve, drawn by a few handles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import checked_numbers
from nnhelpers.lessons.bets.answers import Measured, in_digits

# Of a handle, from the lowest place to the highest.
_STEPS = 50


@dataclass(frozen=True, kw_only=True)
class Sketch(Measured):
    """A curve drawn by a few handles, straight in between.

    Raises ``ValueError`` if `x` does not increase, a height is missing or out of range, the range
    is empty, or `within` is not positive.

    Attributes
    ----------
    bet : sequence of float
        The recorded heights of the handles, shown where nobody can place them.
    x : sequence of float
        Places of the handles, increasing.
    low, high : float
        Range of the handles and of the truth.
    within : float
        A sketch at most this far from the truth, on average over the handles, is a hit.
    x_label, y_label : str
    """

    kind: ClassVar[str] = "sketch"
    bet: Sequence[float]
    x: Sequence[float]
    low: float
    high: float
    within: float
    x_label: str
    y_label: str

    def __post_init__(self) -> None:
        for name in ("bet", "x"):
            object.__setattr__(self, name, tuple(float(value) for value in getattr(self, name)))
        super().__post_init__()
        if len(self.x) < 2 or not _increases(self.x):
            raise ValueError(f"x must be at least two increasing numbers, got {self.x}")
        if len(self.bet) != len(self.x):
            raise ValueError(f"bet must hold one height for each of {self.x}, got {self.bet}")
        checked_numbers("bet", self.bet, low=self.low, high=self.high)

    @property
    def start(self) -> tuple[float, ...]:
        """A neutral bet: a level line half way up."""
        return ((self.low + self.high) / 2,) * len(self.x)

    @property
    def step(self) -> float:
        """Step of a handle."""
        return (self.high - self.low) / _STEPS

    def checked(self, truth: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the truth as x and y, or raise a ``ValueError`` if it is no possible answer.

        It is given as (x, y), from the first handle to the last or farther, or as y at the handles.
        """
        pair = isinstance(truth, tuple) and len(truth) == 2 and np.ndim(truth[0]) == 1
        x, y = (np.asarray(part, dtype=np.float64) for part in (truth if pair else (self.x, truth)))
        if x.ndim != 1 or x.shape != y.shape:
            raise ValueError(
                f"truth must be (x, y) of one length or {len(self.x)} heights, "
                f"got shape {y.shape} at {x.size} places"
            )
        if not _increases(x) or x[0] > self.x[0] or x[-1] < self.x[-1]:
            raise ValueError(
                f"truth must be given at increasing x that reach from {self.x[0]:g} to "
                f"{self.x[-1]:g}, got {x}"
            )
        checked_numbers("truth", y, low=self.low, high=self.high)
        return x, y

    def at_handles(self, truth: tuple[ArrayLike, ArrayLike]) -> NDArray[np.float64]:
        """Heights of the truth at the handles, of shape (handles,)."""
        return np.interp(self.x, *truth)

    def distance(self, truth: tuple[ArrayLike, ArrayLike]) -> float:
        """Mean absolute distance of the bet from the truth over the handles."""
        return float(np.abs(np.array(self.bet) - self.at_handles(truth)).mean())

    def spoken(self, value: tuple[ArrayLike, ArrayLike]) -> str:
        """Write a truth by its ends, to the second digit of `within`."""
        return self._ends(self.at_handles(value))

    def spoken_bet(self) -> str:
        """Write the bet by its ends."""
        return self._ends(self.bet)

    @property
    def near(self) -> str:
        """What counts as a hit, in words."""
        return f"{super().near} on average"

    def _ends(self, heights: Sequence[float]) -> str:
        first, last = (in_digits(heights[end], within=self.within) for end in (0, -1))
        return f"from {first} at {self.x[0]:g} to {last} at {self.x[-1]:g}"


def _increases(x: Sequence[float]) -> bool:
    return len(x) > 0 and bool(np.isfinite(x).all() and (np.diff(x) > 0).all())

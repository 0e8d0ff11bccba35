"""Answers of one value, each with a recorded bet: a number, a share or a choice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from nnhelpers.bets._checks import ROUNDING, check_inside, check_positive, check_range, in_digits

# Characters of an option that a row of the drawing has room for.
_LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number between two others.

    Attributes
    ----------
    bet : float
        The recorded bet, shown where nobody can place one.
    low, high, step : float
        What can be bet.
    within : float
        A bet at most this far from the truth is a hit.
    unit : str
        Follows the number in words, such as "epochs".

    Raises
    ------
    ValueError
        If the bet lies outside the range, the range is empty, or the step or `within` is not
        positive.
    """

    kind: ClassVar[str] = "number"
    least_sure: ClassVar[float] = 0.5
    bet: float
    low: float
    high: float
    step: float
    within: float
    unit: str = ""

    def __post_init__(self) -> None:
        check_range(self.low, self.high, within=self.within)
        check_positive("step", self.step)
        check_inside("bet", self.bet, low=self.low, high=self.high)

    @property
    def start(self) -> float:
        """A bet that favours nothing: the middle."""
        steps = round((self.high - self.low) / 2 / self.step)
        return self.low + steps * self.step

    def checked(self, truth: Any) -> float:
        """Return the truth as a float, or raise a ``ValueError`` if it is no possible answer."""
        values = np.asarray(truth)
        if values.ndim or not np.issubdtype(values.dtype, np.number):
            raise ValueError(f"truth must be a number, got {truth!r}")
        check_inside("truth", float(values), low=self.low, high=self.high)
        return float(values)

    def distance(self, truth: float) -> float:
        """How far the bet is from the truth."""
        return abs(self.bet - truth)

    def hits(self, truth: float) -> bool:
        """Whether the bet is within the stated distance."""
        return self.distance(truth) <= self.within * (1 + ROUNDING)

    def spoken(self, value: float) -> str:
        """Write a truth, to the second digit of `within`."""
        return f"{in_digits(value, self.within)} {self.unit}".strip()

    def spoken_bet(self) -> str:
        """Write the bet, as finely as it can be placed."""
        return f"{in_digits(self.bet, min(self.within, self.step))} {self.unit}".strip()

    def spoken_distance(self, distance: float) -> str:
        """Write how far apart two answers are."""
        return self.spoken(distance)

    def stake(self) -> str:
        """What one is sure of, as in "85% sure of being within 10 points"."""
        return f" of being within {self.spoken_distance(self.within)}"


@dataclass(frozen=True, kw_only=True)
class Share(Number):
    """A share in [0, 1], in words a percentage.

    Attributes
    ----------
    bet : float
        The recorded bet, shown where nobody can place one.
    within : float
        A bet at most this far from the truth is a hit.

    Raises
    ------
    ValueError
        If the bet lies outside [0, 1] or `within` is not positive.
    """

    kind: ClassVar[str] = "share"
    low: float = field(default=0.0, init=False)
    high: float = field(default=1.0, init=False)
    step: float = field(default=0.01, init=False)
    within: float = 0.1
    unit: str = field(default="", init=False)

    def spoken(self, value: float) -> str:
        """Write a truth, to the second digit of `within`."""
        return f"{in_digits(100 * value, 100 * self.within)}%"

    def spoken_bet(self) -> str:
        """Write the bet."""
        return self.spoken(self.bet)

    def spoken_distance(self, distance: float) -> str:
        """Write how far apart two answers are."""
        points = in_digits(100 * distance, 100 * self.within)
        return "1 point" if points == "1" else f"{points} points"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several options.

    Attributes
    ----------
    bet : str
        The recorded bet, shown where nobody can place one.
    options : sequence of str
        At least two, all different, each of at most 60 characters.

    Raises
    ------
    ValueError
        If there are too few options, two are alike, one is too long, or the bet is not among them.
    """

    kind: ClassVar[str] = "choice"
    bet: str
    options: Sequence[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        if len(self.options) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(
                f"options must be at least two different texts, got {list(self.options)}"
            )
        longest = max(self.options, key=len)
        if len(longest) > _LONGEST:
            raise ValueError(f"options must have at most {_LONGEST} characters, got {longest!r}")
        self._check("bet", self.bet)

    @property
    def least_sure(self) -> float:
        """How sure one is who guesses."""
        return 1 / len(self.options)

    @property
    def start(self) -> str:
        """Where the reader starts: the first option."""
        return self.options[0]

    def checked(self, truth: Any) -> str:
        """Return the truth, or raise a ``ValueError`` if it is not among the options."""
        self._check("truth", truth)
        return str(truth)

    def distance(self, truth: str) -> None:
        """None: options are not a distance apart."""

    def hits(self, truth: str) -> bool:
        """Whether the bet is right."""
        return self.bet == truth

    def spoken(self, value: str) -> str:
        """Write a truth."""
        return value

    def spoken_bet(self) -> str:
        """Write the bet."""
        return self.bet

    def stake(self) -> str:
        """Nothing beyond being right."""
        return ""

    def _check(self, name: str, value: Any) -> None:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"{name} must be one of {', '.join(self.options)}; got {value!r}")

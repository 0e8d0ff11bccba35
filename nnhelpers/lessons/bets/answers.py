"""Answers with a single value (number, share or choice), each with a recorded bet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from nnhelpers.checks import check_between, check_one_of, check_positive, checked_numbers

# A bet that is off by exactly `within` is a hit despite rounding.
_ROUNDING = 1e-9
# Most characters of an option, for which a row of the drawing has room.
_LONGEST = 60


class Measured:
    """An answer from `low` to `high` with a distance from the truth."""

    least_sure: ClassVar[float] = 0.5

    def __post_init__(self) -> None:
        checked_numbers("low and high", (self.low, self.high))
        if not self.low < self.high:
            raise ValueError(f"low must be less than high, got {self.low} and {self.high}")
        check_positive(within=self.within)

    def hits(self, truth: Any) -> bool:
        """Whether the bet is at most `within` from the truth."""
        return self.distance(truth) <= self.within * (1 + _ROUNDING)

    def spoken_distance(self, distance: float) -> str:
        """Write a distance between answers, to the second digit of `within`."""
        return in_digits(distance, within=self.within)

    @property
    def near(self) -> str:
        """What counts as a hit, in words."""
        return f"within {self.spoken_distance(self.within)}"


@dataclass(frozen=True, kw_only=True)
class Number(Measured):
    """A number in a range.

    Raises ``ValueError`` if the bet is out of range, the range is empty, or `step` or `within` is
    not positive.

    Attributes
    ----------
    bet : float
        The recorded bet, shown where nobody can place one.
    low, high, step : float
        Range and step of possible bets.
    within : float
        A bet at most this far from the truth is a hit.
    unit : str
        Follows the number in words, such as "epochs".
    """

    kind: ClassVar[str] = "number"
    bet: float
    low: float
    high: float
    step: float
    within: float
    unit: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(step=self.step)
        check_between(self.low, self.high, bet=self.bet)

    @property
    def start(self) -> float:
        """A neutral bet: the middle."""
        steps = round((self.high - self.low) / 2 / self.step)
        return self.low + steps * self.step

    def checked(self, truth: Any) -> float:
        """Return the truth as a float, or raise a ``ValueError`` if it is no possible answer."""
        value = truth.item() if isinstance(truth, np.ndarray) and truth.ndim == 0 else truth
        check_between(self.low, self.high, truth=value)
        return float(value)

    def distance(self, truth: float) -> float:
        """Distance of the bet from the truth."""
        return abs(self.bet - truth)

    def spoken(self, value: float) -> str:
        """Write a truth or a distance, to the second digit of `within`."""
        return f"{in_digits(value, within=self.within)} {self.unit}".strip()

    spoken_distance = spoken

    def spoken_bet(self) -> str:
        """Write the bet, to the second digit of `within` or `step`, whichever is smaller."""
        return f"{in_digits(self.bet, within=min(self.within, self.step))} {self.unit}".strip()


@dataclass(frozen=True, kw_only=True)
class Share(Number):
    """A share in [0, 1], written as a percentage; `bet` and `within` as in `Number`."""

    kind: ClassVar[str] = "share"
    low: float = field(default=0.0, init=False)
    high: float = field(default=1.0, init=False)
    step: float = field(default=0.01, init=False)
    within: float = 0.1
    unit: str = field(default="", init=False)

    def spoken(self, value: float) -> str:
        """Write a truth, to the second digit of `within`."""
        return f"{in_digits(100 * value, within=100 * self.within)}%"

    def spoken_bet(self) -> str:
        """Write the bet."""
        return self.spoken(self.bet)

    def spoken_distance(self, distance: float) -> str:
        """Write a distance between answers, in percentage points."""
        points = in_digits(100 * distance, within=100 * self.within)
        return "1 point" if points == "1" else f"{points} points"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several options.

    Raises ``ValueError`` if the bet is not among the options, or these are too few, too long or not
    all different.

    Attributes
    ----------
    bet : str
        The recorded bet, shown where nobody can place one.
    options : sequence of str
        At least two, all different, each of at most 60 characters.
    """

    kind: ClassVar[str] = "choice"
    near: ClassVar[str] = "right"
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
        check_one_of(self.options, bet=self.bet)

    @property
    def least_sure(self) -> float:
        """How sure a guess is."""
        return 1 / len(self.options)

    @property
    def start(self) -> str:
        """Where the reader starts: the first option."""
        return self.options[0]

    def checked(self, truth: Any) -> str:
        """Return the truth, or raise a ``ValueError`` if it is not among the options."""
        check_one_of(self.options, truth=str(truth) if isinstance(truth, str) else truth)
        return str(truth)

    def distance(self, truth: str) -> None:
        """Return None: options have no distance."""

    def hits(self, truth: str) -> bool:
        """Whether the bet is right."""
        return self.bet == truth

    def spoken(self, value: str) -> str:
        """Write a truth."""
        return value

    def spoken_bet(self) -> str:
        """Write the bet."""
        return self.bet


def in_digits(value: float, *, within: float) -> str:
    """Write a number to the second digit of `within`: further ones vary with the processor.

    Examples
    --------
    >>> in_digits(1234.5678, within=0.1), in_digits(-0.001, within=0.5)
    ('1,234.57', '0')
    """
    decimals = 1 - int(np.floor(np.log10(within)))
    rounded = round(float(value), decimals) + 0.0  # turns -0.0 into 0.0
    text = f"{rounded:,.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if decimals > 0 else text

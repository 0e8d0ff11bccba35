"""The outcome of a bet, and the tally of all bets."""

import html
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhelpers.checks import check_kind
from nnhelpers.lessons.bets.answers import Choice, Number, Share
from nnhelpers.lessons.bets.sketch import Sketch
from nnhelpers.tables import html_table
from nnhelpers.words import counted

Answer = Number | Share | Choice | Sketch

COLUMNS = ("question", "bet", "truth", "off by", "sure", "hit?")
NOT_REVEALED = "not revealed"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, what can be bet on it, and the truth once it is revealed.

    Raises ``TypeError`` or ``ValueError`` if the question is no text or empty, or the truth is no
    possible answer.

    Attributes
    ----------
    question : str
    answer : Number, Share, Choice or Sketch
        Holds the bet: the reader's or the notebook's.
    truth : float, str, (x, y) or None
        None until it is revealed.
    """

    question: str
    answer: Answer
    truth: Any = None

    def __post_init__(self) -> None:
        check_kind(str, question=self.question)
        if not self.question.strip():
            raise ValueError(f"question must not be empty, got {self.question!r}")
        if self.truth is not None:
            object.__setattr__(self, "truth", self.answer.checked(self.truth))

    @property
    def revealed(self) -> bool:
        """Whether the truth is known."""
        return self.truth is not None


@dataclass(frozen=True, kw_only=True)
class Outcome(Asked):
    """A bet on a question, and the truth once it is revealed; its answer holds the bet.

    Attributes
    ----------
    sure : float
        How sure of a hit (share), from that of a guess to 1; anything else raises ``ValueError``.
    recorded : bool
        Whether the bet came with the notebook, not from its reader.
    """

    sure: float
    recorded: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        least = self.answer.least_sure
        if not least <= self.sure <= 1:
            raise ValueError(f"sure must lie between {least:.3g} and 1, got {self.sure}")

    @property
    def distance(self) -> float | None:
        """How far the bet is from the truth; None for a choice or before the reveal."""
        return self.answer.distance(self.truth) if self.revealed else None

    @property
    def hit(self) -> bool | None:
        """Whether the bet is right or close enough; None before the reveal."""
        return self.answer.hits(self.truth) if self.revealed else None

    @property
    def bettor(self) -> str:
        """Whose bet it is, in words."""
        return "recorded bet" if self.recorded else "your bet"

    def bet_words(self) -> str:
        """Return the bet and how sure it is."""
        stake = "" if self.answer.kind == "choice" else f" of being {self.answer.near}"
        return f"{self.answer.spoken_bet()}, {self.sure:.0%} sure{stake}"

    def truth_words(self) -> str:
        """Return the truth and how far the bet is from it."""
        if not self.revealed:
            return NOT_REVEALED
        off = "" if self.distance is None else f"{self._off()} off, "
        verdict = "a hit" if self.hit else "a miss"
        return f"the truth: {self.answer.spoken(self.truth)}, {off}{verdict}"

    def cells(self) -> tuple[str, ...]:
        """Return the row of a revealed bet in the table of a `Tally`."""
        return (
            self.question,
            self.answer.spoken_bet(),
            self.answer.spoken(self.truth),
            "–" if self.distance is None else self._off(),
            f"{self.sure:.0%}",
            "✓ hit" if self.hit else "✗ miss",
        )

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        return f"{self.bettor}: {self.bet_words()}; {self.truth_words()}"

    def _off(self) -> str:
        return self.answer.spoken_distance(self.distance)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Bets in the order of the notebook, summed up; displays as a table."""

    outcomes: tuple[Outcome, ...] = ()

    @property
    def scored(self) -> tuple[Outcome, ...]:
        """The revealed bets."""
        return tuple(outcome for outcome in self.outcomes if outcome.revealed)

    @property
    def n(self) -> int:
        """Number of revealed bets."""
        return len(self.scored)

    @property
    def mean_distance(self) -> float:
        """Mean distance from the truth, in units of `within`; NaN if no bet has a distance."""
        measured = [outcome for outcome in self.scored if outcome.distance is not None]
        return _mean([outcome.distance / outcome.answer.within for outcome in measured])

    @property
    def confidence_gap(self) -> float:
        """Share of hits minus mean sureness: negative if over-, positive if under-confident."""
        return self._mean("hit") - self._mean("sure")

    @property
    def gap_error(self) -> float:
        """Standard deviation of the gap if the bets were perfectly calibrated."""
        doubt = [outcome.sure * (1 - outcome.sure) for outcome in self.scored]
        return float(np.sqrt(sum(doubt)) / self.n) if self.n else np.nan

    @property
    def brier(self) -> float:
        """Mean squared difference between sureness and hit (1) or miss (0); 0 is best.

        References
        ----------
        G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly
        Weather Review 78, 1950.
        """
        return _mean([(outcome.sure - outcome.hit) ** 2 for outcome in self.scored])

    def _mean(self, name: str) -> float:
        return _mean([getattr(outcome, name) for outcome in self.scored])

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        if not self.outcomes:
            return "no bet has been placed"
        if not self.n:
            return f"no bet has been revealed yet, of {len(self.outcomes)}"
        hits = counted(sum(outcome.hit for outcome in self.scored), "hit")
        sentences = [
            f"{counted(self.n, 'bet')} of yours: {hits} ({self._mean('hit'):.0%}), "
            f"{self._mean('sure'):.0%} sure on average",
            self._calibration_words(),
        ]
        if np.isfinite(self.mean_distance):
            off = f"{self.mean_distance:.1f} times what still counts as a hit"
            sentences.append(f"on average off by {off}")
        brier = f"Brier score {self.brier:.2f}"
        sentences.append(f"{brier} (0 is best; half sure of everything scores 0.25)")
        if waiting := len(self.outcomes) - self.n:
            sentences.append(f"{waiting} {NOT_REVEALED}")
        return "; ".join(sentences)

    def _calibration_words(self) -> str:
        if abs(self.confidence_gap) <= 2 * self.gap_error:
            return f"neither over- nor under-confident as far as {counted(self.n, 'bet')} can tell"
        side = "over" if self.confidence_gap < 0 else "under"
        return f"{side}-confident by {100 * abs(self.confidence_gap):.0f} points"

    def __repr__(self) -> str:
        lines = [f"{outcome.question} | {outcome.summary()}" for outcome in self.scored]
        return "\n".join([*lines, self.summary()])

    def _repr_html_(self) -> str:
        summary = f"<p>{html.escape(self.summary())}</p>"
        if not self.n:
            return summary
        return html_table(COLUMNS, [outcome.cells() for outcome in self.scored]) + summary


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else np.nan

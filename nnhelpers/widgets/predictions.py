"""Bets that a reader places before seeing a result, and their sum at a notebook's end."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ipywidgets import Dropdown, FloatSlider, ToggleButton, ValueWidget

from nnhelpers import figures
from nnhelpers.lessons.bets import Answer, Outcome, Tally
from nnhelpers.widgets.questions import Question, check_truth

_SURE_STEPS = 20


class Prediction(Question):
    """A question, a bet on its answer, and the truth at the press of a button.

    The reader starts from a bet that favours nothing. Where there is no front end the truth is
    folded away, beside a bet that came with the notebook.

    Attributes
    ----------
    result : nnhelpers.lessons.bets.Outcome
        The reader's bet, and the truth once it is revealed.
    """

    def __init__(self, recorded: Outcome, *, truth: Callable[[], Any]) -> None:
        self._final: dict[str, Any] | None = None
        super().__init__(figures.plot_bet, _controls(recorded), asked=recorded, truth=truth)
        self.controls["reveal"].observe(self._settle, "value")

    @property
    def summary(self) -> str:
        """The question and the bet in words, with the truth once it is revealed."""
        return self.describe(self.settings, self.result.summary())

    def _place(self, **position: Any) -> Outcome:
        if self._final not in (None, position):
            raise ValueError("the truth is revealed and the bet stays; run the cell again")
        return self._outcome(**position)

    def _outcome(self, *, sure: float, reveal: bool, **bet: Any) -> Outcome:
        answer = self._asked.answer
        placed = tuple(bet.values()) if answer.kind == "sketch" else bet["bet"]
        truth = self._known_truth() if reveal else None
        changed = {"answer": replace(answer, bet=placed), "sure": sure, "truth": truth}
        return replace(self._asked, **changed, recorded=False)

    def _settle(self, _: Any) -> None:
        """Once the truth is shown, hold the bet."""
        if self.controls["reveal"].value and self.result.revealed:
            self._final = {name: control.value for name, control in self.controls.items()}
            for control in self.controls.values():
                control.disabled = True
            self.forget_pictures()  # pictures of bets that can no longer be placed

    def revealed(self, bet: Any) -> Outcome:
        """Return what would come of a bet on a number, a share or a choice."""
        return self._outcome(bet=bet, sure=self._asked.sure, reveal=True)

    def still(self) -> Outcome:
        """Return the reader's revealed bet; if there is none, the recorded one, revealed.

        Raises ``ValueError`` if the truth cannot be found.
        """
        if self.result.revealed:
            return self.result
        return super().still()

    def still_words(self) -> str:
        """Return the question; the truth only once the reader has revealed it."""
        if self.result.revealed:
            return self.summary
        return f"{self._asked.question} (Place your bet, then press Reveal.)"


# A notebook has a kernel of its own: its predictions by question, in their order.
_asked: dict[str, Prediction] = {}


def predict(
    question: str, answer: Answer, *, truth: Callable[[], Any], sure: float = 0.7
) -> Prediction:
    """Ask for a bet before a result is seen; the bet stays drawn when the truth is revealed.

    Running the cell again asks anew. `tally_bets` sums up all bets.

    Parameters
    ----------
    question : str
    answer : nnhelpers.lessons.bets.Number, Share, Choice or Sketch
        Its bet is recorded with the notebook and shown where there is no front end.
    truth : callable
        Takes nothing and computes the truth: a number, an option, or for a sketch (x, y) or the
        heights at the handles. Called once, when it is needed first.
    sure : float
        How sure the recorded bet is (share), and where the reader starts.

    Returns
    -------
    Prediction

    Raises
    ------
    ValueError
        If the question is empty or `sure` is less than a guess or above 1.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> from nnhelpers.lessons import bets
    >>> list(widgets.predict("How many?", bets.Share(bet=0.25), truth=lambda: 0.3).controls)
    ['bet', 'sure', 'reveal']
    """
    check_truth(truth)
    recorded = Outcome(question=question, answer=answer, sure=sure, recorded=True)
    _asked[question] = Prediction(recorded, truth=truth)
    return _asked[question]


def tally_bets() -> Tally:
    """Sum up the bets of this notebook: how far off they are, and how well calibrated.

    Returns
    -------
    nnhelpers.lessons.bets.Tally
        Of the bets that the reader has revealed.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.tally_bets().n >= 0
    True
    """
    return Tally(outcomes=tuple(prediction.result for prediction in _asked.values()))


def _controls(recorded: Outcome) -> dict[str, ValueWidget]:
    least = math.ceil(recorded.answer.least_sure * _SURE_STEPS) / _SURE_STEPS
    looks = {"readout_format": ".0%", "description": "how sure"}
    sure = FloatSlider(value=recorded.sure, min=least, max=1, step=1 / _SURE_STEPS, **looks)
    reveal = ToggleButton(value=False, description="Reveal")
    return {**_bet_controls(recorded.answer), "sure": sure, "reveal": reveal}


def _bet_controls(answer: Answer) -> dict[str, ValueWidget]:
    if answer.kind == "choice":
        return {"bet": Dropdown(options=answer.options, value=answer.start, description="your bet")}
    if answer.kind == "sketch":
        return {
            f"bet_{i}": _slider(answer, start, f"your bet at {x:g}")
            for i, (x, start) in enumerate(zip(answer.x, answer.start, strict=True))
        }
    return {"bet": _slider(answer, answer.start, "your bet")}


def _slider(answer: Answer, start: float, description: str) -> FloatSlider:
    step = answer.step
    # As many decimals as the step has, six at most.
    decimals = next(d for d in range(7) if d == 6 or math.isclose(step, round(step, d)))
    readout = ".0%" if answer.kind == "share" else f",.{decimals}f"
    looks = {"readout_format": readout, "description": description}
    return FloatSlider(value=start, min=answer.low, max=answer.high, step=step, **looks)

"""Bets that a reader places before seeing a result, and their tally at a notebook's end."""

import html
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ipywidgets import HTML, Dropdown, FloatSlider, ToggleButton, ValueWidget

from nnhelpers import figures
from nnhelpers.figures import Drawn
from nnhelpers.lessons.bets import Answer, Outcome, RoomBets, Tally
from nnhelpers.widgets._panel.panel import Panel

_SURE_STEPS = 20


class Question(Panel):
    """A question to bet on; without a front end, its truth is folded away."""

    def __init__(
        self,
        plot: Callable[..., Drawn],
        controls: dict[str, ValueWidget],
        *,
        asked: Outcome | RoomBets,
        truth: Callable[[], Any],
    ) -> None:
        self._plot, self._asked = plot, asked
        self._find_truth, self._truth = truth, None
        super().__init__(self._place, plot, controls, title=asked.question)
        self.children = (HTML(self._question_html()), *self.children)

    def describe(self, settings: Any, summary: str) -> str:
        """Return the question and the summary of the drawing."""
        return f"{self._asked.question} {summary}"

    def _place(self, **position: Any) -> Outcome | RoomBets:
        """Return the result at the controls' position."""
        raise NotImplementedError

    def _known_truth(self) -> Any:
        """Find the truth once; a failure is raised as ``ValueError`` and can be tried again."""
        if self._truth is None:
            try:
                truth = self._find_truth()
            except Exception as error:
                raise ValueError(f"no truth: {type(error).__name__}: {error}") from error
            self._truth = self._asked.answer.checked(truth)
        return self._truth

    def still(self) -> Outcome | RoomBets:
        """Return the outcome with the truth; raise ``ValueError`` if it cannot be found."""
        return replace(self._asked, truth=self._known_truth())

    def still_html(self) -> str:
        """Return the question with the truth folded away."""
        try:
            found, problem = self.still(), ""
        except (ValueError, TypeError) as error:
            found, problem = self._asked, str(error)
        picture = self._plot(found)._repr_mimebundle_()["text/html"]
        apology = f"<p><i>{html.escape(problem)}</i></p>" if problem else ""
        closed = f"<details><summary>Reveal</summary>{picture}</details>"
        return self._question_html() + closed + apology

    def _question_html(self) -> str:
        return f"<p><strong>{html.escape(self._asked.question)}</strong></p>"


class Prediction(Question):
    """A question, a bet on its answer, and the truth at the press of a button.

    The reader starts from a neutral bet. Without a front end, the truth is folded away together
    with the bet recorded in the notebook.

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
        """Freeze the bet once the truth is shown."""
        if self.controls["reveal"].value and self.result.revealed:
            self._final = {name: control.value for name, control in self.controls.items()}
            for control in self.controls.values():
                control.disabled = True
            self._film.clear()  # pictures of bets that can no longer be placed

    def revealed(self, bet: Any) -> Outcome:
        """Return the outcome of a given bet on a number, a share or a choice."""
        return self._outcome(bet=bet, sure=self._asked.sure, reveal=True)

    def still(self) -> Outcome:
        """Return the reader's bet if it is revealed, else the recorded one with the truth."""
        if self.result.revealed:
            return self.result
        return super().still()

    def still_words(self) -> str:
        """Return the question, and the bet and the truth once the reader has revealed them."""
        if self.result.revealed:
            return self.summary
        return f"{self._asked.question} (Place your bet, then press Reveal.)"


# The predictions of this notebook (each has its own kernel) by question, in order.
_asked: dict[str, Prediction] = {}


def predict(
    question: str, answer: Answer, *, truth: Callable[[], Any], sure: float = 0.7
) -> Prediction:
    """Ask for a bet before a result is seen; the bet stays drawn when the truth is revealed.

    Running the cell again starts over. `tally_bets` sums up all bets. Raises ``ValueError`` if the
    question is empty or `sure` is below that of a guess or above 1, ``TypeError`` if the truth is
    not callable.

    Parameters
    ----------
    question : str
    answer : nnhelpers.lessons.bets.Number, Share, Choice or Sketch
        Its bet is recorded with the notebook and shown where there is no front end.
    truth : callable
        Takes nothing and computes the truth: a number, an option, or for a sketch (x, y) or the
        heights at the handles. Called once, when first needed.
    sure : float
        How sure the recorded bet is (share), and where the reader starts.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> from nnhelpers.lessons import bets
    >>> list(widgets.predict("How many?", bets.Share(bet=0.25), truth=lambda: 0.3).controls)
    ['bet', 'sure', 'reveal']
    """
    if not callable(truth):
        raise TypeError(f"truth must be a function that computes it, got {truth!r}")
    recorded = Outcome(question=question, answer=answer, sure=sure, recorded=True)
    _asked[question] = Prediction(recorded, truth=truth)
    return _asked[question]


def tally_bets() -> Tally:
    """Sum up how far off the bets of this notebook are, and how well calibrated.

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

"""A question above a panel, and its truth at the press of a button."""

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipywidgets
from ipywidgets import ValueWidget

from nnhelpers.figures import Drawn
from nnhelpers.lessons.bets import Outcome, RoomBets
from nnhelpers.widgets._panel.panel import Panel


def check_truth(truth: Any) -> None:
    """Raise a ``TypeError`` unless the truth can be called.

    Examples
    --------
    >>> check_truth(0.45)
    Traceback (most recent call last):
    TypeError: truth must be a function that computes it, got 0.45
    """
    if not callable(truth):
        raise TypeError(f"truth must be a function that computes it, got {truth!r}")


class Question(Panel):
    """A question that is bet on; where there is no front end its truth is folded away."""

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
        self.children = (ipywidgets.HTML(self._question_html()), *self.children)

    def describe(self, settings: Any, summary: str) -> str:
        """Return the question, and what is drawn."""
        return f"{self._asked.question} {summary}"

    def _place(self, **position: Any) -> Outcome | RoomBets:
        """Return what the controls' position gives."""
        raise NotImplementedError

    def _known_truth(self) -> Any:
        """Find the truth, once; whatever fails is a ``ValueError``, and can be tried again."""
        if self._truth is None:
            try:
                truth = self._find_truth()
            except Exception as error:
                raise ValueError(f"no truth: {type(error).__name__}: {error}") from error
            self._truth = self._asked.answer.checked(truth)
        return self._truth

    def still(self) -> Outcome | RoomBets:
        """Return what a front end without widgets shows, revealed.

        Raises ``ValueError`` if the truth cannot be found.
        """
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

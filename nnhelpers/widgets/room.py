"""A bet by everybody in the room."""

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ipywidgets import IntText, Textarea, ToggleButton, ValueWidget

from nnhelpers import figures
from nnhelpers.checks import check_between
from nnhelpers.lessons.bets import Choice, Number, RoomBets, Share, read_bets
from nnhelpers.widgets.predictions import Question

_MOST_HANDS = 999


class RoomPrediction(Question):
    """A question, a room's bets on its answer, and the truth at the press of a button.

    Bets can be added and corrected as long as the panel is open.

    Attributes
    ----------
    result : nnhelpers.lessons.bets.RoomBets
        The bets that could be read, and the truth once it is revealed.
    """

    def __init__(self, asked: RoomBets, *, truth: Callable[[], Any]) -> None:
        super().__init__(figures.plot_room_bets, _controls(asked.answer), asked=asked, truth=truth)

    def _place(self, *, reveal: bool, **given: Any) -> RoomBets:
        answer, unread = self._asked.answer, ()
        if answer.kind == "choice":
            hands = dict(zip(answer.options, given.values(), strict=True))
            named = {f"hands for {option!r}": count for option, count in hands.items()}
            check_between(0, _MOST_HANDS, **named)
            bets = tuple(option for option, count in hands.items() for _ in range(count))
        else:
            bets, unread = read_bets(given["bets"], answer=answer)
        truth = self._known_truth() if reveal else None
        return replace(self._asked, bets=bets, unread=unread, truth=truth)

    def _move_to(self, settings: dict[str, Any]) -> None:
        super()._move_to(settings)
        if not self._message.value and (words := self.result.unread_words()):
            self._message.value = f"<i>{html.escape(words)}</i>"

    def still(self) -> RoomBets:
        """Return the bets with the truth; raise ``ValueError`` if it cannot be found."""
        return replace(self.result, truth=self._known_truth())


def predict_together(
    question: str, answer: Number | Share | Choice, *, truth: Callable[[], Any]
) -> RoomPrediction:
    """Ask a room for its bets before a result is seen; *Reveal* draws the truth among them.

    Numbers are typed or pasted into a box, separated by spaces, commas or new lines; for a choice,
    hands are counted for each option. Impossible answers are listed and not counted. `truth` takes
    nothing and computes the truth; it is called once, when first needed. Raises ``ValueError`` or
    ``TypeError`` if the question is empty, the answer is a sketch, or the truth is not callable.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> from nnhelpers.lessons import bets
    >>> room = widgets.predict_together("How many?", bets.Share(bet=0.25), truth=lambda: 0.3)
    >>> room.controls["bets"].value = "20% 35% 50%"
    >>> room
    How many? the room: 3 bets, median 35%; not revealed
    """
    if not callable(truth):
        raise TypeError(f"truth must be a function that computes it, got {truth!r}")
    return RoomPrediction(RoomBets(question=question, answer=answer), truth=truth)


def _controls(answer: Number | Share | Choice) -> dict[str, ValueWidget]:
    reveal = ToggleButton(value=False, description="Reveal")
    if answer.kind == "choice":
        hands = {
            f"hands_{i}": IntText(value=0, description=option)
            for i, option in enumerate(answer.options)
        }
        return {**hands, "reveal": reveal}
    example = "0.3 45% 12%" if answer.kind == "share" else f"{answer.low:g} {answer.start:g}"
    looks = {"placeholder": f"such as {example}", "description": "the room's bets"}
    return {"bets": Textarea(continuous_update=False, **looks), "reveal": reveal}

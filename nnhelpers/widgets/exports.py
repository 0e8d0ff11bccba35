"""Panels, bets and decks for a page elsewhere: pictures as files, and their descriptions."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nnhelpers.checks import check_positive
from nnhelpers.figures import Drawn
from nnhelpers.lessons.bets.outcomes import COLUMNS
from nnhelpers.widgets._panel.controls import nearest_first, positions
from nnhelpers.widgets._panel.deck import DECK_SCRIPT, DECK_STYLE, Deck, Picture, stops_on_page
from nnhelpers.widgets._panel.gallery import described, page_size
from nnhelpers.widgets._panel.pages import MOST_PICTURES, PAGE_SCRIPT, PAGE_STYLE
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.predictions import Prediction

Live = Panel | Deck
# Script and style for the panels and decks of such a page.
PANELS_SCRIPT, PANELS_STYLE = PAGE_SCRIPT + DECK_SCRIPT, PAGE_STYLE + DECK_STYLE


def save_pictures(
    shown: Mapping[str, Live], *, folder: str | Path, most_bytes: int = 5_000_000
) -> dict[str, dict[str, Any]]:
    """Write the pictures of panels, bets and decks as files for a page, and describe them.

    The files are named after the keys of `shown`; the folder must exist. Returns for each key a
    description that can be written as JSON, with its ``kind`` ("panel", "bet" or "deck") and file
    names relative to the folder. Panels share the bytes that bets leave. Raises ``ValueError`` if a
    panel has no picture, or the pictures do not fit into `most_bytes`.

    Examples
    --------
    >>> import tempfile
    >>> from nnhelpers import widgets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     shown = {"overlap": widgets.explore_overlap()}
    ...     found = widgets.save_pictures(shown, folder=folder, most_bytes=60_000)
    >>> found["overlap"]["frames"][0]["src"]
    'overlap-0-0.webp'
    """
    check_positive(most_bytes=most_bytes)
    room = _Room(Path(folder), most_bytes=most_bytes)
    found = {}
    for name, each in shown.items():
        if isinstance(each, Prediction) and "bet" in each.controls:
            found[name] = room.bet(name, each)
    others = {name: each for name, each in shown.items() if name not in found}
    for each in others.values():
        parts = each.shown if isinstance(each, Deck) else [each]
        room.waiting += sum(isinstance(part, Panel) for part in parts)
    for name, each in others.items():
        found[name] = room.deck(name, each) if isinstance(each, Deck) else room.panel(name, each)
    return {name: found[name] for name in shown}


class _Room:
    """A folder with room for so many bytes, shared by the panels still `waiting`."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder, self._left, self.waiting = folder, most_bytes, 0

    def _put(self, name: str, at: Sequence[int], picture: bytes) -> dict[str, str]:
        file = "-".join([name, *map(str, at)]) + ".webp"
        self._left -= len(picture)
        (self._folder / file).write_bytes(picture)
        return {"src": file}

    def panel(self, name: str, panel: Panel) -> dict[str, Any]:
        most = {"most_bytes": self._left // self.waiting, "most_pictures": MOST_PICTURES}
        self.waiting -= 1
        return {"kind": "panel", **described(panel, put=partial(self._put, name), **most)}

    def bet(self, name: str, prediction: Prediction) -> dict[str, Any]:
        bets, sure = (positions(prediction.controls[each]) for each in ("bet", "sure"))
        start = {each: _place(prediction, each) for each in ("bet", "sure")}
        answers = []
        for place, bet in enumerate(bets):
            settings = {**prediction.settings, "bet": bet, "reveal": True}
            picture, _ = prediction.picture_at(settings, Drawn.webp)
            outcome = prediction.revealed(bet)
            off = None if outcome.distance is None else outcome.distance / outcome.answer.within
            told = {"words": outcome.truth_words(), "cells": outcome.cells()[1:], "off": off}
            answers.append(self._put(name, [place], picture) | {"hit": bool(outcome.hit), **told})
        return {
            "kind": "bet",
            "question": prediction.title,
            **page_size(picture, width=prediction.drawn.shown_width),
            "isList": isinstance(bets[0], str),
            "start": start["bet"],
            "sure": sure,
            "startSure": start["sure"],
            "columns": COLUMNS,
            "answers": answers,
        }

    def deck(self, name: str, deck: Deck) -> dict[str, Any]:
        slides = []
        for number, each in enumerate(deck.shown):
            part = f"{name}-{number}"
            if isinstance(each, Picture):
                slides.append({"kind": "panel", **each.described(partial(self._put, part))})
            else:
                slides.append(self.panel(part, each))
        return {"kind": "deck", "slides": slides, "stops": stops_on_page(deck.stops, slides)}


def _place(prediction: Prediction, name: str) -> int:
    """Return the index of the position that is nearest to a control's value."""
    control = prediction.controls[name]
    return positions(control).index(nearest_first(control, prediction.settings[name])[0])

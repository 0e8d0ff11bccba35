"""What a page elsewhere needs of panels, bets and decks: pictures as files, and descriptions."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from nnhelpers.checks import check_positive
from nnhelpers.figures import Drawn
from nnhelpers.lessons.bets.outcomes import COLUMNS
from nnhelpers.widgets._panel.controls import positions
from nnhelpers.widgets._panel.deck import DECK_SCRIPT, DECK_STYLE, Deck, Picture, stops_on_page
from nnhelpers.widgets._panel.gallery import chosen, description
from nnhelpers.widgets._panel.pages import PAGE_SCRIPT, PAGE_STYLE
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.predictions import Prediction

Live = Panel | Deck
# What shows the panels and decks of such a page.
PANELS_SCRIPT, PANELS_STYLE = PAGE_SCRIPT + DECK_SCRIPT, PAGE_STYLE + DECK_STYLE

# Where a slide of a deck is a picture, it has one place.
_NO_CONTROLS = {"controls": [], "scenes": [], "contexts": [""], "missing": "", "start": [0]}


def save_pictures(
    shown: Mapping[str, Live], *, folder: str | Path, most_bytes: int = 5_000_000
) -> dict[str, dict[str, Any]]:
    """Write the pictures of panels, bets and decks as files for a page, and describe them.

    What is described can be written as JSON; names of files are relative to the folder. Panels
    share the bytes that bets leave.

    Parameters
    ----------
    shown : dict of str to Panel, Prediction or Deck
        By names that are good for files.
    folder : str or path
        Must exist; files of these names are replaced.
    most_bytes : int

    Returns
    -------
    dict of str to dict
        By the same names, each with its ``kind``: panel, bet or deck.

    Raises
    ------
    ValueError
        If a panel has no picture, or they do not fit.

    Examples
    --------
    >>> import tempfile
    >>> from nnhelpers import widgets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = widgets.save_pictures(
    ...         {"overlap": widgets.explore_overlap()}, folder=folder, most_bytes=60_000
    ...     )
    >>> found["overlap"]["kind"], found["overlap"]["frames"][0]["src"]
    ('panel', 'overlap-0-0.webp')
    """
    check_positive(most_bytes=most_bytes)
    room = _Room(Path(folder), most_bytes=most_bytes)
    bets = {name: room.bet(name, each) for name, each in shown.items() if _is_bet(each)}
    others = {name: each for name, each in shown.items() if name not in bets}
    room.waiting = sum(_panels_in(each) for each in others.values())
    described = bets | {
        name: room.deck(name, each) if isinstance(each, Deck) else room.panel(name, each)
        for name, each in others.items()
    }
    return {name: described[name] for name in shown}


def _is_bet(each: Live) -> bool:
    return isinstance(each, Prediction) and "bet" in each.controls


def _panels_in(each: Live) -> int:
    return sum(isinstance(part, Panel) for part in each.shown) if isinstance(each, Deck) else 1


class _Room:
    """A folder with room for so many bytes, which panels that are `waiting` share."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self._folder, self._left, self.waiting = folder, most_bytes, 0

    def _write(self, name: str, picture: bytes) -> str:
        self._left -= len(picture)
        (self._folder / f"{name}.webp").write_bytes(picture)
        return f"{name}.webp"

    def panel(self, name: str, panel: Panel) -> dict[str, Any]:
        choice = chosen(panel, most_bytes=self._left // self.waiting)
        self.waiting -= 1
        frames = []
        for frame in choice.frames:
            src = self._write("-".join([name, *map(str, frame.at)]), frame.picture)
            frames.append({"at": frame.at, "src": src, "alt": frame.alt})
        size = {"height": _height(choice.frames[0].picture)}
        return {"kind": "panel", **description(panel, choice), **size, "frames": frames}

    def bet(self, name: str, prediction: Prediction) -> dict[str, Any]:
        bets, sure = (positions(prediction.controls[each]) for each in ("bet", "sure"))
        answers = []
        for place, bet in enumerate(bets):
            settings = {**prediction.settings, "bet": bet, "reveal": True}
            picture, _ = prediction.picture_at(settings, Drawn.webp)
            outcome = prediction.revealed(bet)
            off = None if outcome.distance is None else outcome.distance / outcome.answer.within
            src = self._write(f"{name}-{place}", picture)
            told = {"words": outcome.truth_words(), "cells": outcome.cells()[1:], "off": off}
            answers.append({"src": src, "hit": bool(outcome.hit), **told})
        size = {"width": prediction.drawn.shown_width, "height": _height(picture)}
        return {
            "kind": "bet",
            "question": prediction.title,
            **size,
            "isList": isinstance(bets[0], str),
            "start": _place(bets, prediction.settings["bet"]),
            "sure": sure,
            "startSure": _place(sure, prediction.settings["sure"]),
            "columns": COLUMNS,
            "answers": answers,
        }

    def deck(self, name: str, deck: Deck) -> dict[str, Any]:
        slides = []
        for number, each in enumerate(deck.shown):
            part = f"{name}-{number}"
            slide = self._still(part, each) if isinstance(each, Picture) else self.panel(part, each)
            slides.append(slide)
        return {"kind": "deck", "slides": slides, "stops": stops_on_page(deck.stops, slides)}

    def _still(self, name: str, picture: Picture) -> dict[str, Any]:
        src = self._write(name, picture.still.webp)
        frame = {"at": [0], "src": src, "alt": picture.summary}
        width, pixels = picture.still.width, Image.open(io.BytesIO(picture.still.webp))
        size = {"width": width, "height": round(width * pixels.height / pixels.width)}
        return {"kind": "panel", "title": picture.title, **_NO_CONTROLS, **size, "frames": [frame]}


def _place(known: Sequence[Any], value: Any) -> int:
    """Return the place of the position that is nearest to a value."""
    if isinstance(value, str):
        return known.index(value)
    return min(range(len(known)), key=lambda place: abs(known[place] - value))


def _height(picture: bytes) -> int:
    """Height of a picture on a plain screen (pixels)."""
    return Image.open(io.BytesIO(picture)).height

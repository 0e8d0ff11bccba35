"""Panels and lectures for a class, which need no notebook to have trained anything."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nnhelpers import datasets, networks, training, widgets
from nnhelpers.checks import check_one_of
from nnhelpers.lessons import series, teaching
from nnhelpers.tables import Link, Table
from nnhelpers.widgets import lecture_slides
from nnhelpers.widgets._panel.deck import Deck
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.decks import Slide, present


def open_panel(name: str) -> Panel:
    """Open a panel by its name without "explore_"; a run that it needs is trained.

    Raises ``ValueError`` if there is no such panel.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.open_panel("overlap").title
    'How much do two units overlap?'
    """
    check_one_of(teaching.PANEL_CARDS, name=name)
    needed = [_NEEDED[name]()] if name in _NEEDED else []
    return getattr(widgets, f"explore_{name}")(*needed)


def panels_by_question() -> Table:
    """Return a table of the panels, the questions they answer and their scenes.

    This opens every panel, which takes some seconds.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.panels_by_question().columns
    ('question', 'panel', 'lesson', 'minutes', 'scenes', 'needs')
    """
    return Table(
        columns=("question", "panel", "lesson", "minutes", "scenes", "needs"),
        rows=tuple(_row(card) for card in teaching.PANEL_CARDS.values()),
    )


def open_lecture(lesson: int) -> Deck:
    """Put the lecture on a lesson under one clicker: scenes, pictures and bets, with notes.

    This trains the networks of its pictures, which takes some seconds. Raises ``ValueError`` if
    there is no such lesson.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.open_lecture(4)
    a deck of 16 slides
    """
    check_one_of(series.LESSONS, lesson=lesson)
    steps = teaching.steps(lesson)
    opened = {name: open_panel(name) for name in dict.fromkeys(s.panel for s in steps) if name}
    slides = []
    for step in steps:
        if step.panel:
            panel = opened[step.panel]
            scene = [scene.name for scene in panel.scenes].index(step.show)
            slides.append(Slide(panel, notes=step.notes, scene=scene))
        else:
            shown = lecture_slides.SLIDES[lesson, step.show]()
            slides.append(Slide(shown, notes=step.notes, title=step.show))
    return present(slides)


def _row(card: teaching.PanelCard) -> tuple[str, ...]:
    deeper = ", going deeper" if card.notebook.startswith("deeper/") else ""
    place = Link(f"{card.lesson}{deeper}", to=card.notebook)
    scenes = "; ".join(scene.name for scene in open_panel(card.panel).scenes)
    return card.question, card.panel, place, f"{card.minutes:g}", scenes, card.needs


_FOUR = networks.MLPSpec(units=(4,))


@cache
def _one_training():
    return training.train(_FOUR, datasets.load_circles(), epochs=1_000)


@cache
def _typical_trainings():
    """The network of median accuracy among 200, on data centred and at (10, 10)."""
    found = {}
    for name, offset in {"centred": 0, "at (10, 10)": 10}.items():
        how = {"draws": 200, "epochs": 1_000, "offset": offset}
        many = training.train_many(_FOUR, datasets.load_circles(), **how)
        found[name] = many.run(np.argsort(many.final_accuracy, kind="stable")[100])
    return found


@cache
def _plateau():
    """Return a run of X. Glorot and Y. Bengio's sigmoids, weights from U(−1/√n, 1/√n)."""
    spec = networks.MLPSpec(
        units=(32,) * 4, activation="sigmoid", n_outputs=10, kernel_initializer="lecun_uniform"
    )
    digits = datasets.rescale(datasets.load_digits(), 1 / 16)
    how = {"epochs": 240, "snapshots": 60, "batch_size": 32, "learning_rate": 1.0}
    return training.train(spec, digits, optimizer="sgd", gain=3**-0.5, **how)


_NEEDED: dict[str, Callable[[], Any]] = {
    "training": _one_training,
    "examples": _typical_trainings,
    "plateau": _plateau,
}

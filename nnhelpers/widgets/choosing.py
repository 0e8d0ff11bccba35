"""Panels for a class: opened by name, without a notebook that has trained something before."""

from collections.abc import Callable
from functools import cache
from typing import Any

import ipywidgets
import numpy as np

from nnhelpers import datasets, networks, widgets
from nnhelpers.checks import check_one_of
from nnhelpers.lessons import series, teaching
from nnhelpers.widgets._panel.panel import Panel


def open_panel(name: str) -> Panel:
    """Open a panel by its name without the verb; one that needs a trained run gets one.

    Raises
    ------
    ValueError
        If there is no such panel.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> widgets.open_panel("overlap").title
    'How much do two units overlap?'
    """
    check_one_of(teaching.panel_cards(), name=name)
    needed = [_NEEDED[name]()] if name in _NEEDED else []
    return getattr(widgets, f"explore_{name}")(*needed)


class PanelChooser(ipywidgets.VBox):
    """A list of questions, and below it the panel that answers the one chosen.

    Attributes
    ----------
    choice : ipywidgets.Dropdown
        Its value is the name of the panel.
    """

    def __init__(self, cards: list[teaching.PanelCard]) -> None:
        self._cards = cards
        self._opened: dict[str, Panel] = {}
        self.choice = ipywidgets.Dropdown(
            options=[(card.question, card.panel) for card in cards], description="question"
        )
        self.choice.layout.width = "100%"
        self.choice.layout.max_width = "560px"
        super().__init__()
        self.add_class("nnhelpers-chooser")
        self._show()
        self.choice.observe(self._show, "value")

    @property
    def panel(self) -> Panel:
        """The panel that is open."""
        return self._opened[self.choice.value]

    def __repr__(self) -> str:
        return "\n".join(f"{card.panel}: {card.question}" for card in self._cards)

    # With ipywidgets 7 IPython would ask this, and get no words.
    _ipython_display_ = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Live in a front end with widgets; elsewhere the panel that is open, as pictures."""
        return self.panel._repr_mimebundle_() | {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
            "text/plain": repr(self),
        }

    def _show(self, _: Any = None) -> None:
        name = self.choice.value
        if name not in self._opened:
            self._opened[name] = open_panel(name)
        self.panel._screen.expect_an_answer()
        self.children = (self.choice, self.panel)


def choose_panel(lesson: int) -> PanelChooser:
    """List the panels of the lecture on a lesson, in its order, and open the one chosen.

    Raises
    ------
    ValueError
        If there is no such lesson.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> print(str(widgets.choose_panel(4)).splitlines()[0])
    batch_norm: What does batch norm do to a batch?
    """
    check_one_of(series.lessons(), lesson=lesson)
    cards = teaching.panel_cards()
    names = dict.fromkeys(step.panel for step in teaching.steps(lesson) if step.panel)
    return PanelChooser([cards[name] for name in names])


@cache
def _one_training():
    from nnhelpers import training

    return training.train(networks.MLPSpec(units=(4,)), datasets.load_circles(), epochs=1_000)


@cache
def _typical_trainings():
    """Of 200 networks the one in the middle by accuracy, centred and at (10, 10)."""
    from nnhelpers import training

    found = {}
    for name, offset in {"centred": 0, "at (10, 10)": 10}.items():
        many = training.train_many(
            networks.MLPSpec(units=(4,)),
            datasets.load_circles(),
            draws=200,
            epochs=1_000,
            offset=offset,
        )
        found[name] = many.run(np.argsort(many.final_accuracy, kind="stable")[100])
    return found


@cache
def _plateau():
    """Return a run of X. Glorot and Y. Bengio's sigmoids, weights from U(−1/√n, 1/√n)."""
    from nnhelpers import training

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

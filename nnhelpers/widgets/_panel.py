"""The one place where controls, computing and drawing are wired together."""

import asyncio
import html
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import anywidget
import ipywidgets
import traitlets

from nnhelpers.figures import Drawn

# A pause this long after the last move starts the slow part of a panel's work.
_PAUSE_SECONDS = 0.1

Compute = Callable[..., Any]
Refine = Callable[..., Iterator[Any]]


class Screen(anywidget.AnyWidget):
    """A picture with words for those who cannot see it; repaints without flicker."""

    _esm = (resources.files("nnhelpers.widgets") / "_screen.js").read_text()
    picture = traitlets.Bytes(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)


class Panel(ipywidgets.VBox):
    """Controls above a drawing that follows them.

    Attributes
    ----------
    controls : dict of str to ipywidgets control
        By name; setting a ``value`` redraws.
    result : object
        What is drawn now.
    drawn : nnhelpers.figures.Drawn
    """

    def __init__(
        self,
        compute: Compute,
        plot: Callable[..., Drawn],
        controls: dict[str, ipywidgets.ValueWidget],
        *,
        refine: Refine | None = None,
    ) -> None:
        self._compute, self._refine = compute, refine
        self._later: asyncio.TimerHandle | None = None
        self._accepted = {name: control.value for name, control in controls.items()}
        self.controls = controls
        self.result = compute(**self._accepted)
        for better in self._improvements():
            self.result = better
        self.drawn = plot(self.result)
        self._screen = Screen(width=self.drawn.shown_width)
        self._message = ipywidgets.HTML()
        super().__init__([_rows(controls), self._screen, self._message])
        self.add_class("nnhelpers-panel")
        self._show(self.result)
        for control in controls.values():
            control.observe(self._move, "value")

    @property
    def summary(self) -> str:
        """What the panel shows now, in words."""
        settings = ", ".join(
            f"{control.description} {_spoken(control.value)}" for control in self.controls.values()
        )
        return f"{settings}: {self.drawn.summary}"

    def _move(self, _: Any) -> None:
        """Compute and draw the controls' position; one that is refused is taken back."""
        values = {name: control.value for name, control in self.controls.items()}
        if values == self._accepted:
            return
        try:
            result = self._compute(**values)
        except (ValueError, TypeError) as error:
            self._message.value = f"<i>{html.escape(str(error))}</i>"
            for name, value in self._accepted.items():
                self.controls[name].value = value
            return
        self._forget_improvements()
        self._accepted = values
        self._message.value = ""
        self._show(result)
        self._improve(self._improvements())

    def _show(self, result: Any) -> None:
        self.result = result
        self.drawn.update(result)
        with self._screen.hold_sync():
            self._screen.alt = self.summary
            self._screen.picture = self.drawn.frame()

    def _improvements(self) -> Iterator[Any]:
        if self._refine is None:
            return iter(())
        return self._refine(self.result, **self._accepted)

    def _improve(self, improvements: Iterator[Any]) -> None:
        """Show better results one by one, giving way to any move in between."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            for better in improvements:
                self._show(better)
            return

        def next_one() -> None:
            better = next(improvements, None)
            if better is not None:
                self._show(better)
                self._later = loop.call_later(0, next_one)

        self._later = loop.call_later(_PAUSE_SECONDS, next_one)

    def _forget_improvements(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def __repr__(self) -> str:
        return self.summary

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Live in a front end with widgets; elsewhere a picture with words."""
        live = super()._repr_mimebundle_(**kwargs) or {}
        return {**live, "text/html": self._still_html(), "text/plain": self._still_words()}

    def _still_html(self) -> str:
        return self.drawn._repr_mimebundle_()["text/html"]

    def _still_words(self) -> str:
        return self.summary


def connect(
    compute: Compute,
    plot: Callable[..., Drawn],
    *,
    refine: Refine | None = None,
    **controls: ipywidgets.ValueWidget,
) -> Panel:
    """Make a live panel: at every move of a control, compute a result and draw it.

    The front end keeps one move in flight and merges the rest, so the last position is what is
    shown, and no stale work queues up.

    Parameters
    ----------
    compute : callable
        Takes the controls' values by name and returns a result; a ``ValueError`` refuses them.
    plot : figure function
        Draws the first result and returns the `Drawn` that draws the others.
    refine : callable, optional
        Takes the result and the controls' values, and yields better results, each in a short
        time; dropped as soon as a control moves.
    **controls : ipywidgets control
        By the names of `compute`'s arguments; each needs a description.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If there is no control, or one without a description.
    """
    if not controls:
        raise ValueError("controls must name at least one control, got none")
    for name, control in controls.items():
        if not control.description:
            raise ValueError(f"control {name} must have a description, got none")
    return Panel(compute, plot, controls, refine=refine)


def _rows(controls: dict[str, ipywidgets.ValueWidget]) -> ipywidgets.Box:
    for control in controls.values():
        control.style.description_width = "max-content"
        control.layout.width = "auto"
        control.layout.min_width = "310px"
    layout = ipywidgets.Layout(flex_flow="row wrap", grid_gap="0 24px", max_width="1100px")
    return ipywidgets.Box(list(controls.values()), layout=layout)


def _spoken(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

"""How a panel is declared."""

from collections.abc import Callable, Sequence

import ipywidgets

from nnhelpers.figures import Drawn
from nnhelpers.widgets._panel.controls import Scene, Settings, check_controls
from nnhelpers.widgets._panel.film import Compute, Refine
from nnhelpers.widgets._panel.panel import Panel


def connect(
    compute: Compute,
    plot: Callable[..., Drawn],
    *,
    refine: Refine | None = None,
    title: str = "",
    scenes: Sequence[Scene] = (),
    given: Settings | None = None,
    **controls: ipywidgets.ValueWidget,
) -> Panel:
    """Make a live panel, which computes and draws a result at every move of a control.

    The front end keeps one move in flight and merges the rest, so no stale work queues up. While
    nothing moves, the pictures at the first control's positions are prepared, nearest first, and
    kept in the browser, so that moving to one of them does not wait for the kernel.

    Raises ``ValueError`` or ``TypeError`` if there is no control, a control is of an unsupported
    kind or has no description, or a scene names an unknown control or position.

    Parameters
    ----------
    compute : callable
        Takes the controls' values by name and returns a result; any exception refuses the move.
    plot : figure function
        Draws the first result and returns the `Drawn` that draws the others.
    refine : callable, optional
        Takes the result and the controls' values, and yields better results in short steps; dropped
        as soon as a control moves.
    title : str, optional
        Shown to the presenter and on saved pages; part of `Panel.state`.
    scenes : sequence of Scene, optional
        Positions to step through; also what the panel shows where there are no widgets.
    given : dict of str to value, optional
        What the panel was made with, such as a seed; part of `Panel.state`.
    **controls : ipywidgets control
        Sliders, number boxes with a step, lists or switches, each with a description, named after
        `compute`'s arguments; the main one first.

    Examples
    --------
    >>> from nnhelpers import figures, simulations, widgets
    >>> panel = widgets.connect(
    ...     lambda center: simulations.simulate_active_fraction(center=center, draws=50),
    ...     figures.plot_active_fraction,
    ...     center=ipywidgets.FloatSlider(max=9, description="offset"),
    ... )
    >>> list(panel.controls)
    ['center']
    """
    check_controls(controls)
    return Panel(compute, plot, controls, refine=refine, title=title, scenes=scenes, given=given)

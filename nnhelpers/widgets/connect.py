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
    """Make a live panel: at every move of a control, compute a result and draw it.

    The front end keeps one move in flight and merges the rest, so the last position is what is
    shown, and no stale work queues up. While nothing moves, the pictures of the first control's
    positions are prepared, nearest first, and kept in the browser; moving to one of them does not
    wait for the kernel.

    Raises ``ValueError`` or ``TypeError`` if there is no control, or one of another kind or without
    a description, or if a scene names a control or a position that does not exist.

    Parameters
    ----------
    compute : callable
        Takes the controls' values by name and returns a result; a ``ValueError`` refuses them.
    plot : figure function
        Draws the first result and returns the `Drawn` that draws the others.
    refine : callable, optional
        Takes the result and the controls' values, and yields better results, each in a short
        time; dropped as soon as a control moves.
    title : str, optional
        For the presenter, saved pages, and to tell this panel's `Panel.state` from another's.
    scenes : sequence of Scene, optional
        To step through; also the panel's static twin.
    given : dict of str to value, optional
        What the panel was made with, such as a seed; part of its `Panel.state`.
    **controls : ipywidgets control
        By the names of `compute`'s arguments, the main one first; each needs a description, and
        positions that can be counted: sliders and boxes for one number with a step, lists with a
        value, and switches.

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

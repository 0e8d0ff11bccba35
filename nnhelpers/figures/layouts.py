"""Several drawings in one figure: of one result, or of one kind."""

from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnhelpers.figures.drawn import Drawn, styled


def part(name: str, plot: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Make a figure function draw one attribute of a larger result.

    Examples
    --------
    >>> part("layer", lambda layer, *, ax: layer).__name__
    'plot_part'
    """

    def plot_part(result: Any, *, ax: Axes | None = None) -> Drawn:
        drawn = plot(getattr(result, name), ax=ax)
        return Drawn(drawn.ax, lambda whole: drawn.update(getattr(whole, name)), result)

    return plot_part


def titled(title: str, plot: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Give a figure function another title.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> plot = titled("Two units", figures.plot_active_count)
    >>> plot(simulations.simulate_active_count(draws=9)).ax.get_title(loc="left")
    'Two units'
    """

    @styled  # the style sheet sets the side of the title
    def plot_titled(result: Any, *, ax: Axes | None = None) -> Drawn:
        drawn = plot(result, ax=ax)
        drawn.ax.set_title(title)
        return drawn

    return plot_titled


def compose(
    layout: str,
    plots: Mapping[str, Callable[..., Drawn]],
    *,
    title: Callable[[Any], str] | None = None,
    size: tuple[float, float] = (11.0, 3.8),
    right: float = 0.2,
) -> Callable[..., Drawn]:
    """Make one figure function out of several that draw the same result.

    `plots` are placed by their letters in `layout`, as for ``Figure.subplot_mosaic``: "AB" or
    "AAB;CCB". `title` makes the headline from the result. `size` is width and height, `right` the
    room beside the last drawing of a row for names at the ends of its curves (inches).

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> both = compose("AB", {"A": figures.plot_active_fraction, "B": figures.plot_wedge})
    >>> len(both(simulations.simulate_active_fraction(draws=50)).figure.axes)
    2
    """

    @styled
    def plot(result: Any, *, figure: Figure | None = None) -> Drawn:
        figure = figure or Figure(figsize=size)
        rows = layout.split(";")
        axes = figure.subplot_mosaic(
            "\n".join(rows),
            height_ratios=[1.3] * (len(rows) > 1) + [1] * max(1, len(rows) - 1),
            gridspec_kw=_margins(size, title, right=right),
        )
        place = 0.45 / size[0], 1 - 0.42 / size[1]
        headline = title and figure.text(*place, "", fontsize=15, fontweight="bold")
        pieces = [draw(result, ax=axes[letter]) for letter, draw in plots.items()]

        def draw(result: Any) -> None:
            if title:
                headline.set_text(title(result))
            for piece in pieces:
                piece.update(result)

        return Drawn(figure, draw, result)

    return plot


@styled
def small_multiples(
    plot: Callable[..., Drawn],
    results: Mapping[str, Any],
    *,
    columns: int = 4,
    size: tuple[float, float] = (3.7, 3.5),
    right: float = 0.2,
) -> Drawn:
    """Draw several results of one kind side by side, each titled with its name.

    `columns` is the most drawings in a row; `size` and `right` are as in `compose`, for each
    drawing. Raises ``ValueError`` if there is nothing to draw.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> results = {n: simulations.simulate_active_count(units=n, draws=9) for n in (2, 4)}
    >>> len(small_multiples(figures.plot_active_count, results).figure.axes)
    2
    """
    if not results:
        raise ValueError("results must hold at least one result, got none")
    columns = min(columns, len(results))
    rows = -(-len(results) // columns)
    whole = (size[0] * columns, size[1] * rows)
    figure = Figure(figsize=whole)
    margins = _margins(whole, None, right=right)
    grid = figure.subplots(rows, columns, squeeze=False, gridspec_kw=margins)
    for ax in grid.flat[len(results) :]:
        ax.remove()
    pairs = zip(results.items(), grid.flat, strict=False)
    pieces = {name: plot(result, ax=ax) for (name, result), ax in pairs}
    for name, piece in pieces.items():
        piece.ax.set_title(name)

    def draw(results: Mapping[str, Any]) -> None:
        for name, piece in pieces.items():
            piece.update(results[name])

    return Drawn(figure, draw, results)


def _margins(
    size: tuple[float, float], title: Callable | None, *, right: float
) -> dict[str, float]:
    """Return margins fixed in inches, so that nothing moves when a label gets longer."""
    (width, height), top = size, 1.15 if title else 0.62
    sides = {"left": 0.72 / width, "right": 1 - right / width}
    ends = {"bottom": 0.55 / height, "top": 1 - top / height}
    return {**sides, **ends, "wspace": 0.32, "hspace": 0.62}

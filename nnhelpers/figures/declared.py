"""Figure functions made from a declaration, and the axes that they share with others."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers.figures import axes, style
from nnhelpers.figures.drawn import Draw, Drawn, drawing
from nnhelpers.figures.lines import Band, Course, Look, place_bands

# The figure function takes these words of a result, and their name and docstring.
_Words = Callable[[Any], str]
_Maker = Callable[[_Words], Callable[..., Drawn]]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """What surrounds the lines of a figure.

    Attributes
    ----------
    limits, size : tuple of float
        Ends of the vertical axis; width and height (inches).
    decades : int
        Powers of ten from one tick to the next, written out if it is 1; 0 for a linear axis.
    grid, level : float, (float, str), optional
        Height of a pale line; height and name of a dashed one.
    below, above, inside : str
        Notes on the marks: below the axes, beside the title, and at the lower left.
    """

    title: str
    y_label: str
    limits: tuple[float, float]
    x_label: str = axes.LAYERS
    size: tuple[float, float] = (6.8, 4.0)
    decades: int = 1
    grid: float | None = None
    level: tuple[float, str] | None = None
    below: str = ""
    above: str = ""
    inside: str = ""

    def surround(self, ax: Axes, *, at_left: bool = False) -> None:
        """Give axes all this but the title, the horizontal label under the ticks if told."""
        ax.set(ylim=self.limits, ylabel=self.y_label)
        ax.set_xlabel(self.x_label, **axes.AT_LEFT if at_left else {})
        if self.decades:
            step = {"step": self.decades, "plain": self.decades == 1}
            axes.decades(ax, which="y", limits=self.limits, **step)
        if self.grid is not None:
            ax.axhline(self.grid, **axes.GRID_LINE)
        if self.level:
            axes.level(ax, height=self.level[0], name=self.level[1])
        if self.above:
            axes.note_above(ax, text=self.above)
        if self.inside:
            ax.text(0.03, 0.04, self.inside, transform=ax.transAxes, fontsize=9)
        looks = {"ha": "right", "va": "top", "fontsize": 9, "color": style.QUIET}
        style.note(ax, self.below, (1, 0), offset=(0, -7), xycoords="axes fraction", **looks)


@dataclass(frozen=True)
class Line:
    """One line over the layers of a result.

    Attributes
    ----------
    values : callable
        Takes the result; returns an array of shape (draws, layers).
    law : callable, optional
        Takes the result; returns heights from the first layer on.
    compared : bool
        Whether `values` returns a comparison of means with their law, to be ringed where off it.
    """

    look: Look
    values: Callable[[Any], Any]
    law: Callable[[Any], NDArray] | None = None
    compared: bool = False

    def course(self, result: Any, *, first: int) -> Course:
        """Return what the line shows of a result, from layer number `first` on."""
        values = self.values(result)
        if self.compared:
            return Course.of_comparison(first + np.arange(len(values.law)), values)
        law = self.law(result) if self.law else None
        return Course.of_networks(first + np.arange(values.shape[1]), values, law=law)


def over_layers(
    plot: Plot, *, lines: Mapping[str, Line], first: int = 1, most_markers: int | None = None
) -> _Maker:
    """Make a figure function over the layers of a result from the words of its second line.

    Layers are counted from `first` on; of each line at most `most_markers` are shown.

    Examples
    --------
    >>> @over_layers(Plot(title="Norms", y_label="norm", limits=(0.1, 10)), lines={})
    ... def plot_norms(result) -> str:
    ...     return result.verdict()
    >>> plot_norms.__name__
    'plot_norms'
    """

    def from_words(say: _Words) -> Callable[..., Drawn]:
        @drawing(plot.title, size=plot.size)
        def figure(result: Any, *, most_layers: int = 1, ax: Axes) -> Draw:
            plot.surround(ax, at_left=True)
            bands = {}
            for name, line in lines.items():
                law = bool(line.law or line.compared)
                bands[Band(ax, name, line.look, limits=plot.limits, law=law)] = line

            def draw(result: Any) -> str:
                axes.layers_axis(ax, last=max(most_layers, result.depth), first=first)
                for band, line in bands.items():
                    band.draw(line.course(result, first=first), most_markers=most_markers)
                place_bands(list(bands))
                return say(result)

            return draw

        return _named_like(figure, say)

    return from_words


def _epochs_axis(ax: Axes, epochs: NDArray) -> None:
    """Show epochs from the untrained network on, each ten times apart alike."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.5)
    ax.set_xlim(0, epochs[-1] * 1.06)
    ax.set_xticks(epochs, labels=[f"{epoch:,}" for epoch in epochs])
    ax.minorticks_off()


def over_epochs(
    plot: Plot,
    *,
    courses: Callable[[Any], Mapping[str, Course]],
    looks: Callable[[Any], Sequence[Look]],
    show: Callable[[Axes, NDArray], Any] = _epochs_axis,
    law: bool | dict = False,
) -> _Maker:
    """Make a figure function over training from the words of its second line.

    Parameters
    ----------
    courses : callable
        Takes the result; returns what each line shows, by name.
    looks : callable
        Takes the first result; returns the look of each line.
    show : callable
        Takes the axes and the epochs, and sets the horizontal axis.
    law : bool or dict
        Whether there are laws; a dict says how they look.

    Examples
    --------
    >>> loss = Plot(title="Loss", y_label="loss", limits=(0.1, 10))
    >>> @over_epochs(loss, courses=lambda result: {}, looks=lambda result: [])
    ... def plot_losses(result) -> str:
    ...     return result.verdict()
    >>> plot_losses.__name__
    'plot_losses'
    """

    def from_words(say: _Words) -> Callable[..., Drawn]:
        @drawing(plot.title, size=plot.size)
        def figure(result: Any, *, ax: Axes) -> Draw:
            plot.surround(ax)
            bands = [Band(ax, "", look, law=law) for look in looks(result)]

            def draw(result: Any) -> str:
                for band, (name, course) in zip(bands, courses(result).items(), strict=True):
                    band.text = name
                    band.draw(course)
                show(ax, course.x)
                place_bands(bands, within=(0, 1))
                return say(result)

            return draw

        return _named_like(figure, say)

    return from_words


def _named_like(figure: Callable[..., Drawn], say: _Words) -> Callable[..., Drawn]:
    """Give a figure function the name, the home and the docstring of its words."""
    signature = inspect.signature(figure)
    functools.update_wrapper(figure, say)
    figure.__signature__ = signature
    return figure

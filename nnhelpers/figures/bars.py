"""Bars of a histogram beside their law, with what is cut off in words."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnhelpers.figures import style

# A share below this is not worth a word.
LEAST_SHARE = 0.005


class Bars:
    """Bars of equal width that redraw for other heights, and a law as dashes over them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    middles : array of shape (n_bars,)
    width : float
        Distance of two bars, in units of the horizontal axis.
    color : str
    filled : float
        Share of the distance that a bar fills.
    top : float
        Where the vertical axis ends: the highest bar says how high it is if it is cut.
    form : str
        Format of that height.

    Attributes
    ----------
    law : matplotlib.lines.Line2D
        Without a label until it is given one.
    """

    def __init__(
        self,
        ax: Axes,
        middles: NDArray,
        *,
        width: float,
        color: str,
        filled: float = 0.9,
        top: float = np.inf,
        form: str = ".0%",
    ) -> None:
        self._middles, self._width, self._top, self._form = middles, width, top, form
        self.bars = ax.bar(middles, np.zeros(len(middles)), width=filled * width, color=color)
        self.law = ax.plot([], [], "_", color=style.INK, markersize=11, markeredgewidth=2)[0]
        looks = {"va": "top", "fontsize": 9, "color": color}
        self._cut = None if np.isinf(top) else ax.text(0, 0.98 * top, "", **looks)

    def draw(self, heights: ArrayLike, *, law: tuple[ArrayLike, ArrayLike] = ((), ())) -> None:
        """Give the bars these heights, and move the law to (x, heights)."""
        heights = np.asarray(heights)
        for bar, height in zip(self.bars, heights, strict=True):
            bar.set_height(height)
        self.law.set_data(*law)
        if self._cut is not None:
            highest = heights.argmax()
            cut = heights[highest] > self._top
            self._cut.set_text(f"↑ {heights[highest]:{self._form}}" if cut else "")
            self._cut.set_x(self._middles[highest] + 0.6 * self._width)


class Beyond:
    """Words at both ends of an axis for what lies beyond it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    ends : tuple of float
        Where the words begin on the left, and where they end on the right.
    height : float
    form : str
        Format of the number, such as ".0%".
    **looks
        Passed on to the text.
    """

    def __init__(
        self, ax: Axes, ends: tuple[float, float], height: float, *, form: str, **looks: Any
    ) -> None:
        self._forms = (f"← {{:{form}}}", f"{{:{form}}} →")
        sides = zip(ends, ("left", "right"), strict=True)
        self._texts = [ax.text(x, height, "", ha=side, **looks) for x, side in sides]

    def draw(self, *, low: float, high: float) -> None:
        """Say how much lies below the lower end and above the upper one."""
        for text, number, form in zip(self._texts, (low, high), self._forms, strict=True):
            text.set_text(form.format(number) if number >= LEAST_SHARE else "")

"""Networks with batch norm beside networks without: one ink each, over a run's moments."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from numpy.typing import NDArray

from nnhelpers.figures import style

_PERCENTILES = (10, 50, 90)
_SPACING = 14


def look(batch_norm: bool) -> dict:
    """Return ink and dash of the line of one kind."""
    if batch_norm:
        return {"color": style.NORMALIZED, "linestyle": "-", "marker": "o", "markersize": 4.5}
    return {
        "color": style.PLAIN, "linestyle": style.PLAIN_DASH, "marker": "s", "markersize": 4.5,
    }  # fmt: skip


class Band:
    """A line, a band around it and the name of both behind its end; the ruler cuts them."""

    def __init__(self, ax: Axes, name: str, *, batch_norm: bool, ruler: tuple[float, float]):
        self._ax, self._ruler = ax, ruler
        kind = look(batch_norm)
        self._color = kind["color"]
        self._line = ax.plot([], [], **kind)[0]
        self._fill = None
        self.label: Annotation = ax.annotate(
            name, (0, 0), xytext=(9, 0), textcoords="offset points", va="center",
            color=self._color, annotation_clip=False,
        )  # fmt: skip

    def draw(self, x: NDArray, low: NDArray, middle: NDArray, high: NDArray) -> None:
        """Move the line, its band and its name."""
        low, middle, high = (np.clip(values, *self._ruler) for values in (low, middle, high))
        self._line.set_data(x, middle)
        if self._fill is not None:
            self._fill.remove()
        self._fill = self._ax.fill_between(x, low, high, color=self._color, alpha=0.16, linewidth=0)
        self.label.xy = x[-1], middle[-1]


def bands(ax: Axes, results: Mapping, *, ruler: tuple[float, float]) -> list[Band]:
    """Return one band for each result, in the ink of its kind."""
    return [
        Band(ax, name, batch_norm=result.batch_norm, ruler=ruler)
        for name, result in results.items()
    ]


def part_labels(drawn: list[Band]) -> None:
    """Push names apart that would overlap, the highest first."""
    ax = drawn[0].label.axes
    heights = np.array([ax.transData.transform(band.label.xy)[1] for band in drawn])
    points = 72 / ax.figure.dpi
    lowest = -np.inf
    for index in np.argsort(heights):
        shown = max(heights[index] * points, lowest + _SPACING)
        drawn[index].label.set_position((9, shown - heights[index] * points))
        lowest = shown


def percentiles(values: NDArray) -> NDArray[np.float64]:
    """10th, 50th and 90th of (moments, networks), without what is not a number; (3, moments)."""
    return np.array([np.percentile(row[~np.isnan(row)], _PERCENTILES) for row in values]).T


def decades(ax: Axes, ruler: tuple[float, float]) -> None:
    """Give the heights a logarithmic ruler with plain numbers."""
    ax.set(yscale="log", ylim=ruler)
    low, high = np.round(np.log10(ruler)).astype(int)
    ticks = 10.0 ** np.arange(low, high + 1)
    ax.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    ax.minorticks_off()


def show_epochs(ax: Axes, epochs: NDArray) -> None:
    """Lay epochs out from the untrained network on, each ten times apart alike."""
    ax.set_xscale("symlog", linthresh=1, linscale=0.5)
    ax.set_xlim(0, epochs[-1] * 1.06)
    ax.set_xticks(epochs, labels=[f"{epoch:,}" for epoch in epochs])
    ax.minorticks_off()
    ax.set_xlabel("epoch")

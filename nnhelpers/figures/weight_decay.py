"""What L2 does to a kernel before batch norm: to the loss, and to the weights' length."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from nnhelpers.figures import _layers, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

# Cross-entropy of always answering one half.
_CHANCE = float(np.log(2))
_LENGTHS = (0.03, 30.0)
_WIDTH = 2.0
# Lines that lie on one another show side by side.
_WIDEST = 9.0
# Not the ink of the dashed lines over them.
_COLORS = (style.QUIET, *style.SERIES_COLORS[1:])
_GROWING = {"color": style.INK, "linestyle": (0, (3, 3)), "linewidth": 1.2, "zorder": 4}


@styled
def plot_weight_decay(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the loss with batch norm for each l2, and dashed with a growing rate in its place.

    Medians over the networks. The first l2 has the broadest line, the last the thinnest, so that
    lines which lie on one another are all seen.

    Parameters
    ----------
    result : nnhelpers.simulations.WeightDecay
    """
    ax = _loss_axes(ax, title="Loss with batch norm")
    curves = _Curves(ax, len(result.l2), widest=_WIDEST, dashed="dashed: growing rate, no L2")

    def draw(result) -> None:
        curves.draw(result.l2, result.normalized.median_loss, result.growing.median_loss)
        ax.texts[0].set_text(result.verdict())

    return Drawn(ax, draw, result)


@styled
def plot_plain_weight_decay(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the loss without batch norm for each l2: medians over the networks.

    Parameters
    ----------
    result : nnhelpers.simulations.WeightDecay
    """
    ax = _loss_axes(ax, title="Loss without batch norm")
    curves = _Curves(ax, len(result.l2))

    def draw(result) -> None:
        losses = result.plain.median_loss
        curves.draw(result.l2, losses)
        first, last = losses[[0, -1], -1]
        ax.texts[0].set_text(
            f"at the end {first:.2f} with l2 {result.l2[0]:g}, {last:.2f} with {result.l2[-1]:g}"
        )

    return Drawn(ax, draw, result)


@styled
def plot_kernel_length(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the length of a unit's weights before batch norm for each l2: medians over networks.

    Dashed the length with a growing rate in place of L2, times what L2 alone would leave.

    Parameters
    ----------
    result : nnhelpers.simulations.WeightDecay
    """
    ax = new_axes(ax, width=5.4, height=3.8)
    style.headline(ax, title="Length of the weights")
    ax.set(yscale="log", ylim=_LENGTHS, xlabel="step", ylabel="|w| of a unit before batch norm")
    ax.set_yticks([0.1, 1, 10])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}"))
    ax.minorticks_off()
    curves = _Curves(ax, len(result.l2), dashed="dashed: by the law, from the growing rate")

    def draw(result) -> None:
        rescaled = np.median(result.rescaled_length, axis=1)
        curves.draw(result.l2, result.normalized.median_length, rescaled)
        first, last = result.effective_rate[-1, [0, -1]]
        ax.texts[0].set_text(f"l2 {result.l2[-1]:g}: effective rate from {first:.2g} to {last:.2g}")

    return Drawn(ax, draw, result)


def _loss_axes(ax: Axes | None, *, title: str) -> Axes:
    ax = new_axes(ax, width=5.4, height=3.8)
    style.headline(ax, title=title)
    ax.axhline(_CHANCE, color=style.QUIET, linestyle=(0, (4, 3)), linewidth=1.2)
    ax.text(
        0.99, _CHANCE, "chance: ln 2", transform=ax.get_yaxis_transform(), ha="right", va="bottom",
        color=style.QUIET, fontsize=9,
    )  # fmt: skip
    ax.set(xlabel="step", ylabel="cross-entropy", ylim=(0, 1.25 * _CHANCE))
    return ax


class _Curves:
    """A line for each l2 with its name at the end, and dashed ones over them."""

    def __init__(self, ax: Axes, number: int, *, widest: float = _WIDTH, dashed: str = "") -> None:
        self._ax = ax
        colors = [_COLORS[i % len(_COLORS)] for i in range(number)]
        widths = np.linspace(widest, _WIDTH, number)
        self._lines = [
            ax.plot([], [], color=color, linewidth=width, solid_capstyle="butt")[0]
            for color, width in zip(colors, widths, strict=True)
        ]
        self._dashed = [ax.plot([], [], **_GROWING)[0] for _ in colors] if dashed else []
        ax.text(0.03, 0.04, dashed, transform=ax.transAxes, color=style.INK, fontsize=9)
        self._names = [_layers.line_name(ax, color) for color in colors]

    def draw(self, l2: Sequence[float], values: NDArray, growing: NDArray | None = None) -> None:
        """Move them to values of shape (n_l2, steps + 1)."""
        steps = np.arange(values.shape[1])
        _set(self._lines, steps, values)
        if growing is not None:
            _set(self._dashed, steps, growing)
        self._ax.set_xlim(0, 1.25 * steps[-1])
        for name, each in zip(self._names, l2, strict=True):
            name.set_text(f"l2 = {each:g}")
        _layers.place_names(self._names, [(steps[-1], end) for end in values[:, -1]])


def _set(lines: list[Line2D], steps: NDArray, values: NDArray) -> None:
    for line, row in zip(lines, values, strict=True):
        line.set_data(steps, row)

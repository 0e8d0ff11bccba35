"""Drawings of one unit's numbers in a batch, before batch normalization and after."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.bars import Beyond
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.words import fine_decimal

_NUMBERS, _THREADS = style.SERIES_COLORS[5], style.GRID
_FARTHEST = 10.0
_MOST_THREADS = 48
# Heights of the three rows, and of what stands above and below their dots.
_ROWS = (2.0, 1.0, 0.0)
_NAMES = ("the batch", "normalized: − mean, ÷ √(variance + ε)", "output: × γ, + β")
_NAME, _BAR, _CAP = 0.27, 0.14, 0.05


@styled
def plot_normalized_batch(result, *, ax: Axes | None = None) -> Drawn:
    """Draw a batch of numbers as dots, once more normalized, and once more as the layer's output.

    A thread follows each number, of large batches some of them. The black bar over a row reaches
    one standard deviation to either side of the mean. Arrows say how many numbers lie beyond the
    axis.

    Parameters
    ----------
    result : nnhelpers.simulations.NormalizedBatch

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_normalized_batch(simulations.simulate_batch_norm([1.0, 2.0, 6.0]))
    batch of 3, gamma 1, beta 0, epsilon 0.001: mean 3.00 and spread 2.16 become 0 and 1.00
    """
    ax = new_axes(ax, width=8.6, height=4.4)
    subtitle = style.headline(ax, title="What batch norm does to a unit's numbers")
    ax.axvline(0, color=style.RULE, linewidth=1, zorder=0)
    threads = ax.add_collection(LineCollection([], colors=_THREADS, linewidths=0.8, zorder=0.5))
    rows = [_Row(ax, height, name) for height, name in zip(_ROWS, _NAMES, strict=True)]
    ax.set(xlim=(-_FARTHEST, _FARTHEST), ylim=(-0.25, 2.5), xticks=np.linspace(-10, 10, 5))
    ax.set(xlabel="value of the unit", ylabel="the layer's steps", yticks=[])
    ax.spines["left"].set_visible(False)

    def draw(result) -> None:
        steps = (result.values, result.normalized, result.outputs)
        for row, numbers in zip(rows, steps, strict=True):
            row.draw(numbers)
        threads.set_segments(_threads(steps))
        subtitle.set_text(_setting(result))

    return Drawn(ax, draw, result)


class _Row:
    """Dots on one height, with their mean and spread over them in black and in words."""

    def __init__(self, ax: Axes, height: float, name: str) -> None:
        self._height = height
        words = {"va": "center", "fontsize": 9, "bbox": style.BACKDROP}
        self._dots = ax.plot([], [], "o", color=_NUMBERS, markersize=6, alpha=0.55)[0]
        self._dots.set_markeredgewidth(0)
        bar = {"color": style.INK, "linewidth": 2, "solid_capstyle": "butt"}
        self._bar = ax.plot([], [], **bar)[0]
        self._mean = ax.plot([], [], "D", color=style.INK, markersize=6)[0]
        ax.text(-0.99 * _FARTHEST, height + _NAME, name, fontweight="bold", **words)
        self._words = ax.text(0.99 * _FARTHEST, height + _NAME, "", ha="right", **words)
        ends = (-0.99 * _FARTHEST, 0.99 * _FARTHEST)
        self._beyond = Beyond(ax, ends, height - 0.12, form="d", color=_NUMBERS, **words)

    def draw(self, numbers: NDArray) -> None:
        mean, std, height = numbers.mean(), numbers.std(), self._height
        self._dots.set_data(numbers, np.full(len(numbers), height))
        low, high, bar = mean - std, mean + std, height + _BAR
        self._bar.set_data(
            [low, low, low, high, high, high],
            [bar - _CAP, bar + _CAP, bar, bar, bar + _CAP, bar - _CAP],
        )
        self._mean.set_data([mean], [bar])
        self._words.set_text(f"mean {fine_decimal(mean)}, spread {fine_decimal(std)}")
        low, high = np.sum(numbers < -_FARTHEST), np.sum(numbers > _FARTHEST)
        self._beyond.draw(low=low, high=high)


def _threads(steps: tuple[NDArray, ...]) -> NDArray[np.float64]:
    """Places of the first numbers in the three rows, of shape (threads, 3, 2)."""
    numbers = np.column_stack(steps)[:_MOST_THREADS]
    return np.stack([numbers, np.broadcast_to(_ROWS, numbers.shape)], axis=-1)


def _setting(result) -> str:
    gamma, beta = (f"{value:g}".replace("-", "−") for value in (result.gamma, result.beta))
    epsilon = np.format_float_positional(result.epsilon, trim="-")
    law = f"the spread becomes |γ| √(variance / (variance + ε)) = {fine_decimal(result.law_std)}"
    return f"γ = {gamma}, β = {beta}, ε = {epsilon}: {law}"

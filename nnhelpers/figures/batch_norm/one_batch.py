"""Drawings of a batch before and after batch norm, and of the numbers that share a mean."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.axes import Beyond
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.words import fine_decimal

_NUMBERS, _THREADS = style.SLATE, style.GRID
_FARTHEST = 10.0
_MOST_THREADS = 48
# Heights of the three rows, and of names and bars above their dots.
_ROWS = (2.0, 1.0, 0.0)
_NAMES = ("the batch", "normalized: − mean, ÷ √(variance + ε)", "output: × γ, + β")
_NAME, _BAR, _CAP = 0.27, 0.14, 0.05


@drawing("What batch norm does to a unit's numbers", size=(8.6, 4.4))
def plot_normalized_batch(result, *, ax: Axes) -> Draw:
    """Draw the numbers of a batch as dots: as they are, normalized, and as the layer's outputs.

    Lines connect each number, or the first 48 of a large batch. The black bar over a row reaches
    one standard deviation to either side of the mean. Shows a ``simulations.NormalizedBatch``.

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_normalized_batch(simulations.simulate_batch_norm([1.0, 2.0, 6.0]))
    batch of 3, gamma 1, beta 0, epsilon 0.001: mean 3.00 and std 2.16 become 0 and 1.00
    """
    ax.axvline(0, color=style.RULE, linewidth=1, zorder=0)
    threads = ax.add_collection(LineCollection([], colors=_THREADS, linewidths=0.8, zorder=0.5))
    rows = [_row(ax, height, name) for height, name in zip(_ROWS, _NAMES, strict=True)]
    ax.set(xlim=(-_FARTHEST, _FARTHEST), ylim=(-0.25, 2.5), xticks=np.linspace(-10, 10, 5))
    ax.set(xlabel="value of the unit", ylabel="the layer's steps", yticks=[])
    ax.spines["left"].set_visible(False)

    def draw(result) -> str:
        steps = (result.values, result.normalized, result.outputs)
        for draw_row, numbers in zip(rows, steps, strict=True):
            draw_row(numbers)
        threads.set_segments(_threads(steps))
        return _setting(result)

    return draw


def _row(ax: Axes, height: float, name: str) -> Callable[[NDArray], None]:
    """Return how to draw dots at a height, with mean and spread above as a bar and in words."""
    looks = {"va": "center", "fontsize": 9, "bbox": style.BACKDROP}
    dots = ax.plot([], [], "o", color=_NUMBERS, markersize=6, markeredgewidth=0, alpha=0.55)[0]
    bar = ax.plot([], [], color=style.INK, linewidth=2, solid_capstyle="butt")[0]
    middle = ax.plot([], [], "D", color=style.INK, markersize=6)[0]
    left, right = ends = (-0.99 * _FARTHEST, 0.99 * _FARTHEST)
    ax.text(left, height + _NAME, name, fontweight="bold", **looks)
    words = ax.text(right, height + _NAME, "", ha="right", **looks)
    beyond = Beyond(ax, ends, height - 0.12, form="d", color=_NUMBERS, **looks)

    def draw(numbers: NDArray) -> None:
        mean, std = numbers.mean(), numbers.std()
        dots.set_data(numbers, np.full(len(numbers), height))
        low, high, over = mean - std, mean + std, height + _BAR
        caps = [over - _CAP, over + _CAP, over]
        bar.set_data([low, low, low, high, high, high], [*caps, *caps[::-1]])
        middle.set_data([mean], [over])
        words.set_text(f"mean {fine_decimal(mean)}, std {fine_decimal(std)}")
        beyond.draw(low=np.sum(numbers < -_FARTHEST), high=np.sum(numbers > _FARTHEST))

    return draw


def _threads(steps: tuple[NDArray, ...]) -> NDArray[np.float64]:
    """Places of the first 48 numbers in the three rows, of shape (numbers, 3, 2)."""
    numbers = np.column_stack(steps)[:_MOST_THREADS]
    return np.stack([numbers, np.broadcast_to(_ROWS, numbers.shape)], axis=-1)


def _setting(result) -> str:
    gamma, beta = (f"{value:g}".replace("-", "−") for value in (result.gamma, result.beta))
    epsilon = np.format_float_positional(result.epsilon, trim="-")
    law = f"std becomes |γ| √(variance / (variance + ε)) = {fine_decimal(result.law_std)}"
    return f"γ = {gamma}, β = {beta}, ε = {epsilon}: {law}"


_SHARED, _SHARED_TINT, _OTHERS = style.SLATE, "#b9cbd8", "#f1f1f1"
_HATCH = "////"
# Share of the room of an example's channel, so that its positions form a group.
_FILLED = 0.86
_MOST = 12


@redrawing("Which numbers share a mean?", size=(4.4, 3.6))
def plot_normalization_axes(groups, *, ax: Axes) -> str:
    """Draw every number of a layer as a square; those that share one number's mean are hatched.

    Rows are examples, columns channels with their positions. The black dot marks that number: the
    second example's second channel. Shows a ``measures.NormalizationGroups``; raises ``ValueError``
    if it has more than 12 examples, channels or positions.

    Examples
    --------
    >>> from nnhelpers import figures, measures
    >>> groups = measures.normalization_groups("layer norm", n_examples=4, n_channels=6)
    >>> figures.plot_normalization_axes(groups)
    layer norm, 4 × 1 × 6 (examples × positions × channels): 4 means, each of 6 numbers
    """
    if max(groups.number.shape) > _MOST:
        raise ValueError(f"groups must have {_MOST} of each at most, got {groups.number.shape}")
    examples, _, channels = groups.number.shape
    example, channel = min(1, examples - 1), min(1, channels - 1)
    together = groups.together_with(example=example, channel=channel).ravel()
    squares = _squares(groups.number.shape)
    edges = {"edgecolor": "white", "linewidth": 0.8}
    ax.add_collection(PolyCollection(squares[~together], facecolor=_OTHERS, **edges))
    shared = PolyCollection(squares[together], facecolor=_SHARED_TINT, hatch=_HATCH, **edges)
    ax.add_collection(shared).set_edgecolor(_SHARED)
    place = np.ravel_multi_index((example, 0, channel), groups.number.shape)
    middle = squares[place].mean(axis=0)[:, np.newaxis]
    ax.plot(*middle, "o", color=style.INK, markersize=6, markeredgecolor="white")
    ax.set(xlim=(-0.5, channels - 0.5), ylim=(examples - 0.5, -0.5), aspect="equal")
    ax.set_xticks(range(channels), range(1, channels + 1))
    ax.set_yticks(range(examples), range(1, examples + 1))
    ax.set(xlabel="channel", ylabel="example")
    style.frameless(ax)
    return f"{groups.kind}: one mean for {groups.size} of {groups.number.size}"


def _squares(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Corners of the square of each number, of shape (numbers, 4, 2), in C order."""
    example, position, channel = (index.ravel() for index in np.indices(shape))
    across = int(np.ceil(np.sqrt(shape[1])))
    side = _FILLED / across
    left = channel - _FILLED / 2 + side * (position % across)
    top = example - _FILLED / 2 + side * (position // across)
    corners = side * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    return np.column_stack([left, top])[:, np.newaxis] + corners

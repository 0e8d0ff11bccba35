"""Drawings of learning rates: which ones train, and the networks at one of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from nnhelpers.figures import style
from nnhelpers.figures.axes import decades, level
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.figures.lines import Band, Course, kind_look

# The lower one is larger, so that both are seen where they meet.
_DOT_SIZES = {False: 13, True: 8}


@styled
def plot_rate_range(ranges: Mapping[str, Any], *, ax: Axes | None = None) -> Drawn:
    """Draw the share of networks that train against the learning rate.

    Bands are two standard errors; a mark stands at the largest rate that trains at least half.

    Parameters
    ----------
    ranges : dict of str to nnhelpers.training.RateRange
        With batch norm and without, of the same rates.

    Examples
    --------
    >>> from nnhelpers import training
    >>> counted = {"networks": 20, "level": 0.2, "epochs": 40, "batch_norm": True}
    >>> shares = {"share": np.array([0.9, 0.2]), "standard_error": np.array([0.1, 0.1])}
    >>> plot_rate_range({"one": training.RateRange(rates=np.array([1, 10]), **shares, **counted)})
    one: at least half of 20 networks train at rates from 1 to 1
    """
    ax = new_axes(ax, width=7.2, height=4.2)
    subtitle = style.headline(ax, title="Which learning rates train?")
    rates = next(iter(ranges.values())).rates
    decades(ax, which="x", limits=(rates[0] / 1.15, rates[-1] * 1.15))
    ax.set(xlabel="learning rate", ylabel="share of networks that train", ylim=(-0.03, 1.28))
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    level(ax, height=0.5)
    shares = [
        _Share(ax, name, 1.2 - 0.1 * row, batch_norm=each.batch_norm)
        for row, (name, each) in enumerate(ranges.items())
    ]

    def draw(ranges) -> None:
        for share, each in zip(shares, ranges.values(), strict=True):
            share.draw(each)
        one = next(iter(ranges.values()))
        largest = ", ".join(
            f"{name} {each.largest:g}" if each.largest else f"{name} none"
            for name, each in ranges.items()
        )
        subtitle.set_text(
            f"loss below {one.level:g} after {one.epochs:,} epochs; largest that works: {largest}"
        )

    return Drawn(ax, draw, ranges)


@styled
def plot_rate_choice(choice, *, ax: Axes | None = None) -> Drawn:
    """Draw which learning rates train, with a dot for each kind at the rate that is looked at.

    Parameters
    ----------
    choice : object
        With ``ranges`` as `plot_rate_range` takes them and ``origin``, of which networks they
        are; a ``rate``, and ``shares``: dict of str to the share that trains at it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from nnhelpers import training
    >>> counted = {"networks": 20, "level": 0.2, "epochs": 40, "batch_norm": True}
    >>> shares = {"share": np.array([0.9, 0.2]), "standard_error": np.array([0.1, 0.1])}
    >>> ranges = {"one": training.RateRange(rates=np.array([1, 10]), **shares, **counted)}
    >>> at = {"rate": 1, "shares": {"one": 0.9}, "summary": lambda: "90% train"}
    >>> plot_rate_choice(SimpleNamespace(ranges=ranges, origin="by hand", **at))
    90% train
    """
    drawn = plot_rate_range(choice.ranges, ax=ax)
    subtitle = drawn.ax.texts[0]
    cursor = drawn.ax.axvline(1, zorder=0, color=style.RULE, linewidth=1.2)
    dots = {name: _dot(drawn.ax, each.batch_norm) for name, each in choice.ranges.items()}

    def draw(choice) -> None:
        drawn.update(choice.ranges)
        cursor.set_xdata([choice.rate] * 2)
        for name, dot in dots.items():
            dot.set_data([choice.rate], [choice.shares[name]])
        said = ", ".join(f"{name} {share:.0%}" for name, share in choice.shares.items())
        subtitle.set_text(f"large: these networks, {said}; curves: {choice.origin}")

    return Drawn(drawn.ax, draw, choice)


def _dot(ax: Axes, batch_norm: bool):
    look = kind_look(batch_norm)
    dot = ax.plot([], [], marker=look.marker, color=look.color, linestyle="", clip_on=False)[0]
    dot.set(markeredgecolor="white", markersize=_DOT_SIZES[batch_norm], zorder=4 + batch_norm)
    return dot


class _Share:
    """Shares with their band; above them a bar over the rates that work, with its name."""

    def __init__(self, ax: Axes, name: str, height: float, *, batch_norm: bool) -> None:
        look = kind_look(batch_norm, shade=0.14)
        self._name, self._height = name, height
        self._band = Band(ax, "", look)
        self._bar = ax.plot([], [], "|-", color=look.color, linewidth=5, markersize=11)[0]
        self._bar.set(solid_capstyle="butt", markeredgewidth=2.5)
        looks = {"color": look.color, "fontsize": 9.5, "va": "center"}
        self._words, self._largest = (ax.text(1, 1, "", **looks) for _ in range(2))

    def draw(self, result) -> None:
        """Move everything."""
        error = 2 * result.standard_error
        low, high = (np.clip(result.share + sign * error, 0, 1) for sign in (-1, 1))
        self._band.draw(Course(result.rates, result.share, low, high))
        known = result.largest is not None
        ends = result.working[[0, -1]] if known else []
        self._bar.set_data(ends, [self._height] * len(ends))
        if known:
            said = {"x": ends[0] / 1.25, "text": self._name, "ha": "right"}
        else:
            middle = np.sqrt(result.rates[0] * result.rates[-1])
            said = {"x": middle, "text": f"{self._name}: no rate works", "ha": "center"}
        self._words.set(y=self._height, **said)
        self._largest.set_text(f"up to {ends[1]:g}" if known else "")
        self._largest.set_position((1.25 * ends[1] if known else 1, self._height))

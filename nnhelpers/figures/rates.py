"""Drawings of learning rates: which ones train, and the losses of many networks at one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from nnhelpers.figures import _compared, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_LOSSES = (0.003, 30.0)
_CURSOR = {"color": style.RULE, "linewidth": 1.2}
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
    """
    ax = new_axes(ax, width=7.2, height=4.2)
    subtitle = style.headline(ax, title="Which learning rates train?")
    rates = next(iter(ranges.values())).rates
    _rate_ruler(ax, rates)
    ax.axhline(0.5, color=style.RULE, linestyle=(0, (4, 3)), linewidth=1.2)
    curves = [
        _Share(ax, name, row, batch_norm=each.batch_norm)
        for row, (name, each) in enumerate(ranges.items())
    ]

    def draw(ranges) -> None:
        for curve, each in zip(curves, ranges.values(), strict=True):
            curve.draw(each)
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
    """
    drawn = plot_rate_range(choice.ranges, ax=ax)
    subtitle, cursor = drawn.ax.texts[0], drawn.ax.axvline(1, zorder=0, **_CURSOR)
    dots = {
        name: drawn.ax.plot(
            [], [], linestyle="", clip_on=False, markeredgecolor="white",
            zorder=4 + each.batch_norm, markersize=_DOT_SIZES[each.batch_norm],
            marker=_compared.look(each.batch_norm)["marker"],
            color=_compared.look(each.batch_norm)["color"],
        )[0]
        for name, each in choice.ranges.items()
    }  # fmt: skip

    def draw(choice) -> None:
        drawn.update(choice.ranges)
        cursor.set_xdata([choice.rate] * 2)
        for name, dot in dots.items():
            dot.set_data([choice.rate], [choice.shares[name]])
        said = ", ".join(f"{name} {share:.0%}" for name, share in choice.shares.items())
        subtitle.set_text(f"large: these networks, {said}; curves: {choice.origin}")

    return Drawn(drawn.ax, draw, choice)


class _Share:
    """A curve of shares with its band; above it a bar over the rates that work, with its name."""

    def __init__(self, ax: Axes, name: str, row: int, *, batch_norm: bool) -> None:
        look = _compared.look(batch_norm)
        self._ax, self._color, self._row, self._name = ax, look["color"], row, name
        self._line = ax.plot([], [], **look)[0]
        self._mark = ax.plot(
            [], [], linestyle="-", color=look["color"], linewidth=5, solid_capstyle="butt",
            marker="|", markersize=11, markeredgewidth=2.5,
        )[0]  # fmt: skip
        words = {"color": look["color"], "fontsize": 9.5, "va": "center"}
        self._words, self._largest = (ax.text(1, 1, "", **words) for _ in range(2))
        self._fill = None

    def draw(self, result) -> None:
        """Move everything."""
        self._line.set_data(result.rates, result.share)
        if self._fill is not None:
            self._fill.remove()
        error = 2 * result.standard_error
        low, high = (np.clip(result.share + sign * error, 0, 1) for sign in (-1, 1))
        self._fill = self._ax.fill_between(
            result.rates, low, high, color=self._color, alpha=0.14, linewidth=0
        )
        height, known = 1.2 - 0.1 * self._row, result.largest is not None
        ends = result.working[[0, -1]] if known else []
        self._mark.set_data(ends, [height] * len(ends))
        end = ends[1] if known else result.rates[-1]
        self._largest.set(position=(1.25 * end, height), text=f"up to {end:g}" if known else "")
        if known:
            self._words.set(position=(ends[0] / 1.25, height), text=self._name, ha="right")
        else:
            middle = np.sqrt(result.rates[0] * result.rates[-1])
            self._words.set(
                position=(middle, height), text=f"{self._name}: no rate works", ha="center"
            )


def _rate_ruler(ax: Axes, rates: NDArray) -> None:
    ax.set(xscale="log", xlim=(rates[0] / 1.15, rates[-1] * 1.15), ylim=(-0.03, 1.28))
    decades = 10.0 ** np.arange(np.ceil(np.log10(rates[0])), np.floor(np.log10(rates[-1])) + 1)
    ax.set_xticks(decades, labels=[f"{rate:g}" for rate in decades])
    ax.minorticks_off()
    ax.set(xlabel="learning rate", ylabel="share of networks that train")
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1))


@styled
def plot_seed_losses(ensemble, *, level: float = 0.2, ax: Axes | None = None) -> Drawn:
    """Draw the loss in training of every network as a thin line, the median as a thick one.

    What leaves the ruler ends at its edge.

    Parameters
    ----------
    ensemble : nnhelpers.training.TrainingEnsemble
    level : float
        Loss below which a network counts as trained, drawn as a dashed line.
    """
    ax = new_axes(ax, width=5.0, height=3.6)
    batch_norm = bool(ensemble.spec.normalized_layers)
    color = _compared.look(batch_norm)["color"]
    kind = "With batch norm" if batch_norm else "Without batch norm"
    subtitle = style.headline(ax, title=kind)
    _compared.decades(ax, (0.01, 10.0))
    ax.set(ylim=_LOSSES, xlabel="epoch", ylabel="loss in training")
    ax.axhline(level, color=style.QUIET, linestyle=(0, (4, 3)), linewidth=1.2)
    seeds = LineCollection([], colors=color, linewidths=0.9, alpha=0.4)
    ax.add_collection(seeds)
    middle = ax.plot([], [], color=color, linewidth=2.8)[0]

    def draw(ensemble) -> None:
        losses = _on_the_ruler(ensemble.loss_in_training)
        seeds.set_segments([np.column_stack([ensemble.epochs, loss]) for loss in losses])
        middle.set_data(ensemble.epochs, np.median(losses, axis=0))
        ax.set_xlim(0, ensemble.epochs[-1])
        trained = np.mean((ensemble.loss_in_training[:, -1] < level) & ~ensemble.diverged)
        lost = int(ensemble.diverged.sum())
        diverged = f", {lost} diverged" if lost else ""
        subtitle.set_text(f"{trained:.0%} of {ensemble.draws} seeds end below {level:g}{diverged}")

    return Drawn(ax, draw, ensemble)


def _on_the_ruler(losses: NDArray) -> NDArray[np.float64]:
    """Losses, those that are not finite or beyond the ruler at its edges."""
    low, high = _LOSSES
    return np.clip(np.nan_to_num(losses, nan=high, posinf=high), low, high)

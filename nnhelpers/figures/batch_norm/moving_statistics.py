"""Drawings of batch norm's moving statistics: step by step, and lag against noise."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from nnhelpers import words
from nnhelpers.figures import style
from nnhelpers.figures.declared import AT_LEFT
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.figures.lines import end_name, place_names

# What one batch says, what the layer keeps of all of them, and what is true.
_BATCH, _MOVING, _TRUTH = "#b9c6d3", style.SERIES_COLORS[4], style.TRUTH
_LAW = {"color": _TRUTH, "linestyle": (0, (4, 2)), "linewidth": 1.3}
_TINT = 1 - 0.22 * (1 - np.array(to_rgb(_MOVING)))
_OFF, _NOISE = style.SERIES_COLORS[3], style.SERIES_COLORS[5]
_TITLES = {"mean": "The moving mean", "variance": "The moving variance"}
# Momenta that have a name on the ruler of effective batches, 1 / (1 - momentum).
_NAMED = (0.0, 0.5, 0.9, 0.99, 0.999)
_ERRORS = (1e-3, 1e1)


@styled
def plot_moving_statistics(
    result,
    *,
    quantity: str = "mean",
    most_steps: int = 1,
    reach: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Drawn:
    """Draw a unit's batch moments as dots, the moving value as a line, its law dashed, the truth.

    The band is two standard deviations of the law's noise to each side. Of several runs the first
    is drawn; dots beyond the ruler are counted in the second line.

    Parameters
    ----------
    result : nnhelpers.simulations.MovingStatistics
    quantity : str
        "mean" or "variance".
    most_steps : int
        On the ruler, so that a slider over the steps does not move it; always as many as shown.
    reach : tuple of float, optional
        Ends of the other ruler; unless given, those of the first result.

    Raises
    ------
    ValueError
        If the quantity is unknown.
    """
    if quantity not in _TITLES:
        raise ValueError(f"quantity must be one of {sorted(_TITLES)}, got {quantity!r}")
    ax = new_axes(ax, width=7.2, height=3.6)
    subtitle = style.headline(ax, title=_TITLES[quantity])
    dots = ax.plot([], [], "o", color=_BATCH, markersize=3.2, markeredgewidth=0, zorder=1)[0]
    band = ax.fill_between([], [])
    truth = ax.plot([], [], color=_TRUTH, linewidth=1.0, zorder=2)[0]
    moving = ax.plot([], [], color=_MOVING, linewidth=1.8, zorder=3)[0]
    law = ax.plot([], [], zorder=4, **_LAW)[0]
    names = [end_name(ax, color=color) for color in (_MOVING, _TRUTH)]
    ax.set(ylim=reach or _reach(result, quantity))
    ax.set_xlabel("step (training batches so far); dashed: law", **AT_LEFT)
    ax.set_ylabel(quantity)

    def draw(result) -> None:
        nonlocal band
        parts = _Parts(result, quantity)
        steps = np.arange(result.steps + 1)
        _show_steps(ax, max(most_steps, result.steps))
        dots.set_data(steps[1:], parts.batch)
        band.remove()
        low, high = parts.law - 2 * parts.noise, parts.law + 2 * parts.noise
        band = ax.fill_between(steps, low, high, color=_TINT, linewidth=0, zorder=1.5)
        for line, heights in ((truth, parts.truth), (moving, parts.moving), (law, parts.law)):
            line.set_data(steps, heights)
        names[0].set_text(f"moving_{quantity} {words.decimal(parts.moving[-1])}")
        names[1].set_text(f"truth {words.decimal(parts.truth[-1])}")
        ends = [(steps[-1], parts.moving[-1]), (steps[-1], parts.truth[-1])]
        place_names(dict(zip(names, ends, strict=True)))
        subtitle.set_text(parts.second_line() + _beyond(parts.batch, ax.get_ylim()))

    return Drawn(ax, draw, result)


@styled
def plot_lag_and_noise(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the moving mean's error at the last step by momentum, with the chosen one marked.

    A low momentum is noisy; a high one lags behind and remembers its start. All three lines are
    laws; the cross is the error of the first run.

    Parameters
    ----------
    result : nnhelpers.simulations.MovingStatistics
    """
    ax = new_axes(ax, width=4.4, height=4.4)
    subtitle = style.headline(ax, title="Which momentum?")
    total = ax.plot([], [], color=_TRUTH, linewidth=1.8, zorder=2)[0]
    off = ax.plot([], [], color=_OFF, linestyle=style.SERIES_DASHES[1], linewidth=1.6)[0]
    noise = ax.plot([], [], color=_NOISE, linestyle=style.SERIES_DASHES[2], linewidth=1.8)[0]
    chosen = ax.plot([], [], "o", color=_MOVING, markersize=9, zorder=4)[0]
    run = ax.plot([], [], "x", color=_MOVING, markersize=8, markeredgewidth=2, zorder=4)[0]
    for line, label in (
        (total, "error, by the law"),
        (off, "of it: start and lag"),
        (noise, "of it: noise"),
        (chosen, "here, by the law"),
        (run, "here, this run"),
    ):
        line.set_label(label)
    ax.legend(loc="upper left", fontsize=9, handlelength=2.2, borderaxespad=0.1)
    ax.set(xscale="log", yscale="log", xlim=(0.8, 2_500), xlabel="momentum")
    # Above the largest errors there is room for the legend.
    ax.set(ylim=(_ERRORS[0], 30 * _ERRORS[1]), yticks=10.0 ** np.arange(-3, 2))
    ax.set_xticks([1 / (1 - m) for m in _NAMED], labels=[f"{m:g}" for m in _NAMED])
    ax.minorticks_off()
    ax.set_ylabel("error of moving_mean (spreads of the unit)")

    def draw(result) -> None:
        errors = result.errors_by_momentum()
        batches = 1 / (1 - errors.momentum)
        for line, heights in ((off, errors.off), (noise, errors.noise), (total, errors.total)):
            # Nothing has no place on this ruler; a line far below it does.
            line.set_data(batches, np.maximum(heights, _ERRORS[0] / 100))
        here = 1 / (1 - result.momentum)
        expected = np.interp(np.log(here), np.log(batches), errors.total)
        measured = abs(result.moving_mean[0, -1] - result.truth[-1]) / result.data.std
        chosen.set_data([here], [np.clip(expected, *_ERRORS)])
        run.set_data([here], [np.clip(measured, *_ERRORS)])
        subtitle.set_text(f"at step {result.steps} best: {_momentum(errors)}")

    return Drawn(ax, draw, result)


class _Parts:
    """The mean's or the variance's share of a result."""

    def __init__(self, result, quantity: str) -> None:
        self._result = result
        self._of_mean = quantity == "mean"
        self.batch = getattr(result, f"batch_{quantity}")[0]
        self.moving = getattr(result, f"moving_{quantity}")[0]
        self.law = getattr(result, f"expected_{quantity}")
        self.noise = getattr(result, f"{quantity}_noise")
        self.truth = result.truth if self._of_mean else np.full_like(self.law, result.data.std**2)

    def second_line(self) -> str:
        result = self._result
        if self._of_mean:
            left = (
                f"{result.momentum:g}{words.superscript(result.steps)} {_share(result.start_share)}"
            )
            lag = f", it lags by {result.lag:#.2g}" if result.lag else ""
            return f"{left} of the start is left{lag}, noise ± {self.noise[-1]:#.2g}"
        n = result.batch_size
        share = words.whole_percent((n - 1) / n)
        return f"expected {self.law[-1]:.2f}; batches of {n} have {share} of the true variance"


def _reach(result, quantity: str) -> tuple[float, float]:
    """Around the truth, the start and nearly all batches."""
    parts = _Parts(result, quantity)
    everything = np.concatenate([parts.batch, parts.moving, parts.law, parts.truth])
    low, high = everything.min(), everything.max()
    return low - 0.05 * (high - low), high + 0.1 * (high - low)


def _show_steps(ax: Axes, last: int) -> None:
    """Set a ruler of so many steps, with room for names at its end."""
    step = 10 ** np.floor(np.log10(last))
    step *= 1 if last / step >= 5 else 0.5 if last / step >= 2 else 0.2
    ax.set_xlim(0, 1.3 * last)
    ax.set_xticks(np.arange(0, last + 1, max(1, step)))


def _beyond(batches: NDArray, ruler: tuple[float, float]) -> str:
    counts = zip("↓↑", (batches < ruler[0], batches > ruler[1]), strict=True)
    words = [f"{arrow} {np.sum(off)}" for arrow, off in counts if off.any()]
    return f"; dots off the ruler: {', '.join(words)}" if words else ""


def _momentum(errors) -> str:
    """Write the best momentum so that two digits of its distance from 1 are told."""
    if errors.best == errors.momentum[-1]:
        return f"{errors.best:.4f} or more"
    digits = 1 - int(np.floor(np.log10(1 - errors.best)))
    return f"{errors.best:.{digits}f}" if errors.best else "0"


def _share(share: float) -> str:
    """Write a share after an equals sign, or that it is smaller than a tenth of a percent."""
    if 0 < share < 5e-4:
        return "< 0.1%"
    return f"= {words.whole_percent(share)}"

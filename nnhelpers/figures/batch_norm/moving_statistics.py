"""Drawings of batch norm's moving statistics: step by step, and by momentum."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers import words
from nnhelpers.checks import check_one_of
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.lines import Band, Course, Look, place_bands

# Colours of a batch's moments, the moving ones and the true ones.
_BATCH, _MOVING, _TRUTH = "#b9c6d3", style.SERIES_COLORS[4], style.TRUTH
_LAW = {"color": _TRUTH, "linestyle": (0, (4, 2)), "linewidth": 1.3, "zorder": 4}
_TITLES = {"mean": "The moving mean", "variance": "The moving variance"}
# Momenta labelled on the axis of effective batches, 1 / (1 - momentum).
_NAMED = (0.0, 0.5, 0.9, 0.99, 0.999)
_ERRORS = (1e-3, 1e1)


@drawing(size=(7.2, 3.6))
def plot_moving_statistics(
    result,
    *,
    quantity: str = "mean",
    most_steps: int = 1,
    reach: tuple[float, float] | None = None,
    ax: Axes,
) -> Draw:
    """Draw a unit's batch moments (dots), its moving moment (line), the law (dashed) and the truth.

    Batches and line are those of the first run; the band is two standard deviations of the law's
    noise to each side. Shows a ``simulations.MovingStatistics``; raises ``ValueError`` unless the
    quantity is "mean" or "variance". The horizontal axis has at least `most_steps`, which keeps it
    still under a slider; `reach` has the ends of the vertical one, by default around the result.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_moving_statistics(simulations.simulate_moving_statistics(0.9), quantity="variance")
    values at 3 ± 2, batches of 32, momentum 0.9, step 100: 0% of the start is left, inference
    normalizes to mean 0.00 and standard deviation 0.98
    """
    check_one_of(_TITLES, quantity=quantity)
    ax.set_title(_TITLES[quantity])
    dots = ax.plot([], [], "o", color=_BATCH, markersize=3.2, markeredgewidth=0, zorder=0.4)[0]
    truth = Band(ax, "", Look(color=_TRUTH, dash="-", width=1.0))
    moving = Band(ax, "", Look(color=_MOVING, dash="-", width=1.8, shade=0.22), law=_LAW)
    ax.set(ylim=reach or _reach(result, quantity), ylabel=quantity)
    ax.set_xlabel("step (training batches so far); dashed: law", **AT_LEFT)

    def draw(result) -> str:
        batch, kept, law, noise, true = _parts(result, quantity)
        steps = np.arange(result.steps + 1)
        _show_steps(ax, max(most_steps, result.steps))
        dots.set_data(steps[1:], batch)
        moving.text = f"moving_{quantity} {words.decimal(kept[-1])}"
        truth.text = f"truth {words.decimal(true[-1])}"
        moving.draw(Course(steps, kept, law - 2 * noise, law + 2 * noise, law))
        truth.draw(Course(steps, true))
        place_bands([moving, truth])
        second = _mean_in_words(result) if quantity == "mean" else _variance_in_words(result)
        return second + _beyond(batch, ax.get_ylim())

    return draw


@drawing("Which momentum?", size=(4.4, 4.4))
def plot_lag_and_noise(result, *, ax: Axes) -> Draw:
    """Draw the moving mean's error at the last step by momentum, with the chosen one marked.

    The lines and the dot are laws, the cross is the error of the first run. Shows a
    ``simulations.MovingStatistics``.

    Examples
    --------
    >>> from nnhelpers import simulations
    >>> plot_lag_and_noise(simulations.simulate_moving_statistics(0.9)).ax.get_xlabel()
    'momentum'
    """
    colors, dashes = style.SERIES_COLORS, style.SERIES_DASHES
    total, off, noise, chosen, run = (
        ax.plot([], [], marker=form, color=color, linestyle=dash, linewidth=width, label=label)[0]
        for form, color, dash, width, label in (
            ("", _TRUTH, "-", 1.8, "error, by the law"),
            ("", colors[3], dashes[1], 1.6, "of it: start and lag"),
            ("", colors[5], dashes[2], 1.8, "of it: noise"),
            ("o", _MOVING, "", 0, "here, by the law"),
            ("x", _MOVING, "", 0, "here, this run"),
        )
    )
    chosen.set(markersize=9, zorder=4)
    run.set(markersize=8, markeredgewidth=2, zorder=4)
    ax.legend(loc="upper left", fontsize=9, handlelength=2.2, borderaxespad=0.1)
    ax.set(xscale="log", yscale="log", xlim=(0.8, 2_500), xlabel="momentum")
    # The legend is above the largest errors.
    ax.set(ylim=(_ERRORS[0], 30 * _ERRORS[1]), yticks=10.0 ** np.arange(-3, 2))
    ax.set_xticks([1 / (1 - m) for m in _NAMED], labels=[f"{m:g}" for m in _NAMED])
    ax.minorticks_off()
    ax.set_ylabel("error of moving_mean (standard deviations)")

    def draw(result) -> str:
        errors = result.errors_by_momentum()
        batches = 1 / (1 - errors.momentum)
        for line, heights in ((off, errors.off), (noise, errors.noise), (total, errors.total)):
            # 0 has no place on a logarithmic axis; it is drawn far below.
            line.set_data(batches, np.maximum(heights, _ERRORS[0] / 100))
        here = 1 / (1 - result.momentum)
        expected = np.interp(np.log(here), np.log(batches), errors.total)
        measured = abs(result.moving_mean[0, -1] - result.truth[-1]) / result.data.std
        chosen.set_data([here], [np.clip(expected, *_ERRORS)])
        run.set_data([here], [np.clip(measured, *_ERRORS)])
        return f"at step {result.steps} best: {_momentum(errors)}"

    return draw


def _parts(result, quantity: str) -> tuple[NDArray, ...]:
    """Return batch and moving moments of the first run, the law, its noise and the truth."""
    law = getattr(result, f"expected_{quantity}")
    truth = result.truth if quantity == "mean" else np.full_like(law, result.data.std**2)
    batch, moving = (getattr(result, f"{kind}_{quantity}")[0] for kind in ("batch", "moving"))
    return batch, moving, law, getattr(result, f"{quantity}_noise"), truth


def _mean_in_words(result) -> str:
    share = result.start_share
    left = f"= {words.whole_percent(share)}" if share == 0 or share >= 5e-4 else "< 0.1%"
    lag = f", it lags by {result.lag:#.2g}" if result.lag else ""
    power = f"{result.momentum:g}{words.superscript(result.steps)}"
    return f"{power} {left} of the start is left{lag}, noise ± {result.mean_noise[-1]:#.2g}"


def _variance_in_words(result) -> str:
    n, expected = result.batch_size, result.expected_variance[-1]
    share = words.whole_percent((n - 1) / n)
    return f"expected {expected:.2f}; batches of {n} have {share} of the true variance"


def _reach(result, quantity: str) -> tuple[float, float]:
    """Return limits around the truth, the law and all moments of the first run."""
    batch, moving, law, _, truth = _parts(result, quantity)
    everything = np.concatenate([batch, moving, law, truth])
    low, high = everything.min(), everything.max()
    return low - 0.05 * (high - low), high + 0.1 * (high - low)


def _show_steps(ax: Axes, last: int) -> None:
    """Show steps up to the last, with room for names at the right."""
    step = 10 ** np.floor(np.log10(last))
    step *= 1 if last / step >= 5 else 0.5 if last / step >= 2 else 0.2
    ax.set_xlim(0, 1.3 * last)
    ax.set_xticks(np.arange(0, last + 1, max(1, step)))


def _beyond(batches: NDArray, limits: tuple[float, float]) -> str:
    counts = zip("↓↑", (batches < limits[0], batches > limits[1]), strict=True)
    said = ", ".join(f"{arrow} {np.sum(off)}" for arrow, off in counts if off.any())
    return f"; dots off the ruler: {said}" if said else ""


def _momentum(errors) -> str:
    """Write the best momentum with two digits of its distance from 1."""
    if errors.best == errors.momentum[-1]:
        return f"{errors.best:.4f} or more"
    digits = 1 - int(np.floor(np.log10(1 - errors.best)))
    return f"{errors.best:.{digits}f}" if errors.best else "0"

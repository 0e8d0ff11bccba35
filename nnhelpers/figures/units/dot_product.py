"""Drawings of sums of products: how they are spread, and how the spread grows."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.bars import Bars, Beyond
from nnhelpers.figures.drawn import Drawn, new_axes, styled
from nnhelpers.words import counted, digits

_SUMS = style.SERIES_COLORS[5]
# In standard deviations of the law.
_FARTHEST, _BINS = 4.5, np.linspace(-4.5, 4.5, 46)
_MIDDLES = (_BINS[:-1] + _BINS[1:]) / 2
_TICKS = np.array([-4, -2, 0, 2, 4])
_HIGHEST = 0.7
# Decades of the axis of variances, and the largest number of products on the other one.
_DECADES, _MOST_TERMS = (-3, 5), 1_000


@styled
def plot_dot_product(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the sums as bars, and over them the normal curve with the exact mean and variance.

    The axis counts standard deviations of the law, so that it never moves; the sums that belong
    to its ticks stand under them.

    Parameters
    ----------
    result : nnhelpers.simulations.DotProduct

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_dot_product(simulations.simulate_dot_product(n=10, draws=500))
    sum of 10 products, inputs of mean 0 and standard deviation 1, weights of 0 and 1: variance
    9.06 ± 0.7, exactly 10
    """
    ax = new_axes(ax, width=6.0, height=4.0)
    subtitle = style.headline(ax, title="")
    width = _BINS[1] - _BINS[0]
    bars = Bars(ax, _MIDDLES, width=width, filled=1.0, color=_SUMS, top=_HIGHEST, form=".2g")
    bars.bars.set_label("simulated")
    z = np.linspace(-_FARTHEST, _FARTHEST, 200)
    normal = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    ax.plot(z, normal, color=style.INK, label="normal curve of\nthe exact variance")
    ends = (-_FARTHEST, _FARTHEST)
    tails = Beyond(ax, ends, 0.03, form=".1%", fontsize=9, color=_SUMS)
    ax.set(xlim=ends, ylim=(0, _HIGHEST), ylabel="density, per σ")
    ax.set_xlabel("sum, ticks at its mean, ± 2σ and ± 4σ")
    ax.legend(loc="upper right", handlelength=1.2)

    def draw(result) -> None:
        std = np.sqrt(result.expected_variance)
        scaled = (result.sums - result.expected_mean) / std
        bars.draw(np.histogram(scaled, _BINS)[0] / (result.draws * width))
        tails.draw(low=np.mean(scaled < -_FARTHEST), high=np.mean(scaled > _FARTHEST))
        ax.set_xticks(_TICKS, _tick_names(result.expected_mean, std))
        ax.set_title(f"A sum of {counted(result.n, 'product')}")
        subtitle.set_text(result.verdict())

    return Drawn(ax, draw, result)


def _tick_names(mean: float, std: float) -> list[str]:
    return [digits(value, 3).replace("-", "−") for value in mean + std * _TICKS]


@styled
def plot_variance_growth(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the variance of the sum as one product after the other is added, over the exact law.

    Where a mean is not zero, a dashed line shows what the law would be without it.

    Parameters
    ----------
    result : nnhelpers.simulations.DotProduct

    Examples
    --------
    >>> from nnhelpers import figures, simulations
    >>> figures.plot_variance_growth(simulations.simulate_dot_product(n=10, draws=500))
    sum of 10 products, inputs of mean 0 and standard deviation 1, weights of 0 and 1: variance
    9.06 ± 0.7, exactly 10
    """
    ax = new_axes(ax, width=6.0, height=4.0)
    subtitle = style.headline(ax, title="Every product adds its variance")
    law = ax.plot([], [], color=style.INK, linewidth=1.4, label="exact law")[0]
    centred = ax.plot([], [], color=style.QUIET, linestyle=(0, (4, 2)), linewidth=1.4)[0]
    dots = ax.plot([], [], "o", color=_SUMS, markersize=5, label="measured")[0]
    ax.set(xscale="log", yscale="log", xlabel="number of products n", ylabel="variance of the sum")

    def draw(result) -> None:
        ends = np.array([1, max(_MOST_TERMS, result.n)])
        law.set_data(ends, result.law(ends))
        without_means = ends * (result.inputs.stddev * result.weights.stddev) ** 2
        moved = result.inputs.mean != 0 or result.weights.mean != 0
        centred.set_data(*((ends, without_means) if moved else ([], [])))
        centred.set_label("if both means were 0" if moved else "_")
        dots.set_data(result.terms, result.variances)
        _set_rulers(ax, ends, [*result.law(ends), *without_means])
        ax.legend(loc="upper left", handlelength=1.8)
        subtitle.set_text(
            f"n × {float(result.law(1)):.4g}; for n = {result.n:,}: {_variance(result)}"
        )

    return Drawn(ax, draw, result)


def _variance(result) -> str:
    return result.verdict().removeprefix("variance ")


def _set_rulers(ax: Axes, terms, variances) -> None:
    """Show as many decades as the panel's sliders need, and more only for what lies beyond."""
    decades = np.log10(variances)
    bottom = min(_DECADES[0], int(np.floor(decades.min())))
    top = max(_DECADES[1], int(np.ceil(decades.max())))
    step = int(np.ceil((top - bottom) / 9))
    ax.set(xlim=(0.8, 1.25 * terms[-1]), ylim=(10.0**bottom, 10.0**top))
    powers = 10 ** np.arange(int(np.log10(terms[-1])) + 1)
    ax.set_xticks(powers, [f"{power:,}" for power in powers])
    ax.set_yticks(10.0 ** np.arange(bottom, top + 1, step))
    ax.minorticks_off()

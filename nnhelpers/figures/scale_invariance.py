"""The gradient of a kernel before batch norm against the kernel's size."""

import numpy as np
from matplotlib.axes import Axes

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_INK, _TINT = style.SERIES_COLORS[2], "#e5def1"
_FACTORS, _GRADIENTS = (1e-2, 1e2), (1e-3, 1e3)


@styled
def plot_scale_invariance(result, *, ax: Axes | None = None) -> Drawn:
    """Draw the gradient's length against a factor on the weights, and the law dashed.

    Markers are medians over the layers, the band reaches from the 10th to the 90th percentile.
    What lies beyond the ruler is cut off.

    Parameters
    ----------
    result : nnhelpers.simulations.ScaleInvariance
    """
    ax = new_axes(ax, width=5.6, height=3.8)
    subtitle = style.headline(ax, title="Gradient before batch norm")
    band = [ax.fill_between([], [])]
    medians = ax.plot([], [], "o", color=_INK, markersize=7)[0]
    law = ax.plot([], [], color=style.INK, linestyle=(0, (4, 2)), linewidth=1.4, zorder=3)[0]
    ax.set(xscale="log", yscale="log", xlim=(0.8 * _FACTORS[0], 1.25 * _FACTORS[1]))
    ax.set(ylim=_GRADIENTS, xlabel="factor a on the weights")
    ax.set_ylabel("gradient at aW / gradient at W")
    ax.set_xticks(10.0 ** np.arange(-2, 3), labels=["1/100", "1/10", "1", "10", "100"])
    ax.set_yticks(10.0 ** np.arange(-3, 4, 2))
    ax.minorticks_off()
    ax.annotate(
        "dashed: 1/a", (10, 0.1), xytext=(8, 6), textcoords="offset points", fontsize=9,
        color=style.INK,
    )  # fmt: skip
    changed = ax.text(
        0.98, 0.97, "", transform=ax.transAxes, ha="right", va="top", fontsize=9, color=style.QUIET
    )

    def draw(result) -> None:
        low, middle, high = np.percentile(result.gradient, (10, 50, 90), axis=1)
        medians.set_data(result.factors, middle)
        band.pop().remove()
        band.append(ax.fill_between(result.factors, low, high, color=_TINT, linewidth=0))
        law.set_data(result.factors, result.law)
        changed.set_text(f"ε = {result.epsilon:g}\n{result.draws} random layers")
        subtitle.set_text(result.verdict())

    return Drawn(ax, draw, result)

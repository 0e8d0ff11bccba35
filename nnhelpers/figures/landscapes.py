"""Drawings of the loss along its gradient, and of internal covariate shift."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnhelpers.figures import _compared, style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_LOSSES = (0.01, 10.0)
_SMOOTHNESS = (0.01, 1e3)
_SHIFTS = (1e-3, 10.0)


@styled
def plot_landscape(landscapes: Mapping[str, Any], *, ax: Axes | None = None) -> Drawn:
    """Draw the range of the loss along the gradient, over training.

    Lines are the loss where the networks are; a band reaches from the lowest to the highest loss
    among the steps. Both are medians over the networks.

    Parameters
    ----------
    landscapes : dict of str to nnhelpers.simulations.Landscape
        With batch norm and without, of the same moments and steps.
    """
    ax, subtitle = _axes(ax, title="The loss along its gradient", ruler=_LOSSES)
    ax.set_ylabel("loss in training, range among steps")
    bands = _compared.bands(ax, landscapes, ruler=_LOSSES)

    def draw(landscapes) -> None:
        for band, landscape in zip(bands, landscapes.values(), strict=True):
            low, high = landscape.along.min(axis=-1), landscape.along.max(axis=-1)
            levels = [np.median(losses, axis=1) for losses in (low, landscape.loss, high)]
            band.draw(landscape.epochs, *levels)
        one = next(iter(landscapes.values()))
        _compared.show_epochs(ax, one.epochs)
        _compared.part_labels(bands)
        subtitle.set_text(
            f"bands: steps of {one.factors[0]:g} to {one.factors[-1]:g} times the rate "
            f"{one.learning_rate:g}; medians of {one.networks} networks"
        )

    return Drawn(ax, draw, landscapes)


@styled
def plot_smoothness(landscapes: Mapping[str, Any], *, ax: Axes | None = None) -> Drawn:
    """Draw the effective beta-smoothness over training; low is smooth.

    Medians over the networks, bands from the 10th to the 90th percentile.

    Parameters
    ----------
    landscapes : dict of str to nnhelpers.simulations.Landscape
    """
    ax, subtitle = _axes(ax, title="Change of the gradient per distance", ruler=_SMOOTHNESS)
    ax.set_ylabel("effective β-smoothness, low is smooth")
    bands = _compared.bands(ax, landscapes, ruler=_SMOOTHNESS)

    def draw(landscapes) -> None:
        _draw_networks(bands, landscapes, lambda landscape: landscape.smoothness)
        one = next(iter(landscapes.values()))
        _compared.show_epochs(ax, one.epochs)
        _compared.part_labels(bands)
        subtitle.set_text(
            f"steps of up to {one.factors[-1]:g} times the rate {one.learning_rate:g}; "
            f"median and 10–90 % of {one.networks} networks"
        )

    return Drawn(ax, draw, landscapes)


@styled
def plot_covariate_shift(shifts: Mapping[str, Any], *, ax: Axes | None = None) -> Drawn:
    """Draw how much of a layer's gradient the steps of the layers before it change.

    Each network counts with the median of its layers; lines are medians over the networks, bands
    reach from the 10th to the 90th percentile.

    Parameters
    ----------
    shifts : dict of str to nnhelpers.simulations.CovariateShift
    """
    ax, subtitle = _axes(ax, title="Internal covariate shift", ruler=_SHIFTS)
    ax.axhline(1, color=style.RULE, linestyle=(0, (4, 3)), linewidth=1.2)
    ax.set_ylabel("|G − G′| / |G|")
    bands = _compared.bands(ax, shifts, ruler=_SHIFTS)

    def draw(shifts) -> None:
        _draw_networks(bands, shifts, lambda shift: shift.typical_change)
        one = next(iter(shifts.values()))
        _compared.show_epochs(ax, one.epochs)
        _compared.part_labels(bands)
        cosines = ", ".join(f"{name} {shift.typical_cosine:.2f}" for name, shift in shifts.items())
        subtitle.set_text(f"at a rate of {one.learning_rate:g}; median cosine: {cosines}")

    return Drawn(ax, draw, shifts)


def _axes(ax: Axes | None, *, title: str, ruler: tuple[float, float]):
    ax = new_axes(ax, width=6.8, height=4.0)
    subtitle = style.headline(ax, title=title)
    _compared.decades(ax, ruler)
    return ax, subtitle


def _draw_networks(
    bands: list[_compared.Band], results: Mapping[str, Any], measure: Callable[[Any], NDArray]
) -> None:
    for band, result in zip(bands, results.values(), strict=True):
        band.draw(result.epochs, *_compared.percentiles(measure(result)))

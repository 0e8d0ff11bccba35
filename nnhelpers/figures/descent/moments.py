"""Drawings of the loss along its gradient, and of internal covariate shift, over training."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.figures.declared import Plot, over_epochs
from nnhelpers.figures.lines import Course, kind_look, percentiles

_Levels = Callable[[Any], NDArray]


def _over_moments(
    title: str,
    y_label: str,
    limits: tuple[float, float],
    levels: _Levels,
    level: tuple[float, str] | None = None,
):
    """Make a figure of low, middle and high of each result; beyond the axis lies its edge."""

    def courses(results: Mapping[str, Any]) -> dict[str, Course]:
        shown = {name: np.clip(levels(result), *limits) for name, result in results.items()}
        return {
            name: Course(results[name].epochs, middle, low, high)
            for name, (low, middle, high) in shown.items()
        }

    return over_epochs(
        Plot(title=title, y_label=y_label, x_label="epoch", limits=limits, level=level),
        courses=courses,
        looks=lambda results: [kind_look(result.batch_norm) for result in results.values()],
    )


@_over_moments(
    "How rough is the loss?",
    "change of the gradient per distance",
    (0.01, 1e3),
    lambda landscape: percentiles(landscape.smoothness.T),
)
def plot_smoothness(landscapes) -> str:
    """Draw the effective beta-smoothness over training; low is smooth.

    Medians over the networks, bands from the 10th to the 90th percentile.

    Parameters
    ----------
    landscapes : dict of str to nnhelpers.simulations.Landscape

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> moments = {"epochs": np.array([0, 1]), "batch_norm": True}
    >>> steps = {"factors": [1, 4], "learning_rate": 0.1, "smoothness": np.ones((2, 2))}
    >>> one = SimpleNamespace(**moments, **steps, summary=lambda: "smooth")
    >>> plot_smoothness({"batch norm": one})
    batch norm: smooth
    """
    one = next(iter(landscapes.values()))
    return (
        f"steps of up to {one.factors[-1]:g} times the rate {one.learning_rate:g}; "
        f"median and 10–90 % of {one.smoothness.shape[1]} networks"
    )


@_over_moments(
    "Do the layers before disturb a layer?",
    "change of its gradient (share)",
    (1e-3, 10.0),
    lambda shift: percentiles(shift.typical_change.T),
    level=(1, ""),
)
def plot_covariate_shift(shifts) -> str:
    """Draw how much of a layer's gradient the steps of the layers before it change.

    Each network counts with the median of its layers; lines are medians over the networks, bands
    reach from the 10th to the 90th percentile.

    Parameters
    ----------
    shifts : dict of str to nnhelpers.simulations.CovariateShift

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> moments = {"epochs": np.array([0, 1]), "batch_norm": True, "learning_rate": 0.1}
    >>> changes = {"typical_change": np.ones((2, 2)), "cosine": np.array([0.5])}
    >>> one = SimpleNamespace(**moments, **changes, summary=lambda: "turned by 60°")
    >>> plot_covariate_shift({"batch norm": one})
    batch norm: turned by 60°
    """
    one = next(iter(shifts.values()))
    cosines = ", ".join(f"{name} {np.nanmedian(s.cosine):.2f}" for name, s in shifts.items())
    return f"at a rate of {one.learning_rate:g}; median cosine: {cosines}"

"""Panels on single units: which split the data, where pre-activations fall, how a unit learns."""

from functools import partial
from types import SimpleNamespace

import numpy as np
from ipywidgets import FloatSlider, IntSlider

from nnhelpers import figures, measures, simulations
from nnhelpers.activations import COMMON
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of


def explore_active_fraction() -> Panel:
    """Move and widen the data: see which units split them, and which weights are in the wedge.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_active_fraction().controls)
    ['center', 'width', 'seed']
    """

    def compute(width: float, **drawn: float) -> simulations.ActiveFraction:
        data = simulations.Cloud(width=width)
        return simulations.simulate_active_fraction(data=data, draws=4_000, **drawn)

    plots = {"A": figures.plot_active_fraction, "B": figures.plot_wedge}
    return connect(
        compute,
        figures.compose("AAB", plots, size=(10.6, 4.2)),
        title="Which units split the data?",
        scenes=scenes_of("active_fraction"),
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        width=FloatSlider(value=2, min=0.5, max=6, step=0.25, description="width of the data"),
        seed=seed_slider(),
    )


def explore_overlap() -> Panel:
    """Change the data's features and offset: see how much two units overlap.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_overlap().controls)
    ['n_features', 'center', 'seed']
    """

    def compute(n_features: int, **drawn: float) -> simulations.Overlap:
        data = simulations.Cloud(n_features=n_features)
        return simulations.simulate_overlap(data=data, draws=2_000, **drawn)

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_overlap}, size=(7.0, 4.0)),
        title="How much do two units overlap?",
        scenes=scenes_of("overlap"),
        n_features=IntSlider(value=2, min=2, max=50, description="number of features"),
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        seed=seed_slider(),
    )


_Z = np.linspace(-10, 10, 401)


def explore_activations() -> Panel:
    """Move and spread the pre-activations of an activation: see how much slope is left.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_activations().controls)
    ['mean', 'std', 'activation', 'seed']
    """

    def compute(activation: str, **drawn: float) -> SimpleNamespace:
        profile = measures.profile(_Z, activation=activation)
        slopes = simulations.simulate_slopes(activation, **drawn)
        return SimpleNamespace(profile=profile, slopes=slopes, summary=slopes.summary)

    plots = {
        "A": figures.part("profile", figures.plot_activation),
        "B": figures.part("slopes", figures.plot_slopes),
    }
    return connect(
        compute,
        figures.compose("AB", plots, size=(11.4, 4.6)),
        title="Where do the pre-activations fall?",
        scenes=scenes_of("activations"),
        mean=FloatSlider(value=0, min=-8, max=8, step=0.25, description="mean of z"),
        std=FloatSlider(value=1, min=0.25, max=8, step=0.25, description="standard deviation of z"),
        activation=choice("sigmoid", [name for name in COMMON if name != "linear"], "activation"),
        seed=seed_slider(),
    )


_STEPS = 1_000
_BATCH_SIZES = [("1", 1), ("2", 2), ("8", 8), ("32", 32), ("all 200", 200)]
_RATES = [0.1, 0.25, 0.5, 0.75, 0.9]


def explore_zigzag() -> Panel:
    """Move the inputs of a unit and change the batch: see its path, updates and error left.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_zigzag().controls)
    ['center', 'batch_size', 'rate', 'seed']
    """
    plots = figures.plot_descent, figures.plot_update_directions, figures.plot_weight_error
    return connect(
        partial(simulations.simulate_descent, steps=_STEPS),
        figures.compose("ABC", dict(zip("ABC", plots, strict=True)), size=(11.4, 4.3)),
        title="Inputs that are not centred: zig-zag or crawl",
        scenes=scenes_of("zigzag"),
        center=FloatSlider(value=0, min=0, max=5, step=0.25, description="offset of the inputs"),
        batch_size=scale(200, _BATCH_SIZES, "examples in a batch"),
        rate=scale(0.25, _RATES, "share of the largest stable rate"),
        seed=seed_slider(),
    )

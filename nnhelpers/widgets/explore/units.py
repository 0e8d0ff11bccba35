"""Panels on single units: which split the data, where pre-activations fall, how a unit learns."""

from functools import partial
from types import SimpleNamespace

import numpy as np
from ipywidgets import FloatSlider, IntSlider

from nnhelpers import figures, measures, simulations
from nnhelpers.activations import COMMON
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect


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
        scenes=_SPLITTING_SCENES,
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        width=FloatSlider(value=2, min=0.5, max=6, step=0.25, description="width of the data"),
        seed=seed_slider(),
    )


_SPLITTING_SCENES = (
    Scene(name="centred", caption="every unit splits the data in half, up to sampling"),
    Scene(
        name="off the middle",
        caption="six units in ten miss the data: dead, or always active",
        settings={"center": 1.5},
    ),
    Scene(
        name="far away",
        caption="about one unit in ten splits the data; its weights lie in a thin wedge",
        settings={"center": 9},
    ),
    Scene(
        name="far and wide",
        caption="three times the width: as at offset 3, one unit in four splits the data",
        settings={"center": 9, "width": 6},
    ),
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
        scenes=_OVERLAP_SCENES,
        n_features=IntSlider(value=2, min=2, max=50, description="number of features"),
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        seed=seed_slider(),
    )


_OVERLAP_SCENES = (
    Scene(name="two features", caption="any overlap from none to one half is equally likely"),
    Scene(
        name="fifty features",
        caption="nearly every pair overlaps on about a quarter of the data",
        settings={"n_features": 50},
    ),
    Scene(
        name="moved data",
        caption="all or nothing: usually one of the two is dead, or both are always active",
        settings={"center": 9},
    ),
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
        scenes=_ACTIVATION_SCENES,
        mean=FloatSlider(value=0, min=-8, max=8, step=0.25, description="mean of z"),
        std=FloatSlider(value=1, min=0.25, max=8, step=0.25, description="standard deviation of z"),
        activation=choice("sigmoid", [name for name in COMMON if name != "linear"], "activation"),
        seed=seed_slider(),
    )


_ACTIVATION_SCENES = (
    Scene(
        name="sigmoid, centred",
        caption="hardly any z is in the flat part, and yet the mean slope is only a fifth",
    ),
    Scene(
        name="sigmoid, far off",
        caption="nearly every z is in the flat part: 0.4 % of the gradient is left",
        settings={"mean": 6},
    ),
    Scene(
        name="sigmoid, wide",
        caption="width alone saturates it too: more than six z in ten are in the flat part",
        settings={"std": 8},
    ),
    Scene(
        name="relu, moved to -6",
        caption="an offset kills a ReLU: no z of ten thousand has a slope other than 0",
        settings={"mean": -6, "activation": "relu"},
    ),
    Scene(
        name="relu, wide",
        caption="width alone does not: as wide as you like, half of the gradient passes",
        settings={"std": 8, "activation": "relu"},
    ),
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
        scenes=_DESCENT_SCENES,
        center=FloatSlider(value=0, min=0, max=5, step=0.25, description="offset of the inputs"),
        batch_size=scale(200, _BATCH_SIZES, "examples in a batch"),
        rate=scale(0.25, _RATES, "share of the largest stable rate"),
        seed=seed_slider(),
    )


_DESCENT_SCENES = (
    Scene(
        name="centred",
        caption="a round bowl, all examples at once: no update goes the same way, 4 or 5 steps do",
    ),
    Scene(
        name="positive, one by one",
        caption="inputs in [0, 2], one at a time: every update goes up or down on both, a zig-zag",
        settings={"center": 1, "batch_size": 1},
    ),
    Scene(
        name="positive, all at once",
        caption="one update in ten at most goes the same way, yet it takes 25 to 40 steps, not 4",
        settings={"center": 1},
    ),
    Scene(
        name="far away, one by one",
        caption="a zig-zag across a narrow valley: some 90 to 170 steps",
        settings={"center": 3, "batch_size": 1, "rate": 0.5},
    ),
    Scene(
        name="far away, all at once",
        caption="no zig-zag, but a crawl along the valley takes as long: some 100 to 140 steps",
        settings={"center": 3, "rate": 0.5},
    ),
)

"""Panel of the activations: where pre-activations fall, and which slope they meet there."""

from types import SimpleNamespace

import numpy as np
from ipywidgets import Dropdown, FloatSlider, IntSlider

from nnhelpers import figures, measures, simulations
from nnhelpers.activations import COMMON
from nnhelpers.widgets.connect import Panel, Scene, connect

_Z = np.linspace(-10, 10, 401)
_NAMES = [name for name in COMMON if name != "linear"]


def explore_activations() -> Panel:
    """Move and spread the pre-activations over an activation: see how much slope is left.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_activations().controls)
    ['mean', 'std', 'activation', 'seed']
    """
    plots = {
        "A": figures.part("profile", figures.plot_activation),
        "B": figures.part("slopes", figures.plot_slopes),
    }
    return connect(
        _explore,
        figures.compose("AB", plots, size=(11.4, 4.6)),
        title="Where do the pre-activations fall?",
        scenes=_SCENES,
        mean=FloatSlider(value=0, min=-8, max=8, step=0.25, description="mean of z"),
        std=FloatSlider(value=1, min=0.25, max=8, step=0.25, description="standard deviation of z"),
        activation=Dropdown(options=_NAMES, value="sigmoid", description="activation"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


def _explore(activation: str, **drawn: float) -> SimpleNamespace:
    """An activation, and its slopes at random pre-activations."""
    profile = measures.profile(_Z, activation=activation)
    slopes = simulations.simulate_slopes(activation, **drawn)
    return SimpleNamespace(profile=profile, slopes=slopes, summary=slopes.summary)


_SCENES = (
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
        caption="spread alone saturates it too: more than six z in ten are in the flat part",
        settings={"std": 8},
    ),
    Scene(
        name="relu, moved to -6",
        caption="an offset kills a ReLU: no z of ten thousand has a slope other than 0",
        settings={"mean": -6, "activation": "relu"},
    ),
    Scene(
        name="relu, wide",
        caption="spread alone does not: as wide as you like, half of the gradient passes",
        settings={"std": 8, "activation": "relu"},
    ),
)

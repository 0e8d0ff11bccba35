"""The panel of depth as an offset: which units of a layer still split centred data."""

from functools import lru_cache

from ipywidgets import Checkbox, IntSlider

from nnhelpers import activations, figures, networks, simulations
from nnhelpers.widgets._panel.controls import choice, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_DEPTH = 12
# Enough units for the law to be seen, few enough for a slider to move through.
_WIDTH, _DRAWS = 100, 8
_INITIALIZERS = ("glorot_uniform", "he_normal", "lecun_normal")


def explore_depth_offset() -> Panel:
    """Walk up the layers of a network on centred data; switch batch normalization on.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_depth_offset().controls)
    ['layer', 'activation', 'initializer', 'batch_normalization', 'seed']
    """
    plots = {"A": figures.plot_active_fraction, "B": figures.plot_splitting_by_layer}
    return connect(
        lambda layer, **settings: _network(**settings).layer(layer),
        figures.compose("AB", plots, size=(11.6, 4.2)),
        title="Depth is an offset",
        scenes=_SCENES,
        layer=IntSlider(value=1, min=1, max=_DEPTH, description="layer"),
        activation=choice("sigmoid", activations.COMMON, "activation"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "initializer"),
        batch_normalization=Checkbox(value=False, description="batch normalization"),
        seed=seed_slider(),
    )


# Moving to another layer of the same networks computes nothing.
@lru_cache(maxsize=8)
def _network(*, initializer: str, seed: int, **architecture) -> simulations.DepthOffset:
    spec = networks.MLPSpec(
        units=(_WIDTH,) * _DEPTH, kernel_initializer=initializer, **architecture
    )
    return simulations.simulate_depth_offset(spec, draws=_DRAWS, seed=seed)


_SCENES = (
    Scene(name="first layer", caption="centred data: every unit is active on about half of them"),
    Scene(
        name="third sigmoid layer",
        caption="like data moved by 11 σ: about one unit in five splits them",
        settings={"layer": 3},
    ),
    Scene(
        name="twelfth tanh layer",
        caption="tanh is centred itself: without biases no offset builds up, and all units split",
        settings={"layer": 12, "activation": "tanh"},
    ),
    Scene(
        name="twelfth ReLU layer, He",
        caption="the offset grows slowly: about two units in three still split the data",
        settings={"layer": 12, "activation": "relu", "initializer": "he_normal"},
    ),
    Scene(
        name="batch normalization",
        caption="the switch: twelve sigmoid layers, and each unit still splits about in half",
        settings={"layer": 12, "batch_normalization": True},
    ),
)

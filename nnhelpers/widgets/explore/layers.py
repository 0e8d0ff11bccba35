"""Panels on untrained networks, layer by layer: what goes forward and what comes back."""

from functools import lru_cache, partial

import numpy as np
from ipywidgets import Checkbox, IntSlider

from nnhelpers import activations, datasets, figures, initializers, networks, simulations
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_INITIALIZERS = ("glorot_uniform", "he_normal", "lecun_normal")


def explore_depth() -> Panel:
    """Change depth, gain and activation: see how much gradient reaches the first layer.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_depth().controls)
    ['depth', 'gain', 'activation', 'initializer', 'seed']
    """
    # Few enough for a moving slider, enough for the law to hold.
    few = datasets.take(datasets.rescale(datasets.load_digits(), 1 / 16), 50)

    def compute(depth: int, initializer: str, activation: str, **drawn) -> simulations.DepthSignal:
        architecture = {"units": (32,) * depth, "activation": activation}
        spec = networks.MLPSpec(kernel_initializer=initializer, **architecture)
        return simulations.simulate_depth(spec, few, draws=12, **drawn)

    plots = {"A": figures.plot_gradient_by_layer, "B": figures.plot_signal_by_layer}
    plots = {place: partial(plot, most_layers=20) for place, plot in plots.items()}
    return connect(
        compute,
        figures.compose("AB", plots, size=(11.4, 4.2)),
        title="How far back does the gradient reach?",
        scenes=_DEPTH_SCENES,
        depth=IntSlider(value=8, min=1, max=20, description="hidden layers"),
        gain=scale(1.0, _DEPTH_GAINS, "gain of the weights"),
        activation=choice("sigmoid", activations.COMMON, "activation"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "initializer"),
        seed=seed_slider(),
    )


_DEPTH_GAINS = (0.1, 0.2, 0.5, 0.7, 1.0, 1.2, 1.4, 1.7, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
_DEPTH_SCENES = (
    Scene(
        name="eight sigmoids",
        caption="every layer passes back less than a quarter; the first gets less than 1/10,000",
    ),
    Scene(
        name="sigmoids, gain 4",
        caption="thousands of times more reaches the first layer, but still under a tenth",
        settings={"gain": 4.0},
    ),
    Scene(
        name="eight tanh",
        caption="around 0 the slope is 1: the first layer's weights get as much as the last's",
        settings={"activation": "tanh"},
    ),
    Scene(
        name="twenty ReLUs, He",
        caption="He's weights make up for the slopes of 0: no loss over twenty layers",
        settings={"depth": 20, "activation": "relu", "initializer": "he_normal"},
    ),
    Scene(
        name="twenty ReLUs, 1.4 × He",
        caption="a little too large: signal and error grow hundreds of times over twenty layers",
        settings={"depth": 20, "gain": 1.4, "activation": "relu", "initializer": "he_normal"},
    ),
)


# Units in each layer, and networks, few enough for a moving slider.
_DRAWS = {5: 100, 10: 60, 25: 24, 50: 10, 100: 4}
_GAINS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 3.0, 5.0, 10.0)
_NORMAL, _SMALL = "N(0, 1)", "N(0, 0.01²)"
_FORMS = ("uniform", "normal")
_STARTS = {
    _NORMAL: simulations.NORMAL,
    _SMALL: initializers.RandomNormal(stddev=0.01),
    "uniform on [-1, 1]": simulations.UNIFORM,
    **{f"{kind}_{form}": f"{kind}_{form}" for kind in ("glorot", "he", "lecun") for form in _FORMS},
    "orthogonal": "orthogonal",
    "zeros": "zeros",
}


def explore_layer_distributions() -> Panel:
    """Choose the weights' distribution, depth, width and activation: see what leaves each layer.

    The inputs are N(0, 1), as many as a layer has units, so that all layers have the same size.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_layer_distributions().controls)
    ['initializer', 'gain', 'depth', 'width', 'activation', 'seed']
    """

    def compute(initializer: str, depth: int, width: int, activation: str, **drawn):
        X = np.random.default_rng(drawn["seed"]).standard_normal((40, width))
        architecture = {"units": (width,) * depth, "activation": activation}
        spec = networks.MLPSpec(kernel_initializer=_STARTS[initializer], **architecture)
        return simulations.simulate_layers(spec, X, draws=_DRAWS[width], **drawn)

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_layer_distributions}, size=(10.0, 5.2)),
        title="What leaves each layer?",
        scenes=_OUTPUT_SCENES,
        initializer=choice(_NORMAL, _STARTS, "weights drawn from"),
        gain=scale(1.0, _GAINS, "gain of the weights"),
        depth=IntSlider(value=4, min=1, max=10, description="hidden layers"),
        width=scale(5, _DRAWS, "units in each layer"),
        activation=choice("relu", activations.COMMON, "activation"),
        seed=seed_slider(),
    )


_OUTPUT_SCENES = (
    Scene(
        name="the article's start",
        caption="N(0, 1), five wide: a spike of zeros; the rest grows, then varies widely",
    ),
    Scene(
        name="far too small",
        caption="N(0, 0.01²): the first layer is close to 0 already, the others are nothing else",
        settings={"initializer": _SMALL, "activation": "tanh"},
    ),
    Scene(
        name="far too large",
        caption="N(0, 1), a hundred wide: nearly every tanh sits at -1 or 1, in every layer",
        settings={"depth": 10, "width": 100, "activation": "tanh"},
    ),
    Scene(
        name="Glorot and tanh",
        caption="ten layers stay alive, but each is a little narrower than the one before",
        settings={
            "initializer": "glorot_uniform", "depth": 10, "width": 100, "activation": "tanh",
        },
    ),
    Scene(
        name="He and ReLU",
        caption="half the outputs are exactly 0, and after ten layers the deviation is still there",
        settings={"initializer": "he_normal", "depth": 10, "width": 100},
    ),
)  # fmt: skip


def explore_depth_offset() -> Panel:
    """Step through the layers of a network on centred data, with or without batch norm.

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
        scenes=_OFFSET_SCENES,
        layer=IntSlider(value=1, min=1, max=12, description="layer"),
        activation=choice("sigmoid", activations.COMMON, "activation"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "initializer"),
        batch_normalization=Checkbox(value=False, description="batch normalization"),
        seed=seed_slider(),
    )


# Moving to another layer of the same networks computes nothing. Enough units for the law to show,
# few enough for a moving slider.
@lru_cache(maxsize=8)
def _network(*, initializer: str, seed: int, **architecture) -> simulations.DepthOffset:
    spec = networks.MLPSpec(units=(100,) * 12, kernel_initializer=initializer, **architecture)
    return simulations.simulate_depth_offset(spec, draws=8, seed=seed)


_OFFSET_SCENES = (
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

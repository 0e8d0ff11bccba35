"""The panel of the layers' outputs, shallow to deep."""

import numpy as np
from ipywidgets import IntSlider

from nnhelpers import activations, figures, initializers, networks, simulations
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_MOST_LAYERS = 10
_EXAMPLES = 40
# Units in each layer, and as many networks as a moving slider leaves time for.
_DRAWS = {5: 100, 10: 60, 25: 24, 50: 10, 100: 4}
_GAINS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 3.0, 5.0, 10.0)
_NORMAL, _SMALL, _UNIFORM = "N(0, 1)", "N(0, 0.01²)", "uniform on [-1, 1]"
_FORMS = ("uniform", "normal")
_INITIALIZERS = {
    _NORMAL: simulations.NORMAL,
    _SMALL: initializers.RandomNormal(stddev=0.01),
    _UNIFORM: simulations.UNIFORM,
    **{f"{kind}_{form}": f"{kind}_{form}" for kind in ("glorot", "he", "lecun") for form in _FORMS},
    "orthogonal": "orthogonal",
    "zeros": "zeros",
}


def explore_layer_distributions() -> Panel:
    """Choose the weights' distribution, depth, width and activation: see what leaves each layer.

    The inputs are N(0, 1), as many as a layer has units, so that every layer begins alike.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_layer_distributions().controls)
    ['initializer', 'gain', 'depth', 'width', 'activation', 'seed']
    """
    return connect(
        _outputs,
        figures.compose("A", {"A": figures.plot_layer_distributions}, size=(10.0, 5.2)),
        title="What leaves each layer?",
        scenes=_SCENES,
        initializer=choice(_NORMAL, _INITIALIZERS, "weights drawn from"),
        gain=scale(1.0, _GAINS, "gain of the weights"),
        depth=IntSlider(value=4, min=1, max=_MOST_LAYERS, description="hidden layers"),
        width=scale(5, _DRAWS, "units in each layer"),
        activation=choice("relu", activations.COMMON, "activation"),
        seed=seed_slider(),
    )


def _outputs(
    initializer: str, gain: float, depth: int, width: int, activation: str, seed: int
) -> simulations.LayerOutputs:
    X = np.random.default_rng(seed).standard_normal((_EXAMPLES, width))
    kernels = _INITIALIZERS[initializer]
    spec = networks.MLPSpec(
        units=(width,) * depth, activation=activation, kernel_initializer=kernels
    )
    return simulations.simulate_layers(spec, X, gain=gain, draws=_DRAWS[width], seed=seed)


_SCENES = (
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

"""The panel of what leaves the layers of untrained networks, batch norm on or off in each."""

import numpy as np
from ipywidgets import Dropdown, IntSlider, SelectionSlider

from nnhelpers import activations, figures, initializers, networks, simulations
from nnhelpers.widgets.connect import Panel, Scene, connect

_FEWEST_LAYERS, _MOST_LAYERS = 3, 10
# Enough for the numbers to be steady, few enough for a slider to move through.
_EXAMPLES, _WIDTH, _DRAWS = 40, 50, 12
_GAINS = (0.1, 0.2, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0)
_NORMAL, _SMALL = "N(0, 1)", "N(0, 0.01²)"
_INITIALIZERS = {
    _NORMAL: simulations.NORMAL,
    _SMALL: initializers.RandomNormal(stddev=0.01),
    **{name: name for name in ("glorot_uniform", "he_normal", "lecun_normal", "zeros")},
}
_NONE, _EVERY, _SECOND, _LAST, _THIRD = "none", "every", "every second", "the last", "the third"
_CHOICES = {
    _NONE: lambda layer, depth: False,
    _EVERY: lambda layer, depth: True,
    _SECOND: lambda layer, depth: layer % 2 == 0,
    _LAST: lambda layer, depth: layer == depth,
    _THIRD: lambda layer, depth: layer == 3,
}


def explore_normalized_layers() -> Panel:
    """Switch batch norm on in some layers or all, for good starts and bad: see what leaves them.

    The inputs are N(0, 1), as many as a layer has units, so that every layer begins alike.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_normalized_layers().controls)
    ['layers', 'place', 'initializer', 'gain', 'activation', 'depth', 'seed']
    """

    def compute(
        layers: str, place: str, initializer: str, activation: str, depth: int, **drawn
    ) -> simulations.LayerOutputs:
        spec = networks.MLPSpec(
            units=(_WIDTH,) * depth,
            activation=activation,
            kernel_initializer=_INITIALIZERS[initializer],
            batch_normalization=_batch_norm(layers, place, depth),
        )
        X = np.random.default_rng(drawn["seed"]).standard_normal((_EXAMPLES, _WIDTH))
        return simulations.simulate_layers(spec, X, draws=_DRAWS, **drawn)

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_layer_distributions}, size=(10.0, 5.2)),
        title="Batch norm, layer by layer",
        scenes=_SCENES,
        layers=Dropdown(value=_NONE, options=list(_CHOICES), description="batch norm in layer"),
        place=Dropdown(
            value="before", options=["before", "after"], description="before or after activation"
        ),
        initializer=Dropdown(
            value=_NORMAL, options=list(_INITIALIZERS), description="weights drawn from"
        ),
        gain=SelectionSlider(value=1.0, options=_GAINS, description="gain of the weights"),
        activation=Dropdown(
            value="sigmoid", options=list(activations.COMMON), description="activation"
        ),
        depth=IntSlider(value=4, min=_FEWEST_LAYERS, max=_MOST_LAYERS, description="hidden layers"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


def _batch_norm(layers: str, place: str, depth: int) -> bool | networks.BatchNorm:
    normalized = [n for n in range(depth) if _CHOICES[layers](n + 1, depth)]
    if not normalized:
        return False
    return networks.BatchNorm(layers=normalized, after_activation=place == "after")


_SCENES = (
    Scene(
        name="the article's start",
        caption="50 wide: without batch norm over half of the sigmoids lie within 0.1 of 0 or 1",
    ),
    Scene(
        name="batch norm in every layer",
        caption="the same weights: in each layer two or three in a hundred lie so near an end",
        settings={"layers": _EVERY},
    ),
    Scene(
        name="in the third layer alone",
        caption="it heals the third alone: in the fourth more than half lie near 0 or 1 again",
        settings={"layers": _THIRD},
    ),
    Scene(
        name="weights far too small",
        caption="N(0, 0.01²) and tanh: each layer has less than a tenth of the spread before it",
        settings={"initializer": _SMALL, "activation": "tanh", "depth": 10},
    ),
    Scene(
        name="too small, with batch norm",
        caption="the same weights: ten layers, each with a standard deviation of 0.5 to 0.65",
        settings={
            "initializer": _SMALL, "activation": "tanh", "depth": 10, "layers": _EVERY,
        },
    ),
)  # fmt: skip

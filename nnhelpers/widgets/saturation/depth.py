"""The panel of untrained deep networks: what goes forward, and what comes back."""

from functools import partial
from types import SimpleNamespace

from ipywidgets import IntSlider

from nnhelpers import activations, datasets, figures, networks, simulations
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

# Small enough for a slider to move through, large enough for the law to hold.
_EXAMPLES, _WIDTH, _DRAWS = 50, 32, 12
_MOST_LAYERS = 20
_GAINS = (0.1, 0.2, 0.5, 0.7, 1.0, 1.2, 1.4, 1.7, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
_INITIALIZERS = ("glorot_uniform", "he_normal", "lecun_normal")


def explore_depth() -> Panel:
    """Add layers and turn up the weights: how much gradient reaches the first layer.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_depth().controls)
    ['depth', 'gain', 'activation', 'initializer', 'seed']
    """
    digits = datasets.rescale(datasets.load_digits(), 1 / 16)
    few = SimpleNamespace(X=digits.X[:_EXAMPLES], y=digits.y[:_EXAMPLES])

    def compute(
        depth: int, gain: float, activation: str, initializer: str, seed: int
    ) -> simulations.DepthSignal:
        spec = networks.MLPSpec(
            units=(_WIDTH,) * depth, activation=activation, kernel_initializer=initializer
        )
        return simulations.simulate_depth(spec, few, gain=gain, draws=_DRAWS, seed=seed)

    plots = {"A": figures.plot_gradient_by_layer, "B": figures.plot_signal_by_layer}
    plots = {place: partial(plot, most_layers=_MOST_LAYERS) for place, plot in plots.items()}
    return connect(
        compute,
        figures.compose("AB", plots, size=(11.4, 4.2)),
        title="How far back does the gradient reach?",
        scenes=_SCENES,
        depth=IntSlider(value=8, min=1, max=_MOST_LAYERS, description="hidden layers"),
        gain=scale(1.0, _GAINS, "gain of the weights"),
        activation=choice("sigmoid", activations.COMMON, "activation"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "initializer"),
        seed=seed_slider(),
    )


_SCENES = (
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

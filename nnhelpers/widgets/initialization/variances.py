"""The panel of the variance calculator: forward and back, measured beside the laws."""

from functools import partial
from types import SimpleNamespace

import numpy as np
from ipywidgets import Dropdown, IntSlider, SelectionSlider

from nnhelpers import activations, datasets, figures, networks, simulations
from nnhelpers.initializers import RandomNormal, VarianceScaling
from nnhelpers.widgets.connect import Panel, Scene, connect

# Small enough for a slider to move through, large enough for the laws to hold.
_EXAMPLES, _DRAWS = 30, 11
_MOST_LAYERS = 12
_GAINS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.41, 1.6, 2.0, 3.0, 5.0, 10.0)
_FAN_IN, _FAN_OUT = "Var(w) = 1/fan_in", "Var(w) = 1/fan_out"
_NORMAL, _SMALL = "N(0, 1)", "N(0, 0.01²)"
_INITIALIZERS = {
    "glorot_uniform": "glorot_uniform",
    "he_normal": "he_normal",
    _FAN_IN: VarianceScaling(distribution="uniform"),
    _FAN_OUT: VarianceScaling(mode="fan_out", distribution="uniform"),
    "orthogonal": "orthogonal",
    _NORMAL: RandomNormal(stddev=1.0),
    _SMALL: RandomNormal(stddev=0.01),
}
_EQUAL, _NARROWING, _ALTERNATING = "all 50", "64 to 16", "64 and 16 in turn"


def explore_variances() -> Panel:
    """Choose weights, activation and widths: see which variance stays, and whether laws hold.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_variances().controls)
    ['gain', 'initializer', 'activation', 'widths', 'depth', 'seed']
    """
    digits = datasets.load_digits()
    X = digits.X[:_EXAMPLES]
    few = SimpleNamespace(X=X / np.sqrt(np.mean(X**2)), y=digits.y[:_EXAMPLES])

    def compute(
        gain: float, initializer: str, activation: str, widths: str, depth: int, seed: int
    ) -> simulations.LayerVariances:
        spec = networks.MLPSpec(
            units=_units(widths, depth),
            activation=activation,
            kernel_initializer=_INITIALIZERS[initializer],
        )
        return simulations.simulate_variances(spec, few, gain=gain, draws=_DRAWS, seed=seed)

    plot = partial(figures.plot_variances, most_layers=_MOST_LAYERS)
    return connect(
        compute,
        figures.compose("A", {"A": plot}, title=_setting, size=(9.6, 5.2)),
        title="Does the variance stay, forward and back?",
        scenes=_SCENES,
        gain=SelectionSlider(value=1.0, options=_GAINS, description="gain of the weights"),
        initializer=Dropdown(
            value="glorot_uniform", options=list(_INITIALIZERS), description="weights drawn from"
        ),
        activation=Dropdown(
            value="tanh", options=list(activations.COMMON), description="activation"
        ),
        widths=Dropdown(
            value=_EQUAL, options=[_EQUAL, _NARROWING, _ALTERNATING], description="units per layer"
        ),
        depth=IntSlider(value=10, min=1, max=_MOST_LAYERS, description="hidden layers"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


def _units(widths: str, depth: int) -> tuple[int, ...]:
    if widths == _EQUAL:
        return (50,) * depth
    if widths == _NARROWING:
        return tuple(int(size) for size in np.geomspace(64, 16, depth).round())
    return tuple(64 if number % 2 == 0 else 16 for number in range(depth))


def _setting(result: simulations.LayerVariances) -> str:
    return f"{result.setting}, {result.depth} layer{'s' * (result.depth > 1)}"


_SCENES = (
    Scene(
        name="Glorot and tanh",
        caption="tanh is not linear: the variance of z shrinks layer by layer, as its law says",
    ),
    Scene(
        name="He and ReLU",
        caption="the law is flat both ways; single networks stray far from it",
        settings={"initializer": "he_normal", "activation": "relu"},
    ),
    Scene(
        name="1/fan_in, widths alternate",
        caption="forward the variance stays; back it jumps up and down by a factor of four",
        settings={"initializer": _FAN_IN, "activation": "linear", "widths": _ALTERNATING},
    ),
    Scene(
        name="1/fan_out, widths alternate",
        caption="now the error's variance stays, and the signal's jumps by a factor of four",
        settings={"initializer": _FAN_OUT, "activation": "linear", "widths": _ALTERNATING},
    ),
    Scene(
        name="Glorot, widths alternate",
        caption="between the two in each step, but every pair of layers loses a third, both ways",
        settings={"activation": "linear", "widths": _ALTERNATING},
    ),
)

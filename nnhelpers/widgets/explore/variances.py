"""Panels on variances: of a dot product, and of layers forward and back, with their laws."""

from functools import partial
from types import SimpleNamespace

import numpy as np
from ipywidgets import FloatSlider, IntSlider

from nnhelpers import activations, datasets, figures, networks, simulations
from nnhelpers.initializers import RandomNormal, VarianceScaling
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_COUNTS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1_000)
# Few enough for a moving slider.
_MOST_SUMS, _PRODUCTS = 10_000, 600_000


def explore_dot_product() -> Panel:
    """Change the number of products and their factors: see how far the sum spreads.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_dot_product().controls)
    ['n', 'std_y', 'std_w', 'mean_y', 'mean_w', 'seed']
    """

    def compute(n: int, std_y: float, std_w: float, mean_y: float, mean_w: float, seed: int):
        return simulations.simulate_dot_product(
            n=n,
            inputs=RandomNormal(mean=mean_y, stddev=std_y),
            weights=RandomNormal(mean=mean_w, stddev=std_w),
            draws=min(_MOST_SUMS, _PRODUCTS // n),
            seed=seed,
        )

    plots = {"A": figures.plot_dot_product, "B": figures.plot_variance_growth}
    return connect(
        compute,
        figures.compose("AB", plots, size=(11.4, 4.4)),
        title="How far does a dot product spread?",
        scenes=_PRODUCT_SCENES,
        n=scale(10, _COUNTS, "number of products n"),
        std_y=_spread("standard deviation of the inputs"),
        std_w=_spread("standard deviation of the weights"),
        mean_y=_middle("mean of the inputs"),
        mean_w=_middle("mean of the weights"),
        seed=seed_slider(),
    )


def _spread(description: str) -> FloatSlider:
    return FloatSlider(value=1, min=0.25, max=2, step=0.25, description=description)


def _middle(description: str) -> FloatSlider:
    return FloatSlider(value=0, min=-2, max=2, step=0.5, description=description)


_PRODUCT_SCENES = (
    Scene(
        name="a single product",
        caption="variance 1, but no normal curve: most products are near 0, a few far away",
        settings={"n": 1},
    ),
    Scene(
        name="ten of them", caption="the variances add up to 10, and the normal curve already fits"
    ),
    Scene(
        name="a thousand",
        caption="inputs and weights of variance 1: the sum's variance is about 1,000",
        settings={"n": 1_000},
    ),
    Scene(
        name="inputs that are not centred",
        caption="a mean of 2 makes five times the variance: inputs count with their squares",
        settings={"n": 100, "mean_y": 2.0},
    ),
    Scene(
        name="small weights",
        caption="a quarter of the weights, a sixteenth of the variance: about 6 instead of 100",
        settings={"n": 100, "std_w": 0.25},
    ),
)


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
    # Few enough for a moving slider, enough for the laws to hold.
    X = digits.X[:30]
    few = SimpleNamespace(X=X / np.sqrt(np.mean(X**2)), y=digits.y[:30])

    def compute(initializer: str, activation: str, widths: str, depth: int, **drawn):
        architecture = {"units": _units(widths, depth), "activation": activation}
        spec = networks.MLPSpec(kernel_initializer=_INITIALIZERS[initializer], **architecture)
        return simulations.simulate_variances(spec, few, draws=11, **drawn)

    plot = partial(figures.plot_variances, most_layers=12)
    return connect(
        compute,
        figures.compose("A", {"A": plot}, title=_setting, size=(9.6, 5.2)),
        title="Does the variance stay, forward and back?",
        scenes=_VARIANCE_SCENES,
        gain=scale(1.0, _GAINS, "gain of the weights"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "weights drawn from"),
        activation=choice("tanh", activations.COMMON, "activation"),
        widths=choice(_EQUAL, [_EQUAL, _NARROWING, _ALTERNATING], "units per layer"),
        depth=IntSlider(value=10, min=1, max=12, description="hidden layers"),
        seed=seed_slider(),
    )


def _units(widths: str, depth: int) -> tuple[int, ...]:
    if widths == _EQUAL:
        return (50,) * depth
    if widths == _NARROWING:
        return tuple(int(size) for size in np.geomspace(64, 16, depth).round())
    return tuple(64 if number % 2 == 0 else 16 for number in range(depth))


def _setting(result: simulations.LayerVariances) -> str:
    return f"{result.setting}, {result.depth} layer{'s' * (result.depth > 1)}"


_VARIANCE_SCENES = (
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

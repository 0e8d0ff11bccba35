"""Panels on untrained networks: one dot product, and layer by layer, forward and back."""

from functools import lru_cache, partial
from types import SimpleNamespace

import numpy as np
from ipywidgets import Checkbox, FloatSlider, IntSlider

from nnhelpers import activations, datasets, figures, initializers, networks, simulations
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of

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
        scenes=scenes_of("depth"),
        depth=IntSlider(value=8, min=1, max=20, description="hidden layers"),
        gain=scale(1.0, _DEPTH_GAINS, "gain of the weights"),
        activation=choice("sigmoid", activations.COMMON, "activation"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "initializer"),
        seed=seed_slider(),
    )


_DEPTH_GAINS = (0.1, 0.2, 0.5, 0.7, 1.0, 1.2, 1.4, 1.7, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)


# Units in each layer, and networks, few enough for a moving slider.
_DRAWS = {5: 100, 10: 60, 25: 24, 50: 10, 100: 4}
_GAINS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 3.0, 5.0, 10.0)
_FORMS = ("uniform", "normal")
_STARTS = {
    "N(0, 1)": simulations.NORMAL,
    "N(0, 0.01²)": initializers.RandomNormal(stddev=0.01),
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
        scenes=scenes_of("layer_distributions"),
        initializer=choice("N(0, 1)", _STARTS, "weights drawn from"),
        gain=scale(1.0, _GAINS, "gain of the weights"),
        depth=IntSlider(value=4, min=1, max=10, description="hidden layers"),
        width=scale(5, _DRAWS, "units in each layer"),
        activation=choice("relu", activations.COMMON, "activation"),
        seed=seed_slider(),
    )


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
        scenes=scenes_of("depth_offset"),
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
            inputs=initializers.RandomNormal(mean=mean_y, stddev=std_y),
            weights=initializers.RandomNormal(mean=mean_w, stddev=std_w),
            draws=min(_MOST_SUMS, _PRODUCTS // n),
            seed=seed,
        )

    plots = {"A": figures.plot_dot_product, "B": figures.plot_variance_growth}
    return connect(
        compute,
        figures.compose("AB", plots, size=(11.4, 4.4)),
        title="How far does a dot product spread?",
        scenes=scenes_of("dot_product"),
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


_FINE_GAINS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.41, 1.6, 2.0, 3.0, 5.0, 10.0)
_SCALED = {
    "glorot_uniform": "glorot_uniform",
    "he_normal": "he_normal",
    "Var(w) = 1/fan_in": initializers.VarianceScaling(distribution="uniform"),
    "Var(w) = 1/fan_out": initializers.VarianceScaling(mode="fan_out", distribution="uniform"),
    "orthogonal": "orthogonal",
    "N(0, 1)": initializers.RandomNormal(stddev=1.0),
    "N(0, 0.01²)": initializers.RandomNormal(stddev=0.01),
}
_EQUAL, _NARROWING = "all 50", "64 to 16"


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
        spec = networks.MLPSpec(kernel_initializer=_SCALED[initializer], **architecture)
        return simulations.simulate_variances(spec, few, draws=11, **drawn)

    plot = partial(figures.plot_variances, most_layers=12)
    return connect(
        compute,
        figures.compose("A", {"A": plot}, title=_setting, size=(9.6, 5.2)),
        title="Does the variance stay, forward and back?",
        scenes=scenes_of("variances"),
        gain=scale(1.0, _FINE_GAINS, "gain of the weights"),
        initializer=choice("glorot_uniform", _SCALED, "weights drawn from"),
        activation=choice("tanh", activations.COMMON, "activation"),
        widths=choice(_EQUAL, [_EQUAL, _NARROWING, "64 and 16 in turn"], "units per layer"),
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

"""Panels of variances: of a dot product, and of layers forward and back, beside the laws."""

from functools import partial
from types import SimpleNamespace

import numpy as np
from ipywidgets import FloatSlider, IntSlider

from nnhelpers import activations, datasets, figures, networks, simulations
from nnhelpers.initializers import RandomNormal, VarianceScaling
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of

_COUNTS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1_000)
# As many as a moving slider leaves time for.
_MOST_SUMS, _PRODUCTS = 10_000, 600_000


def explore_dot_product() -> Panel:
    """Add products up, spread and move their factors: see how far the sum spreads.

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


_GAINS = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.41, 1.6, 2.0, 3.0, 5.0, 10.0)
_INITIALIZERS = {
    "glorot_uniform": "glorot_uniform",
    "he_normal": "he_normal",
    "Var(w) = 1/fan_in": VarianceScaling(distribution="uniform"),
    "Var(w) = 1/fan_out": VarianceScaling(mode="fan_out", distribution="uniform"),
    "orthogonal": "orthogonal",
    "N(0, 1)": RandomNormal(stddev=1.0),
    "N(0, 0.01²)": RandomNormal(stddev=0.01),
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
    # Small enough for a slider to move through, large enough for the laws to hold.
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
        scenes=scenes_of("variances"),
        gain=scale(1.0, _GAINS, "gain of the weights"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "weights drawn from"),
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

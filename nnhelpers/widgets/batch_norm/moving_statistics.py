"""The panel of the moving statistics: their start, their lag and their noise."""

from functools import partial

from ipywidgets import IntSlider

from nnhelpers import figures, simulations
from nnhelpers.widgets._panel.controls import scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_MOMENTA = (0.0, 0.5, 0.9, 0.99, 0.999)
_BATCH_SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
_DRIFTS = (0.0, 0.001, 0.002, 0.005, 0.01)
_STD = 2.0
_MOST_STEPS = 500
# Whatever the sliders say, the truths and nearly all of larger batches lie within these axes.
_MEANS, _VARIANCES = (-2.5, 11.0), (0.0, 9.0)


def explore_moving_statistics() -> Panel:
    """Walk through a unit's training batches: see what batch norm would use in inference.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_moving_statistics().controls)
    ['momentum', 'steps', 'batch_size', 'center', 'drift', 'seed']
    """
    moving = partial(figures.plot_moving_statistics, most_steps=_MOST_STEPS)
    plots = {
        "A": partial(moving, reach=_MEANS),
        "B": partial(moving, quantity="variance", reach=_VARIANCES),
        "C": figures.plot_lag_and_noise,
    }
    return connect(
        _compute,
        figures.compose("AAC;BBC", plots, title=_headline, size=(12.0, 7.0)),
        title="What does inference normalize with?",
        scenes=_SCENES,
        momentum=scale(0.99, _MOMENTA, "momentum"),
        steps=IntSlider(value=100, min=1, max=_MOST_STEPS, description="step reached"),
        batch_size=scale(32, _BATCH_SIZES, "batch size"),
        center=IntSlider(value=3, min=0, max=5, description="center of the values"),
        drift=scale(0.0, _DRIFTS, "drift per step"),
        seed=seed_slider(),
    )


def _compute(
    momentum: float, center: float, drift: float, **settings: int
) -> simulations.MovingStatistics:
    data = simulations.UnitStream(center=center, std=_STD, drift=drift)
    return simulations.simulate_moving_statistics(momentum, data=data, **settings)


def _headline(result: simulations.MovingStatistics) -> str:
    return f"Inference would get {result.inference_in_words()}, promised are 0 and 1"


_SCENES = (
    Scene(
        name="a hundred steps",
        caption="0.99¹⁰⁰ = 37 % of the start is left: inference is far from mean 0 and deviation 1",
    ),
    Scene(
        name="five hundred steps",
        caption="less than 1 % of the start is left: now inference gets nearly what training gets",
        settings={"steps": 500},
    ),
    Scene(
        name="momentum 0.9",
        caption="after 100 steps the start is forgotten; the noise is over three times as large",
        settings={"momentum": 0.9},
    ),
    Scene(
        name="weights that move",
        caption="0.99 remembers a hundred steps, and lags behind the drift by about as many",
        settings={"steps": 500, "drift": 0.01},
    ),
    Scene(
        name="batches of two",
        caption="noisy, and the variance is half the true one: Keras divides by n, not by n − 1",
        settings={"steps": 500, "batch_size": 2},
    ),
)

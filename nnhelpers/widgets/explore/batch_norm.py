"""Panels on batch norm: a unit's batch, its moving statistics, and what leaves the layers."""

from functools import partial

import numpy as np
from ipywidgets import FloatSlider, IntSlider

from nnhelpers import activations, figures, initializers, networks, simulations
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of

_EPSILONS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0)
_STDS = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 3.0)
_SIZES = (2, 3, 4, 8, 16, 32, 64, 128, 256)


def explore_batch_norm() -> Panel:
    """Change gamma, beta, epsilon and the batch: see its mean and spread before and after.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_batch_norm().controls)
    ['gamma', 'beta', 'epsilon', 'center', 'std', 'distribution', 'n_examples', 'seed']
    """

    def compute(gamma: float, beta: float, epsilon: float, seed: int, **batch):
        return simulations.simulate_batch_norm(
            simulations.UnitBatch(**batch), gamma=gamma, beta=beta, epsilon=epsilon, seed=seed
        )

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_normalized_batch}, size=(9.6, 4.8)),
        title="Batch normalization by hand",
        scenes=scenes_of("batch_norm"),
        gamma=_slider(1, 3, "gamma, the factor"),
        beta=_slider(0, 3, "beta, the offset"),
        epsilon=scale(1e-3, _EPSILONS, "epsilon"),
        center=_slider(3, 6, "mean of the distribution"),
        std=scale(2.0, _STDS, "standard deviation of the distribution"),
        distribution=choice("normal", simulations.UNIT_DISTRIBUTIONS, "distribution"),
        n_examples=scale(32, _SIZES, "examples in the batch"),
        seed=seed_slider(),
    )


def _slider(value: float, farthest: float, description: str) -> FloatSlider:
    return FloatSlider(value=value, min=-farthest, max=farthest, step=0.25, description=description)


# Enough for steady numbers, few enough for a moving slider.
_EXAMPLES, _WIDTH, _DRAWS = 40, 50, 12
_GAINS = (0.1, 0.2, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0)
_INITIALIZERS = {
    "N(0, 1)": simulations.NORMAL,
    "N(0, 0.01²)": initializers.RandomNormal(stddev=0.01),
    **{name: name for name in ("glorot_uniform", "he_normal", "lecun_normal", "zeros")},
}
_CHOICES = {
    "none": lambda layer, depth: False,
    "every": lambda layer, depth: True,
    "every second": lambda layer, depth: layer % 2 == 0,
    "the last": lambda layer, depth: layer == depth,
    "the third": lambda layer, depth: layer == 3,
}


def explore_normalized_layers() -> Panel:
    """Switch batch norm on in some or all layers, for good and bad starts: see what leaves them.

    The inputs are N(0, 1), as many as a layer has units, so that all layers have the same size.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_normalized_layers().controls)
    ['layers', 'place', 'initializer', 'gain', 'activation', 'depth', 'seed']
    """

    def compute(layers: str, place: str, initializer: str, activation: str, depth: int, **drawn):
        normalized = [n for n in range(depth) if _CHOICES[layers](n + 1, depth)]
        after = {"after_activation": place == "after"}
        spec = networks.MLPSpec(
            units=(_WIDTH,) * depth,
            activation=activation,
            kernel_initializer=_INITIALIZERS[initializer],
            batch_normalization=bool(normalized) and networks.BatchNorm(layers=normalized, **after),
        )
        X = np.random.default_rng(drawn["seed"]).standard_normal((_EXAMPLES, _WIDTH))
        return simulations.simulate_layers(spec, X, draws=_DRAWS, **drawn)

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_layer_distributions}, size=(10.0, 5.2)),
        title="Batch norm, layer by layer",
        scenes=scenes_of("normalized_layers"),
        layers=choice("none", _CHOICES, "batch norm in layer"),
        place=choice("before", ["before", "after"], "before or after activation"),
        initializer=choice("glorot_uniform", _INITIALIZERS, "weights drawn from"),
        gain=scale(1.0, _GAINS, "gain of the weights"),
        activation=choice("sigmoid", activations.COMMON, "activation"),
        depth=IntSlider(value=4, min=3, max=10, description="hidden layers"),
        seed=seed_slider(),
    )


_MOMENTA = (0.0, 0.5, 0.9, 0.99, 0.999)
_BATCH_SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
_DRIFTS = (0.0, 0.001, 0.002, 0.005, 0.01)
_MOST_STEPS = 500
# At any setting, the truths and nearly all larger batches lie within these axes.
_MEANS, _VARIANCES = (-2.5, 11.0), (0.0, 9.0)


def explore_moving_statistics() -> Panel:
    """Step through a unit's training batches: see what batch norm would use in inference.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_moving_statistics().controls)
    ['momentum', 'steps', 'batch_size', 'center', 'drift', 'seed']
    """

    def compute(momentum: float, center: float, drift: float, **settings: int):
        data = simulations.UnitStream(center=center, std=2.0, drift=drift)
        return simulations.simulate_moving_statistics(momentum, data=data, **settings)

    moving = partial(figures.plot_moving_statistics, most_steps=_MOST_STEPS)
    plots = {
        "A": partial(moving, reach=_MEANS),
        "B": partial(moving, quantity="variance", reach=_VARIANCES),
        "C": figures.plot_lag_and_noise,
    }
    return connect(
        compute,
        figures.compose("AAC;BBC", plots, title=_headline, size=(12.0, 7.0)),
        title="What does inference normalize with?",
        scenes=scenes_of("moving_statistics"),
        momentum=scale(0.99, _MOMENTA, "momentum"),
        steps=IntSlider(value=100, min=1, max=_MOST_STEPS, description="step reached"),
        batch_size=scale(32, _BATCH_SIZES, "batch size"),
        center=IntSlider(value=3, min=0, max=5, description="center of the values"),
        drift=scale(0.0, _DRIFTS, "drift per step"),
        seed=seed_slider(),
    )


def _headline(result: simulations.MovingStatistics) -> str:
    return f"Inference would get {result.inference_in_words()}, promised are 0 and 1"

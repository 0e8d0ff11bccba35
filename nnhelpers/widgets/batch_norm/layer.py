"""The panel of the layer itself: a batch of one unit's numbers goes in, another comes out."""

from ipywidgets import Dropdown, FloatSlider, IntSlider, SelectionSlider

from nnhelpers import figures, simulations
from nnhelpers.widgets.connect import Panel, Scene, connect

_EPSILONS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0)
_STDS = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 3.0)
_SIZES = (2, 3, 4, 8, 16, 32, 64, 128, 256)


def explore_batch_norm() -> Panel:
    """Slide gamma, beta, epsilon and the batch: see mean and spread before and after.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_batch_norm().controls)
    ['gamma', 'beta', 'epsilon', 'center', 'std', 'distribution', 'n_examples', 'seed']
    """

    def compute(
        gamma: float, beta: float, epsilon: float, seed: int, **batch
    ) -> simulations.NormalizedBatch:
        return simulations.simulate_batch_norm(
            simulations.UnitBatch(**batch), gamma=gamma, beta=beta, epsilon=epsilon, seed=seed
        )

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_normalized_batch}, size=(9.6, 4.8)),
        title="Batch normalization by hand",
        scenes=_SCENES,
        gamma=_slider(1, 3, "gamma, the factor"),
        beta=_slider(0, 3, "beta, the offset"),
        epsilon=SelectionSlider(value=1e-3, options=_EPSILONS, description="epsilon"),
        center=_slider(3, 6, "mean of the distribution"),
        std=SelectionSlider(value=2.0, options=_STDS, description="spread of the distribution"),
        distribution=Dropdown(
            value="normal", options=simulations.UNIT_DISTRIBUTIONS, description="distribution"
        ),
        n_examples=SelectionSlider(value=32, options=_SIZES, description="examples in the batch"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


def _slider(value: float, farthest: float, description: str) -> FloatSlider:
    return FloatSlider(value=value, min=-farthest, max=farthest, step=0.25, description=description)


_SCENES = (
    Scene(
        name="mean 0, spread 1",
        caption="wherever the batch lies and however wide it is, mean 0 and spread 1 come out",
    ),
    Scene(
        name="gamma and beta",
        caption="the layer may learn any other mean and spread: here −2, and 2 upside down",
        settings={"gamma": -2.0, "beta": -2.0},
    ),
    Scene(
        name="hardly any spread",
        caption="what differs by a thousandth is spread to about 0.03, not to 1: that is epsilon",
        settings={"std": 0.001},
    ),
    Scene(
        name="a large epsilon",
        caption="beside a variance of about 4, an epsilon of 10 lets half of the spread through",
        settings={"epsilon": 10.0, "n_examples": 256},
    ),
    Scene(
        name="a batch of two",
        caption="one example lands near −1, the other near 1, whatever their values were",
        settings={"n_examples": 2},
    ),
)

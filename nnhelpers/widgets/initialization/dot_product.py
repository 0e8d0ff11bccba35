"""The panel of the dot product: how its variance grows with inputs and weights."""

from ipywidgets import FloatSlider, IntSlider, SelectionSlider

from nnhelpers import figures, simulations
from nnhelpers.initializers import RandomNormal
from nnhelpers.widgets.connect import Panel, Scene, connect

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

    def compute(
        n: int, std_y: float, std_w: float, mean_y: float, mean_w: float, seed: int
    ) -> simulations.DotProduct:
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
        scenes=_SCENES,
        n=SelectionSlider(value=10, options=_COUNTS, description="number of products n"),
        std_y=_spread("standard deviation of the inputs"),
        std_w=_spread("standard deviation of the weights"),
        mean_y=_middle("mean of the inputs"),
        mean_w=_middle("mean of the weights"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


def _spread(description: str) -> FloatSlider:
    return FloatSlider(value=1, min=0.25, max=2, step=0.25, description=description)


def _middle(description: str) -> FloatSlider:
    return FloatSlider(value=0, min=-2, max=2, step=0.5, description=description)


_SCENES = (
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

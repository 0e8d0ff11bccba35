"""Panel of a unit whose inputs are not centred: the zig-zag, and the valley behind it."""

from functools import partial

from ipywidgets import FloatSlider, IntSlider, SelectionSlider

from nnhelpers import figures, simulations
from nnhelpers.widgets.connect import Panel, Scene, connect

_STEPS = 1_000
_BATCH_SIZES = [("1", 1), ("2", 2), ("8", 8), ("32", 32), ("all 200", 200)]
_RATES = [0.1, 0.25, 0.5, 0.75, 0.9]


def explore_zigzag() -> Panel:
    """Move the inputs of a unit and change the batch: its path, its updates and what is left.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_zigzag().controls)
    ['center', 'batch_size', 'rate', 'seed']
    """
    plots = figures.plot_descent, figures.plot_update_directions, figures.plot_weight_error
    return connect(
        partial(simulations.simulate_descent, steps=_STEPS),
        figures.compose("ABC", dict(zip("ABC", plots, strict=True)), size=(11.4, 4.3)),
        title="Inputs that are not centred: zig-zag or crawl",
        scenes=_SCENES,
        center=FloatSlider(value=0, min=0, max=5, step=0.25, description="offset of the inputs"),
        batch_size=SelectionSlider(
            options=_BATCH_SIZES, value=200, description="examples in a batch"
        ),
        rate=SelectionSlider(
            options=_RATES, value=0.25, description="share of the largest stable rate"
        ),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
    )


_SCENES = (
    Scene(
        name="centred",
        caption="a round bowl, all examples at once: no update goes the same way, 4 or 5 steps do",
    ),
    Scene(
        name="positive, one by one",
        caption="inputs in [0, 2], one at a time: every update goes up or down on both, a zig-zag",
        settings={"center": 1, "batch_size": 1},
    ),
    Scene(
        name="positive, all at once",
        caption="one update in ten at most goes the same way, yet it takes 25 to 40 steps, not 4",
        settings={"center": 1},
    ),
    Scene(
        name="far away, one by one",
        caption="a zig-zag across a narrow valley: some 90 to 170 steps",
        settings={"center": 3, "batch_size": 1, "rate": 0.5},
    ),
    Scene(
        name="far away, all at once",
        caption="no zig-zag, but a crawl along the valley takes as long: some 100 to 140 steps",
        settings={"center": 3, "rate": 0.5},
    ),
)

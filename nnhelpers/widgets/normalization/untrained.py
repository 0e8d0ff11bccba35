"""Panels of untrained units: which of them split the data, and how much two overlap."""

from ipywidgets import FloatSlider, IntSlider

from nnhelpers import figures, simulations
from nnhelpers.widgets._panel.controls import seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect


def explore_active_fraction() -> Panel:
    """Move and widen the data: who splits them, and which weights are in the wedge.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_active_fraction().controls)
    ['center', 'width', 'seed']
    """

    def compute(width: float, **drawn: float) -> simulations.ActiveFraction:
        data = simulations.Cloud(width=width)
        return simulations.simulate_active_fraction(data=data, draws=4_000, **drawn)

    plots = {"A": figures.plot_active_fraction, "B": figures.plot_wedge}
    return connect(
        compute,
        figures.compose("AAB", plots, size=(10.6, 4.2)),
        title="Which units split the data?",
        scenes=_SPLITTING_SCENES,
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        width=FloatSlider(value=2, min=0.5, max=6, step=0.25, description="width of the data"),
        seed=seed_slider(),
    )


_SPLITTING_SCENES = (
    Scene(name="centred", caption="every unit splits the data in half, up to sampling"),
    Scene(
        name="off the middle",
        caption="six units in ten miss the data: dead, or always active",
        settings={"center": 1.5},
    ),
    Scene(
        name="far away",
        caption="about one unit in ten splits the data; its weights lie in a thin wedge",
        settings={"center": 9},
    ),
    Scene(
        name="far and wide",
        caption="three times the width: as at offset 3, one unit in four splits the data",
        settings={"center": 9, "width": 6},
    ),
)


def explore_overlap() -> Panel:
    """Change the number of features and the offset: see how much two units overlap.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_overlap().controls)
    ['n_features', 'center', 'seed']
    """

    def compute(n_features: int, **drawn: float) -> simulations.Overlap:
        data = simulations.Cloud(n_features=n_features)
        return simulations.simulate_overlap(data=data, draws=2_000, **drawn)

    return connect(
        compute,
        figures.compose("A", {"A": figures.plot_overlap}, size=(7.0, 4.0)),
        title="How much do two units overlap?",
        scenes=_OVERLAP_SCENES,
        n_features=IntSlider(value=2, min=2, max=50, description="number of features"),
        center=FloatSlider(value=0, min=0, max=10, step=0.25, description="offset of the data"),
        seed=seed_slider(),
    )


_OVERLAP_SCENES = (
    Scene(name="two features", caption="any overlap from none to one half is equally likely"),
    Scene(
        name="fifty features",
        caption="nearly every pair overlaps on about a quarter of the data",
        settings={"n_features": 50},
    ),
    Scene(
        name="moved data",
        caption="all or nothing: usually one of the two is dead, or both are always active",
        settings={"center": 9},
    ),
)

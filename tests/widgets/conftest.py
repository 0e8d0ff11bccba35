"""A quick panel whose every move can be followed."""

from types import SimpleNamespace

import pytest
from ipywidgets import FloatSlider

from nnhelpers import figures, simulations, widgets


@pytest.fixture
def make_panel():
    """Make a panel of one slider, and the log of what was computed, refined and dropped."""

    def make(*, refine=None):
        log = []

        def compute(center):
            log.append(("compute", center))
            return simulations.simulate_active_fraction(center=center, draws=50)

        slider = FloatSlider(value=0, min=0, max=10, description="offset of the data")
        refinement = None if refine is None else refine(log)
        panel = widgets.connect(
            compute, figures.plot_active_fraction, refine=refinement, center=slider
        )
        return SimpleNamespace(panel=panel, slider=panel.controls["center"], log=log)

    return make

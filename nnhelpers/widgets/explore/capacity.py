"""A network retrained at every move, on the points that it learned and on new ones."""

from dataclasses import dataclass, replace
from functools import partial

from ipywidgets import FloatSlider, IntSlider

from nnhelpers import datasets, figures, networks, training, words
from nnhelpers.training import NetworkSnapshot
from nnhelpers.widgets._panel.controls import scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect


@dataclass(frozen=True, kw_only=True)
class _Learned:
    """One trained network, on the points that it learned and on new ones."""

    learned: NetworkSnapshot
    new: NetworkSnapshot

    def summary(self) -> str:
        shares = (words.percent(each.accuracy) for each in (self.learned, self.new))
        return "accuracy {} on the points learned, {} on new ones".format(*shares)


def _learn(
    *, units: int, noise: float = 0.3, examples: int = 60, seed: int, **penalties: float
) -> _Learned:
    spec = networks.MLPSpec(units=(units,), activation="tanh", **penalties)
    points = datasets.make_rings(examples, noise=noise, seed=0)
    others = datasets.make_rings(1_000, noise=noise, seed=1)
    how = {"epochs": 1_000, "optimizer": "adam", "learning_rate": 0.03, "snapshots": 1}
    learned = training.train(spec, points, seed=seed, **how).snapshot()
    passed = networks.forward_pass(others.X, learned.weights, activation=spec.activation)
    right = networks.predicted_classes(passed.logits) == others.y
    seen = {"dataset": others, "forward": passed, "accuracy": float(right.mean())}
    return _Learned(learned=learned, new=replace(learned, **seen))


_BOUNDARIES = {
    "A": figures.part(
        "learned", figures.titled("The points learned", figures.plot_decision_boundary)
    ),
    "B": figures.part("new", figures.titled("New points", figures.plot_decision_boundary)),
}


def explore_capacity() -> Panel:
    """Retrain a network of any width at every move: the points learned beside new ones.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_capacity().controls)
    ['units', 'noise', 'examples', 'seed']
    """
    return connect(
        _learn,
        figures.compose("AB", _BOUNDARIES, size=(9.4, 4.9)),
        title="How many units? The network retrained as you move",
        scenes=_CAPACITY_SCENES,
        units=IntSlider(value=3, min=1, max=30, description="hidden units"),
        noise=FloatSlider(value=0.3, min=0, max=0.5, step=0.05, description="noise"),
        examples=scale(60, [30, 60, 120, 300], "examples"),
        seed=seed_slider(),
    )


_CAPACITY_SCENES = (
    Scene(name="three units", caption="a simple region: some points learned stay wrong"),
    Scene(
        name="six units",
        caption="a more ragged boundary, and no more of the new points right",
        settings={"units": 6},
    ),
    Scene(
        name="twenty units",
        caption="all points learned are right; a third of the new ones are wrong",
        settings={"units": 20},
    ),
    Scene(
        name="without noise",
        caption="where there is no noise to learn, the same twenty units do no harm",
        settings={"units": 20, "noise": 0.05},
    ),
    Scene(
        name="more examples",
        caption="300 points are harder to learn by heart; more of the new ones are right",
        settings={"units": 20, "examples": 300},
    ),
)


_PENALTIES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def explore_regularization() -> Panel:
    """Retrain a network of twenty units at every move, with L2, L1 and dropout.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_regularization().controls)
    ['l2', 'l1', 'dropout', 'seed']
    """
    plots = _BOUNDARIES | {"C": figures.part("learned", figures.plot_weight_vectors)}
    return connect(
        partial(_learn, units=20),
        figures.compose("ABC", plots, size=(13.6, 4.9)),
        title="How strong? The network retrained as you move",
        scenes=_REGULARIZATION_SCENES,
        l2=scale(0.0, _PENALTIES, "L2"),
        l1=scale(0.0, _PENALTIES, "L1"),
        dropout=FloatSlider(value=0, min=0, max=0.9, step=0.1, description="dropout"),
        seed=seed_slider(),
    )


_REGULARIZATION_SCENES = (
    Scene(name="none", caption="twenty units, no penalty: islands around single points"),
    Scene(
        name="a little L2",
        caption="shorter weights, fewer islands",
        settings={"l2": 0.003},
    ),
    Scene(
        name="enough L2",
        caption="one round region, and nearly as many new points right as are possible",
        settings={"l2": 0.01},
    ),
    Scene(
        name="too much L2",
        caption="weights near 0: the network guesses on both",
        settings={"l2": 0.3},
    ),
    Scene(
        name="L1 instead",
        caption="four units in five are as good as gone, the rest draw the region",
        # A seed that ends as the median network does.
        settings={"l1": 0.01, "seed": 1},
    ),
    Scene(
        name="dropout",
        caption="half of the units dropped at each step: fewer islands, and weights still long",
        settings={"dropout": 0.5},
    ),
)

"""A network retrained at every move, on the points that it learned beside points of their kind."""

from dataclasses import dataclass, replace
from functools import partial

from ipywidgets import FloatSlider, IntSlider

from nnhelpers import datasets, figures, networks, training, words
from nnhelpers.training import NetworkSnapshot
from nnhelpers.widgets._panel.controls import scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of


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
    """Train a network of any width anew at every move: what it learned beside new points.

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
        scenes=scenes_of("capacity"),
        units=IntSlider(value=3, min=1, max=30, description="hidden units"),
        noise=FloatSlider(value=0.3, min=0, max=0.5, step=0.05, description="noise"),
        examples=scale(60, [30, 60, 120, 300], "examples"),
        seed=seed_slider(),
    )


_PENALTIES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def explore_regularization() -> Panel:
    """Train a network of twenty units anew at every move: L2, L1, dropout and its weights.

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
        scenes=scenes_of("regularization"),
        l2=scale(0.0, _PENALTIES, "L2"),
        l1=scale(0.0, _PENALTIES, "L1"),
        dropout=FloatSlider(value=0, min=0, max=0.9, step=0.1, description="dropout"),
        seed=seed_slider(),
    )

"""A network retrained at every move, on the points that it learned beside points of their kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ipywidgets import FloatSlider, IntSlider, SelectionSlider

from nnhelpers import datasets, figures, networks, words
from nnhelpers.datasets import Dataset
from nnhelpers.widgets.connect import Panel, Scene, connect

# Training is compiled when it is first asked for; the other panels must not wait for it.
if TYPE_CHECKING:
    from nnhelpers.training import NetworkSnapshot

_EPOCHS = 1_000
_RATE = 0.03
_EXAMPLES, _NOISE, _UNITS = 60, 0.3, 20
_NEW_EXAMPLES = 1_000
_PENALTIES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


@dataclass(frozen=True, kw_only=True)
class _Learned:
    """One trained network, on the points that it learned and on new ones."""

    learned: NetworkSnapshot
    new: NetworkSnapshot

    def summary(self) -> str:
        shares = (words.percent(each.accuracy) for each in (self.learned, self.new))
        return "accuracy {} on the points learned, {} on new ones".format(*shares)


def explore_capacity() -> Panel:
    """Train a network of any width anew at every move: what it learned beside new points.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_capacity().controls)
    ['units', 'noise', 'examples', 'seed']
    """
    return connect(
        _train_width,
        _side_by_side("AB", size=(9.4, 4.9)),
        title="How many units? The network retrained as you move",
        scenes=_CAPACITY_SCENES,
        units=IntSlider(value=3, min=1, max=30, description="hidden units"),
        noise=FloatSlider(value=_NOISE, min=0, max=0.5, step=0.05, description="noise"),
        examples=SelectionSlider(options=[30, 60, 120, 300], value=60, description="examples"),
        seed=_seed(),
    )


def explore_regularization() -> Panel:
    """Train a network of twenty units anew at every move: L2, L1, dropout and its weights.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_regularization().controls)
    ['l2', 'l1', 'dropout', 'seed']
    """
    return connect(
        _train_penalized,
        _side_by_side("ABC", size=(13.6, 4.9), C=figures.plot_weight_vectors),
        title="How strong? The network retrained as you move",
        scenes=_REGULARIZATION_SCENES,
        l2=SelectionSlider(options=_PENALTIES, value=0.0, description="L2"),
        l1=SelectionSlider(options=_PENALTIES, value=0.0, description="L1"),
        dropout=FloatSlider(value=0, min=0, max=0.9, step=0.1, description="dropout"),
        seed=_seed(),
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


def _seed() -> IntSlider:
    return IntSlider(value=0, min=0, max=30, description="seed")


def _train_width(*, units: int, noise: float, examples: int, seed: int) -> _Learned:
    spec = networks.MLPSpec(units=(units,), activation="tanh")
    return _learn(spec, noise=noise, examples=examples, seed=seed)


def _train_penalized(*, seed: int, **penalties: float) -> _Learned:
    spec = networks.MLPSpec(units=(_UNITS,), activation="tanh", **penalties)
    return _learn(spec, noise=_NOISE, examples=_EXAMPLES, seed=seed)


def _learn(spec: networks.MLPSpec, *, noise: float, examples: int, seed: int) -> _Learned:
    from nnhelpers import training

    points = datasets.make_rings(examples, noise=noise, seed=0)
    how = {"epochs": _EPOCHS, "optimizer": "adam", "learning_rate": _RATE, "snapshots": 1}
    learned = training.train(spec, points, seed=seed, **how).snapshot()
    return _Learned(
        learned=learned,
        new=_on(datasets.make_rings(_NEW_EXAMPLES, noise=noise, seed=1), learned),
    )


def _on(dataset: Dataset, snapshot: NetworkSnapshot) -> NetworkSnapshot:
    """Return the same network on other data."""
    passed = networks.forward_pass(dataset.X, snapshot.weights, activation=snapshot.spec.activation)
    right = networks.predicted_classes(passed.logits) == dataset.y
    return replace(snapshot, dataset=dataset, forward=passed, accuracy=float(right.mean()))


def _side_by_side(layout: str, *, size: tuple[float, float], **others):
    titles = {"learned": "The points learned", "new": "New points"}
    boundaries = [
        figures.part(name, figures.titled(title, figures.plot_decision_boundary))
        for name, title in titles.items()
    ]
    rest = {letter: figures.part("learned", plot) for letter, plot in others.items()}
    return figures.compose(layout, dict(zip("AB", boundaries, strict=True)) | rest, size=size)

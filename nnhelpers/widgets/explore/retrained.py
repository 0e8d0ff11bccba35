"""Panels on networks retrained at every move: starts, learning rates, widths and penalties."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

from ipywidgets import FloatSlider, IntSlider

from nnhelpers import datasets, figures, initializers, networks, training, words
from nnhelpers.training import TrainingEnsemble
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of


def explore_symmetry() -> Panel:
    """Start all weights at one value plus a little noise, and retrain at every move.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_symmetry().controls)
    ['noise', 'start', 'activation', 'seed']
    """
    circles = datasets.load_circles()

    def compute(noise: float, start: float, activation: str, seed: int) -> SimpleNamespace:
        start = initializers.constant_with_noise(start, noise=noise)
        spec = networks.MLPSpec(units=(4,), activation=activation, kernel_initializer=start)
        how = {"epochs": 1_000, "optimizer": "sgd", "learning_rate": 0.5}
        run = training.train(spec, circles, seed=seed, **how)
        shown = {"run": run, "snapshot": run.snapshot(), "history": training.column_history(run)}
        said = f"{shown['history'].summary()}; {run.summary()}"
        return SimpleNamespace(**shown, summary=lambda: said)

    # No position of the controls takes a weight farther.
    columns = partial(figures.plot_columns, reach=5.0)
    plots = {
        "A": figures.part("history", columns),
        "B": figures.part("snapshot", figures.plot_decision_boundary),
        "C": figures.part("history", figures.plot_column_spread),
        "D": figures.part("run", figures.plot_loss),
    }
    return connect(
        compute,
        figures.compose("AABB;CCDD", plots, size=(9.6, 7.8)),
        title="Four units that start as one, the network retrained as you move",
        scenes=scenes_of("symmetry"),
        noise=scale(0.0, [0.0, 1e-6, 1e-4, 1e-2, 0.1, 1.0], "noise"),
        start=scale(0.5, [0.0, 0.5, 1.0], "start value"),
        activation=choice("tanh", ["tanh", "relu", "sigmoid"], "activation"),
        seed=seed_slider(),
    )


_RATES = (0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_KINDS = {"without": False, "batch norm": True}
_LEVEL = 0.3


def explore_learning_rates() -> Panel:
    """Train sixteen networks with batch norm and sixteen without at any learning rate.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_learning_rates().controls)
    ['learning_rate', 'gain', 'seed']
    """
    circles = datasets.load_circles()

    def train(*, batch_norm: bool, **settings: float) -> TrainingEnsemble:
        spec = networks.MLPSpec(units=(8, 8), batch_normalization=batch_norm)
        # Few enough epochs for a moving slider.
        how = {"draws": 16, "epochs": 25, "optimizer": "sgd"}
        return training.train_many(spec, circles, **how, **settings)

    ranges = {}
    for kind, batch_norm in _KINDS.items():
        tried = [train(batch_norm=batch_norm, learning_rate=rate) for rate in _RATES]
        ranges[kind] = training.rate_range(training.join(tried), below=_LEVEL)

    def compute(**settings: float) -> SimpleNamespace:
        """Train networks of both kinds at one rate, shown among the results at all rates."""
        pair = [train(batch_norm=batch_norm, **settings) for batch_norm in _KINDS.values()]
        found = [float(training.rate_range(each, below=_LEVEL).share[0]) for each in pair]
        shares = dict(zip(_KINDS, found, strict=True))
        said = ", ".join(f"{kind} {words.percent(share)}" for kind, share in shares.items())
        return SimpleNamespace(
            rate=settings["learning_rate"],
            plain=pair[0],
            normalized=pair[1],
            ranges=ranges,
            shares=shares,
            origin="gain 1, seed 0",
            summary=lambda: f"networks that train: {said}",
        )

    losses = partial(figures.plot_seed_losses, level=_LEVEL)
    plots = {
        "A": figures.part("plain", losses),
        "B": figures.part("normalized", losses),
        "C": figures.plot_rate_choice,
    }
    return connect(
        compute,
        figures.compose("AB;CC", plots, size=(10.0, 7.6)),
        title="Which learning rates train, the networks retrained as you move",
        scenes=scenes_of("learning_rates"),
        learning_rate=scale(1.0, _RATES, "learning rate"),
        gain=scale(1.0, (0.1, 0.3, 1.0, 3.0, 10.0), "gain of the start"),
        seed=seed_slider(),
    )


def _learn(
    *, units: int, noise: float = 0.3, examples: int = 60, seed: int, **penalties: float
) -> SimpleNamespace:
    spec = networks.MLPSpec(units=(units,), activation="tanh", **penalties)
    points = datasets.make_rings(examples, noise=noise, seed=0)
    others = datasets.make_rings(1_000, noise=noise, seed=1)
    how = {"epochs": 1_000, "optimizer": "adam", "learning_rate": 0.03, "snapshots": 1}
    learned = training.train(spec, points, seed=seed, **how).snapshot()
    passed = networks.forward_pass(others.X, learned.weights, activation=spec.activation)
    right = networks.predicted_classes(passed.logits) == others.y
    seen = {"dataset": others, "forward": passed, "accuracy": float(right.mean())}
    new = replace(learned, **seen)
    old_share, new_share = (words.percent(each.accuracy) for each in (learned, new))
    said = f"accuracy {old_share} on the points learned, {new_share} on new ones"
    return SimpleNamespace(learned=learned, new=new, summary=lambda: said)


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
        scenes=scenes_of("capacity"),
        units=IntSlider(value=3, min=1, max=30, description="hidden units"),
        noise=FloatSlider(value=0.3, min=0, max=0.5, step=0.05, description="noise"),
        examples=scale(60, [30, 60, 120, 300], "examples"),
        seed=seed_slider(),
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
        scenes=scenes_of("regularization"),
        l2=scale(0.0, _PENALTIES, "L2"),
        l1=scale(0.0, _PENALTIES, "L1"),
        dropout=FloatSlider(value=0, min=0, max=0.9, step=0.1, description="dropout"),
        seed=seed_slider(),
    )

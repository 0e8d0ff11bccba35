"""Panels of starts and rates, trained anew at every move: units that start alike, batch norm."""

from functools import partial
from types import SimpleNamespace

from nnhelpers import datasets, figures, initializers, networks, training, words
from nnhelpers.training import TrainingEnsemble
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, connect
from nnhelpers.widgets.explore.scenes import scenes_of


def explore_symmetry() -> Panel:
    """Start all weights at one value, add a little noise, and train anew at every move.

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

    # As far as any of the controls' positions takes a weight.
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
    """Train sixteen networks with batch norm and sixteen without, at any learning rate.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_learning_rates().controls)
    ['learning_rate', 'gain', 'seed']
    """
    circles = datasets.load_circles()

    def train(*, batch_norm: bool, **settings: float) -> TrainingEnsemble:
        spec = networks.MLPSpec(units=(8, 8), batch_normalization=batch_norm)
        # As many epochs as a move leaves time for.
        how = {"draws": 16, "epochs": 25, "optimizer": "sgd"}
        return training.train_many(spec, circles, **how, **settings)

    ranges = {}
    for kind, batch_norm in _KINDS.items():
        tried = [train(batch_norm=batch_norm, learning_rate=rate) for rate in _RATES]
        ranges[kind] = training.rate_range(training.join(tried), below=_LEVEL)

    def compute(**settings: float) -> SimpleNamespace:
        """Train networks of both kinds at one rate, to stand beside what all rates do."""
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

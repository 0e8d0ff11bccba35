"""Panels on starts and learning rates, retrained at every move: symmetry, batch norm."""

from functools import partial
from types import SimpleNamespace

from nnhelpers import datasets, figures, initializers, networks, training, words
from nnhelpers.training import TrainingEnsemble
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect


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
        scenes=_SYMMETRY_SCENES,
        noise=scale(0.0, [0.0, 1e-6, 1e-4, 1e-2, 0.1, 1.0], "noise"),
        start=scale(0.5, [0.0, 0.5, 1.0], "start value"),
        activation=choice("tanh", ["tanh", "relu", "sigmoid"], "activation"),
        seed=seed_slider(),
    )


_SYMMETRY_SCENES = (
    Scene(
        name="all the same", caption="four units move as one: the boundary stays a straight line"
    ),
    Scene(
        name="a millionth of noise",
        caption="noise grows a millionfold, until the units part after 500 to 700 epochs",
        settings={"noise": 1e-6},
    ),
    Scene(
        name="10,000 times the noise",
        caption="with this head start the units part before epoch 200",
        settings={"noise": 1e-2},
    ),
    Scene(
        name="ReLU, a millionth",
        caption="no example lies between the bends of units so close: all get the same steps",
        settings={"noise": 1e-6, "activation": "relu"},
    ),
    Scene(
        name="all zero",
        caption="no kernel ever moves; only the bias of the output does",
        settings={"start": 0.0},
    ),
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
        scenes=_RATE_SCENES,
        learning_rate=scale(1.0, _RATES, "learning rate"),
        gain=scale(1.0, (0.1, 0.3, 1.0, 3.0, 10.0), "gain of the start"),
        seed=seed_slider(),
    )


_RATE_SCENES = (
    Scene(
        name="a rate for both",
        caption="at a rate of 1 most networks train, with batch norm or without",
    ),
    Scene(
        name="five times as large",
        caption="hardly any network trains without batch norm, nearly every one with it",
        settings={"learning_rate": 5.0},
    ),
    Scene(
        name="a start ten times too large",
        caption="hardly any network trains without batch norm, most of them with it",
        settings={"gain": 10.0},
    ),
    Scene(
        name="too large for both",
        caption="batch norm moves the limit and does not lift it: at 50 no network trains",
        settings={"learning_rate": 50.0},
    ),
)

"""The panel of learning rates: networks with batch norm and without, trained at every move."""

from functools import partial
from types import SimpleNamespace

from nnhelpers import datasets, figures, networks, training, words
from nnhelpers.datasets import Dataset
from nnhelpers.training import RateRange, TrainingEnsemble
from nnhelpers.widgets._panel.controls import scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_UNITS = (8, 8)
_SEEDS = 16
# As many as a move leaves time for.
_EPOCHS = 25
_LEVEL = 0.3
_RATES = (0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_GAINS = (0.1, 0.3, 1.0, 3.0, 10.0)
_KINDS = {"without": False, "batch norm": True}


def explore_learning_rates() -> Panel:
    """Train sixteen networks with batch norm and sixteen without, at any learning rate.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_learning_rates().controls)
    ['learning_rate', 'gain', 'seed']
    """
    circles = datasets.load_circles()
    losses = partial(figures.plot_seed_losses, level=_LEVEL)
    plots = {
        "A": figures.part("plain", losses),
        "B": figures.part("normalized", losses),
        "C": figures.plot_rate_choice,
    }
    return connect(
        partial(_retrain, circles, _ranges(circles)),
        figures.compose("AB;CC", plots, size=(10.0, 7.6)),
        title="Which learning rates train, the networks retrained as you move",
        scenes=_SCENES,
        learning_rate=scale(1.0, _RATES, "learning rate"),
        gain=scale(1.0, _GAINS, "gain of the start"),
        seed=seed_slider(),
    )


_SCENES = (
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


def _train(circles: Dataset, *, batch_norm: bool, seed: int = 0, **settings) -> TrainingEnsemble:
    return training.train_many(
        networks.MLPSpec(units=_UNITS, batch_normalization=batch_norm),
        circles,
        draws=_SEEDS,
        epochs=_EPOCHS,
        optimizer="sgd",
        seed=seed,
        **settings,
    )


def _ranges(circles: Dataset) -> dict[str, RateRange]:
    """Try all rates, with batch norm and without."""
    found = {}
    for name, batch_norm in _KINDS.items():
        runs = [_train(circles, batch_norm=batch_norm, learning_rate=rate) for rate in _RATES]
        found[name] = training.rate_range(training.join(runs), below=_LEVEL)
    return found


def _retrain(circles: Dataset, ranges: dict[str, RateRange], **settings: float) -> SimpleNamespace:
    """Train networks of both kinds at one rate, to stand beside what all rates do."""
    pair = [_train(circles, batch_norm=kind, **settings) for kind in _KINDS.values()]
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

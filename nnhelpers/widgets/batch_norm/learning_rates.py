"""The panel of learning rates: networks with batch norm and without, trained at every move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ipywidgets import IntSlider, SelectionSlider

from nnhelpers import datasets, figures, words
from nnhelpers.datasets import Dataset
from nnhelpers.widgets._panel.panel import Panel
from nnhelpers.widgets.connect import connect
from nnhelpers.widgets.scenes import Scene

# TensorFlow takes seconds to import; the other panels must not wait for it.
if TYPE_CHECKING:
    from nnhelpers.training import RateRange, TrainingEnsemble

_UNITS = (8, 8)
_SEEDS = 16
# As many as a move leaves time for.
_EPOCHS = 25
_LEVEL = 0.3
_RATES = (0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_GAINS = (0.1, 0.3, 1.0, 3.0, 10.0)
_PLAIN, _NORMALIZED = "without", "batch norm"


@dataclass(frozen=True, kw_only=True)
class _Choice:
    """Networks freshly trained at one rate, beside what all rates do."""

    rate: float
    plain: TrainingEnsemble
    normalized: TrainingEnsemble
    ranges: dict[str, RateRange]
    shares: dict[str, float]
    origin: str = "gain 1, seed 0"

    def summary(self) -> str:
        shares = ", ".join(f"{kind} {words.percent(share)}" for kind, share in self.shares.items())
        return f"networks that train: {shares}"


def explore_learning_rates() -> Panel:
    """Train sixteen networks with batch norm and sixteen without, at any learning rate.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_learning_rates().controls)
    ['learning_rate', 'gain', 'seed']
    """
    circles = datasets.load_circles()
    return connect(
        partial(_retrain, circles, _ranges(circles)),
        figures.compose(
            "AB;CC",
            {
                "A": figures.part("plain", partial(figures.plot_seed_losses, level=_LEVEL)),
                "B": figures.part("normalized", partial(figures.plot_seed_losses, level=_LEVEL)),
                "C": figures.plot_rate_choice,
            },
            size=(10.0, 7.6),
        ),
        title="Which learning rates train, the networks retrained as you move",
        scenes=_SCENES,
        learning_rate=SelectionSlider(options=_RATES, value=1.0, description="learning rate"),
        gain=SelectionSlider(options=_GAINS, value=1.0, description="gain of the start"),
        seed=IntSlider(value=0, min=0, max=30, description="seed"),
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
    from nnhelpers import networks, training

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
    from nnhelpers import training

    def over_rates(batch_norm: bool) -> RateRange:
        runs = [_train(circles, batch_norm=batch_norm, learning_rate=rate) for rate in _RATES]
        return training.rate_range(training.join(runs), below=_LEVEL)

    return {_PLAIN: over_rates(False), _NORMALIZED: over_rates(True)}


def _retrain(circles: Dataset, ranges: dict[str, RateRange], **settings: float) -> _Choice:
    from nnhelpers import training

    pair = [_train(circles, batch_norm=kind, **settings) for kind in (False, True)]
    shares = [float(training.rate_range(each, below=_LEVEL).share[0]) for each in pair]
    return _Choice(
        rate=settings["learning_rate"],
        plain=pair[0],
        normalized=pair[1],
        ranges=ranges,
        shares=dict(zip((_PLAIN, _NORMALIZED), shares, strict=True)),
    )

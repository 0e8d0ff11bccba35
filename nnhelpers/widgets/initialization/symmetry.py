"""Units that start alike, and the noise that parts them; the network is trained at every move."""

from functools import partial
from types import SimpleNamespace

from nnhelpers import datasets, figures, initializers, networks, training
from nnhelpers.datasets import Dataset
from nnhelpers.widgets._panel.controls import choice, scale, seed_slider
from nnhelpers.widgets.connect import Panel, Scene, connect

_UNITS = 4
_EPOCHS = 1_000
_RATE = 0.5
_NOISES = [0.0, 1e-6, 1e-4, 1e-2, 0.1, 1.0]
_STARTS = [0.0, 0.5, 1.0]
# As far as any of the controls' positions takes a weight.
_REACH = 5.0


def explore_symmetry() -> Panel:
    """Start all weights at one value, add a little noise, and train anew at every move.

    Examples
    --------
    >>> from nnhelpers import widgets
    >>> list(widgets.explore_symmetry().controls)
    ['noise', 'start', 'activation', 'seed']
    """
    plots = {
        "A": figures.part("history", partial(figures.plot_columns, reach=_REACH)),
        "B": figures.part("snapshot", figures.plot_decision_boundary),
        "C": figures.part("history", figures.plot_column_spread),
        "D": figures.part("run", figures.plot_loss),
    }
    return connect(
        partial(_retrain, datasets.load_circles()),
        figures.compose("AABB;CCDD", plots, size=(9.6, 7.8)),
        title="Four units that start as one, the network retrained as you move",
        scenes=_SCENES,
        noise=scale(0.0, _NOISES, "noise"),
        start=scale(0.5, _STARTS, "start value"),
        activation=choice("tanh", ["tanh", "relu", "sigmoid"], "activation"),
        seed=seed_slider(),
    )


_SCENES = (
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


def _retrain(
    circles: Dataset, *, noise: float, start: float, activation: str, seed: int
) -> SimpleNamespace:
    """Train a network, and see where its units stood."""
    spec = networks.MLPSpec(
        units=(_UNITS,),
        activation=activation,
        kernel_initializer=initializers.constant_with_noise(start, noise=noise),
    )
    run = training.train(
        spec, circles, epochs=_EPOCHS, optimizer="sgd", learning_rate=_RATE, seed=seed
    )
    history = training.column_history(run)
    words = f"{history.summary()}; {run.summary()}"
    return SimpleNamespace(run=run, snapshot=run.snapshot(), history=history, summary=lambda: words)

"""What instruments show of a recipe's network: its layers at the start, its loss in training.

Computed in NumPy, because Keras would need seconds for each network.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas
from nnhelpers.diagnosis import Examination
from nnhelpers.diagnosis._looks.signals import look_at_units
from nnhelpers.diagnosis.sabotages.data import Data, make_data
from nnhelpers.diagnosis.sabotages.layers import backward, error, first_layers, forward
from nnhelpers.diagnosis.sabotages.learning import classes_of, learn, mean_loss, stepper
from nnhelpers.diagnosis.sabotages.recipe import Recipe

_STEPS = 8


@dataclass(frozen=True, kw_only=True)
class LossCurves:
    """Losses of a network, as shares of the loss of a guess, untrained and after each epoch.

    Attributes
    ----------
    training, validation : arrays of shape (n_epochs + 1,)
        Shorter if the network diverged.
    n_epochs : int
    """

    training: NDArray[np.float64]
    validation: NDArray[np.float64]
    n_epochs: int

    @property
    def diverged(self) -> bool:
        """Whether a loss became infinite or NaN."""
        return len(self.training) <= self.n_epochs

    def summary(self) -> str:
        """How both end, in words that are the same on every processor."""
        if self.diverged:
            return "the loss diverged"
        ends = (_in_words(losses[-1]) for losses in (self.training, self.validation))
        return "the training loss ends {}, that of validation {}".format(*ends)


def _in_words(share: float) -> str:
    if share < 0.9:
        return "below that of a guess"
    return "at that of a guess" if share < 1.1 else "above that of a guess"


@lru_cache(maxsize=256)
def loss_curves(recipe: Recipe) -> LossCurves:
    """Train the network of a recipe and follow its losses.

    Examples
    --------
    >>> loss_curves(Recipe(separation=9.0)).summary()
    'the training loss ends below that of a guess, that of validation below that of a guess'
    """
    history, data = learn(recipe).history, make_data(recipe)
    with blas.one_thread(), np.errstate(all="ignore"):
        layers = first_layers(recipe, data.X.shape[1:])
        first = mean_loss(recipe, layers, data.X, y=data.y)
        first_held = mean_loss(recipe, layers, data.held, y=data.held_labels)
        guess = _guess(recipe, data.y)
        training = np.array([first, *history["loss"]]) / guess
        validation = np.array([first_held, *history["val_loss"]]) / guess
    finite = np.isfinite(training) & np.isfinite(validation)
    end = len(finite) if finite.all() else int(finite.argmin())
    return LossCurves(training=training[:end], validation=validation[:end], n_epochs=recipe.epochs)


def _guess(recipe: Recipe, y: NDArray) -> float:
    """Return the loss of the best constant answer."""
    if "crossentropy" not in recipe.loss or recipe.n_classes == 0:
        return max(float(np.var(y)), 1e-12)
    shares = np.bincount(classes_of(y)) / len(y)
    shares = shares[shares > 0]
    return float(-np.sum(shares * np.log(shares)))


@lru_cache(maxsize=256)
def instruments(recipe: Recipe) -> Examination:
    """Measure the layers of a recipe's untrained network, without findings.

    Examples
    --------
    >>> [layer.units for layer in instruments(Recipe()).layers]
    [32, 1]
    """
    data = make_data(recipe)
    with blas.one_thread(), np.errstate(all="ignore"):
        layers = first_layers(recipe, data.X.shape[1:])
        gradients, ratios = _first_steps(recipe, data)
        output = forward(recipe, layers, data.X, rng=np.random.default_rng(0))
        examined = []
        for number, layer in enumerate(layers):
            hidden = layer.kind != "output"
            z = layer.kept["z"] if hidden else output
            activation = recipe.activation if hidden else recipe.output_activation
            units = look_at_units(f"layer {number + 1}", activation, z)
            steps = {"gradient": gradients[number], "update_ratio": ratios[number]}
            # An output below 0 is an answer, and not dead.
            answers = {} if hidden else {"dead": 0.0, "always_active": 0.0}
            examined.append(replace(units, **steps, **answers))
    return Examination(findings=(), looked_at=(), not_looked_at=(), layers=tuple(examined))


def _first_steps(recipe: Recipe, data: Data) -> tuple[NDArray, NDArray]:
    """Return each kernel's rms gradient in the first step, and its median update ratio."""
    layers = first_layers(recipe, data.X.shape[1:])
    step, rng = stepper(recipe), np.random.default_rng(0)
    gradients, ratios = [], []
    for begin in range(0, min(len(data.X), _STEPS * recipe.batch_size), recipe.batch_size):
        rows = slice(begin, begin + recipe.batch_size)
        z = forward(recipe, layers, data.X[rows], rng=rng)
        pairs = backward(recipe, layers, error(recipe, z, data.y[rows]) / len(z))
        sizes = {id(weight): _rms(gradient) for weight, gradient in pairs}
        gradients.append([sizes.get(id(layer.kernel), 0.0) for layer in layers])
        before = [layer.kernel.copy() for layer in layers]
        step(pairs)
        ratios.append(
            [
                _rms(layer.kernel - old) / _rms(old)
                for layer, old in zip(layers, before, strict=True)
            ]
        )
    finite = np.isfinite(ratios).all(axis=1)
    finite[0] = True
    return np.array(gradients[0]), np.median(np.array(ratios)[finite], axis=0)


def _rms(values: NDArray) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))

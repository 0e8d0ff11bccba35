"""How the network of a recipe learns: `model.fit` in NumPy, in a tenth of its time.

A few hundred steps of a small network cost Keras seconds, most of them before the first step. Tests
hold what is computed here to `model.fit`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, blas
from nnhelpers.diagnosis.sabotages.data import make_data
from nnhelpers.diagnosis.sabotages.losses import error, loss_of, output
from nnhelpers.diagnosis.sabotages.recipe import Recipe

EPSILON = 1e-3


@dataclass
class Layer:
    """One layer while it learns: kernel, bias, and batch norm where it has one."""

    kernel: NDArray
    bias: NDArray
    norm: dict[str, NDArray] | None
    kind: str
    kept: dict[str, NDArray] = field(default_factory=dict)

    @property
    def arrays(self) -> list[NDArray]:
        """Weights in Keras's order."""
        return [self.kernel, self.bias, *(self.norm or {}).values()]


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A network before and after its training.

    Attributes
    ----------
    start, end : tuple of arrays
        Weights in Keras's order.
    history : dict of str to list of float
        "loss" and "val_loss" after each epoch.
    score, validation_score : float
        What it has learned of training and validation data, 0 for guessing, 1 for all: balanced
        accuracy above chance, or the share of variance explained.
    """

    start: tuple[NDArray, ...]
    end: tuple[NDArray, ...]
    history: dict[str, list[float]]
    score: float
    validation_score: float


@lru_cache(maxsize=256)
def learn(recipe: Recipe) -> Learned:
    """Train the network of a recipe.

    Examples
    --------
    >>> learn(Recipe(separation=9.0)).validation_score > 0.9
    True
    """
    data = make_data(recipe)
    with blas.one_thread(), np.errstate(all="ignore"):
        layers = first_layers(recipe, data.X.shape[1:])
        start = _copies(layers)
        history = _fit(recipe, layers)
        return Learned(
            start=start,
            end=_copies(layers),
            history=history,
            score=_score(recipe, layers, data.X, data.y),
            validation_score=_score(recipe, layers, data.held, data.held_labels),
        )


def first_layers(recipe: Recipe, shape: tuple[int, ...]) -> list[Layer]:
    """Draw a network.

    Examples
    --------
    >>> [layer.kernel.shape for layer in first_layers(Recipe(), (10,))]
    [(10, 32), (32, 1)]
    """
    rng, layers, fan_in = np.random.default_rng([recipe.seed, 1]), [], shape[0]
    if recipe.filters:
        layers.append(_drawn(recipe, rng, 9, recipe.filters, "convolution"))
        fan_in = 36 * recipe.filters
    for size in recipe.units:
        layers.append(_drawn(recipe, rng, fan_in, size, "hidden"))
        fan_in = size
    return [*layers, _drawn(recipe, rng, fan_in, recipe.n_outputs, "output")]


def _drawn(recipe: Recipe, rng: np.random.Generator, fan_in: int, fan_out: int, kind: str) -> Layer:
    hidden = kind != "output"
    record = recipe.kernel_initializer if hidden else recipe.output_initializer
    # A filter's outputs are its nine places each.
    fans = (fan_in, 9 * fan_out if kind == "convolution" else fan_out)
    kernel = record._values(rng, (fan_in, fan_out), fans).astype(np.float32)
    bias = np.full(fan_out, recipe.bias if hidden else 0.0, dtype=np.float32)
    norm = None
    if recipe.batch_norm and kind == "hidden":
        mean, variance = recipe.moments or (0.0, 1.0)
        values = {"gamma": 1.0, "beta": 0.0, "mean": mean, "variance": variance}
        norm = {name: np.full(fan_out, value, np.float32) for name, value in values.items()}
    return Layer(kernel=kernel, bias=bias, norm=norm, kind=kind)


def _copies(layers: list[Layer]) -> tuple[NDArray, ...]:
    arrays = []
    for layer in layers:
        first, *rest = layer.arrays
        shape = (3, 3, 1, first.shape[1]) if layer.kind == "convolution" else first.shape
        arrays += [first.reshape(shape).copy(), *(array.copy() for array in rest)]
    return tuple(arrays)


def _fit(recipe: Recipe, layers: list[Layer]) -> dict[str, list[float]]:
    data, history = make_data(recipe), {"loss": [], "val_loss": []}
    rng, step = np.random.default_rng([recipe.seed, 2]), stepper(recipe)
    weights = _example_weights(recipe, data.y)
    for _ in range(recipe.epochs):
        losses = []
        for begin in range(0, len(data.X), recipe.batch_size):
            rows = slice(begin, begin + recipe.batch_size)
            y = data.y[rows]
            z = forward(recipe, layers, data.X[rows], rng=rng)
            loss = np.mean(loss_of(recipe, z, y) * weights[rows])
            losses.append(float(loss) + _penalty(recipe, layers))
            errors = error(recipe, z, y) * weights[rows, np.newaxis] / len(y)
            step(backward(recipe, layers, errors))
        history["loss"].append(float(np.mean(losses)))
        z = forward(recipe, layers, data.held)
        loss = np.mean(loss_of(recipe, z, data.held_labels))
        history["val_loss"].append(float(loss) + _penalty(recipe, layers))
    return history


def _penalty(recipe: Recipe, layers: list[Layer]) -> float:
    return recipe.l2 and recipe.l2 * sum(float(np.sum(layer.kernel**2)) for layer in layers)


def _example_weights(recipe: Recipe, y: NDArray) -> NDArray[np.float32]:
    if not recipe.class_weighted:
        return np.ones(len(y), dtype=np.float32)
    classes = classes_of(y)
    counts = np.bincount(classes)
    return (len(y) / (np.sum(counts > 0) * counts[classes])).astype(np.float32)


def classes_of(y: NDArray) -> NDArray[np.int64]:
    """Return labels in any coding as one number for each example.

    Examples
    --------
    >>> classes_of(np.eye(2)), classes_of(np.ones((2, 1), dtype=int))
    (array([0, 1]), array([1, 1]))
    """
    return y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.ravel()


def forward(
    recipe: Recipe, layers: list[Layer], X: NDArray, *, rng: np.random.Generator | None = None
) -> NDArray:
    """Send examples to the output layer's pre-activations; with `rng` as in training.

    Examples
    --------
    >>> forward(Recipe(), first_layers(Recipe(), (10,)), np.ones((4, 10))).shape
    (4, 1)
    """
    function = activations.find_activation(recipe.activation).value
    values = _patches(X) if recipe.filters else X
    for layer in layers:
        z = values @ layer.kernel + layer.bias
        if rng is not None:
            layer.kept = {"entered": values}
        if layer.kind == "output":
            return z
        if layer.norm:
            z = _normalized(recipe, layer, z, training=rng is not None)
        values = function(z)
        if layer.kind == "convolution":
            values = values.reshape(len(values), -1)
        mask = None
        if rng is not None:
            if recipe.dropout and layer.kind == "hidden":
                mask = (rng.random(values.shape) >= recipe.dropout) / (1 - recipe.dropout)
                mask = mask.astype(np.float32)
                values = values * mask
            layer.kept |= {"z": z, "mask": mask}
    raise AssertionError("a network ends with its output layer")


def _patches(X: NDArray) -> NDArray:
    windows = np.lib.stride_tricks.sliding_window_view(X[..., 0], (3, 3), axis=(1, 2))
    return windows.reshape(len(X), 36, 9)


def _normalized(recipe: Recipe, layer: Layer, z: NDArray, *, training: bool) -> NDArray:
    norm = layer.norm
    if not training or "batch_norm" in recipe.frozen:
        mean, variance = norm["mean"], norm["variance"]
    else:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        for name, value in (("mean", mean), ("variance", variance)):
            norm[name] *= recipe.momentum
            norm[name] += (1 - recipe.momentum) * value
    deviation = np.sqrt(variance + np.float32(EPSILON))
    standardized = (z - mean) / deviation
    if training:
        layer.kept |= {"standardized": standardized, "deviation": deviation}
    return standardized * norm["gamma"] + norm["beta"]


def backward(recipe: Recipe, layers: list[Layer], errors: NDArray) -> list[tuple[NDArray, NDArray]]:
    """Return each weight that may learn, with its gradient.

    Examples
    --------
    >>> recipe = Recipe()
    >>> layers = first_layers(recipe, (10,))
    >>> z = forward(recipe, layers, np.ones((4, 10)), rng=np.random.default_rng(0))
    >>> len(backward(recipe, layers, z))
    4
    """
    slope = activations.find_activation(recipe.activation).derivative
    gradients, values = [], errors
    for layer in reversed(layers):
        if layer.kind != "output":
            if layer.kept["mask"] is not None:
                values = values * layer.kept["mask"]
            values = values.reshape(layer.kept["z"].shape) * slope(layer.kept["z"])
        if layer.norm:
            values, own = _through_norm(recipe, layer, values)
            gradients += own
        entered, out = layer.kept["entered"], values
        if layer.kind == "convolution":
            entered, out = entered.reshape(-1, 9), out.reshape(-1, out.shape[-1])
        if ("output" if layer.kind == "output" else "hidden") not in recipe.frozen:
            kernel = entered.T @ out + 2 * recipe.l2 * layer.kernel
            gradients += [(layer.kernel, kernel), (layer.bias, out.sum(axis=0))]
        if layer is not layers[0]:
            values = values @ layer.kernel.T
    return gradients


def _through_norm(
    recipe: Recipe, layer: Layer, values: NDArray
) -> tuple[NDArray, list[tuple[NDArray, NDArray]]]:
    kept, gamma = layer.kept, layer.norm["gamma"]
    if "batch_norm" in recipe.frozen:
        return values * gamma / kept["deviation"], []
    total, along = values.sum(axis=0), (values * kept["standardized"]).sum(axis=0)
    rest = values - (total + kept["standardized"] * along) / len(values)
    own = [(gamma, along), (layer.norm["beta"], total)]
    return gamma / kept["deviation"] * rest, own


def stepper(recipe: Recipe) -> Callable[[list[tuple[NDArray, NDArray]]], None]:
    """Return what moves weights along their gradients, with a memory of its own.

    Examples
    --------
    >>> weight = np.ones(1)
    >>> stepper(Recipe(optimizer="sgd", learning_rate=0.5))([(weight, np.ones(1))])
    >>> weight
    array([0.5])
    """
    memory, rate, steps = {}, recipe.learning_rate, 0

    def step(pairs: list[tuple[NDArray, NDArray]]) -> None:
        nonlocal steps
        steps += 1
        for weight, gradient in pairs:
            first, second = memory.setdefault(
                id(weight), (np.zeros_like(weight), np.zeros_like(weight))
            )
            if recipe.optimizer == "sgd":
                first *= 0.9
                first -= rate * gradient
                weight += first
                continue
            rho = 0.999 if recipe.optimizer == "adam" else 0.9
            second += (1 - rho) * (gradient * gradient - second)
            if recipe.optimizer == "adam":
                first += 0.1 * (gradient - first)
                size = rate * np.sqrt(1 - rho**steps) / (1 - 0.9**steps)
                weight -= size * first / (np.sqrt(second) + 1e-7)
            else:
                weight -= rate * gradient / np.sqrt(second + 1e-7)

    return step


def _score(recipe: Recipe, layers: list[Layer], X: NDArray, y: NDArray) -> float:
    """What has been learned: 0 for guessing, 1 for all."""
    values = output(recipe, forward(recipe, layers, X))
    if not np.isfinite(values).all():
        return 0.0
    if recipe.n_classes == 0:
        return max(0.0, float(1 - np.mean((values[:, 0] - y) ** 2) / np.var(y)))
    found = values.argmax(axis=1) if values.shape[1] > 1 else values[:, 0] > 0.5
    true = classes_of(y)
    hits = [np.mean(found[true == each] == each) for each in np.unique(true)]
    guess = 1 / recipe.n_classes
    return max(0.0, (float(np.mean(hits)) - guess) / (1 - guess))

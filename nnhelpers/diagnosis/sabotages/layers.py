"""The network of a recipe in NumPy, with Keras's outputs and losses, even if they do not fit."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations
from nnhelpers.diagnosis.sabotages.recipe import Recipe

_EPSILON = 1e-3
# Keras's margin for clipping probabilities.
_CLIP = 1e-7
# The activation that a cross-entropy applies to logits, even if the output has the other one.
_ON_LOGITS = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}


@dataclass
class Layer:
    """One layer during training: kernel, bias, and batch norm if any."""

    kernel: NDArray
    bias: NDArray
    norm: dict[str, NDArray] | None
    kind: str
    kept: dict[str, NDArray] = field(default_factory=dict)

    @property
    def arrays(self) -> list[NDArray]:
        """Weights in Keras's order."""
        return [self.kernel, self.bias, *(self.norm or {}).values()]


def first_layers(recipe: Recipe, shape: tuple[int, ...]) -> list[Layer]:
    """Draw the initial layers of a recipe's network.

    Examples
    --------
    >>> [layer.kernel.shape for layer in first_layers(Recipe(), (10,))]
    [(10, 32), (32, 1)]
    """
    rng, layers, fan_in = np.random.default_rng([recipe.seed, 1]), [], shape[0]
    if recipe.filters:
        layers.append(_drawn(recipe, rng, 9, recipe.filters, "convolution"))
        fan_in = 36 * recipe.filters
    sizes = [*((size, "hidden") for size in recipe.units), (recipe.n_outputs, "output")]
    for size, kind in sizes:
        layers.append(_drawn(recipe, rng, fan_in, size, kind))
        fan_in = size
    return layers


def _drawn(recipe: Recipe, rng: np.random.Generator, fan_in: int, fan_out: int, kind: str) -> Layer:
    hidden = kind != "output"
    record = recipe.kernel_initializer if hidden else recipe.output_initializer
    # Each filter counts as nine outputs, one per position.
    fans = (fan_in, 9 * fan_out if kind == "convolution" else fan_out)
    kernel = record._values(rng, (fan_in, fan_out), fans).astype(np.float32)
    bias = np.full(fan_out, recipe.bias if hidden else 0.0, dtype=np.float32)
    norm = None
    if recipe.batch_norm and kind == "hidden":
        mean, variance = recipe.moments or (0.0, 1.0)
        values = {"gamma": 1.0, "beta": 0.0, "mean": mean, "variance": variance}
        norm = {name: np.full(fan_out, value, np.float32) for name, value in values.items()}
    return Layer(kernel=kernel, bias=bias, norm=norm, kind=kind)


def forward(
    recipe: Recipe, layers: list[Layer], X: NDArray, *, rng: np.random.Generator | None = None
) -> NDArray:
    """Return the output layer's pre-activations; `rng` selects training mode.

    Examples
    --------
    >>> forward(Recipe(), first_layers(Recipe(), (10,)), np.ones((4, 10))).shape
    (4, 1)
    """
    function = activations.find_activation(recipe.activation).value
    if recipe.filters:
        windows = np.lib.stride_tricks.sliding_window_view(X[..., 0], (3, 3), axis=(1, 2))
        X = windows.reshape(len(X), 36, 9)
    values = X
    for layer in layers:
        z = values @ layer.kernel + layer.bias
        if rng is not None:
            layer.kept = {"entered": values}
        if layer.norm:
            z = _normalized(recipe, layer, z, training=rng is not None)
        if layer.kind == "output":
            break
        values = function(z)
        if layer.kind == "convolution":
            values = values.reshape(len(values), -1)
        if rng is not None:
            layer.kept |= {"z": z, "mask": np.float32(1)}
            if recipe.dropout and layer.kind == "hidden":
                mask = (rng.random(values.shape) >= recipe.dropout) / (1 - recipe.dropout)
                layer.kept["mask"] = mask.astype(np.float32)
                values = values * layer.kept["mask"]
    return z


def _normalized(recipe: Recipe, layer: Layer, z: NDArray, *, training: bool) -> NDArray:
    norm = layer.norm
    if not training or "batch_norm" in recipe.frozen:
        mean, variance = norm["mean"], norm["variance"]
    else:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        for name, value in (("mean", mean), ("variance", variance)):
            norm[name] *= recipe.momentum
            norm[name] += (1 - recipe.momentum) * value
    deviation = np.sqrt(variance + np.float32(_EPSILON))
    standardized = (z - mean) / deviation
    if training:
        layer.kept |= {"standardized": standardized, "deviation": deviation}
    return standardized * norm["gamma"] + norm["beta"]


def activated(z: NDArray, *, name: str) -> NDArray:
    """Return the outputs of shape (n_examples, n_outputs) of an activation function.

    Examples
    --------
    >>> activated(np.ones((1, 2)), name="softmax")
    array([[0.5, 0.5]])
    """
    if name == "softmax":
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    return activations.find_activation(name).value(z)


def _compared(recipe: Recipe, z: NDArray) -> NDArray:
    """Return the values that the loss compares with the targets."""
    if recipe.takes_logits:
        return activated(z, name=_ON_LOGITS[recipe.loss])
    p = activated(z, name=recipe.output_activation)
    return p / p.sum(axis=1, keepdims=True) if recipe.loss == "categorical_crossentropy" else p


def loss_of(recipe: Recipe, z: NDArray, y: NDArray) -> NDArray:
    """Return the loss of each example.

    Examples
    --------
    >>> loss_of(Recipe(), np.zeros((1, 1)), np.ones(1, dtype=int))
    array([0.69314718])
    """
    p, t = _compared(recipe, z), _targets(recipe, y)
    if recipe.takes_logits:
        if recipe.loss == "binary_crossentropy":
            return np.mean(np.logaddexp(0, z) - t * z, axis=1)
        return np.logaddexp.reduce(z, axis=1) - np.sum(t * z, axis=1)
    if recipe.loss == "mean_squared_error":
        return np.mean((p - t) ** 2, axis=1)
    q = np.clip(p, _CLIP, 1 - _CLIP)
    if recipe.loss == "binary_crossentropy":
        return -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q), axis=1)
    if recipe.loss == "sparse_categorical_crossentropy":
        q = q / q.sum(axis=1, keepdims=True)
    return -np.sum(t * np.log(q), axis=1)


def error(recipe: Recipe, z: NDArray, y: NDArray) -> NDArray:
    """Return the gradient of each example's loss for the output layer's pre-activations.

    Examples
    --------
    >>> error(Recipe(), np.zeros((1, 1)), np.ones(1, dtype=int))
    array([[-0.5]])
    """
    p, t = _compared(recipe, z), _targets(recipe, y)
    if recipe.takes_logits:
        return (p - t) / (p.shape[1] if recipe.loss == "binary_crossentropy" else 1)
    slope = _slope(recipe, p, t)
    if recipe.loss == "categorical_crossentropy":
        sums = activated(z, name=recipe.output_activation).sum(axis=1, keepdims=True)
        slope = (slope - np.sum(slope * p, axis=1, keepdims=True)) / sums
    if recipe.output_activation == "softmax":
        return p * (slope - np.sum(slope * p, axis=1, keepdims=True))
    return slope * activations.find_activation(recipe.output_activation).derivative(z)


def _slope(recipe: Recipe, p: NDArray, t: NDArray) -> NDArray:
    """Return the derivative of the loss for the values that it compares."""
    if recipe.loss == "mean_squared_error":
        return 2 * (p - t) / p.shape[1]
    q = np.clip(p, _CLIP, 1 - _CLIP)
    inside = (p >= _CLIP) & (p <= 1 - _CLIP)
    if recipe.loss == "binary_crossentropy":
        return inside * (q - t) / (q * (1 - q)) / p.shape[1]
    if recipe.loss == "categorical_crossentropy":
        return inside * -t / q
    return inside * (q / q.sum(axis=1, keepdims=True) - t) / q


def _targets(recipe: Recipe, y: NDArray) -> NDArray[np.float32]:
    """Return the targets of the outputs, as Keras reads them."""
    if y.ndim == 2:
        return y.astype(np.float32)
    if recipe.loss == "sparse_categorical_crossentropy":
        return np.eye(recipe.n_outputs, dtype=np.float32)[y]
    return y[:, np.newaxis].astype(np.float32)


def backward(recipe: Recipe, layers: list[Layer], errors: NDArray) -> list[tuple[NDArray, NDArray]]:
    """Return each trainable weight with its gradient.

    Examples
    --------
    >>> layers = first_layers(Recipe(), (10,))
    >>> z = forward(Recipe(), layers, np.ones((4, 10)), rng=np.random.default_rng(0))
    >>> len(backward(Recipe(), layers, z))
    4
    """
    slope = activations.find_activation(recipe.activation).derivative
    gradients, values = [], errors
    for layer in reversed(layers):
        if layer.kind != "output":
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

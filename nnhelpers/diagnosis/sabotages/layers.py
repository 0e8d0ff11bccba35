"""The layers of a recipe in NumPy: drawn, sent forward, sent backward."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations
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

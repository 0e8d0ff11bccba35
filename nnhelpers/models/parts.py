"""The layers of a Keras model, as plain data."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.models.backend import keras

# Classes of layers that are activation functions.
_ACTIVATION_CLASSES = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "prelu",
    "Softmax": "softmax",
}
_DROPOUTS = {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout", "GaussianDropout"}


@dataclass(frozen=True, kw_only=True)
class LayerParts:
    """One layer of a Keras model.

    Attributes
    ----------
    kind : str
        "weights" (a kernel), "batch_norm", "dropout", "activation", "normalization"
        (`keras.layers.Normalization`) or "other".
    initializer : dict
        Class name and configuration of the kernel's initializer; empty for none.
    settings : dict of str to float
        "momentum" of batch norm, "rate" of dropout.
    moving : tuple of array
        Moving mean and variance of batch norm; empty for other layers.
    """

    name: str
    kind: str
    trainable: bool
    kernel: NDArray | None = None
    bias: NDArray | None = None
    initializer: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    moving: tuple = ()

    @property
    def fans(self) -> tuple[int, int]:
        """fan_in and fan_out of the kernel, counting a filter's positions."""
        *window, inputs, units = self.kernel.shape
        positions = int(np.prod(window))
        return positions * inputs, positions * units


def leaves(model: keras.Model) -> list[keras.Layer]:
    """Return the layers in order, with nested models unfolded.

    Examples
    --------
    >>> from nnhelpers import models
    >>> [layer.units for layer in leaves(models.build_articles_network())]
    [2, 1]
    """
    found = []
    for layer in model.layers:
        found += leaves(layer) if isinstance(layer, keras.Model) else [layer]
    return [layer for layer in found if not isinstance(layer, keras.layers.InputLayer)]


def activation_of(layer: keras.Layer) -> str:
    """Return the name of a layer's activation function, "linear" for none.

    Examples
    --------
    >>> activation_of(keras.layers.ReLU()), activation_of(keras.layers.Dense(2, activation="tanh"))
    ('relu', 'tanh')
    """
    name = _ACTIVATION_CLASSES.get(type(layer).__name__)
    if name:
        return name
    function = getattr(layer, "activation", None)
    return getattr(function, "__name__", type(function).__name__) if function else "linear"


def layer_parts(layer: keras.Layer) -> LayerParts:
    """Read one layer.

    Examples
    --------
    >>> layer_parts(keras.layers.Dropout(0.5)).settings
    {'rate': 0.5}
    """
    moving = (getattr(layer, name, None) for name in ("moving_mean", "moving_variance"))
    arrays = tuple(_array(each) for each in moving)
    settings = {name: getattr(layer, name, None) for name in ("momentum", "rate")}
    return LayerParts(
        name=layer.name,
        kind=kind_of(layer),
        trainable=bool(layer.trainable),
        kernel=_array(kernel_of(layer)),
        bias=_array(bias_of(layer)),
        initializer=_initializer(layer),
        settings={name: float(value) for name, value in settings.items() if value is not None},
        moving=arrays if all(each is not None for each in arrays) else (),
    )


def kind_of(layer: keras.Layer) -> str:
    """Return the kind of a layer, one of those of `LayerParts.kind`.

    Examples
    --------
    >>> kind_of(keras.layers.Flatten()), kind_of(keras.layers.ReLU())
    ('other', 'activation')
    """
    name, kernel = type(layer).__name__, kernel_of(layer)
    if name == "BatchNormalization":
        return "batch_norm"
    if name in _DROPOUTS:
        return "dropout"
    if isinstance(layer, keras.layers.Normalization):
        return "normalization"
    if kernel is not None and len(kernel.shape) >= 2:
        return "weights"
    return "activation" if activation_of(layer) != "linear" else "other"


def _initializer(layer: keras.Layer) -> dict:
    initializer = getattr(layer, "kernel_initializer", None)
    if not isinstance(initializer, keras.initializers.Initializer):
        return {}
    return {"class_name": type(initializer).__name__, **initializer.get_config()}


def _array(variable: Any) -> NDArray | None:
    return None if variable is None else variable.numpy().copy()


def bias_of(layer: keras.Layer) -> keras.Variable | None:
    """Return a layer's bias; None if it has none, or is recurrent, with a bias for each gate.

    Examples
    --------
    >>> bias_of(keras.layers.LSTM(4))
    """
    return None if hasattr(layer, "cell") else getattr(layer, "bias", None)


def kernel_of(layer: keras.Layer) -> keras.Variable | None:
    """Return the kernel of a layer, or of a recurrent layer's cell, or None.

    Examples
    --------
    >>> kernel_of(keras.layers.Dropout(0.5))
    """
    return getattr(getattr(layer, "cell", layer), "kernel", None)

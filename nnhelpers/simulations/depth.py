"""Untrained deep networks: what goes forward through the layers, and what comes back."""

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, networks
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.draws import (
    OVER,
    Examples,
    check_gain,
    check_sizes,
    checked_examples,
    mean_square,
    measure_drawn,
    scaled_initializer,
)
from nnhelpers.simulations.signals import PERCENTILES, DepthSignal


def simulate_depth(
    dataset: Examples,
    *,
    depth: int = 8,
    width: int = 64,
    activation: str = "sigmoid",
    initializer: str = "glorot_uniform",
    gain: float = 1.0,
    draws: int = 20,
    seed: int = 0,
) -> DepthSignal:
    """Draw untrained networks; send a data set forward and the error of its classes back.

    Biases are 0. Two classes share one output, more get one each. The networks are those of
    `nnhelpers.networks.draw`; more draws from an equal seed begin with the same ones.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
        Or any object with X of shape (n_examples, n_features) and y of shape (n_examples,).
    depth, width : int
        Number of hidden layers, and units in each.
    activation : str
        Keras name of the hidden layers' activation function.
    initializer : str
        Keras name of a Glorot, He or LeCun initializer.
    gain : float
        Factor on every kernel, the output layer's too.
    draws : int
        Number of networks.

    Returns
    -------
    DepthSignal

    Raises
    ------
    ValueError
        If a size is below 1, the gain not positive or so large that numbers overflow, a name
        unknown, or the data set not finite numbers with a class each.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html
    """
    check_sizes(depth=depth, width=width, draws=draws)
    check_gain(gain)
    activations.find_activation(activation)
    record = scaled_initializer(initializer)
    X, y = checked_examples(dataset)
    n_classes = int(y.max()) + 1
    spec = MLPSpec(
        units=(width,) * depth,
        activation=activation,
        kernel_initializer=record,
        n_outputs=1 if n_classes <= 2 else n_classes,
    )
    weights = networks.draw(spec, n_features=X.shape[1], draws=draws, gain=gain, seed=seed)
    received = f"{initializer} with gain {gain:g}"
    measured = measure_drawn(
        X, weights, received=received, activation=activation, by_layer=_BY_LAYER, y=y
    )
    return DepthSignal(
        activation=activation,
        initializer=initializer,
        gain=gain,
        width=width,
        weight_factor=gain * np.sqrt(width) * record.std(fan_in=width, fan_out=width),
        first_network=weights[0],
        delta_rms=np.sqrt(measured.pop("delta_square")),
        kernel_gradient_rms=np.sqrt(measured.pop("gradient_square")),
        **measured,
    )


def _percentiles(values: NDArray) -> NDArray[np.float64]:
    return np.percentile(values.reshape(len(values), -1), PERCENTILES, axis=1).T


# Under the names of `DepthSignal`; of what it has the root of, the square.
_BY_LAYER = {
    "activation_mean": lambda p: [a.mean(axis=OVER) for a in p.forward.activations],
    "activation_std": lambda p: [a.std(axis=OVER) for a in p.forward.activations],
    "pre_activation_std": lambda p: [z.std(axis=OVER) for z in p.forward.pre_activations],
    "pre_activation_percentiles": lambda p: [_percentiles(z) for z in p.forward.pre_activations],
    "mean_square_slope": lambda p: [mean_square(slope) for slope in p.slopes],
    "delta_square": lambda p: [mean_square(delta) for delta in p.deltas],
    "gradient_square": lambda p: [mean_square(gradient) for gradient in p.kernels[:-1]],
}

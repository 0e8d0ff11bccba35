"""The variance calculator: forward and back through random networks, beside the laws."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnhelpers import activations, networks, theory
from nnhelpers.initializers import Initializer
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.comparisons import Comparison, LayerVariances
from nnhelpers.simulations.draws import (
    OVER,
    Examples,
    check_gain,
    check_no_biases,
    check_sizes,
    checked_examples,
    find_applicable,
    mean_square,
    measure_drawn,
)

# Squares beyond it are close to overflowing.
_LARGEST = 1e150
_COMPARED = ("pre_activations", "activations", "errors")


def simulate_variances(
    dataset: Examples,
    *,
    units: Sequence[int] = (100,) * 10,
    activation: str = "tanh",
    initializer: str | Initializer = "glorot_uniform",
    gain: float = 1.0,
    draws: int = 50,
    seed: int = 0,
) -> LayerVariances:
    """Measure the variance in each layer of random networks, and predict it.

    Biases are 0. Two classes share one output, more get one each. The networks are those of
    `nnhelpers.networks.draw`.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
        Or any object with X of shape (n_examples, n_features) and y of shape (n_examples,).
    units : sequence of int
        Of each hidden layer.
    activation : str
        Keras name of the hidden layers' activation function.
    initializer : str or Initializer
        Keras name or record; its weights must have mean 0.
    gain : float
        Factor on every kernel, the output layer's too.
    draws : int
        Number of networks.

    Returns
    -------
    LayerVariances

    Raises
    ------
    ValueError, TypeError
        If a size is below 1, the gain not positive or so large that numbers overflow, a name
        unknown, the mean of the weights not 0 or not known, or the data set not finite numbers
        with a class each.

    Notes
    -----
    Forward q_l = fan_in Var(w) E[f(z)^2] with z ~ N(0, q_{l-1}), from E[x^2] of the features;
    back v_l = fan_out Var(w) E[f'(z)^2] v_{l+1}, from 1 at the output. Both take layers for wide,
    weights for independent and examples for equally long; where they are not, the laws are off.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html;
    K. He et al., 2015, https://arxiv.org/abs/1502.01852.
    """
    units = _checked_units(units)
    check_sizes(draws=draws)
    check_gain(gain)
    activations.find_activation(activation)
    record, words = find_applicable(initializer)
    X, y = checked_examples(dataset)
    n_classes = int(y.max()) + 1
    spec = MLPSpec(
        units=units,
        activation=activation,
        kernel_initializer=record,
        n_outputs=1 if n_classes <= 2 else n_classes,
    )
    weights = networks.draw(spec, n_features=X.shape[1], draws=draws, gain=gain, seed=seed)
    stds = [record.std(fan_in=k.shape[-2], fan_out=k.shape[-1]) for k in weights.kernels]
    variances = np.square(gain * np.array(stds))
    received = f"{words} with gain {gain:g}"
    found = measure_drawn(
        X, weights, received=received, activation=activation, by_layer=_BY_LAYER, y=y
    )
    result = LayerVariances(
        activation=activation,
        initializer=words,
        gain=gain,
        units=units,
        **_compare(found, X, weights, activation, variances),
    )
    return _finite(result, "initializer and gain", received)


def measure_variances(
    dataset: Examples, weights: Weights, *, activation: str, name: str = "given weights"
) -> LayerVariances:
    """Measure the variance in each layer of networks whose weights are given, and predict it.

    The law takes each kernel for independent weights of mean 0 and of its own mean square.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
        Or any object with X of shape (n_examples, n_features) and y of shape (n_examples,).
    weights : Weights
        Of one network, or of many along a first axis; without biases.
    activation : str
        Keras name of the hidden layers' activation function.
    name : str
        Of the weights, for captions.

    Returns
    -------
    LayerVariances

    Raises
    ------
    ValueError
        If the activation is unknown, a bias is not 0, there is no hidden layer, the weights do
        not fit the data set or are so large that numbers overflow, or the data set is not finite
        numbers with a class each.
    """
    activations.find_activation(activation)
    X, y = checked_examples(dataset)
    check_no_biases(weights)
    if len(weights.kernels) < 2:
        raise ValueError("weights must have at least one hidden layer's kernel, got the output's")
    many = weights if weights.kernels[0].ndim == 3 else weights[np.newaxis]
    found = networks.measure(X, many, activation=activation, by_layer=_BY_LAYER, y=y)
    variances = np.array([np.mean(kernel**2) for kernel in many.kernels])
    result = LayerVariances(
        activation=activation,
        initializer=name,
        gain=1.0,
        units=tuple(kernel.shape[-1] for kernel in many.kernels[:-1]),
        **_compare(found, X, many, activation, variances),
    )
    return _finite(result, "weights", name)


def _compare(
    found: dict[str, NDArray], X: NDArray, weights: Weights, activation: str, variances: NDArray
) -> dict[str, Comparison]:
    fans = np.array([kernel.shape[-2:] for kernel in weights.kernels])
    with np.errstate(over="ignore", invalid="ignore"):
        laws = _laws(np.mean(X**2), activation, fans, variances)
    # No network guesses all classes without any error, but the smallest have no digits left.
    deltas, errors = found["delta_square"], found["error_square"]
    relative = np.divide(deltas, errors, out=np.zeros_like(deltas), where=errors > 0)
    about = (found["mean"] - found["mean"].mean(axis=0)) ** 2
    measured = (found["z_square"], found["variance"] + about, relative)
    return {
        name: Comparison(measured=values, law=laws[name])
        for name, values in zip(_COMPARED, measured, strict=True)
    }


def _laws(
    input_square: float, activation: str, fans: NDArray, variances: NDArray
) -> dict[str, NDArray[np.float64]]:
    """Return arrays of shape (depth,) from fans and variances of all kernels, the output's last."""
    depth = len(variances) - 1
    nothing = {name: np.full(depth, np.inf) for name in _COMPARED}
    if not np.isfinite(variances).all():
        return nothing
    forward = theory.layer_variances(
        activation,
        weight_variance=(fans[:, 0] * variances)[:-1],
        depth=depth,
        input_square=input_square,
    )
    if not np.isfinite(forward).all():
        return nothing
    activated = [theory.activation_variance(activation, variance=each) for each in forward]
    errors = theory.error_variances(
        activation, variances=forward, weight_variances=(fans[:, 1] * variances)[1:]
    )
    return dict(zip(_COMPARED, (forward, np.array(activated), errors), strict=True))


_BY_LAYER = {
    "z_square": lambda p: [mean_square(z) for z in p.forward.pre_activations],
    "mean": lambda p: [a.mean(axis=OVER) for a in p.forward.activations],
    "variance": lambda p: [a.var(axis=OVER) for a in p.forward.activations],
    "delta_square": lambda p: [mean_square(delta) for delta in p.deltas],
    "error_square": lambda p: [mean_square(p.errors)] * len(p.deltas),
}


def _finite(result: LayerVariances, argument: str, received: str) -> LayerVariances:
    parts = (getattr(result, name) for name in _COMPARED)
    numbers = [array for part in parts for array in (part.measured, part.law)]
    if not all((array < _LARGEST).all() for array in numbers):
        raise ValueError(
            f"{argument} must keep the variances of {result.depth} layers below {_LARGEST:g}, "
            f"got {received}"
        )
    return result


def _checked_units(units: Sequence[int]) -> tuple[int, ...]:
    sizes = tuple(units) if np.iterable(units) else (units,)
    if not sizes:
        raise ValueError("units must name at least one hidden layer, got ()")
    for size in sizes:
        check_sizes(units=size)
    return sizes

"""How experiments on untrained deep networks draw, measure and compare."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.checks import Examples, check_positive, checked_examples
from nnhelpers.initializers import describe_initializer, find_initializer
from nnhelpers.networks import MLPSpec, Weights

# The axes of examples and units.
OVER = (-2, -1)
# A mean further from the law than this share of it disagrees.
TOLERANCE = 0.1


@dataclass(frozen=True, kw_only=True)
class ByLayer:
    """A quantity by layer in many random networks, with its law.

    Attributes
    ----------
    measured : array of shape (draws, depth)
        Value in each network.
    law : array of shape (depth,)
        Expected value over networks of very wide layers.
    """

    measured: NDArray[np.float64]
    law: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean over the networks, of shape (depth,), which the law predicts."""
        return self.measured.mean(axis=0)

    @property
    def median(self) -> NDArray[np.float64]:
        """Median over the networks, of shape (depth,), often below the mean."""
        return np.median(self.measured, axis=0)

    @property
    def disagrees(self) -> NDArray[np.bool_]:
        """Whether the mean is more than 10 % from the law, of shape (depth,)."""
        return np.abs(self.mean - self.law) > TOLERANCE * self.law

    @property
    def uncertain(self) -> NDArray[np.bool_]:
        """Whether the mean disagrees, but by at most 3 standard errors, of shape (depth,)."""
        draws = len(self.measured)
        error = self.measured.std(axis=0, ddof=1) / np.sqrt(draws) if draws > 1 else np.inf
        return self.disagrees & (np.abs(self.mean - self.law) <= 3 * error)


@dataclass(frozen=True, kw_only=True)
class UntrainedNetworks:
    """Random networks of one specification; results add their measurements.

    Attributes
    ----------
    gain : float
        Factor on every kernel, including the output layer's.
    draws : int
        Number of networks.
    """

    spec: MLPSpec
    gain: float = 1.0
    draws: int

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return len(self.spec.units)

    @property
    def activation(self) -> str:
        """Keras name of the hidden layers' activation function."""
        return self.spec.activation

    @property
    def initializer(self) -> str:
        """Keras name or short description of the initializer."""
        return describe_initializer(self.spec.kernel_initializer)


def mean_square(values: NDArray) -> NDArray[np.float64]:
    """Return the mean square over the last two axes, examples and units.

    Examples
    --------
    >>> float(mean_square(np.array([[1.0, 2.0], [3.0, 4.0]])))
    7.5
    """
    return np.mean(values**2, axis=OVER)


def check_uniform(
    spec: MLPSpec, *, with_law: bool = True, with_batch_norm: bool = True, one_width: bool = False
) -> None:
    """Raise unless all layers share one activation and one initializer, without dropout.

    `with_law` also requires biases 0 and weights of mean 0 and known variance; without
    `with_batch_norm` batch norm raises, and `one_width` requires equal layers.

    Examples
    --------
    >>> check_uniform(MLPSpec(units=(3,), kernel_initializer="ones"))
    Traceback (most recent call last):
    ValueError: kernel_initializer must draw weights of mean 0 for the laws, got ones with mean 1
    """
    if not isinstance(spec, MLPSpec):
        raise TypeError(f"spec must be an MLPSpec, got {spec!r}")
    if not spec.units:
        raise ValueError("spec must have at least one hidden layer, got units ()")
    for name in ("activation", "kernel_initializer", "dropout"):
        if isinstance(getattr(spec, name), tuple):
            raise ValueError(f"{name} must be one for all layers, got {getattr(spec, name)}")
    if spec.dropout:
        raise ValueError(f"dropout must be 0 in untrained networks, got {spec.dropout}")
    if spec.normalized_layers and not with_batch_norm:
        got = spec.batch_normalization
        raise ValueError(f"batch_normalization must be False in spec, got {got}")
    if one_width and len(set(spec.units)) > 1:
        raise ValueError(f"units must be as many in each layer of spec, got {spec.units}")
    if with_law:
        _check_laws(spec)


def _check_laws(spec: MLPSpec) -> None:
    kernel, bias = spec.kernel_initializer, spec.bias_initializer
    words, record = describe_initializer(kernel), find_initializer(kernel)
    if not hasattr(record, "std") or not hasattr(record, "weight_mean"):
        raise TypeError(f"kernel_initializer must say its weight_mean and std, got {words}")
    if record.weight_mean != 0:
        raise ValueError(
            f"kernel_initializer must draw weights of mean 0 for the laws, got {words} "
            f"with mean {record.weight_mean:g}"
        )
    if find_initializer(bias) != find_initializer("zeros"):
        got = describe_initializer(bias)
        raise ValueError(f"bias_initializer must be zeros for the laws, got {got}")


def weight_stds(spec: MLPSpec, *, n_features: int, gain: float = 1.0) -> NDArray[np.float64]:
    """Return the standard deviation of each kernel's weights, of shape (depth + 1,).

    Examples
    --------
    >>> weight_stds(MLPSpec(units=(50, 8), kernel_initializer="he_normal"), n_features=2, gain=3)
    array([3. , 0.6, 1.5])
    """
    record = find_initializer(spec.kernel_initializer)
    stds = [record.std(fan_in=m, fan_out=n) for m, n in spec.layer_sizes(n_features)]
    return gain * np.array(stds)


def measure_drawn(
    spec: MLPSpec,
    X: NDArray,
    weights: Weights,
    *,
    by_layer: Mapping[str, Callable],
    gain: float = 1.0,
    y: NDArray | None = None,
) -> dict[str, NDArray]:
    """Call `networks.measure` on drawn networks; errors name initializer and gain.

    Examples
    --------
    >>> weights = networks.draw(MLPSpec(), n_features=3, draws=5)
    >>> by_layer = {"z": lambda p: [mean_square(z) for z in p.pre_activations]}
    >>> measure_drawn(MLPSpec(), np.eye(3), weights, by_layer=by_layer)["z"].shape
    (5, 1)
    """
    try:
        return networks.measure(X, weights, activation=spec.activation, by_layer=by_layer, y=y)
    except ValueError as error:
        words = str(error).replace("weights", "initializer and gain", 1)
        received = f"{describe_initializer(spec.kernel_initializer)} with gain {gain:g}"
        raise ValueError(f"{words}, got {received}") from error


def there_and_back(
    spec: MLPSpec,
    dataset: Examples,
    *,
    by_layer: Mapping[str, Callable],
    gain: float,
    draws: int,
    seed: int,
) -> tuple[MLPSpec, NDArray[np.float64], dict[str, NDArray]]:
    """Measure networks with outputs to fit the classes; return spec, X and the measurements.

    Raises as `simulate_depth`.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> by_layer = {"z": lambda p: [mean_square(z) for z in p.forward.pre_activations]}
    >>> settings = {"by_layer": by_layer, "gain": 1.0, "draws": 5, "seed": 0}
    >>> there_and_back(MLPSpec(), datasets.make_circles(), **settings)[2]["z"].shape
    (5, 1)
    """
    check_uniform(spec, with_batch_norm=False)
    check_positive(gain=gain)
    X, y = checked_examples(dataset)
    n_classes = int(y.max()) + 1
    spec = replace(spec, n_outputs=1 if n_classes <= 2 else n_classes, loss=None)
    weights = networks.draw(spec, n_features=X.shape[1], draws=draws, gain=gain, seed=seed)
    return spec, X, measure_drawn(spec, X, weights, by_layer=by_layer, gain=gain, y=y)

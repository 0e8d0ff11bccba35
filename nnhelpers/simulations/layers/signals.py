"""Untrained deep networks: what goes forward through the layers, and what comes back."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks
from nnhelpers.checks import Examples, check_positive, checked_examples
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.by_layer import (
    OVER,
    UntrainedNetworks,
    check_uniform,
    mean_square,
    measure_drawn,
    weight_stds,
)
from nnhelpers.words import counted, ratio

# Percentiles of the pre-activations: enough to see where most of them fall.
PERCENTILES = (10, 50, 90)


@dataclass(frozen=True, kw_only=True)
class DepthSignal(UntrainedNetworks):
    """The signal and the gradient in each hidden layer of untrained networks.

    Attributes
    ----------
    weight_factors : array of shape (depth - 1,)
        sqrt(fan_out Var(w)) of each kernel between two hidden layers, gain included.
    activation_std, pre_activation_std : arrays of shape (draws, depth)
        Standard deviations over examples and units.
    pre_activation_percentiles : array of shape (draws, depth, 3)
        10th, 50th and 90th percentile over examples and units.
    mean_square_slope : array of shape (draws, depth)
        E[f'(z)^2].
    delta_rms, kernel_gradient_rms : arrays of shape (draws, depth)
        Root mean squares of the error signal, which is the gradient of an example's cross-entropy
        for a unit's pre-activation, and of the gradient of the mean cross-entropy for a weight.
    """

    weight_factors: NDArray[np.float64]
    activation_std: NDArray[np.float64]
    pre_activation_std: NDArray[np.float64]
    pre_activation_percentiles: NDArray[np.float64] = field(repr=False)
    mean_square_slope: NDArray[np.float64]
    delta_rms: NDArray[np.float64]
    kernel_gradient_rms: NDArray[np.float64]

    @property
    def factors(self) -> NDArray[np.float64]:
        """What the law multiplies the error signal by on its way into each layer, (draws, depth).

        sqrt(fan_out Var(w) E[f'(z)^2]): each of the fan_out weights of a unit brings back the error
        of a unit above; independent weights of mean 0 add up their squares, and the slope
        multiplies the sum. NaN for the last hidden layer, into which the output layer's kernel
        leads.
        """
        return np.append(self.weight_factors, np.nan) * np.sqrt(self.mean_square_slope)

    @property
    def law(self) -> NDArray[np.float64]:
        """Error signal that the factors predict from the last layer's, of shape (draws, depth)."""
        last = self.delta_rms[:, -1:]
        products = np.cumprod(self.factors[:, -2::-1], axis=1)[:, ::-1]
        return np.concatenate([last * products, last], axis=1)

    @property
    def factor(self) -> float:
        """The median network's geometric mean of `factors`; NaN for a single layer."""
        return self._one_of(np.median(np.prod(self.factors[:, :-1], axis=1)))

    @property
    def weight_factor(self) -> float:
        """Geometric mean of `weight_factors`; NaN for a single layer."""
        return self._one_of(np.prod(self.weight_factors))

    def _one_of(self, product: float) -> float:
        return np.nan if self.depth == 1 else float(product ** (1 / (self.depth - 1)))

    @property
    def delta_ratio(self) -> NDArray[np.float64]:
        """Error signal of the first hidden layer over the last one's, of shape (draws,)."""
        return _first_over_last(self.delta_rms)

    @property
    def kernel_ratio(self) -> NDArray[np.float64]:
        """Kernel gradient of the first hidden layer over the last one's, of shape (draws,)."""
        return _first_over_last(self.kernel_gradient_rms)

    def verdict(self) -> str:
        """Compare the gradient of the first layer's weights with the last one's, in the median."""
        compared = ratio(float(np.median(self.kernel_ratio)))
        return f"the gradient of the first layer's weights is {compared} the last's"

    def summary(self) -> str:
        """Describe networks and ratios in one line."""
        layers = counted(self.depth, f"{self.activation} layer")
        error = ratio(float(np.median(self.delta_ratio)))
        setting = f"{layers}, {self.initializer}, gain {self.gain:g}"
        return f"{setting}: {self.verdict()}, its error signal {error} the last's"


def simulate_depth(
    spec: MLPSpec, dataset: Examples, *, gain: float = 1.0, draws: int = 20, seed: int = 0
) -> DepthSignal:
    """Draw untrained networks; send a data set forward and the error of its classes back.

    Two classes share one output, more get one each. The networks are those of
    `nnhelpers.networks.draw`; more draws from an equal seed begin with the same ones.

    Raises ValueError or TypeError if spec, data set or gain are out of range, or numbers grow
    beyond 1e150.

    Parameters
    ----------
    spec : MLPSpec
        One activation and one initializer, whose weights have mean 0; without batch norm.
    dataset : nnhelpers.datasets.Dataset
        Or any object with X of shape (n_examples, n_features) and y of shape (n_examples,).
    gain, draws :
        Factor on every kernel, the output layer's too, and number of networks.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> spec = MLPSpec(units=(8,) * 6, activation="sigmoid")
    >>> simulate_depth(spec, datasets.make_circles()).verdict()
    "the gradient of the first layer's weights is 1/5,000 of the last's"
    """
    spec, X, y = for_classes(spec, dataset, gain=gain)
    weights = networks.draw(spec, n_features=X.shape[1], draws=draws, gain=gain, seed=seed)
    measured = measure_drawn(spec, X, weights, by_layer=_BY_LAYER, gain=gain, y=y)
    stds = weight_stds(spec, n_features=X.shape[1])[1:-1]
    return DepthSignal(
        spec=spec,
        gain=gain,
        draws=draws,
        weight_factors=gain * np.sqrt(spec.units[1:]) * stds,
        delta_rms=np.sqrt(measured.pop("delta_square")),
        kernel_gradient_rms=np.sqrt(measured.pop("gradient_square")),
        **measured,
    )


def for_classes(
    spec: MLPSpec, dataset: Examples, *, gain: float
) -> tuple[MLPSpec, NDArray[np.float64], NDArray[np.int64]]:
    """Return the specification with as many outputs as a data set's classes need, its X and y.

    Raises as `simulate_depth`.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> for_classes(MLPSpec(), datasets.load_digits(), gain=1.0)[0].n_outputs
    10
    """
    check_uniform(spec, with_batch_norm=False)
    check_positive(gain=gain)
    X, y = checked_examples(dataset)
    n_classes = int(y.max()) + 1
    return replace(spec, n_outputs=1 if n_classes <= 2 else n_classes, loss=None), X, y


def _percentiles(values: NDArray) -> NDArray[np.float64]:
    return np.percentile(values.reshape(len(values), -1), PERCENTILES, axis=1).T


def _first_over_last(rms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 0 where nothing reaches the last layer either."""
    last = rms[:, -1]
    return np.divide(rms[:, 0], last, out=np.zeros_like(last), where=last > 0)


# By the names of `DepthSignal`, but of its root mean squares the squares.
_BY_LAYER = {
    "activation_std": lambda p: [a.std(axis=OVER) for a in p.forward.activations],
    "pre_activation_std": lambda p: [z.std(axis=OVER) for z in p.forward.pre_activations],
    "pre_activation_percentiles": lambda p: [_percentiles(z) for z in p.forward.pre_activations],
    "mean_square_slope": lambda p: [mean_square(slope) for slope in p.slopes],
    "delta_square": lambda p: [mean_square(delta) for delta in p.deltas],
    "gradient_square": lambda p: [mean_square(gradient) for gradient in p.kernels[:-1]],
}

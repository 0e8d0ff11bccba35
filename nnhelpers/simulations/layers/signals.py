"""Untrained deep networks: the signal forward, the gradient back, and how they grow."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers import networks, theory
from nnhelpers.checks import Examples, check_whole, generator
from nnhelpers.initializers import describe_initializer
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.by_layer import (
    OVER,
    UntrainedNetworks,
    check_uniform,
    mean_square,
    measure_drawn,
    there_and_back,
    weight_stds,
)
from nnhelpers.words import counted, ratio

_DEEP, _CLASSES = MLPSpec(units=(100,) * 50, kernel_initializer="he_normal"), 10
_SMALLEST = 1e-150


@dataclass(frozen=True, kw_only=True)
class DepthSignal(UntrainedNetworks):
    """The signal and the gradient in each hidden layer of untrained networks.

    Attributes
    ----------
    weight_factors : array of shape (depth - 1,)
        sqrt(fan_out Var(w)) of each kernel between two hidden layers, gain included.
    pre_activation_std, mean_square_slope : arrays of shape (draws, depth)
        Standard deviation of z, and mean of f'(z)^2, over examples and units.
    pre_activation_percentiles : array of shape (draws, depth, 3)
        10th, 50th and 90th percentile over examples and units.
    delta_rms, kernel_gradient_rms : arrays of shape (draws, depth)
        Root mean squares of the error signal, the gradient of an example's cross-entropy with
        respect to a pre-activation, and of the gradient of the mean cross-entropy with respect to a
        weight.
    """

    weight_factors: NDArray[np.float64]
    pre_activation_std: NDArray[np.float64]
    pre_activation_percentiles: NDArray[np.float64] = field(repr=False)
    mean_square_slope: NDArray[np.float64]
    delta_rms: NDArray[np.float64]
    kernel_gradient_rms: NDArray[np.float64]

    @property
    def factors(self) -> NDArray[np.float64]:
        """Factor of the law on the error signal entering each layer, of shape (draws, depth).

        It is sqrt(fan_out Var(w) E[f'(z)^2]), since for independent weights of mean 0 the squares
        of the errors above add up. NaN for the last hidden layer, below the output layer's kernel.
        """
        return np.append(self.weight_factors, np.nan) * np.sqrt(self.mean_square_slope)

    @property
    def law(self) -> NDArray[np.float64]:
        """Error signal predicted from the last layer's by the factors, of shape (draws, depth)."""
        last = self.delta_rms[:, -1:]
        products = np.cumprod(self.factors[:, -2::-1], axis=1)[:, ::-1]
        return np.concatenate([last * products, last], axis=1)

    @property
    def factor(self) -> float:
        """Geometric mean of `factors` in the median network; NaN for a single layer."""
        return _root(np.median(np.prod(self.factors[:, :-1], axis=1)), self.depth - 1)

    @property
    def weight_factor(self) -> float:
        """Geometric mean of `weight_factors`; NaN for a single layer."""
        return _root(np.prod(self.weight_factors), self.depth - 1)

    @property
    def delta_ratio(self) -> NDArray[np.float64]:
        """Error signal of the first hidden layer over the last one's, of shape (draws,)."""
        return _first_over_last(self.delta_rms)

    @property
    def kernel_ratio(self) -> NDArray[np.float64]:
        """Kernel gradient of the first hidden layer over the last one's, of shape (draws,)."""
        return _first_over_last(self.kernel_gradient_rms)

    def verdict(self) -> str:
        """Compare the median gradients of the first and the last layer's weights."""
        compared = ratio(float(np.median(self.kernel_ratio)))
        return f"the gradient of the first layer's weights is {compared} the last's"

    def summary(self) -> str:
        """Describe networks and ratios in one line."""
        layers = counted(self.depth, f"{self.activation} layer")
        error = ratio(float(np.median(self.delta_ratio)))
        setting = f"{layers}, {self.initializer}, gain {self.gain:g}"
        return f"{setting}: {self.verdict()}, its error signal {error} the last's"


def _root(product: float, steps: int) -> float:
    return float(product ** (1 / steps)) if steps else np.nan


def _first_over_last(rms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ratio of the first layer's values to the last one's; 0 where the last one's are 0."""
    last = rms[:, -1]
    return np.divide(rms[:, 0], last, out=np.zeros_like(last), where=last > 0)


def simulate_depth(
    spec: MLPSpec, dataset: Examples, *, gain: float = 1.0, draws: int = 20, seed: int = 0
) -> DepthSignal:
    """Draw untrained networks; send a data set forward and the error of its classes back.

    The specification has one activation, one initializer with weights of mean 0, and no batch norm.
    Two classes share one output, more get one each. The networks are those of
    `nnhelpers.networks.draw`; with one seed, more draws begin with the same ones. Raises ValueError
    or TypeError if an argument is out of range or numbers exceed 1e150.

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
    by_layer = {
        "pre_activation_std": lambda p: [z.std(axis=OVER) for z in p.forward.pre_activations],
        "pre_activation_percentiles": lambda p: [
            np.percentile(z, (10, 50, 90), axis=OVER).T for z in p.forward.pre_activations
        ],
        "mean_square_slope": lambda p: [mean_square(slope) for slope in p.slopes],
        "delta_square": lambda p: [mean_square(delta) for delta in p.deltas],
        "gradient_square": lambda p: [mean_square(gradient) for gradient in p.kernels[:-1]],
    }
    drawn = {"gain": gain, "draws": draws, "seed": seed}
    spec, X, measured = there_and_back(spec, dataset, by_layer=by_layer, **drawn)
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


@dataclass(frozen=True, kw_only=True)
class LayerGradients:
    """Root mean squares of the gradient for the pre-activations, of shape (draws, depth)."""

    deltas: NDArray[np.float64] = field(repr=False)

    @property
    def growths(self) -> NDArray[np.float64]:
        """Factor of a layer on the mean square, fitted to all layers but the last, (draws,)."""
        logarithms = 2 * np.log(self.deltas[:, :-1])
        steps = np.arange(logarithms.shape[1]) - (logarithms.shape[1] - 1) / 2
        return np.exp(-(logarithms @ steps) / (steps @ steps))

    @property
    def growth(self) -> float:
        """Mean of `growths` over the networks."""
        return float(self.growths.mean())

    @property
    def relative(self) -> NDArray[np.float64]:
        """`deltas` in units of the last hidden layer's, of shape (draws, depth)."""
        return self.deltas / self.deltas[:, -1:]


@dataclass(frozen=True, kw_only=True)
class GradientGrowth(UntrainedNetworks):
    """The gradient by layer with batch norm before every activation, and without it.

    Kernels and batches are the same. The `law`, `theory.normalized_gradient_growth`, is the factor
    of a layer with batch norm on the gradient's mean square if layers are much wider than the batch
    is large. In batches of four or five examples a few layers of tiny variance dominate this mean,
    and most networks grow less.
    """

    batch_size: int
    normalized: LayerGradients
    plain: LayerGradients
    law: float

    def verdict(self) -> str:
        """Say what one layer does to the gradient's root mean square."""
        roots = [np.sqrt(each) for each in (self.normalized.growth, self.law, self.plain.growth)]
        measured, law, plain = (f"{root:.2f}" for root in roots)
        return f"batch norm × {measured} a layer (law {law}), without × {plain}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        kind = f"{self.depth} {self.activation} layers of {self.spec.units[0]}, {self.initializer}"
        way = "the gradient on its way back"
        return f"{kind}, batches of {self.batch_size}, {way}: {self.verdict()}"


def simulate_gradient_growth(
    *, spec: MLPSpec = _DEEP, batch_size: int = 32, draws: int = 10, seed: int = 0
) -> GradientGrowth:
    """Send a batch forward and its error back through networks with and without batch norm.

    Batch norm precedes every activation, in training mode. Every network gets its own batch from
    N(0, 1), with as many features as the first layer has units, and ten classes in turn. Raises
    ValueError or TypeError if layers differ or are fewer than three, spec has biases or batch norm,
    a batch has fewer than 4 examples, or gradients leave the range from 1e-150 to 1e150.

    References
    ----------
    G. Yang et al., 2019, https://arxiv.org/abs/1902.08129.

    Examples
    --------
    >>> spec = MLPSpec(units=(50,) * 20, kernel_initializer="he_normal")
    >>> simulate_gradient_growth(spec=spec).verdict()
    'batch norm × 1.23 a layer (law 1.23), without × 1.00'
    """
    check_uniform(spec, with_batch_norm=False, one_width=True)
    check_whole(least=3, hidden_layers=len(spec.units))
    # For three examples the mean of 1 / variance is infinite.
    check_whole(least=4, batch_size=batch_size)
    check_whole(draws=draws)
    law = theory.normalized_gradient_growth(spec.activation, batch_size=batch_size)
    batches = generator(seed).standard_normal((draws, batch_size, spec.units[0]))
    spec = replace(spec, n_outputs=_CLASSES)
    plain = networks.draw(spec, n_features=batches.shape[-1], draws=draws, seed=seed)
    normalized = networks.with_batch_norm(replace(spec, batch_normalization=True), plain)
    how = {
        "by_layer": {"deltas": lambda p: [np.sqrt(mean_square(delta)) for delta in p.deltas]},
        "y": np.arange(batch_size) % _CLASSES,
    }
    both = {"normalized": normalized, "plain": plain}
    found = {name: measure_drawn(spec, batches, each, **how) for name, each in both.items()}
    if not all((each["deltas"] > _SMALLEST).all() for each in found.values()):
        got = describe_initializer(spec.kernel_initializer)
        layers = f"{len(spec.units)} layers above {_SMALLEST:g}, with batch norm and without"
        raise ValueError(f"spec must keep the gradients of {layers}, got {got}")
    parts = {name: LayerGradients(**each) for name, each in found.items()}
    return GradientGrowth(spec=spec, draws=draws, batch_size=batch_size, law=law, **parts)

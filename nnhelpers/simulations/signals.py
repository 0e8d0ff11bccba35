"""What a simulation of deep networks gives back."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import Weights

# Of the pre-activations: enough to see where most of them fall.
PERCENTILES = (10, 50, 90)

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, kw_only=True)
class DepthSignal:
    """The signal and the gradient in each hidden layer of untrained networks.

    Attributes
    ----------
    activation, initializer : str
        Keras names.
    gain : float
        Factor on every kernel.
    width : int
        Units in each hidden layer.
    weight_factor : float
        sqrt(fan_out Var(w)) of the kernel between two hidden layers, gain included.
    activation_mean, activation_std : arrays of shape (draws, depth)
        Over examples and units.
    pre_activation_std : array of shape (draws, depth)
    pre_activation_percentiles : array of shape (draws, depth, 3)
        10th, 50th and 90th over examples and units.
    mean_square_slope : array of shape (draws, depth)
        E[f'(z)^2].
    delta_rms : array of shape (draws, depth)
        Root mean square of the error signal: the gradient of an example's cross-entropy for a
        unit's pre-activation.
    kernel_gradient_rms : array of shape (draws, depth)
        Root mean square of the gradient of the mean cross-entropy for a weight.
    first_network : Weights
        Of the first draw, for a look at the same network in Keras.
    """

    activation: str
    initializer: str
    gain: float
    width: int
    weight_factor: float
    activation_mean: NDArray[np.float64]
    activation_std: NDArray[np.float64]
    pre_activation_std: NDArray[np.float64]
    pre_activation_percentiles: NDArray[np.float64] = field(repr=False)
    mean_square_slope: NDArray[np.float64]
    delta_rms: NDArray[np.float64]
    kernel_gradient_rms: NDArray[np.float64]
    first_network: Weights = field(repr=False)

    @property
    def draws(self) -> int:
        """Number of networks."""
        return self.delta_rms.shape[0]

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return self.delta_rms.shape[1]

    @property
    def factors(self) -> NDArray[np.float64]:
        """What the law multiplies the error signal by on its way down into each layer.

        Returns
        -------
        array of shape (draws, depth)
            Of the last hidden layer, into which the output layer's kernel leads, NaN.

        Notes
        -----
        sqrt(fan_out Var(w) E[f'(z)^2]): each of the fan_out weights of a unit brings back the
        error of a unit above; independent weights of mean 0 add up their squares, and the slope
        multiplies the sum.
        """
        factors = self.weight_factor * np.sqrt(self.mean_square_slope)
        factors[:, -1] = np.nan
        return factors

    @property
    def law(self) -> NDArray[np.float64]:
        """Error signal that the product of the factors predicts from the last hidden layer's.

        Returns
        -------
        array of shape (draws, depth)
        """
        last = self.delta_rms[:, -1:]
        products = np.cumprod(self.factors[:, -2::-1], axis=1)[:, ::-1]
        return np.concatenate([last * products, last], axis=1)

    @property
    def factor(self) -> float:
        """The median network's geometric mean of `factors`; NaN for a single layer."""
        if self.depth == 1:
            return np.nan
        products = np.prod(self.factors[:, :-1], axis=1)
        return float(np.median(products) ** (1 / (self.depth - 1)))

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
        ratio = compared(float(np.median(self.kernel_ratio)))
        return f"the gradient of the first layer's weights is {ratio} the last's"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        layers = f"{self.depth} {self.activation} layer{'s' * (self.depth > 1)}"
        setting = f"{layers}, {self.initializer}, gain {self.gain:g}"
        error = compared(float(np.median(self.delta_ratio)))
        return f"{setting}: {self.verdict()}, its error signal {error} the last's"


def compared(ratio: float) -> str:
    """Write a ratio as roughly as the spread over draws asks for: "1/25,000 of", "2 times"."""
    if ratio == 0:
        return "nothing of"
    if 2 / 3 < ratio < 3 / 2:
        return "as large as"
    return f"1/{_rough(1 / ratio)} of" if ratio < 1 else f"{_rough(ratio)} times"


def _rough(number: float) -> str:
    """Round to one digit, up to 3 to half a digit, so that 24,900 and 25,100 read alike."""
    size = 10 ** np.floor(np.log10(number))
    half = 2 if number < 3 * size and number >= 10 else 1
    rounded = round(half * number / size) / half * size
    if rounded < 1e7:
        return f"{rounded:,.0f}"
    return "10" + str(round(np.log10(number))).translate(_SUPERSCRIPTS)


def _first_over_last(rms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 0 where nothing reaches the last layer either."""
    last = rms[:, -1]
    return np.divide(rms[:, 0], last, out=np.zeros_like(last), where=last > 0)

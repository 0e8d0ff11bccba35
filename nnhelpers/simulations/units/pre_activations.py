"""Pre-activations of a dense layer, and the slope of the activation there."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import measures, theory, words
from nnhelpers.activations import find_activation
from nnhelpers.checks import check_whole, checked_features, generator
from nnhelpers.initializers import RandomNormal
from nnhelpers.simulations.units.active import NORMAL

# Products drawn at once; they fit a core's cache.
_BLOCK = 50_000
_MOST_COUNTS = 25
# The standard error involves the variance's square, which would underflow below this variance.
_SMALLEST = 1e-100
_LARGEST_LAYER = 4


@dataclass(frozen=True, kw_only=True)
class DotProduct:
    """Sums of products of random inputs Y and random weights W.

    Attributes
    ----------
    n : int
        Number of products in each sum.
    sums : array of shape (draws,)
    terms : array of shape (n_counts,)
        Numbers of products, from 1 to n, at which partial sums were measured.
    variances, standard_errors : arrays of shape (n_counts,)
        Measured variances of these partial sums, and their standard errors.
    """

    n: int
    inputs: RandomNormal
    weights: RandomNormal
    sums: NDArray[np.float64] = field(repr=False)
    terms: NDArray[np.int64] = field(repr=False)
    variances: NDArray[np.float64] = field(repr=False)
    standard_errors: NDArray[np.float64] = field(repr=False)

    @property
    def variance(self) -> float:
        """Measured variance of the sums of n products."""
        return float(self.variances[-1])

    @property
    def standard_error(self) -> float:
        """Standard error of `variance`."""
        return float(self.standard_errors[-1])

    @property
    def expected_mean(self) -> float:
        """Exact mean of the sum, n E[Y] E[W]."""
        return self.n * self.inputs.mean * self.weights.mean

    @property
    def expected_variance(self) -> float:
        """Exact variance of the sum."""
        return float(self.law(self.n))

    def law(self, n: ArrayLike) -> NDArray[np.float64]:
        """Return the exact variance of a sum of n products of the same inputs and weights."""
        return _law(n, self.inputs, self.weights)

    def verdict(self) -> str:
        """Compare the measured variance with the exact one."""
        measured, error = words.digits(self.variance, 3), words.digits(self.standard_error, 1)
        return f"variance {measured} ± {error}, exactly {words.digits(self.expected_variance, 4)}"

    def summary(self) -> str:
        """Describe the result in one line."""
        y, w = self.inputs, self.weights
        return (
            f"sum of {words.counted(self.n, 'product')}, inputs of mean {y.mean:g} and standard "
            f"deviation {y.stddev:g}, weights of {w.mean:g} and {w.stddev:g}: {self.verdict()}"
        )


def simulate_dot_product(
    *,
    n: int = 10,
    inputs: RandomNormal = NORMAL,
    weights: RandomNormal = NORMAL,
    draws: int = 10_000,
    seed: int = 0,
) -> DotProduct:
    """Draw many sums of n products of a random input and a random weight, all independent.

    With one seed, more draws begin with the same sums. Raises ValueError or TypeError if a number
    is out of range, or the variance of the sum is not between 1e-100 and 1e100.

    Examples
    --------
    >>> simulate_dot_product(n=500, draws=1000).expected_variance
    500.0
    """
    check_whole(n=n)
    check_whole(least=2, draws=draws)
    law = _law(n, inputs, weights)
    if not _SMALLEST < law < 1 / _SMALLEST:
        raise ValueError(
            f"inputs and weights must make a variance of {_SMALLEST:g} to {1 / _SMALLEST:g}, "
            f"got {law:g}"
        )
    terms = np.unique(np.geomspace(1, n, min(n, _MOST_COUNTS)).round().astype(np.int64))
    streams, sums = generator(seed).spawn(2), np.empty((draws, len(terms)))
    block = max(1, _BLOCK // n)
    for start in range(0, draws, block):
        shape = (min(block, draws - start), n)
        y, w = (
            factor.mean + factor.stddev * stream.standard_normal(shape)
            for factor, stream in zip((inputs, weights), streams, strict=True)
        )
        steps = np.add.reduceat(y * w, [0, *terms[:-1]], axis=1)
        sums[start : start + block] = np.cumsum(steps, axis=1)
    squares = (sums - sums.mean(axis=0)) ** 2
    return DotProduct(
        n=int(n),
        inputs=inputs,
        weights=weights,
        sums=sums[:, -1].copy(),
        terms=terms,
        variances=squares.sum(axis=0) / (draws - 1),
        standard_errors=squares.std(axis=0) / np.sqrt(draws),
    )


def _law(n: ArrayLike, inputs: RandomNormal, weights: RandomNormal) -> NDArray[np.float64]:
    return theory.dot_product_variance(
        n, std_y=inputs.stddev, std_w=weights.stddev, mean_y=inputs.mean, mean_w=weights.mean
    )


@dataclass(frozen=True, kw_only=True)
class DenseLayer:
    """The kernel, of shape (n_features, units) up to (4, 4), of a layer small enough to write out.

    Raises ValueError or TypeError if the kernel is not finite or has another shape.
    """

    kernel: NDArray[np.float64]

    def __post_init__(self) -> None:
        kernel = checked_features(self.kernel, name="kernel")
        if max(kernel.shape) > _LARGEST_LAYER:
            raise ValueError(
                f"kernel must have up to {_LARGEST_LAYER} features and units, got {kernel.shape}"
            )
        kernel.flags.writeable = False
        object.__setattr__(self, "kernel", kernel)

    @property
    def twins(self) -> NDArray[np.int64]:
        """Index of the first unit with the same weights as each unit, of shape (units,)."""
        same = (self.kernel[:, :, np.newaxis] == self.kernel[:, np.newaxis, :]).all(axis=0)
        return same.argmax(axis=1)

    def verdict(self) -> str:
        """Say how many different sums the units compute."""
        units, different = len(self.twins), len(np.unique(self.twins))
        if units == 1:
            return "one unit, one sum"
        if different == units:
            return f"{units} units compute {different} different sums"
        return f"{units} units compute only {words.counted(different, 'sum')}"

    def summary(self) -> str:
        """Describe the layer in one line."""
        return f"dense layer of {words.counted(len(self.kernel), 'input')}: {self.verdict()}"


@dataclass(frozen=True, kw_only=True)
class Slopes:
    """The slope of an activation at random pre-activations.

    Attributes
    ----------
    mean, std : float
        Mean and standard deviation of the pre-activations' distribution.
    z : array of shape (draws,)
        Pre-activations.
    shares : dict of str to float
        Share of them in the zones flat, near-linear and useful.
    measured, expected : float
        Mean of f'(z) over the draws, and E[f'(z)].
    """

    activation: str
    mean: float
    std: float
    z: NDArray[np.float64] = field(repr=False)
    shares: dict[str, float]
    measured: float
    expected: float

    def summary(self) -> str:
        """Describe the result in one line."""
        shares = ", ".join(f"{share:.0%} {zone}" for zone, share in self.shares.items())
        measured, expected = words.decimal(self.measured, 3), words.decimal(self.expected, 3)
        return (
            f"{self.activation} at z with mean {self.mean:g} and standard deviation {self.std:g}: "
            f"{shares}; mean slope {measured}, expected {expected}"
        )


def simulate_slopes(
    activation: str = "sigmoid",
    *,
    mean: float = 0.0,
    std: float = 1.0,
    draws: int = 10_000,
    seed: int = 0,
) -> Slopes:
    """Draw pre-activations z ~ N(mean, std^2), and measure the slope of the activation there.

    Raises ValueError or TypeError if the activation is unknown or a number is out of range.

    Examples
    --------
    >>> simulate_slopes("relu", mean=-6, draws=1000).measured
    0.0
    """
    record = find_activation(activation)
    expected = theory.expected_slope(activation, mean=mean, std=std)
    check_whole(least=2, draws=draws)
    z = mean + std * generator(seed).standard_normal(draws)
    slopes = record.derivative(z)
    return Slopes(
        activation=activation,
        mean=mean,
        std=std,
        z=z,
        shares=measures.zone_shares(z, activation=activation),
        measured=float(slopes.mean()),
        expected=expected,
    )

"""A unit before its activation: the sum of inputs times weights, and how far it spreads."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import theory
from nnhelpers.simulations.draws import check_sizes

# Products drawn at once; they fit a core's cache.
_BLOCK = 50_000
_MOST_COUNTS = 25
# Of a variance; its standard error squares it.
_SMALLEST = 1e-100


@dataclass(frozen=True, kw_only=True)
class DotProduct:
    """Sums of products of random inputs Y and random weights W.

    Attributes
    ----------
    n : int
        Number of products in a sum.
    std_y, std_w, mean_y, mean_w : float
        Of the normal distributions of an input and a weight.
    sums : array of shape (draws,)
    terms : array of shape (n_counts,)
        Numbers of products at which the sum was looked at on its way, from 1 to n.
    variances, standard_errors : arrays of shape (n_counts,)
        Of the sums of so many products, measured, with the standard errors of these variances.
    """

    n: int
    std_y: float
    std_w: float
    mean_y: float
    mean_w: float
    sums: NDArray[np.float64] = field(repr=False)
    terms: NDArray[np.int64] = field(repr=False)
    variances: NDArray[np.float64] = field(repr=False)
    standard_errors: NDArray[np.float64] = field(repr=False)

    @property
    def draws(self) -> int:
        """Number of sums."""
        return len(self.sums)

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
        return self.n * self.mean_y * self.mean_w

    @property
    def expected_variance(self) -> float:
        """Exact variance of the sum."""
        return float(self.law(self.n))

    def law(self, n: ArrayLike) -> NDArray[np.float64]:
        """Exact variance of a sum of n products of the same inputs and weights."""
        return theory.dot_product_variance(
            n, std_y=self.std_y, std_w=self.std_w, mean_y=self.mean_y, mean_w=self.mean_w
        )

    def verdict(self) -> str:
        """Compare the measured variance with the exact one."""
        measured, error = _rounded(self.variance, 3), _rounded(self.standard_error, 1)
        return f"variance {measured} ± {error}, exactly {_rounded(self.expected_variance, 4)}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        inputs = f"inputs of mean {self.mean_y:g} and standard deviation {self.std_y:g}"
        weights = f"weights of {self.mean_w:g} and {self.std_w:g}"
        terms = f"sum of {self.n:,} product{'s' * (self.n > 1)}"
        return f"{terms}, {inputs}, {weights}: {self.verdict()}"


def simulate_dot_product(
    *,
    n: int = 10,
    std_y: float = 1.0,
    std_w: float = 1.0,
    mean_y: float = 0.0,
    mean_w: float = 0.0,
    draws: int = 10_000,
    seed: int = 0,
) -> DotProduct:
    """Draw n inputs and n weights again and again, and add up their products.

    All are independent and normal. More draws from an equal seed begin with the same sums.

    Parameters
    ----------
    n : int
        Number of products in a sum: the inputs of a unit.
    std_y, std_w : float
        Standard deviation of an input and of a weight.
    mean_y, mean_w : float
    draws : int
        Number of sums, at least 2.

    Returns
    -------
    DotProduct

    Raises
    ------
    ValueError
        If n is below 1, there are fewer than two draws, a standard deviation is not positive, a
        number not finite, or the variance out of reach of the computer's numbers.

    References
    ----------
    L. Goodman, 1960, https://doi.org/10.1080/01621459.1960.10483369.
    """
    check_sizes(n=n, draws=draws)
    if draws < 2:
        raise ValueError(f"draws must be at least 2, got {draws}")
    law = theory.dot_product_variance(n, std_y=std_y, std_w=std_w, mean_y=mean_y, mean_w=mean_w)
    if not _SMALLEST < law < 1 / _SMALLEST:
        raise ValueError(
            f"std_y, std_w, mean_y and mean_w must make a variance of {_SMALLEST:g} to "
            f"{1 / _SMALLEST:g}, got {law:g}"
        )
    terms = np.unique(np.geomspace(1, n, min(n, _MOST_COUNTS)).round().astype(np.int64))
    means, stds = (mean_y, mean_w), (std_y, std_w)
    sums = _sums(terms, means, stds, draws=draws, seed=seed)
    squares = (sums - sums.mean(axis=0)) ** 2
    return DotProduct(
        n=int(n),
        std_y=std_y,
        std_w=std_w,
        mean_y=mean_y,
        mean_w=mean_w,
        sums=sums[:, -1].copy(),
        terms=terms,
        variances=squares.sum(axis=0) / (draws - 1),
        standard_errors=squares.std(axis=0) / np.sqrt(draws),
    )


def _sums(
    terms: NDArray,
    means: tuple[float, float],
    stds: tuple[float, float],
    *,
    draws: int,
    seed: int,
) -> NDArray[np.float64]:
    """Add products up, and keep the sums of so many of them: an array (draws, n_counts)."""
    n = terms[-1]
    streams = np.random.default_rng(seed).spawn(2)
    sums = np.empty((draws, len(terms)))
    block = max(1, _BLOCK // n)
    for start in range(0, draws, block):
        shape = (min(block, draws - start), n)
        inputs, weights = (
            mean + std * stream.standard_normal(shape)
            for mean, std, stream in zip(means, stds, streams, strict=True)
        )
        steps = np.add.reduceat(inputs * weights, [0, *terms[:-1]], axis=1)
        sums[start : start + block] = np.cumsum(steps, axis=1)
    return sums


def _rounded(number: float, digits: int) -> str:
    """Write a number with so many digits that count: 1,020 or 0.0312."""
    return f"{float(f'{number:.{digits}g}'):,g}"

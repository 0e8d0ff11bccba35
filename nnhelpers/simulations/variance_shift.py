"""Dropout before batch norm: variances in training and in inference, drawn and counted."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import blas, theory
from nnhelpers.simulations.draws import check_sizes

RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, kw_only=True)
class VarianceShift:
    """Variances of units above dropout, in training and in inference.

    Attributes
    ----------
    mean, variance, correlation : float
        Of the units' inputs, before dropout.
    rates : array of shape (n_rates,)
        Of dropout.
    alignment : array of shape (draws,)
        Of each unit's weights, as in `theory.variance_shift`.
    inputs : int
        Of each unit.
    training, inference : arrays of shape (n_rates, draws)
        Variance of each unit over the examples, with dropout and without.
    """

    mean: float
    variance: float
    correlation: float
    rates: NDArray[np.float64]
    alignment: NDArray[np.float64] = field(repr=False)
    inputs: int
    training: NDArray[np.float64] = field(repr=False)
    inference: NDArray[np.float64] = field(repr=False)

    @property
    def draws(self) -> int:
        """Number of units, each with weights of its own."""
        return len(self.alignment)

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Inference over training, of each unit, of shape (n_rates, draws)."""
        return self.inference / self.training

    @property
    def unit_laws(self) -> NDArray[np.float64]:
        """The same by the law, for each unit's own weights, of shape (n_rates, draws)."""
        return np.array(
            [[self._law(rate, alignment) for alignment in self.alignment] for rate in self.rates]
        )

    @property
    def law(self) -> NDArray[np.float64]:
        """Its median over the units, of shape (n_rates,); independent inputs make all alike."""
        return np.median(self.unit_laws, axis=1)

    def setting(self) -> str:
        """Name the inputs, in words."""
        together = f", correlated {self.correlation:g}" if self.correlation else ""
        return f"{self.inputs} inputs of mean {self.mean:g}, variance {self.variance:g}{together}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        rate, ratio = self.rates[-1], np.median(self.ratio[-1])
        return (
            f"{self.setting()}: with dropout {rate:g} a unit's variance in inference is "
            f"{ratio:.2f} of that in training, by the law {self.law[-1]:.2f}"
        )

    def _law(self, rate: float, alignment: float) -> float:
        return theory.variance_shift(
            rate,
            mean=self.mean,
            variance=self.variance,
            correlation=self.correlation,
            alignment=alignment,
        )


def simulate_variance_shift(
    rates: ArrayLike = RATES,
    *,
    mean: float = 0.0,
    variance: float = 1.0,
    correlation: float = 0.0,
    inputs: int = 50,
    n_examples: int = 1_000,
    draws: int = 100,
    seed: int = 0,
) -> VarianceShift:
    """Put dropout before dense units with weights N(0, 1): compare training with inference.

    Inputs are normal, and every two of them have one correlation. Dropout is Keras's: values are
    kept with probability 1 - rate and then divided by it.

    Parameters
    ----------
    rates : sequence of float
        Of dropout.
    mean, variance, correlation : float
        Of the inputs.
    inputs : int
        Of each unit.
    n_examples : int
        Over which variances are taken, another draw of them for training than for inference.
    draws : int
        Number of units.

    Returns
    -------
    VarianceShift

    Raises
    ------
    ValueError
        If a rate lies outside [0, 1) or there is none, a size is below 1 (2 for the examples), or
        the inputs' moments are not those of `theory.variance_shift`.

    References
    ----------
    X. Li et al., 2018, https://arxiv.org/abs/1801.05134.
    """
    wanted = np.asarray(rates, dtype=np.float64)
    if wanted.ndim != 1 or wanted.size == 0:
        raise ValueError(f"rates must be a list of at least one rate, got {rates}")
    for rate in wanted:
        # Refuses the moments, too.
        theory.variance_shift(rate, mean=mean, variance=variance, correlation=correlation)
    check_sizes(inputs=inputs, draws=draws)
    check_examples(n_examples=n_examples)
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((inputs, draws))

    def draw() -> NDArray:
        common, own = (
            rng.standard_normal((n_examples, 1)),
            rng.standard_normal((n_examples, inputs)),
        )
        mixed = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
        return mean + np.sqrt(variance) * mixed

    with blas.one_thread():
        training = [
            np.var(dropped(draw(), rate=rate, rng=rng) @ weights, axis=0) for rate in wanted
        ]
        inference = [np.var(draw() @ weights, axis=0) for _ in wanted]
    return VarianceShift(
        mean=mean,
        variance=variance,
        correlation=correlation,
        rates=wanted,
        alignment=weights.sum(axis=0) ** 2 / np.sum(weights**2, axis=0),
        inputs=inputs,
        training=np.array(training),
        inference=np.array(inference),
    )


def check_examples(**sizes: int) -> None:
    """Refuse fewer than 2 examples, whose variance is 0, by name."""
    for name, size in sizes.items():
        if not (np.isfinite(size) and size == np.floor(size) and size >= 2):
            raise ValueError(f"{name} must be a whole number of at least 2, got {size}")


def dropped(values: NDArray, *, rate: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Apply Keras's dropout of training mode."""
    return values * (rng.random(values.shape) >= rate) / (1 - rate)

"""A kernel before batch norm whose start is multiplied, and its learning rate by the square."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.simulations.descent.decay_runs import DecayRuns, descend, draw_starts
from nnhelpers.simulations.descent.scale_invariance import ROUNDING, checked_factors
from nnhelpers.simulations.draws import Examples, check_positive, check_sizes, checked_examples
from nnhelpers.theory.scale_invariance import check_epsilon


@dataclass(frozen=True, kw_only=True)
class ScaledStarts:
    """Training from starts multiplied by factors, before batch norm.

    Attributes
    ----------
    factors : tuple of float
        On the kernel at the start.
    scaled : DecayRuns
        The kernel's learning rate multiplied by the squared factor; one setting per factor.
    kept : DecayRuns
        At one learning rate for all.
    reference : DecayRuns
        Factor 1, the only setting.
    """

    factors: tuple[float, ...]
    scaled: DecayRuns = field(repr=False)
    kept: DecayRuns = field(repr=False)
    reference: DecayRuns = field(repr=False)

    @property
    def scaled_gap(self) -> NDArray[np.float64]:
        """Largest difference of a loss from the one for factor 1, of shape (n_factors,)."""
        return np.abs(self.scaled.loss - self.reference.loss).max(axis=(1, 2))

    @property
    def kept_gap(self) -> NDArray[np.float64]:
        """The same at one learning rate for all, of shape (n_factors,)."""
        return np.abs(self.kept.loss - self.reference.loss).max(axis=(1, 2))

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        equal = self.scaled_gap.max() < ROUNDING
        scaled = "are equal at every step (to 1e-9)" if equal else "part"
        low, high = min(self.factors), max(self.factors)
        return (
            f"start × {low:g} to {high:g}: losses {scaled} with the kernel's learning rate × "
            f"factor²; at one rate they differ by up to {self.kept_gap.max():.1g}"
        )


def simulate_scaled_starts(
    dataset: Examples,
    *,
    factors: Sequence[float] = (0.1, 10.0),
    learning_rate: float = 0.1,
    epsilon: float = 0.0,
    steps: int = 300,
    draws: int = 10,
    seed: int = 0,
) -> ScaledStarts:
    """Multiply the start of a kernel before batch norm, and its learning rate by the square.

    The networks of `simulate_weight_decay`, without L2.

    Parameters
    ----------
    dataset : Examples
        X of shape (n_examples, n_features), y of classes 0 and 1.
    factors : sequence of float
        On the start; positive.
    learning_rate : float
        Of gamma, beta and, for factor 1, the kernel.
    epsilon : float
        Of batch norm; 0 makes the losses equal.
    steps, draws : int
        Number of updates, and of networks.

    Returns
    -------
    ScaledStarts

    Raises
    ------
    ValueError
        If the examples are not of two classes, a size is below 1, there is no factor or one is not
        between 1e-6 and 1e6, the rate is not positive, or epsilon negative.

    Notes
    -----
    With g(a W) = g(W) / a, a W - a^2 learning_rate g(a W) = a (W - learning_rate g(W)): the
    kernel stays a times as large, and the outputs are the same at every step.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350.
    """
    check_sizes(steps=steps, draws=draws)
    scales = checked_factors(factors)
    check_positive(learning_rate=learning_rate)
    check_epsilon(epsilon)
    X, _ = checked_examples(dataset)
    one = draw_starts(seed, draws=draws, n_features=X.shape[1], length=1.0)

    def runs(scales: NDArray, factors: NDArray) -> DecayRuns:
        return descend(
            dataset,
            starts=scales[:, np.newaxis, np.newaxis, np.newaxis] * one,
            rates=np.tile(learning_rate * factors, (steps, 1)),
            learning_rate=learning_rate,
            keep=np.ones(len(scales)),
            epsilon=epsilon,
        )

    return ScaledStarts(
        factors=tuple(scales.tolist()),
        scaled=runs(scales, scales**2),
        kept=runs(scales, np.ones(len(scales))),
        reference=runs(np.ones(1), np.ones(1)),
    )

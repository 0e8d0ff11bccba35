"""What L2 does to a kernel before batch norm and without, and how it is told."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import theory
from nnhelpers.simulations._tables import html_table, plain_table, short
from nnhelpers.simulations.descent.decay_runs import DecayRuns
from nnhelpers.simulations.descent.scale_invariance import ROUNDING


@dataclass(frozen=True, kw_only=True)
class WeightDecay:
    """Training with several penalties l2 sum(W^2) on the hidden kernel; shows a table.

    Attributes
    ----------
    l2 : tuple of float
    learning_rate, epsilon : float
    start_length : float
        Of each unit's weights at the start.
    normalized : DecayRuns
        With batch norm, one setting for each l2.
    growing : DecayRuns
        With batch norm and without L2, at the kernel's rates `theory.growing_rate`.
    plain : DecayRuns
        With L2, without batch norm.
    """

    l2: tuple[float, ...]
    learning_rate: float
    epsilon: float
    start_length: float
    normalized: DecayRuns = field(repr=False)
    growing: DecayRuns = field(repr=False)
    plain: DecayRuns = field(repr=False)

    @property
    def steps(self) -> int:
        """Number of updates."""
        return self.normalized.loss.shape[2] - 1

    @property
    def draws(self) -> int:
        """Number of networks for each l2."""
        return self.normalized.loss.shape[1]

    @property
    def gap(self) -> NDArray[np.float64]:
        """Largest difference of losses, L2 to growing rate, of shape (n_l2, steps + 1)."""
        return np.abs(self.normalized.loss - self.growing.loss).max(axis=1)

    @property
    def rescaled_length(self) -> NDArray[np.float64]:
        """Length with the growing rate times what L2 alone leaves, of the shape of lengths.

        By the law it is the length with L2.
        """
        factors = [
            theory.weight_decay_factor(self.learning_rate, l2=l2, step=np.arange(self.steps + 1))
            for l2 in self.l2
        ]
        return self.growing.length * np.array(factors)[:, np.newaxis]

    @property
    def effective_rate(self) -> NDArray[np.float64]:
        """Learning rate / (median length)^2 with L2 and batch norm, (n_l2, steps + 1)."""
        return self.learning_rate / self.normalized.median_length**2

    @property
    def equal(self) -> NDArray[np.bool_]:
        """Whether the losses of L2 and of the growing rate agree at every step, (n_l2,)."""
        return self.gap.max(axis=1) < ROUNDING

    def verdict(self) -> str:
        """Say how far the losses lie apart, with L2 and with a growing rate."""
        if self.equal.all():
            return "growing rate = L2 at every step (to 1e-9)"
        before = np.where(self.normalized.settled, self.gap, 0).max()
        until = " until updates overshoot" if self.normalized.overshoots.any() else ""
        same = "(to 1e-9)" if before < ROUNDING else f"to {before:.0e}"
        return f"growing rate = L2 {same}{until}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        normalized, plain = (runs.median_loss[:, -1] for runs in (self.normalized, self.plain))
        digits = 1 if self.normalized.overshoots.any() else 3
        return (
            f"l2 {min(self.l2):g} to {max(self.l2):g}, loss after {self.steps} steps with batch "
            f"norm {_range(normalized, digits)}, without {_range(plain, 3)}; {self.verdict()}"
        )

    def __repr__(self) -> str:
        return "\n".join((self._caption(), plain_table(_COLUMNS, self._rows())))

    def _repr_html_(self) -> str:
        return html_table(self._caption(), _COLUMNS, self._rows())

    def _caption(self) -> str:
        return (
            f"medians of {self.draws} networks after {self.steps} steps; "
            "|w|: length of a unit's weights, rate / |w|²: its effective learning rate"
        )

    def _rows(self) -> list[list[str]]:
        columns = (
            self.l2,
            self.normalized.overshoots,
            self.gap.max(axis=1),
            self.normalized.median_loss[:, -1],
            self.normalized.median_length[:, -1],
            self.effective_rate[:, -1],
            self.plain.median_loss[:, -1],
            self.plain.median_length[:, -1],
        )
        return [_row(*cells) for cells in zip(*columns, strict=True)]


_COLUMNS = (
    *("l2", "batch norm: loss", "|w|", "rate / |w|²", "gap to a growing rate"),
    *("without: loss", "|w|"),
)


def _row(l2: float, overshoots: bool, gap: float, *numbers: float) -> list[str]:
    """Write certain digits: rounding grows once updates overshoot."""
    normalized = [f"≈ {float(f'{n:.1g}'):g}" if overshoots else short(n) for n in numbers[:3]]
    apart = "< 1e-9" if gap < ROUNDING else "overshoots" if overshoots else f"{gap:.0e}"
    return [f"{l2:g}", *normalized, apart, *(short(number) for number in numbers[3:])]


def _range(numbers: NDArray, digits: int) -> str:
    low, high = (f"{end:.{digits}g}" for end in (numbers.min(), numbers.max()))
    return low if low == high else f"{low} to {high}"

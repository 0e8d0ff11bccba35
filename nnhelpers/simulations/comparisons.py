"""Variances by layer, measured beside their laws."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.simulations._tables import html_table, plain_table, short

# A larger share of the law than this is a disagreement.
TOLERANCE = 0.1
_STANDARD_ERRORS = 3
_MARK, _MAYBE = "≠", "≠?"
_FOOTNOTE = f"{_MARK} over {TOLERANCE:.0%} from the law"
_DOUBT = f"{_MAYBE} within {_STANDARD_ERRORS} standard errors of the mean"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A quantity by layer in many random networks, beside its law.

    Attributes
    ----------
    measured : array of shape (draws, depth)
        In each network.
    law : array of shape (depth,)
        Expected over networks of very wide layers.
    """

    measured: NDArray[np.float64]
    law: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """Over the networks, of shape (depth,): what the law is about."""
        return self.measured.mean(axis=0)

    @property
    def median(self) -> NDArray[np.float64]:
        """Over the networks, of shape (depth,): the typical network, often below the mean."""
        return np.median(self.measured, axis=0)

    @property
    def band(self) -> NDArray[np.float64]:
        """10th and 90th percentile over the networks, of shape (2, depth)."""
        return np.percentile(self.measured, (10, 90), axis=0)

    @property
    def disagrees(self) -> NDArray[np.bool_]:
        """Whether the mean is more than 10 % of the law away from it, of shape (depth,)."""
        return np.abs(self.mean - self.law) > TOLERANCE * self.law

    @property
    def uncertain(self) -> NDArray[np.bool_]:
        """Where it disagrees, but by no more than 3 standard errors of the mean."""
        draws = len(self.measured)
        spread = self.measured.std(axis=0, ddof=1) if draws > 1 else np.full_like(self.law, np.inf)
        error = spread / np.sqrt(draws)
        return self.disagrees & (np.abs(self.mean - self.law) <= _STANDARD_ERRORS * error)

    @property
    def marks(self) -> tuple[str, ...]:
        """One for each layer: "≠" where it disagrees, "≠?" where that is uncertain."""
        pairs = zip(self.disagrees, self.uncertain, strict=True)
        return tuple((_MAYBE if doubt else _MARK) if off else "" for off, doubt in pairs)


@dataclass(frozen=True, kw_only=True)
class LayerVariances:
    """Variances in each hidden layer of random networks, beside their laws; shows a table.

    Attributes
    ----------
    activation : str
        Keras's name.
    initializer : str
        In a few words.
    gain : float
        Factor on every kernel.
    units : tuple of int
        Of each hidden layer.
    pre_activations : Comparison
        Mean square of z over units and examples: the variance over the weights, whose mean is 0.
    activations : Comparison
        Variance of f(z) over units and examples, about the mean of all networks.
    errors : Comparison
        Mean square of the error signal, the gradient of an example's cross-entropy for z, over
        that of the errors at the output.
    """

    activation: str
    initializer: str
    gain: float
    units: tuple[int, ...]
    pre_activations: Comparison
    activations: Comparison
    errors: Comparison

    @property
    def draws(self) -> int:
        """Number of networks."""
        return len(self.pre_activations.measured)

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return len(self.units)

    @property
    def disagrees(self) -> NDArray[np.bool_]:
        """Whether any of a layer's three variances is over 10 % from its law, (depth,)."""
        return np.any([part.disagrees for part in self._parts], axis=0)

    @property
    def setting(self) -> str:
        """Activation, initializer and gain, for captions."""
        gain = f", gain {self.gain:.3g}" if self.gain != 1 else ""
        return f"{self.activation}, {self.initializer}{gain}"

    def verdict(self) -> str:
        """Count the layers in which the variances disagree with their laws, chance left aside."""
        parts = (self.pre_activations, self.errors)
        forward, back = (int((part.disagrees & ~part.uncertain).sum()) for part in parts)
        return f"clearly over 10 % off the law: {forward} forward, {back} back"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        ends = [
            f"{name} {short(part.mean[start])} to {short(part.mean[stop])}"
            for name, part, start, stop in (
                ("forward variance", self.pre_activations, 0, -1),
                ("backward", self.errors, -1, 0),
            )
        ]
        layers = f"{self.depth} layer{'s' * (self.depth > 1)} of {self.setting}"
        return f"{layers}: {', '.join(ends)}; {self.verdict()}"

    @property
    def _parts(self) -> tuple[Comparison, ...]:
        return self.pre_activations, self.activations, self.errors

    def __repr__(self) -> str:
        return "\n".join((self._caption(), plain_table(_COLUMNS, self._rows()), self._notes()))

    def _repr_html_(self) -> str:
        caption = f"{self._caption()}; {self._notes()}"
        return html_table(caption, _COLUMNS, self._rows())

    def _caption(self) -> str:
        return f"{self.setting}; means of {self.draws} networks"

    def _notes(self) -> str:
        doubt = any(part.uncertain.any() for part in self._parts)
        return f"{_FOOTNOTE}{f', {_DOUBT}' * doubt}"

    def _rows(self) -> list[list[str]]:
        rows = [[str(number + 1), str(units)] for number, units in enumerate(self.units)]
        for part in self._parts:
            for row, law, mean, mark in zip(rows, part.law, part.mean, part.marks, strict=True):
                row += [short(law), short(mean), mark]
        return rows


_COLUMNS = (
    *("layer", "units", "z: law", "measured", ""),
    *("f(z): law", "measured", "", "error: law", "measured", ""),
)

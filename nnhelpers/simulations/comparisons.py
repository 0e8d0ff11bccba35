"""Variances by layer, measured beside their laws."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.simulations._tables import html_table, plain_table, short
from nnhelpers.simulations.layers.by_layer import TOLERANCE as TOLERANCE
from nnhelpers.simulations.layers.by_layer import ByLayer

Comparison = ByLayer
_FOOTNOTE, _DOUBT = "≠ over 10% from the law", "≠? within 3 standard errors of the mean"


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

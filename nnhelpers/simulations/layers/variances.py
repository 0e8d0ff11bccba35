"""The variance calculator: forward and back through random networks, compared with the laws."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers import theory
from nnhelpers.checks import Examples
from nnhelpers.networks import MLPSpec
from nnhelpers.simulations.layers.by_layer import (
    OVER,
    TOLERANCE,
    ByLayer,
    UntrainedNetworks,
    mean_square,
    there_and_back,
    weight_stds,
)
from nnhelpers.tables import html_table, text_table
from nnhelpers.words import counted, short

_PARTS = ("z", "f(z)", "error")
_COLUMNS = ("layer", "units", *(each for z in _PARTS for each in (f"{z}: law", "measured", "")))
_MARK, _MAYBE = "≠", "≠?"


@dataclass(frozen=True, kw_only=True)
class LayerVariances(UntrainedNetworks):
    """Variances in each hidden layer of random networks and their laws; displayed as a table.

    Attributes
    ----------
    pre_activations : ByLayer
        Mean square of z over units and examples, its variance over weights of mean 0.
    activations : ByLayer
        Variance of f(z) over units and examples, about the mean of all networks.
    errors : ByLayer
        Mean square of the error signal, the gradient of an example's cross-entropy with respect to
        z, relative to that at the output.
    """

    pre_activations: ByLayer
    activations: ByLayer
    errors: ByLayer

    @property
    def parts(self) -> tuple[ByLayer, ByLayer, ByLayer]:
        """Pre-activations, activations and errors."""
        return self.pre_activations, self.activations, self.errors

    @property
    def setting(self) -> str:
        """Activation, initializer and gain, for captions."""
        gain = f", gain {self.gain:.3g}" if self.gain != 1 else ""
        return f"{self.activation}, {self.initializer}{gain}"

    def verdict(self) -> str:
        """Say by what a layer multiplies both variances on average."""
        forward = _factor(self.pre_activations.mean)
        back = _factor(self.errors.mean[::-1])
        return f"each layer: z × {forward}, error back × {back}"

    def summary(self) -> str:
        """Describe networks, variances and disagreements in one line."""
        z, back = ([short(mean) for mean in part.mean] for part in self.parts[::2])
        ends = f"forward variance {z[0]} to {z[-1]}, backward {back[-1]} to {back[0]}"
        # Disagreements that may be chance are not counted.
        off = [int((part.disagrees & ~part.uncertain).sum()) for part in self.parts[::2]]
        clearly = f"clearly over 10 % off the law: {off[0]} forward, {off[1]} back"
        return f"{counted(self.depth, 'layer')} of {self.setting}: {ends}; {clearly}"

    def __repr__(self) -> str:
        return "\n".join((self._caption(), text_table(_COLUMNS, self._rows()), self._footnote()))

    def _repr_html_(self) -> str:
        caption = f"{self._caption()}; {self._footnote()}"
        return html_table(_COLUMNS, self._rows(), caption=caption)

    def _caption(self) -> str:
        return f"{self.setting}; means of {self.draws} networks"

    def _footnote(self) -> str:
        doubt = any(part.uncertain.any() for part in self.parts)
        within = f", {_MAYBE} within 3 standard errors of the mean" * doubt
        return f"{_MARK} over {TOLERANCE:.0%} from the law{within}"

    def _rows(self) -> list[list[str]]:
        rows = [[str(number), str(units)] for number, units in enumerate(self.spec.units, start=1)]
        for part in self.parts:
            marks = np.select([part.uncertain, part.disagrees], [_MAYBE, _MARK], "")
            for row, law, mean, mark in zip(rows, part.law, part.mean, marks, strict=True):
                row += [short(law), short(mean), str(mark)]
        return rows


def _factor(variances: NDArray) -> str:
    """Write the geometric mean of a layer's factor on variances; a single layer has none."""
    steps = len(variances) - 1
    if not steps or not variances[0]:
        return "–"
    factor = (variances[-1] / variances[0]) ** (1 / steps)
    return f"{factor:.2f}" if factor >= 0.1 else f"{factor:.2g}"


def simulate_variances(
    spec: MLPSpec, dataset: Examples, *, gain: float = 1.0, draws: int = 50, seed: int = 0
) -> LayerVariances:
    """Measure the variance in each layer of random networks, and predict it.

    Parameters and errors are those of `simulate_depth`.

    Notes
    -----
    Forward q_l = fan_in Var(w) E[f(z)^2] with z ~ N(0, q_{l-1}), from E[x^2] of the features;
    back v_l = fan_out Var(w) E[f'(z)^2] v_{l+1}, from 1 at the output. Both assume wide layers,
    independent weights and examples of equal length.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html;
    K. He et al., 2015, https://arxiv.org/abs/1502.01852.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> spec = MLPSpec(units=(20,) * 3, kernel_initializer="he_normal")
    >>> simulate_variances(spec, datasets.make_circles(), draws=9).errors.law
    array([0.05, 0.05, 0.05])
    """
    by_layer = {
        "z_square": lambda p: [mean_square(z) for z in p.forward.pre_activations],
        "mean": lambda p: [a.mean(axis=OVER) for a in p.forward.activations],
        "variance": lambda p: [a.var(axis=OVER) for a in p.forward.activations],
        "delta_square": lambda p: [mean_square(delta) for delta in p.deltas],
        "error_square": lambda p: [mean_square(p.errors)] * len(p.deltas),
    }
    drawn = {"gain": gain, "draws": draws, "seed": seed}
    spec, X, found = there_and_back(spec, dataset, by_layer=by_layer, **drawn)
    # Errors are never exactly 0, but the smallest underflow.
    deltas, errors = found["delta_square"], found["error_square"]
    relative = np.divide(deltas, errors, out=np.zeros_like(deltas), where=errors > 0)
    about = (found["mean"] - found["mean"].mean(axis=0)) ** 2
    measured = (found["z_square"], found["variance"] + about, relative)
    parts = zip(measured, _laws(spec, X, gain), strict=True)
    z, activated, back = (ByLayer(measured=values, law=law) for values, law in parts)
    by_name = {"pre_activations": z, "activations": activated, "errors": back}
    return LayerVariances(spec=spec, gain=gain, draws=draws, **by_name)


def _laws(spec: MLPSpec, X: NDArray, gain: float) -> tuple[NDArray[np.float64], ...]:
    """Return the laws of pre-activations, activations and errors, each of shape (depth,)."""
    f, fans = spec.activation, np.array(spec.layer_sizes(X.shape[1])).T
    scales = fans * weight_stds(spec, n_features=X.shape[1], gain=gain) ** 2
    z = theory.layer_variances(
        f, weight_variance=scales[0, :-1], depth=len(spec.units), input_square=np.mean(X**2)
    )
    activated = np.array([theory.activation_variance(f, variance=each) for each in z])
    errors = theory.error_variances(f, variances=z, weight_variances=scales[1, 1:])
    return z, activated, errors

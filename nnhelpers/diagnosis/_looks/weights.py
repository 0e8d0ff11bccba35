"""A network's initial weights and their gradients, layer by layer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import short

if TYPE_CHECKING:  # judging needs no Keras
    from nnhelpers.models import LayerParts

# Activations that pass on about half of their input and usually start with He, others with Glorot.
_HALVING = {"relu", "relu6", "leaky_relu", "elu", "swish", "silu", "gelu", "softplus", "mish"}
_MODES = {"Glorot": "fan_avg", "He": "fan_in", "Lecun": "fan_in"}


@dataclass(frozen=True, kw_only=True)
class WeightLook:
    """The kernel of one layer."""

    name: str
    fan_in: int
    fan_out: int
    units: int
    rms: float  # Root mean square of the kernel
    # Standard deviation over the units relative to the rms, mean over the inputs; 0 if all units
    # are alike
    unit_spread: float
    bias_rms: float
    trainable: bool
    untouched: bool  # Whether kernel and bias look as drawn by the layer's own initializer
    mode: str  # "fan_in", "fan_avg" or "fan_out" of a variance scaling initializer, else ""

    @property
    def usual(self) -> tuple[float, float]:
        """Smallest and largest rms that LeCun, Glorot and He would draw."""
        squares = 1 / self.fan_in, 2 / (self.fan_in + self.fan_out), 2 / self.fan_in
        return float(np.sqrt(min(squares))), float(np.sqrt(max(squares)))

    @property
    def excess(self) -> float:
        """Rms relative to the nearest end of the usual range; 1 within it."""
        low, high = self.usual
        return min(self.rms / low, 1.0) * max(self.rms / high, 1.0)

    @property
    def factor(self) -> float:
        """How many times the rms is above or below the usual range."""
        return max(self.excess, 1 / max(self.excess, 1e-30))


def look_at_weights(layer: "LayerParts", kernel: NDArray) -> WeightLook:
    """Measure one kernel of shape (..., inputs, units), with its layer's settings."""
    values = kernel.astype(np.float64)
    rms = float(np.sqrt((values**2).mean()))
    biases = np.zeros(1) if layer.bias is None else layer.bias.astype(np.float64)
    fan_in, fan_out = layer.fans
    named = layer.initializer.get("class_name", "")
    usual = [mode for start, mode in _MODES.items() if named.startswith(start)]
    mode = (usual or [str(layer.initializer.get("mode", ""))])[0]
    fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    expected = _expected_std(layer.initializer, fans.get(mode))
    return WeightLook(
        name=layer.name,
        fan_in=fan_in,
        fan_out=fan_out,
        units=values.shape[-1],
        rms=rms,
        unit_spread=float(values.std(axis=-1).mean() / rms) if rms else 0.0,
        bias_rms=float(np.sqrt((biases**2).mean())),
        trainable=layer.trainable,
        untouched=_as_drawn(values, expected) and bool((biases == biases.flat[0]).all()),
        mode=mode,
    )


def _as_drawn(values: NDArray, expected: float | None) -> bool:
    """Whether mean and spread are those of the initializer, within 4 standard errors."""
    if expected is None or values.size < 4:
        return False
    error = expected / np.sqrt(values.size)
    return bool(abs(values.mean()) < 4 * error and abs(values.std() - expected) < 4 * error)


def _expected_std(initializer: dict, fan: float | None) -> float | None:
    name = initializer.get("class_name", "")
    if name == "RandomNormal":
        return float(initializer["stddev"])
    if name == "TruncatedNormal":
        return 0.87962566 * float(initializer["stddev"])
    if name == "RandomUniform":
        return (initializer["maxval"] - initializer["minval"]) / np.sqrt(12)
    scale = 2.0 if name.startswith("He") else float(initializer.get("scale", 1.0))
    return None if fan is None else float(np.sqrt(scale / fan))


def usual_kernels(
    layers: tuple["LayerParts", ...], activations: dict[str, str], seed: int
) -> dict[str, NDArray]:
    """Draw kernels as He for ReLU and its relatives, as Glorot for all others."""
    rng, found = np.random.default_rng([seed, 1]), {}
    for layer in layers:
        fan_in, fan_out = layer.fans
        halving = activations.get(layer.name) in _HALVING
        variance = 2 / fan_in if halving else 2 / (fan_in + fan_out)
        found[layer.name] = rng.normal(scale=np.sqrt(variance), size=layer.kernel.shape)
    return found


@dataclass(frozen=True, kw_only=True)
class GradientLook:
    """Gradients of one kernel."""

    rms: float  # Root mean square of the loss's gradient
    penalty_rms: float
    zeros: float  # Share of exact zeros in the loss's gradient


def look_at_gradients(loss: NDArray, penalty: NDArray) -> GradientLook:
    """Measure the gradients of the loss and of the penalties."""
    sizes = [float(np.sqrt(np.square(each, dtype=np.float64).mean())) for each in (loss, penalty)]
    return GradientLook(rms=sizes[0], penalty_rms=sizes[1], zeros=float((loss == 0).mean()))


def frozen_layers(looks: Looks) -> Finding | None:
    """Layers that are not trainable, with weights as they were drawn."""
    names = names_of(each for each in looks.weights if not each.trainable and each.untouched)
    if not names:
        return None
    return Finding(
        sentence=f"{len(names)} of {len(looks.weights)} layers are not trainable, and have biases "
        "and weights as their initializer draws them.",
        layers=names,
        weight=0.79 if looks.weights[-1].name in names else 0.78,
        threshold="mean and spread of the kernel within 4 standard errors of the initializer's",
    )


def start_all_alike(looks: Looks) -> Finding | None:
    """Hidden layers whose units are all the same."""
    hidden = looks.weights[:-1]
    names = names_of(each for each in hidden if each.units > 1 and each.unit_spread < 1e-3)
    if not names:
        return None
    return Finding(
        sentence=f"In {len(names)} hidden layers all units have the same weights.",
        layers=names,
        threshold="units that differ by less than a thousandth of their weights",
    )


def fan_out_for_fan_in(looks: Looks) -> Finding | None:
    """Weights scaled by a layer's number of outputs, in layers where that matters."""
    bad = [each for each in looks.weights if each.mode == "fan_out" and each.factor > 2]
    if not bad:
        return None
    worst = max(bad, key=lambda each: each.factor)
    return Finding(
        sentence=f"{worst.name} has {worst.fan_in} inputs, {worst.fan_out} outputs and weights of "
        f"size {short(worst.rms)}, drawn for its outputs; {worst.usual[1]:.2g} is usual.",
        layers=names_of(bad),
        threshold='mode="fan_out", and weights twice off what LeCun, Glorot and He draw (lesson 3)',
    )


def l2_too_strong(looks: Looks) -> Finding | None:
    """Penalties whose gradient is at least as large as that of the loss."""
    pulled = {name: each for name, each in looks.gradients.items() if each.penalty_rms > 0}
    if not pulled:
        return None
    pull, push = (
        float(np.sqrt(np.mean([getattr(each, kind) ** 2 for each in pulled.values()])))
        for kind in ("penalty_rms", "rms")
    )
    if pull < push:
        return None
    return Finding(
        sentence=f"The penalties pull {short(pull / max(push, 1e-30))} times as hard as the loss.",
        layers=tuple(pulled),
        threshold="a penalty's gradient as large as that of the loss at the start",
    )

"""The weights that a network starts with, layer by layer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import as_numbers


@dataclass(frozen=True, kw_only=True)
class WeightLook:
    """The kernel of one layer.

    Attributes
    ----------
    name : str
    fan_in, fan_out, units : int
    rms : float
        Root mean square of the kernel.
    unit_spread : float
        How different the units are: standard deviation over the units relative to the rms, mean
        over the inputs; 0 for units that are all alike.
    bias_rms : float
    trainable : bool
    untouched : bool
        Whether kernel and bias look as drawn by the layer's own initializer.
    mode : str
        "fan_in", "fan_avg" or "fan_out" of a variance scaling initializer, "" for others.
    """

    name: str
    fan_in: int
    fan_out: int
    units: int
    rms: float
    unit_spread: float
    bias_rms: float
    trainable: bool
    untouched: bool
    mode: str

    @property
    def usual(self) -> tuple[float, float]:
        """Smallest and largest rms that LeCun, Glorot and He would draw."""
        squares = 1 / self.fan_in, 2 / (self.fan_in + self.fan_out), 2 / self.fan_in
        return float(np.sqrt(min(squares))), float(np.sqrt(max(squares)))

    @property
    def excess(self) -> float:
        """How many times larger than the usual range; below 1 for smaller, 1 within."""
        low, high = self.usual
        return min(self.rms / low, 1.0) * max(self.rms / high, 1.0)


def look_at_weights(
    name: str, kernel: NDArray, bias: NDArray | None, *, trainable: bool, initializer: dict
) -> WeightLook:
    """Measure one kernel of shape (..., inputs, units)."""
    values = as_numbers("kernel", kernel).astype(np.float64)
    rms = float(np.sqrt((values**2).mean()))
    fan_in = int(np.prod(values.shape[:-1]))
    spread = values.std(axis=-1).mean() / rms if rms else 0.0
    biases = np.zeros(1) if bias is None else np.asarray(bias, dtype=np.float64)
    return WeightLook(
        name=name,
        fan_in=fan_in,
        fan_out=int(np.prod(values.shape[:-2])) * values.shape[-1],
        units=values.shape[-1],
        rms=rms,
        unit_spread=float(spread),
        bias_rms=float(np.sqrt((biases**2).mean())),
        trainable=trainable,
        untouched=_as_drawn(values, initializer) and bool((biases == biases.flat[0]).all()),
        mode=_mode(initializer),
    )


def _mode(initializer: dict) -> str:
    name = initializer.get("class_name", "")
    usual = {"Glorot": "fan_avg", "He": "fan_in", "Lecun": "fan_in"}
    for start, mode in usual.items():
        if name.startswith(start):
            return mode
    return str(initializer.get("mode", ""))


def _as_drawn(values: NDArray, initializer: dict) -> bool:
    """Whether mean and spread are those of the initializer, within 4 standard errors."""
    expected = _expected_std(values, initializer)
    if expected is None or values.size < 4:
        return False
    error = expected / np.sqrt(values.size)
    return bool(abs(values.mean()) < 4 * error and abs(values.std() - expected) < 4 * error)


def _expected_std(values: NDArray, initializer: dict) -> float | None:
    name = initializer.get("class_name", "")
    fan_in = np.prod(values.shape[:-1])
    fan_out = np.prod(values.shape[:-2]) * values.shape[-1]
    if name == "RandomNormal":
        return float(initializer["stddev"])
    if name == "TruncatedNormal":
        return 0.87962566 * float(initializer["stddev"])
    if name == "RandomUniform":
        return (initializer["maxval"] - initializer["minval"]) / np.sqrt(12)
    fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    mode = _mode(initializer)
    if mode not in fans:
        return None
    scale = 2.0 if name.startswith("He") else float(initializer.get("scale", 1.0))
    return float(np.sqrt(scale / fans[mode]))

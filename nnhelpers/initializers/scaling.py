"""The initializer whose weights are the smaller the more of them a unit has."""

from dataclasses import dataclass

import numpy as np

from nnhelpers.initializers.checks import check_positive
from nnhelpers.initializers.independent import TRUNCATED_STD, Independent, truncated


@dataclass(frozen=True, kw_only=True)
class VarianceScaling(Independent):
    """Weights of variance scale / n, where n is fan_in, fan_out or their average.

    Raises
    ------
    ValueError
        If the scale is not positive and finite, or the mode or distribution unknown.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html;
    K. He et al., 2015, https://arxiv.org/abs/1502.01852.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"

    def __post_init__(self) -> None:
        check_positive(scale=self.scale)
        known = {
            "mode": ("fan_in", "fan_out", "fan_avg"),
            "distribution": ("uniform", "truncated_normal", "untruncated_normal"),
        }
        for name, allowed in known.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {allowed}, got {getattr(self, name)!r}")

    @property
    def weight_mean(self) -> float:
        """Expected value of a weight."""
        return 0.0

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight."""
        return float(np.sqrt(self.scale / self._fan(fan_in, fan_out)))

    def _values(self, rng, shape, fans):
        std = self.std(fan_in=fans[0], fan_out=fans[1])
        if self.distribution == "uniform":
            return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, size=shape)
        if self.distribution == "untruncated_normal":
            return rng.normal(0, std, size=shape)
        return std / TRUNCATED_STD * truncated(rng, shape=shape)

    def _fan(self, fan_in: int, fan_out: int) -> float:
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        return max(1.0, fans[self.mode])

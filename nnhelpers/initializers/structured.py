"""Initializers that draw the weights of a kernel together."""

import math
from dataclasses import dataclass

import numpy as np

from nnhelpers import blas
from nnhelpers.checks import check_finite, check_positive


class _Structured:
    """Kernels whose weights depend on one another, so that there is no such bias."""

    def draw_bias(self, rng, *, draws, units):
        """Raise, as Keras does: a bias has only one row."""
        name = type(self).__name__.lower()
        raise ValueError(f"bias initializer must not be {name}, which needs rows and columns")


@dataclass(frozen=True, kw_only=True)
class Orthogonal(_Structured):
    """Kernels whose columns, or rows where there are fewer, are orthogonal and of length `gain`.

    Raises
    ------
    ValueError
        If the gain is not positive and finite.

    Notes
    -----
    Q of a normal matrix's decomposition Q R, with the sign of each column chosen so that R has a
    positive diagonal: every rotation is as likely as every other. A square kernel keeps the
    length of what it multiplies; the standard deviation of a weight is gain / sqrt(max(fan_in,
    fan_out)).

    References
    ----------
    A. Saxe, J. McClelland and S. Ganguli, 2014, https://arxiv.org/abs/1312.6120;
    F. Mezzadri, 2007, https://arxiv.org/abs/math-ph/0609050.
    """

    gain: float = 1.0
    weight_mean = 0.0

    def __post_init__(self) -> None:
        check_positive(gain=self.gain)

    def std(self, *, fan_in: int, fan_out: int) -> float:
        """Standard deviation of a weight."""
        return self.gain / math.sqrt(max(fan_in, fan_out))

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Draw kernels of shape (draws, fan_in, fan_out)."""
        tall = (draws, max(fan_in, fan_out), min(fan_in, fan_out))
        with blas.one_thread():
            q, r = np.linalg.qr(rng.standard_normal(tall))
        signs = np.copysign(1.0, np.diagonal(r, axis1=-2, axis2=-1))
        q *= self.gain * signs[:, np.newaxis, :]
        return q if fan_in >= fan_out else q.transpose(0, 2, 1)


@dataclass(frozen=True, kw_only=True)
class Identity(_Structured):
    """Kernels of `gain` on the diagonal and 0 elsewhere.

    Its weights are neither drawn nor alike: it has no `weight_mean` and no `std`, and the laws of
    random weights do not apply to it.

    Raises
    ------
    ValueError
        If the gain is not finite.
    """

    gain: float = 1.0

    def __post_init__(self) -> None:
        check_finite(gain=self.gain)

    def draw(self, rng, *, draws, fan_in, fan_out):
        """Make kernels of shape (draws, fan_in, fan_out), all the same."""
        return np.tile(self.gain * np.eye(fan_in, fan_out), (draws, 1, 1))

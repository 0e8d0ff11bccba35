"""Piecewise functions: ReLU and its relatives, shrinkage, and cheap copies of smooth functions.

References
----------
ReLU: V. Nair, G. Hinton, 2010, https://icml.cc/Conferences/2010/papers/432.pdf.
Leaky ReLU: A. Maas et al., 2013,
https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf.
PReLU: K. He et al., 2015, https://arxiv.org/abs/1502.01852.
ELU: D.-A. Clevert et al., 2015, https://arxiv.org/abs/1511.07289.
SELU: G. Klambauer et al., 2017, https://arxiv.org/abs/1706.02515.
CELU: J. Barron, 2017, https://arxiv.org/abs/1704.07483.
Hard and soft shrinkage: D. Donoho, I. Johnstone, 1994, https://doi.org/10.1093/biomet/81.3.425.
ReLU6: A. Krizhevsky, 2010, https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf.
Hard sigmoid: M. Courbariaux et al., 2015, https://arxiv.org/abs/1511.00363; Keras's has the
slope of A. Howard et al., 2019, https://arxiv.org/abs/1905.02244, who also made hard SiLU.
Sparse sigmoid: M. Blondel et al., 2019, https://arxiv.org/abs/1901.02324.
"""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations.record import Activation

LEAKY_SLOPE = 0.2

# Where He et al. start it. A network learns it; Keras's layer `PReLU` starts it at 0.
PRELU_SLOPE = 0.25

# Scale and alpha with which a layer keeps mean 0 and variance 1.
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772

# Hard and soft shrinkage are 0 up to this abs(z).
_THRESHOLD = 0.5


def _step(z: NDArray) -> NDArray:
    return np.where(z > 0, 1.0, 0.0)


def _within(z: NDArray, bound: float, slope: float = 1.0) -> NDArray:
    return np.where(np.abs(z) < bound, slope, 0.0)


def _shrink_slope(z: NDArray) -> NDArray:
    return np.where(np.abs(z) > _THRESHOLD, 1.0, 0.0)


def _hard_sigmoid(z: NDArray) -> NDArray:
    return (np.clip(z, -3, 3) + 3) / 6


def _sparse_sigmoid(z: NDArray) -> NDArray:
    return (np.clip(z, -1, 1) + 1) / 2


def _below(z: NDArray) -> NDArray:
    # exp(z) - 1, which unlike exp(z) does not underflow far out.
    return np.expm1(np.minimum(z, 0))


def _elu(name: str, *, scale: float, alpha: float) -> Activation:
    return Activation(
        name,
        lambda z: scale * np.where(z > 0, z, alpha * _below(z)),
        lambda z: scale * np.where(z >= 0, 1.0, alpha * (1 + _below(z))),
        lambda z: scale * np.where(z >= 0, 0.0, alpha * (1 + _below(z))),
        limits=(-scale * alpha, np.inf),
        kinks=(0.0,),
    )


_ELU = _elu("elu", scale=1.0, alpha=1.0)

RECORDS = (
    Activation("relu", lambda z: np.maximum(z, 0), _step, limits=(0.0, np.inf), kinks=(0.0,)),
    Activation(
        "leaky_relu",
        lambda z: np.where(z > 0, z, LEAKY_SLOPE * z),
        lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE),
        kinks=(0.0,),
    ),
    Activation(
        "prelu",
        lambda z: np.where(z > 0, z, PRELU_SLOPE * z),
        lambda z: _step(z) + PRELU_SLOPE * _step(-z),
        kinks=(0.0,),
    ),
    _ELU,
    _elu("selu", scale=SELU_SCALE, alpha=SELU_ALPHA),
    Activation(
        "celu",
        _ELU.value,
        # At 0 TensorFlow adds up the slopes of both halves.
        lambda z: _ELU.derivative(z) + np.where(z == 0, 1.0, 0.0),
        lambda z: np.where(z > 0, 0.0, 1 + _below(z)),
        limits=(-1.0, np.inf),
        kinks=(0.0,),
    ),
    Activation(
        "hard_shrink",
        lambda z: np.where(np.abs(z) > _THRESHOLD, z, 0),
        _shrink_slope,
        kinks=(-_THRESHOLD, _THRESHOLD),
    ),
    Activation(
        "soft_shrink",
        lambda z: z - np.clip(z, -_THRESHOLD, _THRESHOLD),
        _shrink_slope,
        kinks=(-_THRESHOLD, _THRESHOLD),
    ),
    Activation(
        "relu6",
        lambda z: np.clip(z, 0, 6),
        lambda z: np.where((z > 0) & (z < 6), 1.0, 0.0),
        limits=(0.0, 6.0),
        kinks=(0.0, 6.0),
    ),
    Activation(
        "hard_sigmoid",
        _hard_sigmoid,
        lambda z: _within(z, 3, 1 / 6),
        limits=(0.0, 1.0),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        "hard_silu",
        # Below -3 the gate is 0, and minus infinity times 0 would be NaN.
        lambda z: np.maximum(z, -3) * _hard_sigmoid(z),
        lambda z: np.where(np.abs(z) < 3, z / 3 + 0.5, _hard_sigmoid(z)),
        lambda z: 2 * _within(z, 3, 1 / 6),
        limits=(0.0, np.inf),
        kinks=(-3.0, 3.0),
    ),
    Activation(
        "hard_tanh",
        lambda z: np.clip(z, -1, 1),
        lambda z: np.where(np.abs(z) <= 1, 1.0, 0.0),
        limits=(-1.0, 1.0),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        "sparse_sigmoid",
        _sparse_sigmoid,
        lambda z: _within(z, 1, 0.5),
        limits=(0.0, 1.0),
        kinks=(-1.0, 1.0),
    ),
    Activation(
        "sparse_plus",
        lambda z: np.where(z < 1, _sparse_sigmoid(z) ** 2, z),
        # Just as the slope of softplus is the sigmoid.
        _sparse_sigmoid,
        lambda z: _within(z, 1, 0.5),
        limits=(0.0, np.inf),
        kinks=(-1.0, 1.0),
    ),
)

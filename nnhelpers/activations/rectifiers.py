"""Functions that bend or break near zero and rise without a limit after it: ReLU and shrinkage.

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
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from nnhelpers.activations.record import Activation

LEAKY_SLOPE = 0.2

# Where He et al. start it. A network learns it; Keras's layer `PReLU` starts it at 0.
PRELU_SLOPE = 0.25

# The scale and the depth at which a layer keeps mean 0 and variance 1.
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def _relu(z: NDArray) -> NDArray:
    return np.maximum(z, 0)


def _step(z: NDArray) -> NDArray:
    return np.where(z > 0, 1.0, 0.0)


def _leaky(z: NDArray, *, slope: float) -> NDArray:
    return np.where(z > 0, z, slope * z)


def _leaky_step(z: NDArray) -> NDArray:
    return np.where(z > 0, 1.0, LEAKY_SLOPE)


def _prelu_step(z: NDArray) -> NDArray:
    return _step(z) + PRELU_SLOPE * _step(-z)


def _elu(z: NDArray, *, scale: float, alpha: float) -> NDArray:
    return scale * np.where(z > 0, z, alpha * _below(z))


def _elu_derivative(z: NDArray, *, scale: float, alpha: float) -> NDArray:
    return scale * np.where(z >= 0, 1.0, alpha * (1 + _below(z)))


def _elu_second_derivative(z: NDArray, *, scale: float, alpha: float) -> NDArray:
    return scale * np.where(z >= 0, 0.0, alpha * (1 + _below(z)))


def _celu_derivative(z: NDArray) -> NDArray:
    # At 0 TensorFlow adds the slopes of both halves up.
    return _elu_derivative(z, scale=1.0, alpha=1.0) + np.where(z == 0, 1.0, 0.0)


def _celu_second_derivative(z: NDArray) -> NDArray:
    return np.where(z > 0, 0.0, 1 + _below(z))


def _below(z: NDArray) -> NDArray:
    # exp(z) - 1, which unlike exp(z) does not underflow far out.
    return np.expm1(np.minimum(z, 0))


def _elu_record(name: str, *, scale: float, alpha: float) -> Activation:
    functions = (_elu, _elu_derivative, _elu_second_derivative)
    value, first, second = (partial(each, scale=scale, alpha=alpha) for each in functions)
    limits = (-scale * alpha, np.inf)
    return Activation(name, value, first, second, limits=limits, kinks=(0.0,))


# Where hard and soft shrinkage start to let z through.
SHRINK_THRESHOLD = 0.5


def _hard_shrink(z: NDArray) -> NDArray:
    return np.where(np.abs(z) > SHRINK_THRESHOLD, z, 0)


def _soft_shrink(z: NDArray) -> NDArray:
    return z - np.clip(z, -SHRINK_THRESHOLD, SHRINK_THRESHOLD)


def _shrink_derivative(z: NDArray) -> NDArray:
    return np.where(np.abs(z) > SHRINK_THRESHOLD, 1.0, 0.0)


def _tanh_shrink(z: NDArray) -> NDArray:
    return z - np.tanh(z)


def _tanh_shrink_derivative(z: NDArray) -> NDArray:
    return np.square(np.tanh(z))


def _tanh_shrink_second_derivative(z: NDArray) -> NDArray:
    return 2 * np.tanh(z) * (1 - np.square(np.tanh(z)))


RECORDS = (
    Activation("relu", _relu, _step, np.zeros_like, limits=(0.0, np.inf), kinks=(0.0,)),
    Activation(
        "leaky_relu", partial(_leaky, slope=LEAKY_SLOPE), _leaky_step, np.zeros_like, kinks=(0.0,)
    ),
    Activation(
        "prelu", partial(_leaky, slope=PRELU_SLOPE), _prelu_step, np.zeros_like, kinks=(0.0,)
    ),
    _elu_record("elu", scale=1.0, alpha=1.0),
    _elu_record("selu", scale=SELU_SCALE, alpha=SELU_ALPHA),
    Activation(
        "celu",
        partial(_elu, scale=1.0, alpha=1.0),
        _celu_derivative,
        _celu_second_derivative,
        limits=(-1.0, np.inf),
        kinks=(0.0,),
    ),
    Activation(
        "hard_shrink",
        _hard_shrink,
        _shrink_derivative,
        np.zeros_like,
        kinks=(-SHRINK_THRESHOLD, SHRINK_THRESHOLD),
    ),
    Activation(
        "soft_shrink",
        _soft_shrink,
        _shrink_derivative,
        np.zeros_like,
        kinks=(-SHRINK_THRESHOLD, SHRINK_THRESHOLD),
    ),
    Activation(
        "tanh_shrink", _tanh_shrink, _tanh_shrink_derivative, _tanh_shrink_second_derivative
    ),
)

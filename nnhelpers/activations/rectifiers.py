"""Functions that bend or break at zero and go straight up after it: ReLU and its kin.

References
----------
ReLU: V. Nair, G. Hinton, 2010, https://icml.cc/Conferences/2010/papers/432.pdf.
Leaky ReLU: A. Maas et al., 2013,
https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf.
PReLU: K. He et al., 2015, https://arxiv.org/abs/1502.01852.
ELU: D.-A. Clevert et al., 2015, https://arxiv.org/abs/1511.07289.
SELU: G. Klambauer et al., 2017, https://arxiv.org/abs/1706.02515.
CELU: J. Barron, 2017, https://arxiv.org/abs/1704.07483.
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
    return Activation(
        name=name,
        value=value,
        derivative=first,
        second_derivative=second,
        limits=(-scale * alpha, np.inf),
        kinks=(0.0,),
    )


RECORDS = (
    Activation(
        name="relu",
        value=_relu,
        derivative=_step,
        second_derivative=np.zeros_like,
        limits=(0.0, np.inf),
        kinks=(0.0,),
    ),
    Activation(
        name="leaky_relu",
        value=partial(_leaky, slope=LEAKY_SLOPE),
        derivative=_leaky_step,
        second_derivative=np.zeros_like,
        limits=(-np.inf, np.inf),
        kinks=(0.0,),
    ),
    Activation(
        name="prelu",
        value=partial(_leaky, slope=PRELU_SLOPE),
        derivative=_prelu_step,
        second_derivative=np.zeros_like,
        limits=(-np.inf, np.inf),
        kinks=(0.0,),
    ),
    _elu_record("elu", scale=1.0, alpha=1.0),
    _elu_record("selu", scale=SELU_SCALE, alpha=SELU_ALPHA),
    Activation(
        name="celu",
        value=partial(_elu, scale=1.0, alpha=1.0),
        derivative=_celu_derivative,
        second_derivative=_celu_second_derivative,
        limits=(-1.0, np.inf),
        kinks=(0.0,),
    ),
)

"""Every activation with its slope, on lanes; gelu's tail: Abramowitz and Stegun, 1964, 7.1.26."""

import numpy as np

from nnhelpers.activations import LEAKY_SLOPE, PRELU_SLOPE
from nnhelpers.activations.rectifiers import SELU_ALPHA, SELU_SCALE
from nnhelpers.training._engine.elementary import (
    bend,
    exponential,
    hyperbolic,
    less_one,
    logistic,
    soft_plus,
)
from nnhelpers.training._engine.lanes import (
    absolute,
    compiled,
    inlined,
    lanes,
    load,
    square_root,
    store,
    where_equal,
    where_greater,
    where_less,
)
from nnhelpers.training._engine.places import KINDS, LANES

_F = np.float32

_PER_ROOT_2, _DENSITY_AT_0 = _F(0.70710678), _F(0.39894228)
_LEAKY, _PRELU = _F(LEAKY_SLOPE), _F(PRELU_SLOPE)
_SCALE, _SCALED_ALPHA = _F(SELU_SCALE), _F(SELU_SCALE * SELU_ALPHA)


@inlined
def _clipped(x, low, high):
    x = where_less(x, lanes(low), lanes(low), x)
    return where_greater(x, lanes(high), lanes(high), x)


@inlined
def _between(x, low, high, inside):
    """Return `inside` strictly between two numbers, elsewhere 0."""
    zero = lanes(_F(0))
    return where_greater(x, lanes(low), where_less(x, lanes(high), inside, zero), zero)


@inlined
def _linear(z):
    return z, lanes(_F(1))


@inlined
def _sigmoid(z):
    s = logistic(z)
    return s, s * (lanes(_F(1)) - s)


@inlined
def _tanh(z):
    t = hyperbolic(z)
    return t, lanes(_F(1)) - t * t


@inlined
def _softsign(z):
    d = lanes(_F(1)) / (lanes(_F(1)) + absolute(z))
    return z * d, d * d


@inlined
def _rectified(z, slope):
    # NaN is not below 0 and stays what it is.
    zero, below = lanes(_F(0)), lanes(slope)
    return where_less(z, zero, z * below, z), where_greater(z, zero, lanes(_F(1)), below)


@inlined
def _relu(z):
    zero = lanes(_F(0))
    return where_less(z, zero, zero, z), where_greater(z, zero, lanes(_F(1)), zero)


@inlined
def _leaky_relu(z):
    return _rectified(z, _LEAKY)


@inlined
def _prelu(z):
    value, slope = _rectified(z, _PRELU)
    return value, where_equal(z, lanes(_F(0)), lanes(_F(0)), slope)


@inlined
def _relu6(z):
    return _clipped(z, _F(0), _F(6)), _between(z, _F(0), _F(6), lanes(_F(1)))


@inlined
def _elu(z):
    below, zero, one = less_one(z), lanes(_F(0)), lanes(_F(1))
    return where_less(z, zero, below, z), where_less(z, zero, below + one, one)


@inlined
def _celu(z):
    # At 0 TensorFlow adds the slopes of both sides.
    value, slope = _elu(z)
    return value, where_equal(z, lanes(_F(0)), lanes(_F(2)), slope)


@inlined
def _selu(z):
    below, zero = less_one(z) * lanes(_SCALED_ALPHA), lanes(_F(0))
    slope = where_less(z, zero, below + lanes(_SCALED_ALPHA), lanes(_SCALE))
    return where_less(z, zero, below, z * lanes(_SCALE)), slope


@inlined
def _gelu(z):
    size = absolute(z) * lanes(_PER_ROOT_2)
    falling = exponential(-size * size)
    t = lanes(_F(1)) / (lanes(_F(1)) + size * lanes(_F(0.3275911)))
    p = lanes(_F(1.061405429))
    p = p * t - lanes(_F(1.453152027))
    p = p * t + lanes(_F(1.421413741))
    p = p * t - lanes(_F(0.284496736))
    p = p * t + lanes(_F(0.254829592))
    tail = lanes(_F(0.5)) * p * t * falling
    below = where_less(z, lanes(_F(0)), tail, lanes(_F(1)) - tail)
    return z * below, below + z * falling * lanes(_DENSITY_AT_0)


@inlined
def _silu(z):
    s = logistic(z)
    return z * s, s * (lanes(_F(1)) + z * (lanes(_F(1)) - s))


@inlined
def _mish(z):
    e = exponential(_clipped(z, _F(-87), _F(20)))
    n = e * (e + lanes(_F(2)))
    t = n / (n + lanes(_F(2)))
    return z * t, t + z * logistic(z) * (lanes(_F(1)) - t * t)


@inlined
def _softplus(z):
    return soft_plus(z), logistic(z)


@inlined
def _log_sigmoid(z):
    return -soft_plus(-z), logistic(-z)


@inlined
def _squareplus(z):
    root = square_root(z * z + lanes(_F(4)))
    half, two = lanes(_F(0.5)), lanes(_F(2))
    value = where_less(z, lanes(_F(0)), two / (root - z), half * (z + root))
    return value, half * (lanes(_F(1)) + z / root)


@inlined
def _exponential(z):
    e = exponential(z)
    return e, e


@inlined
def _tanh_shrink(z):
    t = hyperbolic(z)
    return where_less(absolute(z), lanes(_F(0.625)), -bend(z), z - t), t * t


@inlined
def _hard_tanh(z):
    return _clipped(z, _F(-1), _F(1)), _between(z, _F(-1), _F(1), lanes(_F(1)))


@inlined
def _hard_sigmoid(z):
    sixth = lanes(_F(1 / 6))
    value = _clipped(z + lanes(_F(3)), _F(0), _F(6)) * sixth
    return value, _between(z, _F(-3), _F(3), sixth)


@inlined
def _hard_silu(z):
    gate, slope = _hard_sigmoid(z)
    return z * gate, gate + z * slope


@inlined
def _hard_shrink(z):
    size, half, zero = absolute(z), lanes(_F(0.5)), lanes(_F(0))
    return where_greater(size, half, z, z * zero), where_greater(size, half, lanes(_F(1)), zero)


@inlined
def _soft_shrink(z):
    return z - _clipped(z, _F(-0.5), _F(0.5)), _hard_shrink(z)[1]


@inlined
def _sparse_plus(z):
    raised, one = z + lanes(_F(1)), lanes(_F(1))
    bent = lanes(_F(0.25)) * raised * raised
    value = where_greater(z, -one, where_less(z, one, bent, z), z * lanes(_F(0)))
    slope = where_less(z, one, lanes(_F(0.5)) * raised, one)
    return value, where_greater(z, -one, slope, lanes(_F(0)))


@inlined
def _sparse_sigmoid(z):
    half = lanes(_F(0.5))
    value = _clipped(half * (z + lanes(_F(1))), _F(0), _F(1))
    return value, _between(z, _F(-1), _F(1), half)


def _over_rows(function):
    @compiled
    def send(memory, values, slopes, count):
        for k in range(0, count, LANES):
            value, slope = function(load(memory, values + k))
            store(memory, values + k, value)
            store(memory, slopes + k, slope)

    return send


def _dispatcher():
    """Write out the choice among all functions: a compiled loop cannot look one up."""
    lines = ["def activate(kind, memory, values, slopes, count):"]
    scope = {}
    for name, kind in KINDS.items():
        scope[f"_send_{name}"] = _over_rows(globals()[f"_{name}"])
        lines += [f"    if kind == {kind}:", f"        _send_{name}(memory, values, slopes, count)"]
    exec("\n".join(lines), scope)
    return compiled(scope["activate"])


# Replace values in memory by f of them, and write f' of them beside: `activate(kind, memory,
# values, slopes, count)`, with places of both and a count that is a multiple of LANES.
activate = _dispatcher()

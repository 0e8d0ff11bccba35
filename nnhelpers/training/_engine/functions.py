"""The exponential and its kin, and every activation function with its slope, on lanes.

Made of additions, multiplications, divisions and square roots alone: a mathematics library rounds
differently from one machine to the next.

References
----------
Polynomials as in J. Hart et al., "Computer approximations", 1968, and S. Moshier, "Methods and
programs for mathematical functions", 1989; the normal distribution from M. Abramowitz and
I. Stegun, "Handbook of mathematical functions", 1964, formula 7.1.26.
"""

import numpy as np
from numba import njit

from nnhelpers.activations import LEAKY_SLOPE, PRELU_SLOPE
from nnhelpers.activations.rectifiers import SELU_ALPHA, SELU_SCALE
from nnhelpers.training._engine.kinds import KINDS, LANES
from nnhelpers.training._engine.lanes import (
    absolute,
    exponent,
    fraction,
    lanes,
    load,
    square_root,
    store,
    two_to_the,
    where_equal,
    where_greater,
    where_less,
)

_F = np.float32
_inlined = njit(forceinline=True, error_model="numpy")

# exp(x) is computed between these: beyond them float32 has but infinity and parts of digits.
_LOWEST, _HIGHEST = _F(-87.0), _F(88.0)
_ROUNDING = _F(12582912.0)  # 1.5 * 2^23: adding it rounds to a whole number
_LOG2_E = _F(1.44269504)
_LN2_HIGH, _LN2_LOW = _F(0.693359375), _F(-2.12194440e-4)
_ROOT_2 = _F(1.41421356)
_PER_ROOT_2, _DENSITY_AT_0 = _F(0.70710678), _F(0.39894228)
_LEAKY, _PRELU, _SCALE, _SCALED_ALPHA = map(
    _F, (LEAKY_SLOPE, PRELU_SLOPE, SELU_SCALE, SELU_SCALE * SELU_ALPHA)
)


@_inlined
def exponential(x):
    """Return e^x, at least e^-87 and at most e^88."""
    x = where_less(x, lanes(_LOWEST), lanes(_LOWEST), x)
    x = where_greater(x, lanes(_HIGHEST), lanes(_HIGHEST), x)
    shifted = x * lanes(_LOG2_E) + lanes(_ROUNDING)
    whole = shifted - lanes(_ROUNDING)
    r = x - whole * lanes(_LN2_HIGH) - whole * lanes(_LN2_LOW)
    p = lanes(_F(1.9875691500e-4))
    p = p * r + lanes(_F(1.3981999507e-3))
    p = p * r + lanes(_F(8.3334519073e-3))
    p = p * r + lanes(_F(4.1665795894e-2))
    p = p * r + lanes(_F(1.6666665459e-1))
    p = p * r + lanes(_F(5.0000001201e-1))
    return (p * (r * r) + r + lanes(_F(1))) * two_to_the(shifted)


@_inlined
def less_one(x):
    """Return e^x - 1, with all its digits near 0."""
    p = lanes(_F(1 / 40320))
    for factor in (_F(1 / 5040), _F(1 / 720), _F(1 / 120), _F(1 / 24), _F(1 / 6), _F(0.5), _F(1)):
        p = p * x + lanes(factor)
    return where_less(absolute(x), lanes(_F(0.5)), p * x, exponential(x) - lanes(_F(1)))


@_inlined
def logarithm(x):
    """Return the natural logarithm of a positive number."""
    part, power = fraction(x), exponent(x)
    above = lanes(_ROOT_2)
    power = power + where_greater(part, above, lanes(_F(1)), lanes(_F(0)))
    part = where_greater(part, above, part * lanes(_F(0.5)), part) - lanes(_F(1))
    p = lanes(_F(7.0376836292e-2))
    p = p * part - lanes(_F(1.1514610310e-1))
    p = p * part + lanes(_F(1.1676998740e-1))
    p = p * part - lanes(_F(1.2420140846e-1))
    p = p * part + lanes(_F(1.4249322787e-1))
    p = p * part - lanes(_F(1.6668057665e-1))
    p = p * part + lanes(_F(2.0000714765e-1))
    p = p * part - lanes(_F(2.4999993993e-1))
    p = p * part + lanes(_F(3.3333331174e-1))
    square = part * part
    rest = p * part * square + power * lanes(_LN2_LOW) - lanes(_F(0.5)) * square
    return part + rest + power * lanes(_LN2_HIGH)


@_inlined
def soft_plus(x):
    """Return log(1 + e^x), without overflow."""
    small = exponential(-absolute(x))
    one = lanes(_F(1))
    above = one + small
    # What 1 + small has lost of small comes back as the first term of the series.
    log = logarithm(above) + (small - (above - one)) / above
    return where_greater(x, lanes(_F(0)), x, where_less(x, lanes(_F(0)), lanes(_F(0)), x)) + log


@_inlined
def logistic(x):
    """Return 1 / (1 + e^-x)."""
    return lanes(_F(1)) / (lanes(_F(1)) + exponential(-x))


@_inlined
def _bend(x):
    """Return tanh(x) - x near 0."""
    s = x * x
    p = lanes(_F(-5.70498872745e-3))
    p = p * s + lanes(_F(2.06390887954e-2))
    p = p * s - lanes(_F(5.37397155531e-2))
    p = p * s + lanes(_F(1.33314422036e-1))
    p = p * s - lanes(_F(3.33332819422e-1))
    return p * s * x


@_inlined
def hyperbolic(x):
    """Return tanh(x), with all its digits near 0."""
    size = absolute(x)
    far = lanes(_F(1)) - lanes(_F(2)) / (exponential(size + size) + lanes(_F(1)))
    far = where_less(x, lanes(_F(0)), -far, far)
    return where_less(size, lanes(_F(0.625)), x + _bend(x), far)


@_inlined
def _clipped(x, low, high):
    x = where_less(x, lanes(low), lanes(low), x)
    return where_greater(x, lanes(high), lanes(high), x)


@_inlined
def _between(x, low, high, inside):
    """Return `inside` strictly between two numbers, elsewhere 0."""
    zero = lanes(_F(0))
    return where_greater(x, lanes(low), where_less(x, lanes(high), inside, zero), zero)


@_inlined
def _linear(z):
    return z, lanes(_F(1))


@_inlined
def _sigmoid(z):
    s = logistic(z)
    return s, s * (lanes(_F(1)) - s)


@_inlined
def _tanh(z):
    t = hyperbolic(z)
    return t, lanes(_F(1)) - t * t


@_inlined
def _softsign(z):
    d = lanes(_F(1)) / (lanes(_F(1)) + absolute(z))
    return z * d, d * d


@_inlined
def _rectified(z, slope):
    # NaN is not below 0 and stays what it is.
    zero, below = lanes(_F(0)), lanes(slope)
    positive = where_greater(z, zero, lanes(_F(1)), below)
    return where_less(z, zero, z * below, z), positive


@_inlined
def _relu(z):
    zero = lanes(_F(0))
    return where_less(z, zero, zero, z), where_greater(z, zero, lanes(_F(1)), zero)


@_inlined
def _leaky_relu(z):
    return _rectified(z, _LEAKY)


@_inlined
def _prelu(z):
    value, slope = _rectified(z, _PRELU)
    return value, where_equal(z, lanes(_F(0)), lanes(_F(0)), slope)


@_inlined
def _relu6(z):
    return _clipped(z, _F(0), _F(6)), _between(z, _F(0), _F(6), lanes(_F(1)))


@_inlined
def _elu(z):
    below = less_one(z)
    negative = lanes(_F(0))
    return (
        where_less(z, negative, below, z),
        where_less(z, negative, below + lanes(_F(1)), lanes(_F(1))),
    )


@_inlined
def _celu(z):
    # At 0 TensorFlow adds the slopes of both sides.
    value, slope = _elu(z)
    return value, where_equal(z, lanes(_F(0)), lanes(_F(2)), slope)


@_inlined
def _selu(z):
    below, zero = less_one(z) * lanes(_SCALED_ALPHA), lanes(_F(0))
    slope = where_less(z, zero, below + lanes(_SCALED_ALPHA), lanes(_SCALE))
    return where_less(z, zero, below, z * lanes(_SCALE)), slope


@_inlined
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


@_inlined
def _silu(z):
    s = logistic(z)
    return z * s, s * (lanes(_F(1)) + z * (lanes(_F(1)) - s))


@_inlined
def _mish(z):
    e = exponential(_clipped(z, _F(-87), _F(20)))
    n = e * (e + lanes(_F(2)))
    t = n / (n + lanes(_F(2)))
    return z * t, t + z * logistic(z) * (lanes(_F(1)) - t * t)


@_inlined
def _softplus(z):
    return soft_plus(z), logistic(z)


@_inlined
def _log_sigmoid(z):
    return -soft_plus(-z), logistic(-z)


@_inlined
def _squareplus(z):
    root = square_root(z * z + lanes(_F(4)))
    half, two = lanes(_F(0.5)), lanes(_F(2))
    value = where_less(z, lanes(_F(0)), two / (root - z), half * (z + root))
    return value, half * (lanes(_F(1)) + z / root)


@_inlined
def _exponential(z):
    e = exponential(z)
    return e, e


@_inlined
def _tanh_shrink(z):
    t = hyperbolic(z)
    return where_less(absolute(z), lanes(_F(0.625)), -_bend(z), z - t), t * t


@_inlined
def _hard_tanh(z):
    return _clipped(z, _F(-1), _F(1)), _between(z, _F(-1), _F(1), lanes(_F(1)))


@_inlined
def _hard_sigmoid(z):
    sixth = lanes(_F(1 / 6))
    value = _clipped(z + lanes(_F(3)), _F(0), _F(6)) * sixth
    return value, _between(z, _F(-3), _F(3), sixth)


@_inlined
def _hard_silu(z):
    gate, slope = _hard_sigmoid(z)
    return z * gate, gate + z * slope


@_inlined
def _hard_shrink(z):
    size, half, zero = absolute(z), lanes(_F(0.5)), lanes(_F(0))
    return where_greater(size, half, z, z * zero), where_greater(size, half, lanes(_F(1)), zero)


@_inlined
def _soft_shrink(z):
    inside = _clipped(z, _F(-0.5), _F(0.5))
    slope = where_greater(absolute(z), lanes(_F(0.5)), lanes(_F(1)), lanes(_F(0)))
    return z - inside, slope


@_inlined
def _sparse_plus(z):
    raised, one = z + lanes(_F(1)), lanes(_F(1))
    bent = lanes(_F(0.25)) * raised * raised
    value = where_greater(z, -one, where_less(z, one, bent, z), z * lanes(_F(0)))
    slope = where_less(z, one, lanes(_F(0.5)) * raised, one)
    return value, where_greater(z, -one, slope, lanes(_F(0)))


@_inlined
def _sparse_sigmoid(z):
    half = lanes(_F(0.5))
    value = _clipped(half * (z + lanes(_F(1))), _F(0), _F(1))
    return value, _between(z, _F(-1), _F(1), half)


_FUNCTIONS = {name: globals()[f"_{name}"] for name in KINDS}


def _over_rows(function):
    @njit(error_model="numpy")
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
        scope[f"_send_{name}"] = _over_rows(_FUNCTIONS[name])
        lines += [f"    if kind == {kind}:", f"        _send_{name}(memory, values, slopes, count)"]
    exec("\n".join(lines), scope)
    return njit(error_model="numpy")(scope["activate"])


# Replace values in memory by f of them, and write f' of them beside: `activate(kind, memory,
# values, slopes, count)`, with places of both and a count that is a multiple of LANES.
activate = _dispatcher()

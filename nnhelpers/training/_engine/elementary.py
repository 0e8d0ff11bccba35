"""The exponential and its kin on lanes, to a few roundings.

Made of additions, multiplications, divisions and square roots alone: a mathematics library rounds
differently from one machine to the next.

References
----------
Polynomials as in J. Hart et al., "Computer approximations", 1968, and S. Moshier, "Methods and
programs for mathematical functions", 1989.
"""

import numpy as np

from nnhelpers.training._engine.lanes import (
    absolute,
    exponent,
    fraction,
    inlined,
    lanes,
    two_to_the,
    where_greater,
    where_less,
)

_F = np.float32

# exp(x) is computed between these: beyond them float32 has but infinity and parts of digits.
_LOWEST, _HIGHEST = _F(-87.0), _F(88.0)
_ROUNDING = _F(12582912.0)  # 1.5 * 2^23: adding it rounds to a whole number
_LOG2_E = _F(1.44269504)
_LN2_HIGH, _LN2_LOW = _F(0.693359375), _F(-2.12194440e-4)
_ROOT_2 = _F(1.41421356)


@inlined
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


@inlined
def less_one(x):
    """Return e^x - 1, with all its digits near 0."""
    p = lanes(_F(1 / 40320))
    for factor in (_F(1 / 5040), _F(1 / 720), _F(1 / 120), _F(1 / 24), _F(1 / 6), _F(0.5), _F(1)):
        p = p * x + lanes(factor)
    return where_less(absolute(x), lanes(_F(0.5)), p * x, exponential(x) - lanes(_F(1)))


@inlined
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


@inlined
def soft_plus(x):
    """Return log(1 + e^x), without overflow."""
    small = exponential(-absolute(x))
    one = lanes(_F(1))
    above = one + small
    # What 1 + small has lost of small comes back as the first term of the series.
    log = logarithm(above) + (small - (above - one)) / above
    return where_greater(x, lanes(_F(0)), x, where_less(x, lanes(_F(0)), lanes(_F(0)), x)) + log


@inlined
def logistic(x):
    """Return 1 / (1 + e^-x)."""
    return lanes(_F(1)) / (lanes(_F(1)) + exponential(-x))


@inlined
def bend(x):
    """Return tanh(x) - x near 0."""
    s = x * x
    p = lanes(_F(-5.70498872745e-3))
    p = p * s + lanes(_F(2.06390887954e-2))
    p = p * s - lanes(_F(5.37397155531e-2))
    p = p * s + lanes(_F(1.33314422036e-1))
    p = p * s - lanes(_F(3.33332819422e-1))
    return p * s * x


@inlined
def hyperbolic(x):
    """Return tanh(x), with all its digits near 0."""
    size = absolute(x)
    far = lanes(_F(1)) - lanes(_F(2)) / (exponential(size + size) + lanes(_F(1)))
    far = where_less(x, lanes(_F(0)), -far, far)
    return where_less(size, lanes(_F(0.625)), x + bend(x), far)

"""Losses and their gradient, and one step of each optimizer, with Keras's formulas.

References
----------
https://keras.io/api/optimizers/
"""

import numpy as np

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.elementary import exponential, logarithm, logistic, soft_plus
from nnhelpers.training._engine.lanes import (
    compiled,
    inlined,
    lanes,
    load,
    square_root,
    store,
    total,
    where_equal,
    where_greater,
    where_less,
)
from nnhelpers.training._engine.places import LANES

_F, _ONE = np.float32, np.float32(1)
# Keras's, beside the norm that a kernel's columns are divided by.
_FUZZ = np.float32(1e-7)


@compiled
def output_errors(m, loss, outputs, logits, target, ldt, weight, n, back):
    """Write the gradient of the batch's weighted loss for each output."""
    if loss == at.BINARY:
        for e in range(0, n, LANES):
            apart = logistic(load(m, logits + e)) - load(m, target + e)
            store(m, back + e, apart * load(m, weight + e))
    elif loss == at.CATEGORICAL:
        for e in range(0, n, LANES):
            largest, norm = _normalizer(m, logits + e, outputs, n)
            for k in range(outputs):
                right = where_equal(load(m, target + e), lanes(_F(k)), lanes(_F(1)), lanes(_F(0)))
                share = exponential(load(m, logits + k * n + e) - largest) / norm
                store(m, back + k * n + e, (share - right) * load(m, weight + e))
    else:
        factor = lanes(_F(2) / _F(outputs))
        for k in range(outputs):
            for e in range(0, n, LANES):
                apart = load(m, logits + k * n + e) - load(m, target + k * ldt + e)
                store(m, back + k * n + e, factor * apart * load(m, weight + e))


@inlined
def _normalizer(m, logits, outputs, n):
    """Return the largest logit of sixteen examples, and the sum of exponentials less it."""
    largest = load(m, logits)
    for k in range(1, outputs):
        logit = load(m, logits + k * n)
        largest = where_greater(logit, largest, logit, largest)
    norm = lanes(_F(0))
    for k in range(outputs):
        norm = norm + exponential(load(m, logits + k * n) - largest)
    return largest, norm


@compiled
def add_losses(m, loss, outputs, logits, target, ldt, weight, present, n, sums):
    """Add the weighted losses, and the right answers, to sums in lanes."""
    for e in range(0, n, LANES):
        y, zero, one = load(m, target + e), lanes(_F(0)), lanes(_F(1))
        first, right = load(m, logits + e), lanes(_F(0))
        if loss == at.BINARY:
            each = soft_plus(first * (one - y - y))
            right = where_equal(where_greater(first, zero, one, zero), y, one, zero)
        elif loss == at.CATEGORICAL:
            largest, norm = _normalizer(m, logits + e, outputs, n)
            chosen, guess, best = zero, zero, first
            for k in range(outputs):
                logit = load(m, logits + k * n + e)
                chosen = where_equal(y, lanes(_F(k)), logit, chosen)
                guess = where_greater(logit, best, lanes(_F(k)), guess)
                best = where_greater(logit, best, logit, best)
            each = largest - chosen + logarithm(norm)
            right = where_equal(guess, y, one, zero)
        else:
            each = zero
            for k in range(outputs):
                apart = load(m, logits + k * n + e) - load(m, target + k * ldt + e)
                each = each + apart * apart
            each = each / lanes(_F(outputs))
        store(m, sums, load(m, sums) + each * load(m, weight + e))
        store(m, sums + LANES, load(m, sums + LANES) + right * load(m, present + e))


@compiled
def penalize(m, network, l1, l2):
    """Add the gradient of l1 |w| + l2 w^2 at the weights of hidden kernels."""
    count, zero = network[at.N_LEARNED], lanes(_F(0))
    for k in range(0, count, LANES):
        w = load(m, network[at.PARAMETERS] + k)
        sign = where_greater(w, zero, lanes(_ONE), where_less(w, zero, lanes(-_ONE), zero))
        pull = sign * lanes(l1) + w * lanes(l2 + l2)
        gradient = network[at.GRADIENTS] + k
        hidden = load(m, network[at.HIDDEN_KERNELS] + k)
        store(m, gradient, load(m, gradient) + pull * hidden)


@compiled
def update(m, network, constants, rate, corrected):
    """Take a step with every number that learns; `corrected` is Adam's rate at this step."""
    w, g, count = network[at.PARAMETERS], network[at.GRADIENTS], network[at.N_LEARNED]
    one, two = network[at.SLOTS], network[at.SLOTS] + count
    if constants[at.DECAY] > 0:
        kept = lanes(constants[at.DECAY] * rate)
        for k in range(w, w + count, LANES):
            store(m, k, load(m, k) - load(m, k) * kept)
    if network[at.RULE] == at.SGD:
        _sgd(m, w, g, one, count, rate, constants[at.FIRST], network[at.NESTEROV])
    elif network[at.RULE] == at.RMSPROP:
        _rmsprop(m, w, g, one, two, count, rate, constants)
    else:
        _adam(m, w, g, one, two, count, corrected, constants)


@compiled
def _sgd(m, w, g, velocity, count, rate, momentum, nesterov):
    for k in range(0, count, LANES):
        push = load(m, g + k) * lanes(rate)
        v = load(m, velocity + k) * lanes(momentum) - push
        store(m, velocity + k, v)
        if nesterov:
            v = v * lanes(momentum) - push
        store(m, w + k, load(m, w + k) + v)


@compiled
def _rmsprop(m, w, g, square, velocity, count, rate, constants):
    rho, momentum, epsilon = constants[at.FIRST], constants[at.SECOND], constants[at.THIRD]
    for k in range(0, count, LANES):
        gradient = load(m, g + k)
        s = load(m, square + k) * lanes(rho) + gradient * gradient * lanes(_ONE - rho)
        v = load(m, velocity + k) * lanes(momentum)
        v = v + lanes(rate) * gradient / square_root(s + lanes(epsilon))
        store(m, square + k, s)
        store(m, velocity + k, v)
        store(m, w + k, load(m, w + k) - v)


@compiled
def _adam(m, w, g, mean, square, count, rate, constants):
    one, two = _ONE - constants[at.FIRST], _ONE - constants[at.SECOND]
    for k in range(0, count, LANES):
        gradient = load(m, g + k)
        first = load(m, mean + k)
        first = first + (gradient - first) * lanes(one)
        second = load(m, square + k)
        second = second + (gradient * gradient - second) * lanes(two)
        store(m, mean + k, first)
        store(m, square + k, second)
        step = first * lanes(rate) / (square_root(second) + lanes(constants[at.THIRD]))
        store(m, w + k, load(m, w + k) - step)


@compiled
def limit_norms(m, layers, most):
    """Shorten the incoming weights of hidden units that are longer than `most`."""
    for number in range(layers.shape[0] - 1):
        layer = layers[number]
        units = layer[at.UNITS]
        for u in range(units):
            s = _F(0)
            for i in range(layer[at.FAN_IN]):
                w = m[layer[at.KERNEL] + i * units + u]
                s += w * w
            length = np.sqrt(s)
            factor = min(length, most) / (_FUZZ + length)
            for i in range(layer[at.FAN_IN]):
                m[layer[at.KERNEL] + i * units + u] *= factor


@compiled
def is_finite(m, start, count):
    """Whether all of some numbers are finite: 0 times any other is not 0."""
    s = lanes(_F(0))
    for k in range(start, start + count, LANES):
        s = s + load(m, k) * lanes(_F(0))
    return total(s) == 0

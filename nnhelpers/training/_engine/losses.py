"""Losses: their gradient for the outputs, their sum, and how many answers are right."""

import numpy as np
from numba import njit

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.elementary import exponential, logarithm, logistic, soft_plus
from nnhelpers.training._engine.kinds import LANES
from nnhelpers.training._engine.lanes import (
    lanes,
    load,
    store,
    where_equal,
    where_greater,
)

_F = np.float32
_inlined = njit(forceinline=True, error_model="numpy")


@njit(error_model="numpy")
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


@_inlined
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


@njit(error_model="numpy")
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

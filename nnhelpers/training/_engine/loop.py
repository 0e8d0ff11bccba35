"""The whole training of some networks, one after the other."""

import numpy as np

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.lanes import compiled, inlined, lanes, load, store, total
from nnhelpers.training._engine.passes import backward, forward, move_moments
from nnhelpers.training._engine.places import LANES
from nnhelpers.training._engine.steps import (
    add_losses,
    is_finite,
    limit_norms,
    output_errors,
    penalize,
    update,
)

_F = np.float32
_U = np.uint64
_STRIDE = _U(0x9E3779B97F4A7C15)


@inlined
def _mixed(x):
    """Scramble 64 bits (splitmix64)."""
    x = (x ^ (x >> _U(30))) * _U(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _U(27))) * _U(0x94D049BB133111EB)
    return x ^ (x >> _U(31))


@compiled
def _shuffle(order, key, epoch):
    """Write the order of an epoch's examples, from the numbers of seed, member and epoch."""
    here = _mixed(_mixed(~key) + _U(epoch + 1) * _STRIDE)
    for e in range(order.size):
        order[e] = e
    for e in range(order.size - 1, 0, -1):
        bits = _mixed(here + _U(e) * _STRIDE) >> _U(32)
        other = np.int64((bits * _U(e + 1)) >> _U(32))
        order[e], order[other] = order[other], order[e]


@compiled
def _draw_masks(m, layers, rates, key, step, order, first, n, count):
    """Write dropout's factors, each from the numbers of seed, member, step, unit and example."""
    now = _mixed(key + _U(step) * _STRIDE)
    for number in range(layers.shape[0] - 1):
        layer = layers[number]
        if layer[at.DROPS]:
            rate = rates[number]
            limit = _U(np.float64(rate) * 16777216.0)
            kept = _F(1.0) / (_F(1.0) - rate)
            for u in range(layer[at.UNITS]):
                here = _mixed(now + _U(layer[at.FIRST_UNIT] + u + 1) * _STRIDE)
                row = layer[at.MASK] + u * n
                for e in range(count):
                    example = order[first + e] if order.size else e
                    bits = _mixed(here + _U(example + 1) * _STRIDE) >> _U(40)
                    m[row + e] = kept if bits >= limit else _F(0)


@compiled
def _see(m, network, X, offset, scale):
    """Write down the examples as this network sees them; padding stays 0."""
    padded = network[at.N_PADDED]
    for f in range(network[at.N_FEATURES]):
        row = network[at.SEEN] + f * padded
        for e in range(network[at.N_EXAMPLES]):
            m[row + e] = X[f, e] * scale + offset


@compiled
def _copy_rows(m, rows, source, padded, to, n, order, first, count):
    """Copy a batch's numbers together, row by row; padding is 0."""
    for k in range(rows):
        for e in range(count):
            m[to + k * n + e] = m[source + k * padded + order[first + e]]
        for e in range(count, n):
            m[to + k * n + e] = _F(0)


@compiled
def _gather(m, network, rows, order, first, n, count):
    """Copy a batch's examples, targets and weights together."""
    padded, features = network[at.N_PADDED], network[at.N_FEATURES]
    seen, target = network[at.SEEN], network[at.TARGET]
    _copy_rows(m, features, seen, padded, network[at.GATHERED], n, order, first, count)
    _copy_rows(m, rows, target, padded, network[at.BATCH_TARGET], n, order, first, count)
    factor = _F(network[at.N_EXAMPLES]) / _F(count)
    for e in range(count):
        m[network[at.BATCH_PRESENT] + e] = _F(1)
        m[network[at.BATCH_WEIGHT] + e] = m[network[at.WEIGHT] + order[first + e]] * factor
    for e in range(count, n):
        m[network[at.BATCH_PRESENT] + e] = _F(0)
        m[network[at.BATCH_WEIGHT] + e] = _F(0)


@compiled
def _step(m, layers, network, constants, mine, rates, key, step, corrected, order, first, count):
    """Take one step on a batch, or on all examples."""
    n = (count + LANES - 1) // LANES * LANES
    whole = network[at.BATCH_SIZE] == 0
    outputs = layers[layers.shape[0] - 1][at.UNITS]
    rows = outputs if network[at.LOSS] == at.SQUARED else 1
    x, present, weight = network[at.SEEN], network[at.PRESENT], network[at.WEIGHT]
    target = network[at.TARGET]
    if not whole:
        _gather(m, network, rows, order, first, n, count)
        x, present = network[at.GATHERED], network[at.BATCH_PRESENT]
        weight, target = network[at.BATCH_WEIGHT], network[at.BATCH_TARGET]
    dropping = False
    for number in range(layers.shape[0] - 1):
        dropping = dropping or layers[number][at.DROPS] > 0
    if dropping:
        _draw_masks(m, layers, rates, key, step, order, first, n, count)
    last = layers[layers.shape[0] - 1]
    epsilon, zero = constants[at.EPSILON], network[at.ZERO]
    forward(m, layers, x, n, present, n, count, epsilon, zero, True, dropping)
    output_errors(
        m, network[at.LOSS], outputs, last[at.OUTPUT], target, n, weight, n, last[at.BACK]
    )
    backward(m, layers, network, x, n, present, n, count)
    if network[at.PENALTIES]:
        penalize(m, network, mine[at.L1], mine[at.L2])
    update(m, network, constants, mine[at.RATE], corrected)
    if constants[at.MAX_NORM] > 0:
        limit_norms(m, layers, constants[at.MAX_NORM])
    if network[at.N_KEPT] > network[at.N_LEARNED]:
        move_moments(m, layers, constants[at.MOMENTUM])


@compiled
def _evaluate(m, layers, network, constants, training):
    """Return the loss of all examples, and the number of right answers."""
    sums, padded = network[at.SUMS], network[at.N_PADDED]
    store(m, sums, lanes(_F(0)))
    store(m, sums + LANES, lanes(_F(0)))
    last = layers[layers.shape[0] - 1]
    epsilon, zero = constants[at.EPSILON], network[at.ZERO]
    for start in range(0, padded, network[at.COLUMNS]):
        n = min(network[at.COLUMNS], padded - start)
        count = min(n, network[at.N_EXAMPLES] - start)
        present, weight = network[at.PRESENT] + start, network[at.WEIGHT] + start
        x, target = network[at.SEEN] + start, network[at.TARGET] + start
        forward(m, layers, x, padded, present, n, count, epsilon, zero, training, False)
        logits, loss = last[at.OUTPUT], network[at.LOSS]
        add_losses(m, loss, last[at.UNITS], logits, target, padded, weight, present, n, sums)
    return total(load(m, sums)), total(load(m, sums + LANES))


@compiled
def _lay_out(m, layers, network, weights):
    """Write down what is one for all members: which examples there are, and hidden kernels."""
    n_examples = network[at.N_EXAMPLES]
    for e in range(n_examples):
        m[network[at.PRESENT] + e] = _F(1)
        m[network[at.WEIGHT] + e] = weights[e] / _F(n_examples)
    for number in range(layers.shape[0] - 1):
        layer = layers[number]
        start = network[at.HIDDEN_KERNELS] + layer[at.KERNEL] - network[at.PARAMETERS]
        for k in range(layer[at.FAN_IN] * layer[at.UNITS]):
            m[start + k] = _F(1)


@compiled
def _begin(m, network, targets, parameters):
    """Write down a member's targets and the weights that it starts from; no step was taken yet."""
    for k in range(targets.shape[0]):
        for e in range(network[at.N_EXAMPLES]):
            m[network[at.TARGET] + k * network[at.N_PADDED] + e] = targets[k, e]
    for k in range(network[at.N_KEPT]):
        m[network[at.PARAMETERS] + k] = parameters[k]
    for k in range(2 * network[at.N_LEARNED]):
        m[network[at.SLOTS] + k] = _F(0)


@compiled
def _corrected(network, constants, rate, powers):
    """Return the rate of the next step; Adam's allows for how few steps its means have seen."""
    if network[at.RULE] != at.ADAM:
        return rate
    powers[0] *= np.float64(constants[at.FIRST])
    powers[1] *= np.float64(constants[at.SECOND])
    return _F(np.float64(rate) * np.sqrt(1.0 - powers[1]) / (1.0 - powers[0]))


def train_members(first, last, tables, data, members, results):
    """Train networks `first` to `last`; `run.train_piece` says what the arguments hold.

    `control`, the last of the results, holds at 0 whether to stop, and behind it how many epochs
    each member has done.
    """
    layers, network, constants = tables
    X, targets, weights, due = data
    settings, rates, numbers, seed = members
    parameters, losses, right, training_losses, snapshots, reached, diverged, control = results
    m = np.zeros(network[at.MEMORY], np.float32)
    n_examples, batch, kept = network[at.N_EXAMPLES], network[at.BATCH_SIZE], network[at.N_KEPT]
    _lay_out(m, layers, network, weights)
    powers = np.ones(2)
    order = np.empty(n_examples if batch else 0, np.int32)
    for member in range(first, last):
        mine, drop = settings[member], rates[member]
        _see(m, network, X[member % X.shape[0]], mine[at.OFFSET], mine[at.SCALE])
        _begin(m, network, targets[member % targets.shape[0]], parameters[member])
        key = _mixed(_mixed(_U(seed) + _U(1)) + _U(numbers[member] + 1))
        step, epoch = 0, 0
        powers[:] = 1.0
        for record in range(due.size):
            while epoch < due[record] and control[0] == 0:
                _shuffle(order, key, epoch)
                for start in range(0, n_examples, batch if batch else n_examples):
                    n = min(batch, n_examples - start) if batch else n_examples
                    rate = _corrected(network, constants, mine[at.RATE], powers)
                    _step(
                        m, layers, network, constants, mine, drop, key, step, rate, order, start, n
                    )
                    step += 1
                    if diverged[member] == 0 and not is_finite(m, network[at.PARAMETERS], kept):
                        diverged[member] = step
                epoch += 1
                control[1 + member] = epoch
            if epoch < due[record]:
                return
            losses[member, record], right[member, record] = _evaluate(
                m, layers, network, constants, False
            )
            if kept > network[at.N_LEARNED]:
                training_losses[member, record], _ = _evaluate(m, layers, network, constants, True)
            for k in range(kept):
                parameters[member, k] = m[network[at.PARAMETERS] + k]
                if member < snapshots.shape[0]:
                    snapshots[member, record, k] = parameters[member, k]
            reached[member] = record + 1
        if control[0] != 0:
            return

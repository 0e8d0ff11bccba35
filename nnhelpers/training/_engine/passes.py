"""Forward and back through a network in memory, for one batch."""

import numpy as np

from nnhelpers.training._engine import places as at
from nnhelpers.training._engine.functions import activate
from nnhelpers.training._engine.lanes import compiled, inlined, lanes, load, store, total
from nnhelpers.training._engine.places import LANES
from nnhelpers.training._engine.products import (
    is_wide,
    kernel_gradient,
    multiply,
    product,
    row_sums,
    wide_kernel_gradient,
)

_F, _ONE = np.float32, np.float32(1)


@compiled
def normalize_batch(m, layer, present, n, count, epsilon):
    """Standardize each unit by the moments of this batch, and keep what the way back needs."""
    units, values = layer[at.UNITS], layer[at.OUTPUT]
    share = _ONE / _F(count)
    for u in range(units):
        row, standard = values + u * n, layer[at.STANDARD] + u * n
        s = lanes(_F(0))
        for e in range(0, n, LANES):
            s = s + load(m, row + e) * load(m, present + e)
        mean = total(s) * share
        s = lanes(_F(0))
        for e in range(0, n, LANES):
            apart = (load(m, row + e) - lanes(mean)) * load(m, present + e)
            s = s + apart * apart
        variance = total(s) * share
        inverse = _ONE / np.sqrt(variance + epsilon)
        m[layer[at.MOMENTS] + u] = mean
        m[layer[at.MOMENTS] + units + u] = variance
        m[layer[at.MOMENTS] + 2 * units + u] = inverse
        gamma, beta = m[layer[at.GAMMA] + u], m[layer[at.BETA] + u]
        _standardize(m, row, standard, n, mean, inverse, gamma, beta)


@compiled
def normalize(m, layer, n, epsilon):
    """The same with the moving moments, as in inference."""
    for u in range(layer[at.UNITS]):
        row, standard = layer[at.OUTPUT] + u * n, layer[at.STANDARD] + u * n
        inverse = _ONE / np.sqrt(m[layer[at.VARIANCE] + u] + epsilon)
        mean, gamma, beta = m[layer[at.MEAN] + u], m[layer[at.GAMMA] + u], m[layer[at.BETA] + u]
        _standardize(m, row, standard, n, mean, inverse, gamma, beta)


@inlined
def _standardize(m, row, standard, n, mean, inverse, gamma, beta):
    for e in range(0, n, LANES):
        s = (load(m, row + e) - lanes(mean)) * lanes(inverse)
        store(m, standard + e, s)
        store(m, row + e, s * lanes(gamma) + lanes(beta))


@compiled
def normalize_back(m, layer, present, n, count, shift):
    """Send the gradient back through batch norm, moments included; gradients lie at + shift."""
    units, share = layer[at.UNITS], _ONE / _F(count)
    for u in range(units):
        row, standard = layer[at.BACK] + u * n, layer[at.STANDARD] + u * n
        s, t = lanes(_F(0)), lanes(_F(0))
        for e in range(0, n, LANES):
            g = load(m, row + e)
            s = s + g
            t = t + g * load(m, standard + e)
        beta, gamma = total(s), total(t)
        m[layer[at.BETA] + u + shift] = beta
        m[layer[at.GAMMA] + u + shift] = gamma
        factor = m[layer[at.GAMMA] + u] * m[layer[at.MOMENTS] + 2 * units + u]
        for e in range(0, n, LANES):
            drift = lanes(beta * share) + load(m, standard + e) * lanes(gamma * share)
            g = load(m, row + e) - drift * load(m, present + e)
            store(m, row + e, g * lanes(factor))


@compiled
def forward(m, layers, x, ldx, present, n, count, epsilon, zero, training, dropping):
    """Send a batch through; in training mode with its own moments, and dropout if `dropping`."""
    depth = layers.shape[0]
    for number in range(depth):
        layer = layers[number]
        units, fan_in, norm = layer[at.UNITS], layer[at.FAN_IN], layer[at.NORM]
        kernel, out = layer[at.KERNEL], layer[at.OUTPUT]
        if norm == at.BEFORE:
            product(m, kernel, 1, units, units, fan_in, x, ldx, n, out, n, zero, 0)
            _normalized(m, layer, present, n, count, epsilon, training)
        else:
            product(m, kernel, 1, units, units, fan_in, x, ldx, n, out, n, layer[at.BIAS], 1)
        if number < depth - 1:
            activate(layer[at.KIND], m, out, layer[at.SLOPE], units * n)
            if norm == at.BEHIND:
                _normalized(m, layer, present, n, count, epsilon, training)
            if dropping and layer[at.DROPS]:
                multiply(m, out, layer[at.MASK], units * n)
        x, ldx = out, n


@compiled
def _normalized(m, layer, present, n, count, epsilon, training):
    if training:
        normalize_batch(m, layer, present, n, count, epsilon)
    else:
        normalize(m, layer, n, epsilon)


@compiled
def backward(m, layers, network, x, ldx, present, n, count):
    """Send the error of the outputs back, and write the gradient of everything that learns."""
    shift = network[at.GRADIENTS] - network[at.PARAMETERS]
    for number in range(layers.shape[0] - 1, -1, -1):
        layer = layers[number]
        units, fan_in, back = layer[at.UNITS], layer[at.FAN_IN], layer[at.BACK]
        h, ldh = x, ldx
        if number > 0:
            h, ldh = layers[number - 1][at.OUTPUT], n
        to = layer[at.KERNEL] + shift
        if is_wide(fan_in, units):
            scratch, zero = network[at.SCRATCH], network[at.ZERO]
            wide_kernel_gradient(m, h, ldh, back, n, count, fan_in, units, to, scratch, zero)
        else:
            kernel_gradient(m, h, ldh, back, n, fan_in, units, to)
        if layer[at.NORM] != at.BEFORE:
            row_sums(m, back, n, units, layer[at.BIAS] + shift)
        if number > 0:
            _arrive(m, layers[number - 1], layer, network, present, n, count, shift)


@compiled
def _arrive(m, below, layer, network, present, n, count, shift):
    """Bring the gradient from a layer's kernel to what the kernel below it makes."""
    units, back, size = layer[at.UNITS], below[at.BACK], below[at.UNITS] * n
    kernel, zero = layer[at.KERNEL], network[at.ZERO]
    product(m, kernel, units, 1, below[at.UNITS], units, layer[at.BACK], n, n, back, n, zero, 0)
    if below[at.DROPS]:
        multiply(m, back, below[at.MASK], size)
    if below[at.NORM] == at.BEHIND:
        normalize_back(m, below, present, n, count, shift)
    multiply(m, back, below[at.SLOPE], size)
    if below[at.NORM] == at.BEFORE:
        normalize_back(m, below, present, n, count, shift)


@compiled
def move_moments(m, layers, momentum):
    """Let the moving moments follow those of the last batch."""
    for number in range(layers.shape[0] - 1):
        layer = layers[number]
        if layer[at.NORM] != at.NOWHERE:
            units, moments = layer[at.UNITS], layer[at.MOMENTS]
            for u in range(units):
                mean, variance = layer[at.MEAN] + u, layer[at.VARIANCE] + u
                m[mean] = m[mean] * momentum + m[moments + u] * (_ONE - momentum)
                m[variance] = m[variance] * momentum + m[moments + units + u] * (_ONE - momentum)

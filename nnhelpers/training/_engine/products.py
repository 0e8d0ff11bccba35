"""Products of matrices in memory, every sum in order.

Rows of examples lie one behind the other, `n` numbers each, a multiple of LANES; a kernel is read
with two strides, so that it serves forward and back.
"""

from nnhelpers.training._engine.lanes import compiled, inlined, load, spread, store, total
from nnhelpers.training._engine.places import LANES

# Kernels from this size on in both directions take their gradient example by example.
_WIDE = 16


@inlined
def _four_rows(m, w, row, inner, k, x, ldx, n, to, ldto, start, next_start):
    for e in range(0, n, LANES):
        one, two = spread(m, start), spread(m, start + next_start)
        three, four = spread(m, start + 2 * next_start), spread(m, start + 3 * next_start)
        for i in range(k):
            values, at = load(m, x + i * ldx + e), w + i * inner
            one = one + spread(m, at) * values
            two = two + spread(m, at + row) * values
            three = three + spread(m, at + 2 * row) * values
            four = four + spread(m, at + 3 * row) * values
        store(m, to + e, one)
        store(m, to + ldto + e, two)
        store(m, to + 2 * ldto + e, three)
        store(m, to + 3 * ldto + e, four)


@inlined
def _two_rows(m, w, row, inner, k, x, ldx, n, to, ldto, start, next_start):
    for e in range(0, n, LANES):
        one, two = spread(m, start), spread(m, start + next_start)
        for i in range(k):
            values, at = load(m, x + i * ldx + e), w + i * inner
            one = one + spread(m, at) * values
            two = two + spread(m, at + row) * values
        store(m, to + e, one)
        store(m, to + ldto + e, two)


@inlined
def _one_row(m, w, inner, k, x, ldx, n, to, start):
    for e in range(0, n, LANES):
        one = spread(m, start)
        for i in range(k):
            one = one + spread(m, w + i * inner) * load(m, x + i * ldx + e)
        store(m, to + e, one)


@compiled
def product(m, w, row, inner, rows, k, x, ldx, n, to, ldto, start, next_start):
    """Write start[r] + sum_i w[r, i] x[i] for each row r, i in order.

    The last rows of a number that does not divide are computed twice, to the same bits.
    """
    if rows >= 4:
        for r in range(0, rows, 4):
            r = min(r, rows - 4)
            at = start + r * next_start
            _four_rows(
                m, w + r * row, row, inner, k, x, ldx, n, to + r * ldto, ldto, at, next_start
            )
    elif rows >= 2:
        for r in range(0, rows, 2):
            r = min(r, rows - 2)
            at, v, out = start + r * next_start, w + r * row, to + r * ldto
            _two_rows(m, v, row, inner, k, x, ldx, n, out, ldto, at, next_start)
    else:
        _one_row(m, w, inner, k, x, ldx, n, to, start)


@compiled
def kernel_gradient(m, h, ldh, g, n, fan_in, units, to):
    """Write sum_e h[i, e] g[u, e] at to + i * units + u, in lanes over the examples."""
    for i in range(0, fan_in, 2):
        i = max(0, min(i, fan_in - 2))
        h1 = h + i * ldh
        h2 = h + min(i + 1, fan_in - 1) * ldh
        to1, to2 = to + i * units, to + min(i + 1, fan_in - 1) * units
        for u in range(0, units, 2):
            u = max(0, min(u, units - 2))
            v = min(u + 1, units - 1)
            g1, g2 = g + u * n, g + v * n
            a, b = load(m, h1) * load(m, g1), load(m, h1) * load(m, g2)
            c, d = load(m, h2) * load(m, g1), load(m, h2) * load(m, g2)
            for e in range(LANES, n, LANES):
                first, second = load(m, h1 + e), load(m, h2 + e)
                left, right = load(m, g1 + e), load(m, g2 + e)
                a = a + first * left
                b = b + first * right
                c = c + second * left
                d = d + second * right
            m[to1 + u] = total(a)
            m[to1 + v] = total(b)
            m[to2 + u] = total(c)
            m[to2 + v] = total(d)


@compiled
def wide_kernel_gradient(m, h, ldh, g, n, present, fan_in, units, to, scratch, zero):
    """The same for wide layers, example after example: g is turned around first."""
    for u in range(units):
        for e in range(present):
            m[scratch + e * units + u] = m[g + u * n + e]
    for start in range(0, units, LANES):
        start = min(start, units - LANES)
        product(
            m, h, ldh, 1, fan_in, present, scratch + start, units, LANES, to + start, units, zero, 0
        )


@compiled
def row_sums(m, g, n, rows, to):
    """Write the sum of each row."""
    for r in range(rows):
        at = g + r * n
        s = load(m, at)
        for e in range(LANES, n, LANES):
            s = s + load(m, at + e)
        m[to + r] = total(s)


@compiled
def multiply(m, values, factors, count):
    """Multiply values in memory by factors."""
    for k in range(0, count, LANES):
        store(m, values + k, load(m, values + k) * load(m, factors + k))


@inlined
def is_wide(fan_in, units):
    """Whether a kernel is wide enough to turn its gradients around."""
    return fan_in >= _WIDE and units >= _WIDE

"""The engine's own functions against the records and against NumPy."""

import numpy as np
import pytest
from numba import njit

from nnhelpers.activations import ACTIVATIONS
from nnhelpers.training._engine import elementary, functions
from nnhelpers.training._engine.lanes import load, store
from nnhelpers.training._engine.places import KINDS, LANES

EPS = np.finfo(np.float32).eps
# Where functions bend, close to it, and far out; a multiple of LANES.
Z = np.concatenate(
    [np.linspace(-12, 12, 4_081), [-80, -20, 20, 80], np.logspace(-8, -1, 11)]
).astype(np.float32)


@pytest.fixture(scope="module")
def sent():
    """Return values and slopes of an activation at Z."""

    def send(name):
        memory = np.concatenate([Z, np.zeros_like(Z)])
        functions.activate(KINDS[name], memory, 0, len(Z), len(Z))
        return memory[: len(Z)], memory[len(Z) :]

    return send


def test_the_grid_fills_whole_lanes():
    assert len(Z) % LANES == 0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_and_its_slope_are_those_of_the_record(name, sent):
    record, (value, slope) = ACTIVATIONS[name], sent(name)
    z = Z.astype(np.float64)
    # A handful of roundings of numbers of the value's and of z's own size.
    size = 1 + np.abs(record.value(z))
    np.testing.assert_array_less(np.abs(value - record.value(z)) / size, 8 * EPS)
    kinks = np.isin(Z, np.float32([k for k in record.kinks if k != 0]))
    size = 1 + np.abs(record.derivative(z))
    apart = np.abs(slope - record.derivative(z)) / size
    np.testing.assert_array_less(apart[~kinks], 8 * EPS)


@pytest.mark.parametrize("name", ["tanh", "elu", "selu", "softsign", "silu", "gelu"])
def test_small_signals_keep_their_digits(name, sent):
    value, _ = sent(name)
    small = (np.abs(Z) < 0.1) & (Z != 0)
    expected = ACTIVATIONS[name].value(Z[small].astype(np.float64))
    np.testing.assert_allclose(value[small], expected, rtol=8 * EPS)


def test_what_is_no_number_stays_none():
    for name, kind in KINDS.items():
        memory = np.full(2 * LANES, np.nan, np.float32)
        functions.activate(kind, memory, 0, LANES, LANES)
        assert np.isnan(memory[:LANES]).all(), name


@njit
def over(function, memory):
    for k in range(0, len(memory), 16):
        store(memory, k, function(load(memory, k)))


@pytest.mark.parametrize(
    ("ours", "theirs", "points"),
    [
        (elementary.exponential, np.exp, np.linspace(-86, 87, 4_096)),
        (elementary.logarithm, np.log, np.logspace(-30, 30, 4_096)),
        (elementary.less_one, np.expm1, np.linspace(-1, 1, 4_096)),
        (elementary.soft_plus, lambda x: np.logaddexp(0, x), np.linspace(-80, 80, 4_096)),
    ],
    ids=["exp", "log", "expm1", "softplus"],
)
def test_functions_are_right_to_a_few_roundings(ours, theirs, points):
    memory = points.astype(np.float32)
    expected = theirs(memory.astype(np.float64))
    over(ours, memory)
    np.testing.assert_allclose(memory, expected, rtol=4 * EPS, atol=EPS * 1e-30)

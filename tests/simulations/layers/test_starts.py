"""Starts of deep networks: born dead, held to exact laws and bounds, and LSUV's variances of 1."""

from functools import partial

import numpy as np
import pytest
from simulations import held

from nnhelpers import activations, datasets, initializers, networks, simulations, theory
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations import BornDead, simulate_born_dead
from nnhelpers.simulations.layers import starts as module

DRAWS = 10_000
NAMES = list(activations.COMMON)
ROUNDING = 1e-12
allowed = partial(held.allowed, draws=DRAWS)


def up_to(width, depth, initializer="he_normal"):
    return MLPSpec(units=(width,) * depth, kernel_initializer=initializer)


FEW = {"width": 2, "depth": 4, "draws": 1}


def assert_between(result):
    low, high = result.lowest, result.highest
    assert (result.share >= low - allowed(low, draws=result.draws)).all()
    assert (result.share <= high + allowed(high, draws=result.draws)).all()


def test_on_both_sides_of_zero_the_share_lies_between_the_bounds(monkeypatch):
    # Of 10,000 networks, in many blocks.
    monkeypatch.setattr(module, "_BLOCK", 20_000)
    result = simulate_born_dead(width=6, seed=1)
    assert_between(result)
    # Nobody is dead in the first layer, and with two the lower bound is exact.
    np.testing.assert_array_equal(result.share[0], 0)
    exact = result.lowest[1]
    assert (np.abs(result.share[1] - exact) <= allowed(exact)).all()


def test_numbers_of_the_map():
    # Measured over 200,000 networks, whose own error is added: 0.1565, 0.6215, 0.9100, 0.9950.
    measured = {2: 0.1565, 5: 0.6215, 10: 0.9100, 20: 0.9950}
    result = simulate_born_dead(width=2, depth=20, seed=5)
    expected = np.array(list(measured.values()))
    gap = np.abs(result.share[np.array(list(measured)) - 1, -1] - expected)
    assert (gap <= np.hypot(allowed(expected), allowed(expected, draws=200_000))).all()


def test_the_bounds_meet_where_the_law_is_exact_and_stay_below_that_of_one_side():
    for depth in range(1, 30):
        one = theory.born_dead_bounds(1, depth=depth)
        assert one == pytest.approx((1 - 0.5 ** (depth - 1),) * 2)
        for width in range(1, 9):
            low, high = theory.born_dead_bounds(width, depth=depth)
            assert 0 <= low <= high + 1e-12 <= 1 - (1 - 0.5**width) ** depth + 2e-12
    assert theory.born_dead_bounds(2, depth=1) == (0, 0)


def one_network(seed, width, depth):
    """The network that one draw makes, drawn anew layer by layer."""
    rng, record = np.random.default_rng([seed, width]), initializers.INITIALIZERS["he_normal"]
    fans = [1, *[width] * depth]
    kernels = [record.draw(rng, draws=1, fan_in=fan, fan_out=width)[0] for fan in fans[:-1]]
    biases = (*[np.zeros(width)] * depth, np.zeros(1))
    return Weights(kernels=(*kernels, np.ones((width, 1))), biases=biases)


def test_the_dead_are_those_whose_output_is_the_same_for_every_example():
    X, y = np.linspace(-2, 2, 20)[:, np.newaxis], np.arange(20) % 3 // 2
    dead, constant = [], []
    for seed in range(60):
        network = one_network(seed, 2, 4)
        dead.append(simulate_born_dead(**FEW, seed=seed).share[-1, -1] == 1)
        passed = networks.backward_pass(X, y, network, activation="relu")
        constant.append(np.ptp(passed.forward.logits) == 0)
        if dead[-1]:
            assert all((kernel == 0).all() for kernel in passed.kernels)
            assert all((bias == 0).all() for bias in passed.biases[:-1])
            assert (passed.biases[-1] != 0).all()
    assert dead == constant
    assert 5 < sum(dead) < 55


def test_numbers_do_not_run_out_on_the_way_through_thousands_of_layers():
    # A narrow layer of He's weights shrinks most networks by 8 %: 0.92^12000 is below the smallest
    # number.
    died = module._layers_of_death(16, 12_000, draws=20, seed=0)
    _, highest = theory.born_dead_bounds(16, depth=12_000)
    assert np.mean(died <= 12_000) <= highest + allowed(highest, draws=20)


def test_a_width_does_not_depend_on_others_and_all_draws_are_counted(monkeypatch):
    three, four = (simulate_born_dead(width=n, depth=6, draws=100).share for n in (3, 4))
    np.testing.assert_array_equal(three, four[:, :3])
    monkeypatch.setattr(module, "_BLOCK", 64)
    assert len(module._layers_of_death(3, 2, draws=101, seed=0)) == 101
    assert simulate_born_dead(width=3, depth=2, draws=101).draws == 101


def test_an_architecture_of_the_map_says_how_many_are_dead_and_others_are_refused():
    map_by_hand = BornDead(
        depths=(1, 10),
        widths=(2, 8),
        share=np.array([[0.0, 0.0], [0.91, 0.012]]),
        lowest=np.array([[0.0, 0.0], [0.89, 0.001]]),
        highest=np.array([[0.0, 0.0], [0.925, 0.035]]),
        draws=100,
    )
    place = map_by_hand.at(width=2, depth=10)
    assert (place.share, place.bounds) == (0.91, (0.89, 0.925))
    assert place.standard_error == pytest.approx(np.sqrt(0.91 * 0.09 / 100))
    words = "10 layers of 2: 91% of networks are born dead, by law between 89% and 92%"
    assert place.summary() == words
    exact = "1 layer of 8: 0% of networks are born dead, by law 0%"
    assert map_by_hand.at(width=8, depth=1).summary() == exact
    with pytest.raises(ValueError, match="width must be one of 2, 8, got 3"):
        map_by_hand.at(width=3, depth=10)
    with pytest.raises(ValueError, match="depth must be one of 1, 10, got 2"):
        map_by_hand.at(width=2, depth=2)


def variances(X, weights, activation):
    passed = networks.forward_pass(X, weights, activation=activation)
    return np.array([z.var(axis=(-2, -1)) for z in passed.pre_activations]).T


@pytest.fixture(scope="module")
def pixels():
    X = datasets.load_digits().X[:80]
    return X / np.sqrt(np.mean(X**2))


@pytest.fixture(scope="module")
def starts(pixels):
    return simulations.simulate_starts(pixels, draws=10)


def test_lsuv_keeps_every_activation_and_the_others_few(starts):
    kept = dict(zip(starts.starts, starts.keeps.T, strict=True))
    # The bar is 10 %; one division is exact, whatever the activation.
    np.testing.assert_allclose(starts.variances[:, 3], 1, rtol=ROUNDING)
    assert kept["LSUV"].all()
    # LeCun's variance keeps a linear network, and SELU was made for it; few units blur that.
    assert set(np.array(NAMES)[kept["orthogonal"]]) in ({"linear"}, {"linear", "selu"})
    assert kept["glorot_uniform"].sum() <= 2
    assert starts.variances.shape == (len(NAMES), 5, 10, 10)


def test_starts_are_measured_on_the_examples_that_lsuv_saw_and_on_others(starts, pixels):
    spec, row = up_to(64, 10, "orthogonal"), starts.variances[NAMES.index("silu")]
    drawn = networks.draw(spec, n_features=64, draws=10)
    glorot = networks.draw(up_to(64, 10, "glorot_uniform"), n_features=64, draws=10)
    he = networks.draw(up_to(64, 10), n_features=64, draws=10)
    for found, weights in zip(row, (glorot, he, drawn), strict=False):
        np.testing.assert_allclose(found, variances(pixels[::2], weights, "silu"), rtol=1e-9)
    scaled = module._scaled(pixels[::2], drawn, activation="silu")
    np.testing.assert_allclose(row[4], variances(pixels[1::2], scaled, "silu"), rtol=1e-9)
    for old, new in zip(drawn.kernels, scaled.kernels, strict=True):
        factors = new / old
        first = np.broadcast_to(factors[:, :1, :1], factors.shape)
        np.testing.assert_allclose(factors, first, rtol=ROUNDING)


def test_the_table_tells_lowest_and_highest_layer_and_marks_what_is_kept():
    made = simulations.Starts(
        starts=("he_normal", "LSUV"),
        activations=("relu", "tanh"),
        variances=np.array([[[[2.0, 0.004]], [[1.0, 1.0]]], [[[1.05, 0.95]], [[0.89, 1]]]]),
    )
    assert repr(made).splitlines() == [
        "variance of z, lowest to highest of 2 layers (medians of 1 networks, 64 wide); "
        "✓ all within 10 % of 1",
        "activation     he_normal           LSUV",
        "relu        0.00400–2.00           1.00  ✓",
        "tanh          0.950–1.05  ✓  0.890–1.00",
    ]

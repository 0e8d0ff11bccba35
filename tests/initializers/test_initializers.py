"""NumPy's weight draws against Keras's, in distribution."""

import keras
import numpy as np
import pytest
from keras.src.initializers import ALL_OBJECTS_DICT as KNOWN_TO_KERAS

from nnhelpers import initializers
from nnhelpers.initializers import (
    INITIALIZERS,
    Constant,
    Identity,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)

FAN_IN, FAN_OUT = 400, 250
SIZE = FAN_IN * FAN_OUT
# Chance of a normal variable beyond four standard errors: what every bound here allows.
TAIL = 6.3e-5
KERAS = keras.initializers
CONFIGURED = [
    KERAS.Constant(0.3),
    KERAS.RandomUniform(-1.0, 0.5, seed=1),
    KERAS.RandomNormal(mean=0.5, stddev=0.2, seed=2),
    KERAS.TruncatedNormal(mean=-0.1, stddev=0.3, seed=3),
    KERAS.GlorotUniform(seed=4),
    KERAS.HeNormal(seed=7),
    KERAS.VarianceScaling(scale=3.0, mode="fan_out", distribution="untruncated_normal", seed=10),
    KERAS.VarianceScaling(scale=0.5, mode="fan_avg", distribution="truncated_normal", seed=11),
    KERAS.VarianceScaling(scale=2.0, mode="fan_in", distribution="uniform", seed=12),
    KERAS.Orthogonal(gain=1.5, seed=13),
]
# The oldest version allowed does not make filters for sound.
REFUSED = {"STFT", "STFTInitializer", "stft", "Initializer", "initializer"} & {*KNOWN_TO_KERAS}


def draw(record, *, seed=0, draws=1, fan_in=FAN_IN, fan_out=FAN_OUT):
    return record.draw(np.random.default_rng(seed), draws=draws, fan_in=fan_in, fan_out=fan_out)


def largest_gap(a, b):
    """Return the largest distance of two samples' distribution functions (Kolmogorov-Smirnov)."""
    a, b = np.sort(a.ravel()), np.sort(b.ravel())
    both = np.concatenate([a, b])
    gap = np.searchsorted(a, both, side="right") - np.searchsorted(b, both, side="right")
    return np.abs(gap).max() / a.size


def assert_same_distribution(ours, theirs):
    """Compare two samples of SIZE numbers by moments and distribution function.

    The bounds are those of independent numbers; an orthogonal kernel's vary together, less.
    """
    spread = theirs.std()
    excess = np.mean((theirs - theirs.mean()) ** 4) - spread**4
    assert abs(ours.mean() - theirs.mean()) <= 4 * spread * np.sqrt(2 / SIZE) + 1e-7
    assert abs(ours.var() - theirs.var()) <= 4 * np.sqrt(2 * excess / SIZE) + 1e-7
    # Dvoretzky, Kiefer and Wolfowitz, for two samples; Keras's numbers are rounded to float32.
    assert largest_gap(ours.astype(np.float32), theirs) <= np.sqrt(np.log(2 / TAIL) / SIZE)


def seeded(name):
    """Return Keras's initializer of that name, with a seed where it takes one."""
    initializer = KNOWN_TO_KERAS[name]()  # `keras.initializers.get` fails at "constant"
    config = initializer.get_config()
    return type(initializer).from_config(config | ({"seed": 20} if "seed" in config else {}))


@pytest.mark.parametrize(
    "theirs", CONFIGURED, ids=[f"{i}_{type(each).__name__}" for i, each in enumerate(CONFIGURED)]
)
def test_a_configured_keras_initializer_is_drawn_alike(theirs):
    record = initializers.find_initializer(theirs)
    assert record == initializers.from_config(type(theirs).__name__, theirs.get_config())
    assert_same_distribution(draw(record), np.asarray(theirs((FAN_IN, FAN_OUT))))


@pytest.mark.parametrize("name", sorted({*INITIALIZERS} - {"orthogonal", "identity"}))
def test_a_bias_is_drawn_as_keras_draws_one(name):
    ours = INITIALIZERS[name].draw_bias(np.random.default_rng(0), draws=1, units=SIZE)
    assert ours.shape == (1, SIZE)
    assert_same_distribution(ours, np.asarray(seeded(name)((SIZE,))))


@pytest.mark.parametrize("theirs", CONFIGURED, ids=range(len(CONFIGURED)))
def test_weights_have_the_mean_and_the_standard_deviation_that_their_record_says(theirs):
    record = initializers.from_config(type(theirs).__name__, theirs.get_config())
    weights = draw(record, draws=5)
    mean, std = record.weight_mean, record.std(fan_in=FAN_IN, fan_out=FAN_OUT)
    squares, error = (weights - mean) ** 2, 4 / np.sqrt(weights.size)
    rounding = 1e-9 * abs(mean)  # of a constant
    assert abs(weights.mean() - mean) <= error * std + rounding
    # An orthogonal kernel's squares add up to whole columns: rounding is all that is left.
    assert abs(squares.mean() - std**2) <= error * squares.std() + rounding**2


@pytest.mark.parametrize(("fan_in", "fan_out"), [(5, 5), (7, 3), (3, 7), (1, 4)])
def test_the_fewer_of_rows_and_columns_are_orthogonal_and_of_the_length_of_the_gain(
    fan_in, fan_out
):
    kernels = draw(Orthogonal(gain=1.5), draws=50, fan_in=fan_in, fan_out=fan_out)
    tall = kernels if fan_in >= fan_out else kernels.transpose(0, 2, 1)
    products = tall.transpose(0, 2, 1) @ tall
    rounding = 100 * np.finfo(float).eps
    np.testing.assert_allclose(
        products, np.broadcast_to(1.5**2 * np.eye(tall.shape[2]), products.shape), atol=rounding
    )


@pytest.mark.parametrize(("fan_in", "fan_out"), [(3, 2), (2, 3), (3, 3)])
def test_every_weight_of_an_orthogonal_kernel_of_three_rows_or_columns_is_uniform(fan_in, fan_out):
    # Archimedes: the heights of points on a sphere are spread evenly.
    draws = 5_000
    kernels = draw(Orthogonal(), draws=draws, fan_in=fan_in, fan_out=fan_out)
    shares = (np.arange(draws) + 0.5) / draws
    for weights in np.sort(kernels.reshape(draws, -1), axis=0).T:
        gap = np.abs((1 + weights) / 2 - shares).max()
        assert gap <= np.sqrt(np.log(2 / TAIL) / (2 * draws)) + 0.5 / draws


@pytest.mark.parametrize(("fan_in", "fan_out"), [(3, 3), (4, 2), (2, 5)])
def test_identity_is_that_of_keras_number_by_number(fan_in, fan_out):
    theirs = KERAS.Identity(gain=-1.5)
    ours = draw(initializers.find_initializer(theirs), draws=2, fan_in=fan_in, fan_out=fan_out)
    np.testing.assert_array_equal(ours, [theirs((fan_in, fan_out))] * 2)


@pytest.mark.parametrize("record", [Identity(), Orthogonal()], ids=["identity", "orthogonal"])
def test_what_needs_rows_and_columns_draws_no_bias(record):
    with pytest.raises(ValueError, match=r"bias initializer must not be (identity|orthogonal)"):
        record.draw_bias(np.random.default_rng(0), draws=1, units=3)


@pytest.mark.parametrize("record", INITIALIZERS.values(), ids=INITIALIZERS)
def test_a_draw_has_the_asked_shape_and_repeats_with_its_seed(record):
    first = draw(record, seed=3, draws=5, fan_in=3, fan_out=2)
    assert first.shape == (5, 3, 2)
    np.testing.assert_array_equal(first, draw(record, seed=3, draws=5, fan_in=3, fan_out=2))
    if not isinstance(record, Constant | Identity):
        assert len(np.unique(first)) == first.size


@pytest.mark.parametrize("name", sorted({*KNOWN_TO_KERAS} - REFUSED))
def test_every_name_of_keras_is_drawn_as_keras_would(name):
    record = initializers.find_initializer(name)
    theirs = KNOWN_TO_KERAS[name]()
    assert record == initializers.from_config(type(theirs).__name__, theirs.get_config())


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_draws_no_kernel_is_refused(name):
    with pytest.raises(ValueError, match=r"initializer must be one of .* to be drawn in bulk, got"):
        initializers.find_initializer(KNOWN_TO_KERAS[name]())


@pytest.mark.parametrize("name", sorted({"xavier", *REFUSED}))
def test_an_unknown_initializer_is_named_beside_the_known_ones(name):
    with pytest.raises(ValueError, match=f"initializer .*'he_normal'.*got '{name}'"):
        initializers.find_initializer(name)


@pytest.mark.parametrize(
    "which", [None, 3, np.ones(2), KERAS.HeNormal, RandomNormal, np.tanh], ids=range(6)
)
def test_what_is_no_initializer_is_refused(which):
    with pytest.raises(TypeError, match="initializer must be a Keras name or a record, got"):
        initializers.find_initializer(which)


class Checkered(KERAS.HeNormal):
    """An initializer of a reader's own."""


class Mine(initializers.Initializer):
    """Another one, which is a record."""


def test_what_keras_alone_can_draw_is_refused_in_bulk():
    with pytest.raises(ValueError, match=r"HeNormal.*Orthogonal.*in bulk, got Checkered"):
        initializers.find_initializer(Checkered())


def test_axes_of_its_own_are_refused_in_bulk():
    # Before version 3.15 Keras's own did not have them.
    with pytest.raises(ValueError, match=r"have input_axes=None to be drawn in bulk, got \(1,\)"):
        initializers.from_config("HeNormal", {"seed": None, "input_axes": (1,)})


def test_a_constant_that_is_an_array_is_refused():
    with pytest.raises(TypeError, match=r"value must be a number, got .*1\.0, 2\.0"):
        initializers.find_initializer(KERAS.Constant(np.array([1.0, 2.0])))


@pytest.mark.parametrize(
    ("which", "seed"),
    [
        (KERAS.HeNormal(seed=7), 7),
        (KERAS.Orthogonal(seed=0), 0),
        (KERAS.HeNormal(), None),
        (KERAS.Zeros(), None),
        ("he_normal", None),
        (RandomNormal(), None),
    ],
)
def test_a_seed_is_read_off_where_there_is_one(which, seed):
    assert initializers.seed_of(which) == seed


def test_a_seed_that_is_no_whole_number_is_refused():
    for seed, got in ((keras.random.SeedGenerator(3), "SeedGenerator"), (True, "True")):
        with pytest.raises(ValueError, match=f"seed must be a whole number or None, got {got}"):
            initializers.seed_of(KERAS.HeNormal(seed=seed))


@pytest.mark.parametrize("minval", [0.2, -np.inf])
def test_a_range_is_finite_and_does_not_run_backwards(minval):
    with pytest.raises(ValueError, match=f"minval must .*{minval}"):
        RandomUniform(minval=minval, maxval=0.1)


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("he_normal", "he_normal"),
        ("HeNormal", "HeNormal"),
        (RandomNormal(stddev=1.0), "N(0, 1)"),
        (RandomNormal(mean=2.0, stddev=0.01), "N(2, 0.01²)"),
        (TruncatedNormal(stddev=0.3), "N(0, 0.3²) cut at ±2σ"),
        (RandomUniform(minval=-1, maxval=0.5), "uniform on [-1, 0.5]"),
        (VarianceScaling(scale=2.0, mode="fan_out"), "Var(w) = 2/fan_out"),
        (Constant(value=0.5), "all 0.5"),
        (Orthogonal(), "orthogonal"),
        (Orthogonal(gain=2.0), "2 × orthogonal"),
        (Identity(), "identity"),
        (Identity(gain=0.5), "0.5 × identity"),
        (KERAS.HeNormal(seed=1), "Var(w) = 2/fan_in"),
        (KERAS.RandomNormal(stddev=0.2), "N(0, 0.2²)"),
        (KERAS.TruncatedNormal(mean=1), "N(1, 0.05²) cut at ±2σ"),
        (KERAS.Zeros(), "all 0"),
        (KERAS.Identity(gain=3), "3 × identity"),
        (Mine(), "Mine"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_an_initializer_is_described_in_few_words(which, words):
    assert initializers.describe_initializer(which) == words


def test_weights_of_one_value_vary_by_the_noise_alone():
    assert (draw(initializers.constant_with_noise(0.5)) == 0.5).all()
    noisy = draw(initializers.constant_with_noise(0.5, noise=0.01))
    # Standard errors of the mean and of the standard deviation of normal numbers.
    assert noisy.mean() == pytest.approx(0.5, abs=4 * 0.01 / np.sqrt(noisy.size))
    assert noisy.std() == pytest.approx(0.01, abs=4 * 0.01 / np.sqrt(2 * noisy.size))
    for wrong, name in (({"value": np.inf}, "value"), ({"value": 1, "noise": -1e-6}, "noise")):
        with pytest.raises(ValueError, match=f"{name} must be finite"):
            initializers.constant_with_noise(**wrong)

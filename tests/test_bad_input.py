"""Bad input is named with the argument, before any work; other forms of good input work alike."""

import dataclasses
import inspect
import re

import numpy as np
import pytest
from bad_input import CALLS

ALWAYS = {"nothing of the kind": object(), "a text": "three"}
ONE_NUMBER = {**ALWAYS, "NaN": np.nan, "numbers": np.zeros(3), "a complex number": 1j}
BAD = {
    bool: ALWAYS,
    int: {**ONE_NUMBER, "a fraction": 2.5, "a list": [1.5, 2.5], "True": True},
    float: ONE_NUMBER,
    str: {"nothing of the kind": object(), "a text": "three", "a number": 3, "a list": ["relu", 3]},
    np.ndarray: {
        **ALWAYS,
        "rows of two lengths": [[1.0], [1.0, 2.0]],
        "texts": np.array(["a", "b"]),
        "objects": np.array([None, object()]),
    },
    object: {**ALWAYS, "a number": 3, "numbers": np.zeros((3, 2))},
}
# What the message calls the thing in place of the argument's name.
ALIASES = {"name": "activation", "which": "initializer"}
# Where these are no bad input: one for all, or for each of several.
FINE = {("MLPSpec", "units", "a number")}


def kind_of(good):
    return next(kind for kind in BAD if isinstance(good, kind))


def cases():
    for call, good in CALLS.items():
        for argument, value in good.items():
            for name, bad in BAD[kind_of(value)].items():
                if not is_fine(call, argument, name):
                    yield pytest.param(call, argument, bad, id=f"{call.__name__}-{argument}-{name}")


def several(call, argument) -> bool:
    """Whether an argument takes one number or several."""
    wanted = str(inspect.signature(call).parameters[argument].annotation)
    return re.search(r"ArrayLike|Sequence|tuple|_Buffer|ndarray|Supports", wanted) is not None


def is_fine(call, argument, name):
    if name in ("numbers", "a list", "a fraction") and several(call, argument):
        return True
    return (call.__name__, argument, name) in FINE


@pytest.mark.parametrize(("call", "argument", "bad"), list(cases()))
def test_bad_input_is_refused_with_the_name_of_the_argument(call, argument, bad):
    named = f"{argument}|{ALIASES.get(argument, argument)}"
    with pytest.raises((ValueError, TypeError), match=named):
        call(**CALLS[call] | {argument: bad})


# The least whole number, by argument, or call and argument, where it is not 1.
LEAST = {
    0: """seed epochs step drift_lag.steps expected_moving_mean.steps expected_moving_variance.steps
        moving_mean_noise.steps moving_variance_noise.steps start_share.steps
        sabotage.number exam.number""",
    2: """UnitBatch.n_examples make_rings.n_examples simulate_variance_shift.n_examples
        overlap_std.n_features simulate_batch_noise.batches simulate_dot_product.draws
        simulate_slopes.draws normalized_moments.batch_size
        expected_moving_variance.batch_size moving_mean_noise.batch_size
        moving_variance_noise.batch_size
        simulate_moving_statistics.batch_size""",
    4: "normalized_gradient_growth.batch_size simulate_gradient_growth.batch_size",
    10: "make_circles.n_examples",
}
# Of some numbers those that are refused; the others of them are not.
OUT_OF = {
    "finite": {np.inf},
    "not negative": {np.inf, -0.1},
    "positive": {np.inf, -0.1, 0.0},
    "0 to 1": {np.inf, -0.1, 1.5},
    "0 to below 1": {np.inf, -0.1, 1.5, 1.0},
    "between 0 and 1": {np.inf, -0.1, 1.5, 1.0, 0.0},
}
RANGES = {
    "finite": "Identity.gain",
    "not negative": """bias_variance input_square input_variance l1 l2 noise stddev
        threshold weight_variance UnitBatch.std draw.gain train.gain
        activation_variance.variance
        expected_activation.variance expected_square.variance Number.bet""",
    "positive": """below epsilon factor gain high learning_rate max_norm mean_over_std scale std
        std_w std_y step target variance width within rescale.by""",
    "0 to 1": "equivalent_offset.correlation learning_curve.threshold Share.bet mislabel.share",
    "0 to below 1": "dropout momentum rate",
    "between 0 and 1": "simulate_descent.rate split.test_share",
}
# What depends on another argument, or may be counted from the end.
APART = """RandomUniform.minval Number.low normalization_groups.n_channels train_many.draws
    simulate_batch_noise.n_units
    layer_correlations.input_correlation active_examples_pmf.mean_over_std
    percentile_history.layer percentile_history.unit column_history.layer"""
NUMBERS = [
    pytest.param(call, argument, id=f"{call.__name__}.{argument}")
    for call, good in CALLS.items()
    for argument, value in good.items()
    if type(value) in (int, float) and f"{call.__name__}.{argument}" not in APART.split()
]


def listed(table, call, argument, default):
    where = {name: kind for kind, names in table.items() for name in names.split()}
    return where.get(f"{call.__name__}.{argument}", where.get(argument, default))


def refusal(call, argument, number):
    try:
        call(**CALLS[call] | {argument: number})
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("call", "argument"), NUMBERS)
def test_numbers_beyond_the_ends_of_a_range_are_refused_and_the_ends_are_not(call, argument):
    if type(CALLS[call][argument]) is int:
        least = listed(LEAST, call, argument, 1)
        numbers, expected = (least - 1, least), {least - 1}
    else:
        numbers = (np.inf, -0.1, 0.0, 1.0, 1.5)
        expected = OUT_OF[listed(RANGES, call, argument, "finite")]
    refused = {n: text for n in numbers if (text := refusal(call, argument, n))}
    assert set(refused) == expected
    assert all(argument in text for text in refused.values())


class Frame:
    """Anything that NumPy can read, such as a table of pandas."""

    def __init__(self, values):
        self._values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self._values, dtype=dtype)


def same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if np.asarray(one).dtype.kind in "iuf":
        return np.allclose(one, other, rtol=1e-5, atol=1e-6, equal_nan=True)
    return np.array_equal(one, other)


ARRAYS = [(c, a) for c, good in CALLS.items() for a in good if isinstance(good[a], np.ndarray)]
# Numbers between 0 and 1, of which whole ones would be no good input.
SHARES = ("share", "fraction", "l2", "factors", "learning_rate", "gain", "scale")
WHOLE = {"factors": np.array([1.0, 2.0])}
FORMS = {
    "a list": np.ndarray.tolist,
    "a frame": Frame,
    "float32": lambda array: array.astype(np.float32),
    "whole numbers": lambda array: array.astype(np.int64),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("call", "argument"), ARRAYS, ids=lambda v: getattr(v, "__name__", v))
def test_other_forms_of_an_array_give_the_same(call, argument, form):
    good = CALLS[call]
    array = good[argument]
    if form == "whole numbers":
        array = (
            np.ceil(array) if argument not in SHARES else WHOLE.get(argument, np.ones_like(array))
        )
    if form == "float32":
        array = array.astype(np.float32)
    result = call(**good | {argument: FORMS[form](array)})
    assert same(result, call(**good | {argument: array.astype(np.float64)}))

"""What measures refuse beyond what `tests/test_bad_input.py` does: shapes, NaN and what depends."""

from functools import partial

import numpy as np
import pytest

from nnhelpers import measures
from nnhelpers.measures import BATCH, GROUP, LAYER

groups_of = measures.normalization_groups
DENSE = {"n_examples": 5, "n_channels": 4}
VALUES, GROUPS = np.ones((5, 1, 4)), groups_of(BATCH, **DENSE)
ALONE = "must average over two numbers or more, got one in each group"
ONES = np.ones((4, 2))
NAN = " must hold numbers, got NaN"
REFUSALS = [
    (partial(measures.active_fraction, np.zeros(3)), r"z must have shape .*got \(3,\)"),
    (partial(measures.active_fraction, np.zeros((0, 3))), r"z must have shape .*got \(0, 3\)"),
    (partial(measures.unit_status, [0.5, np.nan]), r"fraction must lie in \[0, 1\], got .*nan"),
    (
        partial(measures.conditioning, np.ones((5, 1)), offsets=[0]),
        "X must have features that vary",
    ),
    (partial(measures.best_line_accuracy, np.zeros((4, 3)), np.zeros(4)), r"X must .*, 2\), got"),
    (partial(measures.best_line_accuracy, np.zeros((3, 2)), [0, 1]), r"y must have shape \(3,\)"),
    (partial(measures.best_line_accuracy, np.zeros((2, 2)), [0, 2]), "y must hold classes 0 and 1"),
    (partial(measures.same_direction_share, [1.0, 2]), r"gradient must .*fan_in, .*got \(2,\)"),
    (partial(measures.same_direction_share, [[1.0, 2]]), r"gradient must .*fan_in, .*got \(1, 2\)"),
    (partial(measures.largest_stable_rate, ONES, batch_size=5), "between 1 and 4, got 5"),
    (partial(measures.largest_stable_rate, ONES, batch_size=1), "X must have features that do"),
    (partial(measures.zones, [], activation="relu"), "z must hold at least one"),
    (partial(measures.zone_shares, [np.nan], activation="relu"), f"z{NAN}"),
    (partial(measures.zone_intervals, "exponential"), "must have a largest slope, .*'exponential'"),
    (partial(measures.profile, [0.0], activation="exponential"), "must have a largest slope"),
    (partial(groups_of, LAYER, **DENSE, n_groups=2), "n_groups must be given for group .* got 2"),
    (partial(groups_of, GROUP, **DENSE), "n_groups must be given .* got None for group norm"),
    (partial(groups_of, GROUP, **DENSE, n_groups=3), "n_groups must divide the 4 channels .*got 3"),
    (partial(groups_of, GROUP, **DENSE, n_groups=4), f"group norm of 5 × 1 × 4 .*{ALONE}"),
    (partial(groups_of, BATCH, n_examples=1, n_channels=4), f"batch norm of 1 × 1 × 4 .*{ALONE}"),
    (partial(measures.normalized, VALUES[0], groups=GROUPS), r"\(5, 1, 4\), got shape \(1"),
    (partial(measures.normalized, VALUES * np.nan, groups=GROUPS), "values must be finite"),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS, ids=range(len(REFUSALS)))
def test_bad_input_is_named_with_what_is_allowed(call, message):
    with pytest.raises(ValueError, match=message):
        call()

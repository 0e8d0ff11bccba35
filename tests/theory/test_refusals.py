"""What the laws refuse beyond what `tests/test_bad_input.py` does: shapes, NaN and what depends."""

from functools import partial

import numpy as np
import pytest

from nnhelpers import theory

errors = partial(theory.error_variances, "tanh")
lengths = theory.correlation_length
REFUSALS = [
    (partial(errors, variances=[], weight_variances=[]), r"one number for each layer, .* \(0,\)"),
    (partial(errors, variances=[1, 2], weight_variances=[1]), r"got shapes \(2,\) and \(1,\)"),
    (partial(errors, variances=[1], weight_variances=[-1.0]), "weight_variances must .*got -1"),
    (partial(theory.expected_square, "exponential", variance=9), "std must be small enough"),
    (partial(lengths, "hard_shrink", weight_variance=2), "must not jump"),
    (partial(lengths, "relu", weight_variance=3), "weight_variance and bias_variance"),
    (partial(lengths, "tanh", weight_variance=0.5), "0.5 and 0.0"),
    (
        partial(theory.layer_correlations, "tanh", weight_variance=1, input_correlation=2),
        "input_correlation must lie between -1 and 1",
    ),
    (
        partial(theory.normalized_gradient_growth, "hard_shrink", batch_size=8),
        "no kink but at 0, got 'hard_shrink'",
    ),
    (partial(theory.equivalent_offset, [0.5, np.nan]), r"correlation must lie in \[0, 1\]"),
    (
        partial(theory.active_examples_pmf, 5, mean_over_std=-1),
        "mean_over_std must not be negative",
    ),
    (partial(theory.start_share, [0.5, 1], steps=3), r"momentum must lie in \[0, 1\)"),
    (partial(theory.batch_noise_variance, np.inf, batch_size=2), "value must be finite, got inf"),
    (partial(theory.growing_rate, 0.1, l2=5, step=0), "l2 must stay below .* = 5, .*got 5"),
    (partial(theory.growing_rate, 0.1, l2=1, step=0.5), "step must be a whole number"),
    (partial(theory.dot_product_variance, [1, 0]), r"n must be at least 1 .*got \[1, 0\]"),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS, ids=range(len(REFUSALS)))
def test_bad_input_is_named_with_what_is_allowed(call, message):
    with pytest.raises(ValueError, match=message):
        call()

"""L2 on a kernel before batch norm, beside a growing learning rate, and without batch norm."""

from collections.abc import Sequence

import numpy as np

from nnhelpers import theory
from nnhelpers.simulations.descent.decay_results import WeightDecay
from nnhelpers.simulations.descent.decay_runs import descend, draw_starts
from nnhelpers.simulations.draws import Examples, check_positive, check_sizes, checked_examples
from nnhelpers.theory.scale_invariance import check_epsilon

PENALTIES = (0.0, 1e-3, 3e-3, 1e-2, 3e-2)
# Powers up to here leave room for sums and squares.
_LARGEST_POWER = 1e100


def simulate_weight_decay(
    dataset: Examples,
    *,
    l2: Sequence[float] = PENALTIES,
    learning_rate: float = 0.1,
    start_length: float = 1.0,
    epsilon: float = 0.0,
    steps: int = 300,
    draws: int = 10,
    seed: int = 0,
) -> WeightDecay:
    """Train small networks by full-batch gradient descent with L2 on the kernel before batch norm.

    A dense layer without bias, batch norm, 16 ReLUs, one output with fixed weights 1 and -1 in
    turn: kernel, gamma and beta are trained, and only the kernel is penalized. Without batch norm
    kernel and bias are trained; the output is fixed so that it cannot grow as the kernel shrinks.

    Parameters
    ----------
    dataset : Examples
        X of shape (n_examples, n_features), y of classes 0 and 1.
    l2 : sequence of float
        Of the penalty l2 sum(W^2), Keras's convention: it adds 2 l2 W to the gradient.
    learning_rate : float
        Of all trained weights.
    start_length : float
        Of each unit's weights at the start, in a direction at random.
    epsilon : float
        Of batch norm; 0 is allowed here, as it makes the law exact. Keras's default is 1e-3.
    steps : int
        Number of updates.
    draws : int
        Networks for each l2, from the same starts.

    Returns
    -------
    WeightDecay

    Raises
    ------
    ValueError
        If the examples are not of two classes, a size is below 1, there is no l2, one is negative
        or so large that an update turns the kernel round or the growing rate leaves the range of
        numbers, the rate or the length is not positive, or epsilon negative.

    Notes
    -----
    For epsilon 0 an update obeys abs(w')^2 = k^2 abs(w)^2 + learning_rate^2 abs(g)^2 for each
    unit, with k = 1 - 2 learning_rate l2: L2 shrinks what gradients lengthen. As w shrinks, its
    gradient and its effective rate, learning_rate / abs(w)^2, grow, until updates overshoot.
    From there on rounding errors double every few steps, and so does the gap between two ways of
    computing the same thing.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350;
    Z. Li and S. Arora, 2019, https://arxiv.org/abs/1910.07454.
    """
    check_sizes(steps=steps, draws=draws)
    penalties = _checked_penalties(l2)
    check_positive(start_length=start_length)
    check_epsilon(epsilon)
    numbers = np.arange(steps)
    growing = np.array(
        [theory.growing_rate(learning_rate, l2=each, step=numbers) for each in penalties]
    )
    if not growing.max() < _LARGEST_POWER:
        raise ValueError(
            f"l2 must keep the growing rate below {_LARGEST_POWER:g} for {steps} steps, got {l2}"
        )
    X, _ = checked_examples(dataset)
    one = draw_starts(seed, draws=draws, n_features=X.shape[1], length=start_length)
    common = {
        "starts": np.stack([one] * len(penalties)),
        "learning_rate": learning_rate,
    }
    constant = np.full((steps, len(penalties)), learning_rate)
    keep = 1 - 2 * learning_rate * np.array(penalties)
    return WeightDecay(
        l2=penalties,
        learning_rate=learning_rate,
        epsilon=epsilon,
        start_length=start_length,
        normalized=descend(dataset, rates=constant, keep=keep, epsilon=epsilon, **common),
        growing=descend(
            dataset, rates=growing.T, keep=np.ones_like(keep), epsilon=epsilon, **common
        ),
        plain=descend(dataset, rates=constant, keep=keep, epsilon=None, **common),
    )


def _checked_penalties(l2: Sequence[float]) -> tuple[float, ...]:
    penalties = tuple(float(each) for each in l2)
    if not penalties:
        raise ValueError("l2 must hold at least one penalty, got none")
    return penalties

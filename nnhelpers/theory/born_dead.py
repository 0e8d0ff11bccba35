"""The probability that a ReLU network is born dead: that some layer is off on all data."""

from nnhelpers.checks import check_whole


def born_dead_share(width: int, *, depth: int) -> float:
    """Probability that a ReLU network is dead on one example, or on any number in one direction.

    Parameters
    ----------
    width : int
        Units in each hidden layer.
    depth : int
        Number of hidden layers.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1.

    Notes
    -----
    1 - (1 - 2^-width)^depth. Weights are independent, as likely negative as positive, biases 0.
    As long as some unit below is active, each unit of a layer is active with probability 1/2,
    so the whole layer is off with probability 2^-width. Then nothing passes it, and every
    example gets the output 0.

    References
    ----------
    L. Lu et al., "Dying ReLU and initialization", 2019, https://arxiv.org/abs/1903.06733.

    Examples
    --------
    >>> round(float(born_dead_share(2, depth=10)), 4)
    0.9437
    """
    alive = _layer_survives(width, depth)
    return 1 - alive**depth


def born_dead_bounds_of_a_line(width: int, *, depth: int) -> tuple[float, float]:
    """Bounds of that probability for one feature of either sign: examples on both sides of 0.

    Parameters and errors are those of `born_dead_share`.

    Returns
    -------
    tuple of float
        Lower and upper bound; they meet for width 1, and for depth 1, which nobody is dead at.

    Notes
    -----
    Without biases only the sign of x matters. Each side is dead with probability
    1 - a^depth, a = 1 - 2^-width, and the network when both are:
    P = 1 - 2 a^depth + P(both alive).

    In the first layer every unit is active on one side and off on the other, so both sides are
    alive with probability 2 a - 1. From there on a unit is off on both sides with a probability
    between 1/4 and 1/2: at most that of being off on one; at least the product of the two, since
    activations are not negative, so that smaller weights favour either (Harris's inequality). So
    a layer keeps both sides alive with a probability between 1 - 2 2^-width + 4^-width = a^2
    and 1 - 2 2^-width + 2^-width = a. The sum is smallest with (2 a - 1) a^(2 (depth - 1)), and
    largest with (2 a - 1) a^(depth - 1), where it is 1 - a^(depth - 1).

    Examples
    --------
    >>> [round(float(each), 3) for each in born_dead_bounds_of_a_line(2, depth=10)]
    [0.89, 0.925]
    """
    a = _layer_survives(width, depth)
    low = 1 - 2 * a**depth + (2 * a - 1) * a ** (2 * (depth - 1))
    return max(0.0, low), 1 - a ** (depth - 1)


def born_dead_bounds(width: int, *, depth: int) -> tuple[float, float]:
    """Bounds of that probability for any data that are not all 0.

    Parameters and errors are those of `born_dead_share`.

    Returns
    -------
    tuple of float
        Lower and upper bound.

    Notes
    -----
    A network that is dead on all data is dead on one example: `born_dead_share` is the upper
    bound. Above the first layer a layer of negative weights alone is off whatever comes, with
    probability 2^-(width^2): the lower bound is 1 - (1 - 2^-(width^2))^(depth - 1).

    References
    ----------
    L. Lu et al., 2019, https://arxiv.org/abs/1903.06733.

    Examples
    --------
    >>> [round(float(each), 3) for each in born_dead_bounds(2, depth=10)]
    [0.441, 0.944]
    """
    highest = born_dead_share(width, depth=depth)
    return 1 - (1 - 0.5 ** (width**2)) ** (depth - 1), highest


def _layer_survives(width: int, depth: int) -> float:
    check_whole(width=width, depth=depth)
    return 1 - 0.5**width

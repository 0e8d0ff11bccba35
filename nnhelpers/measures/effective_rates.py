"""How far a learning rate turns weights whose size batch norm forgets."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def effective_rate(kernel: ArrayLike, *, learning_rate: float) -> NDArray[np.float64]:
    """Learning rate over the squared length of each unit's weights before batch norm.

    Parameters
    ----------
    kernel : array of shape (..., fan_in, units)
    learning_rate : float

    Returns
    -------
    array of shape (..., units)

    Raises
    ------
    ValueError
        If the kernel has fewer than two axes, is not finite or gives a unit weights that are all
        0, or the rate is not positive and finite.

    Notes
    -----
    For a loss that depends on the direction w / |w| alone the gradient at w is 1 / |w| times that
    at w / |w|. An update of learning rate r so turns the direction as one of rate r / |w|^2 turns
    weights of length 1.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350.
    """
    weights = np.asarray(kernel, dtype=np.float64)
    if weights.ndim < 2 or weights.size == 0 or not np.isfinite(weights).all():
        raise ValueError(
            f"kernel must be finite, of shape (..., fan_in, units), got shape {weights.shape}"
        )
    if not (np.isfinite(learning_rate) and learning_rate > 0):
        raise ValueError(f"learning_rate must be positive and finite, got {learning_rate}")
    square = (weights**2).sum(axis=-2)
    if not (square > 0).all():
        raise ValueError("kernel must give every unit a weight that is not 0, got only zeros")
    return learning_rate / square

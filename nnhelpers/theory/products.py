"""The variance of a dot product of random inputs and random weights."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def dot_product_variance(
    n: ArrayLike,
    *,
    std_y: float = 1.0,
    std_w: float = 1.0,
    mean_y: float = 0.0,
    mean_w: float = 0.0,
) -> NDArray[np.float64]:
    """Variance of the sum of n products Y W of independent inputs Y and weights W.

    Parameters
    ----------
    n : int or array of int
        Number of products.
    std_y, std_w, mean_y, mean_w : float
        Standard deviations and means of an input and of a weight, of any distribution.

    Returns
    -------
    array of the shape of n

    Raises
    ------
    ValueError
        If n is below 1, a standard deviation not positive, or a number not finite.

    Notes
    -----
    n (E[Y]^2 Var W + E[W]^2 Var Y + Var Y Var W), and n Var Y Var W where both means are 0.

    References
    ----------
    L. Goodman, 1960, https://doi.org/10.1080/01621459.1960.10483369.
    """
    counts = np.asarray(n, dtype=np.float64)
    if not (np.isfinite(counts) & (counts >= 1)).all():
        raise ValueError(f"n must be at least 1 and finite, got {n}")
    for name, value in {"std_y": std_y, "std_w": std_w}.items():
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be positive and finite, got {value}")
    for name, value in {"mean_y": mean_y, "mean_w": mean_w}.items():
        if not np.isfinite(value):
            raise ValueError(f"{name} must be finite, got {value}")
    return counts * ((mean_y * std_w) ** 2 + (mean_w * std_y) ** 2 + (std_y * std_w) ** 2)

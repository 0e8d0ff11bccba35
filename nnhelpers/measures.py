"""Numbers read off arrays of data, pre-activations and weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

DEAD, SPLITTING, ALWAYS_ACTIVE = "dead", "splitting", "always active"
STATUSES = (SPLITTING, DEAD, ALWAYS_ACTIVE)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A measured quantity against a setting, with its uncertainty and its words.

    Attributes
    ----------
    x, y : arrays of shape (n_points,)
    standard_error : array of shape (n_points,)
        Of y; zero where it is exact.
    title, caption, x_label, y_label : str
    logarithmic : bool
        Whether y spans decades; otherwise it is a share.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    title: str
    caption: str
    x_label: str
    y_label: str
    logarithmic: bool = False

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        low, high = self.y[0], self.y[-1]
        first, last = (f"{v:.2g}" if self.logarithmic else about(v) for v in (low, high))
        return f"{self.y_label} {first} at {self.x[0]:g}, {last} at {self.x[-1]:g}"


def about(share: float) -> str:
    """Write a share to the nearest 5 %, the part of it that another processor repeats.

    Training amplifies rounding, so the last digits of a share of trained networks belong to the
    machine and not to the result.
    """
    return f"about {round(20 * share) / 20:.0%}" if np.isfinite(share) else "none"


def active_fraction(z: ArrayLike) -> NDArray[np.float64]:
    """Share of examples on which each unit is active (z > 0).

    Parameters
    ----------
    z : array of shape (..., n_examples, units)
        Pre-activations.

    Returns
    -------
    array of shape (..., units)

    Raises
    ------
    ValueError
        If there is no example or z holds NaN.

    Notes
    -----
    One minus the average percentage of zeros (APoZ).

    References
    ----------
    H. Hu et al., 2016, https://arxiv.org/abs/1607.03250.
    """
    return np.mean(_checked(z) > 0, axis=-2)


def saturated_fraction(z: ArrayLike, *, threshold: float = 4.0) -> NDArray[np.float64]:
    """Share of examples on which each unit is saturated, abs(z) > threshold.

    At 4 the sigmoid's derivative is 0.018, a fourteenth of its largest value.

    Raises
    ------
    ValueError
        If there is no example, z holds NaN or the threshold is negative.
    """
    if not threshold >= 0:
        raise ValueError(f"threshold must not be negative, got {threshold}")
    return np.mean(np.abs(_checked(z)) > threshold, axis=-2)


def unit_status(fraction: ArrayLike) -> NDArray[np.str_]:
    """Name what each active fraction means: dead (0), always active (1) or splitting.

    Raises
    ------
    ValueError
        If a fraction lies outside [0, 1].
    """
    shares = np.asarray(fraction, dtype=np.float64)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError(f"fraction must lie in [0, 1], got {fraction}")
    return np.select([shares == 0, shares == 1], [DEAD, ALWAYS_ACTIVE], SPLITTING)


def overlap(z: ArrayLike) -> NDArray[np.float64]:
    """Share of examples on which two units are active at once, for every pair.

    Parameters
    ----------
    z : array of shape (..., n_examples, units)

    Returns
    -------
    array of shape (..., units, units)
        The diagonal holds the active fractions.
    """
    active = (_checked(z) > 0).astype(np.float64)
    return np.swapaxes(active, -1, -2) @ active / active.shape[-2]


def condition_number(X: ArrayLike) -> float:
    """Condition number of E[(1, x)(1, x)^T], the curvature of a linear unit with a bias.

    Gradient descent on a squared error needs a number of steps proportional to it.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)

    References
    ----------
    Y. LeCun et al., "Efficient BackProp", 1998, section 5.
    """
    features = np.asarray(X, dtype=np.float64)
    with_bias = np.column_stack([np.ones(len(features)), features])
    return float(np.linalg.cond(with_bias) ** 2)


def descent_steps(X: ArrayLike, *, error: float = 0.1) -> int:
    """Steps in which gradient descent on a linear unit shrinks its weight error to a share.

    The learning rate is the largest safe one, 1 / (largest eigenvalue), and the error is the root
    mean square over all directions in which the start can be wrong.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    error : float
        Remaining share of the weight error, between 0 and 1.

    Raises
    ------
    ValueError
        If `error` does not lie between 0 and 1, or a direction never shrinks because a feature is
        constant or follows from the others.

    Notes
    -----
    Along an eigenvector of E[(1, x)(1, x)^T] with eigenvalue k the error shrinks by
    1 - k / k_max a step.
    """
    if not 0 < error < 1:
        raise ValueError(f"error must lie between 0 and 1, got {error}")
    features = np.asarray(X, dtype=np.float64)
    with_bias = np.column_stack([np.ones(len(features)), features])
    eigenvalues = np.linalg.svd(with_bias, compute_uv=False) ** 2
    shrink = 1 - eigenvalues / eigenvalues.max()
    if (shrink == 1).any():
        raise ValueError("X must have features that vary and do not follow from one another")
    low, high = 0, 1
    while np.sqrt(np.mean(shrink ** (2 * high))) > error:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        reached = np.sqrt(np.mean(shrink ** (2 * middle))) <= error
        low, high = (low, middle) if reached else (middle, high)
    return high


def conditioning(X: ArrayLike, *, offsets: ArrayLike) -> Curve:
    """Steps of gradient descent until a tenth of the weight error is left, against an offset.

    Parameters
    ----------
    X : array of shape (n_examples, n_features)
    offsets : array of shape (n_points,)
        Each is added to every feature in turn.
    """
    moved = [np.asarray(X, dtype=np.float64) + offset for offset in np.asarray(offsets)]
    return Curve(
        x=np.asarray(offsets, dtype=np.float64),
        y=np.array([descent_steps(points) for points in moved], dtype=np.float64),
        standard_error=np.zeros(len(moved)),
        title="How long is the valley?",
        caption="steps until a tenth of the weight error is left",
        x_label="offset of the data",
        y_label="steps of gradient descent",
        logarithmic=True,
    )


def best_line_accuracy(X: ArrayLike, y: ArrayLike) -> float:
    """Accuracy of the best straight line through points in two dimensions, by trying them all.

    Every way to cut the points by a line is, up to an infinitesimal turn, a line through two of
    them, which may then lie on either side each.

    Parameters
    ----------
    X : array of shape (n_examples, 2)
        Points in general position (no three on a line).
    y : array of shape (n_examples,)
        Class 0 or 1.

    Raises
    ------
    ValueError
        If X is not two-dimensional data, y does not match it or holds other classes.
    """
    points, labels = np.asarray(X, dtype=np.float64), np.asarray(y)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"X must have shape (n_examples, 2), got {points.shape}")
    if labels.shape != points.shape[:1]:
        raise ValueError(f"y must have shape {points.shape[:1]} to match X, got {labels.shape}")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(f"y must hold classes 0 and 1, got {np.unique(labels)}")
    sign = 2 * labels - 1
    best = 0
    for i in range(len(points) - 1):
        direction = points[i + 1 :] - points[i]
        offset = points - points[i]
        side = np.sign(
            np.outer(direction[:, 0], offset[:, 1]) - np.outer(direction[:, 1], offset[:, 0])
        )
        side[:, i] = 0
        side[np.arange(len(direction)), np.arange(i + 1, len(points))] = 0
        agreement = np.abs(side @ sign).max()
        best = max(best, int(agreement))
    return (len(points) - 2 + best) / 2 / len(points) + 2 / len(points)


def _checked(z: ArrayLike) -> NDArray:
    values = np.asarray(z)
    if values.ndim < 2 or values.shape[-2] == 0:
        raise ValueError(f"z must have shape (..., n_examples, units), got {values.shape}")
    if np.isnan(values).any():
        raise ValueError("z holds NaN; the network has diverged or its input is broken")
    return values

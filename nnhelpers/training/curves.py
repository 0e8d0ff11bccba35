"""What became of an ensemble's networks, against a setting in which they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnhelpers.measures import Curve

if TYPE_CHECKING:
    from nnhelpers.training.ensembles import TrainingEnsemble

_LABELS = {
    "offset": "offset of the data",
    "scale": "scale of the data",
    "learning_rate": "learning rate",
    "gain": "gain of the initial kernels",
}


def learning_curve(ensemble: TrainingEnsemble, setting: str, *, threshold: float) -> Curve:
    """Share of networks whose final accuracy exceeds `threshold`, against a setting.

    Raises
    ------
    ValueError
        If there is no such setting.
    """
    learned = ensemble.final_accuracy > threshold
    share = _by(ensemble, setting, learned, np.mean)
    count = _by(ensemble, setting, learned, np.size)
    return Curve(
        x=np.unique(getattr(ensemble, setting)),
        y=share,
        standard_error=np.sqrt(share * (1 - share) / count),
        title="How likely is learning?",
        caption=f"share of {count.min():,.0f} networks above {threshold:.0%} accuracy",
        x_label=_LABELS[setting],
        y_label="share that learn",
    )


def dead_curve(ensemble: TrainingEnsemble, setting: str) -> Curve:
    """Share of hidden units that no example activates after training, against a setting.

    Raises
    ------
    ValueError
        If there is no such setting.
    """
    dead = ensemble.dead_share()
    count = _by(ensemble, setting, np.isfinite(dead), np.sum)
    spread = _by(ensemble, setting, dead, _finite_spread)
    return Curve(
        x=np.unique(getattr(ensemble, setting)),
        y=_by(ensemble, setting, dead, _finite_mean),
        standard_error=spread / np.sqrt(np.maximum(count, 1)),
        title="How many units are never active?",
        caption=f"mean over up to {count.max():,.0f} networks, ± 2 standard errors",
        x_label=_LABELS[setting],
        y_label="units that no example activates",
        x_logarithmic=setting == "learning_rate",
    )


def _by(
    ensemble: TrainingEnsemble,
    setting: str,
    values: NDArray,
    measure: Callable[[NDArray], float],
) -> NDArray[np.float64]:
    """Measure the members of each value of a setting, in the values' order."""
    if setting not in _LABELS:
        raise ValueError(f"setting must be one of {[*_LABELS]}, got {setting!r}")
    given = getattr(ensemble, setting)
    return np.array([measure(values[given == each]) for each in np.unique(given)], dtype=float)


def _finite_mean(values: NDArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else np.nan


def _finite_spread(values: NDArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.std(ddof=1)) if len(finite) > 1 else 0.0

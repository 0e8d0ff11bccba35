"""Batch norm's moving moments against those of the data."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class BatchNormLook:
    """One batch norm layer.

    Attributes
    ----------
    name : str
    trainable : bool
    momentum : float
    initial : bool
        Whether its moments are 0 and 1, those of no data.
    mean_gap : float
        Moving mean from the data's, in standard deviations of the data, median over the units.
    spread_ratio : float
        Moving over the data's standard deviation, median over the units.
    behind_frozen : bool
        Whether the weights in front of it cannot be trained.
    """

    name: str
    trainable: bool
    momentum: float
    initial: bool
    mean_gap: float
    spread_ratio: float
    behind_frozen: bool

    @property
    def off(self) -> bool:
        """Whether its moments are far from the data's: by a deviation, or 3 times in size."""
        return self.mean_gap > 1 or not 1 / 3 < self.spread_ratio < 3


def look_at_batch_norm(
    name: str, moving: tuple[NDArray, NDArray], values: NDArray, **settings
) -> BatchNormLook:
    """Compare moving moments with the values that enter the layer in training mode."""
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    mean, variance = moving
    std = flat.std(axis=0) + 1e-3
    return BatchNormLook(
        name=name,
        initial=bool((mean == 0).all() and (variance == 1).all()),
        mean_gap=float(np.median(np.abs(mean - flat.mean(axis=0)) / std)),
        spread_ratio=float(np.median(np.sqrt(np.abs(variance) + 1e-6) / std)),
        **settings,
    )

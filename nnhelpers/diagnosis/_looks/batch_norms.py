"""Batch norm: its moving moments compared with the data's, and training against inference."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.record import Looks, names_of
from nnhelpers.diagnosis.examination import Finding
from nnhelpers.words import short


@dataclass(frozen=True, kw_only=True)
class BatchNormLook:
    """One batch norm layer."""

    name: str
    trainable: bool
    momentum: float
    initial: bool  # Whether its moments are still 0 and 1
    # Distance of the moving mean from the data's in standard deviations, median over the units
    mean_gap: float
    spread_ratio: float  # Moving over the data's standard deviation, median over the units
    behind_frozen: bool  # Whether the weights before it are not trainable

    @property
    def off(self) -> bool:
        """Whether its mean is a standard deviation off the data's, or its spread 3 times."""
        return self.mean_gap > 1 or not 1 / 3 < self.spread_ratio < 3


def look_at_batch_norms(layers: tuple, entered: dict[str, NDArray]) -> tuple[BatchNormLook, ...]:
    """Compare moving moments with the inputs of each layer in training mode."""
    found, frozen = [], False
    for layer in layers:
        if layer.kind == "weights":
            frozen = not layer.trainable
        if layer.kind == "batch_norm" and layer.name in entered and layer.moving:
            found.append(_look(layer, entered[layer.name], frozen))
    return tuple(found)


def _look(layer: Any, values: NDArray, behind_frozen: bool) -> BatchNormLook:
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    mean, variance = layer.moving
    std = flat.std(axis=0) + 1e-3
    return BatchNormLook(
        name=layer.name,
        trainable=layer.trainable,
        momentum=layer.settings.get("momentum", 0.99),
        initial=bool((mean == 0).all() and (variance == 1).all()),
        mean_gap=float(np.median(np.abs(mean - flat.mean(axis=0)) / std)),
        spread_ratio=float(np.median(np.sqrt(np.abs(variance) + 1e-6) / std)),
        behind_frozen=behind_frozen,
    )


def batch_norm_frozen(looks: Looks) -> Finding | None:
    """Frozen batch norm with moments of other data."""
    bad = [each for each in looks.batch_norms if not each.trainable and each.off]
    if not bad:
        return None
    worst = max(bad, key=lambda each: each.mean_gap)
    return Finding(
        sentence=f"{worst.name} is not trainable; its moving mean is {short(worst.mean_gap)} "
        f"standard deviations off the data's, its spread {short(worst.spread_ratio)} times theirs.",
        layers=names_of(bad),
        threshold="1 standard deviation, or 3 times the spread",
    )


def batch_norm_unfrozen(looks: Looks) -> Finding | None:
    """Trainable batch norm with earlier moments that are off the data or follow frozen weights."""
    bad = [
        each
        for each in looks.batch_norms
        if each.trainable and not each.initial and (each.behind_frozen or each.off)
    ]
    if not bad or looks.anatomy.iterations:
        return None
    return Finding(
        sentence=f"{len(bad)} batch norm layers have moments of an earlier training and are "
        "trainable, behind weights that are not.",
        layers=names_of(bad),
        threshold="moments other than 0 and 1 before the first step",
    )


def batch_norm_tiny_batches(looks: Looks) -> Finding | None:
    """Batch norm with batches of four or fewer."""
    names = names_of(each for each in looks.batch_norms if each.trainable)
    if not names or looks.batch_size > 4:
        return None
    return Finding(
        sentence=f"Batches hold {looks.batch_size} examples: the noise of a batch's mean is "
        f"1/√{looks.batch_size} of the spread.",
        layers=names,
        threshold="4 examples (lesson 4)",
    )


def batch_norm_lagging(looks: Looks) -> Finding | None:
    """Moving moments that lag: a loss that is worse in inference mode, or too large a momentum."""
    moving = [each for each in looks.batch_norms if each.trainable]
    made = looks.anatomy.iterations
    worse = looks.inference_loss > 1.3 * looks.training_loss + 0.05
    lags = [each for each in moving if made and each.momentum**made > 0.1]
    slow = [each for each in moving if not made and each.momentum >= 0.999]
    lagging = (lags and worse) or slow or (made and worse and any(each.off for each in moving))
    if not lagging or batch_norm_unfrozen(looks):
        return None
    worst = max(moving, key=lambda each: each.momentum)
    left = f"; of the start {worst.momentum**made:.0%} is left" if made else ""
    return Finding(
        sentence=f"With momentum {worst.momentum:g} a moment takes {1 / (1 - worst.momentum):,.0f} "
        f"steps{left}. Loss in training mode {looks.training_loss:.3g}, "
        f"in inference mode {looks.inference_loss:.3g}.",
        layers=names_of(lags or slow or moving),
        threshold="inference a third worse than training mode; or a momentum of 0.999 (lesson 4)",
    )

"""All that was measured of one network, its data and its training."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnhelpers.diagnosis._looks.batch_norms import BatchNormLook
from nnhelpers.diagnosis._looks.features import FeatureLook
from nnhelpers.diagnosis._looks.fit import FitLook
from nnhelpers.diagnosis._looks.labels import LabelLook
from nnhelpers.diagnosis._looks.relation import RelationLook
from nnhelpers.diagnosis._looks.signals import LayerSignals
from nnhelpers.diagnosis._looks.steps import StepsLook
from nnhelpers.diagnosis._looks.validation import ValidationLook
from nnhelpers.diagnosis._looks.weights import WeightLook

if TYPE_CHECKING:  # judging needs no Keras
    from nnhelpers.models import Anatomy


@dataclass(frozen=True, kw_only=True)
class GradientLook:
    """Gradients of one kernel.

    Attributes
    ----------
    rms, penalty_rms : float
        Of the loss and of the penalties.
    zeros : float
        Share of exact zeros in the first.
    """

    rms: float
    penalty_rms: float
    zeros: float


@dataclass(frozen=True, kw_only=True)
class Looks:
    """All that was measured; None for what could not be looked at.

    `inputs` are what enters the first layer with weights, behind a normalization, if any.
    `start_signals` and `usual_signals` are those of the network's own and of a usual start.
    """

    anatomy: "Anatomy"
    labels: LabelLook | None = None
    features: FeatureLook | None = None
    not_finite: int = 0
    trained: bool = False
    batch_size: int | None = None
    validation: ValidationLook | None = None
    relation: RelationLook | None = None
    inputs: FeatureLook | None = None
    normalizes: bool = False
    weights: tuple[WeightLook, ...] = ()
    signals: tuple[LayerSignals, ...] = ()
    usual_signals: tuple[LayerSignals, ...] = ()
    gradients: dict[str, GradientLook] = field(default_factory=dict)
    batch_norms: tuple[BatchNormLook, ...] = ()
    outputs: NDArray | None = None
    first_loss: float = np.nan
    inference_loss: float = np.nan
    training_loss: float = np.nan
    steps: StepsLook | None = None
    fit: FitLook | None = None

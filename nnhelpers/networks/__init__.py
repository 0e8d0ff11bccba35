"""Dense networks in NumPy: their description, their weights, and passes forward and back."""

from nnhelpers.networks.backward import BackwardPass, backward_pass, gradient
from nnhelpers.networks.draw import draw, with_batch_norm
from nnhelpers.networks.forward import (
    BatchPass,
    ForwardPass,
    batch_pass,
    forward_pass,
    predicted_classes,
    probabilities,
    with_batch_moments,
)
from nnhelpers.networks.losses import checked_classes
from nnhelpers.networks.measure import measure
from nnhelpers.networks.spec import BatchNorm, MLPSpec
from nnhelpers.networks.weights import NormWeights, Weights, difference, length, stepped

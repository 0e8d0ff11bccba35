"""Keras networks from an `MLPSpec`, and what can be read from a Keras model."""

from nnhelpers.models.anatomy import Anatomy, Entry, anatomy
from nnhelpers.models.build import build_articles_network, build_mlp, model_from_weights
from nnhelpers.models.outputs import OutputParts
from nnhelpers.models.parts import LayerParts
from nnhelpers.models.readout import LayerPass, activations, gradients, pre_activations
from nnhelpers.models.specimen import Specimen, kept_random_state
from nnhelpers.networks import BatchNorm, MLPSpec

"""Keras networks from an `MLPSpec`, and what can be read back from them."""

from nnhelpers.models.build import build_articles_network, build_mlp, model_from_weights
from nnhelpers.models.readout import activations, gradients, pre_activations
from nnhelpers.networks import BatchNorm, MLPSpec

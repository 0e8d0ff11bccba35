"""Keras networks from an `MLPSpec`, and what can be read back from them."""

from nnhelpers.models.anatomy import Anatomy, anatomy
from nnhelpers.models.build import build_articles_network, build_mlp, model_from_weights
from nnhelpers.models.ends import Entry, OutputParts
from nnhelpers.models.parts import LayerParts
from nnhelpers.models.passes import LayerPass
from nnhelpers.models.random_state import kept_random_state
from nnhelpers.models.readout import activations, gradients, pre_activations
from nnhelpers.models.specimen import Specimen
from nnhelpers.networks import BatchNorm, MLPSpec

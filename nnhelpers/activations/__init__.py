"""Activation functions as records: value, first and second derivative, limits and kinks.

`ACTIVATIONS` holds PReLU and every function that Keras knows by name and that acts on each unit
alone, with Keras's default arguments. `COMMON` are those that panels offer.
"""

from nnhelpers.activations.names import ACTIVATIONS, COMMON, activation_name, find_activation
from nnhelpers.activations.record import Activation
from nnhelpers.activations.rectifiers import LEAKY_SLOPE, PRELU_SLOPE
from nnhelpers.activations.smooth import sigmoid

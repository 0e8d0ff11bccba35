"""What describing a job must know of the compiled code, without compiling any."""

from nnhelpers.activations import ACTIVATIONS

# Numbers that are computed side by side.
LANES = 16
# Numbers of the activation functions.
KINDS = {name: kind for kind, name in enumerate(ACTIVATIONS)}

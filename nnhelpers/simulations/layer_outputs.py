"""What a simulation of the layers' outputs gives back."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers.simulations.signals import compared


@dataclass(frozen=True, kw_only=True)
class LayerOutputs:
    """What leaves each hidden layer of untrained networks.

    Activations, or what batch norm after the activation makes of them.

    Attributes
    ----------
    activation, initializer : str
        Keras name, and Keras name or description.
    gain : float
        Factor on every kernel.
    n_features, width : int
        Inputs, and units in each hidden layer.
    edges : array of shape (n_bins + 1,)
        Of the bins, all of one width: the whole range of a bounded activation, and the part of
        another one in which activations of a good start fall.
    shares : array of shape (depth, n_bins)
        Share of the activations in each bin, over all draws, units and examples; those that are
        exactly 0 are not among them.
    below, above : arrays of shape (depth,)
        Share of the activations beyond the first and the last edge.
    zero_share : array of shape (draws, depth)
        Share of the activations that are exactly 0.
    mean, std : arrays of shape (draws, depth)
        Over units and examples.
    batch_norm : tuple of str or None
        Where each hidden layer has batch norm: "before" its activation, "after" it or nowhere;
        empty for networks without any.
    """

    activation: str
    initializer: str
    gain: float
    n_features: int
    width: int
    edges: NDArray[np.float64] = field(repr=False)
    shares: NDArray[np.float64] = field(repr=False)
    below: NDArray[np.float64] = field(repr=False)
    above: NDArray[np.float64] = field(repr=False)
    zero_share: NDArray[np.float64] = field(repr=False)
    mean: NDArray[np.float64] = field(repr=False)
    std: NDArray[np.float64] = field(repr=False)
    batch_norm: tuple[str | None, ...] = field(default=(), repr=False)

    @property
    def draws(self) -> int:
        """Number of networks."""
        return self.std.shape[0]

    @property
    def depth(self) -> int:
        """Number of hidden layers."""
        return self.std.shape[1]

    def verdict(self) -> str:
        """Compare the spread of the last layer with the first one's, in the median."""
        first, last = np.median(self.std, axis=0)[[0, -1]]
        if self.depth == 1:
            return f"standard deviation {first:.2g}"
        if first == 0:
            return "no layer tells examples or units apart"
        return f"the last layer's standard deviation is {compared(float(last / first))} the first's"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        sizes = f"{self.n_features}{f'-{self.width}' * self.depth}-1"
        if self.depth > 5:
            sizes = f"{self.depth} layers of {self.width}"
        setting = f"{sizes} {self.activation}, {self.initializer}, gain {self.gain:g}"
        places = f", {self.places()}" if any(self.batch_norm) else ""
        return f"{setting}{places}, {self.draws:,} networks: {self.verdict()}"

    def places(self) -> str:
        """Say which layers have batch norm, and where; nothing if none has."""
        return " and ".join(
            _places(self.batch_norm, place)
            for place in ("before", "after")
            if place in self.batch_norm
        )


def _places(batch_norm: tuple[str | None, ...], place: str) -> str:
    numbers = [layer + 1 for layer, each in enumerate(batch_norm) if each == place]
    if len(numbers) == len(batch_norm):
        layers = "each layer's"
    else:
        layers = f"layer{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}'s"
    return f"batch norm {place} {layers} activation"

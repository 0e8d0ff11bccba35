"""What a training loop is compiled for."""

from dataclasses import dataclass

BATCH_NORM = ("gamma", "beta", "moving_mean", "moving_variance")


@dataclass(frozen=True, kw_only=True)
class Program:
    """What the loop is compiled for; everything else is an input at run time.

    Attributes
    ----------
    activation : str
        Keras name of the hidden activation.
    algorithm : str
        A key of `optimizers.RULES`.
    layer_sizes : tuple of (int, int)
        (fan_in, fan_out) of each layer.
    n_examples : int
    batch_size : int or None
        None for the full batch.
    normalized_layers : tuple of int
        Hidden layers with batch norm, 0 the first.
    after_activation : bool
        Whether it stands behind the activation function.
    """

    activation: str
    algorithm: str
    layer_sizes: tuple[tuple[int, int], ...]
    n_examples: int
    batch_size: int | None
    normalized_layers: tuple[int, ...] = ()
    after_activation: bool = False

    @property
    def n_outputs(self) -> int:
        """Units of the output layer."""
        return self.layer_sizes[-1][1]

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Names of the arrays of each layer, in the order of Keras's ``get_weights``."""
        dense = {False: ("kernel", "bias"), True: ("kernel",)}
        return tuple(
            dense[normalized and not self.after_activation] + (BATCH_NORM if normalized else ())
            for normalized in (i in self.normalized_layers for i in range(len(self.layer_sizes)))
        )

    @property
    def trainable(self) -> tuple[bool, ...]:
        """Which arrays of all layers get a gradient: all but the moving moments."""
        return tuple(not name.startswith("moving") for layer in self.names for name in layer)

    @property
    def evaluated(self) -> tuple[str, ...]:
        """What is recorded of each network besides its weights."""
        return ("loss", "accuracy") + (("training_loss",) if self.normalized_layers else ())

    @property
    def widest(self) -> int:
        """Units of the widest layer, the input included."""
        return max(max(sizes) for sizes in self.layer_sizes)

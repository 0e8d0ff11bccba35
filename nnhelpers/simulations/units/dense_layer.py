"""A dense layer by hand, for a look at what its units compute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST = 4


@dataclass(frozen=True, kw_only=True)
class DenseLayer:
    """The kernel of a layer small enough to write out.

    Attributes
    ----------
    kernel : array of shape (n_features, units)
        Up to four of each.

    Raises
    ------
    ValueError
        If the kernel is not finite numbers of that shape.
    """

    kernel: NDArray[np.float64]

    def __post_init__(self) -> None:
        kernel = np.array(self.kernel, dtype=np.float64)
        small = kernel.ndim == 2 and all(1 <= size <= _MOST for size in kernel.shape)
        if not small or not np.isfinite(kernel).all():
            raise ValueError(
                f"kernel must be finite, of shape (n_features, units) with 1 to {_MOST} of each, "
                f"got {kernel.tolist() if small else f'shape {kernel.shape}'}"
            )
        kernel.flags.writeable = False
        object.__setattr__(self, "kernel", kernel)

    @property
    def n_features(self) -> int:
        """Number of inputs."""
        return self.kernel.shape[0]

    @property
    def units(self) -> int:
        """Number of units."""
        return self.kernel.shape[1]

    @property
    def twins(self) -> NDArray[np.int64]:
        """First unit with the same weights as each unit, of shape (units,)."""
        same = (self.kernel[:, :, np.newaxis] == self.kernel[:, np.newaxis, :]).all(axis=0)
        return same.argmax(axis=1)

    def verdict(self) -> str:
        """Say how many different sums the units compute."""
        different = len(np.unique(self.twins))
        if self.units == 1:
            return "one unit, one sum"
        if different == self.units:
            return f"{self.units} units compute {different} different sums"
        return f"{self.units} units compute only {different} sum{'s' * (different > 1)}"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        inputs = f"{self.n_features} input{'s' * (self.n_features > 1)}"
        return f"dense layer of {inputs}: {self.verdict()}"

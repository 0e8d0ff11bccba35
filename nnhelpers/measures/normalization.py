"""Which numbers of an array share one mean and one variance when they are normalized."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

BATCH, LAYER, GROUP, INSTANCE = "batch norm", "layer norm", "group norm", "instance norm"
NORMALIZATIONS = (BATCH, LAYER, GROUP, INSTANCE)


@dataclass(frozen=True, kw_only=True)
class NormalizationGroups:
    """The numbers of a layer, each with the number of the group that it is normalized with.

    Attributes
    ----------
    kind : str
        "batch norm", "layer norm", "group norm" or "instance norm".
    number : array of int of shape (n_examples, n_positions, n_channels)
        Of each cell's group, from 0 on. Keras orders axes like this, too; a dense layer has one
        position, and its channels are its units.
    """

    kind: str
    number: NDArray[np.int64] = field(repr=False)

    @property
    def count(self) -> int:
        """Number of groups."""
        return int(self.number.max()) + 1

    @property
    def size(self) -> int:
        """Numbers in each group."""
        return self.number.size // self.count

    def together_with(self, *, example: int, position: int = 0, channel: int) -> NDArray[np.bool_]:
        """Cells that share their mean with one cell, of the shape of `number`."""
        return self.number == self.number[example, position, channel]

    def verdict(self) -> str:
        """Say over how many numbers a mean goes."""
        return f"{self.count} mean{'s' * (self.count > 1)}, each of {self.size} numbers"

    def summary(self) -> str:
        """One line for captions and alternative texts."""
        shape = " × ".join(str(size) for size in self.number.shape)
        return f"{self.kind}, {shape} (examples × positions × channels): {self.verdict()}"


def normalization_groups(
    kind: str,
    *,
    n_examples: int,
    n_channels: int,
    n_positions: int = 1,
    n_groups: int | None = None,
) -> NormalizationGroups:
    """Number the groups of cells that are normalized together.

    Parameters
    ----------
    kind : str
        "batch norm", "layer norm", "group norm" or "instance norm".
    n_examples, n_channels : int
        A dense layer's channels are its units.
    n_positions : int
        Pixels of an image; 1 for a dense layer.
    n_groups : int, optional
        Of the channels of an example, for group norm, and for it alone.

    Returns
    -------
    NormalizationGroups

    Raises
    ------
    ValueError
        If the kind is unknown, a size below 1, the channels cannot be parted into so many equal
        groups, or a group would hold a single number: less its own mean it is 0, whatever it is.

    Notes
    -----
    Batch norm: one group for each channel, over examples and positions. Layer norm: one for each
    example, over channels and positions. Instance norm: one for each example and channel, over
    positions. Group norm: one for each example and each `n_groups`-th part of the channels, so
    that 1 group is layer norm, and as many groups as channels are instance norm. Keras's
    ``LayerNormalization()`` averages over channels alone, each position apart, unless its `axis`
    names the positions as well; for a dense layer that is the same.

    References
    ----------
    Y. Wu and K. He, 2018, figure 2, https://arxiv.org/abs/1803.08494.
    """
    sizes = {"n_examples": n_examples, "n_positions": n_positions, "n_channels": n_channels}
    for name, size in sizes.items():
        _check_size(name, size)
    parts = _parts(kind, n_groups, n_channels)
    examples, _, channels = np.indices([int(size) for size in sizes.values()])
    parts_before = examples * parts + channels // (n_channels // parts)
    number = channels if kind == BATCH else parts_before
    groups = NormalizationGroups(kind=kind, number=number)
    if groups.size == 1:
        raise ValueError(
            f"{kind} of {n_examples} × {n_positions} × {n_channels} (n_examples × n_positions × "
            "n_channels) must average over two numbers or more, got one in each group: less its "
            "own mean it is 0, whatever it is"
        )
    return groups


def normalized(
    values: ArrayLike, *, groups: NormalizationGroups, epsilon: float = 1e-3
) -> NDArray[np.float64]:
    """Subtract from each number the mean of its group, and divide by the group's spread.

    Parameters
    ----------
    values : array of shape (..., n_examples, n_positions, n_channels)
        Leading axes, if any, count arrays that are normalized apart from one another.
    groups : NormalizationGroups
    epsilon : float
        Added to each variance.

    Returns
    -------
    array of the shape of `values`

    Raises
    ------
    ValueError
        If the values are not finite or of another shape than the groups, or epsilon not positive.

    Notes
    -----
    (x - mean) / sqrt(variance + epsilon), the variance with 1/n. Gamma and beta are left out.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape[-3:] != groups.number.shape or not np.isfinite(numbers).all():
        raise ValueError(
            f"values must be finite, of shape {groups.number.shape}, got shape {numbers.shape}"
        )
    if not (np.isfinite(epsilon) and epsilon > 0):
        raise ValueError(f"epsilon must be positive and finite, got {epsilon}")
    centred = numbers - _mean(numbers, groups)
    return centred / np.sqrt(_mean(centred**2, groups) + epsilon)


def _mean(values: NDArray, groups: NormalizationGroups) -> NDArray[np.float64]:
    """Mean of the group of each cell."""
    arrays, cells = values.reshape(-1, groups.number.size), groups.number.ravel()
    numbers = cells + groups.count * np.arange(len(arrays))[:, np.newaxis]
    sums = np.bincount(numbers.ravel(), weights=arrays.ravel())
    return (sums / groups.size)[numbers].reshape(values.shape)


def _check_size(name: str, size: int) -> None:
    if size != np.floor(size) or not size >= 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {size}")


def _parts(kind: str, n_groups: int | None, n_channels: int) -> int:
    """Return into how many groups the channels of an example are parted."""
    if kind not in NORMALIZATIONS:
        raise ValueError(f"kind must be one of {NORMALIZATIONS}, got {kind!r}")
    if kind != GROUP:
        if n_groups is not None:
            raise ValueError(f"n_groups is for {GROUP} alone, got {n_groups} for {kind}")
        return n_channels if kind == INSTANCE else 1
    if n_groups is None:
        raise ValueError(f"n_groups must be given for {GROUP}, got None")
    _check_size("n_groups", n_groups)
    if n_channels % n_groups:
        raise ValueError(f"n_groups must divide the {n_channels} channels evenly, got {n_groups}")
    return int(n_groups)

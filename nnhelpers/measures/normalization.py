"""Which numbers of an array share a mean and a variance when they are normalized."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers.checks import as_floats, check_one_of, check_whole

BATCH, LAYER, GROUP, INSTANCE = "batch norm", "layer norm", "group norm", "instance norm"
_EPSILON = 1e-3  # Keras's
NORMALIZATIONS = (BATCH, LAYER, GROUP, INSTANCE)


@dataclass(frozen=True, kw_only=True)
class NormalizationGroups:
    """Which group each of a layer's numbers is normalized with.

    Attributes
    ----------
    number : array of shape (n_examples, n_positions, n_channels), the order of axes in Keras
        Index of the group, from 0. A dense layer has one position, and its channels are its units.
    """

    kind: str
    number: NDArray[np.int64] = field(repr=False)

    @property
    def count(self) -> int:
        """Number of groups."""
        return int(self.number.max()) + 1

    @property
    def size(self) -> int:
        """Number of cells in each group."""
        return self.number.size // self.count

    def together_with(self, *, example: int, position: int = 0, channel: int) -> NDArray[np.bool_]:
        """Mask, of the shape of `number`, of the cells that share their mean with one cell."""
        return self.number == self.number[example, position, channel]

    def verdict(self) -> str:
        """Say how many means there are, and over how many numbers each is taken."""
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
    """Find which cells a kind of `NORMALIZATIONS` normalizes together.

    Raises ValueError or TypeError if the kind is unknown, a size is below 1, `n_groups` is missing
    for group norm, given for another kind or does not divide the channels evenly, or a group would
    hold a single number, which would always be normalized to 0.

    Notes
    -----
    Batch norm: one group for each channel, over examples and positions. Layer norm: one for each
    example, over channels and positions. Instance norm: one for each example and channel, over
    positions. Group norm: one for each example and each of `n_groups` equal runs of channels.
    Keras's ``LayerNormalization()`` averages over channels alone, each position separately, unless
    its `axis` names the positions too; for a dense layer the two agree.

    References
    ----------
    Y. Wu and K. He, 2018, figure 2, https://arxiv.org/abs/1803.08494.

    Examples
    --------
    >>> normalization_groups("batch norm", n_examples=32, n_channels=4).verdict()
    '4 means, each of 32 numbers'
    """
    check_one_of(NORMALIZATIONS, kind=kind)
    check_whole(n_examples=n_examples, n_positions=n_positions, n_channels=n_channels)
    parts = _parts(kind, n_groups, n_channels)
    examples, _, channels = np.indices((n_examples, n_positions, n_channels))
    number = channels if kind == BATCH else examples * parts + channels // (n_channels // parts)
    groups = NormalizationGroups(kind=kind, number=number)
    if groups.size == 1:
        raise ValueError(
            f"{kind} of {n_examples} × {n_positions} × {n_channels} (n_examples × n_positions × "
            "n_channels) must average over two numbers or more, got one in each group"
        )
    return groups


def normalized(values: ArrayLike, *, groups: NormalizationGroups) -> NDArray[np.float64]:
    """Return (x - mean) / sqrt(variance + 0.001) with the moments of each number's group.

    Leading axes of values of shape (..., n_examples, n_positions, n_channels) count arrays that are
    normalized separately. Raises ValueError or TypeError if the values are not finite or not of the
    groups' shape.

    Examples
    --------
    >>> groups = normalization_groups("layer norm", n_examples=1, n_channels=2)
    >>> normalized([[[1.0, 3.0]]], groups=groups).round(3)
    array([[[-1.,  1.]]])
    """
    numbers = as_floats("values", values)
    if numbers.shape[-3:] != groups.number.shape or not np.isfinite(numbers).all():
        raise ValueError(
            f"values must be finite, of shape {groups.number.shape}, got shape {numbers.shape}"
        )
    centred = numbers - _mean(numbers, groups)
    return centred / np.sqrt(_mean(centred**2, groups) + _EPSILON)


def _mean(values: NDArray, groups: NormalizationGroups) -> NDArray[np.float64]:
    """Mean of each cell's group, of the shape of `values`."""
    arrays, cells = values.reshape(-1, groups.number.size), groups.number.ravel()
    numbers = cells + groups.count * np.arange(len(arrays))[:, np.newaxis]
    sums = np.bincount(numbers.ravel(), weights=arrays.ravel())
    return (sums / groups.size)[numbers].reshape(values.shape)


def _parts(kind: str, n_groups: int | None, n_channels: int) -> int:
    """Return the number of groups of an example's channels."""
    if (n_groups is None) == (kind == GROUP):
        raise ValueError(f"n_groups must be given for {GROUP} alone, got {n_groups} for {kind}")
    if kind != GROUP:
        return n_channels if kind == INSTANCE else 1
    check_whole(n_groups=n_groups)
    if n_channels % n_groups:
        raise ValueError(f"n_groups must divide the {n_channels} channels evenly, got {n_groups}")
    return n_groups

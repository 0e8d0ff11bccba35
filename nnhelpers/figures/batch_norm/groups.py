"""A picture of which numbers of a layer are averaged together."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from nnhelpers.figures import style
from nnhelpers.figures.drawn import Drawn, new_axes, styled

_SHARED, _SHARED_TINT, _OTHERS = style.SERIES_COLORS[5], "#b9cbd8", "#f1f1f1"
_HATCH = "////"
# Of the room of an example's channel, so that positions of one channel stand together.
_FILLED = 0.86
_MOST = 12


@styled
def plot_normalization_axes(groups, *, ax: Axes | None = None) -> Drawn:
    """Draw every number of a layer as a square; those that share one number's mean are hatched.

    Rows are examples and columns channels; of images, each holds the channel's positions. The
    black dot marks the number whose group is shown: the second example's second channel.

    Parameters
    ----------
    groups : nnhelpers.measures.NormalizationGroups
        Of up to 12 examples, 12 channels and 12 positions.

    Raises
    ------
    ValueError
        If there is more of one than can be told apart.

    Examples
    --------
    >>> from nnhelpers import figures, measures
    >>> figures.plot_normalization_axes(
    ...     measures.normalization_groups("layer norm", n_examples=4, n_channels=6)
    ... )
    layer norm, 4 × 1 × 6 (examples × positions × channels): 4 means, each of 6 numbers
    """
    if max(groups.number.shape) > _MOST:
        raise ValueError(f"groups must have {_MOST} of each at most, got {groups.number.shape}")
    ax = new_axes(ax, width=4.4, height=3.6)
    subtitle = style.headline(ax, title="Which numbers share a mean?")
    edges = {"edgecolor": "white", "linewidth": 0.8}
    others = ax.add_collection(PolyCollection([], facecolor=_OTHERS, **edges))
    shared = ax.add_collection(PolyCollection([], facecolor=_SHARED_TINT, hatch=_HATCH, **edges))
    shared.set_edgecolor(_SHARED)
    dot = ax.plot([], [], "o", color=style.INK, markersize=6, markeredgecolor="white")[0]
    ax.set(xlabel="channel", ylabel="example", aspect="equal")
    style.frameless(ax)

    def draw(groups) -> None:
        examples, _, channels = groups.number.shape
        marked = {"example": min(1, examples - 1), "channel": min(1, channels - 1)}
        together = groups.together_with(**marked).ravel()
        squares = _squares(groups.number.shape)
        others.set_verts(squares[~together])
        shared.set_verts(squares[together])
        place = np.ravel_multi_index((marked["example"], 0, marked["channel"]), groups.number.shape)
        dot.set_data(*squares[place].mean(axis=0)[:, np.newaxis])
        ax.set(xlim=(-0.5, channels - 0.5), ylim=(examples - 0.5, -0.5))
        ax.set_xticks(range(channels), range(1, channels + 1))
        ax.set_yticks(range(examples), range(1, examples + 1))
        subtitle.set_text(f"{groups.kind}: one mean for {groups.size} of {groups.number.size}")

    return Drawn(ax, draw, groups)


def _squares(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Corners of the square of each number, of shape (numbers, 4, 2), in the order of ravel."""
    example, position, channel = (index.ravel() for index in np.indices(shape))
    across = int(np.ceil(np.sqrt(shape[1])))
    side = _FILLED / across
    left = channel - _FILLED / 2 + side * (position % across)
    top = example - _FILLED / 2 + side * (position // across)
    corners = side * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    return np.column_stack([left, top])[:, np.newaxis] + corners

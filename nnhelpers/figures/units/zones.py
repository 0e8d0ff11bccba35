"""Shading of an activation's zones: flat, near-linear and useful."""

from collections.abc import Iterator

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from nnhelpers import measures
from nnhelpers.figures import style

# The near-linear zone is often too narrow for its name to stand between the others.
_NAME_HEIGHTS = {measures.FLAT: 0.985, measures.USEFUL: 0.985, measures.NEAR_LINEAR: 0.915}
_NAMED_TOP = 0.88

# Width of a letter, as a share of axes that fill half a panel.
_LETTER = 0.018
_HATCH_STRENGTH = 0.22

_TICKS_WIDTH = 0.54

# Of a level to compare with.
LEVEL_DASH = (0, (4, 3))


class Shading:
    """The zones of one activation, shaded over the height of the axes, names on white above.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits along x must stand.
    named : bool
        Whether to write the zones' names, which takes the topmost tenth of the axes.
    """

    def __init__(self, ax: Axes, *, named: bool) -> None:
        self._ax, self._names = ax, named
        self._artists: list[Artist] = []
        self._shown: tuple | None = None

    def draw(self, activation: str) -> None:
        """Shade the zones of an activation in place of those that were there."""
        asked = (activation, self._ax.get_xlim())
        if asked == self._shown:
            return
        for artist in self._artists:
            artist.remove()
        seen = list(visible_intervals(activation, limits=self._ax.get_xlim()))
        self._artists = [self._area(interval) for interval in seen]
        if self._names:
            self._artists += [self._name(interval) for interval in self._named(seen)]
        self._shown = asked

    def _area(self, interval: measures.Interval) -> Artist:
        top = _NAMED_TOP if self._names else 1.0
        look = zone_look(interval.zone)
        return self._ax.axvspan(
            interval.start, interval.stop, ymax=top, zorder=0, linewidth=0, **look
        )

    def _named(self, intervals: list[measures.Interval]) -> list[measures.Interval]:
        """Pick the intervals wide enough for their zone's name, one at least for each zone."""
        low, high = self._ax.get_xlim()
        chosen = []
        for zone in measures.ZONES:
            same = [interval for interval in intervals if interval.zone == zone]
            room = _LETTER * len(zone) * (high - low)
            fitting = [interval for interval in same if _width(interval) >= room]
            # Of two narrow twins the right one.
            chosen += fitting or sorted(same, key=lambda each: round(_width(each), 6))[-1:]
        return chosen

    def _name(self, interval: measures.Interval) -> Artist:
        return self._ax.text(
            (interval.start + interval.stop) / 2,
            _NAME_HEIGHTS[interval.zone],
            interval.zone,
            transform=self._ax.get_xaxis_transform(),
            ha="center",
            va="center",
            fontsize=9,
            color=style.ZONE_INKS[interval.zone],
        )


def visible_intervals(
    activation: str, *, limits: tuple[float, float]
) -> Iterator[measures.Interval]:
    """Yield the zones of an activation as far as they lie within limits.

    Examples
    --------
    >>> [each.zone for each in visible_intervals("relu", limits=(-1, 1))]
    ['flat', 'near-linear']
    """
    low, high = limits
    for interval in measures.zone_intervals(activation):
        start, stop = max(interval.start, low), min(interval.stop, high)
        if start < stop:
            yield measures.Interval(start=start, stop=stop, zone=interval.zone)


def fix_label(ax: Axes) -> None:
    """Keep the label beside the ticks where it is, however long their numbers get.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fix_label(Figure().subplots())
    """
    aside = ScaledTranslation(-_TICKS_WIDTH, 0, ax.figure.dpi_scale_trans)
    ax.yaxis.set_label_coords(0, 0.5, transform=ax.transAxes + aside)


def zone_look(zone: str) -> dict[str, object]:
    """Return how an area of one zone is filled.

    Examples
    --------
    >>> zone_look(measures.FLAT)["hatch"]
    '///'
    """
    return {
        "facecolor": style.ZONE_TINTS[zone],
        "edgecolor": (style.ZONE_INKS[zone], _HATCH_STRENGTH),
        "hatch": style.ZONE_HATCHES[zone],
    }


def _width(interval: measures.Interval) -> float:
    return interval.stop - interval.start

"""What drawings over the layers of a deep network share: rulers that stay, names at line ends."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.text import Annotation
from numpy.typing import NDArray

# Gradients on the ruler; beyond it stand an arrow and a number.
LOWEST, HIGHEST = 1e-8, 1e2

_NAME_SPACING = 13  # points
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def show_layers(ax: Axes, last: int) -> None:
    """Set a ruler of so many layers, with room for names at its end."""
    step = 1 if last <= 10 else 5 * int(np.ceil(last / 20))
    ax.set_xlim(1 - 0.04 * last, 1.4 * last)
    ax.set_xticks(sorted({1, *range(step, last + 1, step)}))


def show_gradients(ax: Axes) -> None:
    """Set a ruler of gradients in powers of ten."""
    ax.set(yscale="log", ylim=(LOWEST, HIGHEST), ylabel="gradient (root mean square)")
    ax.set_yticks(10.0 ** np.arange(-8, 3, 2))
    ax.minorticks_off()
    name_layers(ax)


def name_layers(ax: Axes) -> None:
    """Name the ruler of layers under its ticks, not under the room for names."""
    ax.set_xlabel("hidden layer, from input to output", x=0, ha="left")


def spread(values: NDArray) -> NDArray[np.float64]:
    """10th, 50th and 90th percentile over draws, of shape (3, depth)."""
    return np.percentile(values, (10, 50, 90), axis=0)


def line_name(ax: Axes, color: str) -> Annotation:
    """Make room for a name at the end of a line."""
    return ax.annotate(
        "",
        (0, 0),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        color=color,
        fontsize=9,
        annotation_clip=False,
    )


def place_names(names: list[Annotation], ends: list[tuple[float, float]]) -> None:
    """Put names at the ends (layer, height) of their lines, apart from one another."""
    ax = names[0].axes
    points = 72 / ax.figure.dpi
    bottom, top = (ax.transAxes.transform((0, share))[1] * points for share in (0.18, 0.97))
    inside = [(x, float(np.clip(y, *ax.get_ylim()))) for x, y in ends]
    heights = np.array([ax.transData.transform(end)[1] * points for end in inside])
    placed = _apart(heights, bottom, top)
    for name, end, height, shown in zip(names, inside, heights, placed, strict=True):
        name.xy = end
        name.set_position((9, shown - height))


def _apart(heights: NDArray, bottom: float, top: float) -> NDArray[np.float64]:
    """Move heights a line of text apart, in their order and about evenly up and down."""
    order = np.argsort(heights, kind="stable")
    wanted = heights[order]
    up, down = _pushed(wanted), -_pushed(-wanted[::-1])[::-1]
    placed = _pushed(np.maximum((up + down) / 2, bottom))
    placed = -_pushed(-np.minimum(placed, top)[::-1])[::-1]
    return placed[np.argsort(order)]


def _pushed(rising: NDArray) -> NDArray[np.float64]:
    """Move up what stands less than a line of text above the one before."""
    lines = _NAME_SPACING * np.arange(len(rising))
    return np.maximum.accumulate(rising - lines) + lines


def beyond(values: NDArray, *, low: float, high: float) -> str:
    """Say with an arrow how far values reach beyond a ruler; nothing if they stay on it."""
    down = f" ↓ {power(values.min())}" if values.min() < low else ""
    up = f" ↑ {power(values.max())}" if values.max() > high else ""
    return down + up


def power(number: float) -> str:
    """Write a number that is not negative to one digit: 3,000 or 4·10⁻¹⁵."""
    if number == 0:
        return "0"
    digit, exponent = f"{number:.0e}".split("e")
    if 0 <= int(exponent) < 5:
        return f"{float(digit) * 10 ** int(exponent):,.0f}"
    return f"{digit}·10{str(int(exponent)).translate(SUPERSCRIPTS)}"


class Series:
    """A median over layers with a band around it and a name at its end."""

    def __init__(
        self,
        ax: Axes,
        name: str,
        marker: str,
        *,
        color: str,
        line,
        ruler: tuple[float, float] = (LOWEST, HIGHEST),
    ) -> None:
        self._ax, self._text, self._ruler = ax, name, ruler
        self._line = ax.plot([], [], marker, color=color, linestyle=line or "none")[0]
        self._line.set(markersize=4.5, linewidth=1.4)
        # Drawn over one another, see-through bands would take more colours than a picture has.
        self._tint = 1 - 0.15 * (1 - np.array(to_rgb(color)))
        self._fill = ax.fill_between([], [])
        self._step = 1
        self.name = line_name(ax, color)
        self.end = (1.0, 1.0)

    def thin(self, step: int) -> None:
        """Show the marker of the last layer, and of every so many before it."""
        self._step = step

    def draw(self, values, *, middle: NDArray | None = None, first: int = 1) -> None:
        """Move them for values of shape (draws, depth), from layer `first` on.

        The markers stand at the medians, or where `middle`, of shape (depth,), says.
        """
        low, medians, high = spread(values)
        middle = medians if middle is None else middle
        numbers = first + np.arange(len(middle))
        self._line.set_data(numbers, middle)
        self._line.set_markevery(((len(middle) - 1) % self._step, self._step))
        self._fill.remove()
        self._fill = self._ax.fill_between(
            numbers, low, high, color=self._tint, linewidth=0, zorder=0.5
        )
        reach = beyond(middle, low=self._ruler[0], high=self._ruler[1])
        self.name.set_text(self._text + reach)
        self.end = (numbers[-1], middle[-1])

"""What an examination saw, layer by layer: pre-activations, units, gradients, updates."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from nnhelpers import measures, words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, beyond, decades, level
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.layouts import compose

_LAYERS = "layer with weights, from input to output"
_SIZE = (5.2, 3.4)
_FAR = 6.0
_BAR = 0.78
_MOST_TICKS = 10
_TEXT = {"fontsize": 9, "va": "center"}
_GRADIENTS, _UPDATES = (1e-8, 1e2), (1e-7, 1e1)
# Where a slope is below a tenth of its largest.
_FLAT = {"relu": (-_FAR, 0), "sigmoid": (3.6, _FAR), "tanh": (1.8, _FAR)}
_SATURATED = "saturated"
_STACK = {
    measures.SPLITTING: style.STATUS_COLORS[measures.SPLITTING],
    measures.DEAD: style.STATUS_COLORS[measures.DEAD],
    measures.ALWAYS_ACTIVE: style.STATUS_COLORS[measures.ALWAYS_ACTIVE],
    _SATURATED: style.SLATE,
}


@drawing("Where pre-activations fall", size=_SIZE)
def plot_layer_bands(examination, *, ax: Axes) -> Draw:
    """Draw each layer's pre-activations, on grey where its activation is flat.

    Thin bars reach from the 5th to the 95th percentile, thick ones over the middle half.

    Parameters
    ----------
    examination : nnhelpers.diagnosis.Examination

    Examples
    --------
    >>> from nnhelpers import diagnosis, figures
    >>> one = diagnosis.ExaminedLayer(name="a", activation="relu", units=2)
    >>> layers = {"findings": (), "looked_at": (), "not_looked_at": (), "layers": (one,)}
    >>> figures.plot_layer_bands(diagnosis.Examination(**layers))
    nothing found
    """
    flat = ax.add_collection(PolyCollection([], color=style.ZONE_TINTS[measures.FLAT], linewidth=0))
    thin = ax.vlines([], [], [], color=style.INK, linewidth=1.2)
    thick = ax.vlines([], [], [], color=style.INK, linewidth=5)
    medians = ax.plot([], [], "o", color="white", markeredgecolor=style.INK, markersize=4)[0]
    keys = [
        ax.text(0, height, words_, **_TEXT)
        for height, words_ in (
            (3, "line: 5 to 95 %"),
            (1.5, "bar: middle half"),
            (-3, "grey: flat"),
        )
    ]
    ax.set(ylim=(-_FAR, _FAR), ylabel="pre-activation z", yticks=[-6, -3, 0, 3, 6])
    ax.set_xlabel(_LAYERS, **AT_LEFT)

    def draw(examination) -> str:
        layers = examination.layers
        _show_layers(ax, len(layers))
        numbers = np.arange(1, len(layers) + 1)
        heights = _column(layers, "percentiles").reshape(-1, 5)
        seen = np.isfinite(heights).all(axis=1)
        shown = np.clip(heights[seen], -_FAR, _FAR)
        for bars, low, high in ((thin, 0, 4), (thick, 1, 3)):
            bars.set_segments(
                [[(x, z[low]), (x, z[high])] for x, z in zip(numbers[seen], shown, strict=True)]
            )
        medians.set_data(numbers[seen], shown[:, 2])
        flat.set_verts([box for x, each in enumerate(layers, 1) for box in _flat_boxes(x, each)])
        for key in keys:
            key.set_x(len(layers) + 0.7)
        reach = np.abs(heights[seen]).max(initial=0)
        return f"reach to ±{words.digits(reach, 2)}" if seen.any() else "not looked at"

    return draw


@drawing("What the units do", size=_SIZE)
def plot_layer_units(examination, *, ax: Axes) -> Draw:
    """Draw the shares of each layer's units that split the data, are dead or always active.

    For sigmoid and tanh the share of pre-activations in the flat part stands in their place; of
    layers without such an activation, as the output mostly is, nothing is shown.

    Examples
    --------
    >>> from nnhelpers import diagnosis, figures
    >>> one = diagnosis.ExaminedLayer(name="a", activation="relu", units=2)
    >>> layers = {"findings": (), "looked_at": (), "not_looked_at": (), "layers": (one,)}
    >>> figures.plot_layer_units(diagnosis.Examination(**layers)).ax.get_ylabel()
    'share of units'
    """
    bars = [ax.add_collection(PolyCollection([], color=c, linewidth=0)) for c in _STACK.values()]
    bars[-1].set(hatch=style.ZONE_HATCHES[measures.FLAT], edgecolor="white")
    names = [
        ax.text(0, height, name, color=color, **_TEXT)
        for height, (name, color) in zip((0.14, 0.38, 0.62, 0.86), _STACK.items(), strict=True)
    ]
    ax.set(ylim=(0, 1), yticks=np.linspace(0, 1, 5), ylabel="share of units")
    ax.set_xlabel(_LAYERS, **AT_LEFT)

    def draw(examination) -> str:
        layers = examination.layers
        _show_layers(ax, len(layers))
        shares = np.array([_shares(each) for each in layers]).reshape(-1, 4).T
        edges = np.cumsum([np.zeros(len(layers)), *shares], axis=0)
        for bar, lows, highs in zip(bars, edges[:-1], edges[1:], strict=True):
            ends = enumerate(zip(lows, highs, strict=True), start=1)
            bar.set_verts([_box(x, low, high) for x, (low, high) in ends])
        for name in names:
            name.set_x(len(layers) + 0.6)
        _, dead, _, flat = shares.max(axis=1, initial=0)
        return f"at most {dead:.0%} of a layer dead, {flat:.0%} saturated"

    return draw


def _course(
    field: str, limits: tuple[float, float], words_of: Callable[[NDArray], str]
) -> Callable[..., Draw]:
    """Return how to draw one number of each layer on a logarithmic axis."""

    def fill(ax: Axes) -> Draw:
        line = ax.plot([], [], "-o", color=style.INK, markersize=5)[0]
        gray = style.STATUS_COLORS[measures.DEAD]
        nothing = ax.plot([], [], "v", color=gray, markersize=7)[0]
        zero_sign = ax.text(0, limits[0] * 6, "0", color=gray, ha="center", **_TEXT)
        higher = ax.plot([], [], "^", color=style.INK, markersize=9)[0]
        decades(ax, which="y", limits=limits, step=2, plain=False)
        ax.set_xlabel(_LAYERS, **AT_LEFT)

        def draw(examination) -> str:
            values = _column(examination.layers, field)
            _show_layers(ax, len(values))
            numbers = np.arange(1, len(values) + 1)
            seen = np.isfinite(values)
            low, high = limits[0] * 1.3, limits[1] / 1.3
            line.set_data(numbers[seen], np.clip(values[seen], low, high))
            zero = seen & (values == 0)
            nothing.set_data(numbers[zero], np.full(zero.sum(), low))
            zero_sign.set(x=numbers[zero][0] if zero.any() else 0, visible=bool(zero.any()))
            above = seen & (values > limits[1])
            higher.set_data(numbers[above], np.full(above.sum(), high))
            return words_of(values[seen]) if seen.any() else "not looked at"

        return draw

    return fill


def _gradients_in_words(values: NDArray) -> str:
    ratio = values[0] / values[-1] if values[-1] else np.inf
    if not np.isfinite(ratio):
        return "no gradient at the last layer" if values[0] else "no gradient anywhere"
    reach = beyond(values[values > 0], limits=_GRADIENTS)
    return f"the first layer's is {words.ratio(ratio)} the last's{reach}"


def _updates_in_words(values: NDArray) -> str:
    if not values.any():
        return "no step moves a weight"
    low, high = (words.power(end) for end in (values.min(), values.max()))
    return f"steps: {low} to {high} of the weights"


@drawing("What comes back", size=_SIZE)
def plot_layer_gradients(examination, *, ax: Axes) -> Draw:
    """Draw the root mean square of each kernel's gradient; a grey triangle is 0, ▲ off the scale.

    Examples
    --------
    >>> from nnhelpers import diagnosis, figures
    >>> one = diagnosis.ExaminedLayer(name="a", activation="relu", units=2, gradient=0.1)
    >>> layers = {"findings": (), "looked_at": (), "not_looked_at": (), "layers": (one,)}
    >>> figures.plot_layer_gradients(diagnosis.Examination(**layers)).ax.get_ylabel()
    'gradient (rms)'
    """
    ax.set_ylabel("gradient (rms)")
    return _course("gradient", _GRADIENTS, _gradients_in_words)(ax)


@drawing("How far a step goes", size=_SIZE)
def plot_layer_updates(examination, *, ax: Axes) -> Draw:
    """Draw rms(update) / rms(weight) of each layer; a grey triangle is 0, ▲ off the scale.

    Examples
    --------
    >>> from nnhelpers import diagnosis, figures
    >>> one = diagnosis.ExaminedLayer(name="a", activation="relu", units=2, update_ratio=1e-3)
    >>> layers = {"findings": (), "looked_at": (), "not_looked_at": (), "layers": (one,)}
    >>> figures.plot_layer_updates(diagnosis.Examination(**layers)).ax.get_ylabel()
    'update / weight (rms)'
    """
    ax.set_ylabel("update / weight (rms)")
    level(ax, height=1e-3, name="usual: 1/1,000")
    return _course("update_ratio", _UPDATES, _updates_in_words)(ax)


plot_examination = compose(
    "AB;CD",
    {
        "A": plot_layer_bands,
        "B": plot_layer_units,
        "C": plot_layer_gradients,
        "D": plot_layer_updates,
    },
    title=lambda examination: examination.headline,
    size=(11.0, 8.0),
)


def _column(layers: tuple, field: str) -> NDArray[np.float64]:
    return np.array([getattr(each, field) for each in layers], dtype=np.float64)


def _show_layers(ax: Axes, count: int) -> None:
    ax.set_xlim(0.4, 1.3 * max(count, 1) + 0.7)
    step = int(np.ceil(max(count, 1) / _MOST_TICKS))
    ax.set_xticks(range(1, count + 1, step))


def _shares(layer) -> tuple[float, float, float, float]:
    if layer.activation in ("sigmoid", "tanh", "softsign", "hard_sigmoid"):
        return 1 - layer.saturated, 0.0, 0.0, layer.saturated
    if layer.activation in ("linear", "softmax"):
        return 0.0, 0.0, 0.0, 0.0
    return layer.splitting, layer.dead, layer.always_active, 0.0


def _flat_boxes(number: int, layer) -> list[list[tuple[float, float]]]:
    if layer.activation not in _FLAT:
        return []
    low, high = _FLAT[layer.activation]
    boxes = [_box(number, low, high, width=1.0)]
    return boxes if low < 0 else [*boxes, _box(number, -high, -low, width=1.0)]


def _box(number: int, low: float, high: float, *, width: float = _BAR) -> list[tuple[float, float]]:
    left, right = number - width / 2, number + width / 2
    return [(left, low), (right, low), (right, high), (left, high)]

"""Drawings of an examination, layer by layer, and of losses compared with a guess's."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from nnhelpers import measures, words
from nnhelpers.figures import style
from nnhelpers.figures.axes import AT_LEFT, Stacks, beyond, box, decades, level
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.figures.layouts import compose
from nnhelpers.figures.lines import Band, Course, Look, place_bands

_SIZE = (5.2, 3.4)
_FAR, _MOST_TICKS = 6.0, 10
_TEXT = {"fontsize": 9, "va": "center"}
_GRADIENTS = (1e-8, 1e2)
# Where the slope is less than about a tenth of its largest value.
_FLAT = {"relu": (-_FAR, 0), "sigmoid": (3.6, _FAR), "tanh": (1.8, _FAR)}
_BOUNDED, _WITHOUT = ("sigmoid", "tanh", "softsign", "hard_sigmoid"), ("linear", "softmax")
_STACK = style.STATUS_COLORS | {"saturated": style.SLATE}


@drawing("Where pre-activations fall", size=_SIZE)
def plot_layer_bands(examination, *, ax: Axes) -> Draw:
    """Draw each layer's pre-activations, on grey where relu, sigmoid or tanh is flat.

    Bars are 5th to 95th percentiles (thin) and quartiles. Shows a ``diagnosis.Examination``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plot_layer_bands(SimpleNamespace(layers=(), summary=lambda: "nothing found"))
    nothing found
    """
    flat = ax.add_collection(PolyCollection([], color=style.ZONE_TINTS[measures.FLAT], linewidth=0))
    thin = ax.vlines([], [], [], color=style.INK, linewidth=1.2)
    thick = ax.vlines([], [], [], color=style.INK, linewidth=5)
    medians = ax.plot([], [], "o", color="white", markeredgecolor=style.INK, markersize=4)[0]
    said = ((3, "line: 5 to 95 %"), (1.5, "bar: middle half"), (-3, "grey: flat"))
    keys = [ax.text(0, height, words_, **_TEXT) for height, words_ in said]
    ax.set(ylim=(-_FAR, _FAR), ylabel="pre-activation z", yticks=[-6, -3, 0, 3, 6])

    def draw(examination) -> str:
        layers = examination.layers
        numbers = _show_layers(ax, len(layers))
        heights = _column(layers, "percentiles").reshape(-1, 5)
        seen = np.isfinite(heights).all(axis=1)
        shown = np.clip(heights[seen], -_FAR, _FAR)
        for bars, low, high in ((thin, 0, 4), (thick, 1, 3)):
            ends = zip(numbers[seen], shown[:, low], shown[:, high], strict=True)
            bars.set_segments([[(x, bottom), (x, top)] for x, bottom, top in ends])
        medians.set_data(numbers[seen], shown[:, 2])
        flat.set_verts([area for x, each in enumerate(layers, 1) for area in _flat_parts(x, each)])
        for key in keys:
            key.set_x(len(layers) + 0.7)
        if not seen.any():
            return "not looked at"
        return f"reach to ±{words.digits(np.abs(heights[seen]).max(), 2)}"

    return draw


def _flat_parts(number: int, layer) -> list[NDArray]:
    if layer.activation not in _FLAT:
        return []
    low, high = _FLAT[layer.activation]
    ends = [(low, high)] if low < 0 else [(low, high), (-high, -low)]
    return [box(number, low=bottom, high=top, width=1.0) for bottom, top in ends]


@drawing("What the units do", size=_SIZE)
def plot_layer_units(examination, *, ax: Axes) -> Draw:
    """Draw the shares of each layer's units that split the data, are dead or always active.

    Bounded activations show the share of pre-activations in their flat parts instead, linear and
    softmax layers nothing. Shows a ``diagnosis.Examination``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plot_layer_units(SimpleNamespace(layers=(), summary=lambda: "nothing found"))
    nothing found
    """
    stacks = Stacks(ax, _STACK.values())
    stacks.bars[-1].set(hatch=style.ZONE_HATCHES[measures.FLAT], edgecolor="white")
    rows = zip((0.14, 0.38, 0.62, 0.86), _STACK.items(), strict=True)
    names = [ax.text(0, height, name, color=color, **_TEXT) for height, (name, color) in rows]
    ax.set(ylim=(0, 1), yticks=np.linspace(0, 1, 5), ylabel="share of units")

    def draw(examination) -> str:
        layers = examination.layers
        _show_layers(ax, len(layers))
        shares = np.array([_shares(each) for each in layers]).reshape(-1, 4).T
        stacks.draw(shares)
        for name in names:
            name.set_x(len(layers) + 0.6)
        _, dead, _, flat = shares.max(axis=1, initial=0)
        return f"at most {dead:.0%} of a layer dead, {flat:.0%} saturated"

    return draw


def _shares(layer) -> tuple[float, float, float, float]:
    if layer.activation in _BOUNDED:
        return 1 - layer.saturated, 0.0, 0.0, layer.saturated
    if layer.activation in _WITHOUT:
        return 0.0, 0.0, 0.0, 0.0
    return layer.splitting, layer.dead, layer.always_active, 0.0


def _course(
    ax: Axes, field: str, *, limits: tuple[float, float], say: Callable[[NDArray], str]
) -> Draw:
    """Return how to draw one number per layer on a logarithmic axis."""
    gray, line = _STACK[measures.DEAD], ax.plot([], [], "-o", color=style.INK, markersize=5)[0]
    nothing = ax.plot([], [], "v", color=gray, markersize=7)[0]
    zero_sign = ax.text(0, limits[0] * 6, "0", color=gray, ha="center", **_TEXT)
    higher = ax.plot([], [], "^", color=style.INK, markersize=9)[0]
    decades(ax, which="y", limits=limits, step=2)
    low, high = limits[0] * 1.3, limits[1] / 1.3

    def draw(examination) -> str:
        values = _column(examination.layers, field)
        numbers = _show_layers(ax, len(values))
        seen = np.isfinite(values)
        line.set_data(numbers[seen], np.clip(values[seen], low, high))
        zero = numbers[seen & (values == 0)]
        nothing.set_data(zero, np.full(len(zero), low))
        zero_sign.set(x=zero[0] if len(zero) else 0, visible=len(zero) > 0)
        above = numbers[seen & (values > limits[1])]
        higher.set_data(above, np.full(len(above), high))
        return say(values[seen]) if seen.any() else "not looked at"

    return draw


@drawing("What comes back", size=_SIZE)
def plot_layer_gradients(examination, *, ax: Axes) -> Draw:
    """Draw the root mean square of each kernel's gradient.

    A grey triangle marks 0, ▲ a value beyond the axis. Shows a ``diagnosis.Examination``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plot_layer_gradients(SimpleNamespace(layers=(), summary=lambda: "nothing found"))
    nothing found
    """
    ax.set_ylabel("gradient (rms)")
    return _course(ax, "gradient", limits=_GRADIENTS, say=_gradients_in_words)


def _gradients_in_words(values: NDArray) -> str:
    ratio = values[0] / values[-1] if values[-1] else np.inf
    if not np.isfinite(ratio):
        return "no gradient at the last layer" if values[0] else "no gradient anywhere"
    reach = beyond(values[values > 0], limits=_GRADIENTS)
    return f"the first layer's is {words.ratio(ratio)} the last's{reach}"


@drawing("How far a step goes", size=_SIZE)
def plot_layer_updates(examination, *, ax: Axes) -> Draw:
    """Draw rms(update) / rms(weight) of each layer, with the marks of `plot_layer_gradients`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> plot_layer_updates(SimpleNamespace(layers=(), summary=lambda: "nothing found"))
    nothing found
    """
    ax.set_ylabel("update / weight (rms)")
    level(ax, height=1e-3, name="usual: 1/1,000")
    return _course(ax, "update_ratio", limits=(1e-7, 1e1), say=_updates_in_words)


def _updates_in_words(values: NDArray) -> str:
    if not values.any():
        return "no step moves a weight"
    low, high = (words.power(end) for end in (values.min(), values.max()))
    return f"steps: {low} to {high} of the weights"


_PARTS = plot_layer_bands, plot_layer_units, plot_layer_gradients, plot_layer_updates
plot_examination = compose(
    "AB;CD",
    dict(zip("ABCD", _PARTS, strict=True)),
    title=lambda examination: examination.headline,
    size=(11.0, 8.0),
)


def _column(layers: tuple, field: str) -> NDArray[np.float64]:
    return np.array([getattr(each, field) for each in layers], dtype=np.float64)


def _show_layers(ax: Axes, count: int) -> NDArray[np.int64]:
    """Show so many layers, with room for words at the right; return their numbers."""
    step = int(np.ceil(max(count, 1) / _MOST_TICKS))
    ax.set(xlim=(0.4, 1.3 * max(count, 1) + 0.7), xticks=range(1, count + 1, step))
    ax.set_xlabel("layer with weights, from input to output", **AT_LEFT)
    return np.arange(1, count + 1)


_HIGHEST = 2.0
_LOSS_LOOKS = {
    "training": Look(color=style.INK, dash="-", width=2, font_size=10),
    "validation": Look(color=style.SLATE, dash=style.PLAIN_DASH, width=2, font_size=10),
}


@drawing("Loss", size=_SIZE)
def plot_loss_curves(losses, *, ax: Axes) -> Draw:
    """Draw training and validation loss epoch by epoch, as shares of a guess's loss.

    `losses` has arrays ``training`` and ``validation`` from epoch 0 on, shorter if the network
    ``diverged``, and ``n_epochs``; None leaves the axes empty.

    Examples
    --------
    >>> plot_loss_curves(None).ax.texts[0].get_text()
    'none chosen'
    """
    bands = {name: Band(ax, name, look) for name, look in _LOSS_LOOKS.items()}
    level(ax, height=1)
    ax.set(xlabel="epoch", ylabel="loss, in guesses", ylim=(0, _HIGHEST))
    ax.set_yticks([0, 0.5, 1, 1.5, 2], labels=["0", "½", "guess", "1½", "2"])

    def draw(losses) -> str:
        for name, band in bands.items():
            shares = np.ones(1) if losses is None else getattr(losses, name)
            above = f" ↑ {words.digits(shares[-1], 2)}" if shares[-1] > _HIGHEST else ""
            band.text = name + above
            band.draw(Course(np.arange(len(shares)), shares))
            band.name.set_visible(losses is not None)
        place_bands(bands.values())
        if losses is None:
            ax.set(xlim=(0, 3.2), xticks=[0])
            return "none chosen"
        last = losses.n_epochs
        ax.set(xlim=(0, 1.6 * last), xticks=[0, last // 2, last])
        diverged = ", diverged" if losses.diverged else ""
        return f"at first {words.ratio(losses.training[0])} a guess's{diverged}"

    return draw

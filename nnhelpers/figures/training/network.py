"""Drawings of networks: their weights, and the activity of their units."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.text import Text
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing, redrawing
from nnhelpers.words import subscript

_MOST_LABELS = 10
_LEVELS = np.linspace(0, 1, 51)
_WIDEST_LINE = 6.0
_OFF_AND_ON = ListedColormap(["#f1f1f1", style.ACTIVE])


@drawing("Network", size=(4.6, 4.0))
def plot_network(snapshot, *, ax: Axes) -> Draw:
    """Draw the network, with lines as wide as weights are large, coloured and dashed by sign.

    Hidden units are labelled with the share of the data on which they are active, and coloured by
    status. Shows a ``training.NetworkSnapshot``.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_network(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    diagram = _Diagram(ax)
    looks = {"xycoords": "axes fraction", "ha": "center", "color": style.QUIET}
    legend = style.note(ax, "", (0.5, 0), offset=(0, -16), **looks)

    def draw(snapshot) -> str:
        diagram.draw_weights(snapshot)
        shares = [share for layer in snapshot.active_fraction for share in layer]
        known = np.nan_to_num(shares)
        labels = ["?" if np.isnan(share) else f"{share:.0%}" for share in shares]
        inks = [style.STATUS_COLORS[str(status)] for status in measures.unit_status(known)]
        diagram.draw_nodes(snapshot, ["white"] * len(shares), labels, inks)
        counts = (f"{snapshot.status_count(s)} {s}" for s in measures.STATUSES)
        legend.set_text("    ".join(counts))
        return "diverged" if snapshot.diverged else "active on this share of the data"

    return draw


@drawing("Who is active?", size=(4.6, 4.0))
def plot_network_activations(view, *, ax: Axes) -> Draw:
    """Draw the units that one example activates as filled, the others as white.

    The output has the colour of the predicted class. Shows a ``training.ExampleView``.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_network_activations(run.snapshot().example(0))
    example 0: 1 of 2 units active, p = 0.8
    """
    diagram = _Diagram(ax)

    def draw(view) -> str:
        snapshot = view.snapshot
        diagram.draw_weights(snapshot)
        known = not snapshot.diverged
        active = (np.concatenate(view.pre_activations) > 0) & known
        fills = [style.ACTIVE if on else "white" for on in active]
        values = np.concatenate(view.activations)
        labels = [f"{value:.1f}" if known else "?" for value in values]
        inks = ["white" if on else style.QUIET for on in active]
        answer = style.CLASS_STYLES[int(view.probability > 0.5)].color if known else "white"
        diagram.draw_nodes(snapshot, fills, labels, inks, output=answer)
        found = f"{active.sum()} of {len(active)} units, p = {view.probability:.2f}"
        return found if known else "diverged"

    return draw


@redrawing("Who is active on what?", size=(6.0, 2.6))
def plot_activity(snapshot, *, ax: Axes) -> str:
    """Draw which units (rows) are active on which examples (columns).

    The examples are ordered by direction from the data's centre, with the colours of their classes
    above. Shows a ``training.NetworkSnapshot`` of two features; raises ``ValueError`` if it has no
    hidden layer.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_activity(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    if not snapshot.spec.units:
        raise ValueError("snapshot must have a hidden layer, got none")
    known, (x, y) = not snapshot.diverged, (snapshot.dataset.X - snapshot.dataset.X.mean(axis=0)).T
    active = np.concatenate([z > 0 for z in snapshot.forward.pre_activations], axis=1).T & known
    order, (units, examples) = np.argsort(np.arctan2(y, x)), active.shape
    pixels = {"vmin": 0, "vmax": 1, "aspect": "auto", "interpolation": "nearest"}
    rows = {"cmap": _OFF_AND_ON, "extent": (0, examples, units - 0.5, -0.5)}
    ax.imshow(active[:, order], **rows, **pixels)
    colors = ListedColormap([look.color for look in style.CLASS_STYLES])
    strip = {"cmap": colors, "extent": (0, examples, -0.6, -1.1)}
    ax.imshow(snapshot.dataset.y[np.newaxis, order], **strip, **pixels)
    ax.hlines(np.arange(0.5, units - 1), 0, examples, color="white", linewidth=4)
    ax.set_yticks([-0.85, *range(units)], ["class", *range(1, units + 1)])
    ax.set(xlim=(0, examples), ylim=(units - 0.5, -1.1))
    ax.set(xlabel="example, by direction", ylabel="unit")
    found = f"{snapshot.status_count(measures.SPLITTING)} of {units} units split"
    return found if known else "diverged"


@redrawing("What leaves each layer", size=(4.0, 3.4))
def plot_layer_activations(snapshot, *, ax: Axes) -> str:
    """Draw the distribution over (0, 1) of each sigmoid layer's activations.

    Shows a ``training.NetworkSnapshot``.

    Examples
    --------
    >>> from nnhelpers import datasets, networks, training
    >>> spec = networks.MLPSpec(units=(2,), activation="sigmoid")
    >>> plot_layer_activations(training.train(spec, datasets.load_circles(), epochs=9).snapshot())
    epoch 9: accuracy 56.6%, units: 2 splitting, 0 dead, 0 always active
    """
    layers, middles = len(snapshot.spec.units), (_LEVELS[:-1] + _LEVELS[1:]) / 2
    looks = {"step": "mid", "color": style.ACTIVE, "alpha": 0.75}
    for layer, activations in enumerate(snapshot.forward.activations, start=1):
        counts = np.histogram(activations, _LEVELS)[0]
        ax.fill_between(middles, layer, layer + 0.85 * counts / counts.max(), **looks)
    ax.set(xlim=(0, 1), ylim=(0.9, layers + 1), yticks=range(1, layers + 1))
    ax.set(xlabel="activation, all units and examples", ylabel="hidden layer")
    last = snapshot.forward.activations[-1]
    ends = np.mean((last < 0.05) | (last > 0.95))
    return f"epoch {snapshot.epoch:,}: last layer {ends:.0%} outside 0.05–0.95"


class _Diagram:
    """A network diagram, whose sizes adapt to the number of units."""

    def __init__(self, ax: Axes) -> None:
        style.bare(ax)
        ax.set(xlim=(0, 1), ylim=(0, 1))
        self._ax = ax
        self._lines = {
            sign: ax.add_collection(LineCollection([], colors=color, linestyles=dash, alpha=0.75))
            for sign, color, dash in ((1, style.PLUS, "-"), (-1, style.MINUS, (0, (4, 1))))
        }
        self._texts: list[Text] = []
        self._nodes = ax.scatter([], [], zorder=3, clip_on=False)

    def draw_weights(self, snapshot) -> None:
        """Draw every weight as a line between two nodes."""
        kernels = [np.nan_to_num(kernel) for kernel in snapshot.weights.kernels]
        places = _places(snapshot)
        for sign, lines in self._lines.items():
            segments, widths = [], []
            for kernel, left, right in zip(kernels, places[:-1], places[1:], strict=True):
                strength = np.abs(kernel) / (np.abs(kernel).max() or 1.0)
                for i, j in zip(*np.nonzero(np.sign(kernel) == sign), strict=True):
                    segments.append([left[i], right[j]])
                    widths.append(_WIDEST_LINE * strength[i, j] / max(1, len(right) / 8))
            lines.set_segments(segments)
            lines.set_linewidths(widths or [0])

    def draw_nodes(self, snapshot, fills, labels, inks, *, output: str = "white") -> None:
        """Draw the nodes, hidden ones with fill, label and color."""
        places = _places(snapshot)
        n_inputs = len(places[0])
        xy = np.concatenate(places)
        pairs = zip(fills, inks, strict=True)
        borders = [ink if fill == "white" else fill for fill, ink in pairs]
        faces = ["white"] * n_inputs + fills + [output] * len(places[-1])
        edges = [style.QUIET] * n_inputs + borders + [style.INK] * len(places[-1])
        crowd = max(len(column) for column in places)
        size = self._node_size(crowd)
        self._nodes.set_offsets(xy)
        self._nodes.set_sizes([size])
        self._nodes.set(facecolors=faces, edgecolors=edges, linewidths=min(2.2, size**0.5 / 5))
        show = crowd <= _MOST_LABELS
        aside = np.array([0 if show else 0.06, 0])  # small nodes have no room for a name
        dark, words = output == "white" or not show, []
        if n_inputs <= _MOST_LABELS:
            inputs = enumerate(places[0] - aside, start=1)
            words += [(xy, f"x{subscript(number)}", style.INK) for number, xy in inputs]
        words.append((places[-1][0] + aside, "p", style.INK if dark else "white"))
        if show:
            words += zip(xy[n_inputs:], labels, inks, strict=False)
        self._write(words)

    def _node_size(self, crowd: int) -> float:
        """Area of a node (points squared) that leaves gaps between neighbours."""
        height = self._ax.get_window_extent().height * 72 / self._ax.figure.dpi
        return min(28.0, 0.8 * height * _spacing(crowd)) ** 2

    def _write(self, words: list[tuple[NDArray, str, str]]) -> None:
        """Show words at places in colors, adding or removing texts as needed."""
        while len(self._texts) > len(words):
            self._texts.pop().remove()
        while len(self._texts) < len(words):
            text = self._ax.text(0, 0, "", ha="center", va="center", fontsize=9, zorder=4)
            self._texts.append(text)
        for text, (xy, word, ink) in zip(self._texts, words, strict=True):
            text.set(position=xy, text=word, color=ink)


def _places(snapshot) -> list[NDArray[np.float64]]:
    """Coordinates of the nodes, of shape (units, 2) for each column."""
    kernels = snapshot.weights.kernels
    counts = [kernels[0].shape[0], *(kernel.shape[1] for kernel in kernels)]
    columns = np.linspace(0.08, 0.92, len(counts))
    heights = [0.5 + _spacing(n) * ((n - 1) / 2 - np.arange(n)) for n in counts]
    pairs = zip(columns, heights, strict=True)
    return [np.column_stack([np.full(len(column), x), column]) for x, column in pairs]


def _spacing(count: int) -> float:
    return min(0.26, 0.84 / max(1, count - 1))

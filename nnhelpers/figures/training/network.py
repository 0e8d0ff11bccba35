"""Network diagrams: weights as widths and signs as colours, and what each unit does."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.text import Text
from numpy.typing import NDArray

from nnhelpers import measures
from nnhelpers.figures import style
from nnhelpers.figures.drawn import Draw, drawing
from nnhelpers.words import subscript

_MOST_LABELS = 10
_WIDEST_LINE = 6.0
_OFF_AND_ON = ListedColormap(["#f1f1f1", style.ACTIVE])


@drawing("Network", size=(4.6, 4.0))
def plot_network(snapshot, *, ax: Axes) -> Draw:
    """Draw the network: width of a line for the size of its weight, colour and dash for the sign.

    Each hidden unit carries the share of the data on which it is active, coloured by its status.

    Parameters
    ----------
    snapshot : nnhelpers.training.NetworkSnapshot

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
        diagram.draw_nodes(snapshot, *_status_of_units(snapshot))
        counts = (f"{snapshot.status_count(s)} {s}" for s in measures.STATUSES)
        legend.set_text("    ".join(counts))
        return "diverged" if snapshot.diverged else "active on this share of the data"

    return draw


@drawing("Who is active?", size=(4.6, 4.0))
def plot_network_activations(view, *, ax: Axes) -> Draw:
    """Draw which units one example activates: filled is active, white is not.

    The output is filled in the colour of the class that the network answers.

    Parameters
    ----------
    view : nnhelpers.training.ExampleView

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
        active = [(z > 0) & known for z in view.pre_activations]
        fills = [[style.ACTIVE if on else "white" for on in layer] for layer in active]
        labels = [
            [f"{value:.1f}" if known else "?" for value in layer] for layer in view.activations
        ]
        answer = style.CLASS_STYLES[int(view.probability > 0.5)].color if known else "white"
        inks = [["white" if on else style.QUIET for on in layer] for layer in active]
        diagram.draw_nodes(snapshot, fills, labels, inks, output=answer)
        every = np.concatenate(active)
        found = f"{every.sum()} of {len(every)} units, p = {view.probability:.2f}"
        return found if known else "diverged"

    return draw


@drawing("Who is active on what?", size=(6.0, 2.6))
def plot_activity(snapshot, *, ax: Axes) -> Draw:
    """Draw who is active on which example: a row a unit, a column an example.

    The examples are ordered by their direction from the data's centre; above them stands the
    colour of each one's class.

    Parameters
    ----------
    snapshot : nnhelpers.training.NetworkSnapshot

    Raises
    ------
    ValueError
        If the network has no hidden layer.

    Examples
    --------
    >>> from nnhelpers import datasets, figures, networks, training
    >>> run = training.train(networks.MLPSpec(units=(2,)), datasets.load_circles(), epochs=50)
    >>> figures.plot_activity(run.snapshot())
    epoch 50: accuracy 53%, units: 2 splitting, 0 dead, 0 always active
    """
    check_hidden_layer(snapshot)
    ax.set(xlabel="example, by direction", ylabel="unit")
    between = ax.add_collection(LineCollection([], colors="white", linewidths=4))
    pixels = {"vmin": 0, "vmax": 1, "aspect": "auto", "interpolation": "nearest"}
    shades = ax.imshow([[0]], cmap=_OFF_AND_ON, **pixels)
    colors = ListedColormap([look.color for look in style.CLASS_STYLES])
    strip = ax.imshow([[0]], cmap=colors, **pixels)

    def draw(snapshot) -> str:
        known = not snapshot.diverged
        active = np.concatenate([z > 0 for z in snapshot.forward.pre_activations], axis=1).T & known
        x, y = (snapshot.dataset.X - snapshot.dataset.X.mean(axis=0)).T
        order = np.argsort(np.arctan2(y, x))
        units, examples = active.shape
        shades.set_data(active[:, order])
        shades.set_extent((0, examples, units - 0.5, -0.5))
        strip.set_data(snapshot.dataset.y[np.newaxis, order])
        strip.set_extent((0, examples, -0.6, -1.1))
        ax.set_yticks([-0.85, *range(units)], ["class", *range(1, units + 1)])
        ax.set(xlim=(0, examples), ylim=(units - 0.5, -1.1))
        between.set_segments([[(0, row - 0.5), (examples, row - 0.5)] for row in range(1, units)])
        found = f"{snapshot.status_count(measures.SPLITTING)} of {units} units split"
        return found if known else "diverged"

    return draw


def check_hidden_layer(snapshot) -> None:
    """Refuse a network without hidden units by a ``ValueError``: it has nothing to show.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> check_hidden_layer(SimpleNamespace(spec=SimpleNamespace(units=(2,))))
    """
    if not snapshot.spec.units:
        raise ValueError("snapshot must have a hidden layer, got none")


class _Diagram:
    """Artists of a network diagram; sizes adapt to the number of units."""

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
        """Draw the nodes, hidden ones with their fill, label and ink."""
        places = _places(snapshot)
        n_inputs = len(places[0])
        xy = np.concatenate(places)
        pairs = zip(_flat(fills), _flat(inks), strict=True)
        borders = [ink if fill == "white" else fill for fill, ink in pairs]
        faces = ["white"] * n_inputs + _flat(fills) + [output] * len(places[-1])
        edges = [style.QUIET] * n_inputs + borders + [style.INK] * len(places[-1])
        crowd = max(len(column) for column in places)
        size = self._node_size(crowd)
        self._nodes.set_offsets(xy)
        self._nodes.set_sizes([size])
        self._nodes.set(facecolors=faces, edgecolors=edges, linewidths=min(2.2, size**0.5 / 5))
        self._write(places, labels, inks, output, show=crowd <= _MOST_LABELS)

    def _node_size(self, crowd: int) -> float:
        """Area of a node (points squared) that leaves a gap to its neighbours."""
        height = self._ax.get_window_extent().height * 72 / self._ax.figure.dpi
        return min(28.0, 0.8 * height * _spacing(crowd)) ** 2

    def _write(self, places, labels, inks, output, *, show: bool) -> None:
        inputs = [f"x{subscript(i + 1)}" for i in range(len(places[0]))]
        words = [*(inputs if len(inputs) <= _MOST_LABELS else []), "p"]
        aside = np.array([0 if show else 0.06, 0])  # small nodes have no room for a name
        where = [*(places[0] - aside if len(inputs) <= _MOST_LABELS else []), places[-1][0] + aside]
        colors = [style.INK] * len(words)
        colors[-1] = style.INK if output == "white" or not show else "white"
        if show:
            words += _flat(labels)
            where += [xy for column in places[1:-1] for xy in column]
            colors += _flat(inks)
        while len(self._texts) > len(words):
            self._texts.pop().remove()
        while len(self._texts) < len(words):
            text = self._ax.text(0, 0, "", ha="center", va="center", fontsize=9, zorder=4)
            self._texts.append(text)
        for text, xy, word, ink in zip(self._texts, where, words, colors, strict=True):
            text.set(position=xy, text=word, color=ink)


def _status_of_units(snapshot) -> tuple[list, list, list]:
    fills, labels, inks = [], [], []
    for fractions in snapshot.active_fraction:
        known = np.nan_to_num(fractions)
        fills.append(["white"] * len(known))
        labels.append(["?" if np.isnan(f) else f"{f:.0%}" for f in fractions])
        inks.append([style.STATUS_COLORS[str(s)] for s in measures.unit_status(known)])
    return fills, labels, inks


def _places(snapshot) -> list[NDArray[np.float64]]:
    """Coordinates of the nodes, an array of shape (units, 2) for each column."""
    kernels = snapshot.weights.kernels
    counts = [kernels[0].shape[0], *(kernel.shape[1] for kernel in kernels)]
    columns = np.linspace(0.08, 0.92, len(counts))
    heights = [0.5 + _spacing(n) * ((n - 1) / 2 - np.arange(n)) for n in counts]
    return [
        np.column_stack([np.full(len(column), x), column])
        for x, column in zip(columns, heights, strict=True)
    ]


def _spacing(count: int) -> float:
    return min(0.26, 0.84 / max(1, count - 1))


def _flat(layers: list[list[str]]) -> list[str]:
    return [value for layer in layers for value in layer]

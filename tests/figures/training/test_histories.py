"""Drawings of units and layers over a training, from histories made by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from looking import second_line
from matplotlib.colors import to_rgba

from nnhelpers import figures, measures, training
from nnhelpers.figures import style


def history_of(*layers, activation="relu"):
    return training.UnitHistory(
        activation=activation,
        epochs=np.arange(len(layers[0])),
        active_fraction=tuple(np.array(layer, dtype=float) for layer in layers),
    )


HISTORY = history_of([[0.5, 0.2, 1.0], [0.0, 0.3, 1.0]], [[0.1, 0.2], [0.3, 0.0]])


def inks(drawn):
    """Return the colour of every pixel of the image, row by row."""
    (image,) = drawn.ax.images
    return image.cmap(image.norm(image.get_array()))


def test_units_are_grey_where_dead_magenta_where_always_active_sorted_and_counted():
    drawn = figures.plot_unit_history(HISTORY)
    colors = inks(drawn)
    assert tuple(colors[0, 1]) == to_rgba(style.STATUS_COLORS[measures.DEAD])
    assert tuple(colors[2, 1]) == to_rgba(style.STATUS_COLORS[measures.ALWAYS_ACTIVE])
    greens = colors[[0, 1], [0, 1], 1]
    assert (greens > colors[[0, 1], [0, 1], 0]).all()
    # Units are sorted by their end, and layers kept apart.
    (image,) = drawn.ax.images
    rows = np.ma.filled(image.get_array(), np.nan)
    np.testing.assert_array_equal(rows[:3, -1], [0.0, 0.3, 1.0])
    assert np.isnan(rows[3]).all()
    np.testing.assert_array_equal(rows[4:, -1], [0.0, 0.3])
    assert second_line(drawn.ax) == "dead at the end: 33% of layer 1, 50% of layer 2"
    leaky = history_of([[0.5], [0.0]], activation="leaky_relu")
    ax = figures.plot_unit_history(leaky).ax
    assert second_line(ax) == "never active at the end: 100% of layer 1"


def test_epochs_after_a_divergence_stay_white():
    broken = history_of([[0.5, 0.2], [np.nan, np.nan]])
    drawn = figures.plot_unit_history(broken)
    assert tuple(inks(drawn)[0, 1]) == to_rgba("white")
    assert second_line(drawn.ax) == "diverged"


def ensemble_of(dead, accuracy):
    return SimpleNamespace(
        draws=len(dead),
        diverged_share=np.mean(np.isnan(dead)),
        dead_share=lambda: np.array(dead),
        final_accuracy=np.array(accuracy),
        summary=lambda: "by hand",
    )


@pytest.mark.parametrize(
    ("dead", "said"),
    [
        ([0.2, 0.4, 0.9], "median of 3 networks: 40%"),
        ([0.2, 0.4, np.nan], "median 30%; 1 of 3 networks diverged"),
        ([np.nan] * 3, "3 of 3 networks diverged"),
    ],
)
def test_every_network_that_did_not_diverge_is_a_dot(dead, said):
    drawn = figures.plot_dead_shares(ensemble_of(dead, [1.0, 0.8, 0.1]))
    dots = drawn.ax.lines[0].get_xydata()
    shown = [pair for pair in zip(dead, [1.0, 0.8, 0.1], strict=True) if np.isfinite(pair[0])]
    np.testing.assert_array_equal(dots, np.reshape(shown, (-1, 2)))
    assert second_line(drawn.ax) == said


def test_the_line_through_the_layers_stands_at_the_epoch_with_its_numbers(trained):
    run = trained.deep_run
    history = training.layer_history(run)
    moment = SimpleNamespace(history=history, snapshot=run.snapshot(2), summary=run.summary)
    drawn = figures.plot_layer_history(moment)
    (cursor,) = (line for line in drawn.ax.lines)
    assert list(cursor.get_xdata()) == [run.epochs[2]] * 2
    (mesh,) = drawn.ax.collections
    np.testing.assert_allclose(mesh.get_array(), history.mean.T)
    written = [text.get_text() for text in drawn.ax.texts]
    for mean, spread in zip(history.mean[2], history.spread[2], strict=True):
        assert f"{mean:.2f} ± {spread:.2f}" in written


def test_the_activations_of_every_layer_are_counted(trained):
    snapshot = trained.deep_run.snapshot()
    drawn = figures.plot_layer_activations(snapshot)
    assert len(drawn.ax.collections) == len(snapshot.spec.units)
    for layer, (fill, a) in enumerate(
        zip(drawn.ax.collections, snapshot.forward.activations, strict=True), start=1
    ):
        heights = fill.get_paths()[0].vertices[:, 1]
        assert heights.min() == layer
        fullest = np.histogram(a, np.linspace(0, 1, 51))[0].argmax() / 50
        top = fill.get_paths()[0].vertices[heights == heights.max(), 0]
        assert top.min() <= fullest + 0.02 <= top.max() + 0.02

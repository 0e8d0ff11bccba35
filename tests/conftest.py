"""Trained networks and a way to compare drawings, shared by the tests of figures and panels."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text

from nnhelpers import datasets, startup
from nnhelpers.figures import Drawn

# Before any test imports TensorFlow, so that all of them compute as the package does.
startup.prefer_portable_arithmetic()


@pytest.fixture(scope="session")
def circles() -> datasets.Dataset:
    return datasets.load_circles()


@pytest.fixture(scope="session")
def trained(circles) -> SimpleNamespace:
    """Small runs and ensembles: what figures and panels of training draw."""
    from nnhelpers import models, training

    four, two = models.MLPSpec(units=(4,)), models.MLPSpec(units=(2,))
    deep = models.MLPSpec(units=(5, 3), activation="sigmoid")
    plain = {"epochs": 40, "optimizer": "sgd"}
    # The first step throws every weight out of float32's range.
    broken = plain | {"learning_rate": 1e30, "scale": 100.0}

    def run(spec, **settings):
        return training.train(spec, circles, snapshots=4, **plain | settings)

    def ensemble(**settings):
        return training.train_many(four, circles, draws=20, **plain | settings)

    return SimpleNamespace(
        run=run(four, learning_rate=0.5),
        other_run=run(four, learning_rate=0.5, seed=1),
        shifted_run=run(four, learning_rate=0.5, offset=10.0),
        diverged_run=run(four, **broken),
        two_unit_run=run(two, learning_rate=0.5),
        other_two_unit_run=run(two, learning_rate=0.5, offset=10.0),
        deep_run=run(deep, learning_rate=0.5),
        other_deep_run=run(deep, learning_rate=0.5, offset=10.0),
        diverged_deep_run=run(deep, **broken),
        ensemble=ensemble(learning_rate=0.5),
        shifted_ensemble=ensemble(learning_rate=0.5, offset=10.0),
        diverged_ensemble=ensemble(**broken),
        half_diverged_ensemble=ensemble(
            learning_rate=np.repeat([0.5, 1e30], 10), scale=np.repeat([1.0, 100.0], 10)
        ),
    )


@pytest.fixture(scope="session")
def parts_of() -> Callable[[Drawn], list]:
    """Return what a drawing shows: settings of its axes, then place and ink of every artist."""
    return lambda drawn: [_axes_parts(ax) for ax in drawn.figure.axes]


@pytest.fixture(scope="session")
def assert_same_drawing(parts_of) -> Callable[[Drawn, Drawn], None]:
    """Compare artists, which tells what differs, and pixels, which forget nothing."""

    def assert_same(drawn: Drawn, fresh: Drawn) -> None:
        pictures = [drawn.frame(), fresh.frame()]  # which also puts titles and spines in place
        for ours, theirs in zip(parts_of(drawn), parts_of(fresh), strict=True):
            for one, other in zip(ours, theirs, strict=True):
                assert one == other
        assert drawn.summary == fresh.summary
        assert pictures[0] == pictures[1]

    return assert_same


def _axes_parts(ax: Axes) -> list[tuple]:
    whole = (
        *(ax.get_xlim(), ax.get_ylim(), ax.get_xscale(), ax.get_yscale(), ax.get_aspect()),
        *(ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left"), ax.get_title()),
        *(_numbers(ax.get_xticks()), _numbers(ax.get_yticks())),
        *(label.get_text() for label in (*ax.get_xticklabels(), *ax.get_yticklabels())),
    )
    # An artist that was removed and drawn anew comes last, and looks the same there.
    return [whole, *sorted((_artist_parts(child) for child in ax.get_children()), key=repr)]


def _artist_parts(artist: Artist) -> tuple:
    shared = (type(artist).__name__, artist.get_visible(), artist.get_alpha(), artist.get_zorder())
    for kind, describe in _DESCRIBE.items():
        if isinstance(artist, kind):
            return (*shared, *describe(artist))
    return shared


def _line_parts(line: Line2D) -> tuple:
    return (
        _numbers(line.get_xydata()),
        *(line.get_color(), line.get_linestyle(), line.get_marker(), line.get_markersize()),
    )


def _collection_parts(collection: Collection) -> tuple:
    return (
        *(_numbers(path.vertices) for path in collection.get_paths()),
        *(_numbers(collection.get_offsets()), _numbers(collection.get_linewidths())),
        *(_numbers(collection.get_facecolor()), _numbers(collection.get_edgecolor())),
    )


def _text_parts(text: Text) -> tuple:
    target = text.xy if isinstance(text, Annotation) else ()
    place = _numbers(np.array([*text.get_position(), *target]))
    return text.get_text(), text.get_color(), place


def _image_parts(image: AxesImage) -> tuple:
    return _numbers(image.get_array()), image.get_extent(), image.get_clim()


def _patch_parts(patch: Patch) -> tuple:
    shape = patch.get_patch_transform().transform_path(patch.get_path())
    return _numbers(shape.vertices), patch.get_facecolor(), patch.get_edgecolor()


def _legend_parts(legend: Legend) -> tuple:
    return tuple(text.get_text() for text in legend.get_texts())


_DESCRIBE = {
    Line2D: _line_parts,
    Collection: _collection_parts,
    Text: _text_parts,
    AxesImage: _image_parts,
    Patch: _patch_parts,
    Legend: _legend_parts,
}


def _numbers(values) -> list:
    """Make arrays comparable; NaN, which equals nothing, becomes None."""
    rounded = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan).round(9)
    return [None if np.isnan(value) else value + 0.0 for value in rounded.ravel().tolist()]


@pytest.fixture(scope="session")
def assert_finite() -> Callable[[Drawn], None]:
    """Hold a drawing to finite numbers: what is drawn, the axes' limits and what is written.

    Only a line may end early, and only where it is said that the network diverged.
    """

    def assert_all_finite(drawn: Drawn) -> None:
        for ax in drawn.figure.axes:
            words = " ".join(text.get_text() for text in ax.findobj(Text))
            assert not re.search(r"\b(nan|inf)\b", words)
            assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()
            for child in ax.get_children():
                if not (isinstance(child, Line2D) and "diverged" in words):
                    assert all(np.isfinite(values).all() for values in _drawn_numbers(child)), child

    return assert_all_finite


def _drawn_numbers(artist: Artist) -> list[np.ndarray]:
    if isinstance(artist, AxesImage):
        return [np.asarray(artist.get_array())]
    if isinstance(artist, PathCollection):
        return [np.asarray(artist.get_offsets())]
    if isinstance(artist, LineCollection):
        return artist.get_segments()
    if isinstance(artist, Line2D | Patch):
        return [artist.get_path().vertices]
    return []

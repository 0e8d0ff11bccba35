"""Colours by role, doubled by a marker, a dash or a label."""

import threading

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from nnhelpers import measures
from nnhelpers.figures import style


def luminance(color):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def test_the_sheet_is_applied_inside_the_block_alone_even_when_a_drawing_fails():
    before, inside = dict(mpl.rcParams), {}

    def fail():
        with style.applied():
            inside.update(mpl.rcParams)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert inside["axes.titlelocation"] == "left"
    assert not inside["axes.spines.top"]
    assert dict(mpl.rcParams) == before


def test_every_status_and_class_has_a_colour_and_a_marker_of_its_own():
    assert set(style.STATUS_COLORS) == set(style.STATUS_MARKERS) == set(measures.STATUSES)
    for looks in (
        [*style.STATUS_COLORS.values(), *(kind.color for kind in style.CLASS_STYLES)],
        list(style.STATUS_MARKERS.values()),
        [kind.marker for kind in style.CLASS_STYLES],
        [style.BET, style.TRUTH],
        [style.BET_MARKER, style.TRUTH_MARKER],
        list(style.SERIES_COLORS),
        list(style.SERIES_DASHES),
        list(style.SERIES_MARKERS),
        *(
            list(looks.values())
            for looks in (style.ZONE_INKS, style.ZONE_TINTS, style.ZONE_HATCHES)
        ),
    ):
        assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("ink", ["INK", "QUIET", "BET", "TRUTH"])
def test_text_stands_out_from_white_paper(ink):
    # The contrast that the Web Content Accessibility Guidelines ask of text.
    assert 1.05 / (luminance(getattr(style, ink)) + 0.05) >= 4.5


def test_two_threads_that_draw_leave_no_style_behind():
    before = dict(mpl.rcParams)
    inside, may_leave = threading.Event(), threading.Event()

    def draw():
        with style.applied():
            inside.set()
            may_leave.wait(10)

    first = threading.Thread(target=draw)
    first.start()
    inside.wait(10)
    second = threading.Thread(target=draw)
    second.start()
    may_leave.set()
    for thread in (first, second):
        thread.join(10)
    assert dict(mpl.rcParams) == before

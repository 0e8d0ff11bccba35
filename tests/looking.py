"""What the tests of figures and panels look for in a drawing."""

import numpy as np


def second_line(ax):
    """Return the grey second line of the title."""
    return next(text for text in ax.texts if text.xyann == (0, 8)).get_text()


def words(ax):
    """Return every word that is seen in the axes."""
    return [text.get_text() for text in ax.texts if text.get_visible() and text.get_text()]


def line_of(ax, color, *, at=0):
    """Return a line of a color."""
    return [line for line in ax.lines if line.get_color() == color][at]


def ends_of_band(ax, index=0):
    """Return the lowest and the highest height of a band at each place, of shape (places, 2)."""
    x, heights = ax.collections[index].get_paths()[0].vertices.T
    columns = [heights[x == place] for place in np.unique(x)]
    return np.array([[column.min(), column.max()] for column in columns])


def assert_apart(boxes):
    """Hold boxes to overlap nowhere."""
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def assert_words_apart(ax, texts=None):
    """Hold words to stand apart and inside the picture, all of the axes unless told."""
    ax.figure.draw_without_rendering()
    shown = ax.texts if texts is None else texts
    boxes = [text.get_window_extent() for text in shown if text.get_text() and text.get_visible()]
    assert boxes
    assert_apart(boxes)
    whole = ax.figure.bbox
    assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 for box in boxes)


def assert_nothing_is_cut_off(drawn):
    """Hold everything that is drawn to lie within the figure."""
    drawn.frame()
    box, (width, height) = drawn.figure.get_tightbbox(), drawn.figure.get_size_inches()
    assert 0 <= box.x0 < box.x1 <= width
    assert 0 <= box.y0 < box.y1 <= height

"""Units at their two weights."""

import numpy as np
import pytest
from looking import second_line

from nnhelpers import figures


def test_each_unit_is_a_dot_at_its_weights_and_the_longest_is_named(snapshot_of):
    kernel = [[3.0, 0.0, -0.05], [4.0, 0.0, 0.5]]
    drawn = figures.plot_weight_vectors(snapshot_of([kernel, np.ones((3, 1))], [np.zeros(3), [0]]))
    dots = drawn.ax.lines[-1].get_xydata()
    assert dots.tolist() == np.transpose(kernel).tolist()
    assert second_line(drawn.ax).endswith("longest 5.00")


def test_a_network_without_a_hidden_layer_is_refused(snapshot_of):
    with pytest.raises(ValueError, match="a hidden layer, got 2 features and 0 hidden layers"):
        figures.plot_weight_vectors(snapshot_of([np.ones((2, 1))], [[0.0]]))

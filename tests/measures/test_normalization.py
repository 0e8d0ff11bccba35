"""Which numbers share a mean: the groups are those of Keras's layers and of Wu and He's figure."""

from functools import partial

import numpy as np
import pytest

from nnhelpers import measures
from nnhelpers.measures import BATCH, GROUP, INSTANCE, LAYER

groups_of = measures.normalization_groups
IMAGES = {"n_examples": 5, "n_positions": 6, "n_channels": 4}
# Keras computes with single precision: eight roundings of numbers up to 3.
ROUNDING = 8 * 3 * float(np.finfo(np.float32).eps)


@pytest.fixture(scope="module")
def layers():
    keras = pytest.importorskip("keras")
    layers = keras.layers
    return {
        BATCH: partial(layers.BatchNormalization(), training=True),
        LAYER: layers.LayerNormalization(axis=[1, 2]),
        GROUP: layers.GroupNormalization(groups=2),
        INSTANCE: layers.GroupNormalization(groups=4),
    }


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    shape = tuple(IMAGES.values())
    return rng.normal(rng.normal(size=shape), 0.5 + rng.random(shape))


@pytest.mark.parametrize("kind", measures.NORMALIZATIONS)
def test_each_kind_of_images_is_what_keras_computes(kind, layers, images):
    groups = groups_of(kind, n_groups=2 if kind == GROUP else None, **IMAGES)
    ours = measures.normalized(images, groups=groups)
    theirs = np.asarray(layers[kind](images.astype(np.float32)))
    np.testing.assert_allclose(ours, theirs, atol=ROUNDING)


def test_layer_norm_and_instance_norm_are_the_ends_of_group_norm():
    for n_groups, kind in ((1, LAYER), (4, INSTANCE)):
        number = groups_of(GROUP, n_groups=n_groups, **IMAGES).number
        np.testing.assert_array_equal(number, groups_of(kind, **IMAGES).number)


@pytest.mark.parametrize(
    ("kind", "count", "size"), [(BATCH, 4, 30), (LAYER, 5, 24), (GROUP, 10, 12), (INSTANCE, 20, 6)]
)
def test_groups_are_numbered_from_0_and_equally_large(kind, count, size):
    groups = groups_of(kind, n_groups=2 if kind == GROUP else None, **IMAGES)
    np.testing.assert_array_equal(np.bincount(groups.number.ravel()), np.full(count, size))
    assert (groups.count, groups.size) == (count, size)
    assert groups.number.shape == (5, 6, 4)


def test_a_cell_shares_its_mean_with_its_channel_or_its_example():
    batch = groups_of(BATCH, **IMAGES).together_with(example=1, channel=2)
    assert batch[:, :, 2].all()
    assert batch.sum() == 30
    layer = groups_of(LAYER, **IMAGES).together_with(example=1, position=3, channel=2)
    assert layer[1].all()
    assert layer.sum() == 24


def test_the_summary_says_over_how_many_numbers_a_mean_goes():
    assert groups_of(GROUP, n_groups=2, **IMAGES).summary() == (
        "group norm, 5 × 6 × 4 (examples × positions × channels): 10 means, each of 12 numbers"
    )
    assert groups_of(BATCH, n_examples=3, n_channels=1).verdict() == "1 mean, each of 3 numbers"


def test_arrays_on_leading_axes_are_normalized_apart(images):
    groups = groups_of(GROUP, n_groups=2, **IMAGES)
    together = measures.normalized([images, 3 * images + 1], groups=groups)
    for ours, each in zip(together, (images, 3 * images + 1), strict=True):
        np.testing.assert_array_equal(ours, measures.normalized(each, groups=groups))

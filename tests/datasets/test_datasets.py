"""Data sets: what they hold, what they refuse, and what happens when a file is not right."""

import dataclasses
import shutil

import keras
import numpy as np
import pytest

from nnhelpers import datasets
from nnhelpers.datasets import Dataset, files

LOADERS = {
    "circles.csv": datasets.load_circles,
    "classification.csv": datasets.load_classification,
    "digits.csv": datasets.load_digits,
}


def small(**changes) -> Dataset:
    settings = {
        "name": "small",
        "X": [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]],
        "y": [0, 1, 1],
        "feature_names": ("a", "b"),
        "class_names": ("no", "yes"),
        "source": "by hand",
    }
    return Dataset(**settings | changes)


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    """A copy of the data folder that the loaders read."""
    folder = shutil.copytree(files.DATA_FOLDER, tmp_path / "data")
    monkeypatch.setattr(files, "DATA_FOLDER", folder)
    return folder


@pytest.fixture
def no_download(monkeypatch):
    def refuse():
        raise Exception("URL fetch failure")  # as bare as Keras's own

    monkeypatch.setattr(keras.datasets.mnist, "load_data", refuse)


def test_a_dataset_counts_its_rows_columns_and_classes():
    dataset = small()
    assert (dataset.n_examples, dataset.n_features, dataset.n_classes) == (3, 2, 2)
    assert dataset.majority_share == pytest.approx(2 / 3, rel=1e-15)
    assert (dataset.X.dtype, dataset.y.dtype) == (np.float64, np.int64)
    assert dataset.summary() == "small: 3 examples (1 no, 2 yes)"
    assert repr(dataset) == "Dataset(small: 3 examples, 2 features, 2 classes)"


def test_a_dataset_cannot_be_changed():
    dataset = small()
    with pytest.raises(ValueError, match="read-only"):
        dataset.X[0, 0] = 9
    with pytest.raises(ValueError, match="read-only"):
        dataset.y[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset.name = "other"


def test_a_dataset_keeps_its_own_copy():
    X, y = np.array(small().X), np.array(small().y)
    dataset = small(X=X, y=y)
    X[0, 0], y[0] = 9, 1
    np.testing.assert_array_equal(dataset.X, small().X)
    np.testing.assert_array_equal(dataset.y, small().y)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"X": [1.0, 2.0]}, r"X must have shape .*got \(2,\)"),
        ({"X": np.empty((0, 2)), "y": []}, r"X must have shape .*got \(0, 2\)"),
        ({"X": [[0, np.nan], [0, 0], [0, 0]]}, "X must hold finite numbers"),
        ({"X": [[0, np.inf], [0, 0], [0, 0]]}, "X must hold finite numbers"),
        ({"y": [0, 1]}, r"y must have shape \(3,\) to match X, got \(2,\)"),
        ({"y": [0, 1, 2]}, r"y must hold class indices 0 to 1, got \[0 1 2\]"),
        ({"y": [0, 1, -1]}, r"y must hold class indices 0 to 1, got \[-1  0  1\]"),
        ({"y": [0, 1, 0.5]}, "y must hold class indices 0 to 1"),
        ({"y": [0, 1, np.nan]}, "y must hold class indices 0 to 1, got .*nan"),
        ({"feature_names": ("a",)}, "feature_names must name 2 columns, got 1"),
    ],
    ids=range(10),
)
def test_a_dataset_that_is_not_whole_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        small(**changes)


def test_shifting_adds_and_rescaling_multiplies_in_a_new_dataset():
    dataset = small()
    np.testing.assert_array_equal(datasets.shift(dataset, 10).X, dataset.X + 10)
    np.testing.assert_array_equal(datasets.shift(dataset, [1, -1]).X, dataset.X + np.array([1, -1]))
    np.testing.assert_array_equal(datasets.rescale(dataset, 0.5).X, dataset.X / 2)
    np.testing.assert_array_equal(datasets.rescale(dataset, (2, 3)).X, dataset.X * [2, 3])
    np.testing.assert_array_equal(dataset.X, small().X)


def test_a_moved_dataset_says_so_and_keeps_the_rest():
    moved = datasets.rescale(datasets.shift(small(), 10), [2, 3])
    assert moved.name == "small shifted by 10 scaled by one value per feature"
    np.testing.assert_array_equal(moved.y, small().y)
    assert (moved.class_names, moved.source) == (("no", "yes"), "by hand")


@pytest.mark.parametrize(
    ("move", "by", "message"),
    [
        (datasets.shift, [1, 2, 3], r"by must be one number or 2 .*got shape \(3,\)"),
        (datasets.rescale, [1, -1], r"by must be positive, got \[1, -1\]"),
        (datasets.rescale, np.ones((3, 2)), r"by must be one number or 2 .*got shape \(3, 2\)"),
    ],
    ids=range(3),
)
def test_a_nonsensical_move_is_refused(move, by, message):
    with pytest.raises(ValueError, match=message):
        move(small(), by)


def test_a_split_shares_the_rows_out_and_repeats_with_its_seed(circles):
    train, test = datasets.split(circles, test_share=0.25, seed=3)
    rows = np.vstack([train.X, test.X])
    assert test.n_examples == round(0.25 * circles.n_examples)
    assert sorted(rows.tolist()) == sorted(circles.X.tolist())
    assert (train.name, test.name) == ("circles, train", "circles, test")
    for part in (train, test):
        np.testing.assert_array_equal(part.y, (part.X**2).sum(axis=1) >= 1)
    np.testing.assert_array_equal(datasets.split(circles, test_share=0.25, seed=3)[1].X, test.X)
    assert (datasets.split(circles, test_share=0.25, seed=4)[1].X != test.X).any()


@pytest.mark.parametrize("share", [0, 1, 0.1, 0.9, -0.5, np.nan])
def test_a_split_that_leaves_one_side_empty_is_refused(share):
    with pytest.raises(ValueError, match=r"test_share must .*, got"):
        datasets.split(small(), test_share=share)


def test_standardizing_measures_the_training_data_alone(circles):
    train, test = datasets.split(datasets.rescale(datasets.shift(circles, 7), (1, 40)))
    ours, theirs = datasets.standardize(train, test)
    rounding = 100 * np.finfo(float).eps
    np.testing.assert_allclose(ours.X.mean(axis=0), 0, atol=rounding)
    np.testing.assert_allclose(ours.X.std(axis=0), 1, atol=rounding)
    mean, std = train.X.mean(axis=0), train.X.std(axis=0)
    np.testing.assert_allclose(theirs.X, (test.X - mean) / std, atol=rounding)
    assert np.abs(theirs.X.mean(axis=0)).min() > 1e-3


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6 + 0.1])
def test_neither_a_constant_feature_nor_data_with_other_features_can_be_standardized(value):
    train = small(X=[[value, 1.0], [value, 2.0], [value, 3.0]])
    with pytest.raises(ValueError, match="train must vary in every feature, got constant a"):
        datasets.standardize(train)
    other = small(X=np.ones((3, 1)), feature_names=("a",))
    with pytest.raises(ValueError, match="others must have 2 features like train, got 1"):
        datasets.standardize(small(), other)


def test_the_articles_circles_are_166_points_without_a_ring(circles):
    squared_radius = (circles.X**2).sum(axis=1)
    assert np.bincount(circles.y).tolist() == [86, 80]
    assert round(circles.majority_share, 3) == 0.518
    assert not ((squared_radius >= 1) & (squared_radius <= 1.5)).any()
    np.testing.assert_array_equal(circles.y, squared_radius >= 1)


def test_the_circles_file_holds_what_make_circles_draws(circles):
    drawn = datasets.make_circles()
    np.testing.assert_array_equal(drawn.X, circles.X)
    np.testing.assert_array_equal(drawn.y, circles.y)


def test_other_circles_come_from_other_seeds_and_sizes():
    more = datasets.make_circles(1_000, seed=2)
    # A point of N(0, 1) in the plane lies in the ring with probability exp(-1/2) - exp(-3/4).
    kept = 1 - (np.exp(-0.5) - np.exp(-0.75))
    error = np.sqrt(1_000 * kept * (1 - kept))
    assert abs(more.n_examples - 1_000 * kept) <= 4 * error


def test_two_rings_have_their_radii_and_half_of_the_examples_each():
    rings = datasets.make_rings(2_000, noise=0.05)
    radius = np.linalg.norm(rings.X, axis=1)
    error = 4 * 0.05 / np.sqrt(1_000)
    # Noise across the ring adds about noise^2 / (2 radius) to a point's distance.
    for group, expected in ((0, 1.0), (1, 0.5)):
        assert abs(radius[rings.y == group].mean() - expected - 0.05**2 / (2 * expected)) < error
    assert rings.y.mean() == 0.5
    assert (
        datasets.make_rings(noise=0, seed=1).X[:, 0] != datasets.make_rings(noise=0).X[:, 0]
    ).any()


@pytest.mark.parametrize(("center", "width"), [(0, 2), (9, 2), (-3, 0.5)])
def test_a_square_lies_where_it_is_asked_for(center, width):
    square = datasets.make_square(4_000, center=center, width=width)
    assert square.X.shape == (4_000, 2)
    assert np.abs(square.X - center).max() <= width / 2 * (1 + 1e-12)
    error = width / np.sqrt(12) / np.sqrt(4_000)
    assert (np.abs(square.X.mean(axis=0) - center) <= 4 * error).all()
    # The circle has half the square's area.
    assert abs(square.y.mean() - 0.5) <= 4 * 0.5 / np.sqrt(4_000)
    distance = np.linalg.norm(square.X - center, axis=1)
    assert distance[square.y == 0].max() < distance[square.y == 1].min()


@pytest.mark.parametrize("name", LOADERS)
def test_an_altered_or_missing_file_is_named_and_nothing_of_it_returned(name, data_folder):
    path = data_folder / name
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ValueError, match=f"data file {name} differs from its sha256"):
        LOADERS[name]()
    path.unlink()
    with pytest.raises(FileNotFoundError, match=f"data file {name} is missing"):
        LOADERS[name]()


def test_without_its_checksum_no_file_is_trusted(data_folder):
    checksums = data_folder / "checksums.sha256"
    checksums.write_text("0  other.csv\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"data file circles.csv differs"):
        datasets.load_circles()
    checksums.unlink()
    with pytest.raises(FileNotFoundError, match=r"data file checksums.sha256 is missing"):
        datasets.load_circles()


def test_mnist_comes_through_keras(monkeypatch):
    images = np.arange(3 * 28 * 28, dtype=np.uint32).reshape(3, 28, 28) % 256
    answer = (images.astype(np.uint8), np.array([7, 0, 9], dtype=np.uint8))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: (answer, None))
    mnist = datasets.load_mnist()
    assert (mnist.name, mnist.X.shape, mnist.y.tolist()) == ("MNIST", (3, 784), [7, 0, 9])
    np.testing.assert_array_equal(mnist.X[1], images[1].ravel())


def test_without_a_network_the_digits_take_the_place_of_mnist_and_a_line_says_so(
    no_download, capsys
):
    assert datasets.load_mnist().name == "digits"
    line = "MNIST is not at hand (Exception); the 8 x 8 digits take its place.\n"
    assert capsys.readouterr().out == line


def test_the_first_examples_are_taken(circles):
    few = datasets.take(circles, 5)
    np.testing.assert_array_equal(few.X, circles.X[:5])
    np.testing.assert_array_equal(few.y, circles.y[:5])
    with pytest.raises(ValueError, match="n_examples must lie between 1 and 166, got 167"):
        datasets.take(circles, 167)


def test_features_that_never_vary_are_dropped():
    digits = datasets.load_digits()
    kept = datasets.drop_constant_features(digits)
    assert (kept.X.std(axis=0) > 0).all()
    blank = [name for name in digits.feature_names if name not in kept.feature_names]
    assert blank == ["pixel 0", "pixel 32", "pixel 39"]
    (standardized,) = datasets.standardize(kept)
    assert standardized.n_features == 61
    with pytest.raises(ValueError, match="dataset must have a feature that varies"):
        datasets.drop_constant_features(datasets.take(digits, 1))


def test_without_classes_y_holds_numbers_to_be_predicted():
    settings = {"name": "line", "feature_names": ("x",), "class_names": (), "source": "here"}
    line = datasets.Dataset(X=[[0.0], [1.0], [2.0]], y=[0.5, 1.0, 1.5], **settings)
    assert (line.y.dtype, line.n_classes) == (np.float64, 0)
    assert line.summary() == "line: 3 examples"
    assert np.isnan(line.majority_share)
    for wrong in ([0.5, np.nan, 1.0], ["a", "b", "c"]):
        with pytest.raises(ValueError, match=r"^y must hold finite numbers where there are no"):
            datasets.Dataset(X=[[0.0], [1.0], [2.0]], y=wrong, **settings)


def test_labels_are_drawn_for_a_share_of_the_examples_and_nothing_else_changes():
    digits = datasets.load_digits()
    half = datasets.mislabel(digits, share=0.5, seed=1)
    wrong = np.mean(half.y != digits.y)
    # Every tenth of those drawn is right.
    assert abs(wrong - 0.45) < 4 * np.sqrt(0.45 * 0.55 / digits.n_examples)
    assert np.array_equal(half.X, digits.X)
    assert np.array_equal(half.y, datasets.mislabel(digits, share=0.5, seed=1).y)
    assert np.array_equal(digits.y, datasets.mislabel(digits, share=0).y)


def test_without_classes_there_are_no_wrong_labels():
    digits = datasets.load_digits()
    numbers = dataclasses.replace(digits, y=digits.y / 2, class_names=())
    with pytest.raises(ValueError, match="dataset must have classes, got digits"):
        datasets.mislabel(numbers, share=0.5)

"""One network of an ensemble as a run of its own."""

import numpy as np
import pytest

from nnhelpers import datasets, models, training


def ensemble():
    return training.train_many(
        models.MLPSpec(units=(3,)),
        datasets.load_circles(),
        draws=4,
        epochs=20,
        optimizer="sgd",
        offset=np.arange(4.0),
        scale=2.0,
    )


def test_a_member_as_a_run_holds_its_data_its_ends_and_its_weights():
    many = ensemble()
    run = many.run(2)
    np.testing.assert_allclose(run.dataset.X, 2 * many.dataset.X + 2)
    assert list(run.epochs) == [0, 20]
    np.testing.assert_array_equal(run.weights[0].kernels[0], many.initial_weights.kernels[0][2])
    np.testing.assert_array_equal(run.weights[1].kernels[1], many.weights.kernels[1][2])
    predicted = run.model().predict(run.dataset.X, verbose=0)[:, 0] > 0.5
    assert np.mean(predicted == run.dataset.y) == many.final_accuracy[2] == run.accuracy[-1]


def test_a_member_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="i must lie between -4 and 3, got 4"):
        ensemble().run(4)

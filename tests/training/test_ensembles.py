"""One network of an ensemble as a run, and several ensembles as one."""

import numpy as np
import pytest

from nnhelpers import datasets, models, training

SPEC = models.MLPSpec(units=(3,))


def ensemble(*, seed=0, epochs=20, spec=SPEC):
    offsets = np.arange(4.0)
    return training.train_many(
        spec,
        datasets.load_circles(),
        draws=4,
        epochs=epochs,
        optimizer="sgd",
        offset=offsets,
        scale=2.0,
        seed=seed,
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


def test_joined_ensembles_keep_every_member_in_order():
    first, second = ensemble(seed=0), ensemble(seed=1)
    both = training.join([first, second])
    assert both.draws == 8
    np.testing.assert_array_equal(both.final_accuracy[4:], second.final_accuracy)
    np.testing.assert_array_equal(both.weights.kernels[0][:4], first.weights.kernels[0])
    np.testing.assert_array_equal(both.offset, np.tile(np.arange(4.0), 2))
    np.testing.assert_array_equal(both.accuracy_on(both.dataset), both.final_accuracy)


@pytest.mark.parametrize(
    "others", [[], ["epochs"], ["spec"]], ids=["nothing", "other_epochs", "other_spec"]
)
def test_ensembles_that_do_not_belong_together_are_not_joined(others):
    parts = [ensemble()] if others else []
    if others == ["epochs"]:
        parts.append(ensemble(epochs=10))
    if others == ["spec"]:
        parts.append(ensemble(spec=models.MLPSpec(units=(2,))))
    with pytest.raises(ValueError, match="ensembles must"):
        training.join(parts)

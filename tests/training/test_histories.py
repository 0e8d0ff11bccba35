"""What units and layers did over a run, against Keras and counts by hand."""

import numpy as np
import pytest

from nnhelpers import measures, models, training

FLOAT32 = float(np.finfo(np.float32).eps)


@pytest.fixture(scope="module")
def deep(circles):
    spec = models.MLPSpec(units=(6, 4), activation="relu")
    return training.train(spec, circles, epochs=30, snapshots=3, optimizer="sgd", learning_rate=0.5)


def test_a_unit_history_holds_the_active_fractions_of_the_keras_model_at_each_snapshot(deep):
    history = training.unit_history(deep)
    for index in range(len(deep.epochs)):
        z = models.pre_activations(deep.model(index), deep.dataset.X)
        for layer, fractions in enumerate(history.active_fraction):
            expected = measures.active_fraction(z[layer])
            # A pre-activation within rounding of 0 may fall on either side.
            unsure = np.mean(np.abs(z[layer]) < 64 * FLOAT32, axis=0)
            assert (np.abs(fractions[index] - expected) <= unsure + 1e-12).all()


def history_of(*layers, activation="relu"):
    return training.UnitHistory(
        activation=activation,
        epochs=np.arange(len(layers[0])),
        active_fraction=tuple(np.array(layer, dtype=float) for layer in layers),
    )


def test_units_that_no_example_activates_are_counted_by_layer():
    history = history_of([[0.5, 0.0], [0.0, 0.0]], [[1.0, 0.2, 0.3, 0.4], [0.0, 0.2, 0.0, 1.0]])
    np.testing.assert_array_equal(history.inactive_share(), [[0.5, 0.0], [1.0, 0.5]])


@pytest.mark.parametrize(
    ("activation", "name"),
    [("relu", "dead"), ("leaky_relu", "never active"), ("elu", "never active")],
)
def test_a_unit_without_a_gradient_is_dead_and_any_other_never_active(activation, name):
    history = history_of([[0.5], [0.0]], activation=activation)
    assert history.name_of_inactive == name
    assert history.summary() == f"{name} units: 0% untrained, 100% at the end"


def test_a_run_that_diverged_counts_no_units(trained):
    history = training.unit_history(trained.diverged_run)
    assert np.isfinite(history.inactive_share()[0]).all()
    assert np.isnan(history.inactive_share()[-1]).all()
    assert history.summary() == "diverged"


def test_a_layer_history_holds_moments_of_the_keras_model_at_each_snapshot(trained):
    run = trained.deep_run
    history = training.layer_history(run)
    for index in range(len(run.epochs)):
        for layer, a in enumerate(models.activations(run.model(index), run.dataset.X)):
            assert history.mean[index, layer] == pytest.approx(a.mean(), abs=64 * FLOAT32)
            spread = a.std(axis=0).mean()
            assert history.spread[index, layer] == pytest.approx(spread, abs=64 * FLOAT32)


@pytest.fixture(scope="module")
def many(circles):
    return training.train_many(
        models.MLPSpec(units=(6, 4)),
        circles,
        draws=6,
        epochs=60,
        optimizer="sgd",
        learning_rate=np.repeat([0.1, 1.0, 1e30], 2),
        offset=5.0,
    )


def test_active_fractions_of_a_deeper_layer_are_those_of_the_keras_model(many):
    for member in range(4):
        z = models.pre_activations(many.model(member), many.dataset.X + 5)[1]
        np.testing.assert_allclose(
            many.active_fraction(layer=1)[member], measures.active_fraction(z), atol=1e-12
        )
    with pytest.raises(ValueError, match="layer must lie between -2 and 1, got 2"):
        many.active_fraction(layer=2)


def test_the_dead_share_counts_the_units_of_all_layers_and_leaves_out_the_diverged(many):
    dead = many.dead_share()
    first, second = (many.active_fraction(layer=layer) == 0 for layer in (0, 1))
    expected = (first.sum(axis=1) + second.sum(axis=1)) / 10
    np.testing.assert_allclose(dead[:4], expected[:4])
    assert many.diverged[4:].all()
    assert np.isnan(dead[4:]).all()


def test_the_dead_curve_has_the_mean_and_its_error_at_each_setting(many):
    curve = training.dead_curve(many, "learning_rate")
    dead = many.dead_share()
    np.testing.assert_allclose(curve.x, [0.1, 1.0, 1e30])
    np.testing.assert_allclose(curve.y[:2], [dead[:2].mean(), dead[2:4].mean()])
    np.testing.assert_allclose(
        curve.standard_error[:2], [np.ptp(dead[:2]) / 2, np.ptp(dead[2:4]) / 2]
    )
    assert np.isnan(curve.y[2])
    with pytest.raises(ValueError, match=r"setting must be one of .* got 'depth'"):
        training.dead_curve(many, "depth")


def test_a_network_escapes_at_its_first_loss_below_a_level(many):
    loss = many.loss[:4]
    level = float(np.median(loss[:, 1:]))
    expected = [
        next((epoch for epoch, each in zip(many.epochs, row, strict=True) if each < level), np.inf)
        for row in loss
    ]
    np.testing.assert_array_equal(many.escape_epochs(below=level)[:4], expected)
    assert np.isinf(many.escape_epochs(below=0)).all()

"""What units and layers did over a run, against Keras and counts by hand."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from nnhelpers import measures, models, networks, training

FLOAT32 = float(np.finfo(np.float32).eps)
# Of float32 sums over 166 examples through three layers.
ROUNDING = 2e-5
BEHIND = models.BatchNorm(layers=(1,), after_activation=True)
SPECS = {
    "none": models.MLPSpec(units=(5, 4), activation="tanh"),
    "before": models.MLPSpec(units=(5, 4), activation="tanh", batch_normalization=True),
    "behind": models.MLPSpec(units=(5, 4), activation="tanh", batch_normalization=BEHIND),
}


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


@pytest.fixture(scope="module")
def runs(circles):
    return {
        name: training.train(
            spec, circles, epochs=12, snapshots=3, optimizer="sgd", learning_rate=0.3
        )
        for name, spec in SPECS.items()
    }


def leaving(model, X):
    """Return what leaves each hidden layer of a Keras model: what enters the next Dense."""
    values, found = X.astype(np.float32), []
    for number, layer in enumerate(model.layers):
        if number and isinstance(layer, keras.layers.Dense):
            found.append(np.asarray(values))
        values = layer(values, training=False)
    return found


@pytest.mark.parametrize("name", SPECS)
def test_inference_shows_what_leaves_the_layers_of_the_keras_model(name, runs):
    run = runs[name]
    history = training.layer_moments(run).inference
    for index in range(len(run.epochs)):
        left = leaving(run.model(index), run.dataset.X)
        assert len(left) == history.mean.shape[1]
        for layer, a in enumerate(left):
            assert history.mean[index, layer] == pytest.approx(a.mean(), abs=ROUNDING)
            spread = a.std(axis=0).mean()
            assert history.spread[index, layer] == pytest.approx(spread, abs=ROUNDING)


def test_behind_the_activation_training_leaves_beta_and_gamma_whatever_came_in(runs):
    run = runs["behind"]
    history = training.layer_moments(run).training
    for index in range(len(run.epochs)):
        norm = run.weights[index].norms[1]
        passed = networks.batch_pass(run.dataset.X, run.weights[index], activation="tanh")
        variance = passed.forward.entered[1].var(axis=0)
        spread = np.mean(np.abs(norm.gamma) * np.sqrt(variance / (variance + norm.epsilon)))
        assert history.mean[index, 1] == pytest.approx(norm.beta.mean(), abs=ROUNDING)
        assert history.spread[index, 1] == pytest.approx(spread, abs=ROUNDING)


def test_the_modes_differ_while_the_moving_moments_lag_and_are_one_without_batch_norm(runs):
    lagging, plain = (training.layer_moments(runs[name]) for name in ("before", "none"))
    assert np.abs(lagging.inference.spread - lagging.training.spread).max() > 0.01
    np.testing.assert_array_equal(plain.inference.mean, plain.training.mean)
    np.testing.assert_array_equal(plain.inference.spread, plain.training.spread)
    assert lagging.training.run is runs["before"]
    assert lagging.summary().startswith("in inference mode the last layer ends at mean ")


def test_a_mean_close_to_zero_has_no_sign(runs):
    result = training.layer_moments(runs["none"])
    below = replace(result.inference, mean=result.inference.mean * 0 - 0.001)
    assert "-0" not in replace(result, inference=below, training=below).summary()


@pytest.mark.parametrize("name", SPECS)
def test_percentiles_are_those_of_the_keras_model_with_the_moments_of_the_data(name, runs):
    run = runs[name]
    history = training.percentile_history(run, layer=1, unit=2)
    for index in range(len(run.epochs)):
        weights = run.weights[index]
        if name != "none":
            weights = networks.with_batch_moments(run.dataset.X, weights, activation="tanh")
        model = models.model_from_weights(run.spec, weights.map(np.float32))
        z = models.pre_activations(model, run.dataset.X)[1][:, 2]
        expected = np.percentile(z, (15, 50, 85))
        np.testing.assert_allclose(history.percentiles[index], expected, atol=ROUNDING)
    assert history.batch_norm is (name == "before")


def test_travel_and_widths_are_read_off_the_percentiles(runs):
    history = training.PercentileHistory(
        epochs=np.arange(3),
        percentiles=np.array([[-1.0, 0.0, 1.0], [-4.0, -3.0, 1.0], [0.0, 2.0, 3.0]]),
        layer=0,
        unit=1,
        batch_norm=False,
    )
    assert history.travel == 3
    assert history.summary() == (
        "unit 2 of layer 1: the median moves by up to 3, the width from the 15th to the 85th "
        "percentile goes from 2 to 3"
    )


def test_a_layer_or_a_unit_that_does_not_exist_is_refused(runs):
    with pytest.raises(ValueError, match="layer must lie between -2 and 1, got 2"):
        training.percentile_history(runs["none"], layer=2)
    with pytest.raises(ValueError, match="unit must lie between -4 and 3, got 4"):
        training.percentile_history(runs["none"], unit=4)

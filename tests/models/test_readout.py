"""What is read back from Keras networks, against NumPy."""

import keras
import numpy as np
import pytest

from nnhelpers import datasets, models, networks
from nnhelpers.models import MLPSpec
from nnhelpers.networks import Weights

# A sum of some ten products of numbers of order one, in Keras's float32.
FLOAT32 = 100 * np.finfo(np.float32).eps

CIRCLES = datasets.load_circles()
X, Y = CIRCLES.X[:40], CIRCLES.y[:40]
THREE_CLASSES = np.arange(40) % 3


def fused(spec):
    """Build the network with its activation functions inside the Dense layers."""
    return keras.Sequential(
        [
            keras.Input((2,)),
            *(keras.layers.Dense(units, activation=spec.activation) for units in spec.units),
            keras.layers.Dense(spec.n_outputs, activation=spec.output_activation),
        ]
    )


def separate(spec):
    return models.build_mlp(spec, n_features=2, seed=1)


def normalized(spec):
    front = keras.layers.Normalization(name="normalization")
    front.adapt(CIRCLES.X.astype(np.float32))
    return keras.Sequential([keras.Input((2,)), front, *separate(spec).layers])


def with_random_weights(model, *, positive=()):
    """Replace all weights, so that biases and batch norm's moments matter too."""
    rng = np.random.default_rng(3)
    for weight in model.weights:
        if weight.path.split("/")[0] != "normalization":
            values = rng.normal(size=weight.shape)
            weight.assign(np.exp(values) if weight.name in positive else values)
    return model


def dense_weights(model):
    arrays = [layer.get_weights() for layer in model.layers if hasattr(layer, "kernel")]
    return Weights.from_list([array.astype(np.float64) for pair in arrays for array in pair])


def assert_close(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(
            one, other, rtol=0, atol=FLOAT32 * max(1, np.abs(other).max()) * len(ours)
        )


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu"])
@pytest.mark.parametrize("build", [separate, fused, normalized])
def test_hidden_values_are_those_of_the_forward_pass(build, activation):
    spec = MLPSpec(units=(5, 4, 2), activation=activation)
    model = with_random_weights(build(spec))
    seen = (X - CIRCLES.X.mean(0)) / CIRCLES.X.std(0) if build is normalized else X
    expected = networks.forward_pass(seen, dense_weights(model), activation=activation)
    assert_close(models.pre_activations(model, X), expected.pre_activations)
    assert_close(models.activations(model, X), expected.activations)


def test_pre_activations_are_read_after_batch_norm_in_inference_mode():
    spec = MLPSpec(units=(4,), activation="tanh", batch_normalization=True)
    model = with_random_weights(separate(spec), positive=("moving_variance",))
    kernel, gamma, beta, mean, variance = (a.astype(float) for a in model.get_weights()[:5])
    epsilon = model.layers[1].epsilon
    expected = gamma * (X @ kernel - mean) / np.sqrt(variance + epsilon) + beta
    assert_close(models.pre_activations(model, X), [expected])
    assert_close(models.activations(model, X), [np.tanh(expected)])


@pytest.mark.parametrize("layer", [keras.layers.ReLU, keras.layers.LeakyReLU, keras.layers.PReLU])
def test_an_activation_that_is_a_layer_of_its_own_kind_is_found(layer):
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3), layer(), keras.layers.Dense(1)]
    )
    kernel, bias = model.layers[0].get_weights()
    z = X @ kernel + bias
    (before,), (after,) = models.pre_activations(model, X), models.activations(model, X)
    assert_close([before], [z])
    np.testing.assert_array_equal(after[z > 0], before[z > 0])
    assert np.abs(after[z < 0]).max() < np.abs(before[z < 0]).max()


@pytest.mark.parametrize("build", [separate, fused])
@pytest.mark.parametrize(("n_outputs", "y"), [(1, Y), (3, THREE_CLASSES)])
def test_gradients_are_those_of_the_backward_pass(n_outputs, y, build):
    spec = MLPSpec(units=(4, 3), activation="tanh", n_outputs=n_outputs)
    model = with_random_weights(build(spec))
    passed = networks.backward_pass(X, y, dense_weights(model), activation="tanh")
    pairs = zip(passed.kernels, passed.biases, strict=True)
    expected = [gradient for pair in pairs for gradient in pair]
    assert_close(models.gradients(model, X, y), expected)
    assert max(np.abs(gradient).max() for gradient in expected) > 1_000 * FLOAT32


def test_reading_gradients_leaves_the_model_as_it_was():
    spec = MLPSpec(units=(4,), batch_normalization=True)
    model = with_random_weights(separate(spec), positive=("moving_variance",))
    before = model.get_weights()
    models.gradients(model, X, Y)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("build", [separate, fused])
def test_without_hidden_layers_gradients_stay_right_where_the_output_saturates(build):
    # Keras clips probabilities at 1e-7, beyond which a gradient would be lost.
    model = build(MLPSpec(units=()))
    assert models.pre_activations(model, X) == models.activations(model, X) == []
    kernel = np.array([[40.0], [-30.0]])
    model.set_weights([kernel, np.zeros(1)])
    logits = X @ kernel
    assert np.abs(logits).max() > 60
    error = networks.probabilities(logits)[:, 0] - Y
    assert_close(
        models.gradients(model, X, Y),
        [X.T @ error[:, np.newaxis] / len(X), error.mean(keepdims=True)],
    )


@pytest.mark.parametrize(
    ("values", "shape"), [(X[0], r"\(2,\)"), (X[:, :1], r"\(40, 1\)"), (X[:0], r"\(0, 2\)")]
)
def test_data_that_do_not_fit_the_input_are_refused(values, shape):
    model = separate(MLPSpec())
    message = rf"^X must have shape \(n_examples, 2\), got {shape}$"
    for read in (models.pre_activations, models.activations):
        with pytest.raises(ValueError, match=message):
            read(model, values)
    with pytest.raises(ValueError, match=message):
        models.gradients(model, values, Y)


def test_classes_that_do_not_match_the_examples_are_refused():
    with pytest.raises(ValueError, match=r"^y must hold one class for each .* \(39,\) for 40 ex"):
        models.gradients(separate(MLPSpec()), X, Y[:39])


@pytest.mark.parametrize(("n_outputs", "label"), [(1, 2), (1, -1), (3, 3), (3, 0.5)])
def test_a_class_without_an_output_is_refused(n_outputs, label):
    labels = np.where(np.arange(40) == 7, label, 0)
    with pytest.raises(ValueError, match="y must hold classes 0 to "):
        models.gradients(separate(MLPSpec(n_outputs=n_outputs)), X, labels)

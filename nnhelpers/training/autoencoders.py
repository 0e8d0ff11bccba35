"""Autoencoders of one hidden layer, many at once, and the start that a stack of them yields."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import networks
from nnhelpers.checks import as_numbers, check_kind, check_whole, checked_features
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.networks.losses import SQUARED
from nnhelpers.training._engine.jobs import job_of, unpack
from nnhelpers.training._engine.run import run_whole
from nnhelpers.training._tasks import Settings
from nnhelpers.training.optimizers import OPTIMIZERS


@dataclass(frozen=True, kw_only=True)
class Autoencoders:
    """Networks of one hidden layer, trained to reproduce their input.

    Attributes
    ----------
    weights : Weights
        Encoder and decoder, with a leading axis of draws; the output layer is linear.
    code : array of shape (draws, n_examples, units)
        Activations of the hidden layer.
    error : array of shape (draws,)
        Mean squared error of the reconstruction, over examples and features.
    """

    weights: Weights = field(repr=False)
    code: NDArray[np.float32] = field(repr=False)
    error: NDArray[np.float64]


def train_autoencoders(
    X: ArrayLike,
    *,
    units: int,
    activation: str = "linear",
    draws: int = 8,
    steps: int = 1_000,
    seed: int = 0,
) -> Autoencoders:
    """Train autoencoders on the mean squared error, with Adam at a rate of 0.01 on the full batch.

    Each has one hidden layer and starts from Glorot's weights. The data X have shape (n_examples,
    n_features), or (draws, n_examples, n_features) if each network has its own. Raises
    ``ValueError`` or ``TypeError`` if a number is out of range, the activation is unknown, or X is
    not finite or of another shape.

    References
    ----------
    H. Bourlard and Y. Kamp, "Auto-association by multilayer perceptrons and singular value
    decomposition", 1988, https://doi.org/10.1007/BF00332918

    Examples
    --------
    >>> from nnhelpers import training
    >>> training.train_autoencoders(np.eye(6), units=2, draws=3, steps=10).code.shape
    (3, 6, 2)
    """
    check_whole(units=units, draws=draws, steps=steps)
    data = _checked(X, draws)
    n_features = data.shape[-1]
    spec = MLPSpec(units=(units,), activation=activation, n_outputs=n_features, loss=SQUARED)
    start = networks.draw(spec, n_features=n_features, draws=draws, seed=seed)
    rule = replace(OPTIMIZERS["adam"], learning_rate=0.01)
    own, features = Settings().of_members(draws, spec=spec, rule=rule), np.swapaxes(data, 1, 2)
    task = {"X": features, "targets": features, "weights": np.ones(data.shape[1], np.float32)}
    task |= {"due": np.array([0, steps]), "batch_size": None, "seed": seed}
    job = job_of(spec, rule, own, start, **task)
    trained = unpack(run_whole(job).parameters, job.layers, start)
    passed = networks.forward_pass(data, trained, activation=activation)
    return Autoencoders(
        weights=trained,
        code=passed.activations[0],
        error=np.mean((passed.logits - data) ** 2, axis=(1, 2), dtype=np.float64),
    )


def pretrained_start(
    spec: MLPSpec, X: ArrayLike, *, draws: int = 8, steps: int = 300, seed: int = 0
) -> Weights:
    """Pre-train a network's hidden layers one by one as autoencoders, for `train_from`.

    The first layer encodes the data X, of shape (n_examples, n_features), the second the first
    one's code, and so on, `steps` for each; the output layer is drawn by the initializer. The
    weights have a leading axis of draws. Raises like `train_autoencoders`.

    References
    ----------
    G. Hinton and R. Salakhutdinov, "Reducing the dimensionality of data with neural networks",
    2006, https://doi.org/10.1126/science.1127647; Y. Bengio et al., "Greedy layer-wise training
    of deep networks", 2006.

    Examples
    --------
    >>> from nnhelpers import networks, training
    >>> spec = networks.MLPSpec(units=(4, 3), n_outputs=2)
    >>> training.pretrained_start(spec, np.eye(6), draws=5, steps=10).kernels[1].shape
    (5, 4, 3)
    """
    check_kind(MLPSpec, spec=spec)
    values = checked_features(X).astype(np.float32)
    drawn = networks.draw(spec, n_features=values.shape[-1], draws=draws, seed=seed)
    kernels, biases = [], []
    for layer, units in enumerate(spec.units):
        settings = {"draws": draws, "steps": steps, "seed": seed + layer}
        activation = spec.activations[layer]
        trained = train_autoencoders(values, units=units, activation=activation, **settings)
        kernels.append(trained.weights.kernels[0])
        biases.append(trained.weights.biases[0])
        values = trained.code
    pretrained = Weights(kernels=(*kernels, drawn.kernels[-1]), biases=(*biases, drawn.biases[-1]))
    return networks.with_batch_norm(spec, pretrained)


def _checked(X: ArrayLike, draws: int) -> NDArray[np.float32]:
    data = as_numbers("X", X).astype(np.float32)
    if data.ndim == 2:
        data = np.broadcast_to(data, (draws, *data.shape))
    if data.ndim != 3 or data.shape[0] != draws or not data.size:
        raise ValueError(
            "X must have shape (n_examples, n_features), or that for each draw, "
            f"got {np.shape(X)} for {draws} draws"
        )
    if not np.isfinite(data).all():
        raise ValueError("X must be finite, got a number that is not")
    return data

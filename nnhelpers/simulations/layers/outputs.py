"""Outputs of each hidden layer of untrained networks, and their loss before training."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnhelpers import initializers, measures, networks, theory
from nnhelpers.activations import find_activation
from nnhelpers.checks import (
    Examples,
    check_positive,
    check_whole,
    checked_examples,
    checked_features,
    generator,
)
from nnhelpers.networks import MLPSpec, Weights
from nnhelpers.simulations.layers.by_layer import (
    OVER,
    UntrainedNetworks,
    check_uniform,
    measure_drawn,
)
from nnhelpers.words import ratio

# Smaller probabilities count as this one in the loss, as in the article.
_SMALLEST_PROBABILITY = 1e-10
_UNITS = 256
_BINS = 80
# Range of the bins for activations bounded only below, and for other unbounded ones.
_ABOVE, _BOTH_SIDES = (-2.0, 6.0), (-5.0, 5.0)


@dataclass(frozen=True, kw_only=True)
class LayerOutputs(UntrainedNetworks):
    """Outputs of each hidden layer of untrained networks: activations, or batch norm of them.

    Attributes
    ----------
    edges : array of shape (n_bins + 1,)
        Edges of equal bins: over the whole range of a bounded activation, else over the range of
        activations after a good initialization.
    shares : array of shape (depth, n_bins)
        Share of the outputs in each bin, over all draws, units and examples; no bin counts exact
        zeros.
    below, above : arrays of shape (depth,)
        Share of the outputs beyond the first and the last edge.
    zero_share, mean, std : arrays of shape (draws, depth)
        Share of the outputs that are exactly 0, and moments over units and examples.
    unit_std : array of shape (draws, depth)
        Median over units of the standard deviation of their outputs over the examples.
    """

    n_features: int
    edges: NDArray[np.float64] = field(repr=False)
    shares: NDArray[np.float64] = field(repr=False)
    below: NDArray[np.float64] = field(repr=False)
    above: NDArray[np.float64] = field(repr=False)
    zero_share: NDArray[np.float64] = field(repr=False)
    mean: NDArray[np.float64] = field(repr=False)
    std: NDArray[np.float64] = field(repr=False)
    unit_std: NDArray[np.float64] = field(repr=False)

    @property
    def place(self) -> str:
        """Whether batch norm comes "before" or "after" activations; empty without it."""
        if not self.spec.normalized_layers:
            return ""
        return "after" if self.spec.batch_norm.after_activation else "before"

    def verdict(self) -> str:
        """Compare the median standard deviations of the last and the first layer."""
        first, last = np.median(self.std, axis=0)[[0, -1]]
        if self.depth == 1:
            return f"standard deviation {first:.2g}"
        if first == 0:
            return "no layer tells examples or units apart"
        found = f"the last layer's standard deviation is {ratio(float(last / first))} the first's"
        first, last = np.median(self.unit_std, axis=0)[[0, -1]]
        return f"{found}, one unit's {ratio(float(last / first))} the first's" if first else found

    def summary(self) -> str:
        """Describe networks and verdict in one line."""
        sizes = self.spec.summary(self.n_features)
        if self.depth > 5 and len(set(self.spec.units)) == 1:
            sizes = f"{self.depth} layers of {self.spec.units[0]}"
        setting = f"{sizes} {self.activation}, {self.initializer}, gain {self.gain:g}"
        places = f", {self.places()}" if self.place else ""
        return f"{setting}{places}, {self.draws:,} networks: {self.verdict()}"

    def places(self) -> str:
        """Say which layers have batch norm, and on which side; empty without it."""
        numbers = [str(layer + 1) for layer in self.spec.normalized_layers]
        if not numbers:
            return ""
        some = f"layer{'s' * (len(numbers) > 1)} {', '.join(numbers)}'s"
        layers = "each layer's" if len(numbers) == self.depth else some
        return f"batch norm {self.place} {layers} activation"


def simulate_layers(
    spec: MLPSpec, X: ArrayLike, *, gain: float = 1.0, draws: int = 300, seed: int = 0
) -> LayerOutputs:
    """Draw untrained networks, and measure the outputs of their hidden layers.

    All layers share one activation and one initializer; X has shape (n_examples, n_features). Batch
    norm is in training mode, with all examples as one batch. With one seed, more draws begin with
    the same networks. Raises ValueError or TypeError if spec, X or gain are out of range, or
    activations exceed 1e150.

    References
    ----------
    X. Glorot and Y. Bengio, 2010, https://proceedings.mlr.press/v9/glorot10a.html;
    S. Ioffe and C. Szegedy, 2015, https://arxiv.org/abs/1502.03167.

    Examples
    --------
    >>> from nnhelpers.simulations import NORMAL
    >>> spec = MLPSpec(units=(5,) * 4, kernel_initializer=NORMAL)
    >>> simulate_layers(spec, np.eye(2), draws=100).verdict()
    "the last layer's standard deviation is 2 times the first's, one unit's 1/4 of the first's"
    """
    check_uniform(spec, with_law=False)
    check_positive(gain=gain)
    features = checked_features(X)
    weights = networks.draw(spec, n_features=features.shape[1], draws=draws, gain=gain, seed=seed)
    edges = _bin_edges(spec)
    by_layer = {
        "mean": lambda passed: [values.mean(axis=OVER) for values in passed.outputs],
        "std": lambda passed: [values.std(axis=OVER) for values in passed.outputs],
        "unit_std": lambda passed: [np.median(a.std(axis=-2), axis=-1) for a in passed.outputs],
        "zero_share": lambda passed: [np.mean(values == 0, axis=OVER) for values in passed.outputs],
        "shares": lambda passed: [_shares(values, edges) for values in passed.outputs],
    }
    measured = measure_drawn(spec, features, weights, by_layer=by_layer, gain=gain)
    shares = measured.pop("shares").mean(axis=0)
    measured |= {"shares": shares[:, 1:-1], "below": shares[:, 0], "above": shares[:, -1]}
    drawn = {"spec": spec, "gain": gain, "draws": draws, "n_features": features.shape[1]}
    return LayerOutputs(edges=edges, **drawn, **measured)


def _bin_edges(spec: MLPSpec) -> NDArray[np.float64]:
    """Divide the range in which outputs are counted into equal bins."""
    limits = find_activation(spec.activation).limits
    low, high = np.isfinite(limits)
    if spec.normalized_layers and spec.batch_norm.after_activation:
        low = high = False
    ends = limits if low and high else _ABOVE if low else _BOTH_SIDES
    return np.linspace(*ends, _BINS + 1)


def _shares(values: NDArray, edges: NDArray) -> NDArray[np.float64]:
    """Share of each network's values below, in each bin, and above; no bin counts exact zeros."""
    bins = len(edges) - 1
    # Faster than NumPy's histogram, which searches the edges.
    places = (values - edges[0]) * (bins / (edges[-1] - edges[0]))
    # Rounding may lift values just below the last edge, too.
    places[(places >= bins) & (values <= edges[-1])] = bins - 0.5
    # Unlike clip, fmin and fmax replace NaN; measuring raises later.
    numbers = np.floor(np.fmax(np.fmin(places, bins), -1)).astype(np.int64) + 1
    numbers += np.arange(len(values))[:, np.newaxis, np.newaxis] * (bins + 2)
    counts = np.bincount(numbers[values != 0], minlength=len(values) * (bins + 2))
    return counts.reshape(len(values), -1) / values[0].size


@dataclass(frozen=True, kw_only=True)
class InitialLoss:
    """The loss of random networks with one layer of 256 sigmoids, before training.

    Attributes
    ----------
    std : float
        Standard deviation of all weights and biases.
    chance : float
        Loss of equal probabilities for all classes.
    loss, saturated : arrays of shape (draws,)
        Mean cross-entropy, which counts probabilities below 1e-10 as 1e-10, and share of (example,
        unit) pairs with abs(z) > 4.
    law : float
        Exact expectation of `saturated`.
    """

    std: float
    chance: float
    loss: NDArray[np.float64] = field(repr=False)
    saturated: NDArray[np.float64] = field(repr=False)
    law: float


def simulate_initial_loss(
    dataset: Examples, *, std: float = 1.0, draws: int = 100, seed: int = 0
) -> InitialLoss:
    """Draw networks with weights and biases N(0, std^2) and compute their loss on the data.

    Raises ValueError or TypeError if a number is out of range.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> simulate_initial_loss(datasets.load_digits(), std=1e-6, draws=2).loss
    array([2.3026, 2.3026])
    """
    check_positive(std=std)
    check_whole(draws=draws)
    X, y = checked_examples(dataset)
    rng, normal, found = generator(seed), initializers.RandomNormal(stddev=std), []
    sizes = (X.shape[1], _UNITS, int(y.max()) + 1)
    for _ in range(draws):
        arrays = []
        for fan_in, units in pairwise(sizes):
            arrays.append(normal.draw(rng, draws=1, fan_in=fan_in, fan_out=units)[0])
            arrays.append(normal.draw_bias(rng, draws=1, units=units)[0])
        passed = networks.forward_pass(X, Weights.from_list(arrays), activation="sigmoid")
        correct = networks.probabilities(passed.logits)[np.arange(len(y)), y]
        loss = -np.log(np.maximum(correct, _SMALLEST_PROBABILITY)).mean()
        found.append((loss, measures.saturated_fraction(passed.pre_activations[0]).mean()))
    loss, saturated = np.transpose(found)
    chance, law = float(np.log(sizes[-1])), theory.saturated_share(X, std=std)
    return InitialLoss(std=std, chance=chance, loss=loss, saturated=saturated, law=law)


def initial_loss_curve(results: Sequence[InitialLoss]) -> measures.Curve:
    """Return the mean initial loss against the standard deviation of the weights.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> initial_loss_curve([simulate_initial_loss(datasets.make_circles(), draws=2)]).caption
    'mean over 2 networks; guessing costs 0.7'
    """
    draws = len(results[0].loss)
    return measures.Curve(
        x=np.array([result.std for result in results]),
        y=np.array([result.loss.mean() for result in results]),
        standard_error=np.array([result.loss.std() / np.sqrt(draws) for result in results]),
        title="The first loss",
        caption=f"mean over {draws} networks; guessing costs {results[0].chance:.1f}",
        x_label="standard deviation of all weights and biases",
        y_label="loss before training",
        logarithmic=True,
        x_logarithmic=True,
    )

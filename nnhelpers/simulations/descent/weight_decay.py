"""L2 on a kernel before batch norm, beside a growing learning rate, and without batch norm."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnhelpers import blas, checks, theory
from nnhelpers.activations import sigmoid
from nnhelpers.checks import Examples, generator
from nnhelpers.simulations.descent.scale_invariance import ROUNDING
from nnhelpers.tables import html_table, text_table
from nnhelpers.words import reach, short

PENALTIES = (0.0, 1e-3, 3e-3, 1e-2, 3e-2)
_UNITS, _DRAWS = 16, 10
# Fixed weights of the output.
_SIGNS = np.where(np.arange(_UNITS) % 2, -1.0, 1.0)
# Growing rates up to here leave room for sums and squares.
_LARGEST_RATE = 1e100
_COLUMNS = (
    *("l2", "batch norm: loss", "|w|", "rate / |w|²", "gap to a growing rate"),
    *("without: loss", "|w|"),
)


@dataclass(frozen=True, kw_only=True)
class DecayRuns:
    """Networks trained at several settings, from the same starts at each.

    Attributes
    ----------
    loss, length : arrays of shape (n_settings, draws, steps + 1)
        Mean cross-entropy on the training examples, without the penalty, and length of a unit's
        weights (root mean square over the units), before each step and after the last.
    linear_map : array of shape (n_features + 1, n_settings, draws, units)
        What enters the trained ReLUs: a weight for each feature, then an offset. Batch norm has
        the moments of the training examples.
    """

    loss: NDArray[np.float64] = field(repr=False)
    length: NDArray[np.float64] = field(repr=False)
    linear_map: NDArray[np.float64] = field(repr=False)

    @property
    def median_loss(self) -> NDArray[np.float64]:
        """Median loss over the networks, of shape (n_settings, steps + 1)."""
        return np.median(self.loss, axis=1)

    @property
    def median_length(self) -> NDArray[np.float64]:
        """Median length over the networks, of shape (n_settings, steps + 1)."""
        return np.median(self.length, axis=1)

    def logits(self, X: NDArray) -> NDArray[np.float64]:
        """Return the trained networks' logits of shape (n_settings, draws, n_examples)."""
        entered = np.tensordot(X, self.linear_map[:-1], axes=1) + self.linear_map[-1]
        return np.moveaxis(np.maximum(entered, 0) @ _SIGNS, 0, -1)

    def loss_on(self, dataset: Examples) -> NDArray[np.float64]:
        """Return the mean cross-entropy on any examples, of shape (n_settings, draws)."""
        return _cross_entropy(self.logits(dataset.X), dataset.y).mean(axis=-1)


@dataclass(frozen=True, kw_only=True)
class WeightDecay:
    """Training with several penalties l2 sum(W^2) on the hidden kernel; shows a table.

    Attributes
    ----------
    l2 : array of shape (n_l2,)
    learning_rate : float
    normalized : DecayRuns
        With L2 and batch norm, one setting for each l2.
    growing : DecayRuns
        With batch norm and without L2, at the kernel's rates `theory.growing_rate`.
    plain : DecayRuns
        With L2, without batch norm.
    """

    l2: NDArray[np.float64]
    learning_rate: float
    normalized: DecayRuns = field(repr=False)
    growing: DecayRuns = field(repr=False)
    plain: DecayRuns = field(repr=False)

    @property
    def gap(self) -> NDArray[np.float64]:
        """Largest difference of losses, L2 to growing rate, of shape (n_l2, steps + 1)."""
        return np.abs(self.normalized.loss - self.growing.loss).max(axis=1)

    @property
    def rescaled_length(self) -> NDArray[np.float64]:
        """Length with the growing rate times what L2 alone leaves: by the law that with L2."""
        steps = np.arange(self.growing.length.shape[2])
        keep = [theory.weight_decay_factor(self.learning_rate, l2=l2, step=steps) for l2 in self.l2]
        return self.growing.length * np.array(keep)[:, np.newaxis]

    @property
    def effective_rate(self) -> NDArray[np.float64]:
        """Learning rate / (median length)^2 with L2 and batch norm, (n_l2, steps + 1)."""
        return self.learning_rate / self.normalized.median_length**2

    def verdict(self) -> str:
        """Say how far the losses with L2 and with a growing rate are apart."""
        if self.gap.max() < ROUNDING:
            return "growing rate = L2 at every step (to 1e-9)"
        overshoots = (np.diff(self.normalized.loss, axis=2) > ROUNDING).any()
        when = " once updates overshoot" if overshoots else ""
        return f"growing rate = L2 to {self.gap.max():.0e}{when}"

    def summary(self) -> str:
        """Describe the result in one line."""
        ends = [runs.median_loss[:, -1] for runs in (self.normalized, self.plain)]
        normalized, plain = (reach(losses.min(), losses.max()) for losses in ends)
        return (
            f"l2 {min(self.l2):g} to {max(self.l2):g}, loss after {self.gap.shape[1] - 1} steps "
            f"with batch norm {normalized}, without {plain}; {self.verdict()}"
        )

    def __repr__(self) -> str:
        return "\n".join((self._caption(), text_table(_COLUMNS, self._rows())))

    def _repr_html_(self) -> str:
        return html_table(_COLUMNS, self._rows(), caption=self._caption())

    def _caption(self) -> str:
        _, draws, moments = self.normalized.loss.shape
        return (
            f"medians of {draws} networks after {moments - 1} steps; "
            "|w|: length of a unit's weights, rate / |w|²: its effective learning rate"
        )

    def _rows(self) -> list[list[str]]:
        norm, plain = self.normalized, self.plain
        first = (norm.median_loss, norm.median_length, self.effective_rate)
        rest = (plain.median_loss, plain.median_length)
        rows = []
        for number, (l2, gap) in enumerate(zip(self.l2, self.gap.max(axis=1), strict=True)):
            before, after = ([short(each[number, -1]) for each in part] for part in (first, rest))
            apart = "< 1e-9" if gap < ROUNDING else f"{gap:.0e}"
            rows.append([f"{l2:g}", *before, apart, *after])
        return rows


def simulate_weight_decay(
    dataset: Examples,
    *,
    l2: Sequence[float] = PENALTIES,
    learning_rate: float = 0.1,
    epsilon: float = 0.0,
    steps: int = 300,
    seed: int = 0,
) -> WeightDecay:
    """Train small networks by full-batch gradient descent with L2 on the kernel before batch norm.

    A dense layer without bias, batch norm, 16 ReLUs, one output with fixed weights 1 and -1 in
    turn: kernel, gamma and beta are trained, and only the kernel is penalized. Without batch norm
    kernel and bias are trained; the output is fixed so that it cannot grow as the kernel shrinks.
    Each l2 has ten networks, whose units start with weights of length 1 in random directions.

    Parameters
    ----------
    dataset : nnhelpers.datasets.Dataset
        With classes 0 and 1.
    l2 : sequence of float
        Penalties l2 sum(W^2), Keras's convention: they add 2 l2 W to the gradient.
    learning_rate : float
        Learning rate of all trained weights.
    epsilon : float
        Epsilon of batch norm. 0 makes the law exact; Keras's default is 1e-3.
    steps : int
        Number of updates.
    seed : int

    Raises
    ------
    ValueError, TypeError
        If the examples are not of two classes, or a number is out of range or leads out of it.

    Notes
    -----
    For epsilon 0 an update obeys abs(w')^2 = k^2 abs(w)^2 + learning_rate^2 abs(g)^2 for each
    unit, with k = 1 - 2 learning_rate l2: L2 shrinks what gradients lengthen. As w shrinks, its
    gradient and its effective rate, learning_rate / abs(w)^2, grow, until updates overshoot.
    From there on rounding errors double every few steps, and so does the gap between two ways of
    computing the same thing.

    References
    ----------
    T. van Laarhoven, 2017, https://arxiv.org/abs/1706.05350;
    Z. Li and S. Arora, 2019, https://arxiv.org/abs/1910.07454.

    Examples
    --------
    >>> from nnhelpers import datasets, simulations
    >>> simulations.simulate_weight_decay(datasets.make_circles(), steps=50).verdict()
    'growing rate = L2 at every step (to 1e-9)'
    """
    penalties = checks.checked_numbers("l2", l2, low=0)
    checks.check_positive(learning_rate=learning_rate)
    checks.check_not_negative(epsilon=epsilon)
    checks.check_whole(steps=steps)
    X, y = checks.checked_examples(dataset)
    if y.max() > 1:
        raise ValueError(f"dataset must have classes 0 and 1, got classes up to {y.max()}")
    rates = [theory.growing_rate(learning_rate, l2=p, step=np.arange(steps)) for p in penalties]
    if not np.max(rates) < _LARGEST_RATE:
        raise ValueError(f"l2 must keep the growing rate below {_LARGEST_RATE:g}, got {l2}")
    directions = generator(seed).normal(size=(_DRAWS, X.shape[1], _UNITS))
    starts = directions / np.sqrt((directions**2).sum(axis=1, keepdims=True))
    constant = np.full_like(rates, learning_rate)

    def descend(rates: NDArray, l2: NDArray, epsilon: float | None) -> DecayRuns:
        keep = 1 - 2 * learning_rate * l2
        return _descend(X, y, starts, rates, keep, rate=learning_rate, epsilon=epsilon)

    return WeightDecay(
        l2=penalties,
        learning_rate=learning_rate,
        normalized=descend(constant, penalties, epsilon),
        growing=descend(np.array(rates), 0 * penalties, epsilon),
        plain=descend(constant, penalties, None),
    )


def _descend(
    X: NDArray,
    y: NDArray,
    starts: NDArray,
    rates: NDArray,
    keep: NDArray,
    *,
    rate: float,
    epsilon: float | None,
) -> DecayRuns:
    """Train from kernels (draws, n_features, units), each at rates of shape (n_settings, steps).

    With batch norm unless epsilon is None. Over all examples a dense unit has the variance w' C w,
    with C the covariance of the inputs, so that batch norm is a linear map of centred inputs. All
    networks share one matrix product: five times as fast as the passes of `networks`.
    """
    kernel = np.tile(np.moveaxis(starts, 1, 0), (1, len(keep), 1))
    each_network = [np.repeat(one, len(starts), axis=0)[..., np.newaxis] for one in (keep, rates)]
    mean = np.zeros(X.shape[1]) if epsilon is None else X.mean(axis=0)
    inputs, y = np.column_stack([X - mean, np.ones(len(X))]), y[:, np.newaxis]
    covariance = inputs[:, :-1].T @ inputs[:, :-1] / len(X)
    gamma, shift, deviation = np.ones(kernel.shape[1:]), np.zeros(kernel.shape[1:]), 1.0
    losses, lengths = [], []
    with blas.one_thread(), np.errstate(all="ignore"):
        for step in range(rates.shape[1] + 1):
            if epsilon is not None:
                variance = (kernel * np.tensordot(covariance, kernel, axes=1)).sum(axis=0)
                deviation = np.sqrt(variance + epsilon)
            standard = kernel / deviation
            linear = np.concatenate([gamma * standard, shift[np.newaxis]])
            hidden = np.maximum(np.tensordot(inputs, linear, axes=1), 0)
            logits = hidden @ _SIGNS
            losses.append(_cross_entropy(logits, y).mean(axis=0))
            lengths.append(np.sqrt((kernel**2).sum(axis=0).mean(axis=1)))
            if step == rates.shape[1]:
                break
            delta = (hidden > 0) * (((sigmoid(logits) - y) / len(y))[..., np.newaxis] * _SIGNS)
            *slope, shift_slope = np.tensordot(inputs.T, delta, axes=1)
            if epsilon is not None:
                along = (slope * standard).sum(axis=0)
                slope = slope - np.tensordot(covariance, standard, axes=1) * along
                slope *= gamma / deviation
                gamma = gamma - rate * along
            kernel = each_network[0] * kernel - each_network[1][:, step] * slope
            shift = shift - rate * shift_slope
    if not np.isfinite(losses).all():
        raise ValueError(f"dataset and learning_rate must keep losses finite, got rate {rate:g}")
    linear[-1] -= np.tensordot(mean, linear[:-1], axes=1)
    shape = (len(keep), len(starts), -1)
    loss, length = (np.transpose(measured).reshape(shape) for measured in (losses, lengths))
    return DecayRuns(loss=loss, length=length, linear_map=linear.reshape(len(linear), *shape))


def _cross_entropy(logits: NDArray, y: NDArray) -> NDArray[np.float64]:
    return np.logaddexp(0, logits * (1 - 2 * y))

"""One layer of ReLUs on fixed outputs 1 and -1, forward, back and updated, for many networks.

Kernels are of shape (n_features, networks, units), so that one matrix product serves all networks.
"""

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import NormWeights, Weights


class ReLUs:
    """Without batch norm: kernel and bias are trained."""

    def __init__(self, X: NDArray, kernel: NDArray) -> None:
        self.kernel = kernel.copy()
        self.shift = np.zeros(kernel.shape[1:])
        self._inputs = np.column_stack([X, np.ones(len(X))])
        self._signs = np.where(np.arange(kernel.shape[2]) % 2, -1.0, 1.0)

    def forward(self) -> NDArray[np.float64]:
        """Return logits of shape (n_examples, networks)."""
        linear = np.concatenate([self.linear_map(), self.shift[np.newaxis]])
        hidden = self._inputs @ linear.reshape(len(linear), -1)
        np.maximum(hidden, 0, out=hidden)
        self._hidden = hidden.reshape(len(hidden), *self.shift.shape)
        return self._hidden @ self._signs

    def linear_map(self) -> NDArray[np.float64]:
        """What the inputs are multiplied by before the ReLU, of the kernel's shape."""
        return self.kernel

    def update(self, error: NDArray, *, kernel_rate: NDArray, rate: float, keep: NDArray) -> None:
        """Descend once along the errors of the last forward pass, (n_examples, networks)."""
        delta = (self._hidden > 0) * (error[:, :, np.newaxis] * self._signs)
        gradient = (self._inputs.T @ delta.reshape(len(delta), -1)).reshape(-1, *self.shift.shape)
        slope = self.kernel_gradient(gradient[:-1], rate)
        self.kernel = keep[:, np.newaxis] * self.kernel - kernel_rate[:, np.newaxis] * slope
        self.shift = self.shift - rate * gradient[-1]

    def kernel_gradient(self, gradient: NDArray, rate: float) -> NDArray[np.float64]:
        """Turn the gradient for the linear map into that for the kernel."""
        return gradient

    def length(self) -> NDArray[np.float64]:
        """Root mean square over units of the length of their weights, of shape (networks,)."""
        return np.sqrt((self.kernel**2).sum(axis=0).mean(axis=1))

    def weights(self, shape: tuple[int, int]) -> Weights:
        """Return kernels, biases and the output, the networks in this shape."""
        bias = self.shift.reshape(*shape, -1)
        return self._weights(bias)

    def _weights(self, bias: NDArray, norms: tuple[NormWeights, ...] = ()) -> Weights:
        lead, units = bias.shape[:-1], bias.shape[-1]
        output = np.broadcast_to(self._signs[:, np.newaxis], (*lead, units, 1))
        kernel = np.moveaxis(self.kernel, 0, 1).reshape(*lead, -1, units)
        return Weights(
            kernels=(kernel, output.copy()), biases=(bias, np.zeros((*lead, 1))), norms=norms
        )


class NormalizedReLUs(ReLUs):
    """With batch norm in training mode on the full batch: kernel, gamma and beta are trained.

    What a dense layer makes of all examples has the variance w' C w, with C the covariance of the
    inputs: batch norm then multiplies centred inputs by gamma w / sqrt(w' C w + epsilon).
    """

    def __init__(self, X: NDArray, kernel: NDArray, *, epsilon: float) -> None:
        self._mean = X.mean(axis=0)
        super().__init__(X - self._mean, kernel)
        centred = self._inputs[:, :-1]
        self._covariance = centred.T @ centred / len(X)
        self._epsilon = epsilon
        self.gamma = np.ones(kernel.shape[1:])

    def linear_map(self) -> NDArray[np.float64]:
        self._deviation = np.sqrt(self._variance() + self._epsilon)
        self._normalized = self.kernel / self._deviation
        return self.gamma * self._normalized

    def kernel_gradient(self, gradient: NDArray, rate: float) -> NDArray[np.float64]:
        along = (gradient * self._normalized).sum(axis=0)
        slope = gradient - self._spread(self._normalized) * along
        slope *= self.gamma / self._deviation
        self.gamma = self.gamma - rate * along
        return slope

    def weights(self, shape: tuple[int, int]) -> Weights:
        mean = np.tensordot(self._mean, self.kernel, axes=1)
        arrays = {
            "gamma": self.gamma,
            "beta": self.shift,
            "moving_mean": mean,
            "moving_variance": self._variance(),
        }
        norm = NormWeights(
            **{name: array.reshape(*shape, -1) for name, array in arrays.items()},
            epsilon=self._epsilon,
        )
        return self._weights(np.zeros_like(norm.beta), (norm,))

    def _variance(self) -> NDArray[np.float64]:
        return (self.kernel * self._spread(self.kernel)).sum(axis=0)

    def _spread(self, kernel: NDArray) -> NDArray[np.float64]:
        return np.tensordot(self._covariance, kernel, axes=1)

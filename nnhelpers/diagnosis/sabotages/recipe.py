"""`Recipe`: a network, its data and its training, as plain data."""

from dataclasses import dataclass, replace

from nnhelpers import initializers
from nnhelpers.initializers import Constant, RandomNormal, VarianceScaling

# Keras's defaults.
DEFAULT_RATES = {"adam": 1e-3, "rmsprop": 1e-3, "sgd": 1e-2}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All settings needed to make data, build a network and train it.

    Attributes
    ----------
    data : str
        "mixture", "regression", or the name of a data set of `datasets`.
    n_examples, n_features, n_classes : int
        Sizes of training and validation data together; 0 classes for regression.
    clusters : int
        Clusters in each class of a mixture.
    separation : float
        Half the rms distance of cluster centers in standard deviations, for 4 features or more.
    seed : int
        Seed of the data, the initial weights and dropout.
    inputs : str
        "standardized" on the training data, "unit" for grey values divided by the largest.
    offset, decades : float
        Features are multiplied by factors that span so many powers of ten, then the offset is
        added.
    validation : str
        Data standardized by moments of the training data ("alike"), by its own ("itself"), or not
        at all ("raw").
    skewed : bool
        Whether the validation data come mostly from the upper half of the labels.
    majority : float
        Share of class 0; 0 for classes of equal size.
    labels : str
        "integers", "one_hot", "from_one", or "column" for integers of shape (n_examples, 1).
    target_mean, target_std : float
        Moments of the targets of a regression.
    filters : int
        Filters of a 3 x 3 convolution before the hidden layers; 0 for none.
    units, activation, dropout, l2
        As in `networks.MLPSpec`; the penalty applies to all kernels.
    initializer : str
        "he_normal", "glorot_uniform", "fan_out", "normal" or "constant".
    gain : float
        Factor on all initial weights; their standard deviation if "normal", value if "constant".
    bias : float
        Initial biases of hidden layers.
    moments : tuple of float, optional
        Initial moving mean and variance of batch norm, as of other data.
    frozen : tuple of str
        Any of "hidden", "batch_norm", "output".
    optimizer : str
        A key of `DEFAULT_RATES`; sgd has a momentum of 0.9.
    class_weighted : bool
        Whether all classes have the same total weight in the loss.
    trained : bool
        Whether the model is handed out after its training.
    """

    data: str = "mixture"
    n_examples: int = 640
    n_features: int = 10
    n_classes: int = 2
    clusters: int = 2
    separation: float = 3.0
    seed: int = 0
    inputs: str = "standardized"
    offset: float = 0.0
    decades: float = 0.0
    validation: str = "alike"
    skewed: bool = False
    labels_shuffled: bool = False
    majority: float = 0.0
    labels: str = "integers"
    target_mean: float = 0.0
    target_std: float = 1.0
    filters: int = 0
    units: tuple[int, ...] = (32,)
    activation: str = "relu"
    initializer: str = "he_normal"
    gain: float = 1.0
    bias: float = 0.0
    batch_norm: bool = False
    momentum: float = 0.99
    moments: tuple[float, float] | None = None
    frozen: tuple[str, ...] = ()
    dropout: float = 0.0
    l2: float = 0.0
    n_outputs: int = 1
    output_activation: str = "sigmoid"
    loss: str = "binary_crossentropy"
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    batch_size: int = 32
    epochs: int = 30
    class_weighted: bool = False
    trained: bool = False

    @property
    def takes_logits(self) -> bool:
        """Whether Keras computes the loss from the output's pre-activations."""
        bounded = self.output_activation in ("sigmoid", "softmax")
        return bounded and self.loss.endswith("crossentropy")

    @property
    def kernel_initializer(self) -> initializers.Initializer:
        """Initializer of the hidden kernels."""
        square = self.gain**2
        glorot = {"scale": square, "mode": "fan_avg", "distribution": "uniform"}
        return {
            "normal": RandomNormal(stddev=self.gain),
            "constant": Constant(value=self.gain),
            "fan_out": VarianceScaling(scale=2 * square, mode="fan_out"),
            "he_normal": VarianceScaling(scale=2 * square),
            "glorot_uniform": VarianceScaling(**glorot),
        }[self.initializer]

    @property
    def output_initializer(self) -> initializers.Initializer:
        """Initializer of the output layer's kernel."""
        if self.initializer in ("normal", "constant"):
            return self.kernel_initializer
        return replace(self, initializer="glorot_uniform").kernel_initializer


def fitting_start(recipe: Recipe) -> Recipe:
    """Return the recipe with the initializer that fits its activation, gain 1 and bias 0.

    Examples
    --------
    >>> fitting_start(Recipe(activation="tanh")).initializer
    'glorot_uniform'
    """
    bounded = recipe.activation in ("tanh", "sigmoid")
    initializer = "glorot_uniform" if bounded else "he_normal"
    return replace(recipe, initializer=initializer, gain=1.0, bias=0.0)


def fitting_output(recipe: Recipe) -> Recipe:
    """Return the recipe with the output layer and loss that fit its labels.

    Examples
    --------
    >>> fitting_output(Recipe(n_classes=3)).output_activation
    'softmax'
    """
    if recipe.n_classes == 0:
        return _with_output(recipe, 1, "linear", "mean_squared_error")
    if recipe.n_classes == 2 and recipe.labels != "one_hot":
        return _with_output(recipe, 1, "sigmoid", "binary_crossentropy")
    sparse = "" if recipe.labels == "one_hot" else "sparse_"
    return _with_output(recipe, recipe.n_classes, "softmax", f"{sparse}categorical_crossentropy")


def _with_output(recipe: Recipe, n_outputs: int, activation: str, loss: str) -> Recipe:
    return replace(recipe, n_outputs=n_outputs, output_activation=activation, loss=loss)

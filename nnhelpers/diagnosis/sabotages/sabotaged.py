"""`sabotage`: a network with a disease; `exam`: several for students to diagnose."""

from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnhelpers.checks import check_between, check_whole, generator
from nnhelpers.diagnosis.sabotages.data import make_data
from nnhelpers.diagnosis.sabotages.diseases import SPOILERS, TRIALS, Spoiler
from nnhelpers.diagnosis.sabotages.healthy import cure, draw_healthy, is_healthy, sketch
from nnhelpers.diagnosis.sabotages.learning import learn
from nnhelpers.diagnosis.sabotages.recipe import Recipe

HEALTHY = "healthy"
SABOTAGES = (HEALTHY, *(spoiler.name for spoiler in SPOILERS))
# A sick network's score is at most this share of its healthy twin's.
SICK = 0.75
# A cured network's score is at least this share.
CURED = 0.9


@dataclass(frozen=True, kw_only=True)
class Sabotage:
    """A network with one disease, or none, and its data.

    Attributes
    ----------
    disease : str
        One of `SABOTAGES`.
    recipe, twin : Recipe
        Recipes of this network and of the healthy one that it was made from.
    """

    disease: str
    recipe: Recipe
    twin: Recipe

    @cached_property
    def model(self) -> Any:
        """The compiled Keras model, after its training if the recipe is `trained`."""
        from nnhelpers.models.build import build_recipe

        learned = learn(self.recipe)
        weights = learned.end if self.recipe.trained else learned.start
        model = build_recipe(self.recipe, weights, input_shape=self.X.shape[1:])
        if self.recipe.trained:
            model.optimizer.iterations.assign(self.recipe.epochs * self._steps_per_epoch)
        return model

    @property
    def X(self) -> NDArray[np.float32]:  # noqa: N802, as in scikit-learn
        """Training examples, of shape (n_examples, n_features) or (n_examples, 8, 8, 1)."""
        return make_data(self.recipe).X

    @property
    def y(self) -> NDArray:
        """Training labels, or numbers to be predicted."""
        return make_data(self.recipe).y

    @property
    def validation_data(self) -> tuple[NDArray, NDArray]:
        """Validation examples and their labels."""
        data = make_data(self.recipe)
        return data.held, data.held_labels

    @property
    def history(self) -> Any:
        """The history that `fit` would return; None unless the recipe is `trained`."""
        if not self.recipe.trained:
            return None
        steps = {"steps": self._steps_per_epoch}
        return SimpleNamespace(history=learn(self.recipe).history, params=steps)

    @property
    def _steps_per_epoch(self) -> int:
        return -(-len(self.X) // self.recipe.batch_size)

    def healthy(self) -> "Sabotage":
        """Return the twin without the disease."""
        return replace(self, disease=HEALTHY, recipe=self.twin)

    def cured(self, finding: str) -> "Sabotage":
        """Return the network after the cure of a finding, applied without other knowledge."""
        return replace(self, recipe=cure(self.recipe, finding=finding))

    def score(self) -> float:
        """Balanced accuracy above chance, or share of variance explained, on validation data."""
        return learn(self.recipe).validation_score

    def learns(self) -> bool:
        """Whether its score is at least `CURED` times that of its healthy twin."""
        return self.score() >= CURED * self.healthy().score()

    def __repr__(self) -> str:
        recipe = self.recipe
        return f"Sabotage({self.disease}: {recipe.data}, {recipe.units}, {recipe.optimizer})"


@dataclass(frozen=True, kw_only=True)
class Exam:
    """Networks for students to examine."""

    sabotages: tuple[Sabotage, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The disease of each network."""
        return tuple(each.disease for each in self.sabotages)


def sabotage(number: int, *, seed: int = 0) -> Sabotage:
    """Make a network with a disease; 0 is a healthy one.

    The number is the disease's index in `SABOTAGES`. A healthy network that can catch the disease
    is drawn at random, then a strength of the disease. If the network's score is above `SICK` times
    that of its healthy twin, the strength is drawn again from a smaller and smaller range at the
    strong end; after four draws, another network is tried. Findings of `examine` play no part.
    Raises ValueError or TypeError if a number is out of range or not whole.

    Examples
    --------
    >>> from nnhelpers import diagnosis
    >>> diagnosis.sabotage(1, seed=3).disease
    'offset_inputs'
    """
    check_whole(least=0, number=number, seed=seed)
    check_between(0, len(SPOILERS), number=number)
    if number == 0:
        recipe = draw_healthy(seed)
        return Sabotage(disease=HEALTHY, recipe=recipe, twin=recipe)
    spoiler, rng = SPOILERS[number - 1], np.random.default_rng([seed, 0, number])
    while True:
        twin = spoiler.ground(sketch(rng), rng)
        recipe = _spoiled(spoiler, twin, rng) if is_healthy(twin) else None
        if recipe is not None:
            return Sabotage(disease=spoiler.name, recipe=recipe, twin=twin)


def _spoiled(spoiler: Spoiler, twin: Recipe, rng: np.random.Generator) -> Recipe | None:
    for trial in range(TRIALS):
        recipe = spoiler.spoil(twin, spoiler.strength(rng, trial=trial))
        if learn(recipe).validation_score <= SICK * learn(twin).validation_score:
            return recipe
    return None


def exam(number: int, *, n: int = 8) -> Exam:
    """Set an exam of `n` networks with different diseases, in random order, for each number.

    Raises ValueError or TypeError if `number` is not a whole number of at least 0, or there are
    fewer than `n` diseases.

    Examples
    --------
    >>> from nnhelpers import diagnosis
    >>> len(set(diagnosis.exam(7, n=2).key))
    2
    """
    check_whole(least=0, number=number)
    check_whole(n=n)
    check_between(1, len(SPOILERS), n=n)
    which = generator(number).permutation(len(SPOILERS))[:n] + 1
    return Exam(sabotages=tuple(sabotage(int(each), seed=number) for each in which))

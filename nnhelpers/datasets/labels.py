"""Wrong labels, put in on purpose."""

from dataclasses import replace

import numpy as np

from nnhelpers.checks import check_between, check_kind, generator
from nnhelpers.datasets.record import Dataset


def mislabel(dataset: Dataset, *, share: float, seed: int = 0) -> Dataset:
    """Draw the labels of a share of the examples at random.

    One drawn may be the right one: of ten classes every tenth is.

    Raises
    ------
    ValueError
        If `share` is outside 0 to 1, or the data set has no classes.

    Examples
    --------
    >>> from nnhelpers import datasets
    >>> digits = datasets.load_digits()
    >>> wrong = datasets.mislabel(digits, share=0.2, seed=0)
    >>> print(f"{(wrong.y != digits.y).mean():.2f}")
    0.18
    """
    check_kind(Dataset, dataset=dataset)
    check_between(0, 1, share=share)
    if not dataset.class_names:
        raise ValueError(f"dataset must have classes, got {dataset.name} without")
    rng = generator(seed)
    hit = rng.random(dataset.n_examples) < share
    drawn = rng.integers(0, dataset.n_classes, dataset.n_examples)
    name = f"{dataset.name}, {share:.0%} mislabelled"
    return replace(dataset, y=np.where(hit, drawn, dataset.y), name=name)

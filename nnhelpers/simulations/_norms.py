"""Batch norm for untrained networks."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnhelpers.networks import NormWeights, Weights

BEFORE, AFTER = "before", "after"
PLACES = (BEFORE, AFTER, None)


def with_norms(weights: Weights, places: Sequence[str | None]) -> Weights:
    """Put batch norm, as it starts, before or after each hidden layer's activation, or nowhere."""
    biases = zip(weights.biases[:-1], places, strict=True)
    norms = tuple(_untrained(bias, place) if place else None for bias, place in biases)
    return replace(weights, norms=norms)


def _untrained(like: NDArray, place: str) -> NormWeights:
    ones, zeros = np.ones_like(like), np.zeros_like(like)
    return NormWeights(
        gamma=ones,
        beta=zeros,
        moving_mean=zeros,
        moving_variance=ones,
        after_activation=place == AFTER,
    )

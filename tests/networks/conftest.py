"""Every test draws the same random networks, whichever ran before it."""

import numpy as np
import pytest
from random_networks import RNG


@pytest.fixture(autouse=True)
def _drawn_anew():
    RNG.bit_generator.state = np.random.default_rng(0).bit_generator.state

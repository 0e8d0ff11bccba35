"""What the tests of examinations share."""

import pytest


@pytest.fixture
def few_steps(monkeypatch):
    """Watch small networks for no longer than was asked."""
    from nnhelpers.diagnosis._looks import patient

    monkeypatch.setattr(patient, "_LONG", 1)

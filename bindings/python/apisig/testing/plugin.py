"""The pytest plugin. pytest loads it by itself where apisig is installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .clock import FixedClock


@pytest.fixture
def apisig_clock() -> Iterator[FixedClock]:
    """A FixedClock, from which everything of apisig gets the time."""
    with FixedClock() as clock:
        yield clock

"""The pytest plugin. pytest loads it at each start, where apisig is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apisig.testing import FixedClock


@pytest.fixture
def apisig_clock() -> Iterator[FixedClock]:
    """A FixedClock, from which everything of apisig gets the time."""
    # Not at each start of pytest: it loads the native library, and this file is outside the package for that reason.
    from apisig.testing import FixedClock

    with FixedClock() as clock:
        yield clock

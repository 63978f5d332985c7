"""A clock that a test sets."""

from __future__ import annotations

from threading import Lock
from typing import Callable

from .. import _native

_lock = Lock()
_clocks: list[Callable[[], float]] = []
"""What gave the time before, and the clocks that have begun and not ended, in this order."""


class FixedClock:
    """A clock that stands still: ``now=clock()`` for what takes a time, and ``clock`` for what takes a clock.

    In ``with FixedClock() as clock:`` everything of apisig that asks for the time gets it from there, in all threads.
    If several overlap, the one entered last gives the time, in whatever order they end.
    """

    def __init__(self, now: int = 1669231521) -> None:
        """Set the clock. now: Unix seconds."""
        self._now = now

    def __call__(self) -> int:
        """Return the time, in Unix seconds."""
        return self._now

    def advance(self, seconds: int) -> None:
        """Set the clock forward, or back."""
        self._now += seconds

    def __enter__(self) -> FixedClock:
        with _lock:
            if not _clocks:
                _clocks.append(_native._clock)
            _clocks.append(self)
            _native._clock = self
        return self

    def __exit__(self, *_: object) -> None:
        with _lock:
            # Its last entry: a clock can be entered twice.
            del _clocks[max(at for at, clock in enumerate(_clocks) if clock is self)]
            _native._clock = _clocks[-1]
            if len(_clocks) == 1:
                _clocks.clear()

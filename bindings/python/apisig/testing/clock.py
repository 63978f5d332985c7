"""A clock that a test sets."""

from __future__ import annotations

from typing import Callable

from .. import _native


class FixedClock:
    """A clock that stands still: ``now=clock()`` for what takes a time, and ``clock`` for what takes a clock.

    In ``with FixedClock() as clock:`` everything of apisig that asks for the time gets it from there, in all threads.
    """

    def __init__(self, now: int = 1669231521) -> None:
        """Set the clock. now: Unix seconds."""
        self._now = now
        self._before: list[Callable[[], float]] = []

    def __call__(self) -> int:
        """Return the time, in Unix seconds."""
        return self._now

    def advance(self, seconds: int) -> None:
        """Set the clock forward, or back."""
        self._now += seconds

    def __enter__(self) -> FixedClock:
        self._before.append(_native._clock)
        _native._clock = self
        return self

    def __exit__(self, *_: object) -> None:
        _native._clock = self._before.pop()

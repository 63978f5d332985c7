"""The mistakes that a diagnosis can name. It is for your log, never for the sender, who would learn how to sign."""

from __future__ import annotations

from typing import NamedTuple

from . import _native
from ._abi import Mistake as Mistake
from ._errors import Status

_MISTAKES = frozenset(Mistake)


class Diagnosis(NamedTuple):
    """What is wrong with what was signed: for your log, never for the sender, who would learn how to sign."""

    holds: bool
    """Nothing is wrong."""
    mistake: Mistake | None
    """The one that makes what was presented; None if nothing is wrong, or if none is known."""

    @property
    def text(self) -> str:
        """What was done wrong, and what to do instead."""
        if self.mistake is not None:
            return self.mistake.text
        return "Nothing is wrong." if self.holds else _native.status_text(Status.MISMATCH)


def diagnosis(number: int) -> Diagnosis:
    """Return the diagnosis of the number that the library returns. Raises InvalidArgument."""
    if number >= 0:
        # A later library may know more mistakes.
        return Diagnosis(number == 0, Mistake(number) if number in _MISTAKES else None)
    if _native.known(number) == Status.MISMATCH:
        return Diagnosis(False, None)
    _native.fail(number)

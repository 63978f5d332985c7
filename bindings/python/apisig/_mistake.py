"""The mistakes that a diagnosis can name. It is for your log, never for the sender, who would learn how to sign."""

from __future__ import annotations

import re
from typing import Any, Callable, NamedTuple

from . import _native
from ._abi import Mistake as Mistake
from ._errors import Error, Status


class Diagnosis(NamedTuple):
    """What is wrong with what was signed: for your log, never for the sender, who would learn how to sign.

    ``str()`` of it is all of it in words.
    """

    is_valid: bool
    """Nothing is wrong."""
    mistake: Mistake | None
    """The one to mend first; None if nothing is wrong, or if none is known."""
    mistakes: tuple[Mistake, ...] = ()
    """Those that together make what was presented, in the order in which to mend them."""
    hints: tuple[str, ...] = ()
    """Details of the mistakes; where none was found, what the form alone shows."""

    @property
    def text(self) -> str:
        """What was done wrong, and what to do instead."""
        none = "Nothing is wrong." if self.is_valid else _native.status_text(Status.MISMATCH)
        mistakes = [mistake.text for mistake in self.mistakes] or [none]
        return "\n".join([*mistakes, *(f"hint: {hint}" for hint in self.hints)])

    def __str__(self) -> str:
        return self.text


def diagnosis(write: Callable[..., int], *arguments: Any) -> Diagnosis:
    """Return the diagnosis whose lines a function of the library writes. Raises InvalidArgument."""
    try:
        text = _native.text(write, *arguments).decode()
    except Error as error:
        if error.status is not Status.MISMATCH:
            raise
        return Diagnosis(False, None)
    # A later library may know more mistakes.
    known = [name for name in re.findall(r"^found (\S+)", text, re.M) if name in Mistake.__members__]
    mistakes = tuple(Mistake[name] for name in known)
    hints = tuple(re.findall(r"^hint (.+)$", text, re.M))
    return Diagnosis(text == "", mistakes[0] if mistakes else None, mistakes, hints)

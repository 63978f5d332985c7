"""The reasons why there is no result, as exceptions. Their texts never hold anything that was passed in."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._mistake import Diagnosis


class Status(IntEnum):
    """Why there is no result, or why a check does not hold: the ``apisig_status`` of include/apisig.h."""

    ARGUMENT = -1
    MALFORMED = -2
    MISMATCH = -3
    EXPIRED = -4
    NOT_YET_VALID = -5
    BODY = -6
    ALGORITHM = -7
    RANDOM = -8
    MEMORY = -9
    URL = -10
    METHOD = -11


class Error(Exception):
    """What every exception of apisig is. ``status`` is the reason, where the library gave one."""

    status: Status | None

    def __init__(self, message: str, status: Status | None = None) -> None:
        super().__init__(message)
        self.status = status


class InvalidArgument(Error, ValueError):
    """The caller's own mistake: an empty secret, a value out of range, a control character in a URL or header."""


class VerificationFailed(Error):
    """What was presented does not hold; ``status`` says why. Tell the sender no more than "not authorized"."""

    status: Status
    diagnosis: Diagnosis | None = None
    """What was done wrong, if it was asked for: for your log, never for the sender."""


class LibraryUnavailable(Error, ImportError):
    """The native library cannot be used: the message says what is missing and what to do about it."""

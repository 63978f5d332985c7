"""The reasons why there is no result, as exceptions. Their texts have no secret."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Callable, TypeVar, cast

from ._abi import Status as Status

if TYPE_CHECKING:
    from ._mistake import Diagnosis


Function = TypeVar("Function", bound=Callable[..., Any])


def without_frames(function: Function) -> Function:
    """Return a function whose exceptions have no frame of it: an error report may show the variables of frames."""

    @wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Exception as error:
            raised = error.with_traceback(None)
        del arguments, named
        raise raised

    return cast(Function, call)


class Error(Exception):
    """What every exception of apisig is. ``status`` is the reason, where the library gave one."""

    status: Status | None

    def __init__(self, message: str, status: Status | None = None) -> None:
        super().__init__(message)
        self.status = status


class InvalidArgument(Error, ValueError):
    """The caller's own mistake, such as an empty secret. The message names the argument."""


class VerificationFailed(Error):
    """What was presented is not verified; ``status`` says why. Tell the sender no more than "not authorized"."""

    status: Status
    diagnosis: Diagnosis | None = None
    """What was done wrong, if you set it: for your log, never for the sender."""


class RequestRefused(Error):
    """The vendor refused a request: its HTTP status, and what its answer says about it."""

    http_status: int
    """Such as 403."""
    error_type: str
    """Such as "ORIGIN_INVALID_SIGNATURE"; "" if the answer has none. Any characters, as they came."""
    description: str
    """For people; "" if the answer has none. Any characters, as they came."""

    def __init__(self, http_status: int, error_type: str, description: str) -> None:
        named = f" and error_type {shown(error_type)}" if error_type else ""
        super().__init__(f"The request was refused with HTTP status {http_status}{named}.")
        self.http_status = http_status
        self.error_type = error_type
        self.description = description

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.http_status, self.error_type, self.description)


def shown(text: object, most: int = 80) -> str:
    """Return a text for a message: on one line, its control characters escaped, not long."""
    visible = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(text)[:most])
    return visible if len(str(text)) <= most else visible + "..."


class LibraryUnavailable(Error, ImportError):
    """The native library cannot be used: the message says what is missing and what to do about it."""

"""Reads members of a payload by their path. What is missing, or of another type than expected, is None."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NoReturn, TypeVar

from ._errors import Status, VerificationFailed
from ._native import status_text

Raw = Mapping[str, Any]
_Object = TypeVar("_Object")


def decoded(text: bytes) -> dict[str, Any]:
    """Return a JSON object, as PHP reads it. Raises VerificationFailed with the status MALFORMED if it is none."""
    try:
        raw = json.loads(text.decode(), parse_constant=_refuse, parse_int=_integer)
        # Half of a surrogate pair is in no text that can be stored.
        json.dumps(raw, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raw = None
    if isinstance(raw, dict):
        return raw
    # Not in the except block: its exception has the text.
    raise VerificationFailed(status_text(Status.MALFORMED), Status.MALFORMED)


def text_at(*path: str) -> dict[str, Any]:
    """Return the metadata of a field that read() takes from a path by text()."""
    return {"read": text, "path": path}


def integer_at(*path: str) -> dict[str, Any]:
    """Return the metadata of a field that read() takes from a path by integer()."""
    return {"read": integer, "path": path}


def read(kind: type[_Object], raw: Raw) -> _Object:
    """Return an object of a dataclass: each field that text_at() or integer_at() describes, and ``raw`` itself."""
    values: dict[str, Any] = {"raw": raw}
    for one in fields(kind):  # type: ignore[arg-type]
        if "read" in one.metadata:
            values[one.name] = one.metadata["read"](raw, *one.metadata["path"])
    return kind(**values)


def text(raw: Raw, *path: str) -> str | None:
    """Return a text, or an integer as text."""
    value = _value(raw, path)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def integer(raw: Raw, *path: str) -> int | None:
    """Return an integer of 64 bits."""
    value = _value(raw, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def member(raw: Raw, *path: str) -> Raw | None:
    """Return an object that has members. PHP cannot tell an empty one from an empty list."""
    value = _value(raw, path)
    return value if isinstance(value, dict) and value else None


def _value(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _integer(digits: str) -> int | str:
    """Return an integer; one of more than 64 bits stays text, since Python refuses one of thousands of digits."""
    number = int(digits) if len(digits) <= 20 else 2**63
    return number if -(2**63) <= number < 2**63 else digits


def _refuse(constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")

"""The native library: found, loaded and declared here, the only file that says ctypes.

It is looked for at the environment's APISIG_LIBRARY, beside this package, and by its SONAME where the system looks for
libraries. ``PyDLL`` keeps the GIL: a call takes a microsecond, getting the GIL back can take hundreds of them.
"""

from __future__ import annotations

import ctypes
import math
import os
import time
from pathlib import Path
from typing import Any, Callable, NoReturn, Optional, Union

from ._errors import Error, InvalidArgument, LibraryUnavailable, Status, VerificationFailed

VERSION = "0.1.0"
"""The version that this package was made for. Later ones that keep the SONAME fit too."""

SIZE = 256
"""Bytes of room for a text: enough for every result that has a limit."""

SONAME = "libapisig.so.0"
BUNDLED = Path(__file__).with_name("libapisig.so")

String = Union[str, bytes, bytearray, memoryview]
"""Text is taken as UTF-8."""

Presented = Optional[String]
"""What a stranger sent. None, which frameworks give for what he did not send, is an empty string."""

BOOL = ctypes.c_bool
HANDLE = ctypes.c_void_p
INT32 = ctypes.c_int32
INT64 = ctypes.c_int64
LENGTH = ctypes.c_ssize_t
NOTHING = None
STRING = (ctypes.c_char_p, ctypes.c_size_t)
TEXT = ctypes.c_char_p
OUT = (ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)
INT32_OUT = ctypes.POINTER(ctypes.c_int32)
INT64_OUT = ctypes.POINTER(ctypes.c_int64)
WHY = INT32_OUT


def _load() -> ctypes.PyDLL:
    path = os.environ.get("APISIG_LIBRARY") or (str(BUNDLED) if BUNDLED.exists() else SONAME)
    try:
        library = ctypes.PyDLL(path)
        version_of = library.apisig_version
    except (OSError, AttributeError) as error:
        raise LibraryUnavailable(
            f"The apisig library cannot be loaded from {path}: {error}. Set APISIG_LIBRARY to the path of "
            f"libapisig.so, or install it where the system finds {SONAME}."
        ) from None
    version_of.restype = TEXT
    version = version_of().decode()
    if _numbers(version)[0] != _numbers(VERSION)[0] or _numbers(version) < _numbers(VERSION):
        raise LibraryUnavailable(
            f"The apisig library ({path}) has version {version}, but this package needs {VERSION}. "
            "Install both from one release, and check APISIG_LIBRARY."
        )
    return library


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


_library = _load()

FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {}
"""Every function that was declared: the types of its result and arguments. A test compares them with the header."""


def function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Declare a C function. A pair such as STRING stands for two arguments."""
    flat = tuple(kind for argument in arguments for kind in (argument if isinstance(argument, tuple) else (argument,)))
    declared: Any = getattr(_library, name)
    declared.restype = result
    declared.argtypes = flat
    FUNCTIONS[name] = (result, flat)
    return declared  # type: ignore[no-any-return]


_status_text = function("apisig_status_text", TEXT, INT32)


class Place:
    """What a call writes to. A call takes one for itself, and what takes its result gives it back.

    So no other thread, and no signal handler that comes between a call and its result, writes to the same.
    """

    __slots__ = ("int64", "out", "size", "why")

    def __init__(self, size: int) -> None:
        self.size = size
        self.out = ctypes.create_string_buffer(size)
        self.why = ctypes.c_int32()
        self.int64 = ctypes.c_int64()

    def bytes(self, length: int) -> bytes:
        """Take the text of a call, by its length or status."""
        if not 0 <= length < self.size:
            fail(length)
        result: Any = self.out[:length]
        _idle.append(self)
        return result  # type: ignore[no-any-return]

    def text(self, length: int) -> str:
        """Take the text of a call that makes only ASCII."""
        return self.bytes(length).decode()

    def verdict(self, holds: bool) -> bool:
        """Take the answer for ``verify``: only a mistake of the caller's own is an exception."""
        if not holds and self.why.value == Status.ARGUMENT:
            fail(Status.ARGUMENT)
        _idle.append(self)
        return holds

    def checked(self, holds: bool, value: Any) -> int:
        """Take the answer for ``check``: what was checked, or an exception with the reason."""
        checked: int = value.value
        why = self.why.value
        if not self.verdict(holds):
            raise VerificationFailed(_status_text(why).decode(), Status(why))
        return checked


_idle: list[Place] = []


def take(size: int = SIZE) -> Place:
    """Take a place that no call is using, with room for a text."""
    try:
        place = _idle.pop()
    except IndexError:
        return Place(max(size, SIZE))
    return place if place.size >= size else Place(size)


def own(value: String) -> bytes:
    """Take a string of the caller's own."""
    if type(value) is bytes:
        return value
    if isinstance(value, str):
        try:
            return str.encode(value)
        except UnicodeEncodeError:
            # That exception holds the whole string, which may be a secret.
            raise InvalidArgument("A text is not Unicode: it holds a lone surrogate.", Status.ARGUMENT) from None
    if isinstance(value, (bytes, bytearray, memoryview)):
        # Also a subclass of bytes, whose len() may say anything.
        return memoryview(value).tobytes()
    raise TypeError(f"text or bytes are expected, not {type(value).__name__}")


def presented(value: Presented) -> bytes:
    """Take a string that a stranger sent: text that is not even Unicode becomes bytes that match nothing."""
    if value is None:
        return b""
    return str.encode(value, "utf-8", "surrogatepass") if isinstance(value, str) else own(value)


def flat(*strings: bytes) -> list[bytes | int]:
    """Give each string and its length, as C takes them."""
    return [part for string in strings for part in (string, len(string))]


def int64(value: int) -> int:
    """Take a number: ctypes would cut off what does not fit."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"an integer is expected, not {type(value).__name__}")
    if not -(2**63) <= value < 2**63:
        fail(Status.ARGUMENT)
    return value


def unix_time(now: float | None) -> int:
    """Take a time: the clock's if None."""
    if now is None:
        return int(time.time())
    if isinstance(now, float):
        if not math.isfinite(now):
            fail(Status.ARGUMENT)
        now = math.floor(now)
    return int64(now)


def fail(status: int) -> NoReturn:
    """Raise the exception for a status that comes from the caller's side."""
    message: str = _status_text(status).decode()
    if status == Status.ARGUMENT:
        raise InvalidArgument(message, Status.ARGUMENT)
    raise Error(message, Status(status))

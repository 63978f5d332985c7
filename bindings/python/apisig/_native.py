"""The native library: found, loaded and declared here, the only file that says ctypes.

It is looked for at the environment's APISIG_LIBRARY, beside this package, and by its SONAME where the system looks for
libraries. ``PyDLL`` keeps the GIL: a call takes a microsecond, getting the GIL back can take hundreds of them. Only a
call that has LARGE bytes to hash lets other threads run meanwhile.

No result rests on the GIL, so that a free-threaded build needs none: a text is written to a place that is this thread's
or this call's own, a handle is never written to once its object is made, and all of this module is set up while it is
imported.
"""

from __future__ import annotations

import ctypes
import math
import os
import threading
from pathlib import Path
from time import time as _clock
from typing import Any, Callable, NoReturn, Optional, Union, cast

from ._abi import FUNCTIONS, SONAME, VERSION
from ._errors import Error, InvalidArgument, LibraryUnavailable, Status, VerificationFailed

BUNDLED = Path(__file__).with_name("libapisig.so")

String = Union[str, bytes, bytearray, memoryview]
"""Text is taken as UTF-8."""

Presented = Optional[String]
"""What a stranger sent. None, which frameworks give for what he did not send, is an empty string."""

HANDLE = ctypes.c_void_p

# A whole word is handed over twice as fast as a pointer than as an integer.
_WIDE: Any = ctypes.c_void_p if ctypes.sizeof(ctypes.c_void_p) == 8 else None
_RESULTS: dict[str, Any] = {
    "void": None,
    "bool": ctypes.c_bool,
    "int32": ctypes.c_int32,
    "int64": ctypes.c_int64,
    "length": ctypes.c_ssize_t,
    "text": ctypes.c_char_p,
    "pointer": HANDLE,
}
_SIZE = _WIDE or ctypes.c_size_t
_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "bool": (ctypes.c_bool,),
    "int32": (ctypes.c_int32,),
    "int64": (_WIDE or ctypes.c_int64,),
    "size": (_SIZE,),
    "string": (ctypes.c_char_p, _SIZE),
    "pointer": (ctypes.c_void_p,),
}

SIZE = 256
"""Bytes of room for a text: enough for every one whose longest form is known."""


class _Place(threading.local):
    """Where a thread's texts of a known length are written.

    ctypes has made its own copy before anything else runs in the same thread.
    """

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(SIZE)
        self.address = ctypes.addressof(self._buffer)


place = _Place()

# What other calls write to, by its address. Each call makes its own, so that no signal handler that comes between a
# call and its result writes to the same.
Out: Any = ctypes.c_char * SIZE
Int32 = ctypes.c_int32
Int64 = ctypes.c_int64
address = ctypes.addressof


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
    version_of.restype = ctypes.c_char_p
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
_library_without_gil = ctypes.CDLL(_library._name)

LARGE = 1 << 18
"""From so many bytes on, the GIL is given up: a tenth of a millisecond."""


def function(name: str, gil: bool = True) -> Callable[..., Any]:
    """Give a C function as _abi.py declares it."""
    result, arguments = FUNCTIONS[name]
    declared: Any = getattr(_library if gil else _library_without_gil, name)
    declared.restype = _RESULTS[result]
    declared.argtypes = [kind for argument in arguments.split() for kind in _ARGUMENTS[argument]]
    return declared  # type: ignore[no-any-return]


_status_text = function("apisig_status_text")
_mistake_text = function("apisig_mistake_text")


_STATUSES = frozenset(Status)


def status_text(status: int) -> str:
    """What a status means, and what to do about it."""
    return bytes.decode(_status_text(status))


def mistake_text(mistake: int) -> str:
    """What was done wrong, and what to do instead."""
    return bytes.decode(_mistake_text(mistake))


def known(status: int) -> Status:
    """Give a number's status; of one that only a later library knows, MISMATCH: whatever it is, it does not hold."""
    return Status(status) if status in _STATUSES else Status.MISMATCH


def verdict(holds: bool, why: Any) -> bool:
    """Take the answer for ``verify``: only a mistake of the caller's own is an exception."""
    if not holds and why.value == Status.ARGUMENT:
        fail(Status.ARGUMENT)
    return holds


def checked(holds: bool, why: Any, value: Any) -> int:
    """Take the answer for ``check``: what was checked, or an exception with the reason."""
    if not verdict(holds, why):
        raise VerificationFailed(status_text(why.value), known(why.value))
    result: int = value.value
    return result


def text(write: Callable[[int, int], int]) -> bytes:
    """Take a text of any length.

    write: writes it to the buffer of this address and size, and answers its length or the status; if it does not fit,
    it is asked again.
    """
    length = 1023
    while True:
        size = length + 1
        out = ctypes.create_string_buffer(size)
        length = write(ctypes.addressof(out), size)
        if length < 0:
            fail(length)
        if length < size:
            return out.raw[:length]


def text_of(function: Callable[..., Any], *strings: String) -> bytes:
    """Take the text that a function makes of strings alone."""
    arguments = flat(*map(own, strings))
    return text(lambda out, size: cast(int, function(*arguments, out, size)))


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
    if type(value) is str:
        try:
            return value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    if type(value) is bytes:
        return value
    if isinstance(value, str):
        return presented(str.__str__(value))
    return b"" if value is None else own(value)


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
        return int(_clock())
    if isinstance(now, float):
        if not math.isfinite(now):
            fail(Status.ARGUMENT)
        now = math.floor(now)
    return int64(now)


def fail(status: int) -> NoReturn:
    """Raise the exception for a status that comes from the caller's side."""
    message = status_text(status)
    if status == Status.ARGUMENT:
        raise InvalidArgument(message, Status.ARGUMENT)
    raise Error(message, known(status))

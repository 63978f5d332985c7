"""The native library: found, loaded and declared here, the only file that says ctypes.

It is looked for at the environment's APISIG_LIBRARY, beside this package, and by its SONAME where the system looks for
libraries. ``PyDLL`` keeps the GIL: a call takes a microsecond, getting the GIL back can take hundreds of them.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Callable, NoReturn, Union

from ._errors import Error, InvalidArgument, LibraryUnavailable, Status, VerificationFailed

VERSION = "0.1.0"
"""The version of the library that goes with this package."""

SONAME = "libapisig.so.0"
BUNDLED = Path(__file__).with_name("libapisig.so")

Bytes = Union[str, bytes]
"""Text is taken as UTF-8."""

BOOL = ctypes.c_bool
HANDLE = ctypes.c_void_p
INT32 = ctypes.c_int32
INT64 = ctypes.c_int64
LENGTH = ctypes.c_ssize_t
NOTHING = None
STRING = (ctypes.c_char_p, ctypes.c_size_t)
TEXT = ctypes.c_char_p
OUT = (ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)
USER_ID = ctypes.POINTER(ctypes.c_int64)
WHY = ctypes.POINTER(ctypes.c_int32)


class KommoHeaders(ctypes.Structure):
    """``apisig_kommo_headers``."""

    _fields_ = (
        ("date", ctypes.c_char * 32),
        ("content_type", ctypes.c_char * 17),
        ("content_md5", ctypes.c_char * 33),
        ("x_signature", ctypes.c_char * 41),
    )


KOMMO_HEADERS = ctypes.POINTER(KommoHeaders)


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
    if version != VERSION:
        raise LibraryUnavailable(
            f"The apisig library ({path}) has version {version}, but this package is for {VERSION}. "
            "Install both from one release, and check APISIG_LIBRARY."
        )
    return library


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


class _Places(threading.local):
    """Where calls write to: one of each for every thread."""

    def __init__(self) -> None:
        self.out = ctypes.create_string_buffer(256)
        self.why = ctypes.c_int32()
        self.user_id = ctypes.c_int64()
        self.kommo_headers = KommoHeaders()


places = _Places()


def buffer(size: int) -> Any:
    """Make room for a text of any length."""
    return ctypes.create_string_buffer(size)


def own(value: Bytes) -> bytes:
    """Take a string of the caller's own."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    raise TypeError(f"text or bytes are expected, not {type(value).__name__}")


def presented(value: Bytes) -> bytes:
    """Take a string that a stranger sent: text that is not even Unicode becomes bytes that match nothing."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else own(value)


def int64(value: int) -> int:
    """Take a number: ctypes would cut off what does not fit."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"an integer is expected, not {type(value).__name__}")
    if not -(2**63) <= value < 2**63:
        fail(Status.ARGUMENT)
    return value


def text(length: int, out: Any) -> str:
    """Take the result of a call that gives a text out."""
    if length < 0:
        fail(length)
    return out[:length].decode("ascii")  # type: ignore[no-any-return]


def fail(status: int) -> NoReturn:
    """Raise the exception for a status that comes from the caller's side."""
    message: str = _status_text(status).decode()
    if status == Status.ARGUMENT:
        raise InvalidArgument(message, Status.ARGUMENT)
    raise Error(message, Status(status))


def verdict(holds: bool) -> bool:
    """Take the answer for ``verify``: only a mistake of the caller's own is an exception."""
    if not holds and places.why.value == Status.ARGUMENT:
        fail(Status.ARGUMENT)
    return holds


def index(holds: bool) -> int:
    """Take the answer for ``check``: the index of the secret that matched, or an exception with the reason."""
    if not verdict(holds):
        status = Status(places.why.value)
        raise VerificationFailed(_status_text(status).decode(), status)
    return places.why.value


class Room:
    """What the classes of all vendors share: a handle that holds the secrets, and shows and gives away none."""

    __slots__ = ("_handle",)

    _new: Callable[..., Any]
    _add_secret: Callable[..., bool]
    _free: Callable[..., None]

    def __init_subclass__(cls, room: str) -> None:
        cls._new = function(f"apisig_{room}_new", HANDLE, *STRING, WHY)
        cls._add_secret = function(f"apisig_{room}_add_secret", BOOL, HANDLE, *STRING, WHY)
        cls._free = function(f"apisig_{room}_free", NOTHING, HANDLE)

    def __init__(self, secret: Bytes, previous_secrets: Iterable[Bytes] = ()) -> None:
        """Hash the secret.

        secret: the vendor's secret, as text: any bytes, not empty.
        previous_secrets: up to three more, which checks still accept; signing never uses them.

        Raises InvalidArgument if a secret is empty or too long, or there are too many.
        """
        secret = own(secret)
        handle = type(self)._new(secret, len(secret), places.why)
        if handle is None:
            fail(places.why.value)
        self._handle = HANDLE(handle)
        for previous in map(own, previous_secrets):
            if not type(self)._add_secret(self._handle, previous, len(previous), places.why):
                fail(places.why.value)

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle is not None:
            type(self)._free(handle)

    def __repr__(self) -> str:
        return f"<apisig.{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a secret and cannot be copied or pickled")

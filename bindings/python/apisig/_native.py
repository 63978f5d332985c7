"""The native library: found, loaded and declared here, the only file that says ctypes.

It is looked for at the environment's APISIG_LIBRARY, beside this package, and by its SONAME where the system looks for
libraries. ``PyDLL`` keeps the GIL: a call takes a microsecond, getting the GIL back can take hundreds of them. Only a
call that has LARGE bytes to hash lets other threads run meanwhile.

Where the package has the extension module ``_call`` for this Python, it makes the calls that keep the GIL: through
ctypes each takes 0.3 us more. PyPy and free-threaded builds use ctypes, as does a package that was built without a
C compiler.

No result depends on the GIL, so a free-threaded build needs none: a text is written to a buffer of this thread or of
this call, a handle is never written to once its object is made, and all of this module is set up while it is imported.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from math import floor, isfinite
from pathlib import Path
from time import time
from typing import Any, Callable, NoReturn, Optional, Union, get_args

from . import _abi
from ._abi import ARGUMENT_HANDLE, ARGUMENT_TIME, FUNCTIONS, LIBRARIES, VERSION
from ._errors import Error, InvalidArgument, LibraryUnavailable, Status, VerificationFailed, shown

try:
    from . import _call as _call  # type: ignore[attr-defined]
except ImportError:
    _call = None

_file, SONAME = LIBRARIES.get(sys.platform, LIBRARIES["linux"])
BUNDLED = Path(__file__).with_name(_file)

String = Union[str, bytes, bytearray, memoryview]
"""Text is taken as UTF-8."""
TEXT = get_args(String)
"""The same, for isinstance()."""

Presented = Optional[String]
"""Untrusted input. None, which frameworks give for what was not sent, is an empty string."""

_clock: Callable[[], float] = time
Now = Optional[float]
"""Unix seconds; the clock's if None."""

# ctypes takes an address faster as an object of its own than as an integer.
handle: Any = ctypes.c_void_p if _call is None else int

_KINDS: dict[str, Any] = {
    "void": None,
    "bool": ctypes.c_bool,
    "int32": ctypes.c_int32,
    "int64": ctypes.c_int64,
    "size": ctypes.c_size_t,
    "length": ctypes.c_ssize_t,
    "text": ctypes.c_char_p,
    "pointer": ctypes.c_void_p,
}
# A whole word is handed over twice as fast as a pointer than as an integer.
_WORDS = {"int64": ctypes.c_void_p, "size": ctypes.c_void_p} if ctypes.sizeof(ctypes.c_void_p) == 8 else {}
_ARGUMENTS = {**_KINDS, **_WORDS}

_LETTERS = {
    "void": "v",
    "bool": "?",
    "int32": "i",
    "int64": "q",
    "size": "N",
    "length": "n",
    "text": "s",
    "string": "s",
    "pointer": "P",
}
"""What _call knows them by."""

SIZE = max(size for name, size in vars(_abi).items() if name.endswith("_SIZE"))
"""Bytes of a buffer: enough for every text whose longest form is known, and for Kommo's headers."""


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
Int32 = ctypes.c_int32
Int64 = ctypes.c_int64
buffer = ctypes.create_string_buffer
address = ctypes.addressof


def _load() -> ctypes.PyDLL:
    named = os.environ.get("APISIG_LIBRARY")
    path = named or (str(BUNDLED) if BUNDLED.exists() else SONAME)
    try:
        library = ctypes.PyDLL(path)
        version_of = library.apisig_version
    except (OSError, AttributeError, UnicodeError) as error:
        raise LibraryUnavailable(shown(_problem(path, bool(named), error), 1000)) from None
    version_of.restype = ctypes.c_char_p
    version = version_of().decode()
    if _numbers(version)[0] != _numbers(VERSION)[0] or _numbers(version) < _numbers(VERSION):
        raise LibraryUnavailable(
            f"The apisig library {shown(path)} has version {version}, but this package needs {VERSION}. "
            "Install both from one release, and check APISIG_LIBRARY."
        )
    return library


def _problem(path: str, is_named: bool, error: Exception) -> str:
    """Return why a library cannot be loaded, and what to do."""
    theirs, ours = _processor(path), _processor("/proc/self/exe")
    if theirs and ours and theirs != ours:
        return (
            f"The apisig library {path} is for {theirs}, and this Python for {ours}: install this platform's package."
        )
    if is_named:
        return f"APISIG_LIBRARY cannot be loaded: {error}. Correct it, or unset it to use the package's own library."
    if path == SONAME:
        return f"The package is incomplete: {BUNDLED} is missing. Install this platform's, or set APISIG_LIBRARY."
    return f"The apisig library cannot be loaded: {error}. Install the package again, for this platform."


def _processor(path: str) -> str | None:
    """Return the kind of processor that an ELF file is for; None if it is no such file."""
    try:
        with open(path, "rb") as file:
            start = file.read(20)
    except OSError:
        return None
    # e_machine, in the byte order that the sixth byte names.
    number = int.from_bytes(start[18:], "big" if start[5:6] == b"\2" else "little")
    return _PROCESSORS.get(number, str(number)) if start[:4] == b"\x7fELF" else None


_PROCESSORS = {3: "x86", 40: "ARM", 62: "x86-64", 183: "ARM64", 243: "RISC-V"}


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


_library = _load()
_library_without_gil = ctypes.CDLL(_library._name)

LARGE = 1 << 18
"""From so many bytes on, the GIL is given up: a tenth of a millisecond."""


def function(name: str, gil: bool = True) -> Callable[..., Any]:
    """Return a C function as _abi.py declares it."""
    result, arguments = FUNCTIONS[name]
    declared: Any = getattr(_library if gil else _library_without_gil, name)
    declared.restype = _KINDS[result]
    declared.argtypes = [_ARGUMENTS[kind] for kind in arguments.replace("string", "text size").split()]
    if _call is None or not gil:
        return declared  # type: ignore[no-any-return]
    address = ctypes.cast(declared, ctypes.c_void_p).value
    letters = "".join(_LETTERS[kind] for kind in arguments.split())
    return _call.function(address, _LETTERS[result], letters)  # type: ignore[no-any-return]


def functions(vendor: str, gil: bool = True) -> Any:
    """Return the C functions of a vendor, by their names without "apisig_" and the vendor's."""
    found = _Functions()
    for name in FUNCTIONS:
        if name.startswith(f"apisig_{vendor}_"):
            setattr(found, name.split("_", 2)[2], function(name, gil))
    return found


class _Functions:
    """C functions as attributes, which CPython finds three times as fast as those of a SimpleNamespace."""


_status_text = function("apisig_status_text")
_mistake_text = function("apisig_mistake_text")
_STATUSES = frozenset(Status)
_encode = str.encode
_ARGUMENT = int(Status.ARGUMENT)


def status_text(status: int) -> str:
    """Return what a status means, and what to do about it."""
    return bytes.decode(_status_text(status))


def mistake_text(mistake: int) -> str:
    """Return what was done wrong, and what to do instead."""
    return bytes.decode(_mistake_text(mistake))


def is_callers(status: int) -> bool:
    """Return whether a status is a mistake of the caller's own: of -100 and below there is one for each argument."""
    return status == _ARGUMENT or status <= ARGUMENT_HANDLE


def known(status: int) -> Status:
    """Return a number's status. One that only a later library knows is MISMATCH: nothing is verified."""
    if is_callers(status):
        return Status.ARGUMENT
    return Status(status) if status in _STATUSES else Status.MISMATCH


def fail(status: int) -> NoReturn:
    """Raise InvalidArgument for the caller's mistakes, Error for other statuses."""
    raise (InvalidArgument if is_callers(status) else Error)(status_text(status), known(status))


def verified(result: int) -> bool:
    """Return what ``verify`` returns: only a mistake of the caller's own is an exception."""
    if result >= 0:
        return True
    if is_callers(result):
        fail(result)
    return False


def checked(result: int) -> int:
    """Return what ``check`` returns: the result, or an exception with the reason."""
    if result >= 0:
        return result
    if is_callers(result):
        fail(result)
    raise VerificationFailed(status_text(result), known(result))


def text(write: Callable[..., int], *arguments: Any, otherwise: Callable[[int], object] = fail) -> bytes:
    """Return a text of any length.

    write: a C function: it writes to the buffer behind these arguments, and returns the length or the status. If the
    text does not fit, it is called again.
    otherwise: raises the exception for a status: checked() if it is about untrusted input.
    """
    length = 1023
    while True:
        size = length + 1
        out = buffer(size)
        length = write(*arguments, address(out), size)
        if length < 0:
            otherwise(length)
        if length < size:
            return out.raw[:length]


def own(value: String) -> bytes:
    """Return a string of the caller's own."""
    if isinstance(value, str):
        try:
            return _encode(value)
        except UnicodeEncodeError:
            pass
        # Raised out here, since that exception has the whole string, which may be a secret.
        raise InvalidArgument("A text is not Unicode: it has a lone surrogate.", Status.ARGUMENT)
    if type(value) is bytes:
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        # Also a subclass of bytes, whose len() may say anything.
        return memoryview(value).tobytes()
    raise TypeError(f"text or bytes are expected, not {type(value).__name__}")


def presented(value: Presented) -> bytes:
    """Return a string of untrusted input: text that is not even Unicode becomes bytes that match nothing."""
    if isinstance(value, str):
        try:
            return _encode(value)
        except UnicodeEncodeError:
            return _encode(value, "utf-8", "surrogatepass")
    if type(value) is bytes:
        return value
    # What is no text, such as a list of a JSON body, is as good as missing.
    return own(value) if isinstance(value, (bytes, bytearray, memoryview)) else b""


def received(body: String) -> bytes:
    """Return a body as it was received. Raises TypeError for what is no text or bytes, such as a parsed copy of it."""
    if type(body) is bytes:
        return body
    if isinstance(body, TEXT):
        return presented(body)
    raise TypeError(f"the text or bytes that were received are expected, not {type(body).__name__}")


def flat(*strings: bytes) -> list[bytes | int]:
    """Return each string and its length, as C takes them."""
    return [part for string in strings for part in (string, len(string))]


def owned(*strings: String) -> list[bytes | int]:
    """Return strings of the caller's own as C takes them."""
    return flat(*map(own, strings))


def int64(name: str, value: int) -> int:
    """Return the value of this argument: ctypes would cut off what does not fit."""
    if type(value) is not int and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"{name} is {type(value).__name__}, not an integer")
    if not -(2**63) <= value < 2**63:
        raise InvalidArgument(f"{name} does not fit into 64 bits.", Status.ARGUMENT)
    return value


def clock() -> float:
    """Return Unix seconds, as everything here that asks for the time: apisig.testing.FixedClock stops it."""
    return _clock()


def unix_time(now: Now) -> int:
    """Return a time: the clock's if None."""
    if now is None:
        return floor(_clock())
    if isinstance(now, float):
        if not isfinite(now):
            fail(ARGUMENT_TIME)
        now = floor(now)
    return int64("now", now)

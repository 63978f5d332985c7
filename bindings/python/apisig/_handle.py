"""What the classes of all vendors share: a handle that holds the secrets, and shows and gives away none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable, NoReturn

from . import _native
from ._errors import Status
from ._native import String


class Handle:
    """A handle of the native library."""

    __slots__ = ("_handle",)

    _handle: Any
    _new: Callable[..., Any]
    _add_secret: Callable[..., bool]
    _free: Callable[..., None]

    def __init_subclass__(cls, vendor: str) -> None:
        cls._new = _native.function(f"apisig_{vendor}_new")
        cls._add_secret = _native.function(f"apisig_{vendor}_add_secret")
        cls._free = _native.function(f"apisig_{vendor}_free")

    def __init__(self, secret: String, previous_secrets: Iterable[String] = ()) -> None:
        """Take the secrets.

        secret: the vendor's secret, as text: any bytes, not empty.
        previous_secrets: up to three more, which checks still accept; signing never uses them.

        Raises InvalidArgument if a secret is empty or too long, or there are too many.
        """
        if isinstance(previous_secrets, (str, bytes, bytearray, memoryview)):
            raise TypeError("previous_secrets is a list of secrets, not one")
        if hasattr(self, "_handle"):
            raise TypeError("an object takes its secrets once")
        secret = _native.own(secret)
        why = _native.Int32()
        handle = type(self)._new(secret, len(secret), _native.address(why))
        if handle is None:
            _native.fail(why.value)
        self._handle = _native.HANDLE(handle)
        for previous in map(_native.own, previous_secrets):
            if not type(self)._add_secret(self._handle, previous, len(previous), None):
                _native.fail(Status.ARGUMENT)

    def __del__(self) -> None:
        # What still calls this object afterwards, as destructors of others may, is told that there is no handle.
        handle = getattr(self, "_handle", None)
        self._handle = None
        type(self)._free(handle)

    def __repr__(self) -> str:
        return f"<apisig.{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a secret and cannot be copied or pickled")

"""What the classes of all vendors share: a handle that has the secrets, and shows and gives away none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any, NoReturn

from . import _native
from ._errors import without_frames
from ._native import String


class Handle:
    """A handle of the native library."""

    __slots__ = ("_handle",)

    _handle: Any
    _functions: Any

    def __init_subclass__(cls, functions: Any) -> None:
        cls._functions = functions
        for name, method in list(vars(cls).items()):
            if isinstance(method, staticmethod) and {"secret", "password"} & set(signature(method.__func__).parameters):
                setattr(cls, name, staticmethod(without_frames(method.__func__)))

    @without_frames
    def __init__(self, secret: String, previous_secrets: Iterable[String] = ()) -> None:
        """Make an object of the secrets.

        secret: the vendor's secret, as text: any bytes, not empty.
        previous_secrets: up to three more, which checks still accept; signing never uses them.

        Raises InvalidArgument if a secret is empty or too long, or there are too many.
        """
        if isinstance(previous_secrets, (*_native.TEXT, Mapping)):
            raise TypeError("previous_secrets is a list of secrets, not one, and not a dict")
        if hasattr(self, "_handle"):
            raise TypeError("an object takes its secrets once")
        status = self._take(secret, previous_secrets)
        if status != 0:
            _native.fail(status)

    def _take(self, secret: String, previous_secrets: Iterable[String]) -> int:
        """Return 0, or why a secret is refused."""
        why = _native.Int32()
        made = self._functions.new(*_native.owned(secret), _native.address(why))
        if made is None:
            return why.value
        self._handle = _native.handle(made)
        for previous in previous_secrets:
            if not self._functions.add_secret(self._handle, *_native.owned(previous), _native.address(why)):
                return why.value
        return 0

    def __del__(self) -> None:
        # What still calls this object afterwards, as destructors of others may, is told that there is no handle.
        handle = getattr(self, "_handle", None)
        self._handle = None
        self._functions.free(handle)

    def __repr__(self) -> str:
        return f"<apisig.{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has a secret and cannot be copied or pickled")

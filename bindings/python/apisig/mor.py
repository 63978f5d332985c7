"""Kolmisoft MOR API: the hash that goes with every request.

Nothing shows where one value ends: "123" and "456" have the hash of "1234" and "56".
Source: the vendor's page "MOR API hash construction".
"""

from __future__ import annotations

from . import _native
from ._native import Bytes

_sign = _native.function("apisig_mor_sign", _native.LENGTH, _native.HANDLE, _native.STRING, _native.OUT)
_verify = _native.function(
    "apisig_mor_verify", _native.BOOL, _native.HANDLE, _native.STRING, _native.STRING, _native.WHY
)


class Mor(_native.Room, room="mor"):
    """A MOR server, by its API secret key of at most 1024 bytes."""

    __slots__ = ()

    def sign(self, *values: Bytes | int) -> str:
        """Make the hash of a request.

        values: the parameters' values in their right order, not URL-encoded.

        Returns the parameter ``hash``: 40 hex digits.
        """
        joined = _join(values)
        out = _native.places.out
        return _native.text(_sign(self._handle, joined, len(joined), out, 256), out)

    def verify(self, hash: Bytes, *values: Bytes | int) -> bool:
        """Answer whether a hash is the one of these values. Its hex may be of either case."""
        return _native.verdict(self._holds(hash, values))

    def check(self, hash: Bytes, *values: Bytes | int) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        return _native.index(self._holds(hash, values))

    def _holds(self, presented_hash: Bytes, values: tuple[Bytes | int, ...]) -> bool:
        presented_hash, joined = _native.presented(presented_hash), _join(values)
        holds: bool = _verify(
            self._handle, joined, len(joined), presented_hash, len(presented_hash), _native.places.why
        )
        return holds


def _join(values: tuple[Bytes | int, ...]) -> bytes:
    return b"".join([_value(value) for value in values])


def _value(value: Bytes | int) -> bytes:
    if isinstance(value, int):
        # int64() refuses True and False, which are no values of MOR.
        return b"%d" % _native.int64(value)
    return _native.presented(value)

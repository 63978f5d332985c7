"""Kolmisoft MOR API: the hash that goes with every request.

Nothing shows where one value ends: "123" and "456" have the hash of "1234" and "56".
Source: the vendor's page "MOR API hash construction".
"""

from __future__ import annotations

from typing import Callable, final

from . import _native
from ._errors import Status
from ._native import SIZE, Int32, Presented, String, address, checked, fail, own, place, presented
from ._room import Room

_sign = _native.function("apisig_mor_sign", _native.TEXT, _native.HANDLE, _native.STRING, _native.OUT)
_verify = _native.function(
    "apisig_mor_verify", _native.BOOL, _native.HANDLE, _native.STRING, _native.STRING, _native.ADDRESS
)


@final
class Mor(Room, room="mor"):
    """A MOR server, by its API secret key of at most 1024 bytes."""

    __slots__ = ()

    def sign(self, *values: String | int) -> str:
        """Make the hash of a request.

        values: the parameters' values in their right order, not URL-encoded.

        Returns the parameter ``hash``: 40 hex digits.
        """
        joined = _join(values, own)
        made = _sign(self._handle, joined, len(joined), place.address, SIZE)
        return bytes.decode(made) if made else fail(Status.ARGUMENT)

    def verify(self, hash: Presented, *values: String | int) -> bool:
        """Answer whether a hash, which comes first, is the one of these values. Its hex may be of either case."""
        return self._holds(hash, values, None)

    def check(self, hash: Presented, *values: String | int) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        why = Int32()
        return checked(self._holds(hash, values, address(why)), why, why)

    def _holds(self, presented_hash: Presented, values: tuple[String | int, ...], why: int | None) -> bool:
        joined, presented_hash = _join(values, presented), presented(presented_hash)
        holds: bool = _verify(self._handle, joined, len(joined), presented_hash, len(presented_hash), why)
        return holds


def _join(values: tuple[String | int, ...], take: Callable[[String], bytes]) -> bytes:
    return b"".join([b"%d" % value if type(value) is int else take(value) for value in values])  # type: ignore[arg-type]

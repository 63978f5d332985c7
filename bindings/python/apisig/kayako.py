"""Kayako REST API: a salt and its signature go with every request.

The signature covers the salt alone: neither the API key nor the rest of the request, and it never expires.
Source: the vendor's page on generating an API signature.
"""

from __future__ import annotations

from typing import final

from . import _native
from ._errors import Status
from ._native import SIZE, Int32, Presented, String, address, checked, fail, own, place, presented
from ._room import Room

_salt = _native.function("apisig_kayako_salt", _native.TEXT, _native.OUT)
_sign = _native.function("apisig_kayako_sign", _native.TEXT, _native.HANDLE, _native.STRING, _native.OUT)
_verify = _native.function(
    "apisig_kayako_verify", _native.BOOL, _native.HANDLE, _native.STRING, _native.STRING, _native.ADDRESS
)


@final
class Kayako(Room, room="kayako"):
    """A helpdesk, by its secret key: text, not decoded although it looks like base64."""

    __slots__ = ()

    @staticmethod
    def salt() -> str:
        """Make a fresh salt: 16 random bytes as 32 hex digits. Use each one once."""
        salt = _salt(place.address, SIZE)
        return bytes.decode(salt) if salt else fail(Status.RANDOM)

    def sign(self, salt: String) -> str:
        """Sign a salt.

        salt: what is sent as ``salt``, not URL-encoded; not empty and not "0".

        Returns the parameter ``signature``: base64, 44 characters, not URL-encoded. Encode it once, together with the
        other parameters: urllib.parse.urlencode() does. Raises InvalidArgument.
        """
        salt = own(salt)
        signature = _sign(self._handle, salt, len(salt), place.address, SIZE)
        return bytes.decode(signature) if signature else fail(Status.ARGUMENT)

    def verify(self, salt: Presented, signature: Presented) -> bool:
        """Answer whether a signature is the salt's. Both as received, URL-decoded once."""
        salt, signature = presented(salt), presented(signature)
        holds: bool = _verify(self._handle, salt, len(salt), signature, len(signature), None)
        return holds

    def check(self, salt: Presented, signature: Presented) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        salt, signature = presented(salt), presented(signature)
        why = Int32()
        return checked(_verify(self._handle, salt, len(salt), signature, len(signature), address(why)), why, why)

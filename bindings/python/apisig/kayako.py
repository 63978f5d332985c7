"""Kayako REST API: a salt and its signature go with every request.

The signature covers the salt alone: neither the API key nor the rest of the request, and for all time.
Source: the vendor's page on generating an API signature.
"""

from __future__ import annotations

from . import _native
from ._native import Bytes

_salt = _native.function("apisig_kayako_salt", _native.LENGTH, *_native.OUT)
_sign = _native.function("apisig_kayako_sign", _native.LENGTH, _native.HANDLE, _native.STRING, _native.OUT)
_verify = _native.function(
    "apisig_kayako_verify", _native.BOOL, _native.HANDLE, _native.STRING, _native.STRING, _native.WHY
)


class Kayako(_native.Room, room="kayako"):
    """A helpdesk, by its secret key: text, not decoded although it looks like base64."""

    __slots__ = ()

    @staticmethod
    def salt() -> str:
        """Make a fresh salt: 16 random bytes as 32 hex digits. Use each one once."""
        out = _native.places.out
        return _native.text(_salt(out, 256), out)

    def sign(self, salt: Bytes) -> str:
        """Sign a salt.

        salt: what is sent as ``salt``, not URL-encoded; not empty and not "0".

        Returns the parameter ``signature``: base64, 44 characters, not URL-encoded. Encode it once, together with the
        other parameters: urllib.parse.urlencode() does. Raises InvalidArgument.
        """
        salt = _native.own(salt)
        out = _native.places.out
        return _native.text(_sign(self._handle, salt, len(salt), out, 256), out)

    def verify(self, salt: Bytes, signature: Bytes) -> bool:
        """Answer whether a signature is the salt's. Both as received, URL-decoded once."""
        return _native.verdict(self._holds(salt, signature))

    def check(self, salt: Bytes, signature: Bytes) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        return _native.index(self._holds(salt, signature))

    def _holds(self, salt: Bytes, signature: Bytes) -> bool:
        salt, signature = _native.presented(salt), _native.presented(signature)
        holds: bool = _verify(self._handle, salt, len(salt), signature, len(signature), _native.places.why)
        return holds

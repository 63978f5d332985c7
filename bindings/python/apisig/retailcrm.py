"""RetailCRM (Simla) simple connection: the token of a register request.

The token covers the API key alone: not the system URL that is sent beside it, and for all time.
Source: the vendor's page "The procedure of simple connection of the module".
"""

from __future__ import annotations

from . import _native
from ._native import Bytes

_sign = _native.function("apisig_retailcrm_sign", _native.LENGTH, _native.HANDLE, _native.STRING, _native.OUT)
_verify = _native.function(
    "apisig_retailcrm_verify", _native.BOOL, _native.HANDLE, _native.STRING, _native.STRING, _native.WHY
)


class RetailCrm(_native.Room, room="retailcrm"):
    """A module, by its secret string from the partner account."""

    __slots__ = ()

    def sign(self, api_key: Bytes) -> str:
        """Make the token of an API key: 64 hex digits. Raises InvalidArgument if the API key is empty."""
        api_key = _native.own(api_key)
        out = _native.places.out
        return _native.text(_sign(self._handle, api_key, len(api_key), out, 256), out)

    def verify(self, api_key: Bytes, token: Bytes) -> bool:
        """Answer whether a token is the API key's. The token's hex may be of either case."""
        return _native.verdict(self._holds(api_key, token))

    def check(self, api_key: Bytes, token: Bytes) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        return _native.index(self._holds(api_key, token))

    def _holds(self, api_key: Bytes, token: Bytes) -> bool:
        api_key, token = _native.presented(api_key), _native.presented(token)
        holds: bool = _verify(self._handle, api_key, len(api_key), token, len(token), _native.places.why)
        return holds

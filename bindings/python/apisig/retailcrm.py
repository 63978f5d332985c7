"""RetailCRM (Simla) simple connection: the register request and its token, and the answers of a module.

The token covers the API key alone: not the system URL that is sent beside it, and it never expires.
Source: the vendor's page "The procedure of simple connection of the module".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable, final
from urllib.parse import urlencode

from . import _native
from ._errors import Status
from ._handle import Handle
from ._messages import Request, Response
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Int32, Presented, String, address, checked, fail, flat, own, place, presented
from ._retailcrm_form import Form
from .replay import ReplayId, replay_id

_sign = _native.function("apisig_retailcrm_sign")
_verify = _native.function("apisig_retailcrm_verify")
_register = _native.function("apisig_retailcrm_register")
_config = _native.function("apisig_retailcrm_config")
_registered = _native.function("apisig_retailcrm_registered")
_failed = _native.function("apisig_retailcrm_failed")
_accepted = _native.function("apisig_retailcrm_accepted")
_edit_url = _native.function("apisig_retailcrm_edit_url")
_diagnose = _native.function("apisig_retailcrm_diagnose")
_explain = _native.function("apisig_retailcrm_explain")

# apisig_retailcrm_registration: two strings, each with its NUL.
_API_KEY_SIZE, _SYSTEM_URL_SIZE = 256, 262
_Registration: Any = _native.Out._type_ * (_API_KEY_SIZE + _SYSTEM_URL_SIZE)


@final
@dataclass(frozen=True)
class RetailCrmRegistration:
    """What a register request brings. Whoever has the API key may use the account: keep it as a password."""

    api_key: str = field(repr=False)
    """What the module shows the system in its own requests."""
    system_url: str
    """Such as "https://demo.retailcrm.ru": in lower case, without a slash behind it."""


@final
@dataclass(frozen=True)
class RetailCrmActivity:
    """What a system says about a module's activity. Nothing signs it."""

    active: bool
    """Whether the module is switched on."""
    freeze: bool
    """Whether the account is frozen."""
    client_id: str
    """What the module called the account when it registered itself."""
    system_url: str
    """As it was sent: send nothing there."""


@final
class RetailCrm(Handle, vendor="retailcrm"):
    """A module, by its secret string from the partner account."""

    __slots__ = ()

    def sign(self, api_key: String) -> str:
        """Make the token of an API key: 64 hex digits. Raises InvalidArgument if the API key is empty."""
        api_key = own(api_key)
        token = _sign(self._handle, api_key, len(api_key), place.address, SIZE)
        return bytes.decode(token) if token else fail(Status.ARGUMENT)

    def verify(self, api_key: Presented, token: Presented) -> bool:
        """Answer whether a token is the API key's. The token's hex may be of either case."""
        api_key, token = presented(api_key), presented(token)
        holds: bool = _verify(self._handle, api_key, len(api_key), token, len(token), None)
        return holds

    def check(self, api_key: Presented, token: Presented) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        api_key, token = presented(api_key), presented(token)
        why = Int32()
        return checked(_verify(self._handle, api_key, len(api_key), token, len(token), address(why)), why, why)

    @staticmethod
    def replay_id(token: Presented) -> ReplayId:
        """Give what a ReplayGuard remembers of a token that verify() let in.

        An API key always has the same token: a second honest connection is refused as well, so forget() the id when a
        module is disconnected.
        """
        return replay_id("retailcrm", token, any_case=True)

    def register(self, form: Presented, hosts: Iterable[String]) -> RetailCrmRegistration:
        """Check a register request, and give what it brings.

        Without a list of hosts, whoever saw one register request can send it again with a URL of his own, and receives
        what the module sends there: the API key.

        form: the raw body, up to 64 KiB, with one field register of JSON, or the fields register[token],
        register[apiKey] and register[systemUrl].
        hosts: the hosts that the system URL may have, such as ["retailcrm.ru", "simla.com"]: the host itself or any
        below it; IDN in punycode; an IPv4 address or a name without a dot must be listed itself. An empty list allows
        any name that has a dot.

        Raises VerificationFailed with the status MALFORMED: it cannot be read; MISMATCH: the token is wrong; URL: the
        token is right, but the system URL is not https:// and an allowed host alone. Raises InvalidArgument if an entry
        of hosts cannot be a host.
        """
        strings = flat(presented(form), _list(hosts))
        why, out = Int32(), _Registration()
        checked(_register(self._handle, *strings, address(out), address(why)), why, why)
        api_key, system_url = out[:_API_KEY_SIZE], out[_API_KEY_SIZE:]
        return RetailCrmRegistration(*(text.split(b"\0", 1)[0].decode() for text in (api_key, system_url)))

    @staticmethod
    def config(scopes: Iterable[String], register_url: String) -> Response:
        """Make the answer to a configuration request.

        scopes: the rights that the module asks for, such as "order_read": lower-case letters and "_".
        register_url: where the system sends the register request: an absolute https URL.

        Raises InvalidArgument if a scope or the URL is another.
        """
        return _answer(_config, _list(scopes), register_url)

    @staticmethod
    def registered(account_url: String) -> Response:
        """Make the answer to a register request that succeeded.

        account_url: where the user is sent next, with his clientId: an absolute https URL.

        Raises InvalidArgument if the URL is another.
        """
        return _answer(_registered, account_url)

    @staticmethod
    def failed(message: String) -> Response:
        """Make the answer to a request that failed. Its HTTP status is 200, or the user reads nothing.

        message: what the user reads in the module's card, in UTF-8. Raises InvalidArgument if it is not UTF-8.
        """
        return _answer(_failed, message)

    @staticmethod
    def accepted() -> Response:
        """Make the answer to a request that asks for nothing else, such as the one that tells of activity."""
        return _json(_accepted())

    @staticmethod
    def edit(registration: RetailCrmRegistration, code: String, module: Mapping[str, Any]) -> Request:
        """Make the request by which a module registers itself, or changes its settings later.

        The API key is in its headers: keep them out of logs. Follow no redirect.

        code: the module's code: letters, digits, "-" and "_".
        module: the fields of integrationModule, such as clientId, baseUrl, accountUrl and actions; its code is `code`.

        Raises InvalidArgument if the code or the registration's system URL is another, or its API key no header;
        TypeError or ValueError if module holds no value of JSON.
        """
        if not re.fullmatch("[!-~]+", registration.api_key):
            fail(Status.ARGUMENT)
        url = _native.text_of(_edit_url, registration.system_url, code)
        name = {"code": own(code).decode()}
        fields = name | dict(module) | name
        value = own(json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
        headers = {"X-API-KEY": registration.api_key, "Content-Type": "application/x-www-form-urlencoded"}
        return Request("POST", url.decode(), headers, urlencode({"integrationModule": value}).encode())

    @staticmethod
    def activity(form: Presented) -> RetailCrmActivity:
        """Read the request that tells of a module's activity.

        Nothing signs it: whoever knows a clientId can send it. Look the clientId up; the system URL is for the eye
        alone.

        form: the raw body, up to 64 KiB. Raises VerificationFailed with the status MALFORMED if it cannot be read.
        """
        fields = Form(form)
        active, freeze = fields.booleans("activity", "active", "freeze")
        return RetailCrmActivity(active, freeze, fields.text("clientId"), fields.text("systemUrl"))

    @staticmethod
    def client_id(form: Presented) -> str:
        """Read the clientId that a user brings to the accountUrl.

        Nothing signs it, and it is all that he shows: give each account a long random one, and look it up.

        form: the raw body, up to 64 KiB. Raises VerificationFailed with the status MALFORMED if it cannot be read.
        """
        return Form(form).text("clientId")

    @staticmethod
    def diagnose(secret: String, api_key: Presented, token: Presented) -> Diagnosis:
        """Name the mistake that makes a token, where check() failed with the status MISMATCH.

            failed.diagnosis = RetailCrm.diagnose(secret, api_key, token)

        For whoever holds the secret: keep it out of every answer. One mistake is looked for, and not two at a time. A
        token in upper case is one, although verify() takes it: the vendor's own client does not.

        secret: the one of the module that should have signed, up to 1024 bytes.
        api_key: as received, up to 1024 bytes; of longer ones no other spelling is tried.

        Raises InvalidArgument if the secret is empty.
        """
        return diagnosis(_diagnose(*flat(own(secret), presented(api_key), presented(token))))

    @staticmethod
    def explain(secret: String, api_key: String) -> str:
        """Explain the token of an API key in English.

        A line for each step, and one for everything that is seldom meant, such as a line feed at the end of the secret.
        Secret and API key show their length and 8 digits of their SHA-256 alone, but the token is in it: for whoever
        holds the secret.

        Raises InvalidArgument if the secret or the API key is empty.
        """
        return _native.text_of(_explain, secret, api_key).decode()


def _answer(make: Callable[..., Any], *strings: String) -> Response:
    return _json(_native.text_of(make, *strings))


def _json(body: bytes) -> Response:
    return Response(200, {"Content-Type": "application/json"}, body)


def _list(entries: Iterable[String]) -> bytes:
    """Take entries as the library takes them. [""], which "".split(",") gives, must not become an empty list."""
    if isinstance(entries, (str, bytes, bytearray, memoryview)):
        raise TypeError("a list is expected, not one entry")
    taken = [own(entry) for entry in entries]
    return b",".join(taken) if all(taken) else fail(Status.ARGUMENT)

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
from urllib.parse import parse_qsl

from . import _abi, _native
from ._errors import InvalidArgument, Status
from ._handle import Handle
from ._messages import FORM, Request, Response, encoded
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Presented, String, checked, fail, flat, own, owned, place, presented, verified
from ._payload import decoded
from .replay import ReplayId, replay_id

_c = _native.functions("retailcrm")


@final
@dataclass(frozen=True)
class RetailCrmRegistration:
    """What a register request brings. The API key gives access to the account: keep it as a password."""

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
    """As it was sent, empty if it was not: send nothing there."""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """All fields of the form, with the JSON of ``activity`` decoded."""


@final
class RetailCrm(Handle, functions=_c):
    """A module, by its secret string from the partner account."""

    __slots__ = ()

    def sign(self, api_key: String) -> str:
        """Return the token of an API key: 64 hex digits. Raises InvalidArgument if the API key is empty."""
        api_key = own(api_key)
        token = _c.sign(self._handle, api_key, len(api_key), place.address, SIZE)
        return bytes.decode(token) if token else fail(_abi.ARGUMENT_API_KEY if self._handle else _abi.ARGUMENT_HANDLE)

    def verify(self, api_key: Presented, token: Presented) -> bool:
        """Return whether a token is the API key's. The token's hex is case-insensitive."""
        api_key, token = presented(api_key), presented(token)
        found: int = _c.check(self._handle, api_key, len(api_key), token, len(token))
        return found >= 0 or verified(found)

    def check(self, api_key: Presented, token: Presented) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify().
        """
        api_key, token = presented(api_key), presented(token)
        return checked(_c.check(self._handle, api_key, len(api_key), token, len(token)))

    @staticmethod
    def replay_id(token: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified token.

        An API key always has the same token: a second honest connection is refused as well, so forget() the id when a
        module is disconnected.
        """
        return replay_id("retailcrm", token, any_case=True)

    def register(self, form: Presented, hosts: Iterable[String]) -> RetailCrmRegistration:
        """Return what a verified register request brings.

        Without a list of hosts, anyone who saw one register request can send it again with a URL of their own, and
        receive what the module sends there: the API key.

        form: the raw body, up to 64 KiB, with one field register of JSON, or the fields register[token],
        register[apiKey] and register[systemUrl].
        hosts: the hosts that the system URL may have, such as ["retailcrm.ru", "simla.com"]: the host itself or any
        below it; IDN in punycode; an IPv4 address or a name without a dot must be listed itself. An empty list allows
        any name that has a dot.

        Raises VerificationFailed with the status MALFORMED: it cannot be read; MISMATCH: the token is wrong; URL: the
        token is right, but the system URL is not https:// and an allowed host alone. Raises InvalidArgument if an entry
        of hosts cannot be a host.
        """
        out = _native.buffer(_abi.RETAILCRM_API_KEY_SIZE + _abi.RETAILCRM_SYSTEM_URL_SIZE)
        strings = flat(presented(form), _list(hosts, _abi.ARGUMENT_HOSTS))
        checked(_c.check_register(self._handle, *strings, _native.address(out)))
        # apisig_retailcrm_registration: two strings, each with its NUL.
        texts = out.raw[: _abi.RETAILCRM_API_KEY_SIZE], out.raw[_abi.RETAILCRM_API_KEY_SIZE :]
        return RetailCrmRegistration(*(text.split(b"\0", 1)[0].decode() for text in texts))

    @staticmethod
    def config(scopes: Iterable[String], register_url: String) -> Response:
        """Return the answer to a configuration request.

        scopes: the rights that the module asks for, such as "order_read": lower-case letters and "_".
        register_url: where the system sends the register request: an absolute https URL.

        Raises InvalidArgument if a scope or the URL is another.
        """
        return _answer(_c.config, _list(scopes, _abi.ARGUMENT_SCOPES), register_url)

    @staticmethod
    def registered(account_url: String) -> Response:
        """Return the answer to a register request that succeeded.

        account_url: where the user is sent next, with the clientId: an absolute https URL.

        Raises InvalidArgument if the URL is another.
        """
        return _answer(_c.registered, account_url)

    @staticmethod
    def failed(message: String) -> Response:
        """Return the answer to a request that failed. Its HTTP status is 200, or the user reads nothing.

        message: what the user reads in the module's card, in UTF-8. Raises InvalidArgument if it is not UTF-8.
        """
        return _answer(_c.failed, message)

    @staticmethod
    def accepted() -> Response:
        """Return the answer to a request that asks for nothing else, such as the one that tells of activity."""
        return _json(_c.accepted())

    @staticmethod
    def edit(registration: RetailCrmRegistration, code: String, module: Mapping[str, Any]) -> Request:
        """Return the request by which a module registers itself, or changes its settings later.

        The API key is in its headers: keep them out of logs. Follow no redirect.

        code: the module's code: letters, digits, "-" and "_".
        module: the fields of integrationModule, such as clientId, baseUrl, accountUrl and actions; its code is `code`.

        Raises InvalidArgument if the code or the registration's system URL is another, or its API key no header;
        TypeError or ValueError if module has what JSON does not.
        """
        if not re.fullmatch("[!-~]+", registration.api_key):
            raise InvalidArgument(
                "The API key is empty, or has a character that is not visible ASCII.", Status.ARGUMENT
            )
        url = _native.text(_c.edit_url, *owned(registration.system_url, code))
        name = {"code": own(code).decode()}
        fields = name | dict(module) | name
        value = own(json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
        headers = {"X-API-KEY": registration.api_key, "Content-Type": FORM}
        return Request("POST", url.decode(), headers, encoded([(b"integrationModule", value)]))

    @staticmethod
    def activity(form: Presented) -> RetailCrmActivity:
        """Return what the request that tells of a module's activity says.

        Nothing signs it: anyone who knows a clientId can send it. Look the clientId up; the system URL is
        informational.

        form: the raw body, up to 64 KiB. Raises VerificationFailed with the status MALFORMED if it cannot be read.
        """
        form = presented(form)
        active, freeze, client_id, system_url = (
            _native.text(_c.activity, *flat(form), otherwise=checked).decode().split("\n")
        )
        return RetailCrmActivity(active == "true", freeze == "true", client_id, system_url, _fields(form))

    @staticmethod
    def client_id(form: Presented) -> str:
        """Return the clientId that a user brings to the accountUrl.

        Nothing signs it, and the user shows nothing else: give each account a long random one, and look it up.

        form: the raw body, up to 64 KiB. Raises VerificationFailed with the status MALFORMED if it cannot be read.
        """
        return _native.text(_c.client_id, *flat(presented(form)), otherwise=checked).decode()

    @staticmethod
    def diagnose(secret: String, api_key: Presented, token: Presented) -> Diagnosis:
        """Return the mistake that makes a token a wrong one, where check() failed with the status MISMATCH.

            failed.diagnosis = RetailCrm.diagnose(secret, api_key, token)

        It is for your log, never for the sender, who would learn how to sign. A token in upper
        case is a mistake, although verify() accepts it: the vendor's own client does not.

        secret: the one of the module that should have signed.
        api_key: as received.

        Raises InvalidArgument if the secret is empty.
        """
        return diagnosis(_c.diagnosis, *flat(own(secret), presented(api_key), presented(token)))

    @staticmethod
    def explain(secret: String, api_key: String) -> str:
        """Return how the token of an API key is made, a step a line.

        Warnings follow, such as of a trailing newline in the secret. Secret and API key show their length and 8 digits
        of their SHA-256 alone, but the token is in it: keep the text out of logs that others read.

        Raises InvalidArgument if the secret or the API key is empty.
        """
        return _native.text(_c.explain, *owned(secret, api_key)).decode()


def _fields(form: bytes) -> dict[str, Any]:
    """Return the fields of an activity, which the library has read: it is neither too long nor has too many of them."""
    fields: dict[str, Any] = dict(parse_qsl(form.decode(errors="replace"), keep_blank_values=True))
    if "activity" in fields:
        return {**fields, "activity": decoded(fields["activity"].encode())}
    within = {name: name[len("activity[") : -1] for name in fields if re.fullmatch(r"activity\[[^]]*\]", name)}
    activity = {own_name: fields[name] for name, own_name in within.items()}
    return {"activity": activity, **{name: value for name, value in fields.items() if name not in within}}


def _answer(make: Callable[..., Any], *strings: String) -> Response:
    return _json(_native.text(make, *owned(*strings)))


def _json(body: bytes) -> Response:
    return Response(200, {"Content-Type": "application/json"}, body)


def _list(entries: Iterable[String], mistake: int) -> bytes:
    """Return entries as the library takes them. [""], which "".split(",") makes, must not become an empty list."""
    if isinstance(entries, _native.TEXT):
        raise TypeError("a list is expected, not one entry")
    taken = [own(entry) for entry in entries]
    return b",".join(taken) if all(taken) else fail(mistake)

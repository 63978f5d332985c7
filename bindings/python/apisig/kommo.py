"""Kommo (amoCRM) Chat API: the four headers of a request, webhooks, and what connects a channel.

The signature of a request covers method, path, body, Content-Type and Date; not the host and not the query. That of a
webhook covers its body alone.
Source: the vendor's page "Connecting chat channel".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, final

from . import _native
from ._abi import ARGUMENT_HANDLE, ARGUMENT_TOLERANCE, KOMMO_TOLERANCE
from ._errors import Error, RequestRefused
from ._handle import Handle
from ._messages import Request
from ._mistake import Diagnosis, diagnosis
from ._native import (
    SIZE,
    Now,
    Presented,
    String,
    checked,
    flat,
    own,
    owned,
    place,
    presented,
    received,
    unix_time,
    verified,
)
from ._payload import decoded
from .kommo_webhook import KommoWebhook
from .replay import ReplayId, replay_id

Headers = Mapping[Any, Any]
"""Names in any case to values, each a string or a list of one."""

_c = _native.functions("kommo")
_without_gil = _native.functions("kommo", gil=False)
_SIGNED = (b"content-md5", b"content-type", b"date")


class KommoConnection(NamedTuple):
    """A channel that is connected to an account: what the vendor answered."""

    account_id: str
    """The account's amojo_id."""
    scope_id: str
    """The channel's id in this account: keep it, it is in the path of every other request."""
    title: str
    """The channel's name."""
    hook_api_version: str
    """The form of the webhooks: "v1" or "v2"."""


@final
class Kommo(Handle, functions=_c):
    """A channel, by its secret: text, its 40 hex digits are not decoded."""

    __slots__ = ()

    HOST = "amojo.kommo.com"
    """Where requests go. For amoCRM it is amojo.amocrm.ru (not part of the documentation)."""

    TOLERANCE = KOMMO_TOLERANCE
    """For how many seconds a signature is valid, before and after its Date: 15 minutes."""

    def sign(self, method: String, url: String, body: String = b"", now: Now = None) -> dict[str, str]:
        """Return the headers of a request: Date, Content-Type, Content-MD5 and X-Signature.

        method: not empty, in any case; it is signed in upper case.
        url: a whole URL with its scheme, or a path that starts with "/", percent-encoded as it is sent; only the path
        is signed.
        body: the raw bytes, sent just as they are here; empty for GET.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument if now is out of range, method is empty or has a control character, url is neither of
        these or has a space, a control character or what is not ASCII, or clients send its path otherwise: it has dot
        segments, "/../", starts with two slashes, or is not in RFC 3986's normal form: "/{a}", "/%41", "/%c3".
        """
        method, url, body, time, out = own(method), own(url), own(body), unix_time(now), place.address
        lines = _functions_for(body).sign_lines(
            self._handle, method, len(method), url, len(url), body, len(body), time, out, SIZE
        )
        if lines is None:
            # The same, with the status as its result.
            _native.fail(_c.sign(self._handle, *flat(method, url, body), time, out))
        date, content_md5, signature = lines.decode().split("\n")
        return {
            "Date": date,
            "Content-Type": "application/json",
            "Content-MD5": content_md5,
            "X-Signature": signature,
        }

    def sign_digest(self, method: String, url: String, content_md5: String, content_type: String, date: String) -> str:
        """Return X-Signature, 40 hex digits, of header values as they are given, and of the path.

        content_md5, content_type, date: the values of the headers, byte for byte as they are sent; a missing header
        is "".

        Raises InvalidArgument.
        """
        strings = owned(method, url, content_md5, content_type, date)
        signature = _c.sign_digest(self._handle, *strings, place.address, SIZE)
        if signature is None:
            # It refuses the same arguments, with the status.
            _native.text(_c.string_to_sign, *strings)
            _native.fail(ARGUMENT_HANDLE)
        return bytes.decode(signature)

    @staticmethod
    def string_to_sign(method: String, url: String, content_md5: String, content_type: String, date: String) -> bytes:
        r"""Return what sign_digest() signs: method, Content-MD5, Content-Type, Date and path, with "\n" between them.

        Raises InvalidArgument.
        """
        return _native.text(_c.string_to_sign, *owned(method, url, content_md5, content_type, date))

    def verify(
        self, method: String, url: String, body: String, headers: Headers, now: Now = None, tolerance: int = TOLERANCE
    ) -> bool:
        """Return whether a request is signed with the secret, has the body that was signed, and is of this time.

        The webhooks that Kommo sends are signed in another way: see verify_webhook().

        method, url, body: as received. The url is the raw one, which frameworks decode (in WSGI look for RAW_URI or
        REQUEST_URI); the body is the raw bytes, not a parsed and re-encoded copy.
        headers: as received, names in any case, a value a string or a list of one.
        now: Unix seconds; the clock's if None.
        tolerance: for how many seconds a signature is valid, before and after its Date, 0 or more. Within them the
        same request can come again.

        Raises InvalidArgument if now or tolerance is out of range; TypeError if body is no text or bytes, such as a
        parsed copy or None; never for what was presented.
        """
        body = received(body)
        strings, times = _presented(method, url, body, headers), _times(now, tolerance)
        return verified(_functions_for(body).check(self._handle, *strings, *times))

    def check(
        self, method: String, url: String, body: String, headers: Headers, now: Now = None, tolerance: int = TOLERANCE
    ) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify().
        """
        body = received(body)
        strings, times = _presented(method, url, body, headers), _times(now, tolerance)
        return checked(_functions_for(body).check(self._handle, *strings, *times))

    @staticmethod
    def replay_id(headers: Headers, tolerance: int) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified request: its signature, as long as it is valid.

        headers: as for verify().
        tolerance: the same as for verify(): with a shorter one the id is forgotten before the signature expires.

        Raises InvalidArgument if tolerance is negative or beyond 64 bits.
        """
        if _native.int64("tolerance", tolerance) < 0:
            _native.fail(ARGUMENT_TOLERANCE)
        # It is valid as long before its Date as after it. A guard remembers no id for so many years.
        seconds = 2 * min(tolerance, 1 << 30) + 1
        return replay_id("kommo", _named(headers, b"x-signature")[0], seconds, any_case=True)

    def sign_webhook(self, body: String) -> str:
        """Return X-Signature, 40 hex digits, of a body alone, every byte of it.

        That is what the vendor does with its webhooks, and what its older API took as X-Signature of a request.
        Source: the vendor's page on webhooks.
        """
        body = own(body)
        signature = _functions_for(body).sign_webhook(self._handle, body, len(body), place.address, SIZE)
        return bytes.decode(signature) if signature else _native.fail(ARGUMENT_HANDLE)

    def verify_webhook(self, body: String, signature: Presented) -> bool:
        """Return whether a webhook comes from Kommo.

        Its signature covers no time: the same one can come again, which the ids in it tell. Only the webhooks of a chat
        channel are signed: JSON, with the header X-Signature. Those of the CRM are forms (account[...], leads[...]) and
        carry no signature. Source: the vendor's page on webhooks.

        body: the raw bytes as received, not a parsed and re-encoded copy; the CR and LF bytes at its end may be signed
        or not, as the vendor sends a line end that it does not sign.
        signature: X-Signature as received.

        Raises TypeError if body is no text or bytes, such as a parsed copy or None.
        """
        strings = flat(body := received(body), presented(signature))
        return verified(_functions_for(body).check_webhook(self._handle, *strings))

    def check_webhook(self, body: String, signature: Presented) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify_webhook().
        """
        strings = flat(body := received(body), presented(signature))
        return checked(_functions_for(body).check_webhook(self._handle, *strings))

    @staticmethod
    def webhook_replay_id(signature: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified webhook: its signature.

        Two webhooks with the same bytes have the same id.
        """
        return replay_id("kommo-webhook", signature, any_case=True)

    @staticmethod
    def webhook(body: Presented) -> KommoWebhook:
        """Return what a verified webhook says. It checks nothing: call verify_webhook() or check_webhook() first.

        body: as received.

        Raises VerificationFailed with the status MALFORMED if it is not a JSON object; never for its fields.
        """
        return KommoWebhook.of(decoded(presented(body)))

    def connect(
        self,
        channel_id: String,
        account_id: String,
        title: String,
        hook_api_version: String = "v2",
        host: String = HOST,
        now: Now = None,
    ) -> Request:
        """Return the request that connects a channel to an account; connected() reads its answer.

        channel_id: as registered by the vendor: letters, digits, "-" and "_".
        account_id: the account's amojo_id: letters, digits, "-" and "_".
        title: the channel's name.
        hook_api_version: the form that webhooks shall have: "v1" or "v2".
        host: or a whole origin, such as "http://127.0.0.1:8080": without TLS for tests only.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument if one of these is of another form.
        """
        url = _native.text(_c.connect_url, *owned(host, channel_id))
        body = _native.text(_c.connect_body, *owned(account_id, title, hook_api_version))
        return self._signed(b"POST", url, body, now)

    def disconnect(self, channel_id: String, account_id: String, host: String = HOST, now: Now = None) -> Request:
        """Return the request that disconnects a channel; accepted() reads its answer.

        The arguments are those of connect(). Source: the vendor's reference of the Chat API.

        Raises InvalidArgument.
        """
        url = _native.text(_c.disconnect_url, *owned(host, channel_id))
        return self._signed(b"DELETE", url, _native.text(_c.disconnect_body, *owned(account_id)), now)

    def request(
        self, method: String, path: String, body: String = b"", host: String = HOST, now: Now = None
    ) -> Request:
        """Return any other request of the Chat API; accepted() reads its answer.

        method: such as "POST", in any case.
        path: such as f"/v2/origin/custom/{scope_id}", with its query, of which nothing is signed. ASCII: what is put
        into it is escaped by urllib.parse.quote(text, safe="").
        body: the raw bytes, such as json.dumps() makes; empty for GET.
        host, now: as for connect().

        Raises InvalidArgument if path does not start with "/", or it or method has what no client sends as it is.
        """
        return self._signed(own(method).upper(), _native.text(_c.url, *owned(host, path)), own(body), now)

    @staticmethod
    def scope_id(channel_id: String, account_id: String) -> str:
        """Return the id of a channel in an account, which connected() returns too.

        It is in the path of every request but those that connect and disconnect. The arguments are those of connect().

        Raises InvalidArgument.
        """
        return _native.text(_c.scope_id, *owned(channel_id, account_id)).decode()

    @staticmethod
    def connected(status: int, body: String) -> KommoConnection:
        """Return what the answer to connect() says.

        status: of HTTP, such as 200.
        body: the answer's.

        Raises RequestRefused if the status is not one of success; Error if what the vendor answers with success is not
        what its page shows.
        """
        Kommo.accepted(status, body)
        return KommoConnection(*(Kommo.answer(body, name) for name in KommoConnection._fields))

    @staticmethod
    def accepted(status: int, body: String) -> bytes:
        """Return the body of an answer, if the request was accepted. Not every one is JSON, or has a body.

        status: of HTTP, such as 200.

        Raises RequestRefused if the status is not 200 to 299.
        """
        if 200 <= status < 300:
            return own(body)
        # The Chat API's own names, and those of the proxy in front of it.
        names = (("error_type", "title"), ("error_description", "detail"))
        raise RequestRefused(status, *(_first_answer(body, *either) for either in names))

    @staticmethod
    def answer(answer: String, name: String) -> str:
        """Return the text of an answer's member that is a string: the answer's own, not one of an object within.

        answer: a JSON object of at most 64 KiB and 32 members, no two of one name.

        Raises Error if it is not like that, or has no such string.
        """
        return _native.text(_c.answer, *owned(answer, name)).decode()

    @staticmethod
    def diagnose(
        secret: String,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: Now = None,
        tolerance: int = TOLERANCE,
    ) -> Diagnosis:
        """Return the mistake that makes a request's signature a wrong one, found by trying some thousand others.

        Mistakes are reported only if they reproduce the presented signature exactly. Diagnose what failed, not
        every request: a body of JSON is hashed in each encoding. The result is for your log, never for the sender, who
        would learn how to sign: ``error.diagnosis = Kommo.diagnose(secret, ...)``.

        secret: the channel's; if it is empty, there are hints alone, of what the form of the request shows.
        method: as sent, at most 32 bytes.
        url: as sent; of a whole one the host may have been signed.
        body: as sent, its raw bytes.
        headers: as sent, names in any case: Date, Content-Type, Content-MD5 and X-Signature.
        now: Unix seconds; the clock's if None.
        tolerance: as for verify().

        Names also what verify() lets pass and the vendor's page does not: hex in upper case. Raises InvalidArgument if
        now or tolerance is out of range; Error of status MALFORMED if method, URL or a header could
        not have been signed.
        """
        strings = owned(secret) + _presented(method, url, received(body), headers)
        return diagnosis(_without_gil.diagnosis, *strings, unix_time(now), _native.int64("tolerance", tolerance))

    @staticmethod
    def diagnose_webhook(secret: String, body: String, signature: Presented) -> Diagnosis:
        """Return the mistake that makes a webhook's signature a wrong one.

        A mistake about the body, such as BODY_PRETTY, says that body is not the one that was received, but a parsed
        and re-encoded copy. A form without a signature is a webhook of the CRM, which is never signed:
        WEBHOOK_UNSIGNED.

        secret: the channel's.
        body: as received.
        signature: X-Signature as received.

        Raises InvalidArgument if secret is empty.
        """
        return diagnosis(_without_gil.diagnosis_webhook, *flat(own(secret), received(body), presented(signature)))

    @staticmethod
    def explain(secret: String, method: String, url: String, body: String, headers: Headers) -> str:
        """Return what a request's signature is made of, a fact a line. The words may change.

        The body's MD5, the five lines that are signed, the signature, and warnings, such as of a secret with a trailing
        newline. Of the secret it shows only the length and 8 digits of its SHA-256.

        secret: the channel's; the others as for diagnose().

        Raises InvalidArgument if secret is empty, method longer than 32 bytes, or sign_digest() would refuse.
        """
        strings = owned(secret, method, url, body, *_named(headers, *_SIGNED))
        return _native.text(_c.explain, *strings).decode()

    def _signed(self, method: bytes, url: bytes, body: bytes, now: Now) -> Request:
        # A method that is no ASCII becomes one that no client sends.
        return Request(method.decode("latin-1"), url.decode(), self.sign(method, url, body, now), body)


def _functions_for(body: bytes) -> Any:
    """Return the C functions for a body: of a large one they give up the GIL."""
    return _c if len(body) < _native.LARGE else _without_gil


def _times(now: Now, tolerance: int) -> tuple[int, int]:
    return unix_time(now), _native.int64("tolerance", tolerance)


def _presented(method: String, url: String, body: bytes, headers: Headers) -> list[bytes | int]:
    return flat(presented(method), presented(url), body, *_named(headers, *_SIGNED, b"x-signature"))


def _named(headers: Headers, *names: bytes) -> list[bytes]:
    """Return the only value of each header; "" if it is missing.

    If it is repeated, or is no string, it becomes a character that no header can have.
    """
    found: dict[bytes, list[object]] = {name: [] for name in names}
    for key, value in headers.items():
        if isinstance(key, (str, bytes)):
            found.get(presented(key).lower(), []).extend(value if isinstance(value, (list, tuple)) else [value])
    return [_only(*values) for values in found.values()]


def _only(value: object = b"", *others: object) -> bytes:
    return presented(value) if isinstance(value, (str, bytes)) and not others else b"\0"


def _first_answer(answer: String, *names: str) -> str:
    """Return the text of the first of these members that the answer has; "" if it has none."""
    for name in names:
        try:
            return Kommo.answer(answer, name)
        except Error:
            continue
    return ""

"""Kommo (amoCRM) Chat API: the four headers of a request, webhooks, and what connects a channel.

The signature of a request covers method, path, body, Content-Type and Date; not the host and not the query. That of a
webhook covers its body alone.
Source: the vendor's page "Connecting chat channel".
"""

from __future__ import annotations

from typing import NamedTuple, final

from . import _native
from ._abi import KOMMO_TOLERANCE
from ._errors import Error, RequestRefused, Status
from ._handle import Handle
from ._kommo_diagnosis import KommoDiagnosis
from ._kommo_headers import Headers, header
from ._messages import Request
from ._native import (
    SIZE,
    Int32,
    Out,
    Presented,
    String,
    address,
    checked,
    fail,
    flat,
    int64,
    own,
    place,
    presented,
    unix_time,
    verdict,
)
from .replay import ReplayId, replay_id

_sign = _native.function("apisig_kommo_sign")
_sign_large = _native.function("apisig_kommo_sign", gil=False)
_sign_digest = _native.function("apisig_kommo_sign_digest")
_string_to_sign = _native.function("apisig_kommo_string_to_sign")
_verify = _native.function("apisig_kommo_verify")
_verify_large = _native.function("apisig_kommo_verify", gil=False)
_sign_webhook = _native.function("apisig_kommo_sign_webhook")
_sign_webhook_large = _native.function("apisig_kommo_sign_webhook", gil=False)
_verify_webhook = _native.function("apisig_kommo_verify_webhook")
_verify_webhook_large = _native.function("apisig_kommo_verify_webhook", gil=False)
_url = _native.function("apisig_kommo_url")
_connect_url = _native.function("apisig_kommo_connect_url")
_connect_body = _native.function("apisig_kommo_connect_body")
_disconnect_url = _native.function("apisig_kommo_disconnect_url")
_disconnect_body = _native.function("apisig_kommo_disconnect_body")
_scope_id = _native.function("apisig_kommo_scope_id")
_answer = _native.function("apisig_kommo_answer")


class KommoConnection(NamedTuple):
    """A channel of Kommo's that is connected to an account: what the vendor answered."""

    account_id: str
    """The account's amojo_id."""
    scope_id: str
    """The channel's id in this account: keep it, it is in the path of every other request."""
    title: str
    """The channel's name."""
    hook_api_version: str
    """The form of the webhooks: "v1" or "v2"."""


@final
class Kommo(Handle, KommoDiagnosis, vendor="kommo"):
    """A channel, by its secret: text, its 40 hex digits are not decoded."""

    __slots__ = ()

    HOST = "amojo.kommo.com"
    """Where requests go. For amoCRM it is amojo.amocrm.ru (not part of the documentation)."""

    TOLERANCE = KOMMO_TOLERANCE
    """For how many seconds a signature holds, before and after its Date: 15 minutes."""

    def sign(self, method: String, url: String, body: String = b"", now: float | None = None) -> dict[str, str]:
        """Make the headers of a request.

        method: not empty, in any case; it is signed in upper case.
        url: a whole URL with its scheme, or a path that starts with "/", percent-encoded as it is sent; only the path
        is signed.
        body: the raw bytes, sent just as they are here; empty for GET.
        now: Unix seconds; the clock's if None.

        Returns the values of Date, Content-Type, Content-MD5 and X-Signature. Raises InvalidArgument if now is out of
        range, method is empty or holds a control character, url is neither of these or holds a space, a control
        character or what is not ASCII, or clients send its path otherwise: it has dot segments, "/../", starts with
        two slashes, or is not in RFC 3986's normal form: "/{a}", "/%41", "/%c3".
        """
        method, url, body = own(method), own(url), own(body)
        now, out = unix_time(now), Out()
        sign = _sign if len(body) < _native.LARGE else _sign_large
        status = sign(self._handle, method, len(method), url, len(url), body, len(body), now, address(out))
        if status != 0:
            fail(status)
        # apisig_kommo_headers: four strings of a fixed length, each with its NUL.
        headers = out[:122].decode()
        return {
            "Date": headers[:31],
            "Content-Type": headers[32:48],
            "Content-MD5": headers[49:81],
            "X-Signature": headers[82:],
        }

    def sign_digest(self, method: String, url: String, content_md5: String, content_type: String, date: String) -> str:
        """Sign header values, and the path, as they are given.

        content_md5, content_type, date: the values of the headers, byte for byte as they are sent; a missing header
        is "".

        Returns X-Signature: 40 hex digits. Raises InvalidArgument.
        """
        strings = flat(*map(own, (method, url, content_md5, content_type, date)))
        signature = _sign_digest(self._handle, *strings, place.address, SIZE)
        return bytes.decode(signature) if signature else fail(Status.ARGUMENT)

    @staticmethod
    def string_to_sign(method: String, url: String, content_md5: String, content_type: String, date: String) -> bytes:
        r"""Show what sign_digest() signs: method, Content-MD5, Content-Type, Date and path, with "\n" between them.

        Raises InvalidArgument.
        """
        return _native.text_of(_string_to_sign, method, url, content_md5, content_type, date)

    def verify(
        self,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None = None,
        tolerance: int = TOLERANCE,
    ) -> bool:
        """Answer whether a request is signed with the secret, has the body that was signed, and is of this time.

        The webhooks that Kommo sends are signed in another way: see verify_webhook().

        method, url, body: as received. The url is the raw one, which frameworks decode (in WSGI look for RAW_URI or
        REQUEST_URI); the body is the raw bytes, not a parsed and re-encoded copy.
        headers: as received, names in any case, a value a string or a list of one.
        now: Unix seconds; the clock's if None.
        tolerance: for how many seconds a signature holds, before and after its Date, 0 or more. Within them the same
        request can come again.

        Raises InvalidArgument if now or tolerance is out of range; never for what was presented.
        """
        why = Int32()
        return verdict(self._holds(method, url, body, headers, now, tolerance, address(why)), why)

    def check(
        self,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None = None,
        tolerance: int = TOLERANCE,
    ) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        why = Int32()
        return checked(self._holds(method, url, body, headers, now, tolerance, address(why)), why, why)

    @staticmethod
    def replay_id(headers: Headers, tolerance: int) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified request: its signature, as long as it is valid.

        headers: as for verify().
        tolerance: the same as for verify(): with a shorter one the id is forgotten before the signature expires.

        Raises InvalidArgument if tolerance is out of range.
        """
        if int64(tolerance) < 0:
            fail(Status.ARGUMENT)
        # It may come first as much before its Date as it may come last behind it.
        return replay_id("kommo", header(headers, b"x-signature"), 2 * tolerance + 1, any_case=True)

    def sign_webhook(self, body: String) -> str:
        """Sign a body alone, every byte of it.

        That is what the vendor does with its webhooks, and what its older API took as X-Signature of a request.
        Source: the vendor's page on webhooks.

        Returns X-Signature: 40 hex digits. Raises InvalidArgument.
        """
        body = own(body)
        sign = _sign_webhook if len(body) < _native.LARGE else _sign_webhook_large
        signature = sign(self._handle, body, len(body), place.address, SIZE)
        return bytes.decode(signature) if signature else fail(Status.ARGUMENT)

    def verify_webhook(self, body: Presented, signature: Presented) -> bool:
        """Answer whether a webhook comes from Kommo.

        Its signature covers no time: the same one can come again, which the ids in it tell. Only the webhooks of a chat
        channel are signed: JSON, with the header X-Signature. Those of the CRM are forms (account[...], leads[...]) and
        carry no signature. Source: the vendor's page on webhooks.

        body: the raw bytes as received, not a parsed and re-encoded copy; the CR and LF bytes at its end may be signed
        or not, as the vendor sends a line end that it does not sign.
        signature: X-Signature as received. If it is not 40 hex digits, no body has it.
        """
        why = Int32()
        return verdict(self._webhook_holds(body, signature, address(why)), why)

    def check_webhook(self, body: Presented, signature: Presented) -> int:
        """As verify_webhook(), but gives the index of the matching secret (0: the current one).

        Raises VerificationFailed if it does not hold, with Status.MALFORMED if signature is not 40 hex digits.
        """
        why = Int32()
        return checked(self._webhook_holds(body, signature, address(why)), why, why)

    @staticmethod
    def webhook_replay_id(signature: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified webhook: its signature.

        Two webhooks with the same bytes have the same id.
        """
        return replay_id("kommo-webhook", signature, any_case=True)

    def connect(
        self,
        channel_id: String,
        account_id: String,
        title: String,
        hook_api_version: String = "v2",
        host: String = HOST,
        now: float | None = None,
    ) -> Request:
        """Make the request that connects a channel to an account; connected() reads its answer.

        channel_id: as registered by the vendor: letters, digits, "-" and "_".
        account_id: the account's amojo_id; likewise.
        title: the channel's name.
        hook_api_version: the form that webhooks shall have: "v1" or "v2".
        host: or a whole origin, such as "http://127.0.0.1:8080": without TLS for tests only.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument if one of these is of another form.
        """
        url = _native.text_of(_connect_url, host, channel_id)
        return self._signed(b"POST", url, _native.text_of(_connect_body, account_id, title, hook_api_version), now)

    def disconnect(
        self, channel_id: String, account_id: String, host: String = HOST, now: float | None = None
    ) -> Request:
        """Make the request that disconnects it; accepted() reads its answer.

        The arguments are those of connect(). Source: the vendor's reference of the Chat API.

        Raises InvalidArgument.
        """
        url = _native.text_of(_disconnect_url, host, channel_id)
        return self._signed(b"DELETE", url, _native.text_of(_disconnect_body, account_id), now)

    def request(
        self, method: String, path: String, body: String = b"", host: String = HOST, now: float | None = None
    ) -> Request:
        """Make any other request of the Chat API; accepted() reads its answer.

        method: such as "POST", in any case.
        path: such as f"/v2/origin/custom/{scope_id}", with its query, of which nothing is signed. ASCII: what is put
        into it is escaped by urllib.parse.quote(text, safe="").
        body: the raw bytes, such as json.dumps() makes; empty for GET.
        host, now: as for connect().

        Raises InvalidArgument if path does not start with "/", or it or method holds what no client sends as it is.
        """
        return self._signed(own(method).upper(), _native.text_of(_url, host, path), own(body), now)

    @staticmethod
    def scope_id(channel_id: String, account_id: String) -> str:
        """Give the id of a channel in an account, which connected() gives too.

        It is in the path of every request but those that connect and disconnect. The arguments are those of connect().

        Raises InvalidArgument.
        """
        return _native.text_of(_scope_id, channel_id, account_id).decode()

    @staticmethod
    def connected(status: int, body: String) -> KommoConnection:
        """Read the answer to connect().

        status: of HTTP, such as 200.
        body: the answer's.

        Raises RequestRefused if the status is not one of success; Error if what the vendor answers with success is not
        what its page shows.
        """
        Kommo.accepted(status, body)
        return KommoConnection(*(Kommo.answer(body, name) for name in KommoConnection._fields))

    @staticmethod
    def accepted(status: int, body: String) -> bytes:
        """Read the answer to any request: its body if the request was accepted. Not every one is JSON, or has a body.

        status: of HTTP, such as 200.

        Raises RequestRefused if the status is not 200 to 299.
        """
        if 200 <= status < 300:
            return own(body)
        # The Chat API's own names, and those of what stands before it.
        raise RequestRefused(
            status,
            _first_answer(body, "error_type", "title"),
            _first_answer(body, "error_description", "detail"),
        )

    @staticmethod
    def answer(answer: String, name: String) -> str:
        """Give the text of an answer's member that is a string: the answer's own, not one of an object within.

        answer: a JSON object of at most 64 KiB and 32 members, no two of one name.

        Raises Error if it is not like that, or has no such string.
        """
        return _native.text_of(_answer, answer, name).decode()

    def _signed(self, method: bytes, url: bytes, body: bytes, now: float | None) -> Request:
        # A method that is no ASCII becomes one that no client sends.
        return Request(method.decode("latin-1"), url.decode(), self.sign(method, url, body, now), body)

    def _webhook_holds(self, body: Presented, signature: Presented, why: int) -> bool:
        body = presented(body)
        verify = _verify_webhook if len(body) < _native.LARGE else _verify_webhook_large
        holds: bool = verify(self._handle, *flat(body, presented(signature)), why)
        return holds

    def _holds(
        self,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None,
        tolerance: int,
        why: int,
    ) -> bool:
        named = [header(headers, name) for name in (b"content-md5", b"content-type", b"date", b"x-signature")]
        body = presented(body)
        strings = flat(*map(presented, (method, url, body, *named)))
        times = (unix_time(now), int64(tolerance))
        verify = _verify if len(body) < _native.LARGE else _verify_large
        holds: bool = verify(self._handle, *strings, *times, why)
        return holds


def _first_answer(answer: String, *names: str) -> str:
    """Give the text of the first of these members that the answer has; "" if it has none."""
    for name in names:
        try:
            return Kommo.answer(answer, name)
        except Error:
            continue
    return ""

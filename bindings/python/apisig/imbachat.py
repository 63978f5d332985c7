"""ImbaChat: user tokens, what a site answers ImbaChat's own requests with, and the chat widget of a page.

A token holds for whoever has it until it expires.
Source: the vendor's page "ImbaChat-docs, API".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import final

from . import _native
from ._errors import Status
from ._handle import Handle
from ._messages import Response
from ._mistake import Diagnosis, diagnosis
from ._native import (
    SIZE,
    Int32,
    Int64,
    Presented,
    String,
    address,
    checked,
    fail,
    int64,
    own,
    place,
    presented,
    unix_time,
    verdict,
)
from .imbachat_user import ImbaChatUser
from .replay import ReplayId, replay_id

_sign = _native.function("apisig_imbachat_sign")
_verify = _native.function("apisig_imbachat_verify")
_seconds_left = _native.function("apisig_imbachat_seconds_left")
_verify_login = _native.function("apisig_imbachat_verify_login")
_verify_authorization = _native.function("apisig_imbachat_verify_authorization")
_unauthorized = _native.function("apisig_imbachat_unauthorized")
_www_authenticate = _native.function("apisig_imbachat_www_authenticate")
_user_ids = _native.function("apisig_imbachat_user_ids")
_widget = _native.function("apisig_imbachat_widget")
_open_dialog = _native.function("apisig_imbachat_open_dialog")
_diagnose = _native.function("apisig_imbachat_diagnose")
_explain = _native.function("apisig_imbachat_explain")


@final
class ImbaChat(Handle, vendor="imbachat"):
    """A widget, by its Secret key."""

    __slots__ = ()

    def sign(self, user_id: int, ttl: int = 3600, now: float | None = None) -> str:
        """Make the token of a user, byte for byte as the page's getJWT() does.

        user_id: the user's id on your site, 1 or more.
        ttl: for how many seconds the token holds; a token of 0 or less is expired from the start.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument.
        """
        expires_at = int64(unix_time(now) + int64(ttl))
        token = _sign(self._handle, int64(user_id), expires_at, place.address, SIZE)
        return bytes.decode(token) if token else fail(Status.ARGUMENT)

    def verify(self, token: Presented, now: float | None = None, leeway: int = 0) -> bool:
        """Answer whether a token is signed with the secret, by HS256, and holds now.

        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.

        Raises InvalidArgument if now or leeway is out of range; never for what was presented.
        """
        now = unix_time(now)
        if self._holds(token, now, leeway, None, None):
            return True
        # Only why it does not hold needs a place.
        why = Int32()
        return verdict(self._holds(token, now, leeway, None, address(why)), why)

    def check(self, token: Presented, now: float | None = None, leeway: int = 0) -> int:
        """As verify(), but gives the user's id, or raises VerificationFailed.

        To find out more, for your log::

            if failed.status is Status.MISMATCH:
                failed.diagnosis = ImbaChat.diagnose(secret, token)
        """
        why, user_id = Int32(), Int64()
        holds = self._holds(token, unix_time(now), leeway, address(user_id), address(why))
        return checked(holds, why, user_id)

    @staticmethod
    def replay_id(token: Presented, now: float | None = None, leeway: int = 0) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified token, until it expires: for links that work once.

        The chat's own tokens are meant to be used many times.

        token, now, leeway: as for verify().

        Raises InvalidArgument if now or leeway is out of range; VerificationFailed if the token cannot be read, which
        verify() refuses too.
        """
        raw = presented(token)
        seconds = _seconds_left(raw, len(raw), unix_time(now), int64(leeway))
        return replay_id("imbachat", raw, checked(seconds >= 0, Int32(seconds), Int64(seconds)))

    def _holds(self, token: Presented, now: int, leeway: int, user_id: int | None, why: int | None) -> bool:
        token = presented(token)
        holds: bool = _verify(self._handle, token, len(token), now, int64(leeway), user_id, why)
        return holds

    @staticmethod
    def diagnose(
        secret: String, token: Presented, now: float | None = None, leeway: int = 0, dev_id: String = ""
    ) -> Diagnosis:
        """Find out what is wrong with a token: for whoever holds the secret, and never for an answer to the sender.

        secret: the widget's Secret key, not empty.
        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.
        dev_id: the widget's id, to find out whether it stood behind the secret, as in an older version.

        No mistake is named that does not make this very signature. Raises InvalidArgument if the secret is empty, or
        now or leeway out of range; and Error with Status.MALFORMED if the token is not one: it has not two dots, or no
        header.
        """
        strings = _native.flat(own(secret), own(dev_id), presented(token))
        return diagnosis(_diagnose(*strings, unix_time(now), int64(leeway)))

    @staticmethod
    def explain(secret: String, token: Presented, now: float | None = None) -> str:
        """Show a token step by step, as lines of text for a person.

        They are its header and claims, its times, what is signed, the signature that the secret makes and the one
        presented. Of the secret they show the length and 8 digits of its SHA-256; but the token and its right signature
        let in whoever reads them.

        secret: the widget's Secret key, not empty.
        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument if the secret is empty, or now out of range; and Error with Status.MALFORMED if the token
        has not two dots, or is too long.
        """
        strings, at = _native.flat(own(secret), presented(token)), unix_time(now)
        return _native.text(lambda out, size: _explain(*strings, at, out, size)).decode()

    @staticmethod
    def verify_login(
        login: String, password: String, presented_login: Presented, presented_password: Presented
    ) -> bool:
        """Answer whether a request comes from ImbaChat: the login without regard to ASCII case, the password exactly.

        login, password: your own, from the widget's settings; not empty.
        presented_login, presented_password: as received by HTTP Basic authorization, decoded.

        Both are compared in constant time. Raises InvalidArgument if your own login or password is empty.
        """
        login, password = own(login), own(password)
        user, word = presented(presented_login), presented(presented_password)
        why = Int32()
        holds = _verify_login(
            login, len(login), password, len(password), user, len(user), word, len(word), address(why)
        )
        return verdict(holds, why)

    @staticmethod
    def verify_authorization(login: String, password: String, authorization: Presented) -> bool:
        """As verify_login(), for the Authorization header as it stands.

        login, password: your own, not empty, without control characters, the login without a colon.
        authorization: as received, "Basic cm9vdDphYmM=", at most 1024 bytes of login, colon and password; under WSGI
        environ.get("HTTP_AUTHORIZATION").

        Raises InvalidArgument if your own login or password is empty.
        """
        strings = _native.flat(own(login), own(password), presented(authorization))
        why = Int32()
        return verdict(_verify_authorization(*strings, address(why)), why)

    @staticmethod
    def unauthorized() -> Response:
        """Give the answer to a request that is not authorized: 401, byte for byte as the page's PHP gives it."""
        headers = {"WWW-Authenticate": _www_authenticate().decode(), "Content-Type": "application/json"}
        return Response(401, headers, _unauthorized())

    @staticmethod
    def user_ids(parameter: Presented) -> list[int]:
        """Read which users ImbaChat asks about.

        parameter: the value of user_ids, URL-decoded: numbers with a comma between each two, "1,2", at most 1000 of
        them. A number may have white space around it; nothing at all between two commas is passed over.

        Gives the numbers, each 1 or more, in their order. Raises VerificationFailed with Status.MALFORMED if anything
        else stands there: answer with 400.
        """
        parameter = presented(parameter)
        count = _user_ids(parameter, len(parameter), None, 0)
        checked(count >= 0, Int32(count), Int64(count))
        out = (Int64 * count)()
        _user_ids(parameter, len(parameter), address(out), count)
        return list(out)

    @staticmethod
    def users(users: Iterable[ImbaChatUser]) -> Response:
        """Give the answer to ImbaChat's question about users: a JSON array, also of one user or none."""
        fields = [user.fields() for user in users]
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        return Response(200, {"Content-Type": "application/json"}, body)

    @staticmethod
    def widget(dev_id: String, user_id: int, token: String, origin: String = "") -> str:
        """Make the two script elements that show the chat on a page, as HTML.

        dev_id: the widget's id: letters, digits, - and _.
        user_id: who looks at the page, 1 or more.
        token: that user's, from sign(): UTF-8, not empty.
        origin: where the vendor's script comes from, such as "http://127.0.0.1:8000"; empty for
        "https://imbachat.com".

        Nothing in the arguments can run as a script of its own. Raises InvalidArgument if one is not as above.
        """
        widget, strings = _native.flat(own(dev_id)), _native.flat(own(token), own(origin))
        user_id = int64(user_id)
        return _native.text(lambda out, size: _widget(*widget, user_id, *strings, out, size)).decode()

    @staticmethod
    def open_dialog(user_id: int) -> str:
        """Make the JavaScript call that opens a dialog with a user: "window.imbaApi.openDialog(2)".

        It is for a page with the widget, and may stand in an attribute such as onclick.

        user_id: whom to write to, 1 or more.

        Raises InvalidArgument.
        """
        call = _open_dialog(int64(user_id), place.address, SIZE)
        return bytes.decode(call) if call else fail(Status.ARGUMENT)

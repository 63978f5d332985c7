"""ImbaChat: user tokens, what a site answers ImbaChat's own requests with, and the chat widget of a page.

A token is valid until it expires, for anyone who has it.
Source: the vendor's page "ImbaChat-docs, API".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import final

from . import _native
from ._abi import ARGUMENT_HANDLE, ARGUMENT_TIME, ARGUMENT_USER_ID, IMBACHAT_USER_IDS_MAX
from ._handle import Handle
from ._messages import Response
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Now, Presented, String, checked, flat, own, owned, place, presented, unix_time, verified
from .imbachat_user import ImbaChatUser
from .replay import ReplayId, replay_id

_c = _native.functions("imbachat")


@final
class ImbaChat(Handle, functions=_c):
    """A widget, by its Secret key."""

    __slots__ = ()

    def sign(self, user_id: int, ttl: int = 3600, now: Now = None) -> str:
        """Return the token of a user, byte for byte as the page's getJWT() makes it.

        user_id: the user's id on your site, 1 or more.
        ttl: for how many seconds the token is valid; a token of 0 or less is expired from the start.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument.
        """
        expires_at, user_id = _native.int64("ttl", unix_time(now) + ttl), _native.int64("user_id", user_id)
        token = _c.sign(self._handle, user_id, expires_at, place.address, SIZE)
        if token is None:
            _native.fail(ARGUMENT_USER_ID if user_id < 1 else ARGUMENT_TIME if self._handle else ARGUMENT_HANDLE)
        return bytes.decode(token)

    def verify(self, token: Presented, now: Now = None, leeway: int = 0) -> bool:
        """Return whether a token is signed with the secret, by HS256, and is valid now.

        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.

        Raises InvalidArgument if now or leeway is out of range; never for what was presented.
        """
        token, time, leeway = presented(token), unix_time(now), _native.int64("leeway", leeway)
        return verified(_c.check(self._handle, token, len(token), time, leeway))

    def check(self, token: Presented, now: Now = None, leeway: int = 0) -> int:
        """Return the id of a verified token's user, or raise VerificationFailed.

        The arguments are those of verify(). To find out more, for your log::

            if failed.status is Status.MISMATCH:
                failed.diagnosis = ImbaChat.diagnose(secret, token)
        """
        token, time, leeway = presented(token), unix_time(now), _native.int64("leeway", leeway)
        return checked(_c.check(self._handle, token, len(token), time, leeway))

    @staticmethod
    def replay_id(token: Presented, now: Now = None, leeway: int = 0) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified token, until it expires: for links that work once.

        The chat's own tokens are meant to be used many times.

        token, now, leeway: as for verify().

        Raises InvalidArgument if now or leeway is out of range; VerificationFailed if the token cannot be read, which
        verify() refuses too.
        """
        raw = presented(token)
        seconds = checked(_c.seconds_left(raw, len(raw), unix_time(now), _native.int64("leeway", leeway)))
        return replay_id("imbachat", raw, seconds)

    @staticmethod
    def diagnose(secret: String, token: Presented, now: Now = None, leeway: int = 0, dev_id: String = "") -> Diagnosis:
        """Return what is wrong with a token: for your log, never for the sender, who would learn how to sign.

        secret: the widget's Secret key, not empty.
        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.
        dev_id: the widget's id, to find out whether it stood behind the secret, as in an older version.

        Mistakes are reported only if they reproduce the presented signature exactly. Raises InvalidArgument if the
        secret is empty, or now or leeway out of range; and Error with Status.MALFORMED if the token is not one: it has
        not two dots, or no header.
        """
        strings = flat(own(secret), own(dev_id), presented(token))
        return diagnosis(_c.diagnosis, *strings, unix_time(now), _native.int64("leeway", leeway))

    @staticmethod
    def explain(secret: String, token: Presented, now: Now = None) -> str:
        """Return a token step by step, as lines of text for a person.

        They are its header and claims, its times, what is signed, the signature that the secret makes and the one
        presented. Of the secret they show the length and 8 digits of its SHA-256. The token is in it, and is valid for
        anyone who reads it.

        secret: the widget's Secret key, not empty.
        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument if the secret is empty, or now out of range; and Error with Status.MALFORMED if the token
        has not two dots, or is too long.
        """
        strings = flat(own(secret), presented(token))
        return _native.text(_c.explain, *strings, unix_time(now)).decode()

    @staticmethod
    def verify_login(
        login: String, password: String, presented_login: Presented, presented_password: Presented
    ) -> bool:
        """Return whether a request comes from ImbaChat. The login is case-insensitive in ASCII, the password is not.

        login, password: your own, from the widget's settings; not empty.
        presented_login, presented_password: as received by HTTP Basic authorization, decoded.

        Both are compared in constant time. Raises InvalidArgument if your own login or password is empty.
        """
        strings = flat(own(login), own(password), presented(presented_login), presented(presented_password))
        return verified(_c.check_login(*strings))

    @staticmethod
    def verify_authorization(login: String, password: String, authorization: Presented) -> bool:
        """Return whether a request comes from ImbaChat, by its header Authorization as received.

        login, password: your own, not empty, without control characters, the login without a colon.
        authorization: as received, "Basic cm9vdDphYmM=", at most 1024 bytes of login, colon and password; under WSGI
        environ.get("HTTP_AUTHORIZATION").

        Raises InvalidArgument if your own login or password is empty.
        """
        strings = flat(own(login), own(password), presented(authorization))
        return verified(_c.check_authorization(*strings))

    @staticmethod
    def unauthorized() -> Response:
        """Return the answer to a request that is not authorized: 401, byte for byte as the page's PHP."""
        headers = {"WWW-Authenticate": _c.www_authenticate().decode(), "Content-Type": "application/json"}
        return Response(401, headers, _c.unauthorized())

    @staticmethod
    def user_ids(parameter: Presented) -> list[int]:
        """Return the ids of the users that ImbaChat asks about, each 1 or more, in their order.

        parameter: the value of user_ids, URL-decoded: numbers with a comma between each two, "1,2", at most 1000 of
        them. A number may have white space around it; nothing at all between two commas is passed over.

        Raises VerificationFailed with Status.MALFORMED for anything else: answer with 400.
        """
        # What is no text, such as a list, is malformed.
        is_text = parameter is None or isinstance(parameter, _native.TEXT)
        raw, out = presented(parameter if is_text else "[]"), (_native.Int64 * IMBACHAT_USER_IDS_MAX)()
        count = checked(_c.user_ids(raw, len(raw), _native.address(out), len(out)))
        return out[:count]

    @staticmethod
    def users(users: Iterable[ImbaChatUser]) -> Response:
        """Return the answer to ImbaChat's question about users: a JSON array, also of one user or none."""
        fields = [user.fields() for user in users]
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        return Response(200, {"Content-Type": "application/json"}, body)

    @staticmethod
    def widget(dev_id: String, user_id: int, token: String, origin: String = "") -> str:
        """Return the two script elements that show the chat on a page, as HTML.

        dev_id: the widget's id: letters, digits, - and _.
        user_id: the user who looks at the page, 1 or more.
        token: that user's, from sign(): UTF-8, not empty.
        origin: where the vendor's script comes from, such as "http://127.0.0.1:8000"; empty for
        "https://imbachat.com".

        Nothing in the arguments can run as a script of its own. Raises InvalidArgument if one is not as above.
        """
        return _native.text(
            _c.widget, *owned(dev_id), _native.int64("user_id", user_id), *owned(token, origin)
        ).decode()

    @staticmethod
    def open_dialog(user_id: int) -> str:
        """Return the JavaScript call that opens a dialog with a user: "window.imbaApi.openDialog(2)".

        It is for a page with the widget, and may stand in an attribute such as onclick.

        user_id: the one to write to, 1 or more.

        Raises InvalidArgument.
        """
        call = _c.open_dialog(_native.int64("user_id", user_id), place.address, SIZE)
        return bytes.decode(call) if call else _native.fail(ARGUMENT_USER_ID)

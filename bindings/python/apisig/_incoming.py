"""What all frameworks share: the checks of a request, what the log and the callback hear, the answer to a refusal."""

from __future__ import annotations

import asyncio
import logging
from typing import NoReturn

from ._errors import Status, VerificationFailed
from ._messages import Response
from ._native import Presented, String, presented
from .checked import Checked, OnChecked, Outcome
from .imbachat import ImbaChat
from .kommo import Kommo
from .replay import ReplayGuard

LIMIT = 1 << 20
"""Bytes of a webhook's body: far more than a message needs."""

_NOT_AUTHORIZED = Response(401, {"Content-Type": "text/plain"}, b"not authorized")
_TOO_LARGE = Response(413, {"Content-Type": "text/plain"}, b"too large")

_log = logging.getLogger("apisig")


class Refused(Exception):
    """A request that is refused, and what to answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response

    def answer(self, method: str) -> Response:
        """Return the answer with its length. To HEAD it has no body: some servers send what they are given."""
        status, headers, body = self.response
        return Response(status, {**headers, "Content-Length": str(len(body))}, b"" if method == "HEAD" else body)


class Webhooks:
    """The check of Kommo's webhooks: before_body() first, then the body is read, then check()."""

    def __init__(self, kommo: Kommo, guard: ReplayGuard | None, limit: int, on_checked: OnChecked) -> None:
        self.limit = limit
        self._kommo, self._guard, self._on_checked = kommo, guard, on_checked

    def before_body(self, signature: Presented, content_length: Presented) -> None:
        """Raise Refused if the body need not be read: no body has this signature, or it is too large."""
        if self._secret(b"", signature) == Status.MALFORMED:
            self.refuse(Outcome.MALFORMED)
        if (length_of(content_length) or 0) > self.limit:
            self.refuse(Outcome.TOO_LARGE)

    def check(self, body: bytes, signature: Presented) -> None:
        """Raise Refused unless the request is admitted. Raises what the guard's store raises."""
        secret = self._verified(body, signature)
        self._conclude(secret, self._guard is None or self._guard.admit(Kommo.webhook_replay_id(signature)))

    async def check_in_loop(self, body: bytes, signature: Presented) -> None:
        """As check(), but wait for the guard's store in a thread."""
        secret = self._verified(body, signature)
        is_new = self._guard is None or await asyncio.to_thread(self._guard.admit, Kommo.webhook_replay_id(signature))
        self._conclude(secret, is_new)

    def refuse(self, outcome: Outcome, secret: int | None = None) -> NoReturn:
        """Raise Refused, once the log and the callback know."""
        response = _TOO_LARGE if outcome is Outcome.TOO_LARGE else _NOT_AUTHORIZED
        _tell(Checked("kommo", outcome, secret), response.status, self._on_checked)
        raise Refused(response)

    def _verified(self, body: bytes, signature: Presented) -> int:
        if len(body) > self.limit:
            self.refuse(Outcome.TOO_LARGE)
        # A webhook has a body: where there is none, something else may have read it.
        if not body:
            self.refuse(Outcome.MISMATCH)
        secret = self._secret(body, signature)
        if secret < 0:
            self.refuse(Outcome.MISMATCH)
        return secret

    def _secret(self, body: bytes, signature: Presented) -> int:
        """Return the index of the matching secret, or the status, which is negative."""
        try:
            return self._kommo.check_webhook(body, signature)
        except VerificationFailed as failed:
            return failed.status

    def _conclude(self, secret: int, is_new: bool) -> None:
        if not is_new:
            self.refuse(Outcome.REPLAYED, secret)
        _tell(Checked("kommo", Outcome.ADMITTED, secret), 200, self._on_checked)


class Login:
    """The check of ImbaChat's login."""

    def __init__(self, login: String, password: String, on_checked: OnChecked) -> None:
        """Raise InvalidArgument if login or password is empty."""
        ImbaChat.verify_authorization(login, password, None)
        self._login, self._password, self._on_checked = login, password, on_checked

    def __reduce__(self) -> NoReturn:
        raise TypeError("ImbaChat's login is not pickled")

    def check(self, authorization: Presented) -> None:
        """Raise Refused unless the request is admitted."""
        if not ImbaChat.verify_authorization(self._login, self._password, authorization):
            self.refuse()
        _tell(Checked("imbachat", Outcome.ADMITTED, 0), 200, self._on_checked)

    def refuse(self) -> NoReturn:
        """Raise Refused, once the log and the callback know."""
        response = ImbaChat.unauthorized()
        _tell(Checked("imbachat", Outcome.MISMATCH, None), response.status, self._on_checked)
        raise Refused(response)


def _tell(checked: Checked, status: int, on_checked: OnChecked) -> None:
    """Tell the log and the callback.

    A refusal is a WARNING: it is seen without any configuration, and Django logs its own 4xx at this level.
    """
    if checked.outcome is Outcome.ADMITTED:
        _log.debug("%s: admitted by secret %d", checked.vendor, checked.secret)
    else:
        _log.warning("%s: refused with %d: %s", checked.vendor, status, checked.outcome.value)
    if on_checked is not None and asyncio.iscoroutine(awaitable := on_checked(checked)):
        awaitable.close()
        raise TypeError("on_checked is a plain function: nothing awaits a coroutine")


def single(values: list[bytes] | list[str]) -> Presented:
    """Return a header's value, or None unless it is there exactly once."""
    return values[0] if len(values) == 1 else None


def length_of(content_length: Presented) -> int | None:
    """Return the number in a header Content-Length, if it is one: of more than 18 digits, any as large."""
    digits = presented(content_length)
    return int(digits[:19]) if digits.isdigit() else None

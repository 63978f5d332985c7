"""What all frameworks and vendors share: the check of a request, its log and callback, the response to a refusal."""

from __future__ import annotations

import asyncio
import logging
from inspect import isroutine
from typing import NoReturn, Optional, Union

from ._messages import Response
from ._native import Presented, presented
from .checked import Checked, OnChecked, Outcome
from .replay import AsyncReplayGuard, ReplayGuard, ReplayId

Guard = Optional[ReplayGuard]
AsyncGuard = Union[ReplayGuard, AsyncReplayGuard, None]
"""Where the check runs in an event loop."""

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


class Check:
    """A check of requests. A framework calls before_body(), reads the body if there is a limit, and calls check()."""

    vendor: str
    header: str
    """The header whose value is checked."""
    limit: int | None = None
    """Bytes of a body; None if it is not checked, and is not read."""
    not_authorized = Response(401, {}, b"")

    def __init__(self, on_checked: OnChecked, guard: AsyncGuard = None) -> None:
        self._on_checked, self._guard = on_checked, guard
        self.environ = "HTTP_" + self.header.upper().replace("-", "_")
        """The header's name in WSGI."""

    def before_body(self, value: Presented, content_length: Presented) -> None:
        """Raise Refused if the body need not be read: no body has this signature, or it is too large."""

    def check(self, body: bytes, value: Presented) -> None:
        """Raise Refused unless the request is admitted. Raises what a guard's store raises."""
        guard = self._guard
        if isinstance(guard, AsyncReplayGuard):
            raise TypeError("An AsyncReplayGuard needs an event loop. Pass a ReplayGuard here.")
        secret = self._secret(body, value)
        self._conclude(secret, guard is None or guard.admit(self._id(value)))

    async def check_in_loop(self, body: bytes, value: Presented) -> None:
        """As check(), but wait for a guard's store in the loop, or in a thread."""
        secret, guard, is_new = self._secret(body, value), self._guard, True
        if isinstance(guard, AsyncReplayGuard):
            is_new = await guard.admit(self._id(value))
        elif guard is not None:
            is_new = await asyncio.to_thread(guard.admit, self._id(value))
        self._conclude(secret, is_new)

    def refuse(self, outcome: Outcome, secret: int | None = None) -> NoReturn:
        """Raise Refused, once the log and the callback know.

        A refusal is a WARNING: it is seen without any configuration, and Django logs its own 4xx at this level.
        """
        response = self.not_authorized if outcome.status == 401 else Response(outcome.status, {}, b"")
        _log.warning("%s: refused with %d: %s", self.vendor, response.status, outcome.value)
        self._tell(outcome, secret)
        raise Refused(response)

    def _secret(self, body: bytes, value: Presented) -> int:
        """Return the index of the secret that matched; raises Refused if there is none."""
        raise NotImplementedError

    def _id(self, value: Presented) -> ReplayId:
        """Return what a guard remembers of a verified request."""
        raise NotImplementedError

    def _conclude(self, secret: int, is_new: bool) -> None:
        if not is_new:
            self.refuse(Outcome.REPLAYED, secret)
        _log.debug("%s: admitted by secret %d", self.vendor, secret)
        self._tell(Outcome.ADMITTED, secret)

    def _tell(self, outcome: Outcome, secret: int | None) -> None:
        heard = self._on_checked and self._on_checked(Checked(self.vendor, outcome, secret))
        if asyncio.iscoroutine(heard):
            heard.close()
            raise TypeError("on_checked is a plain function: nothing awaits a coroutine")


def refuse_view(argument: object) -> None:
    """Raise TypeError if a decorator got the view: it was not called."""
    if isroutine(argument):
        raise TypeError("The decorator has no parentheses. Write @kommo_webhook().")


def single(values: list[bytes] | list[str]) -> Presented:
    """Return a header's value, or None unless it is there exactly once."""
    return values[0] if len(values) == 1 else None


def length_of(content_length: Presented) -> int | None:
    """Return the number in a header Content-Length, if it is one: of more than 18 digits, any as large."""
    digits = presented(content_length)
    return int(digits[:19]) if digits.isdigit() else None

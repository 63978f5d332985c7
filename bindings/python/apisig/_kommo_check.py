"""The check of Kommo's webhooks, for every framework."""

from __future__ import annotations

import sys
from typing import Callable

from ._errors import InvalidArgument, Status, VerificationFailed
from ._incoming import AsyncGuard, Check, length_of
from ._native import Presented
from ._settings import Settings
from .checked import OnChecked, Outcome
from .kommo import Kommo
from .replay import ReplayId

LIMIT = 1 << 20
"""Bytes of a webhook's body: far more than a message needs."""


class Webhooks(Check):
    """The check of Kommo's webhooks."""

    vendor, header = "kommo", "X-Signature"
    limit: int

    def __init__(self, kommo: Kommo, guard: AsyncGuard, limit: int, on_checked: OnChecked) -> None:
        """Raise InvalidArgument if limit is not a number of bytes."""
        super().__init__(on_checked, guard)
        self._kommo, self.limit = kommo, configured_limit(limit)

    def before_body(self, value: Presented, content_length: Presented) -> None:
        # No body has a malformed signature, not even an empty one.
        if self._check(b"", value) is Status.MALFORMED:
            self.refuse(Outcome.MALFORMED)
        if (length_of(content_length) or 0) > self.limit:
            self.refuse(Outcome.TOO_LARGE)

    def _secret(self, body: bytes, value: Presented) -> int:
        if len(body) > self.limit:
            self.refuse(Outcome.TOO_LARGE)
        # A webhook has a body: where there is none, something else may have read it.
        secret = self._check(body, value) if body else Status.MISMATCH
        return self.refuse(Outcome.MISMATCH) if isinstance(secret, Status) else secret

    def _id(self, value: Presented) -> ReplayId:
        return Kommo.webhook_replay_id(value)

    def _check(self, body: bytes, value: Presented) -> int | Status:
        try:
            return self._kommo.check_webhook(body, value)
        except VerificationFailed as failure:
            return failure.status


def configured_limit(limit: int = LIMIT) -> int:
    """Return the limit, or the greatest that can be read. Raises InvalidArgument if it is not a number of bytes."""
    if type(limit) is not int or limit < 0:
        raise InvalidArgument("limit is not a number of bytes. Pass an int, 0 or more.", Status.ARGUMENT)
    return min(limit, sys.maxsize - 1)


def webhook_limit(settings: Callable[[], Settings | None], limit: int | None) -> Callable[[], int]:
    """Return a function that returns the limit, or that of the settings if it is None.

    settings: returns None where there are none; then the limit is LIMIT. Raises InvalidArgument for a wrong limit.
    """
    if limit is not None:
        configured_limit(limit)
        return lambda: limit
    return lambda: LIMIT if (found := settings()) is None else found.optional(Webhooks.vendor, configured_limit, LIMIT)

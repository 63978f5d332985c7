"""Letting a signed request in once: what of it to remember, where, and for how long.

A signature that holds will hold again as long as it lives, which is for ever with most vendors. ReplayGuard remembers
those that came. PHP has the same classes, with the same ids: both may share one Redis.
"""

from __future__ import annotations

import hashlib
import threading
from time import time
from typing import TYPE_CHECKING, Callable, NamedTuple, Protocol

from ._errors import InvalidArgument, Status
from ._native import Presented, presented

if TYPE_CHECKING:
    from redis import Redis


class ReplayId(NamedTuple):
    """What to remember of a request: ``replay_id`` of each vendor's class makes it, and a ReplayGuard takes it.

    Other spellings of one signature have one id, and so in every language.
    """

    id: str
    """A text without anything secret in it."""
    seconds: int | None
    """For how long the signature can hold, 1 or more; None: for ever."""


def replay_id(room: str, signature: Presented, seconds: int | None = None, any_case: bool = False) -> ReplayId:
    """Name a signature: SHA-256 is a short name for it here, and signs nothing."""
    if seconds is not None and seconds < 1:
        raise InvalidArgument("An id is remembered for 1 second or more.", Status.ARGUMENT)
    raw = presented(signature)
    return ReplayId(f"apisig:{room}:{hashlib.sha256(raw.lower() if any_case else raw).hexdigest()}", seconds)


class ReplayStore(Protocol):
    """Where a ReplayGuard remembers ids. All processes that take requests for one secret share one store."""

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id for so many seconds if it is not remembered already, in one step.

        Of any number of callers at the same time one alone is answered True.

        seconds: 1 or more.

        Raises if the store fails, or cannot say: never an answer then, for True would let a replay in.
        """

    def forget(self, id: str) -> None:
        """Forget an id, if it is remembered. Raises if the store fails."""


class ReplayGuard:
    """Lets a signed request in once.

    Ask it after a check that held, and never before one: otherwise a stranger can have ids remembered that are not his.
    """

    LONGEST = 30 * 24 * 3600
    """30 days."""

    def __init__(self, store: ReplayStore, longest: int = LONGEST) -> None:
        """Take the store.

        longest: for how many seconds an id is remembered whose signature never expires, 1 or more: after that, the same
        request is let in once more.

        Raises InvalidArgument if longest is less.
        """
        if longest < 1:
            raise InvalidArgument("The longest time is 1 second or more.", Status.ARGUMENT)
        self._store, self._longest = store, longest

    def admit(self, id: ReplayId) -> bool:
        """Answer whether this is the first time.

        True says at once that it was: a request whose handling fails after that is not let in again, unless its id is
        forgotten.

        Raises what the store raises if it fails. Nothing is let in then; if only its answer was lost, the id is
        remembered.
        """
        seconds = self._longest if id.seconds is None else id.seconds
        # What is no answer, such as a coroutine, would be true.
        return self._store.remember_if_new(id.id, seconds) is True

    def forget(self, id: ReplayId) -> None:
        """Let the same request in once more. Raises what the store raises."""
        self._store.forget(id.id)


class RedisReplayStore:
    """Ids in Redis, by redis-py (``pip install apisig[redis]``): for any number of servers.

    Give Redis memory enough, and the policy ``noeviction``: one that drops keys when memory is short lets replays in,
    and so does a replica that takes over without having seen the last ids.
    """

    def __init__(self, redis: Redis) -> None:
        """Take a client: a ``redis.Redis``, not one of ``redis.asyncio``, and no pipeline."""
        self._redis = redis

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id. Raises redis.RedisError if Redis does not answer, or answers with an error."""
        answer = self._redis.set(id, "1", nx=True, ex=seconds)
        if answer is None or answer is True:
            return answer is True
        raise TypeError(f"a redis.Redis is expected, not {type(self._redis).__name__}, which answers later")

    def forget(self, id: str) -> None:
        """Forget an id. Raises redis.RedisError."""
        self._redis.delete(id)


class MemoryReplayStore:
    """Ids in this object, for tests: no other process knows of them, and none is ever dropped. Threads may share it."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        """Take the clock: Unix seconds."""
        self._clock = clock
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id."""
        now = self._clock()
        with self._lock:
            if self._until.get(id, now) > now:
                return False
            self._until[id] = now + seconds
            return True

    def forget(self, id: str) -> None:
        """Forget an id."""
        with self._lock:
            self._until.pop(id, None)

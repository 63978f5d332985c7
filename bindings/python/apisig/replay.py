"""Replay protection: admit a signed request once.

A valid signature stays valid until it expires, and most vendors' never do. ReplayGuard remembers the ones that came.
PHP has the same classes and the same keys: both may share one Redis, or one table.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Protocol

from ._errors import InvalidArgument, Status
from ._native import Presented, clock, presented

if TYPE_CHECKING:
    from redis import Redis
    from redis.asyncio import Redis as AsyncRedis


class ReplayId(NamedTuple):
    """What to remember of a request: ``replay_id`` of each vendor's class returns it, and a ReplayGuard takes it.

    All spellings of one signature have the same id, in every language.
    """

    id: str
    """The vendor and a hash, such as "kayako:73475cb4…"; nothing secret."""
    seconds: int | None
    """For how long the signature is valid, 1 or more; None: it never expires."""


def replay_id(vendor: str, signature: Presented, seconds: int | None = None, any_case: bool = False) -> ReplayId:
    """Return the id of a signature. SHA-256 is a short name for it here, and signs nothing."""
    raw = presented(signature)
    return ReplayId(f"{vendor}:{hashlib.sha256(raw.lower() if any_case else raw).hexdigest()}", seconds)


def _seconds(name: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidArgument(f"{name} is not an integer of 1 or more. Pass a number of seconds.", Status.ARGUMENT)
    return value


class ReplayStore(Protocol):
    """Where a ReplayGuard remembers ids. All processes of one application share one store."""

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id for so many seconds, and return whether it is new, in one atomic step.

        Of any number of callers at the same time only one gets True.

        seconds: 1 or more.

        Raises if the store fails, or cannot tell: True would admit a replay, False would refuse a new request.
        """

    def forget(self, id: str) -> None:
        """Forget an id, if it is remembered. Raises if the store fails."""


class AsyncReplayStore(Protocol):
    """As ReplayStore, for an event loop."""

    async def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id, as ReplayStore does."""

    async def forget(self, id: str) -> None:
        """Forget an id, if it is remembered. Raises if the store fails."""


class _Guard:
    LONGEST = 30 * 24 * 3600
    """30 days."""
    _MOST = 10 * 365 * 24 * 3600
    """Ten years: more than that is more than some stores can count."""

    def __init__(self, store: Any, application: str, *, longest: int = LONGEST) -> None:
        """Make a guard of a store.

        application: the name of yours, not empty, such as "shop". It is part of every key: two applications that share
        a store each admit a request that both receive. All processes of one application, in Python and PHP, use the
        same name.
        longest: for how many seconds an id is remembered whose signature never expires, 1 or more, at most ten years.
        After that the same request is admitted again.

        Raises InvalidArgument.
        """
        if not isinstance(application, str) or not application:
            raise InvalidArgument("application is the name of your application: a text, not empty.", Status.ARGUMENT)
        if _seconds("longest", longest) > self._MOST:
            raise InvalidArgument("longest is more than ten years. Pass fewer seconds.", Status.ARGUMENT)
        self._store, self._longest = store, longest
        self._prefix = f"apisig:{application}:"

    def _remembered(self, id: ReplayId) -> tuple[str, int]:
        seconds = self._longest if id.seconds is None else _seconds("seconds", id.seconds)
        return self._prefix + id.id, min(seconds, self._MOST)


class ReplayGuard(_Guard):
    """Admits a signed request once.

    Ask it only after the signature is verified: otherwise untrusted input decides which ids are remembered.
    """

    if TYPE_CHECKING:

        def __init__(self, store: ReplayStore, application: str, *, longest: int = _Guard.LONGEST) -> None: ...

    def admit(self, id: ReplayId) -> bool:
        """Return whether the request comes for the first time.

        With True its id is remembered: if handling the request fails then, forget() the id to admit it again.

        Raises what the store raises if it fails: admit nothing then. The id may be remembered. Raises InvalidArgument
        if the seconds of the id are not an integer of 1 or more; more than ten years are ten years.
        """
        # What is no answer, such as a coroutine, would be true.
        return self._store.remember_if_new(*self._remembered(id)) is True

    def forget(self, id: ReplayId) -> None:
        """Admit the same request once more. Raises what the store raises."""
        self._store.forget(self._prefix + id.id)


class AsyncReplayGuard(_Guard):
    """Admits a signed request once, as ReplayGuard, without a thread: for an event loop and its AsyncReplayStore."""

    if TYPE_CHECKING:

        def __init__(self, store: AsyncReplayStore, application: str, *, longest: int = _Guard.LONGEST) -> None: ...

    async def admit(self, id: ReplayId) -> bool:
        """Return whether the request comes for the first time, as ReplayGuard.admit() does."""
        return await self._store.remember_if_new(*self._remembered(id)) is True

    async def forget(self, id: ReplayId) -> None:
        """Admit the same request once more. Raises what the store raises."""
        await self._store.forget(self._prefix + id.id)


class RedisReplayStore:
    """Ids in Redis, by redis-py (``pip install apisig[redis]``): for any number of servers.

    Give Redis enough memory, and the policy ``noeviction``. A server that evicts keys admits replays, and so does a
    replica that takes over without the last ids.
    """

    def __init__(self, redis: Redis) -> None:
        """Make a store of a client: a ``redis.Redis``, with retries or without, not one of ``redis.asyncio``."""
        self._redis = redis

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id. Raises redis.RedisError if Redis does not answer, or answers with an error.

        redis-py repeats a command whose answer was lost, and SET NX then finds the key that it set itself. So each call
        sets a value of its own: the id is new if Redis has that value afterwards.
        """
        value = secrets.token_hex(16)
        return _has(value, _adding(self._redis, id, value, seconds).execute())

    def forget(self, id: str) -> None:
        """Forget an id. Raises redis.RedisError."""
        (_,) = _forgetting(self._redis, id).execute()


class AsyncRedisReplayStore:
    """The same ids in Redis, by redis.asyncio: for an AsyncReplayGuard. What RedisReplayStore says is true here too."""

    def __init__(self, redis: AsyncRedis) -> None:
        """Make a store of a client: a ``redis.asyncio.Redis``, with retries or without."""
        self._redis = redis

    async def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id. Raises redis.RedisError if Redis does not answer, or answers with an error."""
        value = secrets.token_hex(16)
        return _has(value, await _adding(self._redis, id, value, seconds).execute())

    async def forget(self, id: str) -> None:
        """Forget an id. Raises redis.RedisError."""
        (_,) = await _forgetting(self._redis, id).execute()


def _adding(redis: Redis | AsyncRedis, id: str, value: str, seconds: int) -> Any:
    """Return the transaction that sets an id to a value if it is new, and reads the value that it has."""
    transaction: Any = redis.pipeline()
    return transaction.set(id, value, nx=True, ex=seconds).get(id)


def _has(value: str, answers: list[Any]) -> bool:
    _, held = answers
    return held in (value, value.encode())


def _forgetting(redis: Redis | AsyncRedis, id: str) -> Any:
    transaction: Any = redis.pipeline()
    return transaction.delete(id)


class MemoryReplayStore:
    """Ids in this object, for tests: other processes do not see them, and none is ever dropped. It is thread-safe."""

    def __init__(self, clock: Callable[[], float] = clock) -> None:
        """Make an empty store. clock: returns Unix seconds."""
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

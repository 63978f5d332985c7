"""Replay protection in Django's cache."""

from __future__ import annotations

import secrets

from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.db import connections, router

from .._errors import Error


class CacheReplayStore:
    """Ids in a cache of the setting CACHES: Redis, Memcached, the database; local memory for one process.

    A cache that evicts an id admits its replay, and so does one that is cleared. Give the ids a cache of their own:
    those of Django for database and local memory keep 300 entries, if their MAX_ENTRIES is not set.
    """

    def __init__(self, alias: str = DEFAULT_CACHE_ALIAS) -> None:
        """Make a store of the cache of this name."""
        self._alias = alias

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id.

        Raises what the cache raises. Raises Error for a cache that does not keep values (dummy, or full), for a file
        cache, whose add() is not atomic, and for a database cache in a transaction, as of ATOMIC_REQUESTS.
        """
        cache, value = caches[self._alias], secrets.token_hex(16)
        if isinstance(cache, FileBasedCache):
            raise Error(f"The cache {self._alias} is of files, and has no atomic add(). Use another one.")
        if isinstance(cache, DatabaseCache):
            database = router.db_for_write(cache.cache_model_class)
            if connections[database].in_atomic_block:
                raise Error(
                    f"The cache {self._alias} is in a transaction: what is rolled back is forgotten. Give the cache a "
                    "database of its own, or exempt the view by transaction.non_atomic_requests."
                )
        cache.add(id, value, seconds)
        # Some clients repeat a command whose answer was lost, and their add() then finds what it has set itself.
        held = cache.get(id)
        if held is None:
            raise Error(f"The cache {self._alias} does not keep what it is given. Use another one, or a larger one.")
        return bool(held == value)

    def forget(self, id: str) -> None:
        """Forget an id. Raises what the cache raises."""
        caches[self._alias].delete(id)

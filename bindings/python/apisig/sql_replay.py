"""Replay protection in a table of a database, by any driver of DB-API 2.0: for hosts without Redis."""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import closing, suppress
from math import ceil, floor
from typing import Any, Callable

from ._errors import Error, InvalidArgument, Status
from ._native import clock

_PLACEHOLDERS = {"qmark": "?", "format": "%s", "pyformat": "%s"}


class SqlReplayStore:
    """Ids in one table of a database, which all processes share: SQLite, PostgreSQL, MariaDB, MySQL (untested).

    Make the table once, by create_table() or by the statements of schema() in a migration. Its primary key, the id
    alone, decides which copy of a request is the first: without it a copy raises Error. A row is the SHA-256 of an id,
    and the Unix time until which it is remembered: PHP's PdoReplayStore has the same. Some calls remove the rows that
    have expired. The servers' clocks decide that: keep them together.
    """

    TABLE = "apisig_replays"

    def __init__(
        self,
        connect: Callable[[], Any],
        paramstyle: str,
        *,
        table: str = TABLE,
        cleaning: int = 1000,
        clock: Callable[[], float] = clock,
    ) -> None:
        """Make a store of connections.

        connect: returns a connection of DB-API 2.0, which each call commits and closes: a new one, or one of a pool
        whose close() gives it back. Do not return a connection that is in a transaction.
        paramstyle: the driver's: sqlite3.paramstyle, psycopg.paramstyle, pymysql.paramstyle.
        table: letters, digits and _, with a schema before a dot or without.
        cleaning: on average, one call in this many also removes expired rows; 1 or more.
        clock: returns Unix seconds.

        Raises InvalidArgument for any other paramstyle, table name or interval.
        """
        if paramstyle not in _PLACEHOLDERS:
            raise InvalidArgument("paramstyle is not qmark, format or pyformat. Pass the driver's.", Status.ARGUMENT)
        if not re.fullmatch(r"(\w+\.)?\w+", table, re.ASCII):
            raise InvalidArgument("table has a character that is no letter, digit or _.", Status.ARGUMENT)
        if cleaning < 1:
            raise InvalidArgument("cleaning is below 1. Pass 1 or more calls.", Status.ARGUMENT)
        self._connect, self._table, self._cleaning, self._clock = connect, table, cleaning, clock
        self._placeholder = _PLACEHOLDERS[paramstyle]

    @staticmethod
    def schema(table: str = TABLE) -> list[str]:
        """Return the two statements that make the table and its index."""
        return [
            f"CREATE TABLE {table} (id CHAR(64) NOT NULL PRIMARY KEY, expires_at BIGINT NOT NULL)",
            f"CREATE INDEX {table.rpartition('.')[2]}_expires_at ON {table} (expires_at)",
        ]

    def create_table(self) -> None:
        """Make the table, if it is not there. Raises the driver's exception if the database fails."""
        with closing(self._connect()) as connection:
            try:
                self._execute(connection, "SELECT id, expires_at FROM {} WHERE 1 = 0")
            except Exception:
                connection.rollback()
                for statement in self.schema(self._table):
                    self._change(connection, statement)

    def remember_if_new(self, id: str, seconds: int) -> bool:
        """Remember an id.

        Raises the driver's exception if the database fails, and Error if the table has no primary key on id alone.
        """
        with closing(self._connect()) as connection:
            is_new = self._added(connection, id, seconds)
            if secrets.randbelow(self._cleaning) == 0:
                # A failed cleanup is ignored: this request is already decided, and a later call cleans up.
                with suppress(Exception):
                    self._remove_expired(connection)
            return is_new

    def remove_expired(self) -> None:
        """Remove the expired rows, as some calls do by themselves. Raises the driver's exception if it fails."""
        with closing(self._connect()) as connection:
            self._remove_expired(connection)

    def forget(self, id: str) -> None:
        """Forget an id. Raises the driver's exception if the database fails."""
        with closing(self._connect()) as connection:
            self._change(connection, "DELETE FROM {} WHERE id = {}", _key(id))

    def _added(self, connection: Any, id: str, seconds: int) -> bool:
        now, key = self._clock(), _key(id)
        until = min(ceil(now) + seconds, 2**63 - 1)
        # By itself: MySQL would lock what is between the rows until the end of the transaction.
        self._change(connection, "DELETE FROM {} WHERE id = {} AND expires_at <= {}", key, floor(now))
        try:
            self._change(connection, "INSERT INTO {} (id, expires_at) VALUES ({}, {})", key, until)
        except Exception:
            # Drivers report a duplicate key by different exceptions, so look the key up.
            connection.rollback()
            if not self._rows(connection, key):
                raise
            return False
        if self._rows(connection, key) > 1:
            raise Error(f"The table {self._table} has no primary key on id alone. Drop it and call create_table().")
        return True

    def _rows(self, connection: Any, key: str) -> int:
        return len(self._execute(connection, "SELECT 1 FROM {} WHERE id = {}", key).fetchall())

    def _remove_expired(self, connection: Any) -> None:
        self._change(connection, "DELETE FROM {} WHERE expires_at <= {}", floor(self._clock()))

    def _change(self, connection: Any, statement: str, *values: object) -> None:
        self._execute(connection, statement, *values)
        connection.commit()

    def _execute(self, connection: Any, statement: str, *values: object) -> Any:
        cursor = connection.cursor()
        cursor.execute(statement.format(self._table, *[self._placeholder] * len(values)), values)
        return cursor


def _key(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()

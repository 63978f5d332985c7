"""Servers of databases, in folders of their own, on loopback. Neither runs as root."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import psycopg
import pymysql  # type: ignore[import-untyped]
import pytest

from local_server import free_port, program

Connect = Callable[[], Any]


@contextmanager
def postgresql() -> Iterator[str]:
    """Run PostgreSQL, and return what psycopg connects with."""
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    binaries = Path(_installed(found[0] if found else None)).parent
    with _folder("postgres") as (folder, options):
        data, port = folder / "data", free_port()
        initialize = [str(binaries / "initdb"), "-D", str(data), "-U", "apisig", "-A", "trust", "--no-sync"]
        subprocess.run(initialize, check=True, stdout=subprocess.DEVNULL, cwd=folder, **options)
        command = [str(binaries / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", "-F"]
        with program(command, port, cwd=folder, stderr=subprocess.DEVNULL, **options):
            place = f"host=127.0.0.1 port={port} user=apisig dbname=postgres"
            _answered(lambda: psycopg.connect(place), psycopg.Error)
            yield place


@contextmanager
def mariadb() -> Iterator[str]:
    """Run MariaDB, and return the socket where PyMySQL connects to its database "test"."""
    server = _installed(shutil.which("mariadbd", path="/usr/sbin"))
    with _folder("nobody") as (folder, options):
        port = free_port()
        # Without the tables of its users, it takes everyone for the administrator.
        own = [f"--datadir={folder}", f"--socket={folder}/socket", "--bind-address=127.0.0.1", "--skip-grant-tables"]

        command = [server, "--no-defaults", *own, f"--port={port}", "--innodb-flush-log-at-trx-commit=0"]
        with program(command, port, cwd=folder, stderr=subprocess.DEVNULL, **options):
            root = {"unix_socket": f"{folder}/socket", "user": "root", "ssl_disabled": True}
            with _answered(lambda: pymysql.connect(**root), pymysql.Error) as connection:
                connection.cursor().execute("CREATE DATABASE test")
            yield f"{folder}/socket"


def _installed(server: str | None) -> str:
    if server is None:
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)("the server is not installed")
    return server


@contextmanager
def _folder(user: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Make a folder, and return the options by which a program runs as its owner, who is not root."""
    with tempfile.TemporaryDirectory(prefix="apisig-") as name:
        if os.geteuid() != 0:
            yield Path(name), {}
            return
        owner = pwd.getpwnam(user)
        os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Path(name), {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _answered(connect: Connect, unready: type[Exception]) -> Any:
    """Return a connection: a server listens before it answers."""
    for _ in range(200):
        try:
            return connect()
        except unready:
            sleep(0.05)
    return connect()

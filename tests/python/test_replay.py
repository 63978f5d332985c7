"""A signed request is admitted once: by one process, and by many that share a Redis."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import redis
import redis.asyncio
from databases import mariadb, postgresql
from django.test import override_settings
from django_site import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

import apisig
from apisig.django.replay import CacheReplayStore
from conftest import refuses
from local_server import free_port

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
URL = "/v2/origin/custom/1/connect"


@pytest.fixture
def client(redis_port: int) -> Iterator[redis.Redis]:
    with redis.Redis(port=redis_port) as connected:
        connected.flushall()
        yield connected


def hashed(signature: str) -> str:
    return hashlib.sha256(signature.encode()).hexdigest()


def test_ids_are_those_that_php_makes() -> None:
    one = "73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049"
    assert one == hashed("42")
    assert apisig.Kayako.replay_id("42") == ("kayako:" + one, None)
    assert apisig.Mor.replay_id("42") == ("mor:" + one, None)
    assert apisig.RetailCrm.replay_id("42") == ("retailcrm:" + one, None)
    token = apisig.ImbaChat(SECRET).sign(1, 60, 1000)
    assert apisig.ImbaChat.replay_id(token, 1000) == ("imbachat:" + hashed(token), 60)
    assert apisig.Kommo.webhook_replay_id("42") == ("kommo-webhook:" + one, None)
    assert apisig.Kommo.replay_id({"x-signature": "42"}, 900) == ("kommo:" + one, 1801)
    assert apisig.Kommo.replay_id({"X-Signature": ["42"]}, 0) == ("kommo:" + one, 1)
    assert apisig.Kommo.replay_id({"X-Signature": "42"}, 2**63 - 1) == ("kommo:" + one, 2**31 + 1)


def test_all_spellings_of_a_signature_have_one_id() -> None:
    kayako = apisig.Kayako("secret")
    signature = kayako.sign("2")
    assert "+" in signature
    for spelled in (signature, signature.replace("+", " "), f"{signature}\n", f"\t{signature}"):
        assert kayako.verify_request("key", {"apikey": "key", "salt": "2", "signature": spelled})
        assert apisig.Kayako.replay_id(spelled) == apisig.Kayako.replay_id(signature)


def test_no_id_is_remembered_for_more_than_ten_years(table: Path) -> None:
    guard = apisig.ReplayGuard(sqlite(table, clock=lambda: 0), "shop")
    assert guard.admit(apisig.ReplayId("one", 2**63 - 1))
    assert [expires_at for _, expires_at in rows(table)] == [10 * 365 * 24 * 3600]
    with pytest.raises(apisig.InvalidArgument, match="longest is more than ten years"):
        apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop", longest=10 * 365 * 24 * 3600 + 1)


@pytest.mark.parametrize("seconds", [0, -5, 1.5, True, float("nan"), "60"], ids=str)
def test_seconds_are_an_integer_of_1_or_more(seconds: Any) -> None:
    with pytest.raises(apisig.InvalidArgument, match="longest is not an integer of 1 or more"):
        apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop", longest=seconds)
    with pytest.raises(apisig.InvalidArgument, match="seconds is not an integer of 1 or more"):
        apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop").admit(apisig.ReplayId("one", seconds))


def test_the_key_names_the_application() -> None:
    keys: list[str] = []

    class Store:
        def remember_if_new(self, id: str, seconds: int) -> bool:
            keys.append(id)
            return True

        def forget(self, id: str) -> None:
            keys.append(id)

    guard, id = apisig.ReplayGuard(Store(), "shop"), apisig.Mor.replay_id("42")
    guard.admit(id)
    guard.forget(id)
    assert keys == ["apisig:shop:mor:" + hashed("42")] * 2
    # Both receive one webhook.
    shared = apisig.MemoryReplayStore()
    for application in ("shop", "crm"):
        assert [apisig.ReplayGuard(shared, application).admit(id) for _ in range(2)] == [True, False]


def test_helpdesks_that_choose_the_same_salt_do_not_collide() -> None:
    guard = apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop")
    for kayako in (apisig.Kayako("secret of A"), apisig.Kayako("secret of B")):
        assert guard.admit(apisig.Kayako.replay_id(kayako.sign("1234567890")))


def test_a_token_is_remembered_until_it_expires() -> None:
    now = start = 1_700_000_000
    imbachat, guard = apisig.ImbaChat(SECRET), apisig.ReplayGuard(apisig.MemoryReplayStore(lambda: now), "shop")
    token = imbachat.sign(7, 60, now)
    assert guard.admit(apisig.ImbaChat.replay_id(token, now, 30))
    for now in range(start, start + 90):
        assert imbachat.verify(token, now, 30)
        assert not guard.admit(apisig.ImbaChat.replay_id(token, now, 30))
    assert not imbachat.verify(token, start + 90, 30)


def test_other_spellings_of_a_signature_have_one_id() -> None:
    kommo, retailcrm = apisig.Kommo(SECRET), apisig.RetailCrm(SECRET)
    headers = kommo.sign("POST", URL, b"{}")
    spelled = {"X-SIGNATURE": [headers["X-Signature"].upper()], **headers}
    del spelled["X-Signature"]
    assert kommo.verify("POST", URL, b"{}", spelled)
    assert apisig.Kommo.replay_id(spelled, 900) == apisig.Kommo.replay_id(headers, 900)

    webhook, token = kommo.sign_webhook(b"x"), retailcrm.sign("key")
    assert kommo.verify_webhook(b"x", webhook.upper()) and retailcrm.verify("key", token.upper())
    assert apisig.Kommo.webhook_replay_id(webhook.upper().encode()) == apisig.Kommo.webhook_replay_id(webhook)
    assert apisig.RetailCrm.replay_id(token.upper()) == apisig.RetailCrm.replay_id(token)

    # These are verified in one spelling only.
    for make in (apisig.Kayako.replay_id, apisig.Mor.replay_id):
        assert make("a") != make("A")


def test_how_long_is_the_callers_own_to_say() -> None:
    refuses(
        lambda: apisig.Kommo.replay_id({}, -1),
        lambda: apisig.Kommo.replay_id({}, 2**63),
        lambda: apisig.ImbaChat.replay_id("x", leeway=-1),
        lambda: apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop", longest=0),
        lambda: apisig.ReplayGuard(apisig.MemoryReplayStore(), ""),
        lambda: apisig.ReplayGuard(apisig.MemoryReplayStore(), 3600),  # type: ignore[arg-type]
    )
    for unread in ("", "x", "a.b.c", None):
        with pytest.raises(apisig.VerificationFailed) as failed:
            apisig.ImbaChat.replay_id(unread)
        assert failed.value.status is apisig.Status.MALFORMED


def admitted_once(store: apisig.ReplayStore) -> None:
    guard = apisig.ReplayGuard(store, "shop")
    one, other = apisig.Kayako.replay_id("one"), apisig.Kayako.replay_id("other")
    assert [guard.admit(id) for id in (one, one, other, one)] == [True, False, True, False]
    guard.forget(one)
    guard.forget(one)
    assert [guard.admit(id) for id in (one, one, other)] == [True, False, False]


def test_memory() -> None:
    admitted_once(apisig.MemoryReplayStore())
    now = 1000.0
    guard = apisig.ReplayGuard(apisig.MemoryReplayStore(lambda: now), "shop", longest=50)
    for id, seconds in ((apisig.ReplayId("x", 10), 10), (apisig.Mor.replay_id("x"), 50)):
        assert guard.admit(id)
        now += seconds - 1
        assert not guard.admit(id)
        now += 1
        assert guard.admit(id)


@pytest.mark.parametrize("options", [{}, {"decode_responses": True}, {"decode_responses": True, "protocol": 3}])
def test_every_kind_of_client(options: dict[str, Any], client: redis.Redis, redis_port: int) -> None:
    with redis.Redis(port=redis_port, **options) as connected:
        admitted_once(apisig.RedisReplayStore(connected))


def test_redis_remembers_as_long_as_it_has_to(client: redis.Redis) -> None:
    guard = apisig.ReplayGuard(apisig.RedisReplayStore(client), "shop")
    headers = apisig.Kommo(SECRET).sign("POST", URL)
    for id, seconds in ((apisig.Kommo.replay_id(headers, 900), 1801), (apisig.Mor.replay_id("x"), 30 * 24 * 3600)):
        assert guard.admit(id)
        assert seconds - 10 < client.ttl("apisig:shop:" + id.id) <= seconds
    # As of a token that expires after the year 9999.
    assert guard.admit(apisig.ReplayId("10000 years", 10_000 * 366 * 24 * 3600))
    short = apisig.ReplayId("short", 1)
    assert guard.admit(short)
    sleep(1.1)
    assert guard.admit(short)


class Lossy(socketserver.StreamRequestHandler):
    """Passes commands on to Redis, and closes instead of answering the first ones."""

    redis_port, lose = 0, 0

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.redis_port)) as upstream:
            while command := self.request.recv(65536):
                upstream.sendall(command)
                answer = upstream.recv(65536)
                if b"apisig:" in command and Lossy.lose > 0:
                    Lossy.lose -= 1
                    return
                self.request.sendall(answer)


@pytest.fixture
def lossy_port(redis_port: int, client: redis.Redis) -> Iterator[int]:
    Lossy.redis_port = redis_port
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Lossy) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, args=(0.01,)).start()
        yield proxy.server_address[1]
        proxy.shutdown()


@pytest.mark.parametrize("retries", [None, 0, 1, 5])
@pytest.mark.parametrize("lost", [1, 2])
def test_a_request_is_admitted_once_although_answers_are_lost(retries: int | None, lost: int, lossy_port: int) -> None:
    options: dict[str, Any] = {} if retries is None else {"retry": Retry(NoBackoff(), retries)}
    with redis.Redis(port=lossy_port, **options) as lossy:
        guard, id = apisig.ReplayGuard(apisig.RedisReplayStore(lossy), "shop"), apisig.Mor.replay_id("42")
        lossy.ping()
        Lossy.lose = lost
        try:
            assert guard.admit(id)
        except redis.ConnectionError:
            assert retries is not None and retries < lost
        Lossy.lose = 0
        assert not guard.admit(id)
        Lossy.lose = lost
        with suppress(redis.ConnectionError):
            guard.forget(id)
        Lossy.lose = 0
        assert [guard.admit(id) for _ in range(2)] == [True, False]


def test_a_store_that_fails_lets_nothing_in(client: redis.Redis) -> None:
    down = redis.Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
    guard = apisig.ReplayGuard(apisig.RedisReplayStore(down), "shop")
    for call in (guard.admit, guard.forget):
        with pytest.raises(redis.ConnectionError):
            call(apisig.Mor.replay_id("x"))
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(redis.RedisError):
            apisig.ReplayGuard(apisig.RedisReplayStore(client), "shop").admit(apisig.Mor.replay_id("x"))
    finally:
        client.config_set("maxmemory", 0)


@pytest.mark.filterwarnings("ignore:coroutine")
def test_what_answers_later_is_no_answer(client: redis.Redis) -> None:
    async def in_a_loop() -> None:
        wrong: Any = redis.asyncio.Redis(host="127.0.0.1", port=1)
        guard = apisig.ReplayGuard(apisig.RedisReplayStore(wrong), "shop")
        for call in (guard.admit, guard.forget):
            with pytest.raises(TypeError):
                call(apisig.Mor.replay_id("x"))

    asyncio.run(in_a_loop())
    # A pipeline is not used itself.
    admitted_once(apisig.RedisReplayStore(client.pipeline()))

    class Later:
        async def remember_if_new(self, id: str, seconds: int) -> bool:
            return True

        def forget(self, id: str) -> None:
            pass

    asynchronous: Any = Later()
    assert not apisig.ReplayGuard(asynchronous, "shop").admit(apisig.Mor.replay_id("x"))


WORKER = f"""
import sys
import apisig

place, copies, *headers = sys.argv[1:]
names = ("Date", "Content-Type", "Content-MD5", "X-Signature")
kommo = apisig.Kommo({SECRET!r})
STORE
guard = apisig.ReplayGuard(store, "shop")
print("ready", flush=True)
sys.stdin.readline()
admitted = 0
for _ in range(int(copies)):
    received = dict(zip(names, headers))
    kommo.check("POST", {URL!r}, b"{{}}", received)
    admitted += guard.admit(apisig.Kommo.replay_id(received, 900))
print(admitted)
"""
DJANGO = """
from django.conf import settings
from apisig.django.replay import CacheReplayStore
settings.configure(CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": place}})
store = CacheReplayStore()
"""
STORES = {
    "redis": "import redis; store = apisig.RedisReplayStore(redis.Redis.from_url(place))",
    "sqlite": "import sqlite3; store = apisig.SqlReplayStore(lambda: sqlite3.connect(place, 60), sqlite3.paramstyle)",
    "postgresql": "import psycopg; store = apisig.SqlReplayStore(lambda: psycopg.connect(place), psycopg.paramstyle)",
    "mariadb": """
import pymysql
connect = lambda: pymysql.connect(unix_socket=place, user="root", database="test", ssl_disabled=True)
store = apisig.SqlReplayStore(connect, pymysql.paramstyle)
""",
    "django's cache": DJANGO,
}


@pytest.fixture
def place(kind: str, client: redis.Redis, redis_port: int, table: Path) -> Iterator[str]:
    """Where the processes find their store, which is empty."""
    places: dict[str, AbstractContextManager[str]] = {
        "sqlite": nullcontext(str(table)),
        "postgresql": postgresql(),
        "mariadb": mariadb(),
    }
    with places.get(kind, nullcontext(f"redis://127.0.0.1:{redis_port}")) as place:
        if kind in ("postgresql", "mariadb"):
            created(kind, place).create_table()
        yield place


def created(kind: str, place: str) -> Any:
    """Return the store of a kind, as the processes make it."""
    names: dict[str, Any] = {"apisig": apisig, "place": place}
    exec(STORES[kind], names)
    return names["store"]


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_databases_on_servers(kind: str, place: str) -> None:
    store = created(kind, place)
    store.create_table()
    admitted_once(store)
    assert copies_that_threads_take(store) == list(range(125))
    now = 1000
    store._clock = lambda: now
    guard, id = apisig.ReplayGuard(store, "crm"), apisig.ReplayId("short", 10)
    assert [guard.admit(id) for _ in range(2)] == [True, False]
    now += 10
    assert guard.admit(id)


@pytest.mark.parametrize("kind", STORES)
def test_of_a_thousand_copies_that_processes_take_at_the_same_time_one_is_let_in(kind: str, place: str) -> None:
    headers = apisig.Kommo(SECRET).sign("POST", URL, b"{}")
    processes, copies = 8, 125
    program = WORKER.replace("STORE", STORES[kind])
    command = [sys.executable, "-c", program, place, str(copies), *headers.values()]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers: list[Any] = [subprocess.Popen(command, **pipes) for _ in range(processes)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * processes
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    admitted = [int(worker.communicate(timeout=120)[0]) for worker in workers]
    assert len(admitted) * copies == 1000
    assert sorted(admitted) == [0] * (processes - 1) + [1]


@pytest.mark.parametrize("shared", ["memory", "redis", "sqlite", "django's cache"])
def test_of_copies_that_threads_take_at_the_same_time_one_is_let_in(
    shared: str, client: redis.Redis, redis_port: int, table: Path
) -> None:
    stores: dict[str, apisig.ReplayStore] = {
        "memory": apisig.MemoryReplayStore(),
        "redis": apisig.RedisReplayStore(client),
        "sqlite": sqlite(table),
        "django's cache": CacheReplayStore("redis"),
    }
    cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"redis://127.0.0.1:{redis_port}"}
    with override_settings(CACHES={**settings.CACHES, "redis": cache}):
        assert copies_that_threads_take(stores[shared]) == list(range(125))


def copies_that_threads_take(store: apisig.ReplayStore) -> list[int]:
    """Return those of 125 requests that are admitted, when each comes to 8 threads at the same time."""
    guard, gate = apisig.ReplayGuard(store, "shop"), threading.Barrier(8)
    admitted: list[tuple[int, bool]] = []

    def work() -> None:
        for number in range(125):
            gate.wait()
            admitted.append((number, guard.admit(apisig.Kayako.replay_id(str(number)))))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 1000
    return sorted(number for number, first in admitted if first)


def test_of_a_thousand_copies_that_tasks_take_at_the_same_time_one_is_let_in(
    client: redis.Redis, redis_port: int
) -> None:
    async def admitted(options: dict[str, Any]) -> list[bool]:
        pool = redis.asyncio.BlockingConnectionPool(port=redis_port, max_connections=50, **options)
        async with redis.asyncio.Redis.from_pool(pool) as shared:
            guard = apisig.AsyncReplayGuard(apisig.AsyncRedisReplayStore(shared), "shop")
            once = apisig.Kayako.replay_id("42")
            answers = await asyncio.gather(*(guard.admit(once) for _ in range(1000)))
            await guard.forget(once)
            return [*answers, await guard.admit(once), await guard.admit(once)]

    options: list[dict[str, Any]] = [{}, {"decode_responses": True, "protocol": 3}]
    for kind in options:
        client.flushall()
        answers = asyncio.run(admitted(kind))
        assert (sum(answers[:1000]), answers[1000:]) == (1, [True, False])
        # It is the key that the others have.
        assert not apisig.ReplayGuard(apisig.RedisReplayStore(client), "shop").admit(apisig.Kayako.replay_id("42"))


def test_an_asynchronous_store_that_fails_lets_nothing_in() -> None:
    async def fails() -> None:
        down = redis.asyncio.Redis(port=free_port(), retry=AsyncRetry(NoBackoff(), 0))
        guard = apisig.AsyncReplayGuard(apisig.AsyncRedisReplayStore(down), "shop")
        for call in (guard.admit, guard.forget):
            with pytest.raises(redis.ConnectionError):
                await call(apisig.Mor.replay_id("x"))

    asyncio.run(fails())


def sqlite(table: Path, **options: Any) -> apisig.SqlReplayStore:
    return apisig.SqlReplayStore(lambda: sqlite3.connect(table, timeout=60), sqlite3.paramstyle, **options)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A database with the table, which is empty."""
    sqlite(tmp_path / "database").create_table()
    return tmp_path / "database"


def test_a_table(table: Path) -> None:
    admitted_once(sqlite(table))
    sqlite(table).create_table()
    with closing(sqlite3.connect(table)) as connection:
        made = connection.execute("SELECT name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    assert sorted(made) == [("apisig_replays",), ("apisig_replays_expires_at",)]
    # What it has is what any process sees.
    assert not apisig.ReplayGuard(sqlite(table), "shop").admit(apisig.Kayako.replay_id("one"))


def test_rows_that_have_expired_are_removed(table: Path) -> None:
    now = 1000.5
    store = sqlite(table, cleaning=2**62, clock=lambda: now)
    guard = apisig.ReplayGuard(store, "shop", longest=50)
    short, long = apisig.ReplayId("short", 10), apisig.Mor.replay_id("long")
    assert guard.admit(short) and guard.admit(long)
    for then, expected in ((1010.4, False), (1011.0, True)):
        now = then
        assert guard.admit(short) is expected
    now = 1100.0
    last = (hashed("end of time"), 2**63 - 1)
    assert store.remember_if_new("end of time", 2**63 - 1)
    assert len(rows(table)) == 3
    store.remove_expired()
    assert rows(table) == [last]
    # As one of many calls does.
    assert sqlite(table, cleaning=1, clock=lambda: now).remember_if_new("short", 10)
    now += 10
    assert sqlite(table, cleaning=1, clock=lambda: now).remember_if_new("new", 10)
    assert sorted(rows(table)) == sorted([last, (hashed("new"), 1120)])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb"])
def test_a_table_without_a_primary_key_admits_no_copy(kind: str, place: str) -> None:
    store = created(kind, place)
    for key in ("", ", PRIMARY KEY (id, expires_at)"):
        with closing(store._connect()) as connection:
            store._change(connection, "DROP TABLE {}")
            store._change(connection, "CREATE TABLE {} (id CHAR(64) NOT NULL, expires_at BIGINT NOT NULL" + key + ")")
        assert store.remember_if_new("a", 60)
        for seconds in (61, 62):
            with pytest.raises(apisig.Error, match="apisig_replays has no primary key on id alone"):
                store.remember_if_new("a", seconds)


def rows(table: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(table)) as connection:
        return connection.execute("SELECT id, expires_at FROM apisig_replays").fetchall()


class Formatted(sqlite3.Connection):
    """Takes %s, as the drivers of PostgreSQL and MySQL do."""

    def cursor(self, *_: Any) -> Any:
        cursor = super().cursor()

        class Cursor:
            def execute(self, statement: str, values: Any) -> Any:
                return cursor.execute(statement.replace("%s", "?"), values)

            fetchall = staticmethod(cursor.fetchall)

        return Cursor()


def test_drivers_with_another_style_of_parameters(table: Path) -> None:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(table, factory=Formatted)

    for style in ("format", "pyformat"):
        store = apisig.SqlReplayStore(connect, style)
        admitted_once(store)
        for id in ("one", "other"):
            store.forget("apisig:shop:" + apisig.Kayako.replay_id(id).id)
    refuses(
        lambda: apisig.SqlReplayStore(connect, "named"),
        lambda: apisig.SqlReplayStore(connect, "qmark", table="x; DROP TABLE y"),
        lambda: apisig.SqlReplayStore(connect, "qmark", table="a\n"),
        lambda: apisig.SqlReplayStore(connect, "qmark", cleaning=0),
    )


def test_a_database_that_fails_lets_nothing_in(tmp_path: Path) -> None:
    guard = apisig.ReplayGuard(sqlite(tmp_path / "without a table"), "shop")
    for call in (guard.admit, guard.forget):
        with pytest.raises(sqlite3.OperationalError):
            call(apisig.Mor.replay_id("x"))


def test_djangos_cache() -> None:
    admitted_once(CacheReplayStore())


TRANSACTION = """
import sys
import django
from django.conf import settings
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    CACHES={"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}},
)
django.setup()
from django.core.management import call_command
from django.db import transaction
import apisig
from apisig.django.replay import CacheReplayStore
call_command("createcachetable")
store = CacheReplayStore()
try:
    with transaction.atomic():
        store.remember_if_new("a", 60)
except apisig.Error as error:
    print(error)
print(store.remember_if_new("a", 60), store.remember_if_new("a", 60))
"""


def test_a_transaction_that_may_be_rolled_back_lets_nothing_in(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", TRANSACTION, tmp_path / "db"], capture_output=True, text=True)
    assert run.stdout.startswith("The cache default is in a transaction"), run.stderr
    assert run.stdout.endswith("\nTrue False\n")


@pytest.mark.parametrize("backend", ["dummy.DummyCache", "filebased.FileBasedCache"])
def test_a_cache_that_cannot_tell_lets_nothing_in(backend: str, tmp_path: Path) -> None:
    cache = {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": str(tmp_path)}
    with override_settings(CACHES={"default": cache}), pytest.raises(apisig.Error, match="Use another one"):
        apisig.ReplayGuard(CacheReplayStore(), "shop").admit(apisig.Mor.replay_id("x"))

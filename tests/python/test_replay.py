"""A signed request is let in once: by one process, and by many that share a Redis."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from time import sleep
from typing import Any, Callable

import pytest
import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

import apisig

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
    assert apisig.Kayako.replay_id("42") == ("apisig:kayako:" + one, None)
    assert apisig.Mor.replay_id("42") == ("apisig:mor:" + one, None)
    assert apisig.RetailCrm.replay_id("42") == ("apisig:retailcrm:" + one, None)
    assert apisig.ImbaChat.replay_id("42") == ("apisig:imbachat:" + one, 3600)
    assert apisig.ImbaChat.replay_id("42", 60).seconds == 60
    assert apisig.Kommo.webhook_replay_id("42") == ("apisig:kommo-webhook:" + one, None)
    assert apisig.Kommo.replay_id({"x-signature": "42"}) == ("apisig:kommo:" + one, 1801)
    assert apisig.Kommo.replay_id({"X-Signature": ["42"]}, 0) == ("apisig:kommo:" + one, 1)


def test_other_spellings_of_a_signature_have_one_id() -> None:
    kommo, imbachat = apisig.Kommo(SECRET), apisig.ImbaChat(SECRET)
    mor, retailcrm, kayako = apisig.Mor(SECRET), apisig.RetailCrm(SECRET), apisig.Kayako(SECRET)

    headers = kommo.sign("POST", URL, b"{}")
    spelled = {"X-SIGNATURE": [headers["X-Signature"].upper()], **headers}
    del spelled["X-Signature"]
    assert kommo.verify("POST", URL, b"{}", spelled)
    assert apisig.Kommo.replay_id(spelled) == apisig.Kommo.replay_id(headers)

    for make, sign, verify in (
        (apisig.Kommo.webhook_replay_id, lambda: kommo.sign_webhook(b"x"), lambda s: kommo.verify_webhook(b"x", s)),
        (apisig.RetailCrm.replay_id, lambda: retailcrm.sign("key"), lambda s: retailcrm.verify("key", s)),
        (apisig.Mor.replay_id, lambda: mor.sign("1"), lambda s: mor.verify(s, "1")),
    ):
        signature = sign()  # type: ignore[no-untyped-call]
        assert verify(signature.upper())  # type: ignore[no-untyped-call]
        assert make(signature.upper().encode()) == make(signature)

    # These have no other spelling that holds.
    token, signature = imbachat.sign(1), kayako.sign("Salt")
    for other in (token + "=", token.upper(), " " + token, token + "\n"):
        assert not imbachat.verify(other)
    assert apisig.Kayako.replay_id("salt") != apisig.Kayako.replay_id("Salt")
    assert not kayako.verify("salt", signature)


def test_how_long_is_the_callers_own_to_say() -> None:
    calls: list[Callable[[], object]] = [
        lambda: apisig.Kommo.replay_id({}, -1),
        lambda: apisig.Kommo.replay_id({}, 2**63),
        lambda: apisig.ImbaChat.replay_id("x", 0),
        lambda: apisig.ReplayGuard(apisig.MemoryReplayStore(), 0),
    ]
    for call in calls:
        with pytest.raises(apisig.InvalidArgument):
            call()


def admitted_once(store: apisig.ReplayStore) -> None:
    guard = apisig.ReplayGuard(store)
    one, other = apisig.Kayako.replay_id("one"), apisig.Kayako.replay_id("other")
    assert [guard.admit(id) for id in (one, one, other, one)] == [True, False, True, False]
    guard.forget(one)
    guard.forget(one)
    assert [guard.admit(id) for id in (one, one, other)] == [True, False, False]


def test_memory() -> None:
    admitted_once(apisig.MemoryReplayStore())
    now = 1000.0
    guard = apisig.ReplayGuard(apisig.MemoryReplayStore(lambda: now), longest=50)
    for id, seconds in ((apisig.ImbaChat.replay_id("x", 10), 10), (apisig.Mor.replay_id("x"), 50)):
        assert guard.admit(id)
        now += seconds - 1
        assert not guard.admit(id)
        now += 1
        assert guard.admit(id)


def test_redis(client: redis.Redis, redis_port: int) -> None:
    admitted_once(apisig.RedisReplayStore(client))
    client.flushall()
    with redis.Redis(port=redis_port, decode_responses=True) as decoding:
        admitted_once(apisig.RedisReplayStore(decoding))
    guard = apisig.ReplayGuard(apisig.RedisReplayStore(client))
    headers = apisig.Kommo(SECRET).sign("POST", URL)
    for id, seconds in ((apisig.Kommo.replay_id(headers), 1801), (apisig.Mor.replay_id("x"), 30 * 24 * 3600)):
        assert guard.admit(id)
        assert seconds - 10 < client.ttl(id.id) <= seconds
    assert guard.admit(apisig.ImbaChat.replay_id("short", 1))
    sleep(1.1)
    assert guard.admit(apisig.ImbaChat.replay_id("short", 1))


def test_a_store_that_fails_lets_nothing_in(client: redis.Redis) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = redis.Redis(port=free.getsockname()[1], retry=Retry(NoBackoff(), 0))
        guard = apisig.ReplayGuard(apisig.RedisReplayStore(down))
        for call in (guard.admit, guard.forget):
            with pytest.raises(redis.ConnectionError):
                call(apisig.Mor.replay_id("x"))
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(redis.RedisError):
            apisig.ReplayGuard(apisig.RedisReplayStore(client)).admit(apisig.Mor.replay_id("x"))
    finally:
        client.config_set("maxmemory", 0)


@pytest.mark.filterwarnings("ignore:coroutine")
def test_what_answers_later_is_no_answer(client: redis.Redis) -> None:
    def is_refused(wrong: Any) -> None:
        with pytest.raises(TypeError):
            apisig.ReplayGuard(apisig.RedisReplayStore(wrong)).admit(apisig.Mor.replay_id("x"))

    async def in_a_loop() -> None:
        is_refused(redis.asyncio.Redis(host="127.0.0.1", port=1))

    is_refused(client.pipeline())
    asyncio.run(in_a_loop())

    class Later:
        async def remember_if_new(self, id: str, seconds: int) -> bool:
            return True

        def forget(self, id: str) -> None:
            pass

    asynchronous: Any = Later()
    assert not apisig.ReplayGuard(asynchronous).admit(apisig.Mor.replay_id("x"))


WORKER = f"""
import sys
from time import sleep
import redis
import apisig

port, processes, copies, *headers = sys.argv[1:]
names = ("Date", "Content-Type", "Content-MD5", "X-Signature")
kommo = apisig.Kommo({SECRET!r})
client = redis.Redis(port=int(port))
client.incr("ready")
guard = apisig.ReplayGuard(apisig.RedisReplayStore(client))
while int(client.get("ready")) < int(processes):
    sleep(0)
admitted = 0
for _ in range(int(copies)):
    received = dict(zip(names, headers))
    kommo.check("POST", {URL!r}, b"{{}}", received)
    admitted += guard.admit(apisig.Kommo.replay_id(received))
print(admitted)
"""


def test_of_a_thousand_copies_that_processes_take_at_the_same_time_one_is_let_in(
    client: redis.Redis, redis_port: int
) -> None:
    headers = apisig.Kommo(SECRET).sign("POST", URL, b"{}")
    processes, copies = 8, 125
    command = [sys.executable, "-c", WORKER, str(redis_port), str(processes), str(copies), *headers.values()]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    admitted = [int(worker.communicate(timeout=120)[0]) for worker in workers]
    assert len(admitted) * copies == 1000
    assert sorted(admitted) == [0] * (processes - 1) + [1]


@pytest.mark.parametrize("shared", ["memory", "redis"])
def test_of_copies_that_threads_take_at_the_same_time_one_is_let_in(shared: str, client: redis.Redis) -> None:
    store = apisig.MemoryReplayStore() if shared == "memory" else apisig.RedisReplayStore(client)
    guard, gate = apisig.ReplayGuard(store), threading.Barrier(8)
    admitted: list[tuple[int, bool]] = []

    def work() -> None:
        for number in range(100):
            gate.wait()
            admitted.append((number, guard.admit(apisig.Kayako.replay_id(str(number)))))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 800
    assert sorted(number for number, first in admitted if first) == list(range(100))

"""Threads share objects: each call's result is its own, also where no GIL keeps two calls from running at once."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from typing import Callable

import apisig

THREADS, CALLS = 8, 200_000
NOW = 1669231521


def expectations() -> list[tuple[Callable[[], object], object]]:
    """Return calls of all vendors on shared objects, each with its result: texts of the same length, and different."""
    kommo, imbachat = apisig.Kommo("secret", ["the one before"]), apisig.ImbaChat("secret")
    retailcrm, kayako, mor = apisig.RetailCrm("secret"), apisig.Kayako("secret"), apisig.Mor("secret")
    large = bytes(1 << 18)
    calls: list[Callable[[], object]] = [lambda: kommo.sign_webhook(large)]
    for i in range(1, 20):
        text = f"text {i}"
        headers = kommo.sign("POST", "/x", text, NOW)
        token, signature = imbachat.sign(i, 60, NOW), kayako.sign(text)
        calls += [
            lambda text=text: kommo.sign("POST", "/x", text, NOW),  # type: ignore[misc]
            lambda text=text: kommo.sign_webhook(text),  # type: ignore[misc]
            lambda text=text, headers=headers: kommo.check("POST", "/x", text, headers, NOW),  # type: ignore[misc]
            lambda text=text, headers=headers: kommo.verify("POST", "/y", text, headers, NOW),  # type: ignore[misc]
            lambda i=i: imbachat.sign(i, 60, NOW),  # type: ignore[misc]
            lambda token=token: imbachat.check(token, NOW),  # type: ignore[misc]
            lambda text=text: retailcrm.sign(text),  # type: ignore[misc]
            lambda text=text: kayako.sign(text),  # type: ignore[misc]
            lambda text=text, signature=signature: kayako.check(text, signature),  # type: ignore[misc]
            lambda text=text: kayako.encoded_parameters("key", text),  # type: ignore[misc]
            lambda i=i: mor.sign(i),  # type: ignore[misc]
            lambda i=i: mor.sign_request("user_balance_update", {"user_id": i}),  # type: ignore[misc]
        ]
    return [(call, call()) for call in calls]


def in_threads(work: Callable[[int], None]) -> None:
    errors: list[BaseException] = []

    def caught(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=caught, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def shared_objects(calls: int) -> None:
    expected = expectations()
    results = {repr(result) for _, result in expected}
    assert len(results) > len(expected) / 2
    wrong: list[object] = []

    def work(number: int) -> None:
        for i in range(calls // THREADS):
            # Each thread in an order of its own.
            call, result = expected[(i * (2 * number + 1) + number) % len(expected)]
            if call() != result:
                wrong.append(result)

    in_threads(work)
    assert wrong == []


def rotation(calls: int) -> None:
    """Replace the object, and let the last one go, while others sign and check with what they have got."""
    current = apisig.Kayako("secret 0")
    done = threading.Event()

    def rotate() -> None:
        nonlocal current
        number = 0
        while not done.is_set():
            number += 1
            current = apisig.Kayako(f"secret {number}", [f"secret {number - 1}"])

    def work(number: int) -> None:
        for _ in range(calls // THREADS // 3):
            kayako = current
            signature = kayako.sign("salt")
            assert kayako.check("salt", signature) == 0
            assert not kayako.verify("tlas", signature)

    rotating = threading.Thread(target=rotate)
    rotating.start()
    try:
        in_threads(work)
    finally:
        done.set()
        rotating.join()


def test_shared_objects() -> None:
    shared_objects(CALLS)


def test_rotation() -> None:
    rotation(CALLS // 4)


def test_without_the_gil() -> None:
    """Give up the GIL in every call, so that eight run at once and no result is safe from other threads."""
    program = """
import ctypes
ctypes.PyDLL = ctypes.CDLL
import test_threads
from apisig import _native
keeps_the_gil = 4  # FUNCFLAG_PYTHONAPI
assert not _native._status_text._flags_ & keeps_the_gil
test_threads.shared_objects(40_000)
test_threads.rotation(10_000)
print("as expected")
"""
    path = os.pathsep.join([str(Path(__file__).parent), os.environ["PYTHONPATH"]])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    assert (done.stdout, done.stderr) == ("as expected\n", "")


def test_a_forked_process_uses_the_objects_of_its_parent() -> None:
    expected = expectations()
    child = os.fork()
    if child == 0:
        os._exit(0 if all(call() == result for call, result in expected) and apisig.Kayako.salt() else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_free_threaded_build_keeps_the_gil_off() -> None:
    """Nothing here switches the GIL on again, as an extension module that is not made for it does."""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    assert enabled() != bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

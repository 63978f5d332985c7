"""Threads share objects: each call's result is its own, also where no GIL keeps two calls from running at once."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

import test_classes
from prototypes import FUNCTIONS

import apisig

THREADS = 8
LARGE = bytes(1 << 18)
"""The GIL is given up for it."""
ROWS = [
    (name, call)
    for name, calls in test_classes.CALLS.items()
    if FUNCTIONS[name].parameters[0][0].startswith("const apisig_")
    for call in calls[:: len(calls) // 20 + 1]
]
"""Some of the vectors of each function that has a handle. They share one object for each secret."""


def in_threads(work: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        assert [*pool.map(work, range(THREADS))] == [None] * THREADS


def shared_objects(calls: int) -> None:
    kommo = apisig.Kommo("secret")
    signature, wrong = kommo.sign_webhook(LARGE), []

    def work(number: int) -> None:
        for i in range(calls // THREADS):
            # Each thread in an order of its own.
            name, call = ROWS[(i * (2 * number + 1) + number) % len(ROWS)]
            if not test_classes.is_right(name, call) or (i % 100 == 0 and kommo.sign_webhook(LARGE) != signature):
                wrong.append(call)

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

    with ThreadPoolExecutor() as pool:
        rotating = pool.submit(rotate)
        try:
            in_threads(work)
        finally:
            done.set()
        rotating.result()


def test_shared_objects() -> None:
    shared_objects(60_000)


def test_rotation() -> None:
    rotation(50_000)


def test_without_the_gil() -> None:
    """Give up the GIL in every call, so that eight run at once and no result is safe from other threads."""
    program = """
import ctypes, sys
ctypes.PyDLL = ctypes.CDLL
sys.modules["apisig._call"] = None  # It keeps the GIL.
import test_threads
from apisig import _native
keeps_the_gil = 4  # FUNCFLAG_PYTHONAPI
assert not _native._status_text._flags_ & keeps_the_gil
test_threads.shared_objects(20_000)
test_threads.rotation(10_000)
print("as expected")
"""
    path = os.pathsep.join([str(Path(__file__).parent), os.environ["PYTHONPATH"]])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    assert (done.stdout, done.stderr) == ("as expected\n", "")


def test_a_forked_process_uses_the_objects_of_its_parent() -> None:
    assert all(test_classes.is_right(*row) for row in ROWS)
    child = os.fork()
    if child == 0:
        os._exit(0 if all(test_classes.is_right(*row) for row in ROWS) and apisig.Kayako.salt() else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_free_threaded_build_keeps_the_gil_off() -> None:
    """Nothing here switches the GIL on again, as an extension module that is not made for it does."""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    assert enabled() != bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

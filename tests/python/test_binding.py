"""What is Python's own: types, secrets that stay inside, threads."""

from __future__ import annotations

import copy
import hashlib
import importlib
import inspect
import pickle
import re
import signal
import threading
import traceback
from typing import Any, Callable

import pytest

import apisig
from apisig import _abi, _native
from conftest import CLASSES, ROOT

SECRET = "a-very-secret-secret"


def test_every_function_of_the_header_is_used() -> None:
    modules = [path.read_text() for path in (ROOT / "bindings" / "python" / "apisig").glob("*.py")]
    used = set(re.findall(r'function\("(\w+)"', "".join(modules)))
    used |= {
        f"apisig_{kind.__name__.lower()}_{verb}" for kind in CLASSES.values() for verb in ("new", "add_secret", "free")
    }
    assert used | {"apisig_version"} == set(_abi.FUNCTIONS)


def test_every_status_and_mistake_has_a_text_of_its_own() -> None:
    assert len({_native.status_text(status) for status in apisig.Status}) == len(apisig.Status)
    assert len({mistake.text for mistake in apisig.Mistake}) == len(apisig.Mistake)


@pytest.mark.parametrize("kind", CLASSES.values())
def test_secrets_are_refused_with_a_reason(kind: Callable[..., Any]) -> None:
    for arguments in [("",), (b"",), ("x", [""]), ("x", ["a", "b", "c", "d"])]:
        with pytest.raises(apisig.InvalidArgument) as caught:
            kind(*arguments)
        assert caught.value.status is apisig.Status.ARGUMENT
        assert isinstance(caught.value, ValueError)
    for wrong in [None, 7, ["x"]]:
        with pytest.raises(TypeError):
            kind(wrong)
    for one in ["old", b"old"]:
        with pytest.raises(TypeError):
            kind("new", one)


@pytest.mark.parametrize("kind", CLASSES.values())
def test_a_secret_is_not_shown_anywhere(kind: Callable[..., Any]) -> None:
    room = kind(SECRET, [SECRET + "2"])
    assert SECRET not in repr(room) + str(room)
    assert not hasattr(room, "__dict__")
    for escape in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError) as caught:
            escape(room)
        assert SECRET not in str(caught.value)
    with pytest.raises(apisig.InvalidArgument) as invalid:
        kind(SECRET, [SECRET, ""])
    assert SECRET not in str(invalid.value) + "".join(traceback.format_exception_only(invalid.value))


def test_numbers_out_of_range_are_the_callers_mistake() -> None:
    imbachat, kommo = apisig.ImbaChat(SECRET), apisig.Kommo(SECRET)
    calls: list[Callable[[], object]] = [
        lambda: imbachat.sign(2**63),
        lambda: imbachat.sign(2**64 + 1),
        lambda: imbachat.sign(0),
        lambda: imbachat.sign(1, 2**63 - 1, 1),
        lambda: imbachat.verify("x", 2**64),
        lambda: imbachat.check("x", 0, -1),
        lambda: imbachat.verify("x", 0, 2**64),
        lambda: kommo.sign("GET", "/", "", -(2**64)),
        lambda: kommo.verify("GET", "/", "", {}, 0, -1),
        lambda: kommo.check("GET", "/", "", {}, 2**63 - 1),
        lambda: kommo.sign_digest("A\nB", "/", "", "", ""),
        lambda: apisig.Kommo.string_to_sign("A", "b", "", "", ""),
        lambda: apisig.ImbaChat.verify_login("", "", "", ""),
    ]
    for call in calls:
        with pytest.raises(apisig.InvalidArgument):
            call()
    for wrong in (True, 1.0, "1", None):
        with pytest.raises(TypeError):
            imbachat.sign(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        apisig.Mor(SECRET).sign(True)


def test_the_clock_is_the_default() -> None:
    kommo, imbachat = apisig.Kommo(SECRET), apisig.ImbaChat(SECRET)
    headers = kommo.sign("POST", "/x", "body")
    assert kommo.verify("POST", "/x", "body", headers)
    assert imbachat.check(imbachat.sign(42)) == 42
    assert not imbachat.verify(imbachat.sign(42, ttl=0))


def test_text_is_taken_as_utf_8_and_broken_text_is_refused() -> None:
    assert apisig.Mor("gehéim").sign("é") == apisig.Mor("gehéim".encode()).sign("é".encode())
    broken = "\udcff"
    assert not apisig.Kommo(SECRET).verify(broken, broken, broken, {"Date": broken, broken: broken})
    signers: list[Callable[[], object]] = [
        lambda: apisig.Kayako(SECRET).sign(broken),
        lambda: apisig.Mor(SECRET).sign(broken),
        lambda: apisig.Kommo(SECRET + broken),
        lambda: apisig.Kommo(SECRET, [SECRET + broken]),
        lambda: apisig.ImbaChat.verify_login("a", SECRET + broken, "a", "b"),
    ]
    for sign in signers:
        with pytest.raises(apisig.InvalidArgument) as caught:
            sign()
        assert SECRET not in repr(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__suppress_context__)
        assert caught.value.__suppress_context__


@pytest.mark.parametrize("kind", CLASSES.values())
def test_what_was_not_sent_matches_nothing(kind: Any) -> None:
    """Whatever verifies: what a sender chooses is None, broken text or no headers."""
    verifiers = [name for name in dir(kind) if name.startswith("verify")]
    assert verifiers
    for name in verifiers:
        verify = getattr(kind(SECRET), name)
        needed = [one for one in inspect.signature(verify).parameters.values() if one.default is one.empty]
        for nothing in (None, "\udcff"):
            values = {"Presented": nothing, "Headers": {"Date": nothing}}
            arguments = [values.get(one.annotation, "a") for one in needed if one.kind is not one.VAR_POSITIONAL]
            assert verify(*arguments) is False, name


def test_bytes_like_values_and_whole_floats_are_taken() -> None:
    kommo = apisig.Kommo(bytearray(SECRET.encode()))
    headers = kommo.sign("POST", "/x", memoryview(b"body"), now=7.9)
    assert headers == apisig.Kommo(SECRET).sign("POST", "/x", "body", now=7)
    assert kommo.verify("POST", "/x", "body", {name.encode(): value.encode() for name, value in headers.items()}, 7)
    for now in (float("nan"), float("inf"), -1e300):
        with pytest.raises(apisig.InvalidArgument):
            kommo.sign("POST", "/x", "", now=now)


def test_lengths_are_those_of_the_bytes() -> None:
    class Lies(bytes):
        def __len__(self) -> int:
            return 1 << 40

    assert apisig.Mor("x").sign(Lies(b"abc")) == apisig.Mor("x").sign("abc")
    assert not apisig.RetailCrm("x").verify(Lies(b"abc"), "0" * 64)


def test_an_object_whose_handle_is_freed_answers_nothing() -> None:
    for kind in CLASSES.values():
        room = kind(SECRET)
        with pytest.raises(TypeError):
            room.__init__(SECRET)
        room.__del__()
        room.__del__()
    kayako = apisig.Kayako(SECRET)
    kayako.__del__()
    with pytest.raises(apisig.InvalidArgument):
        kayako.sign("salt")
    with pytest.raises(apisig.InvalidArgument):
        kayako.check("salt", "")
    assert not kayako.verify("salt", "")


def test_a_call_between_a_call_and_its_result_changes_nothing() -> None:
    imbachat, other = apisig.ImbaChat(SECRET), apisig.ImbaChat(SECRET)
    token = imbachat.sign(1, 1000, 0)
    assert imbachat.check(token, 0) == 1

    def interrupt(*_: object) -> None:
        assert other.check(other.sign(999, 1000, 0), 0) == 999

    answers = set()
    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.00005, 0.00005)
    try:
        for _ in range(100_000):
            answers.add((imbachat.check(token, 0), imbachat.sign(1, 1000, 0) == token))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert answers == {(1, True)}


def test_a_header_that_is_there_twice_is_malformed() -> None:
    # A missing Content-Type is signed as an empty line: two of them must not pass for a missing one.
    kommo = apisig.Kommo(SECRET)
    date, content_md5 = "Thu, 01 Jan 1970 00:00:00 +0000", hashlib.md5(b"").hexdigest()
    without: dict[str, Any] = {"Date": date, "Content-MD5": content_md5}
    without["X-Signature"] = kommo.sign_digest("GET", "/x", content_md5, "", date)
    assert kommo.verify("GET", "/x", "", without, 0)
    for twice in [["a/b", "c/d"], [None], None, 7]:
        with pytest.raises(apisig.VerificationFailed) as caught:
            kommo.check("GET", "/x", "", {**without, "Content-Type": twice}, 0)
        assert caught.value.status is apisig.Status.MALFORMED
    headers: dict[str, Any] = dict(kommo.sign("POST", "/x", "body", 0))
    signature = headers.pop("X-Signature")
    several: list[Any] = [[signature, signature], [], [[signature]], [None], None, 7]
    for value in several:
        assert not kommo.verify("POST", "/x", "body", {**headers, "X-Signature": value}, 0)
    both = {**headers, "X-Signature": signature, "x-signature": signature}
    assert not kommo.verify("POST", "/x", "body", both, 0)
    assert kommo.verify("POST", "/x", "body", {**headers, "x-SIGNATURE": (signature,)}, 0)


def test_only_a_large_body_gives_up_the_gil(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = importlib.import_module("apisig.kommo")
    keeps_the_gil = 4  # FUNCFLAG_PYTHONAPI
    assert module._sign._flags_ & module._verify._flags_ & keeps_the_gil
    assert not (module._sign_large._flags_ | module._verify_large._flags_) & keeps_the_gil
    used: list[str] = []

    def recorded(name: str) -> Callable[..., Any]:
        real = getattr(module, name)

        def call(*arguments: Any) -> Any:
            used.append(name)
            return real(*arguments)

        return call

    for name in ("_sign", "_sign_large", "_verify", "_verify_large"):
        monkeypatch.setattr(module, name, recorded(name))
    kommo = apisig.Kommo(SECRET)
    for size in (_native.LARGE - 1, _native.LARGE):
        headers = kommo.sign("POST", "/x", bytes(size), 0)
        assert headers["Content-MD5"] == hashlib.md5(bytes(size)).hexdigest()
        assert kommo.verify("POST", "/x", bytes(size), headers, 0)
    assert used == ["_sign", "_verify", "_sign_large", "_verify_large"]


def test_a_value_of_mor_may_be_any_integer() -> None:
    mor = apisig.Mor(SECRET)
    assert mor.verify(mor.sign(2**70, -1), str(2**70), "-1")


def test_threads_share_an_object() -> None:
    kommo, kayako = apisig.Kommo(SECRET), apisig.Kayako(SECRET)
    expected = [(kommo.sign("POST", "/x", str(i), i), kayako.sign(str(i + 1))) for i in range(50)]
    wrong: list[int] = []

    def work() -> None:
        for _ in range(50):
            for i in range(50):
                if (kommo.sign("POST", "/x", str(i), i), kayako.sign(str(i + 1))) != expected[i]:
                    wrong.append(i)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []

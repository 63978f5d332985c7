"""What is Python's own: types, secrets that stay inside, numbers, lifetimes. Vendors are discovered."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import re
import signal
import traceback
import types
from functools import partial
from typing import Any, Callable

import pytest

import apisig
from apisig import _abi, _native
from conftest import CLASSES, ROOT, arguments_of, methods, refuses

SECRET = "a-very-secret-secret"
BROKEN = "\udcff"
EVERY_CLASS = pytest.mark.parametrize("kind", CLASSES.values())


def test_every_function_of_the_header_is_used() -> None:
    used = {"apisig_version"} | {
        f"apisig_{vendor}_{verb}" for vendor in CLASSES for verb in ("new", "add_secret", "free")
    }
    for path in (ROOT / "bindings" / "python" / "apisig").glob("*.py"):
        text = path.read_text()
        used |= set(re.findall(r'function\("(\w+)"', text))
        for vendor in re.findall(r'_c = .*functions\("(\w+)"', text):
            names = re.findall(r"\b(?:_c|_without_gil|_functions_for\(body\))\.(\w+)", text)
            used |= {f"apisig_{vendor}_{name}" for name in names}
    # Of C callers alone: what a check says in one bit, the secret of a token, and the number of a diagnosis.
    unused = {name for name in _abi.FUNCTIONS if not re.search("_(verify|check_secret|diagnose)(_|$)", name)} - used
    assert unused == set()
    assert used <= set(_abi.FUNCTIONS)


def test_import_star_brings_the_classes_and_no_module() -> None:
    brought: dict[str, Any] = {}
    exec("from apisig import *", brought)
    del brought["__builtins__"]
    assert all(isinstance(value, type) for value in brought.values())
    assert brought.keys() >= {kind.__name__ for kind in CLASSES.values()} | {"InvalidArgument", "ReplayGuard", "Status"}


def test_ctypes_makes_the_calls_where_call_is_missing() -> None:
    made = _native.function("apisig_version")
    assert isinstance(made, types.BuiltinFunctionType) is (_native._call is not None)
    assert _native._call is None or os.environ.get("APISIG_CALL") != "ctypes"


def test_every_status_and_mistake_has_a_text_of_its_own() -> None:
    assert len({_native.status_text(status) for status in apisig.Status}) == len(apisig.Status)
    assert len({mistake.text for mistake in apisig.Mistake}) == len(apisig.Mistake)


@EVERY_CLASS
def test_secrets_are_refused_with_a_reason(kind: Callable[..., Any]) -> None:
    refuses(lambda: kind(""), lambda: kind(b""), lambda: kind("x", [""]), lambda: kind("x", ["a", "b", "c", "d"]))
    with pytest.raises(ValueError, match="secret is empty"):
        kind("")
    wrong: list[Any] = [(None,), (7,), (["x"],), ("new", "old"), ("new", b"old"), ("new", {"v1": "old"})]
    for arguments in wrong:
        with pytest.raises(TypeError):
            kind(*arguments)


@EVERY_CLASS
def test_a_secret_is_not_shown_anywhere(kind: Callable[..., Any]) -> None:
    it = kind(SECRET, [SECRET + "2"])
    assert SECRET not in repr(it) + str(it)
    assert not hasattr(it, "__dict__")
    for escape in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError) as caught:
            escape(it)
        assert SECRET not in str(caught.value)
    for arguments in ((SECRET, [SECRET, ""]), (SECRET + BROKEN,), (SECRET, [SECRET + BROKEN])):
        with pytest.raises(apisig.InvalidArgument) as invalid:
            kind(*arguments)
        assert SECRET not in "".join(traceback.format_exception(invalid.type, invalid.value, invalid.tb.tb_next))


@EVERY_CLASS
def test_an_error_report_with_the_variables_of_frames_shows_no_secret(kind: Any) -> None:
    refused: list[Callable[[], Any]] = [
        lambda: kind(SECRET, [""]),
        lambda: kind(SECRET + BROKEN),
        lambda: kind([SECRET]),
        lambda: kind(SECRET, [SECRET + BROKEN]),
        lambda: kind("a", SECRET),
        lambda: kind(SECRET, (1 // 0 for _ in "a")),
    ]
    for verb in methods(kind, "diagnose") + methods(kind, "explain"):
        arguments = dict(zip(inspect.signature(verb).parameters, arguments_of(verb, Headers={}, Parameters={})))
        refused.append(partial(verb, **{**arguments, "secret": SECRET + BROKEN}))
    for refuse in refused:
        with pytest.raises((apisig.Error, TypeError, ZeroDivisionError)) as invalid:
            refuse()
        report = traceback.TracebackException(invalid.type, invalid.value, invalid.tb.tb_next, capture_locals=True)
        assert SECRET not in "".join(report.format())


@EVERY_CLASS
def test_what_was_not_sent_matches_nothing(kind: Any) -> None:
    """What a sender chooses is None, broken text or no headers."""
    verifiers = methods(kind(SECRET), "verify")
    assert verifiers
    for verify in verifiers:
        for nothing in (None, BROKEN):
            arguments = arguments_of(verify, Presented=nothing, Headers={"Date": nothing}, String="a")
            assert verify(*arguments) is False, verify


@pytest.mark.parametrize("vendor", CLASSES)
@pytest.mark.parametrize("verb", ["diagnose", "explain"])
def test_every_class_has_what_the_header_declares(vendor: str, verb: str) -> None:
    """A vendor may be added before its diagnosis."""
    is_declared = any(name.startswith(f"apisig_{vendor}_{verb}") for name in _abi.FUNCTIONS)
    assert bool(methods(CLASSES[vendor], verb)) is is_declared


@pytest.mark.parametrize(
    "method",
    [one for kind in CLASSES.values() for one in methods(kind, "diagnose") + methods(kind, "explain")],
    ids=lambda method: method.__qualname__,
)
def test_diagnose_and_explain_refuse_broken_text_and_none(method: Any) -> None:
    _, *others = arguments_of(method, Presented="a.b.c", Headers={}, Parameters={})
    refuses(lambda: method(BROKEN, *others))
    with pytest.raises(TypeError):
        method(None, *others)


def test_a_failed_check_carries_its_diagnosis() -> None:
    kommo, made = apisig.Kommo(SECRET), apisig.Kommo(SECRET + "\n").sign("POST", "/x", "body")
    with pytest.raises(apisig.VerificationFailed) as caught:
        kommo.check("POST", "/x", "body", made)
    failed = caught.value
    assert failed.status is apisig.Status.MISMATCH and failed.diagnosis is None
    failed.diagnosis = apisig.Kommo.diagnose(SECRET, "POST", "/x", "body", made)
    assert failed.diagnosis.mistake is apisig.Mistake.SECRET_NEWLINE and not failed.diagnosis.is_valid
    assert failed.diagnosis.text == apisig.Mistake.SECRET_NEWLINE.text


def test_numbers_out_of_range_are_the_callers_mistake() -> None:
    imbachat, kommo = apisig.ImbaChat(SECRET), apisig.Kommo(SECRET)
    refuses(
        lambda: imbachat.sign(2**63),
        lambda: imbachat.sign(2**64 + 1),
        lambda: imbachat.sign(1, 2**63 - 1, 1),
        lambda: imbachat.verify("x", 2**64),
        lambda: imbachat.verify("x", 0, 2**64),
        lambda: kommo.sign("GET", "/", "", -(2**64)),
    )
    for now in (float("nan"), float("inf"), -1e300):
        refuses(lambda: kommo.sign("POST", "/x", "", now=now))


def test_the_clock_is_the_default() -> None:
    kommo, imbachat = apisig.Kommo(SECRET), apisig.ImbaChat(SECRET)
    assert kommo.verify("POST", "/x", "body", kommo.sign("POST", "/x", "body"))
    assert imbachat.check(imbachat.sign(42)) == 42
    assert not imbachat.verify(imbachat.sign(42, ttl=0))


def test_text_is_utf_8_and_broken_text_is_refused() -> None:
    assert apisig.Mor("gehéim").sign("é") == apisig.Mor("gehéim".encode()).sign("é".encode())
    refuses(
        lambda: apisig.Kayako(SECRET).sign(BROKEN),
        lambda: apisig.Mor(SECRET).sign(BROKEN),
        lambda: apisig.ImbaChat.verify_login("a", SECRET + BROKEN, "a", "b"),
    )


def test_bytes_like_values_and_whole_floats_are_taken() -> None:
    kommo = apisig.Kommo(bytearray(SECRET.encode()))
    headers = kommo.sign("POST", "/x", memoryview(b"body"), now=7.9)
    assert headers == apisig.Kommo(SECRET).sign("POST", "/x", "body", now=7)
    assert kommo.verify("POST", "/x", "body", {name.encode(): value.encode() for name, value in headers.items()}, 7)

    class Lies(bytes):
        def __len__(self) -> int:
            return 1 << 40

    assert apisig.Mor("x").sign(Lies(b"abc")) == apisig.Mor("x").sign("abc")
    assert not apisig.RetailCrm("x").verify(Lies(b"abc"), "0" * 64)


@EVERY_CLASS
def test_an_object_whose_handle_is_freed_returns_nothing(kind: Any) -> None:
    it = kind(SECRET)
    with pytest.raises(TypeError):
        it.__init__(SECRET)
    it.__del__()
    it.__del__()
    for method in methods(it, "check") + methods(it, "sign"):
        with pytest.raises(apisig.InvalidArgument, match="no handle"):
            method(*arguments_of(method, Headers={}, Parameters={}))


@EVERY_CLASS
def test_an_argument_that_frees_the_object_gets_no_answer(kind: Any) -> None:
    class Frees(float):
        def __floor__(self) -> int:
            it.__del__()
            return 1000

        __class__ = property(lambda self: self.__floor__() and object)

    of_objects = (name for name in dir(kind) if inspect.isfunction(inspect.getattr_static(kind, name)))
    for name in (one for one in of_objects if one.startswith(("check", "verify", "sign"))):
        for parameter in inspect.signature(getattr(kind(SECRET), name)).parameters.values():
            it: Any = kind(SECRET)
            method = getattr(it, name)
            arguments = dict(zip(inspect.signature(method).parameters, arguments_of(method, Headers={}, Parameters={})))
            with pytest.raises((apisig.InvalidArgument, TypeError, AttributeError)):
                if parameter.kind is parameter.VAR_POSITIONAL:
                    method(*arguments.values(), Frees(1))
                else:
                    method(**{**arguments, parameter.name: Frees(1)})


def test_a_call_between_a_call_and_its_result_changes_nothing() -> None:
    imbachat, other = apisig.ImbaChat(SECRET), apisig.ImbaChat(SECRET)
    token = imbachat.sign(1, 1000, 0)
    assert imbachat.check(token, 0) == 1
    interrupted = 0

    # Each asks for the next one: on a slow machine they would pile up.
    def interrupt(*_: object) -> None:
        nonlocal interrupted
        assert other.check(other.sign(999, 1000, 0), 0) == 999
        interrupted += 1
        signal.setitimer(signal.ITIMER_REAL, 0.00005)

    answers = set()
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.00005)
    try:
        while interrupted < 1000:
            answers.add((imbachat.check(token, 0), imbachat.sign(1, 1000, 0) == token))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        # One may still be on its way, which would end the process.
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
    assert answers == {(1, True)}

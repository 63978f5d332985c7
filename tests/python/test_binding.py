"""What is Python's own: types, secrets that stay inside, threads, declarations that fit the header."""

from __future__ import annotations

import copy
import pickle
import re
import threading
import traceback
from typing import Any, Callable

import pytest

import apisig
from apisig import _native
from conftest import ROOT

SECRET = "a-very-secret-secret"
ROOMS = [apisig.Kommo, apisig.ImbaChat, apisig.RetailCrm, apisig.Kayako, apisig.Mor]


def test_declarations_fit_the_header() -> None:
    header = (ROOT / "include" / "apisig.h").read_text()
    header = re.sub(r"/\*.*?\*/|^#.*?$", "", header, flags=re.DOTALL | re.MULTILINE)
    prototypes = re.findall(r"([\w ]+?[ *]+)(apisig_\w+)\(([^)]*)\);", header)
    in_header = {
        name: (
            kind(result.replace("APISIG_MUST_USE", "")),
            tuple(kind(argument, True) for argument in split(arguments)),
        )
        for result, name, arguments in prototypes
        if name != "apisig_version"
    }
    assert in_header == _native.FUNCTIONS


def split(arguments: str) -> list[str]:
    return [] if arguments.strip() == "void" else arguments.split(",")


def kind(declaration: str, is_argument: bool = False) -> Any:
    """Give the ctypes type for a C type, or for a parameter: its type and name."""
    words = re.sub(r"\w+$", "", declaration.strip()).strip() if is_argument else declaration.strip()
    words = re.sub(r"\s*\*", " *", words)
    simple = {
        "void": None,
        "bool": _native.BOOL,
        "int32_t": _native.INT32,
        "int64_t": _native.INT64,
        "int32_t *": _native.WHY,
        "int64_t *": _native.USER_ID,
        "ptrdiff_t": _native.LENGTH,
        "size_t": _native.STRING[1],
        "const char *": _native.STRING[0],
        "char *": _native.OUT[0],
        "apisig_kommo_headers *": _native.KOMMO_HEADERS,
    }
    if words in simple:
        return simple[words]
    assert re.fullmatch(r"(const )?apisig_(kommo|imbachat|retailcrm|kayako|mor) \*", words), words
    return _native.HANDLE


def test_versions_agree() -> None:
    assert apisig.__version__ == _native.VERSION
    assert f'version = "{_native.VERSION}"' in (ROOT / "bindings" / "python" / "pyproject.toml").read_text()
    assert f'version = "{_native.VERSION}"' in (ROOT / "Cargo.toml").read_text()
    assert f"VERSION = '{_native.VERSION}'" in (ROOT / "bindings" / "php" / "src" / "Native.php").read_text()


@pytest.mark.parametrize("kind", ROOMS)
def test_secrets_are_refused_with_a_reason(kind: Callable[..., Any]) -> None:
    for arguments in [("",), (b"",), ("x", [""]), ("x", ["a", "b", "c", "d"])]:
        with pytest.raises(apisig.InvalidArgument) as caught:
            kind(*arguments)
        assert caught.value.status is apisig.Status.ARGUMENT
        assert isinstance(caught.value, ValueError)
    for wrong in [None, 7, bytearray(b"x"), ["x"]]:
        with pytest.raises(TypeError):
            kind(wrong)


@pytest.mark.parametrize("kind", ROOMS)
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
        lambda: apisig.Mor(SECRET).sign(2**64),
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


def test_text_is_taken_as_utf_8_and_broken_text_matches_nothing() -> None:
    assert apisig.Mor("gehéim").sign("é") == apisig.Mor("gehéim".encode()).sign("é".encode())
    broken = "\udcff"
    assert not apisig.Kayako(SECRET).verify(broken, broken)
    assert not apisig.RetailCrm(SECRET).verify(broken, broken)
    assert not apisig.Mor(SECRET).verify(broken, broken)
    assert not apisig.ImbaChat(SECRET).verify(broken)
    assert not apisig.Kommo(SECRET).verify(broken, broken, broken, {"Date": broken, broken: broken})
    assert not apisig.ImbaChat.verify_login("a", "b", broken, broken)
    with pytest.raises(UnicodeEncodeError):
        apisig.Kayako(SECRET).sign(broken)


def test_a_header_that_is_there_twice_has_no_value() -> None:
    kommo = apisig.Kommo(SECRET)
    headers: dict[str, Any] = dict(kommo.sign("POST", "/x", "body", 0))
    signature = headers.pop("X-Signature")
    several: list[Any] = [[signature, signature], [], [[signature]], [None], None, 7]
    for value in several:
        assert not kommo.verify("POST", "/x", "body", {**headers, "X-Signature": value}, 0)
    twice = {**headers, "X-Signature": signature, "x-signature": signature}
    assert not kommo.verify("POST", "/x", "body", twice, 0)
    assert kommo.verify("POST", "/x", "body", {**headers, "x-SIGNATURE": (signature,)}, 0)


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

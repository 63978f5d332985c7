"""The extension module _call: what it hands to C, what it refuses, and that memory is safe whatever it is given."""

from __future__ import annotations

import ctypes
import gc
import os
import random
import sys
import types
from typing import Any, Callable

import pytest

import apisig
from apisig import _abi, _native

WITHOUT = _native._call is None
if WITHOUT and os.environ.get("APISIG_CALL") != "ctypes" and os.environ.get("REQUIRE_ALL") == "1":
    pytest.fail("bindings/python/call.sh has built no _call.abi3.so", pytrace=False)
pytestmark = pytest.mark.skipif(WITHOUT, reason="ctypes makes the calls")

WORD = ctypes.c_uint64
MOST = 20


class Callee:
    """A C function that keeps the words it is called with, and returns one."""

    def __init__(self, count: int, result: int = 0) -> None:
        self.words: list[int] = []
        self.result = result
        self._function = ctypes.PYFUNCTYPE(WORD, *[WORD] * count)(self._called)
        self.address = ctypes.cast(self._function, ctypes.c_void_p).value

    def _called(self, *words: int) -> int:
        self.words = [*words]
        return self.result


def made(letters: str, result: str = "q", returns: int = 0) -> tuple[Callable[..., Any], Callee]:
    callee = Callee(len(letters) + letters.count("s"), returns)
    return _native._call.function(callee.address, result, letters), callee


def read(address: int, length: int) -> bytes:
    return ctypes.string_at(address, length)


class Pretends:
    def __index__(self) -> int:
        pytest.fail("its code runs")

    __int__ = __len__ = __trunc__ = __index__


class Number(Pretends, int):
    """Whatever it says of itself, it is an int."""


class Bytes(bytes):
    def __len__(self) -> int:
        return 1 << 40


def test_it_makes_the_calls_that_keep_the_gil() -> None:
    assert isinstance(_native.function("apisig_version"), types.BuiltinFunctionType)
    assert not isinstance(_native.function("apisig_version", gil=False), types.BuiltinFunctionType)


def test_every_word_arrives_where_it_belongs() -> None:
    for count in range(MOST + 1):
        call, callee = made("q" * count)
        words = [random.getrandbits(63) - (1 << 62) for _ in range(count)]
        assert call(*words) == 0
        assert callee.words == [word % 2**64 for word in words]


def test_strings_come_with_their_length() -> None:
    call, callee = made("sPsNi?sq")
    strings = b"abc", b"", b"with a NUL \0 in it"
    flat = [part for string in strings for part in (string, len(string))]
    call(*flat[:2], None, *flat[2:4], 7, -1, True, *flat[4:], -1)
    assert callee.words[2] == 0 and callee.words[5:8] == [7, 2**64 - 1, 1] and callee.words[-1] == 2**64 - 1
    for string, at in zip(strings, (0, 3, 8)):
        assert read(callee.words[at], callee.words[at + 1]) == string
    call, callee = made("s")
    call(None, 0)
    assert callee.words == [0, 0]


def test_a_class_below_int_is_taken_and_its_code_does_not_run() -> None:
    call, callee = made("qNiP?s")
    call(Number(-5), Number(6), Number(-7), Number(8), Number(1), b"ab", Number(2))
    assert [*callee.words[:5], callee.words[6]] == [2**64 - 5, 6, 2**64 - 7, 8, 1, 2]
    call(apisig.Status.MALFORMED, True, -1, 0, False, b"", False)
    assert callee.words[:5] == [2**64 - 2, 1, 2**64 - 1, 0, 0]


NOT_INTEGERS: list[Any] = [1.0, "1", b"1", [], object(), Pretends(), ctypes.c_void_p(1), ctypes.c_int(1), int]
NOT_BYTES: list[Any] = ["abc", bytearray(b"abc"), memoryview(b"abc"), Bytes(b"abc"), 3, Pretends(), ctypes.c_char_p()]
REFUSED: list[tuple[str, tuple[Any, ...], type[Exception]]] = [
    *((kind, (value,), TypeError) for kind in "qNi?P" for value in NOT_INTEGERS),
    *((kind, (None,), TypeError) for kind in "qNi?"),
    *(("s", (value, 3), TypeError) for value in NOT_BYTES),
    *(("s", (b"abc", value), TypeError) for value in [*NOT_INTEGERS, None]),
    *(("s", (b"abc", length), ValueError) for length in (0, 2, 4, 2**40, 2**63 - 1)),
    *(("s", (b"abc", length), OverflowError) for length in (-1, -3, 2**63, 2**64, 2**64 + 3, -(2**64) + 3)),
    *(("s", (None, length), ValueError) for length in (1, 2**62)),
    ("s", (Bytes(b"abc"), len(Bytes(b"abc"))), TypeError),
    *(("q", (value,), OverflowError) for value in (2**63, -(2**63) - 1, 2**64, 10**1000)),
    *(("P", (value,), OverflowError) for value in (2**63, 2**64 + 1)),
    *(("N", (value,), OverflowError) for value in (-1, -(2**63), 2**63)),
    *(("i", (value,), OverflowError) for value in (2**31, -(2**31) - 1, 2**32, 2**64)),
    *(("?", (value,), OverflowError) for value in (2, -1, 256)),
    ("qq", (1, 2**63), OverflowError),
    ("sq", (b"abc", 3, "x"), TypeError),
    *(("qs", (1,) * count, TypeError) for count in (0, 1, 2, 4, 100)),
    ("", (None,), TypeError),
]


@pytest.mark.parametrize("letters, arguments, exception", REFUSED)
def test_what_does_not_fit_is_refused_and_nothing_is_called(
    letters: str, arguments: tuple[Any, ...], exception: type[Exception]
) -> None:
    call, callee = made(letters)
    callee.words = [99]
    with pytest.raises(exception) as caught:
        call(*arguments)
    assert type(caught.value) is exception and callee.words == [99]
    # A message says nothing of a value, which may be a secret.
    assert "abc" not in str(caught.value)


def test_names_of_arguments_are_refused() -> None:
    call, _ = made("q")
    with pytest.raises(TypeError):
        call(x=1)


def test_the_extremes_are_taken() -> None:
    for kind, values in {
        "q": (2**63 - 1, -(2**63)),
        "i": (2**31 - 1, -(2**31)),
        "N": (0, 2**63 - 1),
        "P": (0, 2**63 - 1),
        "?": (0, 1),
    }.items():
        call, callee = made(kind)
        for value in values:
            call(value)
            assert callee.words == [value % 2**64]


def test_a_result_is_of_its_type_whatever_the_rest_of_the_word_has() -> None:
    rest = 0x7BCDEF0100000000
    text = ctypes.create_string_buffer(b"a text\0 and more")
    for letter, word, expected in (
        ("?", rest | 0x5500, False),
        ("?", rest | 0x5501, True),
        ("i", rest | 7, 7),
        ("i", rest | 0xFFFFFF9C, -100),
        ("q", 2**64 - 1, -1),
        ("n", 2**63, -(2**63)),
        ("P", 2**64 - 1, 2**64 - 1),
        ("P", 0, None),
        ("s", ctypes.addressof(text), b"a text"),
        ("s", 0, None),
        ("v", rest, None),
    ):
        for letters, arguments in (("", ()), ("q" * MOST, (1,) * MOST)):
            call, _ = made(letters, letter, word)
            result = call(*arguments)
            assert result == expected and type(result) is type(expected)


def test_a_function_has_an_address_and_no_more_words_than_a_call_can_have() -> None:
    callee = Callee(0)
    for letters in ("q" * (MOST + 1), "s" * (MOST // 2) + "q", "s" * 1000):
        with pytest.raises(ValueError):
            _native._call.function(callee.address, "q", letters)
    with pytest.raises(ValueError):
        _native._call.function(0, "q", "")
    wrong: tuple[tuple[Any, ...], ...] = ((), (1,), (1, "q"), ("1", "q", "q"), (1, "qq", "q"), (1, "q", "q\0q"))
    for arguments in wrong:
        with pytest.raises((TypeError, ValueError)):
            _native._call.function(*arguments)
    # Every function of the library has one.
    for name in _abi.FUNCTIONS:
        assert callable(_native.function(name))


def test_references_are_given_back() -> None:
    call, callee = made("sq", "P", 2**64 - 1)
    string, number = os.urandom(50), random.getrandbits(62) | 1 << 61
    wrong = Pretends()
    misfits = [(string, 50, wrong), (string, 49, number), (wrong, 50, number), (string, number, 1), (wrong,)]

    def both() -> None:
        call(string, 50, number)
        for arguments in misfits:
            with pytest.raises((TypeError, ValueError)):
                call(*arguments)

    both()
    counts = [sys.getrefcount(one) for one in (string, number, wrong, None, call)]
    gc.collect()
    blocks = sys.getallocatedblocks()
    for _ in range(1000):
        both()
        _native._call.function(callee.address, "q", "sq")(string, 50, number)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 500
    after = [sys.getrefcount(one) for one in (string, number, wrong, None, call)]
    assert all(abs(now - before) < 500 for now, before in zip(after, counts)), (counts, after)


def test_a_function_outlives_what_made_it() -> None:
    call, callee = made("s", "q", 42)
    letters = "".join(["s"])
    call = _native._call.function(callee.address, "".join(["q"]), letters)
    del letters
    gc.collect()
    assert [call(b"x" * i, i) for i in range(1000)] == [42] * 1000

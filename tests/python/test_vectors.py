"""Every call of tests/vectors, made through the C interface by the header's own prototypes. No vendor is named here."""

from __future__ import annotations

import ctypes as c
import os
from typing import Any

import pytest
from prototypes import FUNCTIONS, NAMES, RECORDS

from conftest import every_call, unescape

CALLS = every_call()
RESULTS = {
    "bool": c.c_bool,
    "int32_t": c.c_int32,
    "int64_t": c.c_int64,
    "ptrdiff_t": c.c_ssize_t,
    "const char *": c.c_char_p,
}
LIBRARY = c.CDLL(os.environ["APISIG_LIBRARY"])


def function(name: str, result: Any, *arguments: Any) -> Any:
    called = getattr(LIBRARY, f"apisig_{name}")
    called.restype = result
    return called(*arguments)


def handle_of(vendor: str, secrets: str, why: c.c_int32) -> Any:
    """Make a handle of the secrets of a column, each behind a "|"; None if one of them is refused."""
    handle = None
    for secret in map(unescape, secrets.split("|")):
        string = (secret, c.c_size_t(len(secret)), c.byref(why))
        if handle is None:
            handle = c.c_void_p(function(f"{vendor}_new", c.c_void_p, *string))
        elif not function(f"{vendor}_add_secret", c.c_bool, handle, *string):
            function(f"{vendor}_free", None, handle)
            return None
        if not handle:
            return None
    why.value = 99
    return handle


def result_of(name: str, call: list[str]) -> tuple[list[bytes], bytes]:
    """Make the call; give what it gives beside its result, and that as the last column has it."""
    prototype, columns = FUNCTIONS[name], iter(call[1:])
    why, number, out = c.c_int32(99), c.c_int64(99), c.create_string_buffer(1 << 16)
    vendor, handle, record, sizes = name.split("_")[0], None, None, []
    arguments: list[Any] = []
    for kind, parameter in prototype.parameters:
        if kind == f"const apisig_{vendor} *":
            handle = handle_of(vendor, next(columns), why)
            if handle is None:
                return [], NAMES[why.value].encode()
            arguments.append(handle)
        elif kind == "const char *":
            string = unescape(next(columns))
            arguments += [string, c.c_size_t(len(string))]
        elif kind in ("int64_t", "bool"):
            arguments.append(c.c_int64(int(next(columns))) if kind == "int64_t" else next(columns) == "1")
        elif kind == "char *" or (kind, parameter) == ("int64_t *", "out"):
            arguments += [out, c.c_size_t(len(out) if kind == "char *" else 1000)]
        elif kind in RECORDS:
            sizes = RECORDS[kind]
            record = c.create_string_buffer(b"x" * sum(sizes))
            arguments.append(record)
        elif kind != "size_t":
            arguments.append(c.byref(why if kind == "int32_t *" else number))
    result = function(name, RESULTS[prototype.result], *arguments)
    if handle is not None:
        function(f"{vendor}_free", None, handle)
    more = [record.raw[sum(sizes[:at]) :].split(b"\0")[0] for at in range(len(sizes))] if record is not None else []
    if ("int64_t *", "user_id") in prototype.parameters:
        more = [b"%d" % number.value]
    return more, text_of(prototype.result, name, result, why.value, more, out)


def text_of(kind: str, name: str, result: Any, why: int, more: list[bytes], out: Any) -> bytes:
    """Write a result as the last column has it."""
    parameters = FUNCTIONS[name].parameters
    if kind == "const char *":
        return bytes(result) if result is not None else NAMES[why if why != 99 else -1].encode()
    if kind == "bool":
        return b"%d" % why if result else NAMES[why].encode()
    if result < 0 or (result > 0 and kind == "int32_t" and "_diagnose" in name):
        return NAMES[int(result)].encode()
    if kind == "ptrdiff_t" and ("int64_t *", "out") in parameters:
        return b" ".join(b"%d" % int(one) for one in (c.c_int64 * int(result)).from_buffer(out))
    if kind == "ptrdiff_t":
        return bytes(out.raw[:result])
    return more[-1] if kind == "int32_t" and more else str(result).encode()


def is_right(name: str, call: list[str]) -> bool:
    """Compare what a call gives with its columns; those of a record may leave some out."""
    more, result = result_of(name, call)
    expected = [unescape(field) for field in call[1:][FUNCTIONS[name].columns() :]]
    given = iter(more)
    return result == expected[-1] and (not more or all(one in given for one in expected[:-1]))


@pytest.mark.parametrize("name", CALLS)
def test_vectors(name: str) -> None:
    wrong = [(call, result_of(name, call)) for call in CALLS[name] if not is_right(name, call)]
    assert not wrong, wrong[:3]

"""Every call of tests/vectors, made by the Python classes.

A function is called as the method of its name, with the parameters by their names. SPELLED says how where a class has
another name for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, Callable
from urllib.parse import parse_qsl

import pytest
from prototypes import FUNCTIONS

import apisig
from apisig import _abi, _native
from conftest import CLASSES, every_call, unescape

CALLS = every_call()
HEADERS = {"content_md5": "content-md5", "content_type": "CONTENT-TYPE", "date": "Date", "signature": "X-Signature"}
Given = dict[str, Any]
ARGUMENTS = {_native.status_text(number): name for name, number in vars(_abi).items() if name.startswith("ARGUMENT_")}

# What a class has under another name or in another form, of the parameters of C.
SPELLED: dict[str, Callable[[Any, Given], Any]] = {
    "imbachat_sign": lambda it, a: it.sign(a["user_id"], a["expires_at"], 0),
    "imbachat_seconds_left": lambda it, a: it.replay_id(a["token"], a["now"], a["leeway"]).seconds,
    "kayako_spelled": lambda it, a: spelled(a["signature"]),
    "kommo_sign_lines": lambda it, a: "{Date}\n{Content-MD5}\n{X-Signature}".format(
        **it.sign(a["method"], a["url"], a["body"], a["time"])
    ),
    "kommo_url": lambda it, a: it("x").request("GET", a["path"], host=a["host"]).url,
    "kommo_connect_url": lambda it, a: it("x").connect(a["channel_id"], "account", "title", host=a["host"]).url,
    "kommo_connect_body": lambda it, a: (
        it("x").connect("channel", a["account_id"], a["title"], a["hook_api_version"]).body
    ),
    "kommo_disconnect_url": lambda it, a: it("x").disconnect(a["channel_id"], "account", a["host"]).url,
    "kommo_disconnect_body": lambda it, a: it("x").disconnect("channel", a["account_id"]).body,
    "mor_refusal": lambda it, a: words_of_the_refusal(it("secret").sign_request, a["method"].decode(), a["form"]),
    "mor_sign_form": lambda it, a: it.sign_form(a["method"].decode(), a["form"]),
    "retailcrm_check_register": lambda it, a: it.register(a["form"], a["hosts"].split(b",") if a["hosts"] else []),
    "retailcrm_edit_url": lambda it, a: (
        it.edit(apisig.RetailCrmRegistration("key", a["system_url"].decode()), a["code"], {}).url
    ),
}


def spelled(signature: bytes) -> str:
    """Return what replay_id() hashes."""
    made = apisig.kayako._c.spelled(signature, len(signature), _native.place.address, _native.SIZE)
    return made.decode() if made else "MALFORMED"


def words_of_the_refusal(sign: Callable[..., Any], method: str, form: bytes) -> str:
    try:
        sign(method, form)
    except apisig.InvalidArgument as error:
        return str(error)
    return ""


def given_by(name: str, call: list[str]) -> Given:
    """Return the parameters of C by their names."""
    prototype, columns = FUNCTIONS[name], call[1:]
    taken = prototype.taken()
    kinds = {parameter: kind for kind, parameter in prototype.parameters}
    fields = columns[prototype.columns() - len(taken) : prototype.columns()]
    return {
        parameter: unescape(field) if kinds[parameter] == "const char *" else int(field)
        for parameter, field in zip(taken, fields)
    }


def as_declared(parameter: inspect.Parameter, value: Any) -> Any:
    """Return a value in the form that a method's parameter takes."""
    if parameter.annotation == "str":
        return value.decode()
    if parameter.annotation == "bool":
        return bool(value)
    if parameter.annotation == "Iterable[String]":
        return value.split(b",") if value else []
    return value


def arguments_for(method: Callable[..., Any], given: Given) -> list[Any]:
    """Return the arguments of a method: by their names, a form as its parameters, the rest as headers."""
    parameters = inspect.signature(method).parameters
    given = {name: value for name, value in given.items() if value is not None}
    names = {"parameters": "form"} if "form" not in parameters else {}
    if "now" not in given and "time" in given:
        names["now"] = "time"
    arguments = []
    for name, parameter in parameters.items():
        source = names.get(name, name)
        if source in given:
            arguments.append(as_declared(parameter, given.pop(source)))
        elif name == "headers":
            headers = {HEADERS[one]: given.pop(one) for one in list(given) if one in HEADERS}
            arguments.append({one: [value] if one == "CONTENT-TYPE" else value for one, value in headers.items()})
        else:
            assert parameter.default is not parameter.empty, f"{method}: nothing is given for {name}"
            arguments.append(parameter.default)
    assert not given, f"{method} does not take {list(given)}"
    return arguments


def in_words(result: Any) -> bytes:
    """Return what a method returns, or why it does not, as the last column of a vector has it."""
    if isinstance(result, apisig.Error):
        return name_of(result).encode()
    if isinstance(result, apisig.Diagnosis):
        return (result.mistake.name if result.mistake else "0" if result.is_valid else "MISMATCH").encode()
    if isinstance(result, apisig.Response):
        return result.body
    if isinstance(result, apisig.RetailCrmActivity):
        flags = (str(flag).lower() for flag in (result.active, result.freeze))
        return "\n".join([*flags, result.client_id, result.system_url]).encode()
    if isinstance(result, Mapping):
        return in_words(list(result.values())[-1])
    if isinstance(result, (str, bytes)):
        return result.encode() if isinstance(result, str) else result
    if isinstance(result, tuple):
        return b"\n".join(",".join(part).encode() for part in result)
    return b" ".join(b"%d" % one for one in result) if isinstance(result, Iterable) else b"%d" % result


def name_of(error: apisig.Error) -> str:
    """Return the name of an exception's status; of the caller's own mistakes the one whose text it has."""
    assert error.status is not None
    is_callers = error.status is apisig.Status.ARGUMENT
    assert isinstance(error, apisig.InvalidArgument) is is_callers
    return ARGUMENTS.get(str(error), "ARGUMENT_FORM") if is_callers else error.status.name


def attempt(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except apisig.Error as error:
        return error


def is_verified(it: Any, verb: str, arguments: list[Any], more: list[bytes], expected: bytes) -> bool:
    """Whether verify() says what is expected, and check() the same: which secret matches, or what was presented."""
    verdict, check = attempt(lambda: getattr(it, verb)(*arguments)), getattr(it, verb.replace("verify", "check"), None)
    if isinstance(verdict, apisig.Error):
        return in_words(verdict) == expected
    checked = in_words(attempt(lambda: check(*arguments))) if check else expected
    if verdict:
        return expected.isdigit() and checked == (more[0] if more else expected)
    return not expected.startswith(b"ARGUMENT") and not expected.isdigit() and checked == expected


@cache
def object_of(kind: Any, secrets: str) -> Any:
    secret, *previous = map(unescape, secrets.split("|"))
    return kind(secret, previous)


def is_right(name: str, call: list[str]) -> bool:
    vendor, _, verb = name.partition("_")
    prototype, kind, given = FUNCTIONS[name], CLASSES[vendor], given_by(name, call)
    columns = [unescape(field) for field in call[1:]]
    more, expected = columns[prototype.columns() : -1], columns[-1]
    it: Any = kind
    if prototype.parameters[0][0].startswith("const apisig_"):
        it = attempt(lambda: object_of(kind, call[1]))
        if isinstance(it, apisig.Error):
            return in_words(it) == expected
    if name in SPELLED:
        result = attempt(lambda: SPELLED[name](it, given))
    else:
        method = getattr(it, verb)
        arguments = attempt(lambda: arguments_for(method, given))
        if prototype.result == "bool":
            return is_verified(it, verb, arguments, more, expected)
        result = attempt(lambda: method(*arguments))
        if not isinstance(result, apisig.Error) and "parameters" in inspect.signature(method).parameters:
            assert_the_same_of_parameters(method, arguments, given["form"], result)
    if isinstance(result, apisig.Diagnosis) and result.hints and given.get("secret") == b"":
        # Without a secret Kommo's diagnosis has hints, where C's number is the argument's.
        return expected == b"ARGUMENT_SECRET" and result.mistakes == ()
    if isinstance(result, apisig.Error) or not more:
        return in_words(result) == expected
    found = [value.encode() for value in (result if isinstance(result, Mapping) else asdict(result)).values()]
    # Which secret matches is not seen where a record comes back.
    return all(one in found for one in more) and (found[-1] == expected or expected.isdigit())


def assert_the_same_of_parameters(method: Callable[..., Any], arguments: list[Any], form: bytes, result: Any) -> None:
    fields = parse_qsl(form.decode(), keep_blank_values=True, encoding="latin-1")
    parameters = {field: value.encode("latin-1") for field, value in fields}
    # Parameters have each name once.
    if len(parameters) == len(fields):
        assert method(*[parameters if one is form else one for one in arguments]) == result


@pytest.mark.parametrize("name", CALLS)
def test_classes(name: str) -> None:
    wrong = [call for call in CALLS[name] if not is_right(name, call)]
    assert not wrong, wrong[:3]

"""Kayako's requests, as urllib reads them, and the mappings that frameworks make of them. Vectors have the rest."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote_plus, urlencode, urlsplit

import pytest

import apisig
from conftest import refuses

API_KEY = "f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10"
BASE = "https://help.example.com"
SALT = "1234567893"
"""Its signature has a + and a /."""
OWN = {"apikey", "salt", "signature"}

kayako = apisig.Kayako("secretkey")


def read(form: str | bytes) -> dict[str, str]:
    return dict(parse_qsl(form if isinstance(form, str) else form.decode(), keep_blank_values=True))


def why(form: Any) -> apisig.Status | None:
    """Return why check_request() refuses, None if it does not; verify_request() must agree."""
    try:
        assert kayako.check_request(API_KEY, form) == 0
    except apisig.VerificationFailed as error:
        assert kayako.verify_request(API_KEY, form) is False
        return error.status
    assert kayako.verify_request(API_KEY, form) is True
    return None


def test_raw_parameters_are_for_what_encodes() -> None:
    for salt in (SALT, "a+b c~%2B&=é", "é" * 5000):
        parameters = kayako.parameters(API_KEY, salt)
        assert parameters == {"apikey": API_KEY, "salt": salt, "signature": kayako.sign(salt)}
        assert urlencode(parameters).replace("~", "%7E") == kayako.encoded_parameters(API_KEY, salt)
    twice = urlencode({**parameters, "signature": quote_plus(parameters["signature"])})
    assert why(twice) is apisig.Status.MISMATCH


def test_a_salt_is_fresh_where_none_is_given() -> None:
    forms = [kayako.encoded_parameters(API_KEY), kayako.request("POST", BASE, "/x", API_KEY).body.decode()]
    salts = {read(form)["salt"] for form in forms} | {kayako.parameters(API_KEY)["salt"] for _ in range(10)}
    assert len(salts) == 12 and all(re.fullmatch("[0-9a-f]{32}", salt) for salt in salts)


@pytest.mark.parametrize("standard_url", [False, True])
@pytest.mark.parametrize(
    ("method", "in_query", "in_body"),
    [("GET", True, False), ("DELETE", True, False), ("POST", False, True), ("PUT", True, True)],
)
def test_the_parameters_are_where_the_server_reads_them(
    method: str, in_query: bool, in_body: bool, standard_url: bool
) -> None:
    fields = {"fullname": "Zoë & Co = 100%"}
    request = kayako.request(method.lower(), f"{BASE}/api/", "/Base/User/1", API_KEY, fields, standard_url)
    assert request.method == method
    assert request.headers == ({"Content-Type": "application/x-www-form-urlencoded"} if in_body else {})
    assert request.url.startswith(f"{BASE}/api/index.php?{'' if standard_url else 'e='}/Base/User/1")
    query, body = read(urlsplit(request.url).query), read(request.body)
    assert (query.keys() >= OWN, body.keys() >= OWN) == (in_query, in_body)
    assert (body if in_body else query).items() >= fields.items()
    assert why(request.body if in_body else urlsplit(request.url).query) is None


def test_a_request_is_written_to_the_byte_as_in_php() -> None:
    fields = {"a b": "~*é", "list": ["x", None, True, False, {"k]": -1}], "none": None, "empty": []}
    request = kayako.request("PUT", BASE, "/a b", "key", fields, True, SALT)
    parameters = "apikey=key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D"
    assert request.url == f"https://help.example.com/api/index.php?/a%20b&{parameters}"
    written = "a+b=%7E%2A%C3%A9&list%5B0%5D=x&list%5B2%5D=1&list%5B3%5D=0&list%5B4%5D%5Bk%5D%5D=-1"
    assert request.body.decode() == f"{written}&{parameters}"
    assert kayako.request("POST", BASE, "/x", "key").url == "https://help.example.com/api/index.php?e=/x"
    tuples_and_bytes = {b"a b": "~*é".encode(), "list": ("x", None, 1, 0, {b"k]": b"-1"})}
    assert kayako.request("PUT", BASE, b"/a b", b"key", tuples_and_bytes, True, SALT.encode()) == request


def test_a_field_cannot_have_the_requests_own_names() -> None:
    for field in ({"e": "/y"}, {" salt": "x"}, {"apikey\0": "x"}, {b"signature": ["x"]}):
        refuses(lambda: kayako.request("GET", BASE, "/x", API_KEY, field))
    allowed = {"staffsignature": "1", "Salt": "2", "x[salt]": "3", "email": "4", "0": "5"}
    assert read(kayako.request("POST", BASE, "/x", API_KEY, allowed).body).items() >= allowed.items()


def test_the_callers_mistakes_are_refused() -> None:
    for method in ("PATCH", "HEAD", "", "GET\n", "GET "):
        refuses(lambda: kayako.request(method, BASE, "/x", API_KEY))
    for api_key, salt in ((" \n", "1"), (API_KEY, "0"), ("\ud800", "1"), (API_KEY, "\ud800"), (b"\xff", "1")):
        refuses(lambda: kayako.parameters(api_key, salt))
    assert kayako.encoded_parameters(b"\xff", b"\xfe").startswith("apikey=%FF&salt=%FE&")
    for fields in ({"x": 1.5}, {"x": {1, 2}}, {"x": object()}, {1.5: "x"}, {None: "x"}):
        with pytest.raises(TypeError):
            kayako.request("POST", BASE, "/x", API_KEY, fields)


def test_what_was_read_already_is_taken_too() -> None:
    parameters: dict[str, Any] = dict(kayako.parameters(API_KEY, SALT))
    for form in (
        parameters,
        parse_qs(urlencode(parameters) + "&x=y"),
        parse_qs(urlencode(parameters).encode()),
        {**parameters, "signature": parameters["signature"].replace("+", " ")},
        {**parameters, "salt": int(SALT)},
        urlencode(parameters).encode(),
    ):
        assert why(form) is None
    for salt in (None, "", "0", 0, False, [], ["0"], [SALT, SALT]):
        assert why({**parameters, "salt": salt}) is apisig.Status.MALFORMED
    nothing: tuple[Any, ...] = (None, "", b"", {})
    for form in nothing:
        assert why(form) is apisig.Status.MALFORMED
    for odd in ([], ["x"], [[SALT]], 1.5, True, object(), {"a": "b"}, "\ud800", b"\xff", "\0"):
        for name in parameters:
            assert why({**parameters, name: odd}) is not None

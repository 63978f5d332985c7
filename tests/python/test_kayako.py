"""Kayako's requests, read with urllib and authenticated as the vendor's server does."""

from __future__ import annotations

import base64
import hmac
import random
import re
from typing import Any, Callable
from urllib.parse import parse_qs, parse_qsl, quote_plus, urlencode, urlsplit

import pytest

import apisig

API_KEY = "f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10"
SECRET = "secretkey"
BASE = "https://help.example.com"
SALT = "1234567893"
"""Its signature holds + and /."""

kayako = apisig.Kayako(SECRET)


def read(form: str | bytes) -> dict[str, str]:
    """Read a form as PHP does, whose names are here those that were sent."""
    text = form if isinstance(form, str) else form.decode()
    return dict(parse_qsl(text, keep_blank_values=True, encoding="latin-1"))


def refusal(form: str | bytes) -> str | None:
    """Answer as the vendor's server does; None if it takes the request."""
    sent = read(form)
    if sent.get("salt", "") in ("", "0"):
        return "NO SALT PROVIDED!"
    white = " \t\n\r\0\x0b"
    signature = sent.get("signature", "").replace(" ", "+").strip(white)
    mac = hmac.new(SECRET.encode(), sent["salt"].encode("latin-1"), "sha256").digest()
    right = sent.get("apikey", "").strip(white) == API_KEY and signature == base64.b64encode(mac).decode()
    return None if right else "FAILED TO AUTHENTICATE"


def why(form: Any) -> apisig.Status | None:
    """Say why the check does not hold; None if it does."""
    try:
        assert kayako.check_request(API_KEY, form) == 0
    except apisig.VerificationFailed as error:
        assert kayako.verify_request(API_KEY, form) is False
        return error.status
    assert kayako.verify_request(API_KEY, form) is True
    return None


def test_raw_parameters_are_for_what_encodes() -> None:
    parameters = kayako.parameters(API_KEY, SALT)
    signature = base64.b64encode(hmac.new(SECRET.encode(), SALT.encode(), "sha256").digest()).decode()
    assert parameters == {"apikey": API_KEY, "salt": SALT, "signature": signature}
    query = urlencode(parameters)
    assert query == kayako.encoded_parameters(API_KEY, SALT)
    assert refusal(query) is None
    assert kayako.verify_request(API_KEY, query)


def test_encoded_twice_is_refused_by_the_server() -> None:
    parameters = kayako.parameters(API_KEY, SALT)
    twice = urlencode({**parameters, "signature": quote_plus(parameters["signature"])})
    assert "%252B" in twice
    assert refusal(twice) == "FAILED TO AUTHENTICATE"
    assert why(twice) is apisig.Status.MISMATCH


def test_a_plus_that_nobody_encoded_is_forgiven_in_the_signature_alone() -> None:
    once = kayako.encoded_parameters(API_KEY, SALT)
    lost = once.replace("%2B", "+")
    assert lost != once
    assert refusal(lost) is None and why(lost) is None
    lost = kayako.encoded_parameters(API_KEY, "a+b").replace("a%2Bb", "a+b")
    assert refusal(lost) == "FAILED TO AUTHENTICATE"
    assert why(lost) is apisig.Status.MISMATCH


def test_a_salt_is_fresh_where_none_is_given() -> None:
    salts = set()
    for _ in range(10):
        salts.add(kayako.parameters(API_KEY)["salt"])
        salts.add(read(kayako.encoded_parameters(API_KEY))["salt"])
        salts.add(read(kayako.request("POST", BASE, "/x", API_KEY).body)["salt"])
    assert len(salts) == 30
    assert all(re.fullmatch("[0-9a-f]{32}", salt) for salt in salts)


def test_a_thousand_parameters_are_as_urllib_encodes_them() -> None:
    for i in range(1000):
        secret = random.randbytes(random.randint(1, 100))
        api_key = "k" + "".join(chr(random.randint(0, 0x3FF)) for _ in range(random.randint(0, 40))) + "k"
        salt = "s" + "".join(chr(random.randint(0, 0x3FF)) for _ in range(9999 if i == 0 else random.randint(0, 40)))
        signature = base64.b64encode(hmac.new(secret, salt.encode(), "sha256").digest()).decode()
        parameters = {"apikey": api_key, "salt": salt, "signature": signature}
        room = apisig.Kayako(secret)
        assert room.parameters(api_key, salt) == parameters
        assert room.encoded_parameters(api_key, salt) == urlencode(parameters).replace("~", "%7E")
        assert room.verify_request(api_key, urlencode(parameters))
        assert room.verify_request(api_key, parameters)


def test_a_changed_request_is_judged_as_by_the_server() -> None:
    whole = kayako.encoded_parameters(API_KEY, SALT)
    held = 0
    for at in range(len(whole) + 1):
        for piece in ("", "+", "%20", "%0A", "%00", "%2B", "%", "x", "0"):
            for replaced in (0, 1):
                changed = whole[:at] + piece + whole[at + replaced :]
                holds = kayako.verify_request(API_KEY, changed)
                held += holds
                names = re.findall(r"(?:^|&)(?:\+|%20)*(?:apikey|salt|signature)(?:%00)?(?==|&|$)", changed)
                if "".join(names) == "apikey&salt&signature":
                    assert holds == (refusal(changed) is None), changed
                else:
                    assert not holds, changed
    assert held > 20


def placed(request: apisig.Request) -> tuple[dict[str, str], dict[str, str]]:
    return read(urlsplit(request.url).query), read(request.body)


@pytest.mark.parametrize("standard_url", [False, True])
@pytest.mark.parametrize(
    ("method", "in_query", "in_body"),
    [("GET", True, False), ("DELETE", True, False), ("POST", False, True), ("PUT", True, True)],
)
def test_the_parameters_are_where_the_server_reads_them(
    method: str, in_query: bool, in_body: bool, standard_url: bool
) -> None:
    request = kayako.request(
        method.lower(), f"{BASE}/api/", "/Base/User/1", API_KEY, {"fullname": "Zoë & Co = 100%"}, standard_url
    )
    assert request.method == method
    assert request.headers == ({"Content-Type": "application/x-www-form-urlencoded"} if in_body else {})
    start = f"{BASE}/api/index.php?{'' if standard_url else 'e='}/Base/User/1"
    assert request.url.startswith(start + "&apikey=" if in_query else start)
    assert in_query == (request.url != start)
    query, body = placed(request)
    assert refusal(urlsplit(request.url).query) == (None if in_query else "NO SALT PROVIDED!")
    assert refusal(request.body) == (None if in_body else "NO SALT PROVIDED!")
    assert (body if in_body else query)["fullname"].encode("latin-1").decode() == "Zoë & Co = 100%"


def test_a_request_is_written_to_the_byte_as_in_php() -> None:
    fields = {"a b": "~*é", "list": ["x", None, True, False, {"k]": -1}], "none": None, "empty": []}
    request = kayako.request("PUT", BASE, "/a b", "key", fields, True, SALT)
    parameters = "apikey=key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D"
    assert request.url == f"https://help.example.com/api/index.php?/a%20b&{parameters}"
    written = "a+b=%7E%2A%C3%A9&list%5B0%5D=x&list%5B2%5D=1&list%5B3%5D=0&list%5B4%5D%5Bk%5D%5D=-1"
    assert request.body.decode() == f"{parameters}&{written}"
    bare = kayako.request("PUT", BASE, "/x", "key", salt=SALT)
    assert bare.url == f"https://help.example.com/api/index.php?e=/x&{parameters}"
    assert bare.body.decode() == parameters
    assert kayako.request("POST", BASE, "/x", "key").url == "https://help.example.com/api/index.php?e=/x"
    tuples_and_bytes = {b"a b": "~*é".encode(), "list": ("x", None, 1, 0, {b"k]": b"-1"})}
    assert kayako.request("PUT", BASE, b"/a b", b"key", tuples_and_bytes, True, SALT.encode()) == request


def refused(call: Callable[[], object]) -> None:
    with pytest.raises(apisig.InvalidArgument) as error:
        call()
    assert error.value.status is apisig.Status.ARGUMENT
    assert API_KEY not in str(error.value)


def test_a_field_cannot_take_the_requests_own_names() -> None:
    for name in ("apikey", "salt", "signature", "e"):
        for field in (name, f" {name}", f"{name}\0x", f"{name}[]", name.encode()):
            for value in ("x", ["x"], None):
                refused(lambda: kayako.request("POST", BASE, "/x", API_KEY, {field: value}))
    allowed = {"staffsignature": "1", "Salt": "2", "x[salt]": "3", "email": "4", "0": "5"}
    assert placed(kayako.request("POST", BASE, "/x", API_KEY, allowed))[1].items() >= allowed.items()


def test_the_callers_mistakes_are_refused() -> None:
    for method in ("PATCH", "HEAD", "", "GET\n", "GET "):
        refused(lambda: kayako.request(method, BASE, "/x", API_KEY))
    for api_key, salt in (("", "1"), (" \n", "1"), (API_KEY, ""), (API_KEY, "0"), ("\ud800", "1"), (API_KEY, "\ud800")):
        refused(lambda: kayako.parameters(api_key, salt))
        refused(lambda: kayako.encoded_parameters(api_key, salt))
    refused(lambda: kayako.parameters(b"\xff", "1"))
    assert kayako.encoded_parameters(b"\xff", b"\xfe").startswith("apikey=%FF&salt=%FE&")
    refused(lambda: kayako.request("GET", "help.example.com", "/x", API_KEY))
    refused(lambda: kayako.request("GET", BASE, "x", API_KEY))
    refused(lambda: apisig.Kayako.url(BASE, "/x", "fullname=a b"))
    refused(lambda: kayako.verify_request("", "apikey=&salt=1"))
    refused(lambda: kayako.check_request("\t", "apikey=&salt=1"))
    for fields in ({"x": 1.5}, {"x": {1, 2}}, {"x": object()}, {1.5: "x"}, {None: "x"}):
        with pytest.raises(TypeError):
            kayako.request("POST", BASE, "/x", API_KEY, fields)


def test_what_was_read_already_is_taken_too() -> None:
    parameters: dict[str, Any] = dict(kayako.parameters(API_KEY, SALT))
    assert why(parameters) is None
    assert why(parse_qs(urlencode(parameters) + "&x=y")) is None
    assert why(parse_qs(urlencode(parameters).encode())) is None
    assert why({**parameters, "signature": parameters["signature"].replace("+", " ")}) is None
    assert why({**parameters, "salt": int(SALT)}) is None
    assert why(urlencode(parameters).encode()) is None
    for salt in (None, "", "0", 0, False, [], ["0"], [SALT, SALT]):
        assert why({**parameters, "salt": salt}) is apisig.Status.MALFORMED
    nothing: tuple[Any, ...] = (None, "", b"", {})
    for form in nothing:
        assert why(form) is apisig.Status.MALFORMED
    for odd in ([], ["x"], [[SALT]], 1.5, True, object(), {"a": "b"}, "\ud800", b"\xff", "\0"):
        for name in parameters:
            assert why({**parameters, name: odd}) is not None


def test_a_multipart_body_is_checked_as_a_mapping_of_its_fields() -> None:
    parameters = kayako.parameters(API_KEY, SALT)
    boundary = "b"
    part = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = "".join(part.format(boundary, *field) for field in parameters.items()) + f"--{boundary}--\r\n"
    assert why(body.encode()) is apisig.Status.MALFORMED
    assert why(parameters) is None


def test_a_previous_secret_is_accepted_and_not_used() -> None:
    rotating = apisig.Kayako("new", [SECRET])
    assert rotating.check_request("k", kayako.encoded_parameters("k")) == 1
    assert rotating.check_request("k", rotating.encoded_parameters("k")) == 0
    assert not kayako.verify_request("k", rotating.encoded_parameters("k"))

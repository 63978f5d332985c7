"""The mistakes that Python code makes with MOR's hash, each made here by Python itself, and named."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus, urlencode

import pytest

import apisig
from apisig import Mistake, Mor, Status

SECRET = "66b50586fF"
METHOD = "payment_create"
PARAMETERS: dict[str, Any] = {
    "u": "admin",
    "p": "pass word",
    "amount": 100,
    "user_id": "123",
    "p_currency": "EUR",
    "payer_email": "bob+mor@example.com",
}
"""In another order than the method's, with parameters that it does not hash."""

VALUES = {"user_id": "123", "p_currency": "EUR", "amount": "100", "payer_email": "bob+mor@example.com"}
"""What is hashed, in its order."""

JOINED = "".join(VALUES.values())
TEXT = JOINED + SECRET
ALL = [str(value) for value in PARAMETERS.values()]


def sha1(text: str | bytes) -> str:
    return hashlib.sha1(text.encode() if isinstance(text, str) else text).hexdigest()


def digest() -> bytes:
    return hashlib.sha1(TEXT.encode()).digest()


MISTAKES: list[tuple[Mistake, str | bytes]] = [
    (Mistake.SECRET_HEX, sha1(JOINED.encode() + bytes.fromhex(SECRET))),
    (Mistake.SECRET_NEWLINE, sha1(TEXT + "\n")),
    (Mistake.SECRET_SPACE, sha1(TEXT + " ")),
    (Mistake.SECRET_BOM, sha1(JOINED.encode() + SECRET.encode("utf-8-sig"))),
    (Mistake.SECRET_CASE, sha1(JOINED + SECRET.upper())),
    (Mistake.SECRET_MISSING, sha1(JOINED)),
    (Mistake.SECRET_FIRST, sha1(SECRET + JOINED)),
    (Mistake.DIGEST_MD5, hashlib.md5(TEXT.encode()).hexdigest()),
    (Mistake.DIGEST_SHA256, hashlib.sha256(TEXT.encode()).hexdigest()),
    (Mistake.HMAC, hmac.new(SECRET.encode(), JOINED.encode(), "sha1").hexdigest()),
    (Mistake.HMAC, hmac.new(SECRET.encode(), TEXT.encode(), "sha256").hexdigest()),
    (Mistake.UPPER_CASE, sha1(TEXT).upper()),
    (Mistake.BASE64, base64.b64encode(digest())),
    (Mistake.BASE64_URL, base64.urlsafe_b64encode(digest()).rstrip(b"=")),
    (Mistake.BASE64_OF_HEX, base64.b64encode(sha1(TEXT).encode())),
    (Mistake.SIGNATURE_NEWLINE, sha1(TEXT) + "\n"),
    (Mistake.VALUE_ORDER, sha1("100123EURbob+mor@example.com" + SECRET)),
    (Mistake.VALUE_ORDER, sha1("".join(reversed(VALUES.values())) + SECRET)),
    (Mistake.VALUE_EXTRA, sha1("".join(ALL) + SECRET)),
    (Mistake.VALUE_EXTRA, sha1("".join(str(PARAMETERS[name]) for name in sorted(PARAMETERS)) + SECRET)),
    (Mistake.VALUE_EXTRA, sha1("admin" + TEXT)),
    (Mistake.VALUE_EXTRA, sha1("adminpass word" + TEXT)),
    (Mistake.VALUE_MISSING, sha1("123EUR100" + SECRET)),
    (Mistake.VALUE_MISSING, sha1("123" + SECRET)),
    (Mistake.VALUE_MISSING, sha1(SECRET)),
    (Mistake.VALUE_NAMES, sha1(urlencode(PARAMETERS) + SECRET)),
    (Mistake.VALUE_NAMES, sha1(urlencode(PARAMETERS, quote_via=quote) + SECRET)),
    (Mistake.VALUE_NAMES, sha1(unquote_plus(urlencode(VALUES)) + SECRET)),
    (Mistake.VALUE_NAMES, sha1("".join(name + value for name, value in VALUES.items()) + SECRET)),
    (Mistake.VALUE_ENCODED, sha1("".join(map(quote_plus, VALUES.values())) + SECRET)),
    (Mistake.VALUE_ENCODED, sha1("".join(map(quote, VALUES.values())) + SECRET)),
    (Mistake.VALUE_SEPARATOR, sha1(",".join(VALUES.values()) + SECRET)),
    (Mistake.VALUE_SEPARATOR, sha1("&".join([*VALUES.values(), SECRET]))),
    (Mistake.VALUE_SEPARATOR, sha1("\n".join(VALUES.values()) + SECRET)),
]


@pytest.mark.parametrize(("mistake", "hash"), MISTAKES)
def test_every_mistake_is_named(mistake: Mistake, hash: str | bytes) -> None:
    diagnosis = Mor.diagnose(SECRET, METHOD, PARAMETERS, hash)
    assert not diagnosis.holds
    assert diagnosis.mistake is mistake
    assert diagnosis.text == mistake.text
    assert not Mor(SECRET).verify_request(METHOD, urlencode({**PARAMETERS, "hash": hash}))


def test_what_was_lost_on_the_way_is_named() -> None:
    made = sha1("+37060000000text" + SECRET)
    not_encoded = dict(parse_qsl("src=+37060000000&message=text"))
    assert Mor.diagnose(SECRET, "sms_send", not_encoded, made).mistake is Mistake.PLUS_LOST
    twice = {"src": quote_plus("+37060000000"), "message": "text"}
    assert Mor.diagnose(SECRET, "sms_send", twice, made).mistake is Mistake.ENCODED_TWICE


def test_without_a_method_the_parameters_are_hashed_as_they_stand() -> None:
    made = Mor(SECRET).sign(*VALUES.values())
    assert Mor.diagnose(SECRET, "", VALUES, made) == (True, None)
    assert Mor.diagnose(SECRET, METHOD, {**PARAMETERS, "hash": made}, made) == (True, None)
    backwards = dict(reversed(list(VALUES.items())))
    assert Mor.diagnose(SECRET, "", backwards, made) == (False, Mistake.VALUE_ORDER)


def test_any_order_of_eight_values_is_found() -> None:
    values = {name: f"value {number} " for number, name in enumerate("hgfedcba")}
    for _ in range(50):
        hashed = random.sample(list(values.values()), 8)
        mistake = None if hashed == list(values.values()) else Mistake.VALUE_ORDER
        assert Mor.diagnose(SECRET, "", values, sha1("".join(hashed) + SECRET)) == (mistake is None, mistake)


def test_nothing_is_blamed_for_a_guess() -> None:
    for number in range(1000):
        parameters = {name: random.randbytes(random.randrange(9)) for name in ("u", "user_id", "amount", "x")}
        made = sha1(random.randbytes(20)) if number % 2 else random.randbytes(random.randrange(100))
        secret = random.randbytes(random.randint(1, 100))
        diagnosis = Mor.diagnose(secret, ["", METHOD][number % 2], parameters, made)
        assert not diagnosis.holds
        assert diagnosis.mistake is None
        assert diagnosis.text.startswith("The signature is missing")
    assert Mor.diagnose(SECRET, METHOD, PARAMETERS, None) == (False, None)
    assert Mor.diagnose(SECRET, METHOD, PARAMETERS, "\ud800") == (False, None)


def test_a_diagnosis_goes_with_a_failed_check() -> None:
    sent = {**PARAMETERS, "hash": sha1(JOINED)}
    with pytest.raises(apisig.VerificationFailed) as caught:
        Mor(SECRET).check_request(METHOD, urlencode(sent))
    failed = caught.value
    assert failed.diagnosis is None
    failed.diagnosis = Mor.diagnose(SECRET, METHOD, sent, sent["hash"])
    assert failed.diagnosis.text == "The secret did not enter the hash. Append it to the values."


def test_an_explanation_is_what_python_makes_step_by_step() -> None:
    for length in [*range(200), 9999]:
        values = ["é" + "x\\\n\x7f"[: length % 5] * length + "!", "EUR"]
        hashed = "".join(values)
        text = Mor.explain(SECRET, "balance", {"currency": "EUR", "u": "a", "username": values[0]})
        shown = values[0].replace("\\", "\\\\").replace("\n", "\\n").replace("\x7f", "\\x7f")
        size = len(values[0].encode())
        assert text.splitlines() == [
            "method: user_balance_get, by its other name balance",
            "what it hashes is known from: requests whose hashes are public",
            f"secret: 10 bytes, SHA-256 {hashlib.sha256(SECRET.encode()).hexdigest()[:8]}...",
            f"1. username ({size} bytes): {shown}",
            "2. currency (3 bytes): EUR",
            "not hashed: u",
            f"hashed text: {shown}EUR<secret>",
            f"lengths: values {size + 3} bytes, secret 10 bytes",
            f"hash: {sha1(hashed + SECRET)}",
            "not covered by the hash: the method, the names, and where one value ends",
        ]
        assert SECRET not in text


def test_the_callers_mistakes_are_refused() -> None:
    def diagnose(secret: str, method: str, parameters: Any) -> Any:
        return Mor.diagnose(secret, method, parameters, sha1("x"))

    parameters: Any
    for call, unreadable in ((diagnose, Status.MALFORMED), (Mor.explain, Status.ARGUMENT)):
        for secret, method, parameters, status in (
            ("", "balance", {}, Status.ARGUMENT),
            ("s" * 1025, "balance", {}, Status.ARGUMENT),
            ("s", "balance", {"username": 1.5}, Status.ARGUMENT),
            ("s", "no_such_method", {}, Status.METHOD),
            ("s", "", {"a[]": 1}, unreadable),
        ):
            with pytest.raises(apisig.Error) as caught:
                call(secret, method, parameters)
            assert caught.value.status is status
            assert isinstance(caught.value, apisig.InvalidArgument) is (status is Status.ARGUMENT)

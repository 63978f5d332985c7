"""The mistakes that Python code makes with Kayako's signature, each made here by Python itself, and named."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import re
from typing import Any, Union
from urllib.parse import parse_qs, quote, quote_plus, urlencode

import pytest

import apisig
from apisig import Kayako, Mistake

API_KEY = "f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10"
SECRET = "ZWY4ZjNhNGM1MDM4N2I5OTY4MDg3MWQxMjU4"
SALT = "1234567907"
"""Its signature holds + and /."""

Bytes = Union[str, bytes]


def mac(salt: Bytes, secret: Bytes = SECRET, digest: str = "sha256") -> bytes:
    message, key = (text.encode() if isinstance(text, str) else text for text in (salt, secret))
    return hmac.new(key, message, digest).digest()


def sign(salt: Bytes, secret: Bytes = SECRET) -> str:
    return base64.b64encode(mac(salt, secret)).decode()


RIGHT = sign(SALT)
MISTAKES: list[tuple[Mistake, Bytes, Bytes]] = [
    (Mistake.SECRET_BASE64, SALT, sign(SALT, base64.b64decode(SECRET))),
    (Mistake.SECRET_NEWLINE, SALT, sign(SALT, SECRET + "\n")),
    (Mistake.SECRET_SPACE, SALT, sign(SALT, SECRET + " ")),
    (Mistake.SECRET_BOM, SALT, sign(SALT, SECRET.encode("utf-8-sig"))),
    (Mistake.SECRET_CASE, SALT, sign(SALT, SECRET.upper())),
    (Mistake.SECRET_SWAPPED, SALT, sign(SECRET, SALT)),
    (Mistake.DIGEST_MD5, SALT, base64.b64encode(mac(SALT, digest="md5"))),
    (Mistake.DIGEST_SHA1, SALT, base64.b64encode(mac(SALT, digest="sha1"))),
    (Mistake.PLAIN_HASH, SALT, base64.b64encode(hashlib.sha256((SECRET + SALT).encode()).digest())),
    (Mistake.HEX, SALT, mac(SALT).hex()),
    (Mistake.BASE64_OF_HEX, SALT, base64.b64encode(mac(SALT).hex().encode())),
    (Mistake.BASE64_URL, SALT, base64.urlsafe_b64encode(mac(SALT))),
    (Mistake.BASE64_URL, SALT, base64.urlsafe_b64encode(mac(SALT)).rstrip(b"=")),
    (Mistake.SIGNATURE_NEWLINE, SALT, base64.encodebytes(mac(SALT))),
    (Mistake.ENCODED_TWICE, SALT, parse_qs(urlencode({"x": quote_plus(RIGHT)}))["x"][0]),
    (Mistake.PLUS_LOST, SALT, parse_qs("x=" + RIGHT)["x"][0]),
    (Mistake.PLUS_LOST, parse_qs("x=a+b")["x"][0], sign("a+b")),
    (Mistake.ENCODED_TWICE, quote_plus("a+b"), sign("a+b")),
    (Mistake.SALT_NEWLINE, SALT, sign(SALT + "\n")),
    (Mistake.SALT_ENCODED, "a b~/", sign(quote_plus("a b~/"))),
    (Mistake.SALT_ENCODED, "a b~/", sign(quote("a b~/"))),
    (Mistake.SALT_NUMBER, "0123456789", sign(str(int("0123456789")))),
    (Mistake.SALT_NUMBER, SALT, sign(str(float(SALT)))),
    (Mistake.SALT_NUMBER, "10000000000000000", sign(str(1e16))),
    (Mistake.SALT_NUMBER, "12345678901234567890", sign(str(float("12345678901234567890")))),
    (Mistake.SALT_NUMBER, "12345678901234567890", sign(str(int(float("12345678901234567890"))))),
    (Mistake.API_KEY_SIGNED, SALT, sign(API_KEY)),
    (Mistake.API_KEY_SIGNED, SALT, sign(API_KEY + SALT)),
    (Mistake.API_KEY_AS_SECRET, SALT, sign(SALT, API_KEY)),
    (Mistake.SALT_MISSING, "0", sign("0")),
]


@pytest.mark.parametrize(("mistake", "salt", "signature"), MISTAKES)
def test_every_mistake_is_named(mistake: Mistake, salt: Bytes, signature: Bytes) -> None:
    diagnosis = Kayako.diagnose(SECRET, API_KEY, salt, signature)
    assert not diagnosis.holds
    assert diagnosis.mistake is mistake
    assert diagnosis.text == mistake.text
    assert not Kayako(SECRET).verify(salt, signature)


def test_a_float_of_any_integer_is_recognised() -> None:
    for _ in range(300):
        salt = str(random.randrange(10 ** random.randint(1, 19)) + 1)
        diagnosis = Kayako.diagnose(SECRET, API_KEY, salt, sign(str(float(salt))))
        assert diagnosis.mistake is Mistake.SALT_NUMBER, salt


def test_what_is_right_holds() -> None:
    for salt in (SALT, b"a+b %2B", b"\0\xff\n"):
        assert Kayako.diagnose(SECRET, "", salt, sign(salt)) == (True, None)


def test_nothing_is_blamed_for_a_guess() -> None:
    for _ in range(1000):
        signature = random.choice([base64.b64encode(random.randbytes(32)), random.randbytes(random.randrange(99))])
        salt = b"s" + random.randbytes(random.randrange(40))
        assert Kayako.diagnose(b"s" + random.randbytes(random.randrange(99)), b"k", salt, signature) == (False, None)
    odd: tuple[Bytes | None, ...] = (None, "", "\ud800", b"\xff" * 100)
    for nothing in odd:
        assert Kayako.diagnose(SECRET, API_KEY, SALT, nothing) == (False, None)
    assert Kayako.diagnose(SECRET, API_KEY, None, None).mistake is Mistake.SALT_MISSING


def test_a_diagnosis_goes_with_a_failed_check() -> None:
    signature = sign(SALT, API_KEY)
    with pytest.raises(apisig.VerificationFailed) as caught:
        Kayako(SECRET).check(SALT, signature)
    assert caught.value.diagnosis is None
    caught.value.diagnosis = Kayako.diagnose(SECRET, API_KEY, SALT, signature)
    assert caught.value.diagnosis.text == "The key was the API key. Use the secret key."


def test_an_explanation_is_what_python_makes_step_by_step() -> None:
    for _ in range(300):
        secret, salt = (b"s" + random.randbytes(random.randrange(99)) + b"s" for _ in range(2))
        encoded = [quote_plus(text).replace("~", "%7E") for text in (sign(salt, secret), salt)]
        facts = [line.split(": ", 1) for line in Kayako.explain(secret, salt).splitlines()]
        shown = facts.pop(3)[1]
        escaped = re.sub(rb"\\(x..|.)", unescape, shown.encode())
        assert escaped == salt
        assert facts == [
            ["secret", f"{len(secret)} bytes, SHA-256 {hashlib.sha256(secret).hexdigest()[:8]}..."],
            ["salt", f"{len(salt)} bytes"],
            ["key", "the secret, its characters as they are"],
            ["HMAC-SHA256", mac(salt, secret).hex()],
            ["signature, not encoded yet", sign(salt, secret)],
            ["signature, already encoded", encoded[0]],
            ["salt, already encoded", encoded[1]],
        ]


def unescape(found: re.Match[bytes]) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}
    return plain.get(found[1]) or bytes.fromhex(found[1][1:].decode())


def test_an_explanation_refuses_nothing_and_warns() -> None:
    for salt in ("", "0"):
        assert "warning: the vendor's server takes this salt for none\n" in Kayako.explain(SECRET, salt)
    assert "warning: the secret is empty\n" in Kayako.explain("", "1")
    assert Kayako.explain(SECRET + "\n", "1").endswith("warning: the secret ends with a line feed\n")
    assert SECRET not in Kayako.explain(SECRET, SALT)


def test_ones_own_mistakes_are_refused() -> None:
    with pytest.raises(apisig.InvalidArgument) as caught:
        Kayako.diagnose("", API_KEY, SALT, RIGHT)
    assert caught.value.status is apisig.Status.ARGUMENT
    nothing: Any = None
    for secret, api_key in ((nothing, API_KEY), (SECRET, nothing)):
        with pytest.raises(TypeError):
            Kayako.diagnose(secret, api_key, SALT, RIGHT)
    with pytest.raises(apisig.InvalidArgument):
        Kayako.explain("\ud800", SALT)

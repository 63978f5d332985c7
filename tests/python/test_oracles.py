"""A thousand random inputs a vendor: the classes give what hmac, hashlib and PyJWT give."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import time
from email.utils import formatdate
from urllib.parse import quote

import jwt
import pytest

import apisig

INPUTS = 1000


def some_bytes(least: int, most: int) -> bytes:
    return random.randbytes(random.randint(least, most))


def visible(least: int, most: int) -> bytes:
    """Return random bytes without control characters, spaces and what ends a path."""
    return bytes(byte if byte > 0x20 and byte not in b"\x7f?#" else ord("x") for byte in some_bytes(least, most))


def test_kommo() -> None:
    for i in range(INPUTS):
        secret, method = some_bytes(1, 200), visible(1, 10)
        # No dot segments, which clients resolve.
        path = b"/" + quote(some_bytes(0, 100), safe="").replace(".", "-").encode()
        body = random.randbytes(65536) if i < 3 else some_bytes(0, 300)
        now = random.randint(0, 4102444800)
        date = formatdate(now).replace("-0000", "+0000")
        content_md5 = hashlib.md5(body).hexdigest()
        string_to_sign = b"\n".join(
            [method.upper(), content_md5.encode(), b"application/json", date.encode(), path],
        )
        headers = {
            "Date": date,
            "Content-Type": "application/json",
            "Content-MD5": content_md5,
            "X-Signature": hmac.new(secret, string_to_sign, "sha1").hexdigest(),
        }
        kommo = apisig.Kommo(secret)
        assert kommo.sign(method, path, body, now) == headers
        assert kommo.verify(method, path, body, headers, now)
        assert apisig.Kommo.string_to_sign(method, path, content_md5, "application/json", date) == string_to_sign


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_imbachat() -> None:
    now = int(time.time())
    for _ in range(INPUTS):
        secret, user_id, ttl = (
            some_bytes(1, 200),
            random.randint(1, 2 ** random.randint(1, 62)),
            random.randint(10, 10**6),
        )
        token = apisig.ImbaChat(secret).sign(user_id, ttl, now)
        claims = {"exp": now + ttl, "user_id": user_id}
        assert jwt.decode(token, secret, algorithms=["HS256"]) == claims
        assert apisig.ImbaChat(secret).check(jwt.encode(claims, secret, algorithm="HS256"), now) == user_id


def test_retailcrm() -> None:
    for i in range(INPUTS):
        secret, api_key = some_bytes(1, 200), random.randbytes(65536) if i < 3 else some_bytes(1, 300)
        token = hmac.new(secret, api_key, "sha256").hexdigest()
        assert apisig.RetailCrm(secret).sign(api_key) == token
        assert apisig.RetailCrm(secret).verify(api_key, token)


def test_kayako() -> None:
    for i in range(INPUTS):
        secret, salt = some_bytes(1, 200), random.randbytes(65536) if i < 3 else b"s" + some_bytes(0, 300)
        signature = base64.b64encode(hmac.new(secret, salt, "sha256").digest()).decode()
        assert apisig.Kayako(secret).sign(salt) == signature
        assert apisig.Kayako(secret).verify(salt, signature)


def test_mor() -> None:
    for i in range(INPUTS):
        secret, number = some_bytes(1, 1024), random.randint(-(2**63), 2**63 - 1)
        value = random.randbytes(65536) if i < 3 else some_bytes(0, 300)
        digest = hashlib.sha1(value + str(number).encode() + secret).hexdigest()
        assert apisig.Mor(secret).sign(value, number) == digest
        assert apisig.Mor(secret).verify(digest, value, number)

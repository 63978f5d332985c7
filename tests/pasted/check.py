"""Computes the signature of every sample again, by the rules of the vendors' pages alone.

A sample of ``tests/vectors/pasted.txt`` says in ``made:`` how its signature was made, right or wrong. This evaluates
it with Python's own hmac and hashlib, and looks for the result in what was pasted.

Usage: check.py SAMPLES
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

PATH = "/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect"
BODY = '{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}'
DATE = "Wed, 23 Nov 2022 19:25:21 +0000"
JSON = "application/json"


class Sample(NamedTuple):
    """A pasted text, and what is said of it."""

    name: str
    facts: list[tuple[str, str]]
    pasted: str

    def all(self, name: str) -> list[str]:
        """Every value of a fact."""
        return [value for known, value in self.facts if known == name]

    @property
    def secret(self) -> str:
        """The secret."""
        return self.all("secret")[0]


def samples(text: str) -> Iterator[Sample]:
    """Cut the file into its samples: a name, facts, an empty line, and what was pasted."""
    for part in text.split("\n=== ")[1:]:
        head, pasted = part.split("\n\n", 1)
        name, *facts = head.split("\n")
        yield Sample(name, [(fact.split(": ", 1)[0], fact.split(": ", 1)[1]) for fact in facts], pasted)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def md5(text: str) -> str:
    """MD5 in hex."""
    return hashlib.md5(_bytes(text)).hexdigest()


def sha1(text: str) -> str:
    """SHA-1 in hex."""
    return hashlib.sha1(_bytes(text)).hexdigest()


def mac(algorithm: str, secret: str | bytes, text: str) -> bytes:
    """HMAC."""
    return hmac.new(_bytes(secret), _bytes(text), algorithm).digest()


def base64_of(digest: bytes) -> str:
    """Base64 with its padding."""
    return base64.b64encode(digest).decode()


def lines(method: str, body_md5: str, content_type: str, date: str, path: str) -> str:
    """What Kommo signs."""
    return "\n".join([method, body_md5, content_type, date, path])


def token(secret: str, claims: dict[str, int], algorithm: str = "HS256") -> str:
    """Make a JWT as the vendor's PHP does."""
    parts = [json.dumps(part, separators=(",", ":")) for part in ({"typ": "JWT", "alg": algorithm}, claims)]
    signed = ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
    return f"{signed}.{base64.urlsafe_b64encode(mac('sha256', secret, signed)).decode().rstrip('=')}"


NAMES = {
    **{"PATH": PATH, "BODY": BODY, "DATE": DATE, "JSON": JSON, "quote": quote},
    **{"md5": md5, "sha1": sha1, "mac": mac, "base64_of": base64_of, "lines": lines, "token": token},
}


def made(sample: Sample, expression: str) -> str:
    """Evaluate how a signature is made: the file is the project's own."""
    return str(eval(expression, {**NAMES, "secret": sample.secret}))


def main() -> int:
    """Check them all."""
    count = 0
    for sample in samples(Path(sys.argv[1]).read_text(encoding="utf-8")):
        for expression in sample.all("made"):
            count += 1
            if made(sample, expression) not in sample.pasted:
                print(f"{sample.name}: {made(sample, expression)} is not in what was pasted")
                return 1
    print(f"{count} signatures are made as their samples say")
    return 0 if count >= 50 else 1


if __name__ == "__main__":
    sys.exit(main())

"""What the library reads of a form, and what PHP reads that gets it as a POST. Usage: forms.py SOCKET COUNT

Bodies are made from the forms of tests/vectors, changed here and there, and sent to php-fpm, where forms.php says what
each function that reads a form has to answer. SEED makes the same bodies again.
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import hmac
import json
import os
import random
import re
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (b"secret", b"old secret")
MALFORMED = -2
library = ctypes.PyDLL(os.environ["APISIG_LIBRARY"])
out = ctypes.create_string_buffer(2048)


def size(text: bytes) -> ctypes.c_size_t:
    return ctypes.c_size_t(len(text))


def handle(vendor: str) -> ctypes.c_void_p:
    make, add = (getattr(library, f"apisig_{vendor}_{verb}") for verb in ("new", "add_secret"))
    make.restype = ctypes.c_void_p
    made = ctypes.c_void_p(make(SECRETS[0], size(SECRETS[0]), None))
    assert made and add(made, SECRETS[1], size(SECRETS[1]), None)
    return made


KAYAKO, RETAILCRM, MOR = handle("kayako"), handle("retailcrm"), handle("mor")
HOSTS = b"retailcrm.ru,simla.com"
API_KEY_SIZE = 256


def text(name: str, form: bytes) -> bytes:
    length = getattr(library, name)(form, size(form), out, ctypes.c_size_t(len(out)))
    return out.raw[:length] if length >= 0 else b"%d" % length


def answers(form: bytes) -> list[bytes]:
    """Of each function, in the order of forms.php."""
    length = size(form)
    kayako = library.apisig_kayako_check_request(KAYAKO, b"apikey", ctypes.c_size_t(6), form, length)
    mor = library.apisig_mor_check_request(MOR, b"users_get", ctypes.c_size_t(9), form, length)
    register = library.apisig_retailcrm_check_register(RETAILCRM, form, length, HOSTS, size(HOSTS), out)
    key, url = (out.raw[start : out.raw.index(b"\0", start)] for start in (0, API_KEY_SIZE))
    unsigned = [text(f"apisig_retailcrm_{name}", form) for name in ("activity", "client_id")]
    return [b"%d" % kayako, b"%d" % register, key, url, *unsigned, b"%d" % mor]


NAMES = ("kayako", "register", "API key", "system URL", "activity", "client_id", "mor")


class Fpm:
    """A connection to php-fpm that stays open."""

    def __init__(self, path: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rb")

    def post(self, body: bytes) -> None:
        variables = {
            b"SCRIPT_FILENAME": bytes(ROOT / "tests/trust/forms.php"),
            b"REQUEST_METHOD": b"POST",
            b"CONTENT_TYPE": b"application/x-www-form-urlencoded",
            b"CONTENT_LENGTH": b"%d" % len(body),
        }
        encoded = b"".join(bytes([len(name), len(value)]) + name + value for name, value in variables.items())
        keep_open = struct.pack("!HB5x", 1, 1)
        records = [(1, keep_open), (4, encoded), (4, b""), *((5, part) for part in parts(body)), (5, b"")]
        self.socket.sendall(b"".join(struct.pack("!BBHHxx", 1, kind, 1, len(part)) + part for kind, part in records))

    def answer(self) -> bytes:
        said = b""
        while True:
            _, kind, _, length, padding = struct.unpack("!BBHHBx", self.stream.read(8))
            part = self.stream.read(length + padding)
            if kind == 3:
                return said.split(b"\r\n\r\n", 1)[1]
            said += part[:length]


def parts(body: bytes) -> Iterator[bytes]:
    return (body[start : start + 60_000] for start in range(0, len(body), 60_000))


def of_vectors() -> Iterator[bytes]:
    """The column that a comment calls "form"."""
    escapes = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}
    for path in sorted((ROOT / "tests/vectors").glob("*.tsv")):
        lines = path.read_text().splitlines()
        heads = [line[2:].split("\t") for line in lines if re.match(r"# \w+\t", line)]
        column = {head[0]: head.index("form") for head in heads if "form" in head}
        for fields in (line.split("\t") for line in lines):
            if fields[0] in column:
                form = fields[column[fields[0]]]
                pieces = re.split(r"\\(x..|[nrt\\])", form)
                yield b"".join(
                    (escapes.get(piece) or bytes.fromhex(piece[1:])) if at % 2 else piece.encode()
                    for at, piece in enumerate(pieces)
                )


def signed() -> Iterator[bytes]:
    """Valid forms, with each of the secrets."""
    for secret in SECRETS:
        token = hmac.new(secret, b"key", hashlib.sha256).hexdigest()
        values = {"token": token, "apiKey": "key", "systemUrl": "https://demo.simla.com/"}
        yield f"register={quote_plus(json.dumps(values))}".encode()
        yield "&".join(f"register[{name}]={value}" for name, value in values.items()).encode()
        yield "&".join(quote_plus(f"register[{name}]") + "=" + quote_plus(values[name]) for name in values).encode()
        for salt in (b"1234567890", b"a b", b"a+\0"):
            signature = base64.b64encode(hmac.new(secret, salt, hashlib.sha256).digest())
            for quoted in (quote_plus(signature).encode(), signature):
                yield b"apikey=apikey&salt=%b&signature=%b" % (quote_plus(salt).encode(), quoted)
        for u, p in ((b"admin", b""), (b"a", b"b c"), (b"", b"")):
            made = hashlib.sha1(u + p + secret).hexdigest().encode()
            yield b"u=%b&p=%b&hash=%b" % (u, p.replace(b" ", b"+"), made)
    beside = b"clientId=c1&systemUrl=https://demo.simla.com"
    yield b"activity=%7B%22active%22:true,%22freeze%22:false%7D&" + beside
    yield b"activity[active]=true&activity[freeze]=false&" + beside
    yield b"activity%5Bactive%5D=false&activity%5Bfreeze%5D=true&clientId=c1"


NAMED = b"apikey salt signature register activity clientId systemUrl hash u a".split()
BEFORE = [b"", b"", b"", b" ", *b"+ %20 %00 \0 [ x . %09".split(b" ")]
BEHIND = [b"", b"", b"[ ]", *b"[] [ [token] [active] [token ] %00 \0x .token + +[a] [a][b] [a]x [+a] [a.b]".split(b" ")]
BEHIND += b"[a%00] [a%5D %5B %5Bfreeze%5D [freeze][] _".split()
PIECES = [b" ", b"\n--", *b'& && = % [ ] + \0 %00 . ; -- \\u0061 " %22 %7B , %2C \xff %FF'.split(b" ")]
PIECES += b"%E2%80%A8 %5B%5D %0A \xc3\xa9 true null 0 1e9".split()


def changed(form: bytes, chance: random.Random) -> bytes:
    """One change of a form."""
    at, kind = chance.randrange(len(form) + 1), chance.random()
    if kind < 0.2:
        field = b"%b%b%b=%b" % tuple(map(chance.choice, (BEFORE, NAMED, BEHIND, (b"", b"1", b"true"))))
        return chance.choice((form + b"&" + field, field + b"&" + form))
    if kind < 0.4:
        return form[:at] + chance.choice(PIECES) + form[at:]
    if kind < 0.55:
        return form[:at] + form[at + chance.choice((1, 1, 1, 3, 20)) :]
    if kind < 0.65:
        return form[:at] + bytes([chance.randrange(256)]) + form[at + 1 :]
    if kind < 0.75 and form:
        return form[: at - 1] + b"%%%02x" % form[at - 1] + form[at:] if at else form
    if kind < 0.78:
        count = chance.randrange(990, 1003)
        padding = (chance.choice((b"&", b"a&", b"a=1&")) * count)[: -chance.randrange(1, 3)]
        return chance.choice((form + b"&" + padding, padding + b"&" + form, form + b"&" * count))
    fields = form.split(b"&")
    if kind < 0.88:
        fields.insert(chance.randrange(len(fields) + 1), chance.choice(fields))
    elif kind < 0.94:
        fields.remove(chance.choice(fields))
    else:
        chance.shuffle(fields)
    return b"&".join(fields)


def bodies(chance: random.Random) -> Iterator[bytes]:
    good, all_of_them = list(signed()), [form for form in of_vectors() if len(form) <= 8192]
    yield from good + all_of_them
    while True:
        form = chance.choice(good if chance.random() < 0.7 else all_of_them)
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3))):
            form = changed(form, chance)
        if chance.random() < 0.1:
            form += b"&" + chance.choice(good)
        yield form


def main(path: str, count: int) -> int:
    seed = int(os.environ.get("SEED", time.time_ns() // 10**9))
    fpm, counts, differences, accepted, began = Fpm(path), Counter[str](), 0, 0, time.monotonic()
    for number, body in zip(range(count), bodies(random.Random(seed))):
        fpm.post(body)
        ours = answers(body)
        of_php = fpm.answer().split(b"\0")
        counts.update(name for name, answer in zip(NAMES, ours) if answer and not answer.startswith(b"-"))
        accepted += any(answer and not answer.startswith(b"-") for answer in ours)
        if ours != of_php:
            differences += 1
            if differences <= 20:
                print(f"body {number}: {body[:200]!r} … {body[-200:]!r}\n    PHP:  {of_php}\n    ours: {ours}")
    seconds = time.monotonic() - began
    print(f"figure: {count} bodies posted to PHP (seed {seed}) in {seconds:.0f} s, {differences} differences")
    print(f"figure: {accepted} accepted: {', '.join(f'{name} {counts[name]}' for name in NAMES)}")
    few = [name for name in NAMES if counts[name] < min(50, count // 1000)]
    for name in few:
        print(f"too few accepted: {name}")
    return differences > 0 or bool(few)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))

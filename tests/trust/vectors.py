"""Public test vectors through the C interface. Usage: vectors.py FOLDER

FOLDER has the vectors of Wycheproof, NIST CAVP, the RFCs and JSONTestSuite. How many cases each file has is asserted,
so that a missing file is no success. What no function can be given, such as an empty message, is counted too.
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import hmac
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(sys.argv[1])
MALFORMED, MISMATCH, ALGORITHM = -2, -3, -7
passed = failed = 0
library = ctypes.CDLL(os.environ["APISIG_LIBRARY"])


def check(is_right: bool, what: str) -> None:
    global passed, failed
    if is_right:
        passed += 1
    else:
        failed += 1
        print(f"not so: {what}")


def call(name: str, result: Any, *arguments: Any) -> Any:
    """Calls a function; bytes become a pointer and a length."""
    function = getattr(library, f"apisig_{name}")
    function.restype = result
    passed_on: list[Any] = []
    for argument in arguments:
        if isinstance(argument, bytes):
            passed_on += [argument, ctypes.c_size_t(len(argument))]
        else:
            passed_on.append(ctypes.c_int64(argument) if isinstance(argument, int) else argument)
    return function(*passed_on)


class Handle:
    def __init__(self, vendor: str, secret: bytes) -> None:
        self.vendor = vendor
        self.pointer = ctypes.c_void_p(call(f"{vendor}_new", ctypes.c_void_p, secret, None))
        assert self.pointer, f"no handle of {vendor}"

    def text(self, verb: str, *arguments: Any) -> str:
        out = ctypes.create_string_buffer(256)
        made = call(f"{self.vendor}_{verb}", ctypes.c_char_p, self.pointer, *arguments, out, ctypes.c_size_t(256))
        assert made is not None, f"{self.vendor}_{verb} makes nothing"
        return bytes(made).decode()

    def check(self, verb: str, *arguments: Any) -> int:
        """The index of the secret that matched, or the negative status."""
        return int(call(f"{self.vendor}_{verb}", ctypes.c_int32, self.pointer, *arguments))

    def __del__(self) -> None:
        call(f"{self.vendor}_free", None, self.pointer)


# HMAC: Kommo's webhooks are HMAC-SHA1, RetailCRM's and Kayako's tokens HMAC-SHA256.


def hmac_sha1(key: bytes, message: bytes) -> bytes:
    return bytes.fromhex(Handle("kommo", key).text("sign_webhook", message))


def hmac_sha256(key: bytes, message: bytes) -> bytes | None:
    if message == b"":
        return None
    made = bytes.fromhex(Handle("retailcrm", key).text("sign", message))
    if message != b"0":
        check(base64.b64encode(made).decode() == Handle("kayako", key).text("sign", message), "Kayako says otherwise")
    return made


MACS = {"sha1": (hmac_sha1, 20), "sha256": (hmac_sha256, 32)}


def accepts(algorithm: str, key: bytes, message: bytes, tag: bytes) -> bool:
    """Whether a check takes a tag, which must be whole."""
    if algorithm == "sha1":
        return Handle("kommo", key).check("check_webhook", message, tag.hex().encode()) == 0
    return Handle("retailcrm", key).check("check", message, tag.hex().encode()) == 0


def mac_case(algorithm: str, key: bytes, message: bytes, tag: bytes, is_valid: bool, name: str) -> bool:
    """A case of HMAC; tags of MACs that were cut are compared on their length. Answers whether it could be run."""
    make, whole = MACS[algorithm]
    made = make(key, message)
    if made is None:
        return False
    check((made[: len(tag)] == tag) == is_valid, name)
    check(accepts(algorithm, key, message, tag) == (is_valid and len(tag) == whole), f"{name}, checked")
    return True


def wycheproof(name: str) -> Any:
    return json.loads((FOLDER / "wycheproof" / f"{name}_test.json").read_text())["testGroups"]


def wycheproof_hmac() -> None:
    for algorithm, total, left_out in (("sha1", 170, 0), ("sha256", 174, 60)):
        cases = [(group, case) for group in wycheproof(f"wycheproof_hmac_{algorithm}") for case in group["tests"]]
        ran = 0
        for _, case in cases:
            key, message, tag = (bytes.fromhex(case[part]) for part in ("key", "msg", "tag"))
            name = f"Wycheproof HMAC {algorithm} {case['tcId']}"
            ran += mac_case(algorithm, key, message, tag, case["result"] == "valid", name)
        check((len(cases), ran) == (total, total - left_out), f"Wycheproof HMAC {algorithm}: {len(cases)}, {ran} run")
        print(f"figure: Wycheproof HMAC-{algorithm.upper()}: {ran} of {total}; {left_out} have no message")


def records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The blocks `name = value` of a file of NIST, each with the [L=...] that it stands under."""
    length, block = 0, {}
    for line in [*path.read_text().splitlines(), ""]:
        if found := re.match(r"\[L ?= ?(\d+)]", line):
            length = int(found[1])
        elif found := re.match(r"(\w+) = (\w*)", line):
            block[found[1]] = found[2]
        elif block:
            yield length, block
            block = {}


def nist_hmac() -> None:
    for algorithm, total in (("sha1", 300), ("sha256", 225)):
        ran = 0
        for length, block in records(FOLDER / "nist" / "HMAC.rsp"):
            if length == MACS[algorithm][1]:
                key, message, tag = (bytes.fromhex(block[part]) for part in ("Key", "Msg", "Mac"))
                ran += mac_case(algorithm, key, message, tag, True, f"NIST HMAC {algorithm} {block['Count']}")
        check(ran == total, f"NIST HMAC {algorithm}: {ran} run")
        print(f"figure: NIST HMAC-{algorithm.upper()}: {ran} of {total}")


def rfc(name: str) -> Any:
    return json.loads((FOLDER / "rfc" / f"{name}.json").read_text())


def rfc_hmac() -> None:
    for name, algorithm, total in (("rfc2202_hmac_sha1", "sha1", 7), ("rfc4231_hmac_sha256", "sha256", 6)):
        ran = 0
        for case in rfc(name)["tests"]:
            key, message, mac = (bytes.fromhex(case[part]) for part in ("key", "msg", "mac"))
            ran += mac_case(algorithm, key, message, mac, True, f"{name} {ran}")
        check(ran == total, f"{name}: {ran} run")
        print(f"figure: {name}: {ran} of {total}")


# Hashes: MOR's is the SHA-1 of values and secret. An HMAC key that is longer than a block stands for its SHA-256. MD5
# is what Kommo's Content-MD5 shows.


def sha1(message: bytes) -> bytes:
    at = max(len(message) - 1000, 0) if len(message) % 2 else len(message) - 1
    return bytes.fromhex(Handle("mor", message[at:]).text("sign", message[:at]))


def is_sha256(message: bytes, digest: bytes) -> bool:
    return Handle("retailcrm", message).text("sign", b"m") == Handle("retailcrm", digest).text("sign", b"m")


def nist_hashes() -> None:
    ran = {"SHA-1": 0, "SHA-256": 0}
    for length in ("Short", "Long"):
        for _, block in records(FOLDER / "nist" / f"SHA1{length}Msg.rsp"):
            if int(block.get("Len", 0)) > 0:
                message = bytes.fromhex(block["Msg"])
                check(sha1(message) == bytes.fromhex(block["MD"]), f"SHA-1 of {len(message)} bytes")
                ran["SHA-1"] += 1
        for _, block in records(FOLDER / "nist" / f"SHA256{length}Msg.rsp"):
            if int(block.get("Len", 0)) > 64 * 8:
                message = bytes.fromhex(block["Msg"])
                check(is_sha256(message, bytes.fromhex(block["MD"])), f"SHA-256 of {len(message)} bytes")
                ran["SHA-256"] += 1
    check(ran == {"SHA-1": 64 + 64, "SHA-256": 64}, f"NIST SHA: {ran}")
    print(f"figure: NIST SHA-1: {ran['SHA-1']} of 129, all but the empty message")
    print(f"figure: NIST SHA-256: {ran['SHA-256']} of 129, those longer than a block")


def monte_carlo() -> None:
    """A chain of 1000 hashes for each checkpoint: of SHA-1 every one is the library's, of SHA-256 the last."""
    for algorithm in ("sha1", "sha256"):
        blocks = [block for _, block in records(FOLDER / "nist" / f"{algorithm.upper()}Monte.rsp")]
        last = bytes.fromhex(blocks[0]["Seed"])
        for block in blocks[1:]:
            chain = [last] * 3
            for _ in range(1000):
                message = b"".join(chain)
                made = sha1(message) if algorithm == "sha1" else hashlib.sha256(message).digest()
                chain = [*chain[1:], made]
            last = chain[2]
            right = last == bytes.fromhex(block["MD"])
            check(right and (algorithm == "sha1" or is_sha256(message, last)), f"{algorithm} Monte {block['COUNT']}")
        check(len(blocks) == 101, f"{algorithm} Monte: {len(blocks)}")
    print("figure: NIST Monte Carlo: 100 of 100 checkpoints for each hash, 100,000 SHA-1")


class Headers(ctypes.Structure):
    _fields_ = [("date", ctypes.c_char * 32), ("content_type", ctypes.c_char * 17), ("content_md5", ctypes.c_char * 33),
                ("x_signature", ctypes.c_char * 41)]  # fmt: skip


def md5() -> None:
    kommo, headers, tests = Handle("kommo", b"secret"), Headers(), rfc("rfc1321_md5")["tests"]
    for case in tests:
        body = bytes.fromhex(case["msg"])
        status = call("kommo_sign", ctypes.c_int32, kommo.pointer, b"POST", b"/", body, 0, ctypes.byref(headers))
        check(status == 0 and headers.content_md5.decode() == case["digest"], f"MD5 of {body!r}")
    check(len(tests) == 7, f"rfc1321: {len(tests)}")
    print("figure: RFC 1321: 7 of 7")


# JSON Web Tokens: what the vectors sign are no claims, so that none of them is valid. They are right if the answer is
# "the claims cannot be read", which comes behind the signature, and if the same token, with claims in it, is valid.


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def signature(key: bytes, signed: str) -> str:
    return encoded(hmac.new(key, signed.encode(), "sha256").digest())


def status(key: bytes, token: str) -> int:
    return Handle("imbachat", key).check("check_secret", token.encode(), 0, 0)


HEADER = encoded(b'{"alg":"HS256"}')
CLAIMS = encoded(b'{"exp":9,"user_id":1, "x":0}')
JUNK = re.compile(r"[^\w.-]")


def around(segment: str, new: str) -> str:
    """`new` between what stands before and behind the base64url of a segment and does not belong there."""
    return re.sub(r"[\w-]+", new, segment, count=1)


def with_claims(key: bytes, token: str) -> str | None:
    """A token that is rightly signed, but for junk in it, with claims, and with the same junk; else None."""
    if token.count(".") != 2:
        return None
    signed, presented = token.rsplit(".", 1)
    header, payload = signed.split(".")
    rest = JUNK.sub("", payload)
    has_unused_bits = encoded(decoded(rest)) != rest
    claims = CLAIMS[:-1] + chr(ord(CLAIMS[-1]) + has_unused_bits)
    new = f"{header}.{around(payload, claims)}"
    for as_signed in (str, lambda text: JUNK.sub("", text)):
        if JUNK.sub("", presented) == signature(key, as_signed(signed)):
            return f"{new}.{around(presented, signature(key, as_signed(new)))}"
    return None


def jws() -> None:
    overrides = json.loads((FOLDER / "wycheproof" / "OVERRIDES.json").read_text())["overrides"]
    check(decoded(CLAIMS)[-1:] == b"}" and len(CLAIMS) % 4 != 0, "the claims end in unused bits")
    ran = overridden = again = 0
    for name in ("signature", "crypto"):
        for group in wycheproof(f"wycheproof_json_web_{name}"):
            private = group.get("private") or {}
            if private.get("alg") != "HS256":
                continue
            key = decoded(private["k"])
            for case in group["tests"]:
                token, is_valid = case["jws"], case["result"] == "valid"
                token = token if isinstance(token, str) else json.dumps(token)
                if name == "signature" and str(case["tcId"]) in overrides:
                    is_valid = overrides[str(case["tcId"])].startswith("accept")
                    overridden += 1
                what = f"JWS {name} {case['tcId']} {case['comment']}"
                why, other = status(key, token), with_claims(key, token)
                if other is None:
                    has_header = token.count(".") == 2 and not token.startswith(".")
                    refused = why in (MISMATCH, ALGORITHM) if has_header else why in (MISMATCH, MALFORMED)
                    check(refused and not is_valid, f"{what}: {why}")
                else:
                    check(why == MALFORMED or not is_valid, f"{what}: {why}")
                    check((status(key, other) == 0) == is_valid, f"{what}, with claims: {other}")
                    again += 1
                ran += 1
    check((ran, overridden) == (57, 4), f"JWS: {ran}, {overridden} overridden")
    example = rfc("rfc7515_a1")
    key = decoded(example["key_b64url"])
    other = with_claims(key, example["token"])
    check(status(key, example["token"]) == MALFORMED and other is not None and status(key, other) == 0, "RFC 7515 A.1")
    print(f"figure: JWS: {ran} of 57, 4 labels overridden; {again} also with claims; RFC 7515 A.1")


def json_parsing() -> None:
    """Each text as the value of a member among the claims: as it stands there, a token is valid or cannot be read."""
    key, counts, too_long = b"secret", {"y": 0, "n": 0}, 0
    for path in sorted((FOLDER / "json_parsing" / "test_parsing").glob("[yn]_*.json")):
        value = path.read_bytes()
        if len(value) > 2500:
            too_long += 1
            value = value[:2500]
        signed = HEADER + "." + encoded(b'{"exp":9,"x":' + value + b',"user_id":1}')
        answer = status(key, f"{signed}.{signature(key, signed)}")
        check(answer == (0 if path.name.startswith("y") else MALFORMED), f"{path.name}: {answer}")
        counts[path.name[0]] += 1
    check(counts == {"y": 95, "n": 188}, f"JSONTestSuite: {counts}")
    print(f"figure: JSONTestSuite: 95 accepted, 188 refused, {too_long} of them by their first 2500 bytes")


for suite in (wycheproof_hmac, nist_hmac, rfc_hmac, nist_hashes, monte_carlo, md5, jws, json_parsing):
    suite()
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)

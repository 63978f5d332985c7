"""Looks for a secret in dumps of a process that has used it. Usage: dumps.py WORK PROGRAM...

The program gets a random secret through standard input, when it asks for it, and says when a handle is new, when all
have been used, and when they are freed. Each time its memory is dumped from outside, by gcore. Searched are, in
pieces of eight bytes: the secret, its pads, the hash of a long one, the states after them that a handle keeps, in any
order in which processors hold them, and the MACs that were expected. Only a live handle may hold any of it. A program
that does not tell where its handles are is not asked for the states that they hold. Prints a line for each kind of
trace that was found, and fails if there was any.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import hmac
import itertools
import os
import re
import secrets
import struct
import subprocess
import sys
from pathlib import Path

WINDOW = 8

Kinds = dict[str, set[bytes]]

HASHES = ("sha1", "sha256")

# hashlib does not show the state after a block, OpenSSL does.
openssl = ctypes.CDLL(ctypes.util.find_library("crypto") or sys.exit("libcrypto is missing: install libssl3"))


def compressed(name: str, block: bytes) -> tuple[int, ...]:
    """The state of the hash after its first block."""
    context = (ctypes.c_uint32 * 64)()  # Its first words are the state.
    getattr(openssl, f"{name.upper()}_Init")(context)
    getattr(openssl, f"{name.upper()}_Transform")(context, block)
    return tuple(context[: hashlib.new(name).digest_size // 4])


def windows(text: bytes) -> set[bytes]:
    """Its pieces; also in the order of bytes in which SHA takes its words from a block."""
    words = len(text) // 4
    swapped = struct.pack(f"<{words}I", *struct.unpack(f">{words}I", text[: 4 * words]))
    return {one[at : at + WINDOW] for one in (text, swapped) for at in range(len(one) - WINDOW + 1)}


def pairs(state: tuple[int, ...]) -> set[bytes]:
    """Any two words side by side, in either order of bytes: SHA's instructions hold them in orders of their own."""
    return {struct.pack(form, *two) for two in itertools.permutations(state, 2) for form in ("<2I", ">2I")}


def messages() -> set[bytes]:
    """What may be signed in the calls of tests/trust/secrets.c: each field of each function's first vector."""
    found: set[bytes] = set()
    for path in sorted(Path("tests/vectors").glob("*.tsv")):
        rows = [line.split(b"\t") for line in path.read_bytes().splitlines() if not line.startswith(b"#")]
        first = {row[0]: row for row in reversed(rows)}
        # Escapes stand in none of them that is signed alone. What is signed of a token ends at its last point.
        found |= {part for row in first.values() for field in row[1:] for part in (field, field.rpartition(b".")[0])}
    return found


def needles(secret: bytes) -> Kinds:
    found: Kinds = {"the secret": windows(secret)}
    expected: set[bytes] = set()
    for name in HASHES:
        key = hashlib.new(name, secret).digest() if len(secret) > 64 else secret
        if key != secret:
            found[f"the {name} of the secret"] = windows(key)
        for pad, byte in (("inner", 0x36), ("outer", 0x5C)):
            padded = bytes(one ^ byte for one in key)
            block = padded + bytes([byte]) * (64 - len(key))
            found[f"the {pad} pad of {name}"] = windows(padded)
            found[f"the {pad} state of {name}"] = pairs(compressed(name, block))
    for message in messages():
        expected |= windows(hashlib.sha1(message + secret).digest())
        for name in HASHES:
            expected |= windows(hmac.new(secret, message, name).digest())
    found["an expected MAC"] = expected
    return found


def finds_states() -> bool:
    """Whether the state after a padded block is the hash: OpenSSL may keep it elsewhere."""
    block = b"abc\x80" + bytes(52) + struct.pack(">Q", 24)
    made = (b"".join(word.to_bytes(4, "big") for word in compressed(name, block)) for name in HASHES)
    return list(made) == [hashlib.sha1(b"abc").digest(), hashlib.sha256(b"abc").digest()]


class Dump:
    """All memory, that of files too, since a library's variables are a file's."""

    def __init__(self, process: subprocess.Popen[bytes], work: Path) -> None:
        Path(f"/proc/{process.pid}/coredump_filter").write_text("0x37")
        made = subprocess.run(["gcore", "-o", str(work / "core"), str(process.pid)], capture_output=True, text=True)
        core = work / f"core.{process.pid}"
        if not core.exists():
            sys.exit(f"no dump: {made.stderr[-500:]}")
        self.content = bytearray(core.read_bytes())
        core.unlink()

    def overwrite(self, address: int, size: int) -> None:
        """Leave out what lies at an address, and nowhere else, by the program headers of the ELF file."""
        offset, entry_size, count = (
            *struct.unpack_from("Q", self.content, 32),
            *struct.unpack_from("HH", self.content, 54),
        )
        for at in range(offset, offset + entry_size * count, entry_size):
            kind, _, in_file, in_memory, _, length = struct.unpack_from("IIQQQQ", self.content, at)
            if kind == 1 and in_memory <= address < in_memory + length:
                start = in_file + address - in_memory
                self.content[start : start + size] = bytes(size)
                return
        sys.exit(f"{address:#x} is not in the dump")


def traces(memory: bytes | bytearray, kinds: Kinds) -> dict[str, int]:
    """How many places hold what, wherever they begin."""
    by_word = {int.from_bytes(one, sys.byteorder): one for kind in kinds.values() for one in kind}
    words = set(by_word)
    there: set[bytes] = set()
    for start in range(WINDOW):
        end = start + (len(memory) - start) // WINDOW * WINDOW
        there |= {by_word[word] for word in words.intersection(memoryview(memory)[start:end].cast("Q"))}
    return {kind: sum(memory.count(one) for one in wanted & there) for kind, wanted in kinds.items() if wanted & there}


def search(process: subprocess.Popen[bytes], work: Path, when: str, places: list[tuple[int, int]], kinds: Kinds) -> int:
    """Takes a dump and prints what is in it; answers how many kinds of traces there are."""
    memory = Dump(process, work)
    states = {kind: wanted for kind, wanted in kinds.items() if "state" in kind}
    failures = 0
    if when == "used" and len(traces(memory.content, states)) != len(states):
        print("the states of the key are not found where they are")
        failures += 1
    if when != "freed":
        for address, size in places:
            memory.overwrite(address, size)
        if not places:
            kinds = {kind: wanted for kind, wanted in kinds.items() if kind not in states}
    return failures + shown(when, traces(memory.content, kinds))


def shown(when: str, found: dict[str, int]) -> int:
    for kind, count in found.items():
        print(f"trace: {when}: {kind}, {count} times")
    return len(found)


def run(work: Path, program: list[str], secret_len: int) -> int:
    secret = secrets.token_bytes(secret_len)
    kinds = needles(secret)
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    places: list[tuple[int, int]] = []
    failures = dumps = 0
    for line in process.stdout:
        when = line.decode().strip()
        if place := re.fullmatch(r"\w+ (0x[0-9a-f]+) (\d+)", when):
            places.append((int(place[1], 16), int(place[2])))
        elif when == "secret":
            process.stdin.write(struct.pack("H", secret_len) + secret)
        elif when in ("new", "used", "freed"):
            failures += search(process, work, when, places, kinds)
            places, dumps = [], dumps + 1
            process.stdin.write(b"\n")
        else:
            print(when)
        process.stdin.flush()
    if process.wait() != 0:
        failures += 1
        print(f"{program[0]} ended with {process.returncode}")
    registers = work / "registers"
    if str(registers) in program:
        failures += shown("registers", traces(registers.read_bytes(), kinds))
        registers.unlink()
    print(f"figure: a secret of {secret_len} bytes: {dumps} dumps, {failures} kinds of traces")
    return failures


def main() -> int:
    work, program = Path(sys.argv[1]), sys.argv[2:]
    if not finds_states():
        sys.exit("this OpenSSL does not keep the state of a hash at the start of its context")
    return sum(run(work, program, secret_len) for secret_len in (61, 200)) > 0


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    sys.exit(main())

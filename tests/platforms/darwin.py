"""A library for macOS: its load commands, and its machine code in an emulator, with every call of tests/vectors.

There is no dyld and no libSystem: malloc, memcpy and the like are done here. Diagnoses try thousands of signatures
each, and take minutes: they are made with "whole". Usage: darwin.py libapisig.dylib [whole]
"""

from __future__ import annotations

import os
import re
import struct
import sys
from pathlib import Path

import lief
import unicorn
from unicorn import arm64_const as arm
from unicorn import x86_const as x86

ROOT = Path(__file__).resolve().parents[2]
BASE, HEAP, STACK, STUBS, STOP = 0x100000000, 0x300000000, 0x400000000, 0x500000000, 0x5000F0000
STACK_SIZE, OUT_SIZE = 1 << 22, 1 << 16
IMPORTS = {
    "___bzero",
    "_bzero",
    "_calloc",
    "_free",
    "_getentropy",
    "_malloc",
    "_memcmp",
    "_memcpy",
    "_memmove",
    "_memset",
}
LINKERS_OWN = {"___dso_handle", "__mh_dylib_header", "dyld_stub_binder"}

passed = failed = 0


def check(is_right: bool, *about: object) -> None:
    """Count a check, and show what failed."""
    global passed, failed
    passed += is_right
    failed += not is_right
    if not is_right:
        print("not so:", *(str(one)[:150] for one in about))


def functions() -> dict[str, tuple[str, list[str]]]:
    """Read the result and the types of the parameters of each function of the header."""
    header = re.sub(r"/\*.*?\*/", "", (ROOT / "include" / "apisig.h").read_text(), flags=re.DOTALL)
    found = re.findall(r"^(?:APISIG_MUST_USE\s+)?([\w ]+?[ *]+)(apisig_\w+)\(([^)]*)\);", header, re.MULTILINE)
    return {
        name: (
            result.strip(),
            [re.sub(r"\w+$", "", one.strip()).strip() for one in parameters.split(",") if one.strip() != "void"],
        )
        for result, name, parameters in found
    }


NAMES = {
    int(number): name
    for name, number in re.findall(r"APISIG_(?:MISTAKE_)?(\w+) = (-?\d+)", (ROOT / "include" / "apisig.h").read_text())
}
STATUSES = {name.encode() for number, name in NAMES.items() if number < 0}
FUNCTIONS = functions()


class Machine:
    """A processor with the library in its memory."""

    def __init__(self, library: lief.MachO.Binary) -> None:
        self.is_arm = library.header.cpu_type == lief.MachO.Header.CPU_TYPE.ARM64
        if self.is_arm:
            self.processor = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
            self.processor.ctl_set_cpu_model(arm.UC_CPU_ARM64_MAX)
            self.processor.reg_write(arm.UC_ARM64_REG_CPACR_EL1, 3 << 20)
            self.arguments = [getattr(arm, f"UC_ARM64_REG_X{at}") for at in range(8)]
            self.result, self.stack = arm.UC_ARM64_REG_X0, arm.UC_ARM64_REG_SP
        else:
            self.processor = unicorn.Uc(unicorn.UC_ARCH_X86, unicorn.UC_MODE_64)
            self.arguments = [getattr(x86, f"UC_X86_REG_{name}") for name in ("RDI", "RSI", "RDX", "RCX", "R8", "R9")]
            self.result, self.stack = x86.UC_X86_REG_RAX, x86.UC_X86_REG_RSP
        self.load(library)
        self.symbols = {symbol.name[1:]: BASE + symbol.value for symbol in library.exported_symbols}
        self.used = HEAP

    def load(self, library: lief.MachO.Binary) -> None:
        """Do what dyld does: map the segments, move their pointers, bind what is imported."""
        page = 0x3FFF if self.is_arm else 0xFFF
        for segment in library.segments:
            if segment.virtual_size and segment.name != "__LINKEDIT":
                self.processor.mem_map(BASE + segment.virtual_address, (segment.virtual_size + page) & ~page)
                self.processor.mem_write(BASE + segment.virtual_address, bytes(segment.content))
        for relocation in library.relocations:
            self.put_words(BASE + relocation.address, [self.word(BASE + relocation.address) + BASE])
        for start, size in ((HEAP, 1 << 25), (STACK, STACK_SIZE), (STUBS, 1 << 20)):
            self.processor.mem_map(start, size)
        self.imported: dict[int, str] = {}
        for binding in library.bindings:
            at = STUBS + 16 * (len(self.imported) + 1)
            self.imported[at] = binding.symbol.name
            self.processor.mem_write(at, b"\xc0\x03\x5f\xd6" if self.is_arm else b"\xc3")
            self.put_words(BASE + binding.address, [at])
        self.processor.hook_add(unicorn.UC_HOOK_CODE, self.system, begin=STUBS, end=STUBS + (1 << 20) - 1)

    def word(self, at: int) -> int:
        return int(struct.unpack("<Q", self.processor.mem_read(at, 8))[0])

    def put_words(self, at: int, words: list[int]) -> None:
        self.processor.mem_write(at, struct.pack(f"<{len(words)}Q", *(word & (1 << 64) - 1 for word in words)))

    def bytes(self, at: int, size: int) -> bytes:
        return bytes(self.processor.mem_read(at, size)) if size else b""

    def text(self, at: int) -> bytes:
        return self.bytes(at, OUT_SIZE).split(b"\0")[0]

    def take(self, size: int) -> int:
        at, self.used = self.used, self.used + (size + 31 & ~15)
        return at

    def put(self, value: bytes) -> int:
        at = self.take(len(value) + 1)
        self.processor.mem_write(at, value + b"\0")
        return at

    def system(self, _: object, address: int, *__: object) -> None:
        """Be libSystem."""
        if address not in self.imported:
            return
        name = self.imported[address].strip("_")
        a, b, c = (self.processor.reg_read(register) for register in self.arguments[:3])
        result = a
        if name == "malloc":
            result = self.take(a)
        elif name == "calloc":
            result = self.take(a * b)
            self.processor.mem_write(result, bytes(a * b))
        elif name in ("memcpy", "memmove"):
            self.processor.mem_write(a, self.bytes(b, c))
        elif name == "memset":
            self.processor.mem_write(a, bytes([b & 255]) * c)
        elif name == "bzero":
            self.processor.mem_write(a, bytes(b))
        elif name == "memcmp":
            one, other = self.bytes(a, c), self.bytes(b, c)
            result = (one > other) - (one < other) & 0xFFFFFFFF
        elif name == "getentropy":
            self.processor.mem_write(a, os.urandom(b))
            result = 0
        elif name != "free":
            raise SystemExit(f"libSystem has no {name} here")
        self.processor.reg_write(self.result, result)

    def call(self, name: str, *words: int) -> int:
        """Call a function by the processor's convention. Its result is as wide as the header says."""
        at = STACK + STACK_SIZE - 4096
        rest = list(words[len(self.arguments) :])
        for register, word in zip(self.arguments, words):
            self.processor.reg_write(register, word & (1 << 64) - 1)
        if self.is_arm:
            self.processor.reg_write(arm.UC_ARM64_REG_X30, STOP)
        else:
            at -= 8
            rest = [STOP, *rest]
        self.put_words(at, rest)
        self.processor.reg_write(self.stack, at)
        self.processor.emu_start(self.symbols[name], STOP)
        result = int(self.processor.reg_read(self.result))
        kind = FUNCTIONS[name][0]
        if kind == "bool":
            return result & 255
        if kind == "int32_t":
            return int(struct.unpack("<i", struct.pack("<I", result & 0xFFFFFFFF))[0])
        signed = kind in ("int64_t", "ptrdiff_t")
        return int(struct.unpack("<q", struct.pack("<Q", result))[0]) if signed else result


def unescape(field: bytes) -> bytes:
    known = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}
    return re.sub(rb"\\(x..|.)", lambda found: known.get(found[1]) or bytes([int(found[1][1:], 16)]), field)


class Refused(Exception):
    """There is no handle."""


def handle_of(machine: Machine, vendor: str, field: bytes) -> int:
    """Make a handle of the secrets in a field, each behind a "|"."""
    why, handle = machine.take(4), 0
    for secret in map(unescape, field.split(b"|")):
        string = (machine.put(secret), len(secret), why)
        if handle:
            machine.call(f"apisig_{vendor}_add_secret", handle, *string)
        else:
            handle = machine.call(f"apisig_{vendor}_new", *string)
        refused = struct.unpack("<i", machine.bytes(why, 4))[0]
        if refused:
            raise Refused(refused)
    return handle


def answer(machine: Machine, vendor: str, name: str, columns: list[bytes]) -> tuple[int, int, list[bytes]]:
    """Call a function. Return its result, where it writes, and the columns that are no parameters."""
    left, words, size, out = list(columns), [], 0, 0
    for kind in FUNCTIONS[name][1]:
        if kind == "size_t":
            words.append(size)
        elif kind == "const char *":
            string = unescape(left.pop(0))
            words.append(machine.put(string))
            size = len(string)
        elif kind in ("int64_t", "int32_t", "bool"):
            words.append(int(left.pop(0)))
        elif kind.startswith("const "):
            words.append(handle_of(machine, vendor, left.pop(0)))
        else:
            out = machine.take(OUT_SIZE)
            machine.processor.mem_write(out, bytes(OUT_SIZE))
            words.append(out)
            size = OUT_SIZE // 8 if kind == "int64_t *" else OUT_SIZE
    return machine.call(name, *words), out, left


def is_named(number: int, expected: bytes) -> bool:
    """Return whether a row's last column names a number."""
    return NAMES.get(number, "another number").encode() == expected


def is_answered(machine: Machine, vendor: str, verb: str, columns: list[bytes], expected: bytes) -> bool:
    name = f"apisig_{vendor}_{verb}"
    kind, parameters = FUNCTIONS[name]
    try:
        number, out, beyond = answer(machine, vendor, name, columns)
    except Refused as refused:
        return is_named(refused.args[0], expected)
    if kind == "const char *":
        return expected in STATUSES if number == 0 else machine.text(number) == expected
    if number < 0:
        return is_named(number, expected)
    if "int64_t *" in parameters:
        return (
            b" ".join(b"%d" % one for one in struct.unpack(f"<{number}q", machine.bytes(out, 8 * number))) == expected
        )
    if kind == "ptrdiff_t":
        return machine.bytes(out, number) == expected
    if parameters[-1].startswith("apisig_"):
        fields = machine.bytes(out, 2048).split(b"\0")
        texts = [unescape(column) for column in beyond] + [expected] * (b"%d" % number != expected)
        return bool(texts) and all(text in fields for text in texts)
    return b"%d" % number == expected or is_named(number, expected)


def is_right(machine: Machine, vendor: str, verb: str, columns: list[bytes], expected: bytes) -> bool:
    """Return whether a row is right. What is verified is checked too; of what has a user, the index by itself."""
    if not verb.startswith("verify"):
        return is_answered(machine, vendor, verb, columns, expected)
    what = verb.removeprefix("verify")
    by_index = f"check_secret{what}" if f"apisig_{vendor}_check_secret{what}" in FUNCTIONS else f"check{what}"
    try:
        is_right = answer(machine, vendor, f"apisig_{vendor}_{verb}", columns)[0]
    except Refused:
        is_right = 0
    return is_right == (len(expected) == 1) and is_answered(machine, vendor, by_index, columns, expected)


def load_commands(library: lief.MachO.Binary) -> None:
    """Check what dyld would read."""
    exported = {symbol.name for symbol in library.exported_symbols} - LINKERS_OWN
    check(exported == {f"_{name}" for name in FUNCTIONS}, "exports", exported ^ {f"_{name}" for name in FUNCTIONS})
    imported = {symbol.name for symbol in library.imported_symbols}
    check(imported <= IMPORTS | LINKERS_OWN, "imports", imported - IMPORTS)
    ours = [one for one in library.commands if one.command == lief.MachO.LoadCommand.TYPE.ID_DYLIB]
    check([one.name for one in ours] == ["@rpath/libapisig.0.dylib"], "install name")
    needed = [one.name for one in library.libraries if one.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB]
    check(needed == ["/usr/lib/libSystem.B.dylib"], "libraries", needed)
    built = library.build_version
    check(built is not None and built.minos[:2] == [11, 0], "for macOS 11", built and built.minos)
    is_arm = library.header.cpu_type == lief.MachO.Header.CPU_TYPE.ARM64
    check(library.has_code_signature or not is_arm, "signed, which 64-bit ARM demands")


def main() -> None:
    lief.logging.disable()
    library = lief.MachO.parse(sys.argv[1]).at(0)
    load_commands(library)
    machine = Machine(library)
    is_whole = "whole" in sys.argv
    for path in sorted((ROOT / "tests" / "vectors").glob("*.tsv")):
        rows = [line for line in path.read_bytes().split(b"\n") if line and not line.startswith(b"#")]
        check(len(rows) >= 20, path.stem, "has rows")
        for line in rows:
            verb, *columns = line.split(b"\t")
            if verb.startswith(b"diagnose") and not is_whole:
                continue
            machine.used = HEAP
            expected = unescape(columns.pop())
            check(is_right(machine, path.stem, verb.decode(), columns, expected), path.stem, line)
    machine.used = HEAP
    salts = {machine.text(machine.call("apisig_kayako_salt", machine.take(64), 64)) for _ in range(5)}
    check(len(salts) == 5, "salts are random", salts)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()

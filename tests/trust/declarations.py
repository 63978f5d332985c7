"""The public header as data. Usage: declarations.py stub HEADER | check RELEASED PRESENT

What a program can depend on are functions, structs, enumerators with their values, macros. `stub` prints a C file in
which every function is defined and empty, so that compilers describe the header in a library. `check` prints what
RELEASED declares and PRESENT does not, or in another way, and then fails. Names of parameters may change.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path


def code(header: str) -> str:
    """Without comments."""
    return re.sub(r"/\*.*?\*/", "", Path(header).read_text(), flags=re.DOTALL)


def words(text: str) -> str:
    return " ".join(text.replace("APISIG_MUST_USE", "").split())


def functions(header: str) -> list[tuple[str, str]]:
    """Declaration and name of each function."""
    found = re.finditer(r"^(?:APISIG_MUST_USE\s+)?([\w ]+?[ *]+(apisig_\w+)\([^;{]*\));", code(header), re.MULTILINE)
    return [(words(one[1]), one[2]) for one in found]


def declarations(header: str) -> set[str]:
    found = {re.sub(r"([ *])\w+(?=[,)])", r"\1", declaration) for declaration, _ in functions(header)}
    text = code(header)
    for body, name in re.findall(r"typedef struct \{(.*?)\} (\w+);", text, re.DOTALL):
        found.add(f"struct {name} {{{words(body)}}}")
    found.update(f"{words(one)};" for one in re.findall(r"typedef struct \w+ \w+", text))
    for body, name in re.findall(r"typedef enum \{(.*?)\} (\w+);", text, re.DOTALL):
        found.update(f"enum {name}: {words(one)}" for one in body.split(",") if one.strip())
    found.update(words(one) for one in re.findall(r"^#define APISIG_(?!VERSION|MUST_USE)\w+ .*", text, re.MULTILINE))
    return found


def stub(header: str) -> str:
    parts = [f'#include "{Path(header).resolve()}"\n']
    for declaration, _ in functions(header):
        parts.append(declaration + (" { }" if declaration.startswith("void ") else " { return 0; }"))
    return "\n".join(parts)


def main() -> int:
    command, header = sys.argv[1], sys.argv[2]
    if command == "stub":
        print(stub(header))
    else:
        gone = sorted(declarations(header) - declarations(sys.argv[3]))
        print("\n".join(f"no longer declared: {one}" for one in gone))
        return len(gone) > 0
    return 0


sys.exit(main())

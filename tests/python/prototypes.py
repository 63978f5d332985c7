"""The functions of include/apisig.h, as it declares them."""

from __future__ import annotations

import re
from typing import NamedTuple

from conftest import ROOT

_HEADER = re.sub(r"/\*.*?\*/", "", (ROOT / "include" / "apisig.h").read_text(), flags=re.DOTALL)


class Prototype(NamedTuple):
    result: str
    parameters: list[tuple[str, str]]
    """Each with its type and its name."""

    def taken(self) -> list[str]:
        """Name the parameters that a row of tests/vectors has a column for, without the handle."""
        kinds = ("const char *", "int64_t", "bool")
        return [name for kind, name in self.parameters if kind in kinds]

    def columns(self) -> int:
        return len(self.taken()) + any(kind.startswith("const apisig_") for kind, _ in self.parameters)


def _parameter(declared: str) -> tuple[str, str]:
    kind, name = re.fullmatch(r"\s*(.*?)(\w+)\s*", declared, re.DOTALL).groups()  # type: ignore[union-attr]
    return kind.strip(), name


RECORDS = {
    f"{name} *": [int(size) for size in re.findall(r"char \w+\[(\d+)\]", body)]
    for body, name in re.findall(r"typedef struct \{(.*?)\} (\w+);", _HEADER, re.DOTALL)
}
"""Of each struct, by the pointer to it, how long its texts can be."""

NAMES: dict[int, str] = {
    int(number): name for name, number in re.findall(r"APISIG_(?:MISTAKE_)?(\w+) = (-?\d+)", _HEADER)
}
"""Of statuses and mistakes, as the vectors have them."""

FUNCTIONS = {
    name: Prototype(result.strip(), [_parameter(one) for one in parameters.split(",") if one != "void"])
    for result, name, parameters in re.findall(
        r"^(?:APISIG_MUST_USE\s+)?([\w ]+?[ *]+)apisig_(\w+)\(([^)]*)\);", _HEADER, re.MULTILINE | re.DOTALL
    )
}

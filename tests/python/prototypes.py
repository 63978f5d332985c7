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
        """Return the names of the parameters that a row of tests/vectors has a column for, without the handle."""
        kinds = ("const char *", "int64_t", "bool")
        return [name for kind, name in self.parameters if kind in kinds]

    def columns(self) -> int:
        return len(self.taken()) + any(kind.startswith("const apisig_") for kind, _ in self.parameters)


def _parameter(declared: str) -> tuple[str, str]:
    kind, name = re.fullmatch(r"\s*(.*?)(\w+)\s*", declared, re.DOTALL).groups()  # type: ignore[union-attr]
    return kind.strip(), name


FUNCTIONS = {
    name: Prototype(result.strip(), [_parameter(one) for one in parameters.split(",") if one != "void"])
    for result, name, parameters in re.findall(
        r"^(?:APISIG_MUST_USE\s+)?([\w ]+?[ *]+)apisig_(\w+)\(([^)]*)\);", _HEADER, re.MULTILINE | re.DOTALL
    )
}

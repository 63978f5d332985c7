"""What the Python docstrings mean: a line that starts with names of parameters and a colon describes them."""

from __future__ import annotations

import ast
import re
from typing import Any

import griffe
from markdown_text import escaped

DESCRIPTION = re.compile(r"((?:\w+, )*\w+): ")


class Parameters(griffe.Extension):
    """Makes Markdown of docstrings: a list of the parameters; everything else stays plain text."""

    def on_object(self, *, obj: griffe.Object, loader: griffe.GriffeLoader, **kwargs: Any) -> None:
        if obj.docstring is not None:
            names = (
                {parameter.name for parameter in obj.parameters}
                if isinstance(obj, griffe.Function | griffe.Class)
                else set()
            )
            obj.docstring.value = markdown(obj.docstring.value, names)

    def on_alias_instance(self, *, node: Any, alias: griffe.Alias, **kwargs: Any) -> None:
        """A name that is imported as itself is public."""
        if isinstance(node, ast.ImportFrom):
            alias.public = any(one.name == one.asname == alias.name for one in node.names)


def markdown(docstring: str, parameters: set[str]) -> str:
    lines: list[str] = []
    in_list = False
    for line in docstring.splitlines():
        found = DESCRIPTION.match(line)
        if found and set(found[1].split(", ")) & parameters:
            names = ", ".join(f"`{name}`" for name in found[1].split(", "))
            lines += [*([] if in_list else [""]), f"- {names}: {escaped(line[found.end() :])}"]
            in_list = True
        else:
            in_list = in_list and line != ""
            lines.append("  " * in_list + escaped(line))
    return "\n".join(lines)

"""Writes the pages of the C interface, one for each section of the header, from what Doxygen has read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, parse

from markdown_text import escaped

XML = Path("target/site/doxygen/xml")
HEADER = Path("include/apisig.h")


def headings() -> dict[str, str]:
    """Return under which heading each of Doxygen's ids stands: a constant of an enum under the enum's."""
    found = {}
    for compound in parse(XML / "index.xml").iter("compound"):
        found[compound.attrib["refid"]] = compound.findtext("name", "")
        enum = ""
        for member in compound.iter("member"):
            if member.attrib["kind"] != "enumvalue":
                enum = member.findtext("name", "")
            found[member.attrib["refid"]] = enum
    return found


HEADINGS = headings()


def plain(text: str | None) -> str:
    return escaped(re.sub(r"\s+", " ", text or ""))


def inline(element: Element) -> str:
    """Return the Markdown of a paragraph and of what is in it."""
    if element.tag == "computeroutput":
        return f"`{''.join(element.itertext())}`"
    if element.tag == "ref":
        return f"[`{element.text}`][{HEADINGS[element.attrib['refid']]}]"
    if element.tag == "parameterlist":
        return "\n\n" + "\n".join(parameter(item) for item in element) + "\n\n"
    text = plain(element.text) + "".join(inline(child) + plain(child.tail) for child in element)
    if element.tag == "simplesect":
        return f"\n\nReturns {text.strip()}\n\n"
    return text + "\n\n" if element.tag == "para" else text


def parameter(item: Element) -> str:
    names = ", ".join(f"`{name.text}`" for name in item.iter("parametername"))
    description = item.find("parameterdescription")
    return f"- {names}: {'' if description is None else inline(description).strip()}"


def described(element: Element) -> str:
    parts = (element.find(name) for name in ("briefdescription", "detaileddescription"))
    return re.sub(r"\n *\n\s*", "\n\n", "".join(inline(part) for part in parts if part is not None)).strip()


def table(rows: list[Element]) -> str:
    lines = [
        f"| `{row.findtext('name')}` | {(row.findtext('initializer') or '').removeprefix('= ')} | "
        f"{' '.join(described(row).split())} |"
        for row in rows
    ]
    return "\n".join(["| name | number | meaning |", "|---|---|---|", *lines])


def declaration(member: Element) -> str:
    kind, name = member.attrib["kind"], member.findtext("name")
    if kind == "define":
        return f"#define {name} {member.findtext('initializer', '')}"
    if kind != "function":
        return f"{member.findtext('definition')};"
    arguments = member.findtext("argsstring", "").strip("()").split(", ")
    head = f"{member.findtext('definition')}("
    one_line = head + ", ".join(arguments) + ");"
    return one_line if len(one_line) <= 90 else head + "\n    " + ",\n    ".join(arguments) + ");"


def entry(member: Element) -> str:
    name = member.findtext("name")
    values = member.findall("enumvalue")
    code = "" if values else f"```c\n{declaration(member)}\n```\n\n"
    return f"## {name} {{#{name}}}\n\n{code}{described(member)}\n\n{table(values) if values else ''}\n"


def struct(compound: Element) -> str:
    name = compound.findtext("compoundname")
    members = [
        f"- `{member.findtext('definition', '').replace(f'{name}::', '')}`: {' '.join(described(member).split())}"
        for member in compound.iter("memberdef")
    ]
    return f"## {name} {{#{name}}}\n\n{described(compound)}\n\n" + "\n".join(members) + "\n"


def entries(group: Element) -> Iterator[tuple[int, str]]:
    """Yield what a section declares, each with its line in the header."""
    for inner in group.iter("innerclass"):
        compound = parse(XML / f"{inner.attrib['refid']}.xml").getroot()[0]
        yield int(compound.find("location").attrib["line"]), struct(compound)  # type: ignore[union-attr]
    for member in group.iter("memberdef"):
        yield int(member.find("location").attrib["line"]), entry(member)  # type: ignore[union-attr]


def rules() -> str:
    """Return the first comment of the header. It is Markdown, but for names such as apisig_<vendor>_new()."""
    comment = HEADER.read_text().split("*/")[0].removeprefix("/*\n")
    lines = (line.removeprefix(" *").removeprefix(" ") for line in comment.splitlines())
    return re.sub(r"(?<!`)\b\w*<\w+>[\w.<>]*(\(\))?", r"`\g<0>`", "\n".join(lines).replace("\n   ", "\n    "))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(f"# apisig.h\n\n{rules()}\n")
    for file in XML.glob("group__*.xml"):
        group = parse(file).getroot()[0]
        name = group.findtext("title", "")
        text = "\n".join(text for _, text in sorted(entries(group)))
        (folder / f"{name}.md").write_text(f"# {name}\n\n{described(group)}\n\n{text}")


main()

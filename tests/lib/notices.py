"""Prints the file THIRD-PARTY: the licenses of the crates that are linked into the library and the command.

From the license files of the crates' own sources, where cargo keeps them. ``make notices`` writes the file anew.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "aarch64-apple-darwin"]
"""Each links crates of its own into the command."""
HEAD = """\
apisig is licensed under MIT or Apache-2.0: see LICENSE-MIT and LICENSE-APACHE. The crates that are linked into it have
the licenses below. Where there is a choice of licenses, the one whose text is given here is used.
"""
RUST = "Copyright (c) The Rust Project Developers"


def cargo(*arguments: str) -> str:
    """Run cargo on the versions of Cargo.lock."""
    return subprocess.run(
        ["cargo", *arguments, "--locked"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def linked(package: str) -> set[str]:
    """Name the crates of others that are linked into a package, with their versions: "subtle 2.6.1"."""
    targets = [word for target in TARGETS for word in ("--target", target)]
    tree = cargo("tree", "-p", package, "-e", "normal,no-proc-macro", "--prefix", "none", *targets)
    crates = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    return {f"{name} {version[1:]}" for name, version in crates if not name.startswith("apisig")}


def packages() -> list[dict[str, str]]:
    """Describe the crates that are built for one of the targets, as cargo does."""
    filters = [word for target in TARGETS for word in ("--filter-platform", target)]
    return json.loads(cargo("metadata", "--format-version", "1", *filters))["packages"]  # type: ignore[no-any-return]


def license_text(folder: Path) -> str:
    """Read the license that is taken: MIT if there is a choice, or else all there are."""
    files = sorted(path for path in folder.iterdir() if re.match("licen[cs]e", path.name, re.IGNORECASE))
    chosen = [path for path in files if path.name.upper().endswith("-MIT")] or files
    if not chosen:
        raise SystemExit(f"{folder.name} has no license file")
    texts = [path.read_text().strip() for path in chosen]
    return "\n".join(line.rstrip() for line in "\n\n".join(texts).splitlines())


def section(title: str, crates: Iterable[str], about: dict[str, tuple[str, str]]) -> str:
    """List crates, those with the same text together."""
    by_text: dict[str, list[str]] = {}
    for crate in sorted(crates):
        terms, text = about[crate]
        by_text.setdefault(text, []).append(f"{crate} ({terms})")
    texts = [f"{'-' * 80}\n{chr(10).join(names)}\n\n{text}\n" for text, names in by_text.items()]
    return f"\n{'=' * 80}\n{title}\n" + "\n".join(texts)


def main() -> None:
    """Print it."""
    library, command = linked("apisig"), linked("apisig-cli")
    about = {}
    for package in packages():
        crate = f"{package['name']} {package['version']}"
        if crate in library | command:
            about[crate] = (package["license"], license_text(Path(package["manifest_path"]).parent))
    rust = "the Rust standard library"
    ours = (ROOT / "LICENSE-MIT").read_text().strip()
    about[rust] = ("MIT OR Apache-2.0", re.sub("Copyright .*", RUST, ours, count=1))
    print(HEAD, section("In the library", library | {rust}, about), sep="", end="")
    print(section("In the command, beside those", command - library, about), end="")


if __name__ == "__main__":
    main()

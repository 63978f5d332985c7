"""Chooses the pages of the site by folder. Each has the same place as in the repository, so that its links stay right.

A link to a file that is no page shows its source; a link to a folder lists what is in it.
"""

from __future__ import annotations

import posixpath
import re
import subprocess
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "target/site/reference"
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#|/)([^)#\s]+)")
IMAGES = (".png", ".svg")


def tracked(*patterns: str) -> list[str]:
    """Return files of the repository, new ones that are not ignored included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    return sorted(subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout.split())


def title(path: str) -> str:
    return f"# {path}\n\n"


def python_pages() -> dict[str, str]:
    """Return a page for each module of the package that is public."""
    pages = {}
    for path in tracked("bindings/python/apisig/*.py"):
        parts = path.removeprefix("bindings/python/").removesuffix(".py").removesuffix("/__init__").split("/")
        if not any(part.startswith("_") for part in parts):
            pages[f"reference/python/{'.'.join(parts)}.md"] = f"::: {'.'.join(parts)}\n"
    return pages


def source(path: str) -> str:
    """Return the page of a file, or the one that lists a folder."""
    if (ROOT / path).is_dir():
        inside = [posixpath.relpath(file, path) for file in tracked(path)]
        return title(path) + "\n".join(f"- [{file}]({file})" for file in inside) + "\n"
    return f"{title(path)}````{path.rpartition('.')[2]}\n{(ROOT / path).read_text()}\n````\n"


def target(page: str, link: str) -> str:
    """Return where in the repository a link of a page leads."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def place(path: str) -> str:
    """Return the page of what a link leads to."""
    if path.endswith((".md", *IMAGES)):
        return path
    return f"{path}/index.md" if (ROOT / path).is_dir() else f"{path}.md"


def entries(pages: dict[str, str], folder: str) -> list[str | dict[str, str]]:
    """Return a folder's pages, each by the name that its language gives it; an index is the folder itself."""
    inside = [path for path in pages if path.startswith(folder)]
    titles = {path: path.removeprefix(folder).removesuffix(".md").replace("/", "\\") for path in inside}
    return [path if titles[path] == "index" else {titles[path]: path} for path in inside]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    pages = {path: (ROOT / path).read_text() for path in tracked("*.md", ":!bindings", ":!.github")}
    nav = {
        "Guides": [path for path in pages if path.startswith("docs/") and path.count("/") == 1],
        "Vendors": [path for path in pages if path.startswith("docs/vendors/")],
        "Project": [path for path in pages if not path.startswith(("docs/", "README"))],
    }
    written = {path.relative_to(REFERENCE.parent).as_posix(): path.read_text() for path in REFERENCE.rglob("*.md")}
    reference = {**dict(sorted(written.items())), **python_pages()}
    names = {"c": "C", "php": "PHP", "python": "Python"}
    sections = [{name: entries(reference, f"reference/{folder}/")} for folder, name in names.items()]
    config.nav = [{"apisig": "README.md"}, *({name: paths} for name, paths in nav.items()), {"Reference": sections}]
    pages |= reference
    images = set()
    waiting = list(pages)
    while waiting:
        page = waiting.pop()
        for link in LINK.findall(pages[page]):
            path = target(page, link)
            if path.endswith(IMAGES):
                images.add(path)
            elif place(path) not in pages and (ROOT / path).exists():
                pages[place(path)] = source(path)
                waiting.append(place(path))
    for path in images:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    own = page.file.src_uri
    return LINK.sub(lambda link: posixpath.relpath(place(target(own, link[1])), posixpath.dirname(own)), markdown)

"""Puts the native library into the wheel: the one that APISIG_LIBRARY names, or one that cargo builds.

With it goes _call.abi3.so, the one that APISIG_EXTENSION names, or one that is built where there is a C compiler and
Python.h; without it the package uses ctypes. The command that APISIG_COMMAND names goes into apisig/_bin, from where
``python -m apisig`` runs it.

Into the source archive go the files that README and licenses are links to. The keywords have the vendors' names, as
README's table has them.
"""

from __future__ import annotations

import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

# Of what is published, by the folder's name in Composer's package. On Linux one file serves all: it needs no more than
# glibc 2.17, which musl has too.
LINUX = "manylinux2014_{0}.manylinux_2_17_{0}.musllinux_1_1_{0}"
TAGS = {
    "linux-x86_64": LINUX.format("x86_64"),
    "linux-aarch64": LINUX.format("aarch64"),
    "darwin-arm64": "macosx_11_0_arm64",
    "darwin-x86_64": "macosx_11_0_x86_64",
    "windows-amd64": "win_amd64",
    "windows-arm64": "win_arm64",
}


class Keywords(MetadataHookInterface):
    """Adds the package's keywords: the shared terms, and the name of each vendor."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the keywords."""
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        vendors = re.findall(r"^\| ([\w ()]+) \|.*\(docs/vendors/", readme, re.MULTILINE)
        if not vendors:
            raise SystemExit("apisig: README.md has no table of vendors")
        metadata["keywords"] = ["signature", "hmac", "jwt", "webhook", *re.findall(r"\w+", " ".join(vendors).lower())]


class LibraryBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """For wheels and editable installs; a source archive carries the Rust sources instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Find or build the library, and say what the wheel runs on."""
        if self.target_name == "sdist":
            files = build_data["force_include"]
            build_data["force_include"] = {os.path.realpath(source): path for source, path in files.items()}
            return
        here = f"{platform.system()}-{platform.machine()}".lower()
        wanted = os.environ.get("APISIG_PLATFORM") or here
        libraries = runpy.run_path(str(Path(self.root, "apisig", "_abi.py")))["LIBRARIES"]
        file, _ = libraries.get(wanted.split("-")[0].replace("windows", "win32"), libraries["linux"])
        library = Path(os.environ.get("APISIG_LIBRARY") or self._build(file))
        if not library.is_file():
            raise SystemExit(f"apisig: there is no library at {library}")
        call = Path(self.root, "apisig", "_call.abi3.so")
        if wanted == here:
            # It builds into apisig/, from where an editable install takes it.
            subprocess.run([Path(self.root, "call.sh"), sys.executable], check=True)
        build_data["pure_python"] = False
        own = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{TAGS.get(wanted, own)}"
        if version == "editable":
            shutil.copy(library, Path(self.root, "apisig", file))
            return
        included = {library: f"apisig/{file}"}
        if os.environ.get("APISIG_EXTENSION"):
            included[Path(os.environ["APISIG_EXTENSION"])] = f"apisig/{call.name}"
        elif wanted == here and call.is_file():
            included[call] = f"apisig/{call.name}"
        if os.environ.get("APISIG_COMMAND"):
            command = Path(os.environ["APISIG_COMMAND"])
            included[command] = f"apisig/_bin/{command.name}"
        build_data["force_include"].update({str(source.resolve()): path for source, path in included.items()})

    def _build(self, file: str) -> Path:
        """Build it from the sources: those in the source archive, or those around this folder."""
        archived = Path(self.root, "rust")
        sources = archived if archived.is_dir() else Path(self.root, "..", "..")
        if shutil.which("cargo") is None:
            raise SystemExit(
                "apisig: no wheel fits this system, and building one needs cargo (Rust 1.88 or newer, by rustup). "
                "With a library that is already built, set APISIG_LIBRARY to its path."
            )
        subprocess.run(["cargo", "build", "--release", "--locked", "-p", "apisig"], cwd=sources, check=True)
        target = os.environ.get("CARGO_TARGET_DIR") or sources / "target"
        return Path(target, "release", file)

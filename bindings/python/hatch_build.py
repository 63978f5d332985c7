"""Puts the native library into the wheel: the one that APISIG_LIBRARY names, or one that cargo builds.

With it goes _call.abi3.so, where there is a C compiler and Python.h; without it the package uses ctypes.

Into the source archive go the files that README and licenses are links to.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# One file serves them all: it needs memcpy of glibc 2.14, which musl has too.
TAG = "py3-none-manylinux2014_{0}.manylinux_2_17_{0}.musllinux_1_1_{0}"


class LibraryBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """For wheels and editable installs; a source archive carries the Rust sources instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Find or build the library, and say what the wheel runs on."""
        if self.target_name == "sdist":
            files = build_data["force_include"]
            build_data["force_include"] = {os.path.realpath(source): path for source, path in files.items()}
            return
        library = Path(os.environ.get("APISIG_LIBRARY") or self._build())
        if not library.is_file():
            raise SystemExit(f"apisig: there is no library at {library}")
        # It builds into apisig/, from where an editable install takes it.
        subprocess.run([Path(self.root, "call.sh"), sys.executable], check=True)
        call = Path(self.root, "apisig", "_call.abi3.so")
        build_data["pure_python"] = False
        build_data["tag"] = TAG.format(platform.machine())
        if version == "editable":
            shutil.copy(library, Path(self.root, "apisig", "libapisig.so"))
        else:
            files = {library: "apisig/libapisig.so"} | ({call: "apisig/_call.abi3.so"} if call.is_file() else {})
            build_data["force_include"].update({str(file.resolve()): path for file, path in files.items()})

    def _build(self) -> Path:
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
        return Path(target, "release", "libapisig.so")

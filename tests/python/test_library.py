"""How the library is found, and what a user reads who has set it up wrongly. Each case is a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

LIBRARY = Path(os.environ["APISIG_LIBRARY"])
PROGRAM = """
try:
    import apisig
    print(apisig.Kayako("secretkey").sign("1234567890"))
except ImportError as error:
    print(type(error).__name__, error)
"""
SIGNATURE = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0="


def python(library: str, path: Path = ROOT / "bindings" / "python") -> str:
    environment = {"APISIG_LIBRARY": library, "PYTHONPATH": str(path)}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True
    ).stdout.strip()


def test_the_environment_names_it() -> None:
    assert python(str(LIBRARY)) == SIGNATURE


def test_it_is_found_beside_the_package(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bindings" / "python" / "apisig", tmp_path / "apisig")
    shutil.copy(LIBRARY, tmp_path / "apisig" / "libapisig.so")
    assert python("", tmp_path) == SIGNATURE


def test_a_missing_library_is_named() -> None:
    message = python("/nowhere/libapisig.so")
    assert message.startswith("LibraryUnavailable The apisig library cannot be loaded from /nowhere/libapisig.so")
    assert "Set APISIG_LIBRARY" in message


def test_without_any_setting_the_system_is_asked() -> None:
    assert "libapisig.so.0" in python("")


def test_a_library_of_another_version_is_refused() -> None:
    message = python(str(LIBRARY.parent / "../tests/other_version.so"))
    assert "has version 99.0.0" in message
    assert "Install both from one release" in message


def test_a_library_that_is_not_apisig_is_refused() -> None:
    assert "cannot be loaded from libc.so.6" in python("libc.so.6")

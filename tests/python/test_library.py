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


def test_a_wrong_setting_is_named() -> None:
    for path in ("/nowhere/libapisig.so", "libc.so.6", "/tmp/a\r\n\x1b.so"):
        message = python(path)
        assert message.startswith("LibraryUnavailable APISIG_LIBRARY cannot be loaded: ")
        assert "unset it to use the package's own library" in message and message.isprintable()


def test_a_package_without_its_library_is_incomplete() -> None:
    message = python("")
    assert "The package is incomplete" in message and "libapisig.so is missing" in message


def test_a_library_of_another_processor_is_named(tmp_path: Path) -> None:
    library = bytearray(LIBRARY.read_bytes())
    library[18:20] = (183 if library[18] != 183 else 62).to_bytes(2, "little")
    (tmp_path / "libapisig.so").write_bytes(library)
    message = python(str(tmp_path / "libapisig.so"))
    assert "aarch64" in message and "x86-64" in message and "install this platform's package" in message


def test_a_library_that_is_damaged_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bindings" / "python" / "apisig", tmp_path / "apisig")
    (tmp_path / "apisig" / "libapisig.so").write_bytes(b"")
    message = python("", tmp_path)
    assert "The apisig library cannot be loaded: " in message and "Install the package again" in message


def test_a_library_of_another_version_is_refused() -> None:
    message = python(str(LIBRARY.parent / "../tests/other_version.so"))
    assert "has version 99.0.0" in message
    assert "Install both from one release" in message

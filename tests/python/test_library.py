"""How the library is found, and what a user reads who has set it up wrongly. Each case is a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package; its library is libapisig.so."""
    shutil.copytree(ROOT / "bindings" / "python" / "apisig", tmp_path / "apisig")
    return tmp_path / "apisig"


def test_it_is_found_by_the_environment_and_beside_the_package(package: Path) -> None:
    assert python(str(LIBRARY)) == SIGNATURE
    shutil.copy(LIBRARY, package / "libapisig.so")
    assert python("", package.parent) == SIGNATURE


def test_a_wrong_setting_is_named() -> None:
    for path in ("/nowhere/libapisig.so", "libc.so.6", "/tmp/a\r\n\x1b.so"):
        message = python(path)
        assert message.startswith("LibraryUnavailable APISIG_LIBRARY cannot be loaded: ")
        assert "unset it to use the package's own library" in message and message.isprintable()


def test_the_message_says_what_is_wrong_with_a_library(package: Path) -> None:
    other = bytearray(LIBRARY.read_bytes())
    other[18:20] = (183 if other[18] != 183 else 62).to_bytes(2, "little")
    (package / "other.so").write_bytes(other)
    (package / "libapisig.so").write_bytes(b"")
    for message, *words in (
        (python(""), "The package is incomplete", "libapisig.so is missing"),
        (python(str(package / "other.so")), "ARM64", "x86-64", "install this platform's package"),
        (python("", package.parent), "The apisig library cannot be loaded: ", "Install the package again"),
        (python(str(LIBRARY.parent / "../tests/other_version.so")), "version 99.0.0", "Install both from one release"),
    ):
        assert all(word in message for word in words), message

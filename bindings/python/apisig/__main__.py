"""Runs the command ``apisig`` that this package contains: ``python -m apisig``. Exits with 2 if it contains none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(__file__).parent / "_bin" / ("apisig.exe" if sys.platform == "win32" else "apisig")


def main() -> int:
    """Return the exit status: the command's, or 2."""
    if not COMMAND.is_file():
        sys.stderr.write(
            "apisig: this package was built without the command: build it with `make cli` in the sources, "
            "and put target/cli into PATH.\n"
        )
        return 2
    arguments = [str(COMMAND), *sys.argv[1:]]
    if sys.platform == "win32":
        return subprocess.call(arguments)
    os.execv(COMMAND, arguments)


if __name__ == "__main__":
    sys.exit(main())

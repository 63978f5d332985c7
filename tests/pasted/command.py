"""Gives every sample of ``tests/vectors/pasted.txt`` to ``apisig read``, and compares verdicts and exit status.

Usage: command.py COMMAND SAMPLES
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from check import Sample, samples


def run(command: str, sample: Sample, *options: str, secret: bool = True) -> subprocess.CompletedProcess[str]:
    """Paste a sample."""
    kinds = [option for kind in sample.all("vendor") for option in ("--vendor", kind)]
    environment = {**os.environ, "APISIG_SECRET": sample.secret}
    if not secret:
        del environment["APISIG_SECRET"]
    arguments = [command, "read", *options, *kinds]
    return subprocess.run(
        arguments, input=sample.pasted, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def verdict(request: dict[str, Any]) -> str:
    """Say what the command found, in the words of the samples."""
    if request["valid"]:
        return f"{request['vendor']} right"
    if request["missing"]:
        return f"{request['vendor']} missing {' '.join(request['missing'])}"
    return f"{request['vendor']} wrong {' '.join(request['mistakes'] or [request['status']])}"


def status(verdicts: list[str]) -> int:
    """Give the exit status of the worst."""
    words = [verdict.split(" ")[1] if " " in verdict else verdict for verdict in verdicts]
    return 2 if {"missing", "unreadable"} & set(words) else int("wrong" in words)


def difference(command: str, sample: Sample) -> str:
    """Say how a sample comes out otherwise than it should; nothing if it does not."""
    wanted = sample.all("verdict")
    done = run(command, sample, "--json")
    if done.returncode != status(wanted):
        return f"exit status {done.returncode}: {done.stderr}"
    found = [verdict(request) for request in json.loads(done.stdout)["requests"]] if done.stdout else ["unreadable"]
    if found != wanted:
        return str(found)
    words = run(command, sample)
    is_shown = sample.secret in words.stdout + words.stderr and sample.secret not in sample.pasted
    # Those that are words of the command's own.
    if is_shown and sample.secret != "secret":
        return f"the secret is shown: {words.stdout}"
    without = run(command, sample, secret=False)
    if (without.returncode, words.returncode) not in {(2, status(wanted)), (1, 1)}:
        return f"without the secret {without.returncode}, in words {words.returncode}"
    return ""


def main() -> int:
    """Check them all."""
    failures = 0
    for sample in samples(Path(sys.argv[2]).read_text(encoding="utf-8")):
        said = difference(sys.argv[1], sample)
        failures += bool(said)
        print(f"FAILED: {sample.name}: {said}" if said else f"ok: {sample.name}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())

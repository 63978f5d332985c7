"""Makes the calls that tests/mor/rule.py printed: python3 tests/mor/check.py FILE."""

from __future__ import annotations

import sys
from pathlib import Path

from apisig import Error, Mor


def made(verb: str, *fields: str) -> str:
    """Return the result of a call as it stands in the file."""
    try:
        if verb == "parameters":
            hashed, others = Mor.parameters(*fields)
            return ",".join(hashed) + "\\n" + ",".join(others)
        secret, method, form = fields
        mor = Mor(secret)
        return mor.sign_request(method, form) if verb == "sign_request" else str(mor.check_request(method, form))
    except Error as refused:
        return refused.status.name if refused.status else "?"


calls = [line.split("\t") for line in Path(sys.argv[1]).read_text().splitlines()]
wrong = [call for call in calls if made(*call[:-1]) != call[-1]]
for call in wrong[:10]:
    print("FAILED:", *call, "Python:", made(*call[:-1]))
print(f"{len(calls) - len(wrong)} passed, {len(wrong)} failed")
sys.exit(bool(wrong) or not calls)

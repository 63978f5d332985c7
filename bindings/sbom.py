"""Prints the bill of materials of a release as CycloneDX: the crates that are linked into the library or the command.

The times are SOURCE_DATE_EPOCH, the checksums those of Cargo.lock. Usage: sbom.py VERSION
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
import notices  # noqa: E402

LOCKED = r'name = "(.*)"\nversion = "(.*)"\nsource = ".*"\nchecksum = "(.*)"'


def component(crate: str, checksum: str, terms: str) -> dict[str, Any]:
    """Return a crate's entry."""
    name, version = crate.split()
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:cargo/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": checksum}],
        "licenses": [{"expression": terms.replace("/", " OR ")}],
    }


def main() -> None:
    """Print it."""
    locked = re.findall(LOCKED, (ROOT / "Cargo.lock").read_text())
    checksums = {f"{name} {version}": checksum for name, version, checksum in locked}
    terms = {f"{one['name']} {one['version']}": one["license"] for one in notices.packages()}
    crates = sorted(notices.linked("apisig") | notices.linked("apisig-cli"))
    time = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": time.isoformat(),
            "component": {
                "type": "library",
                "name": "apisig",
                "version": sys.argv[1],
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
            },
        },
        "components": [component(crate, checksums[crate], terms[crate]) for crate in crates],
    }
    print(json.dumps(bill, indent=1))


if __name__ == "__main__":
    main()

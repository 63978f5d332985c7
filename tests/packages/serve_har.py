"""Checks that a file is HAR 1.2: every member that it requires, of the right type, and no other.

Usage: serve_har.py FILE. Source: "HTTP Archive (HAR) format", W3C draft of 2012. Names of one's own begin with _.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

PAIRS = [{"name": str, "value": str}]
MESSAGE = {"httpVersion": str, "cookies": PAIRS, "headers": PAIRS, "headersSize": int, "bodySize": int}
REQUEST = {"method": str, "url": str, "queryString": PAIRS, **MESSAGE}
CONTENT = {"size": int, "mimeType": str}
RESPONSE = {"status": int, "statusText": str, "redirectURL": str, "content": CONTENT, **MESSAGE}
TIMINGS = {"send": int, "wait": int, "receive": int}
ENTRY = {
    "startedDateTime": datetime,
    "time": int,
    "request": REQUEST,
    "response": RESPONSE,
    "cache": {},
    "timings": TIMINGS,
}
HAR = {"log": {"version": str, "creator": {"name": str, "version": str}, "entries": [ENTRY]}}
OPTIONAL = {"comment": str, "postData": {"mimeType": str, "text": str}}


def check(value: object, shape: object, at: str) -> None:
    if isinstance(shape, dict):
        assert isinstance(value, dict), at
        assert shape.keys() <= value.keys(), f"{at}: {shape.keys() - value.keys()} missing"
        for name, member in value.items():
            if not name.startswith("_"):
                assert name in shape or name in OPTIONAL, f"{at}.{name} is not of HAR 1.2"
                check(member, shape.get(name, OPTIONAL.get(name)), f"{at}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), at
        for number, item in enumerate(value):
            check(item, shape[0], f"{at}[{number}]")
    elif shape is datetime:
        assert isinstance(value, str) and datetime.fromisoformat(value).tzinfo, at
    else:
        assert type(value) is shape, f"{at} is {value!r}"


har = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
check(har, HAR, "")
sent = [entry["request"] for entry in har["log"]["entries"]]
assert any("postData" in request for request in sent) and any(request["queryString"] for request in sent)
print(f"{len(sent)} entries")

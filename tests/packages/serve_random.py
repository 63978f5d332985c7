"""Sends the same random requests, right and wrong, to `apisig serve` and to stand-ins that use the vendors' own code.

Both must take or refuse each. Usage: serve_random.py SERVE COUNT VENDOR=ORIGIN...: where `apisig serve` listens, the
requests a vendor, and where each vendor's code listens. The function that is named like the vendor makes its requests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.utils import formatdate
from urllib.parse import urlencode

Sent = tuple[str, str, dict[str, str], bytes]

SERVE, COUNT, *STANDS = sys.argv[1:]
SECRET = os.environ["SECRET"]
pick = random.Random(int(os.environ.get("SEED", "1")))


def spoiled(text: str, chance: float = 0.15) -> str:
    """Change a character, now and then."""
    if not text or pick.random() > chance:
        return text
    at = pick.randrange(len(text))
    return text[:at] + pick.choice("0aZ =+/%") + text[at + 1 :]


def mac(message: str, algorithm: str) -> bytes:
    return hmac.new(spoiled(SECRET).encode(), message.encode(), algorithm).digest()


def kommo() -> Sent:
    method, path = pick.choice([("POST", "/connect"), ("DELETE", "/disconnect")])
    path = f"/v2/origin/custom/{os.environ['KOMMO_CHANNEL']}{path}"
    body = json.dumps({"account_id": "a", "title": str(pick.randrange(1000)), "hook_api_version": "v2"})
    headers = {
        "Date": formatdate(time.time() - pick.choice([0, 0, 0, 600, 1200])).replace("-0000", "+0000"),
        "Content-Type": "application/json",
        "Content-MD5": hashlib.md5(spoiled(body).encode()).hexdigest(),
    }
    lines = [spoiled(method), headers["Content-MD5"], headers["Content-Type"], headers["Date"], spoiled(path)]
    headers["X-Signature"] = spoiled(mac("\n".join(lines), "sha1").hex())
    return method, path, headers, body.encode()


def kayako() -> Sent:
    salt = pick.choice(["", "0", "salt", str(pick.randrange(10**10)), "a b+c"])
    signature = spoiled(base64.b64encode(mac(spoiled(salt), "sha256")).decode())
    fields = {"fullname": "Zoë", "apikey": os.environ["KAYAKO_API_KEY"], "salt": salt, "signature": signature}
    form = urlencode([field for field in fields.items() if pick.random() > 0.03])
    if pick.random() < 0.5:
        return "GET", f"/api/index.php?e=/Base/User&{form}", {}, b""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return "POST", "/api/index.php?e=/Base/User", headers, form.encode()


def mor() -> Sent:
    fields = {"u": "admin", "username": spoiled("admin", 0.5), "currency": pick.choice(["EUR", "USD", ""])}
    values = spoiled(fields["username"] + fields["currency"]) + spoiled(SECRET)
    fields["hash"] = spoiled(hashlib.sha1(values.encode()).hexdigest())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return "POST", "/billing/api/user_balance_get", headers, urlencode(fields).encode()


def is_taken(origin: str, sent: Sent) -> bool:
    method, path, headers, body = sent
    request = urllib.request.Request(origin + path, body or None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return b"<error>" not in answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return False


for vendor, stand in (argument.split("=", 1) for argument in STANDS):
    make: Callable[[], Sent] = globals()[vendor]
    taken = 0
    for number in range(int(COUNT)):
        sent = make()
        verdicts = is_taken(SERVE, sent), is_taken(stand, sent)
        if verdicts[0] != verdicts[1]:
            sys.exit(f"{vendor} {number}: serve {verdicts[0]}, the vendor's code {verdicts[1]}: {sent}")
        taken += verdicts[0]
    print(f"{vendor}: {COUNT} requests, {taken} taken, no verdict differs")
    if not 0.1 < taken / int(COUNT) < 0.9:
        sys.exit("too few are right, or wrong, to show anything")

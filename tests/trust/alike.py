"""Random forms, and what the Python classes say about each.

Usage: alike.py inputs COUNT SEED prints forms in hex, one a line. alike.py answers FILE prints what each function says
about each of them: alike.php prints the same.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import Any, Callable

import apisig

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
PIECES = [
    *(b"& = + % [ ] . ; _ -- %00 %20 %5B %5D %2E %0A-- %25 %FF %ED%A0%80 \0 \n-- \r-- \xff \xc3\xa9 0 1 , ten 007".split(b" ")),
    *(b"hash salt apikey signature e clientId activity systemUrl register token apiKey user_id username".split(b" ")),
    *(b'activity[active]=true activity[freeze]=false activity={"active":true,"freeze":false} true false null'.split(b" ")),
    *(b'{"token":"x","apiKey":"k","systemUrl":"https://demo.retailcrm.ru"} \\ud800 "a":1, NaN 1e9 {} []'.split(b" ")),
]


def unescaped(field: str) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}
    found = re.compile(rb"\\(x[0-9a-f]{2}|.)")
    return found.sub(lambda one: plain.get(one[1]) or bytes.fromhex(one[1][1:].decode()), field.encode())


def forms_of_the_vectors() -> list[list[bytes]]:
    """Return what looks like a form, or like a list of user ids, by its function; but nothing very long."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(VECTORS.glob("*.tsv")):
        for function, *fields in (line.split("\t") for line in path.read_text().splitlines()):
            forms = [one for one in fields if re.match(r"[^ ]*[=&]|[ 0-9]*,", one) and len(one) < 2000]
            found.setdefault(f"{path.stem} {function}", []).extend(map(unescaped, forms))
    return [forms for forms in found.values() if len(forms) > 10]


def mutated(form: bytes, others: list[bytes]) -> bytes:
    for _ in range(random.choice([0, 0, 1, 1, 2, 5])):
        start, end = sorted(random.choices(range(len(form) + 1), k=2))
        end = min(end, start + random.choice([0, 0, 1, 3, 30]))
        middle = random.choice([random.choice(PIECES), b"&" + random.choice(PIECES) + b"=", form[start:end] * 2, b""])
        form = form[:start] + middle + form[end:]
    return form + b"&" + random.choice(others) if random.random() < 0.1 else form


def inputs(count: int, seed: int) -> None:
    random.seed(seed)
    groups = forms_of_the_vectors()
    for _ in range(count):
        forms = random.choice(groups)
        print(mutated(random.choice(forms), forms).hex())


kayako, mor, retailcrm = apisig.Kayako("secretkey"), apisig.Mor("secret"), apisig.RetailCrm("secret")


def fields(form: bytes) -> dict[bytes, bytes]:
    """Return a form as the caller's own fields, nothing of it decoded."""
    return {name: value for name, _, value in (field.partition(b"=") for field in form.split(b"&"))}


def activity(form: bytes) -> list[str]:
    told = apisig.RetailCrm.activity(form)
    return [str(int(told.active)), str(int(told.freeze)), told.client_id, told.system_url]


def registration(form: bytes) -> list[str]:
    made = retailcrm.register(form, ["retailcrm.ru"])
    return [made.api_key, made.system_url]


FUNCTIONS: dict[str, Callable[[bytes], Any]] = {
    "client id": lambda form: [apisig.RetailCrm.client_id(form)],
    "activity": activity,
    "register": registration,
    "Kayako's check": lambda form: [str(kayako.check_request("apikey", form))],
    "Kayako's request": lambda form: [kayako.request("POST", "https://x", "/x", "apikey", fields(form), False, "1").body],
    "MOR's check": lambda form: [str(mor.check_request("user_balance_get", form))],
    "MOR's hash": lambda form: [mor.sign_request("user_balance_update", form)],
    "MOR's parameters": lambda form: [",".join(names) for names in apisig.Mor.parameters("payment_create", form)],
    "MOR's request": lambda form: [mor.request("user_balance_update", fields(form), "https://x").body],
    "user ids": lambda form: [str(id) for id in apisig.ImbaChat.user_ids(form)],
}


def answer(function: Callable[[bytes], Any], form: bytes) -> str:
    try:
        texts = function(form)
    except apisig.Error as error:
        texts = [error.status.name.replace("_", "").lower() if error.status else "", str(error)]
    return " ".join((text if isinstance(text, bytes) else text.encode()).hex() for text in texts)


def answers(file: str) -> None:
    for line in Path(file).read_text().splitlines():
        for name, function in FUNCTIONS.items():
            print(line, name, answer(function, bytes.fromhex(line)), sep="\t")


if __name__ == "__main__":
    inputs(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "inputs" else answers(sys.argv[2])

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

from forms import SECRETS, bodies

import apisig

kayako, mor, retailcrm = (kind(SECRETS[0], SECRETS[1:]) for kind in (apisig.Kayako, apisig.Mor, apisig.RetailCrm))


def inputs(count: int, seed: int) -> None:
    for _, body in zip(range(count), bodies(random.Random(seed))):
        print(body.hex())


def fields(form: bytes) -> dict[bytes, bytes]:
    """Return a form as the caller's own fields, nothing of it decoded; without names that PHP takes for integers."""
    named = [field.partition(b"=") for field in form.split(b"&") if not re.match(rb"-?\d", field)]
    return {name: value for name, _, value in named}


def activity(form: bytes) -> list[str]:
    told = apisig.RetailCrm.activity(form)
    return [str(int(told.active)), str(int(told.freeze)), told.client_id, told.system_url]


def registration(form: bytes) -> list[str]:
    made = retailcrm.register(form, ["simla.com"])
    return [made.api_key, made.system_url]


def text(form: bytes) -> str:
    return form.decode("utf-8", "surrogateescape")


def module_request(form: bytes) -> list[str]:
    made = apisig.RetailCrmRegistration(text(form), "https://x.simla.com")
    return [apisig.RetailCrm.edit(made, "x", {}).headers["X-API-KEY"]]


FUNCTIONS: dict[str, Callable[[bytes], Any]] = {
    "client id": lambda form: [apisig.RetailCrm.client_id(form)],
    "activity": activity,
    "register": registration,
    "Kayako's check": lambda form: [str(kayako.check_request("apikey", form))],
    "Kayako's request": lambda form: [
        kayako.request("POST", "https://x", "/x", "apikey", fields(form), False, "1").body
    ],
    "Kayako's parameters": lambda form: list(kayako.parameters(re.sub(rb"[\x80-\xff]", b"", form), "1").values()),
    "ImbaChat's user": lambda form: list(
        apisig.ImbaChatUser(text(form), text(form), f"https://x/{text(form)}").fields().values()
    ),
    "RetailCRM's request": module_request,
    "MOR's check": lambda form: [str(mor.check_request("users_get", form))],
    "MOR's hash": lambda form: [mor.sign_request("users_get", form)],
    "MOR's parameters": lambda form: [",".join(names) for names in apisig.Mor.parameters("payment_create", form)],
    "MOR's request": lambda form: [mor.request("user_balance_update", fields(form), "https://x").body],
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
    if sys.argv[1] == "inputs":
        inputs(int(sys.argv[2]), int(sys.argv[3]))
    else:
        answers(sys.argv[2])

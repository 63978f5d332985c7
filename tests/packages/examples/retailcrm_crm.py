"""Plays the system that connects a module, and the user who clicks "Connect".

Usage: retailcrm_crm.py STEP MODULE_ORIGIN PORT API_KEY TOKEN
It listens at PORT for what the module registers. A step that fails raises.
"""

from __future__ import annotations

import json
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

STEP, MODULE, PORT, API_KEY, TOKEN = sys.argv[1:]
SYSTEM_URL = "https://demo.retailcrm.ru"
received: list[Any] = []
"""What the module has sent, wherever it meant to."""


class Crm(BaseHTTPRequestHandler):
    """The one method of the API that a module needs."""

    success = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = parse_qs(body, strict_parsing=True)
        module = json.loads(fields.pop("integrationModule")[0])
        received.append(module)
        sound = (
            self.path == "/api/v5/integration-modules/example-module/edit"
            and self.headers.get_all("X-API-KEY") == [API_KEY]
            and self.headers["Host"] == urlsplit(SYSTEM_URL).netloc
            and self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            and module["code"] == "example-module"
            and not fields
        )
        self.send_response(200 if sound else 400)
        self.end_headers()
        self.wfile.write(json.dumps({"success": sound and Crm.success, "info": {}}).encode())

    def log_message(self, *_: object) -> None:
        pass


def ask(path: str, fields: dict[str, str] | None = None) -> Any:
    """Ask the module as the system does, which reads what has the status 200."""
    body = None if fields is None else urlencode(fields).encode()
    with urllib.request.urlopen(MODULE + path, body, timeout=10) as answer:
        assert answer.status == 200
        is_json = answer.headers["Content-Type"] == "application/json"
        return json.load(answer) if is_json else answer.read().decode()


def as_json(token: str = TOKEN, system_url: str = SYSTEM_URL) -> dict[str, str]:
    return {"register": json.dumps({"token": token, "apiKey": API_KEY, "systemUrl": system_url})}


def as_fields() -> dict[str, str]:
    return {"register[token]": TOKEN, "register[apiKey]": API_KEY, "register[systemUrl]": SYSTEM_URL + "/"}


def connect(fields: dict[str, str]) -> str:
    """Connect the module, follow the user to the account, and return its clientId."""
    config = ask("/config")
    assert config == {
        "success": True,
        "scopes": ["integration_read", "integration_write"],
        "registerUrl": "https://module.example/register",
    }
    registered = ask(urlsplit(config["registerUrl"]).path, fields)
    assert registered == {"success": True, "accountUrl": "https://module.example/account"}
    (module,) = received
    page = ask(urlsplit(registered["accountUrl"]).path, {"clientId": module["clientId"]})
    assert page == f"This is the account of {SYSTEM_URL}."
    assert module["accountUrl"] == registered["accountUrl"]
    return str(module["clientId"])


def refused(answer: dict[str, Any]) -> None:
    assert answer["success"] is False
    assert answer["errorMsg"]


def tell_of_activity() -> None:
    client_id = connect(as_json())
    action = received[0]["actions"]["activity"]
    fields = {"activity": '{"active":false,"freeze":true}', "clientId": client_id, "systemUrl": SYSTEM_URL}
    assert ask(action, fields) == {"success": True}
    refused(ask(action, {**fields, "clientId": "another"}))
    refused(ask(action, {**fields, "activity": "{}"}))


def forge() -> None:
    wrong = TOKEN[:-1] + ("0" if TOKEN[-1] != "0" else "1")
    for fields in [as_json(wrong), as_json("", "https://example.org"), {}, {**as_json(), **as_fields()}]:
        refused(ask("/register", fields))
    assert not received, "the module believed it"


def send_elsewhere() -> None:
    for system_url in ["https://example.org", "http://demo.retailcrm.ru", f"https://demo.retailcrm.ru:{PORT}"]:
        refused(ask("/register", as_json(system_url=system_url)))
    assert not received, "the module sent the API key elsewhere"


def refuse_the_edit() -> None:
    Crm.success = False
    refused(ask("/register", as_json()))
    assert len(received) == 1


STEPS = {
    "connect-by-json": lambda: connect(as_json()),
    "connect-by-fields": lambda: connect(as_fields()),
    "tell-of-activity": tell_of_activity,
    "forge": forge,
    "send-elsewhere": send_elsewhere,
    "refuse-the-edit": refuse_the_edit,
}

server = HTTPServer(("127.0.0.1", int(PORT)), Crm)
threading.Thread(target=server.serve_forever, daemon=True).start()
STEPS[STEP]()

"""A module of RetailCRM (Simla) with simple connection. It runs behind an https server at MODULE_URL:

export RETAILCRM_SECRET=… MODULE_URL=https://module.example MODULE_ACCOUNTS=/var/lib/module/accounts.json
python3 examples/python/retailcrm.py 8000
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from apisig import Request, Response, RetailCrm, VerificationFailed

CODE = "example-module"
SCOPES = ["integration_read", "integration_write"]
# The hosts of the accounts: the vendor's domains. Add those of customers who host the system themselves.
HOSTS = ["retailcrm.ru", "retailcrm.pro", "retailcrm.es", "simla.com"]

URL = os.environ["MODULE_URL"]
ACCOUNTS = Path(os.environ["MODULE_ACCOUNTS"])


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: the API key goes to no other host."""

    def redirect_request(self, *_):
        return None


def send(request: Request) -> bytes:
    """Send a request unchanged. Return the body of the answer."""
    method, url, headers, body = request
    try:
        ready = urllib.request.Request(url, body, headers, method=method)
        with urllib.request.build_opener(NoRedirect).open(ready, timeout=10) as answer:
            return answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.read()


def accounts() -> dict:
    """Return the accounts by clientId. A real module uses a database and encrypts the API keys."""
    return json.loads(ACCOUNTS.read_text()) if ACCOUNTS.exists() else {}


def save(client_id: str, account: dict) -> None:
    ACCOUNTS.write_text(json.dumps({**accounts(), client_id: account}))


class Module(BaseHTTPRequestHandler):
    """Answers the requests of the system and of the user."""

    send = staticmethod(send)

    def register(self, form: bytes) -> Response:
        """The user clicks "Connect": register the module in the system, and answer with the account page's URL."""
        registration = RetailCrm(os.environ["RETAILCRM_SECRET"]).register(form, HOSTS)
        client_id = secrets.token_hex(16)
        module = {
            "integrationCode": CODE,
            "active": True,
            "name": "Example",
            "clientId": client_id,
            "baseUrl": URL,
            "accountUrl": f"{URL}/account",
            "actions": {"activity": "/activity"},
        }
        answer = json.loads(self.send(RetailCrm.edit(registration, CODE, module)))
        if answer.get("success") is not True:
            return RetailCrm.failed("The module could not register itself. Please try again later.")
        save(client_id, {"apiKey": registration.api_key, "systemUrl": registration.system_url, "active": True})
        return RetailCrm.registered(f"{URL}/account")

    def account(self, form: bytes) -> Response:
        """The user arrives with a clientId, which is not signed."""
        account = accounts().get(RetailCrm.client_id(form))
        if account is None:
            return Response(404, {}, b"There is no such account.")
        text = f"This is the account of {account['systemUrl']}."
        return Response(200, {"Content-Type": "text/plain"}, text.encode())

    def activity(self, form: bytes) -> Response:
        """The module was turned on or off, or the account frozen."""
        activity = RetailCrm.activity(form)
        account = accounts().get(activity.client_id)
        if account is None:
            return RetailCrm.failed("There is no such account.")
        save(activity.client_id, {**account, "active": activity.active and not activity.freeze})
        return RetailCrm.accepted()

    def do_GET(self) -> None:
        found = self.path == "/config"
        self.answer(RetailCrm.config(SCOPES, f"{URL}/register") if found else Response(404, {}, b""))

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"]))
        pages = {"/register": self.register, "/account": self.account, "/activity": self.activity}
        try:
            self.answer(pages[self.path](form) if self.path in pages else Response(404, {}, b""))
        except VerificationFailed as refused:
            print("refused:", refused.status.name, file=sys.stderr)
            self.answer(RetailCrm.failed("The request could not be verified."))

    def answer(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Module).serve_forever()

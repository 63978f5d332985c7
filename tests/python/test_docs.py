"""Every program of docs/python.md runs: the sites behind real servers, the others against servers on loopback."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import apisig
from conftest import ROOT
from local_server import Answer, Received, free_port, program, server

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
LOGIN, PASSWORD = "root", "abc:€"
_WSGI = "from wsgiref.simple_server import make_server as m"
SITES = {
    "flask": f"{_WSGI}; from flask_app import app as a",
    "django": f"{_WSGI}; from django.core.wsgi import get_wsgi_application as g; a = g()",
    "django under ASGI": "import uvicorn; from django.core.asgi import get_asgi_application as g; a = g()",
    "fastapi": "import uvicorn; from fastapi_app import app as a",
}
PROGRAMS = ["clients.py", "heard.py", "mounted.py", "replay.py"]
OWN = {
    "KOMMO_SECRET": SECRET,
    "IMBACHAT_LOGIN": LOGIN,
    "IMBACHAT_PASSWORD": PASSWORD,
    "DJANGO_SETTINGS_MODULE": "mysite.settings",
}
SETTINGS = "SECRET_KEY = 'x'\nALLOWED_HOSTS = ['127.0.0.1']\nROOT_URLCONF = 'mysite.views'\n"

_BLOCKS = re.findall(
    r"^```python\n# (\S+)\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", (ROOT / "docs" / "python.md").read_text(), re.M | re.S
)
PAGE = {name: program for name, program, _ in _BLOCKS}
PRINTED = {name: printed for name, _, printed in _BLOCKS}


def test_every_program_of_the_page_is_run() -> None:
    assert (ROOT / "docs" / "python.md").read_text().count("```python") == len(PAGE)
    assert set(PAGE) == {*PROGRAMS, "flask_app.py", "fastapi_app.py", "mysite/views.py"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mysite").mkdir()
    (tmp_path / "mysite" / "settings.py").write_text(SETTINGS)
    for name, text in PAGE.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@contextmanager
def site(name: str, folder: Path, chat_api: str) -> Iterator[tuple[str, Path]]:
    port, log = free_port(), folder / "log"
    serve = f"m('127.0.0.1', {port}, a).serve_forever()"
    if "uvicorn" in SITES[name]:
        serve = f"uvicorn.run(a, port={port}, log_level='warning')"
    command = [sys.executable, "-c", f"{SITES[name]}; {serve}"]
    env = {**os.environ, **OWN, "CHAT_API": chat_api}
    with log.open("w") as output, program(command, port, cwd=folder, env=env, stdout=output, stderr=output):
        yield f"http://127.0.0.1:{port}", log


def ask(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, named, method=method), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def is_signed_for_kommo(request: Received, secret: str) -> bool:
    sent = request.headers
    lines = [request.method, sent["content-md5"], sent["content-type"], sent["date"], request.path]
    return hmac.new(secret.encode(), "\n".join(lines).encode(), "sha1").hexdigest() == sent["x-signature"]


@pytest.mark.parametrize("name", SITES)
def test_a_site(name: str, folder: Path) -> None:
    chat_api = server(lambda request: Answer(200 if is_signed_for_kommo(request, SECRET) else 403))
    with chat_api as vendor, site(name, folder, vendor.url) as (url, log):
        body = json.dumps({"message": {"message": {"type": "text", "text": f"hello {name}"}}}).encode()
        signature = hmac.new(SECRET.encode(), body, "sha1").hexdigest()
        webhook = f"{url}/kommo/scope"
        assert ask("POST", webhook, body)[0] == 401
        assert log.read_text().count("kommo: refused with 401: malformed") == 1
        assert ask("POST", webhook, body.replace(b"hello", b"hallo"), X_Signature=signature)[0] == 401
        assert "received" not in log.read_text()
        assert ask("POST", webhook, body + b"\n", X_Signature=signature, Content_Type="application/json")[0] == 200
        assert log.read_text().count(f"received: hello {name}") == 1
        if name != "django under ASGI":
            # Without a body: it is refused before any is read.
            assert ask("POST", webhook, X_Signature=signature, Content_Length="1048577")[0] == 413

        users = f"{url}/imbachat/users?user_ids="
        basic = "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        refusal = b'{"detail":"not authorized"}' if name == "fastapi" else apisig.ImbaChat.unauthorized().body
        assert ask("GET", users + "1,2") == (401, refusal)
        assert ask("GET", users + "1,2", Authorization=basic + "x")[0] == 401
        status, answer = ask("GET", users + "1,2", Authorization=basic)
        assert (status, [user["name"] for user in json.loads(answer)]) == (200, ["User 1", "User 2"])
        assert ask("GET", users + "x", Authorization=basic)[0] == 400

        status, answer = ask("POST", f"{url}/send/scope", b"")
        assert (status, json.loads(answer)) == (200, {"status": 200})
        assert vendor.received[0].target == "/v2/origin/custom/scope"


def run(name: str, folder: Path, **own: str) -> str:
    done = subprocess.run(
        [sys.executable, name], cwd=folder, env={**os.environ, **own}, capture_output=True, text=True, timeout=60
    )
    return done.stdout + done.stderr


def test_clients(folder: Path) -> None:
    kayako, mor = apisig.Kayako("secret key"), apisig.Mor("secret")

    def answer(request: Received) -> Answer:
        if request.path.startswith("/v2/"):
            holds = is_signed_for_kommo(request, "channel secret")
        elif request.path == "/api/index.php":
            holds = kayako.verify_request("API key", request.body or request.query)
        else:
            holds = mor.verify_request(request.path.rpartition("/")[2], request.body)
        return Answer(200 if holds else 401)

    with server(answer) as vendors:
        assert (
            run("clients.py", folder, CHAT_API=vendors.url, HELPDESK=vendors.url, BILLING=vendors.url)
            == (PRINTED["clients.py"])
        )
        assert len(vendors.received) == 4


def test_what_djangos_own_clients_see(folder: Path) -> None:
    """With its protection against forged forms, which the webhook is exempt from."""
    program = """
import asyncio, django
django.setup()
from django.test import AsyncClient, Client
from mysite.views import kommo
body = b'{"message":{"message":{"text":"hello"}}}'
signed = {"X-Signature": kommo.sign_webhook(body)}
async def asynchronous(headers):
    return await AsyncClient(True).generic("POST", "/kommo/1", body, "application/json", headers=headers)
for headers in ({}, signed):
    print(Client(True).post("/kommo/1", body, "application/json", headers=headers).status_code)
    print(asyncio.run(asynchronous(headers)).status_code)
print(Client(True).get("/imbachat/users").status_code, Client(True).post("/send/1").status_code)
"""
    (folder / "client.py").write_text(program)
    with (folder / "mysite" / "settings.py").open("a") as settings:
        settings.write("MIDDLEWARE = ['django.middleware.csrf.CsrfViewMiddleware']\n")
    printed = "401\n401\nreceived: hello\n200\nreceived: hello\n200\n401 403\n"
    assert run("client.py", folder, **OWN).startswith(printed)


@pytest.mark.parametrize("name", ["heard.py", "mounted.py"])
def test_a_program_that_needs_no_server(name: str, folder: Path) -> None:
    assert run(name, folder) == PRINTED[name]


def test_replay(folder: Path, redis_port: int) -> None:
    assert run("replay.py", folder, REDIS_URL=f"redis://127.0.0.1:{redis_port}") == PRINTED["replay.py"]

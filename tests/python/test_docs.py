"""Every program of docs/python.md runs: the sites behind real servers, the others against servers on loopback."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest

import apisig
from conftest import ROOT
from local_server import Answer, Received, server

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
LOGIN, PASSWORD = "root", "abc:€"
SITES = {
    "flask_app.py": "from wsgiref.simple_server import make_server as m; from flask_app import app as a",
    "mysite/wsgi.py": "from wsgiref.simple_server import make_server as m; from mysite.wsgi import application as a",
    "mysite/asgi.py": "import uvicorn; from mysite.asgi import application as a",
    "fastapi_app.py": "import uvicorn; from fastapi_app import app as a",
}
PROGRAMS = ["clients.py", "replay.py"]
SETTINGS = "SECRET_KEY = 'x'\nALLOWED_HOSTS = ['127.0.0.1']\nROOT_URLCONF = 'mysite.views'\n"

_BLOCKS = re.findall(
    r"^```python\n# (\S+)\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", (ROOT / "docs" / "python.md").read_text(), re.M | re.S
)
PAGE = {name: program for name, program, _ in _BLOCKS}
PRINTED = {name: printed for name, _, printed in _BLOCKS}


def test_every_program_of_the_page_is_run() -> None:
    assert (ROOT / "docs" / "python.md").read_text().count("```python") == len(PAGE)
    assert set(PAGE) == {*SITES, *PROGRAMS, "mysite/views.py"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mysite").mkdir()
    (tmp_path / "mysite" / "settings.py").write_text(SETTINGS)
    for name, program in PAGE.items():
        (tmp_path / name).write_text(program)
    return tmp_path


@contextmanager
def site(name: str, folder: Path, chat_api: str) -> Iterator[tuple[str, Path]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = f"uvicorn.run(a, port={port}, log_level='warning')" if "uvicorn" in SITES[name] else (
        f"m('127.0.0.1', {port}, a).serve_forever()"
    )  # fmt: skip
    own = {"KOMMO_SECRET": SECRET, "IMBACHAT_LOGIN": LOGIN, "IMBACHAT_PASSWORD": PASSWORD, "CHAT_API": chat_api}
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-c", f"{SITES[name]}; {serve}"],
            cwd=folder,
            env={**os.environ, **own},
            stdout=output,
            stderr=output,
        ) as running,
    ):
        try:
            for _ in range(400):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert running.poll() is None, log.read_text()
                sleep(0.05)
            yield f"http://127.0.0.1:{port}", log
        finally:
            running.terminate()


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
        assert ask("POST", webhook, body.replace(b"hello", b"hallo"), X_Signature=signature)[0] == 401
        assert "received" not in log.read_text()
        assert ask("POST", webhook, body + b"\n", X_Signature=signature, Content_Type="application/json")[0] == 200
        assert log.read_text().count(f"received: hello {name}") == 1
        # Without a body: it is refused before any is read.
        assert ask("POST", webhook, X_Signature=signature, Content_Length="1048577")[0] == 413

        users = f"{url}/imbachat/users?user_ids="
        basic = "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        assert ask("GET", users + "1,2") == (401, apisig.ImbaChat.unauthorized().body)
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


def test_replay(folder: Path, redis_port: int) -> None:
    assert run("replay.py", folder, REDIS_URL=f"redis://127.0.0.1:{redis_port}") == PRINTED["replay.py"]

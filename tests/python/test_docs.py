"""Every program of the pages for Python and the kit of docs/testing.md run: sites on servers and by their own tests."""

from __future__ import annotations

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
import redis

import apisig
from conftest import ROOT
from local_server import Answer, Received, free_port, program, server

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
_WSGI = "from wsgiref.simple_server import make_server as m"
SITES = {
    "flask": f"{_WSGI}; from flask_app import app as a",
    "django": f"{_WSGI}; from django.core.wsgi import get_wsgi_application as g; a = g()",
    "django under ASGI": "import uvicorn; from django.core.asgi import get_asgi_application as g; a = g()",
    "fastapi": "import uvicorn; from fastapi_app import app as a",
}
INSTALLED = os.environ.get("APISIG_INSTALLED")
"""A Python that has the wheel: tests/packages/dist.sh runs these tests with it, in folders that have nothing else."""
PYTHON = INSTALLED or sys.executable
OUR_OWN = ("PYTHONPATH", "APISIG_LIBRARY") if INSTALLED else ()
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in OUR_OWN}
# pytest finds the one of a wheel by itself.
PLUGIN = [] if INSTALLED else ["-p", "pytest_apisig"]
PYTEST = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
OWN_TESTS = {
    "test_flask_app.py": [*PYTEST, "test_flask_app.py"],
    "test_fastapi_app.py": [*PYTEST, "-W", "ignore:Using `httpx`", "test_fastapi_app.py"],
    "mysite/tests.py": [PYTHON, "-m", "django", "test"],
}
SITE_FILES = {"flask_app.py", "fastapi_app.py", "mysite/settings.py", "mysite/views.py"}
PROGRAMS = ["async_replay.py", "clients.py", "heard.py", "mounted.py", "replay.py", "users.py"]
OWN = {"KOMMO_SECRET": SECRET, "CHAT_API": "", "DJANGO_SETTINGS_MODULE": "mysite.settings", "DJANGO_SECRET_KEY": "x"}
# What a server asks for, beside what is printed.
SETTINGS = "ALLOWED_HOSTS = ['127.0.0.1']\n"

_DOCS = ROOT / "docs"
# tests/packages/readme.sh runs what stands above: it starts the command.
_TESTING = (_DOCS / "testing.md").read_text().partition("\n## Your own tests in Python\n")[2]
TEXT = "".join((_DOCS / f"{page}.md").read_text() for page in ("python", "django", "flask", "fastapi")) + _TESTING
_BLOCKS = re.findall(r"^```python\n# (\S+)\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", TEXT, re.M | re.S)
PAGE = {name: program for name, program, _ in _BLOCKS}
PRINTED = {name: printed for name, _, printed in _BLOCKS}


def test_every_program_of_the_page_is_run() -> None:
    assert TEXT.count("```python") == len(PAGE)
    assert set(PAGE) == {*PROGRAMS, *SITE_FILES, *OWN_TESTS, "test_kit.py"}


@pytest.mark.parametrize("name", [*SITE_FILES, *OWN_TESTS])
def test_a_site_is_short(name: str) -> None:
    code = [line for line in PAGE[name].splitlines() if line.strip() and not line.startswith("#")]
    assert len(code) < 25


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mysite").mkdir()
    (tmp_path / "mysite" / "__init__.py").touch()
    for name, text in PAGE.items():
        (tmp_path / name).write_text(SETTINGS + text if name == "mysite/settings.py" else text)
    return tmp_path


@contextmanager
def site(name: str, folder: Path, chat_api: str) -> Iterator[tuple[str, Path]]:
    port, log = free_port(), folder / "log"
    serve = f"m('127.0.0.1', {port}, a).serve_forever()"
    if "uvicorn" in SITES[name]:
        serve = f"uvicorn.run(a, port={port}, log_level='warning')"
    command = [PYTHON, "-c", f"{SITES[name]}; {serve}"]
    env = {**ENVIRONMENT, **OWN, "CHAT_API": chat_api}
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
        assert log.read_text().count(f"text='hello {name}'") == 1
        assert ask("POST", webhook, body, X_Signature=signature)[0] == 401
        assert log.read_text().count("received: ") == log.read_text().count("kommo: refused with 401: replayed") == 1
        if name != "django under ASGI":
            # Without a body: it is refused before any is read.
            assert ask("POST", webhook, X_Signature=signature, Content_Length="1048577")[0] == 413

        status, answer = ask("POST", f"{url}/send/scope", b"")
        assert (status, json.loads(answer)) == (200, {"status": 200})
        assert vendor.received[0].target == "/v2/origin/custom/scope"


def run(command: list[str], folder: Path, **own: str) -> str:
    env = {**ENVIRONMENT, **own}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def test_clients(folder: Path) -> None:
    kayako, mor = apisig.Kayako("secret key"), apisig.Mor("secret")

    def answer(request: Received) -> Answer:
        if request.path.startswith("/v2/"):
            is_signed = is_signed_for_kommo(request, "channel secret")
        elif request.path == "/api/index.php":
            is_signed = kayako.verify_request("API key", request.body or request.query)
        else:
            is_signed = mor.verify_request(request.path.rpartition("/")[2], request.body)
        return Answer(200 if is_signed else 401)

    with server(answer) as vendors:
        urls = dict.fromkeys(["CHAT_API", "HELPDESK", "BILLING"], vendors.url)
        assert run([PYTHON, "clients.py"], folder, **urls) == PRINTED["clients.py"]
        assert len(vendors.received) == 4


@pytest.mark.parametrize("name", OWN_TESTS)
def test_a_sites_own_test_passes_and_can_fail(name: str, folder: Path) -> None:
    def passes() -> bool:
        # Of pytest or unittest.
        return re.search(r"1 passed|\nRan 1 test[^\0]*OK", run(OWN_TESTS[name], folder, **OWN)) is not None

    assert passes()
    program = "mysite/views.py" if "mysite" in name else name.replace("test_", "")
    checks = r"^@kommo_webhook\(\)\n|, dependencies=.*(?=\))"
    unprotected, count = re.subn(checks, "", PAGE[program], flags=re.M)
    (folder / program).write_text(unprotected)
    assert (count, passes()) == (1, False)


def test_the_kit(folder: Path) -> None:
    assert "7 passed" in run([*PYTEST, *PLUGIN, "test_kit.py"], folder)


def test_django_checks_its_settings(folder: Path) -> None:
    for secret, problem in ((SECRET, "no issues"), ("", 'apisig.E001) APISIG["kommo"] is wrong: The secret is empty.')):
        own = {**OWN, "KOMMO_SECRET": secret}
        assert problem in run([PYTHON, "-m", "django", "check"], folder, **own)


@pytest.mark.parametrize("name", ["heard.py", "mounted.py", "users.py"])
def test_a_program_that_needs_no_server(name: str, folder: Path) -> None:
    assert run([PYTHON, name], folder) == PRINTED[name]


@pytest.mark.parametrize("name", ["replay.py", "async_replay.py"])
def test_replay(name: str, folder: Path, redis_port: int) -> None:
    with redis.Redis(port=redis_port) as client:
        client.flushall()
    assert run([PYTHON, name], folder, REDIS_URL=f"redis://127.0.0.1:{redis_port}") == PRINTED[name]

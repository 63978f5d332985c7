"""Makes seeds of the calls in tests/vectors, a folder for each corpus; the targets say what an input is.

Usage: seeds.py FOLDER
"""

import base64
import contextlib
import csv
import hashlib
import pathlib
import re
import sys

VECTORS = pathlib.Path(__file__).parent.parent / "tests/vectors"
OUT = pathlib.Path(sys.argv[1])
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}


def unescape(field):
    return re.sub(
        rb"\\(x[0-9a-fA-F]{2}|.)",
        lambda escape: ESCAPES.get(escape[1]) or bytes([int(escape[1][1:], 16)]),
        field.encode(),
    )


def calls(vendor, verb):
    with open(VECTORS / f"{vendor}.tsv", encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and row[0] == verb:
                yield [unescape(field) for field in row[1:]]


def seed(corpus, *fields):
    """An input: its fields with 0xff between them, which only the last may hold."""
    content = b"\xff".join([field.replace(b"\xff", b"") for field in fields[:-1]] + [fields[-1]])
    if len(content) <= 4096:
        folder = OUT / corpus
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)


def decoded(part):
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


for _, token, *_ in calls("imbachat", "verify"):
    seed("imbachat_token", token)
    parts = token.split(b".")
    seed("imbachat_token", b".".join(parts[:2]))
    with contextlib.suppress(IndexError, ValueError):
        seed("imbachat_token", decoded(parts[0]), decoded(parts[1]))
for login, password, header, _ in calls("imbachat", "verify_authorization"):
    encoded = base64.b64encode(login + b":" + password)
    seed("imbachat_authorization", login, password, header)
    seed("imbachat_authorization", login, password, header.replace(encoded, b"@"))
for parameter, _ in calls("imbachat", "user_ids"):
    seed("imbachat_user_ids", parameter)
for secret, dev_id, token, *_ in calls("imbachat", "diagnose"):
    parts = token.split(b".")
    seed("imbachat_diagnosis", secret, secret, dev_id, token)
    for sender in (secret, secret + b"\n", secret + dev_id, secret.upper()):
        seed("imbachat_diagnosis", secret, sender, dev_id, b".".join(parts[:2]))

for _, method, url, body, md5, kind, date, signature, *_ in calls("kommo", "verify"):
    seed("kommo_request", method, url, kind, date, signature, md5, body)
    seed("kommo_request", method, url, kind, date, b"@", b"@", body)
    seed("kommo_date", date)
for _, body, signature, _ in calls("kommo", "verify_webhook"):
    seed("kommo_webhook", signature, body)
    seed("kommo_webhook", b"@", body)
for answer, name, _ in calls("kommo", "answer"):
    seed("kommo_answer", name, answer)
for secret, method, url, body, md5, kind, date, signature, *_ in calls("kommo", "diagnose"):
    seed("kommo_diagnosis", secret, secret, method, url, kind, date, body, md5, signature, body)
    for sent in (body, body + b"\n", body.replace(b"/", b"\\/"), b"{}"):
        seed("kommo_diagnosis", secret, secret + b"\n", method, url, kind, date, sent, b"@", b"@", body)
        seed("kommo_diagnosis", secret, secret, method, url, kind, date, sent, b"@", b"@", body)

for secret, key, token, _ in calls("retailcrm", "diagnose"):
    seed("retailcrm_diagnosis", secret, secret, key, key, token)
    for sender, sent in ((secret + b"\n", key), (secret, key + b" "), (key, secret), (secret, key.upper())):
        seed("retailcrm_diagnosis", secret, sender, sent, key, b"@")
for _, form, hosts, key, *_ in calls("retailcrm", "register"):
    seed("retailcrm_register", key or b"api_key", hosts, form)
    signed = re.sub(rb"[0-9a-fA-F]{64}", b"@", form)
    seed("retailcrm_register", key or b"Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E", hosts, signed)

for _, key, form, _ in calls("kayako", "verify_request"):
    salt = re.search(rb"(?:^|&)salt=([^&]*)", form)
    signed = re.sub(rb"(signature=)[^&]{44,}", rb"\1@", form)
    seed("kayako_request", key, salt[1] if salt else b"1", form)
    seed("kayako_request", key, salt[1] if salt else b"1", signed)
for secret, key, salt, signature, _ in calls("kayako", "diagnose"):
    seed("kayako_diagnosis", secret, secret, key, salt, salt, signature)
    for sender, sent in ((secret + b"\n", salt), (secret, salt + b"\n"), (salt, secret), (key, salt)):
        seed("kayako_diagnosis", secret, sender, key, sent, salt, b"@")

for _, method, form, _ in calls("mor", "sign_request"):
    seed("mor_request", method, form)
    seed("mor_request", method, form + b"&hash=@")
for _, method, form, _ in calls("mor", "verify_request"):
    seed("mor_request", method, form)
    seed("mor_request", method, re.sub(rb"(hash=)[0-9a-fA-F]{40}", rb"\1@", form))
for secret, method, form, given, _ in calls("mor", "diagnose"):
    seed("mor_diagnosis", secret, secret, method, form, form, given)
    for sender in (secret, secret + b"\n"):
        seed("mor_diagnosis", secret, sender, method, form, form, b"@")

for host, path, _ in calls("kommo", "url"):
    seed("texts", host, path, b"")
for account, title, *_ in calls("kommo", "connect_body"):
    seed("texts", account, title, b"")
for dev_id, _, token, origin, _ in calls("imbachat", "widget"):
    seed("texts", dev_id, token, origin)
for *_, base, route, _, query, _ in calls("kayako", "url"):
    seed("texts", base, route, query)
for message, _ in calls("retailcrm", "failed"):
    seed("texts", message, b"", b"")

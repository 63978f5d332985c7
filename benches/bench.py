"""Measures the Python classes beside what they replace, in one process, round by round in turn.

Prints a row for each: name, against, ratios (median, least, greatest), nanoseconds of both.
"""

import base64
import gc
import hashlib
import hmac
import threading
import time
from email.utils import formatdate

import jwt

import apisig

ROUNDS = 31
SECRET = b"fb50586ff7b68cd831fe0ef356345903f644c0d2"
PATH = "/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect"
API_KEY = "f62a0162-46a7-430e-b06c-0ef798d56b21"


def kommo_by_hand(method, path, body):
    date = formatdate(time.time(), usegmt=False).replace("-0000", "+0000")
    content_md5 = hashlib.md5(body).hexdigest()
    text = "\n".join([method.upper(), content_md5, "application/json", date, path])
    return {
        "Date": date,
        "Content-Type": "application/json",
        "Content-MD5": content_md5,
        "X-Signature": hmac.new(SECRET, text.encode(), hashlib.sha1).hexdigest(),
    }


def kommo_with_strftime(method, path, body):
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    content_md5 = hashlib.md5(body).hexdigest()
    text = f"{method}\n{content_md5}\napplication/json\n{date}\n{path}"
    return {
        "Date": date,
        "Content-Type": "application/json",
        "Content-MD5": content_md5,
        "X-Signature": hmac.new(SECRET, text.encode(), hashlib.sha1).hexdigest(),
    }


KEYED = hmac.new(SECRET, b"", hashlib.sha256)


def digest(message):
    """The fastest of hmac and hashlib: the key is hashed once, its state copied."""
    mac = KEYED.copy()
    mac.update(message)
    return mac


def nanoseconds(call, times):
    start = time.perf_counter_ns()
    for _ in range(times):
        call()
    return (time.perf_counter_ns() - start) / times


def equal(theirs, ours):
    """Whether both have one result, within one second of the clock, which may turn between them."""
    while True:
        second, same = int(time.time()), theirs() == ours()
        if int(time.time()) == second:
            return same


def compare(name, against, theirs, ours, same=True):
    assert not same or equal(theirs, ours), name
    times = max(5, int(1_000_000 / nanoseconds(theirs, 20)))
    rounds = []
    for _ in range(ROUNDS):
        their, our = nanoseconds(theirs, times), nanoseconds(ours, times)
        rounds.append((their / our, our, their))
    rounds.sort()
    ratio, our, their = rounds[ROUNDS // 2]
    print(
        f"{name}\t{against}\t{ratio:.2f}\t{rounds[0][0]:.2f}\t{rounds[-1][0]:.2f}\t{our:.0f}\t{their:.0f}", flush=True
    )


def main():
    gc.disable()
    kommo, imbachat = apisig.Kommo(SECRET), apisig.ImbaChat(SECRET)
    retailcrm, kayako, mor = apisig.RetailCrm(SECRET), apisig.Kayako(SECRET), apisig.Mor(SECRET)
    for size, length in (("120 B", 120), ("1 KB", 1024), ("64 KB", 65536)):
        body = b"x" * length
        ours = lambda: kommo.sign("POST", PATH, body)  # noqa: E731
        compare(
            f"Python Kommo sign, {size}", "hmac, hashlib, formatdate", lambda: kommo_by_hand("POST", PATH, body), ours
        )
        compare(
            f"Python Kommo sign, {size}",
            "hmac, hashlib, strftime",
            lambda: kommo_with_strftime("POST", PATH, body),
            ours,
        )
    token = imbachat.sign(42)
    theirs = lambda: jwt.encode({"exp": int(time.time()) + 3600, "user_id": 42}, SECRET, algorithm="HS256")  # noqa: E731
    compare("Python ImbaChat sign", "PyJWT", theirs, lambda: imbachat.sign(42), same=False)
    theirs = lambda: jwt.decode(token, SECRET, algorithms=["HS256"])["user_id"]  # noqa: E731
    compare("Python ImbaChat verify", "PyJWT", theirs, lambda: imbachat.check(token))
    token = retailcrm.sign(API_KEY)
    theirs = lambda: hmac.compare_digest(digest(API_KEY.encode()).hexdigest(), token)  # noqa: E731
    compare("Python RetailCRM verify", "the fastest of hmac", theirs, lambda: retailcrm.verify(API_KEY, token))
    theirs = lambda: base64.b64encode(digest(b"1234567890").digest()).decode()  # noqa: E731
    compare("Python Kayako sign", "the fastest of hmac", theirs, lambda: kayako.sign("1234567890"))
    theirs = lambda: hashlib.sha1("".join(["123", "1252454580", "answered"]).encode() + SECRET).hexdigest()  # noqa: E731
    compare("Python MOR sign", "hashlib", theirs, lambda: mor.sign("123", "1252454580", "answered"))

    stop = threading.Event()

    def spin():
        while not stop.is_set():
            pass

    busy = threading.Thread(target=spin)
    busy.start()
    try:
        for size, length in (("120 B", 120), ("64 KB", 65536)):
            body = b"x" * length
            theirs = lambda: kommo_with_strftime("POST", PATH, body)  # noqa: E731
            compare(
                f"Python Kommo sign, {size}, beside a busy thread",
                "hmac, hashlib",
                theirs,
                lambda: kommo.sign("POST", PATH, body),
            )
    finally:
        stop.set()
        busy.join()


if __name__ == "__main__":
    main()

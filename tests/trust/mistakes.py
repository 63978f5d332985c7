"""Mistakes drawn at random, one at a time and two, made here with hashlib and hmac alone: does the library name them?

And what it must not do: blame a random signature, give an untrue hint, or take long. Usage: mistakes.py
[COUNT: of each vendor] [RANDOM: signatures of each vendor, COUNT unless told] [VENDOR: only this one]
"""

import base64
import contextlib
import ctypes
import hashlib
import hmac
import itertools
import json
import os
import random
import re
import sys
import time
import urllib.parse
from datetime import datetime, timedelta, timezone
from email.utils import formatdate

LIBRARY = ctypes.CDLL(os.environ.get("APISIG_LIBRARY", "target/release/libapisig.so"))
SIZE = 1 << 16
DRAW = random.Random(int(os.environ.get("SEED", "1")))
NOW = 1669231521
MUCH = 5
"""Seconds, ten times what the longest diagnosis takes on a machine that does nothing else."""
BOM = b"\xef\xbb\xbf"


def lines(function, *arguments):
    """What a diagnosis says: the names that were found and the hints, or the status."""
    words = []
    for argument in arguments:
        if isinstance(argument, int):
            words.append(ctypes.c_int64(argument))
        else:
            words += [ctypes.c_char_p(argument), ctypes.c_size_t(len(argument))]
    out = ctypes.create_string_buffer(SIZE)
    call = getattr(LIBRARY, function)
    call.restype = ctypes.c_ssize_t
    length = call(*words, out, ctypes.c_size_t(SIZE))
    if length < 0:
        return [], [], length
    text = out.value.decode()
    found = re.findall(r"^found ([A-Z0-9_]+) .+$", text, re.M)
    hints = re.findall(r"^hint (.+)$", text, re.M)
    assert len(text.splitlines()) == len(found) + len(hints), text
    return found, hints, 0


# How the secret goes wrong. A mutator changes what was signed (`s`) or what is given to the diagnosis (`g`).


def secret_hex(s, g):
    g["secret"] = DRAW.randbytes(20).hex().encode()
    s["secret"] = bytes.fromhex(g["secret"].decode())


def secret_base64(s, g):
    s["secret"] = DRAW.randbytes(24)
    g["secret"] = base64.b64encode(s["secret"])


def around(name, texts):
    def change(s, g):
        side = DRAW.choice((s, g))
        before, behind = DRAW.choice(texts)
        side[name] = before + side[name] + behind

    return change


def secret_case(s, g):
    s["secret"] = DRAW.choice((bytes.lower, bytes.upper))(s["secret"])


def secret_latin1(s, g):
    s["secret"], g["secret"] = "clé".encode("latin-1") + s["secret"], "clé".encode() + g["secret"]


def secret_encoded(s, g):
    raw, encoded = b"a+b/c " + s["secret"], urllib.parse.quote_plus(b"a+b/c " + s["secret"]).encode()
    s["secret"], g["secret"] = DRAW.choice(((raw, encoded), (encoded, raw)))


def secret_padding(s, g):
    whole = base64.b64encode(DRAW.randbytes(DRAW.choice((22, 23))))
    s["secret"], g["secret"] = DRAW.sample((whole, whole.rstrip(b"=")), 2)


SECRET = {
    "SECRET_HEX": secret_hex,
    "SECRET_BASE64": secret_base64,
    "SECRET_NEWLINE": around("secret", [(b"", b"\n"), (b"", b"\r\n")]),
    "SECRET_SPACE": around("secret", [(b"", b" "), (b" ", b"")]),
    "SECRET_BOM": around("secret", [(BOM, b"")]),
    "SECRET_CASE": secret_case,
    "SECRET_LATIN1": secret_latin1,
    "SECRET_ENCODED": secret_encoded,
    "SECRET_QUOTES": around("secret", [(b'"', b'"'), (b"'", b"'")]),
    "SECRET_EMPTY": lambda s, g: s.update(secret=DRAW.choice((b"None", b"undefined", b"null"))),
    "SECRET_PADDING": secret_padding,
}


def put(**values):
    """Sets something of what was signed; a callable is drawn from."""

    def change(s, g):
        s.update({name: value() if callable(value) else value for name, value in values.items()})

    return change


def algorithms(right):
    others = {f"DIGEST_{name.upper()}": put(digest=name) for name in ("md5", "sha1", "sha256") if name != right}
    return others | {
        "PLAIN_HASH": put(place=lambda: DRAW.choice(("first", "last", "alone"))),
        "SECRET_SWAPPED": put(place="swapped"),
        "DIGEST_HEX": put(place=lambda: DRAW.choice(("hex md5", "hex sha1", "hex sha256"))),
    }


def made(s, message):
    """The bytes of a signature."""
    secret, digest, place = s["secret"], s["digest"], s["place"]
    if place == "swapped":
        return hmac.new(message, secret, digest).digest()
    if place.startswith("hex "):
        message = hashlib.new(place[4:], message).hexdigest().encode()
    if place == "twice":
        return hashlib.new(digest, hashlib.sha1(message + secret).hexdigest().encode()).digest()
    if place in ("first", "last", "alone"):
        text = {"first": secret + message, "last": message + secret, "alone": message}[place]
        return hashlib.new(digest, text).digest()
    return hmac.new(secret, message + (secret if place == "key and last" else b""), digest).digest()


def in_hex(mac):
    return mac.hex().encode()


def in_base64url(mac):
    return base64.urlsafe_b64encode(mac).rstrip(b"=")


HEX_FORMS = {
    "UPPER_CASE": put(form=lambda: lambda mac: in_hex(mac).upper()),
    "BASE64": put(form=lambda: base64.b64encode),
    "BASE64_URL": put(form=lambda: in_base64url),
    "BASE64_OF_HEX": put(form=lambda: lambda mac: base64.b64encode(in_hex(mac))),
    "SIGNATURE_NEWLINE": put(form=lambda: lambda mac: in_hex(mac) + b"\n"),
    "SIGNATURE_PREFIX": put(form=lambda: lambda mac: b"sha1=" + in_hex(mac)),
}
BASE64_FORMS = {
    "HEX": put(form=lambda: in_hex),
    "BASE64_URL": put(form=lambda: in_base64url),
    "BASE64_OF_HEX": put(form=lambda: lambda mac: base64.b64encode(in_hex(mac))),
    "SIGNATURE_NEWLINE": put(form=lambda: lambda mac: base64.b64encode(mac) + b"\n"),
    "SIGNATURE_PREFIX": put(form=lambda: lambda mac: b"sha256=" + base64.b64encode(mac)),
    "ENCODED_TWICE": put(form=lambda: lambda mac: urllib.parse.quote(base64.b64encode(mac), safe="").encode()),
}
BASE64URL_FORMS = {
    "HEX": put(form=lambda: in_hex),
    "BASE64_OF_HEX": put(form=lambda: lambda mac: base64.b64encode(in_hex(mac)).rstrip(b"=")),
}


class Unchanged(Exception):
    """A mistake that makes no difference to what was drawn."""


class RetailCrm:
    """One text is signed."""

    function, right, forms = "apisig_retailcrm_diagnosis", "sha256", HEX_FORMS

    def start(self):
        both = {
            "secret": b"Sec" + DRAW.randbytes(12).hex().encode(),
            "text": b"Key" + DRAW.randbytes(14).hex().encode(),
        }
        s = both | {"digest": self.right, "place": "key", "form": in_hex}
        return s, dict(both)

    def message(self, s):
        return s["text"]

    def arguments(self, g, signature):
        return g["secret"], g["text"], signature

    def slots(self):
        def encoded(s, g):
            raw = b"a+b/c " + s["text"]
            s["text"], g["text"] = DRAW.choice(
                ((raw, urllib.parse.quote_plus(raw).encode()), (urllib.parse.quote(raw).encode(), raw))
            )

        def decoded(s, g):
            s["text"] = DRAW.randbytes(21)
            g["text"] = DRAW.choice((base64.b64encode(s["text"]), s["text"].hex().encode()))

        def latin1(s, g):
            s["text"], g["text"] = "é".encode("latin-1") + s["text"], "é".encode() + g["text"]

        text = {
            "API_KEY_SPACE": around("text", [(b"", b"\n"), (b" ", b""), (b"", b" "), (BOM, b""), (b"", b"\r\n")]),
            "API_KEY_CASE": lambda s, g: s.update(text=DRAW.choice((s["text"].lower(), s["text"].upper()))),
            "API_KEY_ENCODED": encoded,
            "API_KEY_DECODED": decoded,
            "LATIN1": latin1,
        }
        return [SECRET, algorithms(self.right), text, self.forms]

    def signature(self, s):
        return s["form"](made(s, self.message(s)))


class Kayako(RetailCrm):
    function, forms = "apisig_kayako_diagnosis", BASE64_FORMS
    key = b"f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10"

    def start(self):
        s, g = super().start()
        salt = DRAW.choice((DRAW.randbytes(8).hex().encode() + b"x", b"%d" % DRAW.randrange(10**9, 2**40)))
        s.update(text=salt, form=base64.b64encode)
        g.update(text=salt)
        return s, g

    def arguments(self, g, signature):
        return g["secret"], self.key, g["text"], signature

    def slots(self):
        secret, algorithm, text, forms = super().slots()

        def special(change):
            def changed(s, g):
                s["text"] = g["text"] = b"a b+c/" + s["text"]
                change(s, g)

            return changed

        def number(s, g):
            number = DRAW.randrange(10**8, 10**10)
            texts = [
                b"%d" % number,
                b"0%d" % number,
                b"-%d" % number,
                b"+%d" % number,
                b"%d.0" % number,
                b"000%d" % number,
            ]
            s["text"], g["text"] = DRAW.sample(texts, 2)

        text = {
            "SALT_NEWLINE": around("text", [(b"", b"\n"), (b" ", b""), (b"", b" "), (BOM, b""), (b"", b"\r\n")]),
            "SALT_CASE": lambda s, g: s.update(text=s["text"].upper()),
            "SALT_DECODED": text["API_KEY_DECODED"],
            "SALT_ENCODED": special(
                lambda s, g: s.update(
                    text=DRAW.choice((urllib.parse.quote, urllib.parse.quote_plus))(s["text"]).encode()
                )
            ),
            "PLUS_LOST": special(
                lambda s, g: (
                    s.update(text=s["text"].replace(b" ", b"+")),
                    g.update(text=s["text"].replace(b"+", b" ")),
                )
            ),
            "ENCODED_TWICE": special(lambda s, g: g.update(text=urllib.parse.quote(s["text"]).encode())),
            "LATIN1": text["LATIN1"],
            "SALT_NUMBER": number,
            "API_KEY_SIGNED": lambda s, g: s.update(
                text=DRAW.choice((self.key, self.key + g["text"], g["text"] + self.key))
            ),
        }
        secret = secret | {"API_KEY_AS_SECRET": put(secret=self.key)}
        return [secret, algorithm, text, forms]


def restyled(**options):
    return lambda value: json.dumps(value, **options).encode()


COMPACT = (",", ":")
PLAIN = restyled(separators=COMPACT, ensure_ascii=False)


def escaped_marks(text, marks, digits):
    """As an encoder has it that escapes these characters for HTML. Quotes are escaped in JSON anyway."""
    for mark in marks:
        plain = b'\\"' if mark == '"' else mark.encode()
        text = text.replace(plain, b"\\u" + (digits % ord(mark)).encode())
    return text


def bodies():
    """For each mistake two bodies: another one was signed."""
    text = DRAW.choice(("T", "Ivan", "x y")) + DRAW.randbytes(4).hex()
    value = {"title": text, "account_id": "2", "nested": {"z": 1, "b": [1, {"k": "v"}]}}
    letters = dict(value, title="Zoé 😀" + text)
    markup = dict(value, media="https://x.example/f?a=1&b=2", text="<b>", said='it\'s "a+b" `c`')
    plain, raw = PLAIN(value), PLAIN(letters)
    escaped = restyled(separators=COMPACT)(letters)
    go = PLAIN(markup).replace(b"&", b"\\u0026").replace(b"<", b"\\u003c").replace(b">", b"\\u003e")
    others = [
        escaped_marks(PLAIN(markup), "&<>'=", "%04x"),
        escaped_marks(PLAIN(markup), "&<>", "%04X"),
        escaped_marks(PLAIN(markup), "&<>'\"", "%04X"),
        escaped_marks(PLAIN(markup), "&<>'\"+`", "%04X"),
    ]
    upper = re.sub(rb"u[0-9a-f]{4}", lambda found: b"u" + found[0][1:].upper(), escaped)
    marked = (PLAIN(markup), DRAW.choice((go, *others)))
    lettered = (raw, DRAW.choice((escaped, upper)))
    lines = restyled(indent=2)(value)
    slashes = PLAIN(dict(value, url="https://x/y"))
    empty = PLAIN(dict(value, empty={}))
    spaced = [
        restyled(ensure_ascii=False)(value),
        restyled(indent=4)(value),
        restyled(indent=2)(value),
        restyled(indent="\t")(value),
    ]
    return {
        "BODY_PRETTY": (plain, DRAW.choice(spaced)),
        "BODY_UNICODE": DRAW.choice((lettered, lettered[::-1], marked, marked[::-1])),
        "BODY_SLASHES": DRAW.choice(
            ((slashes, slashes.replace(b"/", b"\\/")), (slashes.replace(b"/", b"\\/"), slashes))
        ),
        "BODY_NEWLINE": DRAW.choice(
            (
                (plain, plain + b"\n"),
                (plain + b"\n", plain),
                (plain, plain + b"\r\n"),
                (lines, lines.replace(b"\n", b"\r\n")),
                (lines.replace(b"\n", b"\r\n"), lines),
            )
        ),
        "BODY_BOM": DRAW.choice(((plain, BOM + plain), (BOM + plain, plain))),
        "BODY_EMPTY_LIST": (lambda list_: DRAW.choice(((empty, list_), (list_, empty))))(empty.replace(b"{}", b"[]")),
        "BODY_SORTED": (plain, restyled(separators=COMPACT, ensure_ascii=False, sort_keys=True)(value)),
        "LATIN1": (raw.replace("😀".encode(), b""), raw.replace("😀".encode(), b"").decode().encode("latin-1")),
    }


def other_body(name):
    def change(s, g):
        g["body"], s["body"] = bodies()[name]

    return change


class KommoWebhook(RetailCrm):
    function, right = "apisig_kommo_diagnosis_webhook", "sha1"

    def start(self):
        s, g = super().start()
        s["body"] = g["body"] = bodies()["BODY_PRETTY"][0]
        return s, g

    def message(self, s):
        return s["body"]

    def arguments(self, g, signature):
        return g["secret"], g["body"], signature

    def slots(self):
        # A line end is not signed.
        names = [name for name in bodies() if name != "BODY_NEWLINE"]
        return [SECRET, algorithms(self.right), {name: other_body(name) for name in names}, self.forms]


def date(seconds, form="%a, %d %b %Y %H:%M:%S %z", hours=0):
    return datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours))).strftime(form).encode()


DATE_FORMS = [
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S %z",
    "%a, %d %b %y %H:%M:%S %z",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%A, %d-%b-%Y %H:%M:%S UTC",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.000Z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%s",
    "%s000",
]


class Kommo(RetailCrm):
    function, right = "apisig_kommo_diagnosis", "sha1"

    def start(self):
        s, g = super().start()
        body = bodies()["BODY_PRETTY"][0]
        path = b"/v2/origin/custom/%s/chats/a%%20b%%40c" % DRAW.randbytes(8).hex().encode()
        parts = {
            "method": b"POST",
            "md5": hashlib.md5(body).hexdigest().encode(),
            "type": b"application/json",
            "date": date(NOW),
        }
        s |= parts | {"path": path, "body": body, "order": (0, 1, 2, 3, 4), "between": b"\n", "end": b""}
        s["line names"] = [b""] * 5
        g |= parts | {
            "url": DRAW.choice((b"", b"https://amojo.kommo.com")) + path + b"?limit=1",
            "body": body,
            "now": NOW,
        }
        return s, g

    def message(self, s):
        parts = [s["method"], s["md5"], s["type"], s["date"], s["path"]]
        parts = [name + part for name, part in zip(s["line names"], parts)]
        if s["order"] == "body":
            return s["body"]
        return s["between"].join(parts[at] for at in s["order"]) + s["end"]

    def arguments(self, g, signature):
        return (
            *(g[name] for name in ("secret", "method", "url", "body", "md5", "type", "date")),
            signature,
            g["now"],
            900,
        )

    def slots(self):
        def body(name):
            def change(s, g):
                g["body"], s["body"] = bodies()[name]
                signed = hashlib.md5(s["body"]).hexdigest().encode()
                sent = hashlib.md5(g["body"]).hexdigest().encode()
                s["md5"], g["md5"] = signed, DRAW.choice((signed, sent))

            return change

        def body_other(s, g):
            s["md5"] = g["md5"] = hashlib.md5(b"other").hexdigest().encode()

        def body_twice(s, g):
            g["body"] = json.dumps(s["body"].decode()).encode()
            g["md5"] = DRAW.choice((s["md5"], hashlib.md5(g["body"]).hexdigest().encode()))

        def line_names(s, g):
            names = [b"Content-MD5: ", b"Content-Type: ", b"Date: "]
            if DRAW.random() < 0.5:
                names = [name.rstrip() for name in names]
            s["line names"] = [b"", *names, b""]

        def body_empty(s, g):
            g["body"], s["body"] = b"", DRAW.choice((b"{}", b"[]", b"null"))
            s["md5"] = hashlib.md5(s["body"]).hexdigest().encode()
            g["md5"] = DRAW.choice((s["md5"], hashlib.md5(b"").hexdigest().encode()))

        def md5(other):
            def change(s, g):
                right, wrong = s["md5"], other(s["md5"])
                s["md5"], g["md5"] = DRAW.choice(((right, wrong), (wrong, right), (wrong, wrong)))

            return change

        def line_missing(s, g):
            left_out = DRAW.choice((0, 1, 3, 4))
            s["order"] = tuple(line for line in s["order"] if line != left_out)

        def order(s, g):
            count = DRAW.choice((5, 5, 5, 4))
            lines = DRAW.sample((0, 1, 2, 3, 4) if count == 5 else (0, 1, 3, 4), count)
            s["order"] = tuple(lines) if sorted(lines) != lines else (4, 3, 2, 1, 0)

        def charset(s, g):
            other = DRAW.choice((b"; charset=utf-8", b"; charset=UTF-8", b";charset=utf-8"))
            DRAW.choice((s, g))["type"] += other

        def no_type(s, g):
            kind = DRAW.choice(("empty", "line", "not sent", "other"))
            if kind == "empty":
                s["type"] = b""
            elif kind == "not sent":
                g["type"] = b""
            elif kind == "other":
                g["type"] = b"application/x-www-form-urlencoded"
            elif s["order"] == (0, 1, 2, 3, 4):
                s["order"] = (0, 1, 3, 4)

        def date_gmt(s, g):
            zones = DRAW.sample((b"+0000", b"GMT", b"UTC", b"-0000"), 2)
            s["date"], g["date"] = (date(NOW)[:-5] + zone for zone in zones)

        def unpadded(s, g):
            g["now"] = NOW - 20 * 86400
            padded = date(g["now"])
            s["date"], g["date"] = DRAW.sample((padded, padded.replace(b", 0", b", ")), 2)

        def date_format(s, g):
            kind = DRAW.choice(("form", "later", "zone"))
            if kind == "form":
                form = DRAW.choice(DATE_FORMS)
                s["date"] = date(NOW, form).replace(b"%s", b"")
            elif kind == "later":
                second = NOW + DRAW.choice((1, -1))
                s["date"] = DRAW.choice(
                    (date(second), formatdate(second).encode(), formatdate(second, usegmt=True).encode())
                )
            else:
                s["date"] = date(NOW, hours=DRAW.choice((-8, -5, -3, 1, 2, 3, 5, 9)))

        def date_space(s, g):
            s["date"] = DRAW.choice((s["date"] + b" ", b" " + s["date"]))

        def prefix(s, g):
            start = DRAW.choice([found.start() for found in re.finditer(b"/", s["path"])][1:]) + DRAW.choice((0, 1))
            s["path"] = s["path"][start:]

        def host(s, g):
            hosts = [b"https://amojo.kommo.com", b"amojo.kommo.com", b"https://amojo.amocrm.ru", b"amojo.amocrm.com"]
            s["path"] = DRAW.choice(hosts) + s["path"]

        def path_encoded(s, g):
            raw = urllib.parse.unquote_to_bytes(s["path"])
            s["path"] = DRAW.choice((raw, urllib.parse.quote(s["path"]).encode(), s["path"].replace(b"%40", b"@")))

        def stale(s, g):
            g["now"] = NOW + DRAW.randrange(901, 10**6)

        def future(s, g):
            g["now"] = NOW - DRAW.randrange(901, 10**6)

        content = {name: body(name) for name in bodies()} | {
            "BODY_OTHER": body_other,
            "BODY_LINE": lambda s, g: s.update(md5=s["body"]),
            "BODY_TWICE": body_twice,
            "MD5_MISSING": lambda s, g: g.update(md5=b""),
            "BODY_EMPTY_JSON": body_empty,
            "MD5_UPPER_CASE": md5(bytes.upper),
            "MD5_BASE64": md5(lambda value: base64.b64encode(bytes.fromhex(value.decode()))),
        }
        path = {
            "PATH_QUERY": lambda s, g: s.update(path=s["path"] + DRAW.choice((b"?limit=1", b"?"))),
            "PATH_HOST": host,
            "PATH_SLASH": lambda s, g: s.update(
                path=DRAW.choice((s["path"] + b"/", b"/" + s["path"], s["path"].replace(b"/origin", b"//origin")))
            ),
            "PATH_PREFIX": prefix,
            "PATH_ENCODED": path_encoded,
        }
        dates = {
            "DATE_GMT": date_gmt,
            "DATE_UNPADDED": unpadded,
            "DATE_FORMAT": date_format,
            "DATE_SPACE": date_space,
            "DATE_STALE": stale,
            "DATE_FUTURE": future,
        }
        frame = {
            "HEADER_ORDER": order,
            "LINE_MISSING": line_missing,
            "LINE_SEPARATOR": lambda s, g: s.update(
                DRAW.choice(({"between": b"\\n"}, {"between": b"\r\n"}, {"between": b""}, {"end": b"\n"}))
            ),
            "LINE_NAMES": line_names,
            "BODY_ONLY": put(order="body"),
        }
        method = {
            "METHOD_CASE": put(method=b"post"),
            "METHOD_OTHER": put(method=lambda: DRAW.choice((b"GET", b"PUT", b"PATCH", b"DELETE"))),
        }
        types = {"CONTENT_TYPE_CHARSET": charset, "CONTENT_TYPE_MISSING": no_type}
        return [SECRET, algorithms(self.right), content, method, path, types, frame, dates, self.forms]


class ImbaChat(RetailCrm):
    function, forms = "apisig_imbachat_diagnosis", BASE64URL_FORMS

    def start(self):
        s, g = super().start()
        claims = {"exp": NOW + 60, "user_id": DRAW.randrange(1, 10**6), "name": DRAW.choice(("Zoé?>", "~~~", "ÿÿÿ"))}
        header = {"typ": "JWT", "alg": "HS256"}
        parts = [json.dumps(part, separators=COMPACT, ensure_ascii=False).encode() for part in (header, claims)]
        s |= {
            "parts": parts,
            "spell": in_base64url,
            "sent spell": in_base64url,
            "way": "right",
            "form": in_base64url,
            "claims": claims,
        }
        return s, g | {"now": NOW}

    def message(self, s):
        _, claims = s["parts"]
        encoded = [s["spell"](part) for part in s["parts"]]
        ways = {
            "right": b".".join(encoded),
            "json": b".".join(s["parts"]),
            "no dot": b"".join(encoded),
            "claims": encoded[1],
            "claims as json": claims,
        }
        return ways[s["way"]]

    def signature(self, s):
        return b".".join([s["sent spell"](part) for part in s["parts"]] + [super().signature(s)])

    def arguments(self, g, token):
        return g["secret"], b"15", token, g["now"], 0

    def slots(self):
        def reclaim(**claims):
            def change(s, g):
                s["claims"] = s["claims"] | claims
                s["parts"] = [s["parts"][0], json.dumps(s["claims"], separators=COMPACT, ensure_ascii=False).encode()]

            return change

        def alphabet(s, g):
            s["spell"] = lambda part: base64.b64encode(part).rstrip(b"=")
            s["sent spell"] = DRAW.choice((s["spell"], in_base64url))
            if s["spell"](s["parts"][1]) == in_base64url(s["parts"][1]):
                raise Unchanged

        def padding(s, g):
            s["spell"] = base64.urlsafe_b64encode
            s["sent spell"] = DRAW.choice((s["spell"], in_base64url))

        def algorithm(s, g):
            s["parts"] = [b'{"typ":"JWT","alg":"%s"}' % DRAW.choice((b"HS512", b"none")), s["parts"][1]]

        spelling = {"TOKEN_ALPHABET": alphabet, "TOKEN_PADDING": padding}
        parts = {"TOKEN_PARTS": put(way=lambda: DRAW.choice(("json", "no dot", "claims", "claims as json")))}
        claims = {
            "USER_ID_TEXT": reclaim(user_id="17"),
            "TOKEN_EXPIRED": lambda s, g: g.update(now=NOW + 61 + DRAW.randrange(1000)),
            "TOKEN_NOT_YET": reclaim(nbf=NOW + 10),
            "TOKEN_CLAIMS": reclaim(user_id=0),
            "TOKEN_TIME": lambda s, g: reclaim(exp=DRAW.choice((3600, 86400, NOW * 1000 + 3_600_000)))(s, g),
        }
        secret = SECRET | {"SECRET_DEV_ID": lambda s, g: s.update(secret=s["secret"] + b"15")}
        header = {"TOKEN_ALGORITHM": algorithm}
        return [secret, algorithms(self.right), spelling | parts, claims, header, self.forms]


class Mor(RetailCrm):
    function, right = "apisig_mor_diagnosis", "sha1"

    def start(self):
        s, g = super().start()
        count = DRAW.randrange(3, 6)
        names = ["user_id", "p_currency", "paymenttype", "amount", "transaction"][:count]
        values = [DRAW.randbytes(DRAW.randrange(3, 6)).hex() for _ in names]
        method = DRAW.choice((b"", b"payment_create"))
        if method:
            values[0] = str(DRAW.randrange(10, 10**6))
        if method and count > 3:
            values[3] = str(DRAW.randrange(10, 10**6))
        s |= {
            "names": names,
            "values": values,
            "place": "last",
            "start": "",
            "between": "",
            "end": "",
            "names with": None,
            "spell": str,
        }
        s |= {"extra": "u" + DRAW.randbytes(3).hex(), "sent spell": urllib.parse.quote_plus, "latin1": False}
        # Without a method all of the form is hashed: there is nothing else.
        return s, g | {"method": method}

    def values(self, s):
        spelt = [s["spell"](value) for value in s["values"]]
        if s["names with"]:
            behind, between = s["names with"]
            return between.join(name + behind + value for name, value in zip(s["names"], spelt))
        return s["start"] + s["between"].join(spelt) + s["end"]

    def message(self, s):
        return self.values(s).encode("latin-1" if s["latin1"] else "utf-8")

    def form(self, s, g):
        sent = g.get("sent", list(zip(s["names"], s["values"])))
        return "&".join(f"{name}={s['sent spell'](value)}" for name, value in sent).encode() + g.get("account", b"")

    def arguments(self, g, signature):
        return g["secret"], g["method"], g["form"], signature

    def slots(self):
        def value(text, signed):
            def change(s, g):
                at = s["names"].index("paymenttype")
                sent = list(s["values"])
                sent[at] = text + sent[at]
                g["sent"] = list(zip(s["names"], sent))
                s["values"][at] = signed(sent[at])

            return change

        def special(s, g):
            at = s["names"].index("paymenttype")
            s["values"][at] = "a b+c/é" + s["values"][at]

        def encoded(s, g):
            special(s, g)
            s["spell"] = DRAW.choice(
                (urllib.parse.quote, urllib.parse.quote_plus, lambda value: urllib.parse.quote(value, safe=""))
            )

        def twice(s, g):
            special(s, g)
            s["sent spell"] = lambda value: urllib.parse.quote_plus(urllib.parse.quote_plus(value))

        def latin1(s, g):
            special(s, g)
            s["latin1"] = True

        def number(s, g):
            at = s["names"].index("paymenttype")
            whole, cents = DRAW.randrange(1, 10**4), DRAW.choice((0, 50))
            s["values"][at] = f"{whole}.{cents:02}"
            g["sent"] = list(zip(s["names"], s["values"]))
            s["values"][at] = f"{whole + cents / 100:g}"

        def method(s, g):
            if not g["method"]:
                raise Unchanged
            s[DRAW.choice(("start", "end"))] = g["method"].decode()

        def order(s, g):
            g.setdefault("sent", list(zip(s["names"], s["values"])))
            before = list(s["values"])
            while s["values"] == before:
                both = list(zip(s["names"], s["values"]))
                DRAW.shuffle(both)
                s["names"], s["values"] = map(list, zip(*both))
            g["is shuffled"] = True

        def missing(s, g):
            g.setdefault("sent", list(zip(s["names"], s["values"])))
            for _ in range(DRAW.randrange(1, len(s["names"]) - 1)):
                at = DRAW.randrange(len(s["names"]))
                if s["names"][at] != "paymenttype":
                    del s["names"][at], s["values"][at]
            sent = [name for name, _ in g["sent"]]
            if "is shuffled" in g and sorted(s["names"], key=sent.index) == s["names"]:
                raise Unchanged

        def extra(s, g):
            if not g["method"]:
                raise Unchanged
            g.setdefault("sent", list(zip(s["names"], s["values"])))
            g["account"] = b"&u=" + s["extra"].encode()
            at = DRAW.randrange(len(s["names"]) + 1)
            s["names"].insert(at, "u")
            s["values"].insert(at, s["extra"])

        separators = [",", " ", "&", "\n", "|", ";", ":", "-", ", "]
        algorithm = {
            "DIGEST_MD5": put(digest="md5"),
            "DIGEST_SHA256": put(digest="sha256"),
            "HMAC": put(
                place=lambda: DRAW.choice(("key", "key and last")),
                digest=lambda: DRAW.choice(("md5", "sha1", "sha256")),
            ),
            "SECRET_MISSING": put(place="alone"),
            "SECRET_FIRST": put(place="first"),
            "DIGEST_HEX": put(place="twice"),
        }
        spelling = {
            "VALUE_ENCODED": encoded,
            "ENCODED_TWICE": twice,
            "LATIN1": latin1,
            "VALUE_SPACE": value(" ", str.strip),
            "PLUS_LOST": value(" 370", lambda text: "+" + text[1:]),
            "VALUE_NUMBER": number,
        }
        joint = {
            "VALUE_SEPARATOR": lambda s, g: s.update(
                zip(("between", "end"), (lambda it: DRAW.choice(((it, ""), (it, it))))(DRAW.choice(separators)))
            ),
            "METHOD_HASHED": method,
            "VALUE_NAMES": put(**{"names with": lambda: DRAW.choice((("=", "&"), ("=", ""), ("", "")))}),
        }
        choices = [{"VALUE_ORDER": order}, {"VALUE_MISSING": missing}, {"VALUE_EXTRA": extra}]
        return [SECRET, algorithm, spelling, joint, *choices, self.forms]


VENDORS = [RetailCrm(), Kayako(), KommoWebhook(), Kommo(), ImbaChat(), Mor()]


def presented(vendor, mistakes):
    """The arguments of a diagnosis, with these changes made; a seed makes them the same each time."""
    state, seed = DRAW.getstate(), DRAW.random()
    DRAW.seed(seed)
    s, g = vendor.start()
    for number, change in mistakes:
        DRAW.seed(f"{seed} {number}")
        change(s, g)
    if isinstance(vendor, Mor):
        g["form"] = vendor.form(s, g)
    arguments = vendor.arguments(g, vendor.signature(s))
    # No signature without a secret shows what happened to one.
    if any(number == 0 for number, _ in mistakes) and vendor.signature(s) == vendor.signature(
        s | {"secret": g["secret"]}
    ):
        DRAW.setstate(state)
        return presented(vendor, [one for one in mistakes if one[0] != 0])
    DRAW.setstate(state)
    return arguments


def draw(vendor, count):
    """So many mistakes of different slots, each of which changes something beside the others, and what is presented."""
    slots = vendor.slots()
    every = [(slot, name, change) for slot, names in enumerate(slots) for name, change in names.items()]
    while True:
        chosen = sorted(DRAW.sample(every, count), key=lambda one: one[0])
        if len({slot for slot, _, _ in chosen}) < count:
            continue
        changes = [(slot, change) for slot, _, change in chosen]
        try:
            all_of_them = presented(vendor, changes)
            fewer = [presented(vendor, some) for some in itertools.combinations(changes, count - 1)]
        except Unchanged:
            DRAW.random()
            continue
        DRAW.random()
        if all_of_them not in fewer and (count < 2 or all(presented(vendor, []) != one for one in fewer)):
            return [name for _, name, _ in chosen], all_of_them


def named(vendor, count, rounds, least):
    """How many of so many draws are named rightly, whatever their order."""
    wrong = []
    for _ in range(rounds):
        names, arguments = draw(vendor, count)
        found, _, _ = lines(vendor.function, *arguments)
        if sorted(found) != sorted(names):
            wrong.append((names, found))
            if os.environ.get("SHOW"):
                print(type(vendor).__name__, names, found, arguments)
    share = 1 - len(wrong) / rounds
    if rounds < 400:
        # Of so few draws more may be missed by chance.
        least -= 4 * (least * (1 - least) / rounds) ** 0.5
    print(f"figure: {type(vendor).__name__}: {share:.2%} of {rounds} draws of {count} named")
    if share < least:
        for names, found in wrong[:20]:
            print("not named:", names, found)
    return share >= least


def never_blamed(vendor, rounds):
    """Random signatures, in the forms that this vendor's have and in others."""
    for number in range(rounds):
        s, g = vendor.start()
        mac = DRAW.randbytes(DRAW.choice((16, 20, 20, 32, 32)))
        s["form"] = DRAW.choice((in_hex, base64.b64encode, in_base64url)) if number % 2 else s["form"]
        if isinstance(vendor, Mor):
            g["form"] = vendor.form(s, g)
        signature = s["form"](mac)
        if isinstance(vendor, ImbaChat):
            signature = vendor.signature(s).rpartition(b".")[0] + b"." + signature
        found, _, _ = lines(vendor.function, *vendor.arguments(g, signature))
        if found:
            print("blamed:", found, g, signature)
            return False
    return True


def digest_of(signature):
    for read in (
        bytes.fromhex,
        lambda text: base64.b64decode(text + "=" * (-len(text) % 4), "-_" if set("-_") & set(text) else "+/", True),
    ):
        with contextlib.suppress(ValueError):
            yield read(signature)


def md5_otherwise(body):
    """The MD5 in the forms that are not the vendor's."""
    md5 = hashlib.md5(body)
    return md5.hexdigest().upper().encode(), base64.b64encode(md5.digest())


def is_true(hint, g, signature, form):
    """Whether a hint is, by what can be seen of a request."""
    sizes = {len(digest) for digest in digest_of(signature.decode("latin-1"))}
    is_right_form = re.fullmatch(form, signature) is not None
    for text, is_so in (
        ("There is no signature", not signature.strip()),
        ("It is in register[apiKey]", g.get("text") == b""),
        ("as an MD5", 16 in sizes),
        ("as a SHA-1:", 20 in sizes),
        ("as a SHA-256:", 32 in sizes),
        ("as a SHA-512", 64 in sizes),
        ("is in hex", re.fullmatch(rb"[0-9a-fA-F]+", signature) is not None),
        ("is in base64", not re.fullmatch(rb"[0-9a-f]+", signature) and bool(sizes & {20, 32})),
        ("has a colon", b":" in signature),
        ("has a %", b"%" in signature),
        ("not the raw body", g.get("body", b"x").strip() in (b"", b"{}", b"[]", b"null", b"Array")),
        ("no digest in the form", not is_right_form),
        ("Content-MD5 is missing", g.get("md5") == b""),
        ("Content-MD5 is that of the body, but", g.get("md5") in md5_otherwise(g.get("body", b""))),
        ("Content-MD5 is not the MD5", g.get("md5") != hashlib.md5(g.get("body", b"")).hexdigest().encode()),
        ("Date is missing", g.get("date") == b""),
        ("Date is ", not -900 <= g.get("now", NOW) - NOW <= 900),
        ("Date cannot be read", g.get("date") in (b"yesterday", b"0", b"a=1&b=2")),
        ("client_secret", len(g["secret"]) == 64),
        ("is a form", b"=" in g.get("body", b"") and b"{" not in g.get("body", b"")),
    ):
        if text in hint:
            return is_so and (f"which is {hashlib.md5(g['body']).hexdigest()}" in hint if "which is" in hint else True)
    print("a hint that is not known here:", hint)
    return False


RIGHT_FORMS = {Kayako: rb"[A-Za-z0-9+/]{43}=", ImbaChat: rb"[A-Za-z0-9_-]{43}", Mor: rb"[0-9a-fA-F]{40}"}
RIGHT_FORMS |= {Kommo: rb"[0-9a-fA-F]{40}", KommoWebhook: rb"[0-9a-fA-F]{40}", RetailCrm: rb"[0-9a-fA-F]{64}"}


def hints_are_true(vendor, rounds):
    """None for a right request; and of what is malformed none that is not so."""
    for number in range(2 * rounds):
        s, g = vendor.start()
        if isinstance(vendor, Mor):
            g["form"] = vendor.form(s, g)
        whole = right = vendor.signature(s)
        if number >= rounds:
            mac = DRAW.randbytes(DRAW.choice((16, 20, 32, 64)))
            right = DRAW.choice(
                (
                    b"",
                    b" ",
                    mac.hex().encode(),
                    base64.b64encode(mac),
                    in_base64url(mac),
                    b"id:" + right,
                    right[:-3],
                    DRAW.randbytes(9).hex().encode(),
                )
            )
            if isinstance(vendor, ImbaChat):
                start = whole.rpartition(b".")[0]
                whole = (
                    DRAW.choice((start + b"." + right, start, b"x" + whole, whole + b".x"))
                    if number % 3
                    else start + b"." + right
                )
            for name in DRAW.sample(sorted(g), 2):
                if name in ("md5", "date", "type", "body", "text"):
                    g[name] = DRAW.choice((b"", b"yesterday", b"0", b"a=1&b=2"))
                if name == "md5":
                    g[name] = DRAW.choice((g[name], *md5_otherwise(g["body"])))
                if name == "now":
                    g[name] = NOW + DRAW.choice((0, 900, 901, -901, 10**7))
                if name == "secret":
                    g[name] = DRAW.choice((b"", b"Ab" * 32, DRAW.randbytes(20).hex().encode()))
        g["token"] = whole
        found, hints, status = lines(
            vendor.function, *vendor.arguments(g, whole if isinstance(vendor, ImbaChat) else right)
        )
        if number < rounds and (found or hints or status):
            print("not right:", found, hints, status, g)
            return False
        shown = b".".join(whole.split(b".")[2:]) if isinstance(vendor, ImbaChat) else right
        for hint in hints:
            # Said of what else there is none of.
            if "form is right" in hint and hints == [hint]:
                continue
            if not is_true(hint, g, shown, RIGHT_FORMS[type(vendor)]):
                print("untrue:", hint, g, shown)
                return False
    return True


def is_quick():
    """The longest of what may be presented, in vain: the work is bounded, whatever it is.

    What enters a message counts as hashed. So texts are long too that do not, or that a change leaves as they are.
    """
    none, mega = b"0" * 40, 1 << 20
    json_body = json.dumps([{"a/": "é", "b": {}}] * 2300).encode()
    members = b'{"/\\/<\\u003c\xc3\xa9\\u00e9":[[],{ }],' + b",".join(b'"%04d":{}' % at for at in range(9999, 0, -1))
    huge = b"x" * (16 * mega)
    mac = base64.b64encode(b"0" * 32)

    def cut(size):
        return members[: members.rindex(b",", 0, size)] + b"}"

    def fields(count, name, value=b"1"):
        return b"&".join(name + b"%d=%s" % (at, value) for at in range(count))

    def kommo(url=b"/a", body=b"{}", md5=None, day=None, secret=b"secret"):
        headers = md5 or hashlib.md5(body).hexdigest().encode(), b"application/json", day or date(NOW)
        return "apisig_kommo_diagnosis", secret, b"POST", url, body, *headers, none, NOW, 900

    cases = [
        kommo(b"/" * 8000, json_body),
        kommo(body=huge, secret=b"s" * 10000),
        kommo(b"/a?" + huge),
        kommo(b"https://" + huge + b"/a"),
        kommo(b"/" * 10 * mega),
        kommo(day=b" " * 10 * mega),
        kommo(md5=huge),
        kommo(secret=b"aA" * 5 * mega),
        kommo(body=cut(65_000)),
        kommo(body=cut(2_040)),
        *(
            ("apisig_kommo_diagnosis_webhook", b"secret", body, none)
            for body in (
                json_body,
                huge,
                cut(65_000),
                cut(2_040),
                b"[" * 30 + b'{"z":1,"a":2}' + b"]" * 30,
                b"[" * 31 + b"0," * 30000 + b"0" + b"]" * 31,
                b'{"z":' * 30 + b"{" + b",".join(b'"%d":0' % at for at in range(99, 0, -1)) + b"}" + b',"a":1}' * 30,
            )
        ),
        *(
            ("apisig_mor_diagnosis", b"secret", method, form, none)
            for method, form in (
                (b"", fields(990, b"n")),
                (b"", fields(8, b"n", b"v" * 30000)),
                (b"", fields(8, b"n")),
                (b"", fields(8, b"n", b"a%20")),
                (b"", fields(9, b"n" * 100_000)),
                (b"", fields(64, b"n" * 60)),
                (b"balance", fields(64, b"n" * 15_000)),
                (b"balance", b"username=a%20b&" + fields(1, b"n", b"%41" * 300_000)),
            )
        ),
        ("apisig_kayako_diagnosis", b"secret", b"key" * 300, b"9" * 100_000, mac),
        ("apisig_kayako_diagnosis", b"secret", huge, b"9", mac),
        ("apisig_retailcrm_diagnosis", b"s" * 1024, b"k" * 100_000, b"0" * 64),
        ("apisig_retailcrm_diagnosis", b"s", huge, b"0" * 64),
        (
            "apisig_imbachat_diagnosis",
            b"secret",
            huge,
            b"eyJhbGciOiJIUzI1NiJ9." + b"A" * 4000 + b"." + b"A" * 43,
            NOW,
            0,
        ),
    ]
    longest = 0.0
    for function, *arguments in cases:
        start = time.process_time()
        lines(function, *arguments)
        took = time.process_time() - start
        longest = max(longest, took)
        if took > MUCH:
            sizes = [len(argument) for argument in arguments if isinstance(argument, bytes)]
            print(f"not quick: {function} {took:.2f} s, arguments of {sizes} bytes")
    print(f"figure: the longest diagnosis takes {longest * 1000:.0f} ms")
    return longest <= MUCH


def main():
    """Each check, and whether it succeeds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    randoms = int(sys.argv[2]) if len(sys.argv) > 2 else rounds
    only = sys.argv[3:]
    checks = [("no diagnosis takes seconds", is_quick())]
    for vendor in VENDORS:
        name = type(vendor).__name__
        if only and name not in only:
            continue
        checks.append((f"{name}: single mistakes named", named(vendor, 1, rounds, 0.99)))
        checks.append((f"{name}: pairs named", named(vendor, 2, rounds, 0.95)))
        checks.append((f"{name}: none of {randoms} random signatures blamed", never_blamed(vendor, randoms)))
        checks.append((f"{name}: hints are true", hints_are_true(vendor, rounds)))
    for name, is_right in checks:
        print(f"{'ok' if is_right else 'FAILED'}: {name}")
    return 0 if all(is_right for _, is_right in checks) else 1


if __name__ == "__main__":
    sys.exit(main())

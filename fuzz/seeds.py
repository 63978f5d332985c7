"""Makes seeds of the calls in tests/vectors: for each corpus, its fields are those of every call of its vendor.

A target reads its fields in an order of its own, so that each call is given forwards and backwards, and once with @ in
place of a signature, which the targets make themselves.

Usage: seeds.py FOLDER CORPUS...
"""

import csv
import hashlib
import pathlib
import re
import sys

VECTORS = pathlib.Path(__file__).parent.parent / "tests/vectors"
OUT = pathlib.Path(sys.argv[1])
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}
SIGNATURE = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{40}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9%]{43,51}%3D|\.[A-Za-z0-9_-]{43}$")


def unescape(field):
    return re.sub(
        rb"\\(x[0-9a-fA-F]{2}|.)",
        lambda escape: ESCAPES.get(escape[1]) or bytes([int(escape[1][1:], 16)]),
        field.encode(),
    )


def calls(vendor):
    """The arguments of each call, without the secrets of a handle and without the result."""
    with open(VECTORS / f"{vendor}.tsv", encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield [unescape(field) for field in row[1:-1]]


def seed(corpus, fields):
    """An input: its fields with 0xff between them, which only the last may have."""
    content = b"\xff".join([field.replace(b"\xff", b"") for field in fields[:-1]] + fields[-1:])
    if len(content) <= 4096:
        folder = OUT / corpus
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)


for corpus in sys.argv[2:]:
    if corpus.startswith("pasted_"):
        for sample in (VECTORS / "pasted.txt").read_bytes().split(b"\n=== ")[1:]:
            seed(corpus, [sample.split(b"\n\n", 1)[1]])
        continue
    vendors = [name for name in (path.stem for path in VECTORS.glob("*.tsv")) if corpus.startswith(name)]
    for vendor in vendors or [path.stem for path in VECTORS.glob("*.tsv")]:
        for fields in calls(vendor):
            for order in (fields, fields[::-1], fields[1:], fields[:0:-1]):
                seed(corpus, order)
                seed(corpus, [SIGNATURE.sub(b"@", field) for field in order])

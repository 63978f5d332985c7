"""Turns the rows of the benches into benches/RESULTS.md, benches/results.svg and a table on the terminal."""

import math
import pathlib
import re
import subprocess
import sys
from html import escape

FOLDER = pathlib.Path(__file__).parent

# What each row is asked to reach, and what it aims at; "<" where less is better.
GOALS = {
    ("PHP Kommo sign, 97 B", "the page"): (">", 1.6, 3),
    ("PHP Kommo sign, 1 KB", "the page"): (">", 1.4, 2),
    ("PHP Kommo sign, 8 KB", "the page"): (">", 1.0, 1.15),
    ("PHP Kommo sign, 64 KB", "the page"): (">", 1.08, 1.15),
    ("PHP ImbaChat sign", "the page"): (">", 4.5, 8),
    ("PHP ImbaChat verify", "the same code"): (">", 4, 6),
    ("PHP RetailCRM verify", "the page"): (">", 3.5, 5.5),
    ("PHP Kayako sign", "the page"): (">", 3, 5.5),
    ("PHP MOR sign", "sha1()"): (">", 0.5, 0.7),
    ("Python Kommo sign, 120 B", "hmac, hashlib, formatdate"): (">", 2, 4),
    ("Python ImbaChat sign", "PyJWT"): (">", 10, 30),
    ("Python ImbaChat verify", "PyJWT"): (">", 14, 26),
    ("Python RetailCRM verify", "the fastest of hmac"): (">", 2.5, 4.5),
    ("Python Kayako sign", "the fastest of hmac"): (">", 2, 5),
    ("Python Kommo sign, 120 B, beside a busy thread", "hmac, hashlib"): (">", 1.6, 2),
    ("Python Kommo sign, 64 KB, beside a busy thread", "hmac, hashlib"): (">", 10, 30),
    ("C Kommo sign, 97 B", "the floor"): ("<", 1.25, 1.08),
    ("C Kommo sign, 1 KB", "the floor"): ("<", 1.05, 1.01),
    ("C Kommo sign, 64 KB", "the floor"): ("<", 1.05, 1.01),
    ("C ImbaChat sign", "the floor"): ("<", 2.5, 1.6),
    ("C ImbaChat verify", "the floor"): ("<", 2.5, 1.6),
    ("C RetailCRM verify", "the floor"): ("<", 2.5, 1.6),
    ("C Kayako sign", "the floor"): ("<", 2.5, 1.6),
    ("C MOR sign", "the floor"): ("<", 2.5, 1.6),
    ("C Kommo sign, 97 B", "OpenSSL HMAC()"): (">", 5, 8),
    ("C ImbaChat sign", "OpenSSL HMAC()"): (">", 5, 8),
    ("C RetailCRM sign", "OpenSSL HMAC()"): (">", 5, 8),
    ("C Kayako sign", "OpenSSL HMAC()"): (">", 5, 8),
    ("C MOR sign", "OpenSSL HMAC()"): (">", 5, 8),
    ("C ImbaChat sign", "jsonwebtoken"): (">", 2, 2.8),
    ("C ImbaChat verify", "jsonwebtoken"): (">", 3.5, 4.6),
    ("C two threads, one handle", "one thread"): (">", 1.9, 1.98),
    ("php-fpm first signature, nothing preloaded", "the page"): ("<", 1.0, 1.0),
    ("php-fpm first signature, ffi.preload too", "the page"): ("<", 0.5, 0.1),
    ("php-fpm first signature, without FFI", "the page"): ("<", 1.3, 1.3),
    ("dlopen", "libcrypto's"): ("<", 0.1, 0.1),
    (".so stripped, KB", ""): ("<", 160, 64),
}


def verdict(row):
    goal = GOALS.get((row[0], row[1]))
    if goal is None:
        return "", ""
    sign, least, aim = goal
    reached = (lambda limit: float(row[2]) >= limit) if sign == ">" else (lambda limit: float(row[2]) <= limit)
    word = "aim reached" if reached(aim) else "reached" if reached(least) else "MISSED"
    return f"{'≥' if sign == '>' else '≤'} {least:g} ({aim:g})", word


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    versions = [
        subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
        for command in (["rustc", "--version"], ["php", "--version"], [sys.executable, "--version"])
    ]
    return ", ".join([cpu[1] if cpu else "unknown CPU", *versions])


def markdown(rows):
    lines = [
        "# What `make bench` measured",
        "",
        f"On: {machine()}.",
        "",
        "A ratio is the time of what stands under *against*, divided by ours: more is better. Against the floor (the",
        "time of the bare compressions), for php-fpm and for dlopen it is ours divided by theirs: less is better. Each",
        "is the median of rounds in which both were measured in turn.",
        "",
        "| what | against | ratio | least | greatest | ours, ns | theirs, ns | asked (aim) | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join([*row, *verdict(row)]) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def chart(rows):
    """Draw how many times faster than what they replace the PHP and Python calls are, on a scale of doublings."""
    shown = [row for row in rows if row[0].startswith(("PHP ", "Python ")) and (row[0], row[1]) in GOALS]
    height, one, doubling = 24, 390, 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{height * len(shown) + 40}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="8" y="20">How many times faster than what it replaces (each doubling is as wide as the last)</text>',
    ]
    for number, row in enumerate(shown):
        y, width = 34 + number * height, doubling * math.log2(float(row[2]))
        parts.append(f'<text x="8" y="{y + 13}">{escape(row[0])}</text>')
        color = "#3b6ea5" if width >= 0 else "#c0504d"
        start, end = sorted((one, one + width))
        parts.append(f'<rect x="{start:.0f}" y="{y}" width="{end - start:.0f}" height="17" fill="{color}"/>')
        parts.append(f'<text x="{end + 5:.0f}" y="{y + 13}">{row[2]}</text>')
    parts.append(f'<line x1="{one}" y1="30" x2="{one}" y2="{34 + len(shown) * height}" stroke="#333"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main():
    rows = [line.split("\t") for line in pathlib.Path(sys.argv[1]).read_text().splitlines()]
    (FOLDER / "RESULTS.md").write_text(markdown(rows))
    (FOLDER / "results.svg").write_text(chart(rows))
    for row in rows:
        goal, word = verdict(row)
        print(f"{row[0]:48} {row[1]:26} {row[2]:>7} {row[3]:>6}-{row[4]:<6} {goal:14} {word}")


if __name__ == "__main__":
    main()

"""Turns the rows of the benches into benches/RESULTS.md, benches/results.svg and a table on the terminal."""

import math
import os
import pathlib
import re
import subprocess
import sys
from html import escape

FOLDER = pathlib.Path(__file__).parent

# What each row is asked to reach, and the limit where it was measured: with a library that does nothing, or the time of
# the bare compressions. "<" where less is better.
GOALS = {
    ("PHP Kommo sign, 97 B", "the page"): (">", 1.8, 2.4),
    ("PHP Kommo sign, 1 KB", "the page"): (">", 1.4, 1.58),
    ("PHP Kommo sign, 64 KB", "the page"): (">", 1.08, None),
    ("PHP ImbaChat sign", "the page"): (">", 4.3, 6.1),
    ("PHP ImbaChat verify", "the same code"): (">", 4, 5.7),
    ("PHP RetailCRM verify", "the page"): (">", 3.25, 4.1),
    ("PHP Kayako sign", "the page"): (">", 2.6, 3.4),
    ("PHP MOR sign", "sha1()"): (">", 0.78, 1.05),
    ("php-fpm first signature, nothing preloaded", "the page"): ("<", 1.05, 0.8),
    ("php-fpm first signature, ffi.preload too", "the page"): ("<", 0.5, 0.35),
    ("php-fpm first signature, without FFI", "the page"): ("<", 1.3, None),
    ("Python Kommo sign, 120 B", "hmac, hashlib, formatdate"): (">", 2.9, None),
    ("Python ImbaChat sign", "PyJWT"): (">", 15, None),
    ("Python ImbaChat verify", "PyJWT"): (">", 28, None),
    ("Python RetailCRM verify", "the fastest of hmac"): (">", 3, None),
    ("Python Kayako sign", "the fastest of hmac"): (">", 2.7, None),
    ("Python MOR sign", "hashlib"): (">", 0.9, None),
    ("Python Kommo sign, 120 B, beside a busy thread", "hmac, hashlib"): (">", 2, None),
    ("C Kommo sign, 97 B", "the floor"): ("<", 1.38, 1),
    ("C Kommo sign, 1 KB", "the floor"): ("<", 1.08, 1),
    ("C ImbaChat sign", "the floor"): ("<", 2, 1),
    ("C ImbaChat verify", "the floor"): ("<", 2.6, 1),
    ("C RetailCRM verify", "the floor"): ("<", 1.58, 1),
    ("C Kayako sign", "the floor"): ("<", 1.75, 1),
    ("C two threads, one handle", "a handle each"): (">", 0.95, 1),
    ("dlopen", "an empty library"): ("<", 1.2, 1),
}


def verdict(row):
    goal = GOALS.get((row[0], row[1]))
    if goal is None:
        return "", ""
    sign, least, limit = goal
    reached = float(row[2]) >= least if sign == ">" else float(row[2]) <= least
    asked = f"{'≥' if sign == '>' else '≤'} {least:g}" + (f" ({limit:g})" if limit else "")
    return asked, "reached" if reached else "MISSED"


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    versions = [
        subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
        for command in (["rustc", "--version"], ["php", "--version"], [sys.executable, "--version"])
    ]
    return ", ".join([cpu[1] if cpu else "unknown CPU", *versions])


def load():
    """Return how busy the machine was in the last five minutes: the benches alone make about 1."""
    busy = os.getloadavg()[1]
    return f"load {busy:.1f}" + ("" if busy < 2 else ", so that THE MACHINE WAS BUSY and these figures tell little")


def markdown(rows):
    lines = [
        "# What `make bench` measured",
        "",
        f"On: {machine()}; {load()}.",
        "",
        "A ratio is the time of what stands under *against*, divided by ours: more is better. Against the floor, for",
        "php-fpm and for dlopen it is ours divided by theirs: less is better. Each is the median of rounds in which",
        "both were measured in turn. The floor is the time of the bare compressions, each of which needs the result of",
        "the one before. In parentheses is the limit, which no code of ours can pass, where it is known.",
        "",
        "| what | against | ratio | least | greatest | ours, ns | theirs, ns | asked (limit) | |",
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

"""Pastes every sample into the page, in Chromium, and compares what it shows.

Usage: page.py WASM SAMPLES. The page is made with a script more, which types and reads; nothing else differs.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/pasted"))

from check import Sample, samples  # noqa: E402

CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--virtual-time-budget=120000", "--dump-dom"),
)
TYPIST = """
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
let refused = 0;
addEventListener("securitypolicyviolation", () => refused++);
(async () => {
    while (!document.documentElement.dataset.ready) await wait(10);
    const results = [];
    for (const sample of SAMPLES) {
        [text.value, secret.value, kind.value, signed.value] = sample;
        at("form").dispatchEvent(new Event("input"));
        await wait(300);
        const articles = [...found.querySelectorAll("article")];
        results.push({
            link: link.hidden ? "" : (link.click(), decodeURIComponent(location.hash)),
            verdicts: articles.map((article) => article.className),
            scripts: found.querySelectorAll("script, img").length,
            marks: articles.flatMap((article) =>
                [...article.querySelectorAll(".difference:not([hidden]) mark")].map((mark) => mark.textContent)),
        });
    }
    for (const url of ["http://127.0.0.1:1/", "https://example.com/"]) await fetch(url).catch(() => {});
    new Image().src = "http://127.0.0.1:1/";
    await wait(100);
    document.body.dataset.results = JSON.stringify({results, refused});
})();
"""
CREDENTIAL = r"Basic |apikey|X-API-KEY|[?&]p=|eyJ[\w-]+\.|register|\btoken\b"
CLASSES = {"right": "right", "wrong": "wrong", "missing": "unknown"}


def shown(wasm: str, typed: list[list[str]]) -> dict[str, list[dict[str, object]] | int]:
    """Type into the page, and give what the typist saw."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sources = Path(folder, "page")
        shutil.copytree(ROOT / "page", sources, ignore=shutil.ignore_patterns("src"))
        with (sources / "page.js").open("a") as script:
            # A script must not have the end tag of one in it.
            script.write(f"const SAMPLES = {json.dumps(typed)};".replace("</", "<\\/") + TYPIST)
        page = Path(folder, "page.html")
        subprocess.run([sys.executable, sources / "make.py", wasm, page], check=True)
        command = [*CHROMIUM, f"--user-data-dir={folder}/profile", page.as_uri()]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=300, check=True)
    found = re.search('data-results="([^"]*)"', done.stdout.decode())
    if found is None:
        sys.exit(f"the page did not come to its end: {done.stdout.decode()[-2000:]}")
    results: dict[str, list[dict[str, object]] | int] = json.loads(html.unescape(found[1]))
    return results


def classes(sample: Sample) -> list[str]:
    return [CLASSES[words[1]] for words in (verdict.split() for verdict in sample.all("verdict")) if len(words) > 1]


def main() -> int:
    wasm, path = sys.argv[1:]
    pasted = list(samples(Path(path).read_text(encoding="utf-8")))
    markup = "POST /v2/origin/custom/<img src=x onerror=alert(1)> HTTP/1.1\nX-Signature: <script>alert(1)</script>\n\n"
    webhook = "POST /hook HTTP/1.1\nX-Signature: 00\n\nabcd"
    added = webhook.replace("\n\n", "\nCookie: hidden\nX-Token: hidden\n\n").replace("/hook", "/hook?key=hidden")
    typed_in_shell = (
        "export APISIG_SECRET=hidden\ncurl -b hidden=1 -H 'X-Signature: 00' -d abcd https://u:hidden@host.example/x"
    )
    call = "https://u:hidden@switch.example/billing/api/user_balance_get?username=x&hash=00"
    shared = [call, "salt=1&signature=x"]
    kept = [f"{call}&p=hidden", "salt=1&signature=x&apikey=hidden", "register={}", "Basic dTpw"]
    others = [[text, "secret", "", ""] for text in (markup, added, typed_in_shell, *shared, *kept)]
    others += [[call, "secret", "kommo-webhook", ""], [webhook, "secret", "", "ab\u202ed"]]
    typed = [[sample.pasted, sample.secret, *(sample.all("vendor") or [""]), ""] for sample in pasted] + others
    answer = shown(wasm, typed)
    results = answer["results"]
    assert isinstance(results, list)
    failures = []
    for sample, result in zip(pasted, results):
        if result["verdicts"] != classes(sample):
            failures.append(f"{sample.name}: {result['verdicts']} and not {classes(sample)}")
        if re.search(CREDENTIAL, str(result["link"]), re.IGNORECASE):
            failures.append(f"{sample.name}: a credential is in its link: {result['link']}")
    print(f"{len(pasted)} samples, {sum(bool(result['link']) for result in results)} with a link")
    if not any(result["link"] for result in results[: len(pasted)]):
        failures.append("no link is ever offered")
    if "hidden" in str([result["link"] for result in results]):
        failures.append("what is not checked is in a link")
    if any(result["scripts"] for result in results):
        failures.append("markup became HTML")
    by_text = {(text, kind): result for (text, _, kind, _), result in zip(typed, results)}
    if not all(by_text[text, ""]["link"] for text in shared):
        failures.append("a request without a credential has no link")
    if any(by_text[text, ""]["link"] for text in kept) or by_text[call, "kommo-webhook"]["link"]:
        failures.append("a request with a credential, or of a kind that was chosen, has a link")
    if results[-1]["marks"] != ["\\xe2\\x80\\xae", "c"]:
        failures.append(f"the difference is not marked: {results[-1]['marks']}")
    if answer["refused"] != 3:
        failures.append(f"{answer['refused']} of 3 requests to a network were refused")
    print("\n".join(failures))
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())

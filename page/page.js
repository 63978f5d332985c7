"use strict";

const at = (id) => document.getElementById(id);
const [text, secret, kind, signed, state, found, link] = ["text", "secret", "kind", "signed", "state", "found", "link"].map(at);
/** Browsers cut off longer addresses. */
const LINK_MAX = 8000;
const template = document.querySelector("template");

/** The library, out of the page's own text. */
async function library() {
    const bytes = Uint8Array.from(atob(at("wasm").textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const {instance} = await WebAssembly.instantiate(await new Response(stream).arrayBuffer());
    const {input, check, choices, output, memory} = instance.exports;
    const answer = (length) => JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, output(), length)));
    for (const {name, title} of answer(choices())) kind.add(new Option(title, name));
    return (request) => {
        const sent = new TextEncoder().encode(JSON.stringify(request));
        const place = input(sent.length);
        if (place === 0) return {unreadable: "The text or the secret is longer than 1 MiB."};
        new Uint8Array(memory.buffer, place, sent.length).set(sent);
        return answer(check(Math.floor(Date.now() / 1000)));
    };
}

/** Everything is set as text: nothing that was pasted becomes HTML. */
function shown({title, why, valid, text, hints, notes, change, explanation}, signed) {
    const article = template.content.cloneNode(true).firstElementChild;
    const part = (selector) => article.querySelector(selector);
    article.className = valid === true ? "right" : valid === false ? "wrong" : "unknown";
    part("h2").textContent = text;
    part(".taken").textContent = `Detected as ${title}: ${why}.`;
    for (const line of [...hints, ...notes]) part(".hints").appendChild(document.createElement("li")).textContent = line;
    const rows = Object.entries(change);
    part("table").hidden = rows.length === 0;
    for (const row of rows) {
        const line = part("tbody").insertRow();
        for (const value of row) line.insertCell().textContent = value;
    }
    const label = "string to sign: ";
    const right = explanation.find((line) => line.startsWith(label))?.slice(label.length);
    part(".difference").hidden = !signed || right === undefined;
    if (right !== undefined) differ(signed, right, part(".yours"), part(".right"));
    part(".steps").textContent = explanation.join("\n") || "The secret is needed for it.";
    return article;
}

/** Marks what is between the beginning and the end that both have. */
function differ(one, other, placeOfOne, placeOfOther) {
    const shorter = Math.min(one.length, other.length);
    let start = 0;
    while (start < shorter && one[start] === other[start]) start++;
    let end = 0;
    while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
    for (const [text, place] of [[one, placeOfOne], [other, placeOfOther]]) {
        const mark = document.createElement("mark");
        mark.textContent = text.slice(start, text.length - end);
        place.replaceChildren(text.slice(0, start), mark, text.slice(text.length - end));
    }
}

/** Shows what was found. Returns what a link can have of the request; null if there is none. */
function update(check) {
    found.replaceChildren();
    state.textContent = "";
    if (!text.value.trim()) return null;
    const answer = check({text: text.value, secret: secret.value || null, kind: kind.value || null, signed: signed.value});
    if (answer.unreadable) {
        state.textContent = answer.unreadable;
        return null;
    }
    const none = answer.requests.length === 0 ? " No vendor was detected. Choose one, or paste the whole request." : "";
    const more = answer.unchecked ? ` ${answer.unchecked} more were not checked: use the command, apisig read.` : "";
    state.textContent = `Read as ${answer.form}.${none}${more}`;
    found.replaceChildren(...answer.requests.map((request) => shown(request, answer.signed)));
    return answer.link !== null && answer.link.length < LINK_MAX ? answer.link : null;
}

/** What the address has behind its #. */
function readAddress() {
    if (location.hash.length < 2) return;
    try {
        text.value = decodeURIComponent(location.hash.slice(1));
    } catch {
        state.textContent = "The address is cut off, or is no link of this page.";
    }
}

library().then((check) => {
    let timer;
    const again = () => { link.hidden = update(check) === null; };
    at("form").addEventListener("input", () => {
        link.hidden = true;
        clearTimeout(timer);
        timer = setTimeout(again, 200);
    });
    at("form").addEventListener("submit", (event) => event.preventDefault());
    at("show").addEventListener("change", ({target}) => { secret.type = target.checked ? "text" : "password"; });
    link.addEventListener("click", () => {
        const shared = update(check);
        link.hidden = shared === null;
        if (shared === null) return;
        history.replaceState(null, "", `#${encodeURIComponent(shared)}`);
        state.textContent = "The address of this page has the request now: copy it.";
    });
    addEventListener("hashchange", () => { readAddress(); again(); });
    again();
    readAddress();
    if (text.value) again();
    document.documentElement.dataset.ready = "yes";
}).catch(() => { state.textContent = "This browser has no WebAssembly, or no DecompressionStream. Use the command: apisig read."; });

"use strict";

const at = (id) => document.getElementById(id);
const [text, secret, kind, signed, state, found, link] = ["text", "secret", "kind", "signed", "state", "found", "link"].map(at);
const template = document.querySelector("template");

/** The library, out of the page's own text. */
async function library() {
    const bytes = Uint8Array.from(atob(at("wasm").textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const {instance} = await WebAssembly.instantiate(await new Response(stream).arrayBuffer());
    const {input, check, output, memory} = instance.exports;
    return (request) => {
        const sent = new TextEncoder().encode(JSON.stringify(request));
        const place = input(sent.length);
        if (place === 0) return {unreadable: "The text is longer than 1 MiB. Paste the one request that was refused."};
        new Uint8Array(memory.buffer, place, sent.length).set(sent);
        const length = check(Math.floor(Date.now() / 1000));
        return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, output(), length)));
    };
}

/** Everything is set as text: nothing that was pasted becomes HTML. */
function shown({title, why, holds, text, hints, notes, change, explanation}) {
    const article = template.content.cloneNode(true).firstElementChild;
    const part = (selector) => article.querySelector(selector);
    article.className = holds === true ? "right" : holds === false ? "wrong" : "unknown";
    part("h2").textContent = text;
    part(".taken").textContent = `It was taken for ${title}, since ${why}.`;
    for (const line of [...hints, ...notes]) part(".hints").appendChild(document.createElement("li")).textContent = line;
    const rows = Object.entries(change);
    part("table").hidden = rows.length === 0;
    for (const row of rows) {
        const line = part("tbody").insertRow();
        for (const value of row) line.insertCell().textContent = value;
    }
    const label = "string to sign: ";
    const right = explanation.find((line) => line.startsWith(label))?.slice(label.length);
    part(".difference").hidden = !signed.value || right === undefined;
    if (right !== undefined) differ(escaped(signed.value), right, part(".yours"), part(".right"));
    part(".steps").textContent = explanation.join("\n") || "The secret is needed for it.";
    return article;
}

/** As explanations write a text. */
function escaped(text) {
    const names = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"};
    return text.replace(/[\\\n\r\t]/g, (letter) => names[letter]);
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

function update(check) {
    found.replaceChildren();
    link.hidden = true;
    if (!text.value.trim()) {
        state.textContent = "";
        return;
    }
    const answer = check({text: text.value, secret: secret.value || null, kind: kind.value || null});
    if (answer.unreadable) {
        state.textContent = answer.unreadable;
        return;
    }
    for (const {name, title} of answer.kinds) {
        if (![...kind.options].some((option) => option.value === name)) kind.add(new Option(title, name));
    }
    const none = answer.requests.length === 0 ? " It is not a request of any vendor by its form: choose one, or paste all of it." : "";
    state.textContent = `Read as ${answer.form}.${none}`;
    found.replaceChildren(...answer.requests.map(shown));
    link.hidden = answer.hasCredential;
}

library().then((check) => {
    const again = () => update(check);
    let timer;
    at("form").addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(again, 200);
    });
    at("form").addEventListener("submit", (event) => event.preventDefault());
    at("show").addEventListener("change", ({target}) => { secret.type = target.checked ? "text" : "password"; });
    link.addEventListener("click", () => { location.hash = encodeURIComponent(text.value); });
    if (location.hash) text.value = decodeURIComponent(location.hash.slice(1));
    document.documentElement.dataset.ready = "yes";
    again();
}).catch(() => { state.textContent = "This browser has no WebAssembly, or no DecompressionStream. Use the command: apisig read."; });

"use strict";

const LAST = 200;
const list = document.getElementById("requests");
const state = document.getElementById("state");
const template = document.querySelector("template");

/** Everything is set as text: nothing that was received becomes HTML. */
function show({at, method, url, headers, body, status, found}) {
    const entry = template.content.cloneNode(true);
    const put = (selector, text) => { entry.querySelector(selector).textContent = text; };
    put("time", new Date(at * 1000).toLocaleTimeString());
    put("b", status);
    put("code", `${method} ${url}`);
    put("span", found.valid === true ? "right" : found.valid === false ? found.text.split("\n")[0] : found.text);
    put(".text", [found.text, ...(found.hints ?? []).map((hint) => `hint: ${hint}`), ...(found.notes ?? [])].join("\n"));
    put(".steps", (found.explanation ?? []).join("\n"));
    const shown = body ?? "[the body is too long, or hidden]";
    put(".request", [`${method} ${url}`, ...headers.map((header) => header.join(": ")), "", shown].join("\n"));
    const rows = Object.entries(found.change ?? {});
    entry.querySelector("table").hidden = rows.length === 0;
    for (const [name, right] of rows) {
        const sent = headers.find(([header]) => header.toLowerCase() === name.toLowerCase());
        entry.querySelector("tbody").insertRow().append(...[name, sent ? sent[1] : "", right].map((text) => {
            const cell = document.createElement("td");
            cell.textContent = text;
            return cell;
        }));
    }
    const details = entry.querySelector("details");
    if (found.valid !== null) details.classList.add(found.valid ? "right" : "wrong");
    details.open = found.valid === false;
    list.prepend(entry);
    while (list.children.length > LAST) list.lastElementChild.remove();
}

/** A browser tries again by itself, but for an answer that is an error. */
function listen() {
    const events = new EventSource("/apisig/events");
    events.onopen = () => { state.textContent = "Listening"; };
    events.onerror = () => {
        state.textContent = "Not connected";
        if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    };
    events.onmessage = (event) => show(JSON.parse(event.data));
}

listen();

//! ImbaChat: the widget's script, which sends the token of the page's user. Source: the vendor's page "ImbaChat-docs, API".
use super::{Reply, Stand, by_kind};

pub const STAND: Stand = Stand {
    kind: Some("imbachat"),
    is_mine: |request| request.path().starts_with(b"/imbachat/v1/"),
    check: |request, secret, now| match request.method().as_str() {
        "POST" => by_kind("imbachat", request, secret, now),
        _ => Ok(()),
    },
    answer: |request, result| match (request.method().as_str(), result) {
        ("POST", Ok(())) => Reply::new(204, "text/plain", ""),
        ("POST", Err(_)) => Reply::new(403, "text/plain", "The token is not valid.\n"),
        _ => Reply::new(200, "text/javascript", SCRIPT),
    },
    others: &[],
};

/// As a page uses the vendor's. The beacon asks for no answer, so that no other site can read one.
const SCRIPT: &str = r#"window.ImbaChat = {
    load({token}) {
        const at = document.querySelector('script[src*="/imbachat/v1/"]').src.replace(/widget$/, "user");
        navigator.sendBeacon(at, new URLSearchParams({token}));
        window.imbaApi = {openDialog() {}};
    },
};
"#;

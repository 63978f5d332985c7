//! ImbaChat: the widget's script, which sends the token of the page's user. Source: the vendor's page "ImbaChat-docs, API".
use super::{Reply, Stand};

pub const STAND: Stand = Stand {
    kind: Some("imbachat"),
    is_mine: |request| request.path().starts_with(b"/imbachat/v1/"),
    is_signed: |request| request.method() == "POST",
    other: |_, _| None,
    answer: |request, refused| match (request.method().as_str(), refused) {
        ("POST", None) => Reply::new(204, "text/plain", ""),
        ("POST", Some(_)) => Reply::new(403, "text/plain", "The token is not valid.\n"),
        ("GET", _) => Reply::new(200, "text/javascript", SCRIPT),
        _ => Reply::new(405, "text/plain", "Use GET or POST.\n"),
    },
    is_from_browsers: true,
    is_open: false,
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

//! Kommo's Chat API: it takes a connection and its end, messages and what else goes to a channel.
//! Source: the vendor's page "Connecting chat channel", and its reference of the Chat API.
use super::{Refused, Reply, Stand};
use apisig_request::Request;
use serde_json::{Value, json};

pub const STAND: Stand = Stand {
    kind: Some("kommo"),
    is_mine: |request| request.path().starts_with(ROOT.as_bytes()),
    is_signed: |_| true,
    other: |_, _| None,
    answer,
    is_from_browsers: false,
    is_open: true,
};

const ROOT: &str = "/v2/origin/custom/";

fn answer(request: &Request, refused: Option<Refused>) -> Reply {
    if refused.is_some() {
        let (kind, text) = ("ORIGIN_INVALID_SIGNATURE", "invalid signature");
        let body = json!({"status": 0, "error_code": 403, "error_type": kind, "error_description": text});
        return reply(403, &body);
    }
    let path = String::from_utf8_lossy(request.path()).into_owned();
    let mut steps = path.strip_prefix(ROOT).unwrap_or_default().split('/');
    let (channel, action) = (steps.next().unwrap_or_default(), steps.next_back());
    let body: Value = serde_json::from_slice(request.body.as_deref().unwrap_or_default()).unwrap_or_default();
    match (request.method().as_str(), action) {
        ("POST", Some("connect")) => {
            let account = &body["account_id"];
            let scope = format!("{channel}_{}", account.as_str().unwrap_or(&account.to_string()));
            let version = &body["hook_api_version"];
            reply(
                200,
                &json!({"account_id": account, "scope_id": scope, "title": body["title"], "hook_api_version": version}),
            )
        }
        ("POST", None) => {
            let payload = &body["payload"];
            let message = json!({"conversation_id": payload["conversation_id"], "msgid": payload["msgid"]});
            reply(200, &json!({"new_message": message}))
        }
        ("POST", Some("typing")) => Reply::new(204, "application/json", ""),
        _ => reply(200, &json!({})),
    }
}

fn reply(status: u16, body: &Value) -> Reply {
    Reply::new(status, "application/json", body.to_string())
}

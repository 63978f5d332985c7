//! What ImbaChat sends: the question about users, with the API login and password. Source: the vendor's page
//! "ImbaChat-docs, API".
use super::{Event, Input, Received, STANDARD, Sent};
use crate::output::Failure;
use apisig_diagnosis::Mistake::{SecretBom, SecretCase, SecretNewline, SecretSpace};
use apisig_messages::imbachat::backend::user_ids;
use base64::Engine;

pub const EVENTS: &[Event] = &[Event {
    name: "users",
    data: "1,2",
    make,
    judge,
    refuses: |received| received.status == 401,
    refusal: "This request is wrong: answer with 401.",
}];

/// The secret is login and password with a colon between them, as for `curl -u`.
fn make(input: &Input) -> Result<Sent, Failure> {
    input.only(&[SecretNewline, SecretSpace, SecretBom, SecretCase])?;
    let secret = input.secret()?;
    if !secret.contains(&b':') {
        return Err(Failure::usage("the secret of this event is LOGIN:PASSWORD of the API"));
    }
    let data = input.data.trim_ascii();
    if !user_ids(data).is_ok_and(|mut ids| ids.next().is_some()) {
        return Err(Failure::usage("the payload of this event is a list of user ids, such as 1,2"));
    }
    let ids = String::from_utf8_lossy(data).replace([' ', '\t', '\r', '\n'], "");
    let headers = vec![("Authorization", format!("Basic {}", STANDARD.encode(secret)))];
    Ok(Sent { query: format!("user_ids={ids}"), headers, body: None })
}

fn judge(received: &Received) -> Result<(), &'static str> {
    let json = received.json();
    let users = json.as_ref().and_then(|json| json.as_array());
    let is_user = |user: &serde_json::Value| !user["user_id"].is_null() && user["name"].is_string();
    match (received.status, users) {
        (401, _) => Err("The login or the password is not the one that was sent."),
        (200, Some(users)) if users.iter().all(is_user) => Ok(()),
        _ => Err("ImbaChat expects the status 200 and a JSON array of users, each with user_id and name."),
    }
}

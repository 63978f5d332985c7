//! What Kommo sends: webhooks of a chat channel. They end with a line feed that is not signed.
//! Source: the vendor's page on webhooks.
use super::{Event, Input, Received, Sent};
use crate::output::Failure;
use apisig_core::kommo::Keys;
use apisig_core::kommo::webhook::sign;
use apisig_core::text::without_line_end;
use apisig_diagnosis::Mistake::{Base64, BodyOther, SecretBom, SecretCase, SecretNewline, SecretSpace};
use std::time::Duration;

/// What a message, a sign of typing and a reaction have in common.
macro_rules! webhook {
    ($event:literal) => {
        concat!(r#"{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","time":1669231521,"#, $event, "}\n")
    };
}

pub const EVENTS: &[Event] = &[
    event(
        "message",
        webhook!(
            r#""message":{"receiver":{"id":"user-1","name":"Ann"},"sender":{"id":"manager-1","name":"Ben"},"conversation":{"id":"talk-1","client_id":"client-1"},"timestamp":1669231521,"msec_timestamp":1669231521000,"message":{"id":"message-1","type":"text","text":"Hello"}}"#
        ),
    ),
    event(
        "typing",
        webhook!(
            r#""action":{"typing":{"user":{"id":"manager-1"},"conversation":{"id":"talk-1","client_id":"client-1"},"expired_at":1669231531}}"#
        ),
    ),
    event(
        "reaction",
        webhook!(
            r#""action":{"reaction":{"type":"react","emoji":"+1","user":{"id":"manager-1"},"conversation":{"id":"talk-1","client_id":"client-1"},"message":{"id":"message-1"}}}"#
        ),
    ),
];

const fn event(name: &'static str, data: &'static str) -> Event {
    Event {
        name,
        data,
        make,
        judge,
        refuses: |received| matches!(received.status, 401 | 403),
        refusal: "This request is wrong: answer with 401 or 403.",
    }
}

fn make(input: &Input) -> Result<Sent, Failure> {
    input.only(&[SecretNewline, SecretSpace, SecretBom, SecretCase, Base64, BodyOther])?;
    let mut keys = Keys::default();
    keys.add(&input.secret()?)?;
    let signature = sign(&keys, without_line_end(input.data))?;
    let mut body = input.data.to_vec();
    if input.broken == Some(BodyOther) {
        body.push(b' ');
    }
    let headers = vec![
        ("Content-Type", "application/json".into()),
        ("X-Signature", input.signature(&String::from_utf8_lossy(&signature))?),
    ];
    Ok(Sent { headers, body: Some(body), ..Sent::default() })
}

fn judge(received: &Received) -> Result<(), &'static str> {
    match received.status {
        _ if received.after > Duration::from_secs(5) => {
            Err("Kommo waits for 5 seconds. Answer first, then work.")
        }
        200 => Ok(()),
        _ => Err("Kommo expects the status 200."),
    }
}

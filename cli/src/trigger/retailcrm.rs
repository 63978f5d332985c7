//! What a RetailCRM system sends to a module. Source: the vendor's page "The procedure of simple connection of the
//! module"; the activity callback is not on it.
use super::{Event, Input, Received, Sent};
use crate::output::Failure;
use crate::vendor::string;
use apisig_core::retailcrm::{Keys, sign};
use apisig_diagnosis::Mistake::{Base64, SecretBom, SecretCase, SecretNewline, SecretSpace};
use form_urlencoded::Serializer;
use serde_json::{Value, json};

pub const EVENTS: &[Event] = &[
    Event {
        name: "config",
        data: "",
        make: config,
        judge: |received| {
            let json = success(received)?;
            let is_config = json["scopes"].is_array() && is_https(&json["registerUrl"]);
            if is_config {
                Ok(())
            } else {
                Err("RetailCRM expects scopes, an array, and registerUrl, which is https.")
            }
        },
        refuses,
        refusal: REFUSAL,
    },
    Event {
        name: "register",
        data: r#"{"apiKey":"api_key","systemUrl":"https://demo.retailcrm.ru"}"#,
        make: register,
        judge: |received| {
            let json = success(received)?;
            if is_https(&json["accountUrl"]) {
                Ok(())
            } else {
                Err("RetailCRM expects accountUrl, which is https.")
            }
        },
        refuses,
        refusal: REFUSAL,
    },
    Event {
        name: "activity",
        data: r#"{"clientId":"client-1","activity":{"active":true,"freeze":false},"systemUrl":"https://demo.retailcrm.ru"}"#,
        make: unsigned,
        judge: |received| success(received).map(|_| ()),
        refuses,
        refusal: REFUSAL,
    },
    Event {
        name: "transition",
        data: r#"{"clientId":"client-1"}"#,
        make: unsigned,
        judge: |received| {
            if received.status < 400 { Ok(()) } else { Err("The user of the system sees an error.") }
        },
        refuses: |received| received.status >= 400,
        refusal: REFUSAL,
    },
];

const REFUSAL: &str = "This request is wrong: answer with the status 200, success false and errorMsg.";

/// A system reads the reason out of an answer with the status 200.
fn refuses(received: &Received) -> bool {
    received.json().is_some_and(|json| json["success"] == false)
}

fn success(received: &Received) -> Result<Value, &'static str> {
    match received.json() {
        Some(json) if received.status == 200 && json["success"] == true => Ok(json),
        Some(json) if json["success"] == false => Err("It was refused: errorMsg has the reason."),
        _ => Err("RetailCRM expects the status 200 and a JSON object with success."),
    }
}

fn is_https(url: &Value) -> bool {
    url.as_str().is_some_and(|url| url.starts_with("https://"))
}

fn config(input: &Input) -> Result<Sent, Failure> {
    input.only(&[])?;
    Ok(Sent::default())
}

/// The API key of the payload, with its token beside it.
fn register(input: &Input) -> Result<Sent, Failure> {
    input.only(&[SecretNewline, SecretSpace, SecretBom, SecretCase, Base64])?;
    let mut registration = object(input.data)?;
    let api_key =
        registration["apiKey"].as_str().ok_or_else(|| Failure::usage("the payload has no apiKey"))?;
    let mut keys = Keys::default();
    keys.add(&input.secret()?)?;
    let token = input.signature(&string(sign(&keys, api_key.as_bytes())?))?;
    registration["token"] = json!(token);
    Ok(form(&[("register", &registration)]))
}

/// The members of the payload, each a field.
fn unsigned(input: &Input) -> Result<Sent, Failure> {
    input.only(&[])?;
    let fields = object(input.data)?;
    let fields: Vec<_> =
        fields.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect();
    Ok(form(&fields))
}

fn object(data: &[u8]) -> Result<Value, Failure> {
    let json = serde_json::from_slice(data).ok().filter(Value::is_object);
    json.ok_or_else(|| Failure::usage("the payload is not a JSON object"))
}

fn form(fields: &[(&str, &Value)]) -> Sent {
    let mut form = Serializer::new(String::new());
    for (name, value) in fields {
        form.append_pair(name, value.as_str().unwrap_or(&value.to_string()));
    }
    let headers = vec![("Content-Type", "application/x-www-form-urlencoded".into())];
    Sent { headers, body: Some(form.finish().into_bytes()), ..Sent::default() }
}

//! A RetailCRM system: it takes what a module registers. No signature authorizes it, but the system's API key, which is the secret
//! here. Source: the vendor's page "The procedure of simple connection of the module".
use super::{Reply, Stand};
use apisig_core::Error;
use apisig_core::text::form::only;
use apisig_request::Request;
use serde_json::json;

pub const STAND: Stand = Stand {
    kind: None,
    is_mine: |request| request.path().starts_with(b"/api/v5/integration-modules/") && request.path().ends_with(b"/edit"),
    check: |request, secret, _| match request.header("X-API-KEY") {
        Ok(Some(key)) if key == secret => Ok(()),
        Ok(Some(_)) => Err(Error::Mismatch),
        _ => Err(Error::Malformed),
    },
    answer,
    // The module has the id of the client, by which its users come in.
    others: &["apiKey", "integrationModule"],
};

fn answer(request: &Request, result: Result<(), Error>) -> Reply {
    let form = request.form();
    let module = form.as_deref().and_then(|form| only(form, "integrationModule").ok().flatten());
    let module = module.and_then(|field| serde_json::from_slice::<serde_json::Value>(&field.bytes().collect::<Vec<_>>()).ok());
    let (status, body) = match (result, request.method().as_str()) {
        (Err(_), _) => (403, json!({"success": false, "errorMsg": "Wrong \"apiKey\" value."})),
        (Ok(()), "POST") if module.is_some_and(|module| module.is_object()) => (200, json!({"success": true, "info": {}})),
        _ => (400, json!({"success": false, "errorMsg": "Parameter \"integrationModule\" is missing."})),
    };
    Reply::new(status, "application/json", body.to_string())
}

//! A RetailCRM system: it takes what a module registers. No signature authorizes it, but the system's API key, which is the secret
//! here. Source: the vendor's page "The procedure of simple connection of the module".
use super::{Refused, Reply, Stand};
use apisig_core::text::form::only;
use apisig_request::Request;
use serde_json::json;
use subtle::ConstantTimeEq;

pub const STAND: Stand = Stand {
    kind: None,
    is_mine: |request| {
        request.path().starts_with(b"/api/v5/integration-modules/") && request.path().ends_with(b"/edit")
    },
    is_signed: |_| false,
    other: |request, secret| match request.header("X-API-KEY") {
        Ok(Some(key)) if !equal(key, secret) => Some("X-API-KEY is not the API key of --secret retailcrm."),
        Ok(Some(_)) if !has_module(request) => Some(NO_MODULE),
        Ok(Some(_)) => None,
        _ => Some("The header X-API-KEY is missing."),
    },
    answer,
    is_from_browsers: false,
    is_open: false,
};

const NO_MODULE: &str = "It has to be a POST with the field integrationModule, a JSON object.";

fn equal(key: &[u8], secret: &[u8]) -> bool {
    key.ct_eq(secret).into()
}

fn has_module(request: &Request) -> bool {
    let form = request.form();
    let module = form.as_deref().and_then(|form| only(form, "integrationModule").ok().flatten());
    let module = module.map(|field| field.bytes().collect::<Vec<_>>()).unwrap_or_default();
    request.method() == "POST"
        && serde_json::from_slice::<serde_json::Value>(&module).is_ok_and(|it| it.is_object())
}

fn answer(_: &Request, refused: Option<Refused>) -> Reply {
    let (status, body) = match refused {
        None => (200, json!({"success": true, "info": {}})),
        Some(Refused::Other(NO_MODULE)) => (400, json!({"success": false, "errorMsg": NO_MODULE})),
        Some(_) => (403, json!({"success": false, "errorMsg": "Wrong \"apiKey\" value."})),
    };
    Reply::new(status, "application/json", body.to_string())
}

//! RetailCRM (Simla): the register request of a simple connection.
use crate::har::members;
use crate::kind::{Check, Kind, Likeness, Missing, keys};
use crate::request::Request;
use crate::share::Shareable;
use crate::verdict::{Change, bytes, string};
use apisig_core::retailcrm;
use apisig_core::retailcrm::form::{Form, JSON_MAX};
use apisig_core::retailcrm::register::{Registration, register};
use apisig_core::retailcrm::system_url::Hosts;
use apisig_core::text::form::fields;
use apisig_core::{EncodedOnce, Error, Time};
use apisig_diagnosis::Report;
use apisig_diagnosis::retailcrm::{diagnose, explain};
use serde_json::{Map, Value};

pub(crate) const KINDS: &[Kind] = &[Kind {
    name: "retailcrm-register",
    title: "a register request of RetailCRM",
    is_it: |request| match form(request) {
        Some(_) => Some(Likeness::Own("it has the field register")),
        None => of_json(request).map(|_| Likeness::Common("it has token and apiKey")),
    },
    shareable: Shareable::Nothing,
    check: |request| Ok(Box::new(Register::new(request)?)),
}];

/// The form with the field: the body's, or one by itself.
fn form(request: &Request) -> Option<Vec<u8>> {
    let is_it = |form: &&[u8]| {
        fields(form).any(|field| {
            field.name.behind("register").is_some_and(|rest| rest.is("") || rest.behind("[").is_some())
        })
    };
    let body = request.form();
    let forms = [body.as_deref(), request.query()];
    forms.into_iter().flatten().find(is_it).map(<[u8]>::to_vec)
}

/// The JSON of the field by itself as its form, or under its name in what a framework logged. The vendor sends no JSON.
fn of_json(request: &Request) -> Option<Vec<u8>> {
    let body = request.body.as_deref()?;
    let json: Map<String, Value> = serde_json::from_slice(body).ok()?;
    if json.contains_key("register") && request.url.is_none() {
        return Some(members(&json));
    }
    let is_it = json.contains_key("token") && json.contains_key("apiKey");
    is_it.then(|| bytes(("register=", EncodedOnce(body))))
}

/// A register request: its form.
pub struct Register {
    form: Vec<u8>,
    hosts: String,
}

impl Register {
    /// Takes the form. Any public host may be the system URL's.
    pub fn new(request: &Request) -> Result<Self, Missing> {
        let form = form(request).or_else(|| of_json(request));
        let form = form.or_else(|| request.body.clone()).or_else(|| request.bare.clone());
        form.map(|form| Register { form, hosts: String::new() }).ok_or(Missing::Parts(vec!["body"]))
    }

    /// With the hosts that are allowed, a comma between them.
    pub fn of_hosts(self, hosts: &str) -> Self {
        Register { hosts: hosts.to_owned(), ..self }
    }

    fn registered(&self, secret: &[u8]) -> Result<(), Error> {
        let hosts = Hosts::new(self.hosts.as_bytes())?;
        register(&keys(secret)?, &self.form, hosts, &mut { Registration::EMPTY }).map(|_| ())
    }

    /// API key and token.
    fn parts(&self) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let mut space = [0; JSON_MAX];
        let [key, token] = Form::new(&self.form)?.members("register", ["apiKey", "token"], &mut space)?;
        let part = |member: retailcrm::form::Member| member.text().map(bytes).unwrap_or_default();
        Ok((part(key), part(token)))
    }
}

impl Check for Register {
    fn verify(&self, secret: &[u8], _now: Time) -> Result<(), Error> {
        self.registered(secret)
    }

    fn diagnose(&self, secret: &[u8], _now: Time) -> Report {
        match Hosts::new(self.hosts.as_bytes()).and_then(|_| self.parts()) {
            Ok((key, token)) => diagnose(secret, &key, &token),
            Err(error) => error.into(),
        }
    }

    fn explain(&self, secret: &[u8], _now: Time) -> Result<String, Error> {
        Ok(string(explain(secret, &self.parts()?.0)?))
    }

    fn changes(&self, secret: &[u8]) -> Vec<Change> {
        let Ok((key, sent)) = self.parts() else { return Vec::new() };
        let right = keys(secret).and_then(|keys| retailcrm::sign(&keys, &key));
        right.map_or_else(|_| Vec::new(), |right| Change::of("token", &right, &sent))
    }
    fn notes(&self, secret: &[u8]) -> Vec<String> {
        let is_encoded_twice = fields(&self.form)
            .any(|field| field.name.is("register") && field.value.bytes().take(3).eq("%7B".bytes()));
        let is_url_wrong = self.hosts.is_empty() && self.registered(secret) == Err(Error::Url);
        let notes = [
            is_encoded_twice.then_some("the field register is URL-encoded twice: encode it once"),
            is_url_wrong.then_some(
                "the system URL has to be https:// and the public name of a host, and nothing else",
            ),
        ];
        notes.into_iter().flatten().map(str::to_owned).collect()
    }
}

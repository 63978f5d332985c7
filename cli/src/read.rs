//! Reads a pasted request, says what it was taken for, and checks it.
use crate::moment::{clock, moment};
use crate::output::{Answer, Failure, Style};
use crate::secret::{Secret, read_at_most};
use apisig_core::Time;
use apisig_request::{Finding, Pasted, Request, Taken, Times, Verdict, found, kinds, listed, object};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Read a pasted request, and say what is wrong with it
///
/// A curl command, raw HTTP, `curl -v`, log lines, HAR, an .http file, code, what a
/// program printed, a URL, a query or a token by itself. Exit status: 0 right, 1 wrong, 2 cannot be checked
#[derive(Args)]
pub struct Read {
    #[command(flatten)]
    secret: Secret,
    /// What the request is [default: as its form shows]
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(kinds().map(|kind| kind.name)))]
    vendor: Option<String>,
    /// File with its body, if it was not pasted
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// Time of the check: Unix seconds, RFC 3339 or as in a log
    /// [default: the log's or HAR's, or else the request's own]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true, value_parser = moment)]
    now: Option<Time>,
    /// File with what was pasted; - is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
}

impl Read {
    /// Prints what was found, even if it is then a failure: that a part or the secret is missing.
    pub fn run(&self, style: Style) -> Result<Answer, Failure> {
        let text = read_at_most(&self.file, apisig_request::PASTED_MAX)?;
        let mut pasted = apisig_request::read(&text).map_err(|why| Failure::usage(why.to_string()))?;
        self.add_body(&mut pasted)?;
        let secret = if self.secret.is_given() { Some(self.secret.read()?) } else { None };
        let times = Times { at: self.now, clock: clock()? };
        let taken = self.taken(&pasted.requests)?;
        let verdicts: Vec<Verdict> = taken
            .iter()
            .map(|(request, taken)| Verdict::new(request, *taken, secret.as_deref(), times))
            .collect();
        let answer = answer(style, &pasted, &verdicts);
        let Some(failure) = verdicts.iter().find_map(unchecked) else { return Ok(answer) };
        answer.print()?;
        Err(failure)
    }

    fn add_body(&self, pasted: &mut Pasted) -> Result<(), Failure> {
        let Some(path) = &self.body_file else { return Ok(()) };
        let [request] = &mut pasted.requests[..] else {
            return Err(Failure::usage("--body-file needs a text with one request"));
        };
        request.set_body(read_at_most(path, apisig_request::PASTED_MAX)?);
        Ok(())
    }

    fn taken<'a>(&self, requests: &'a [Request]) -> Result<Vec<(&'a Request, Taken)>, Failure> {
        let wanted = self.vendor.as_ref().and_then(|name| kinds().find(|kind| kind.name == name));
        let taken = apisig_request::taken(requests, wanted);
        if taken.is_empty() {
            return Err(Failure::usage(
                "it is not a request of any vendor by its form: pass --vendor, or paste all of it",
            ));
        }
        Ok(taken)
    }
}

/// Why a request could not be checked.
fn unchecked(verdict: &Verdict) -> Option<Failure> {
    match &verdict.finding {
        Finding::Missing(parts) => Some(Failure::usage(format!("not checked: {} missing", listed(parts)))),
        Finding::WithoutSecret(_) => Some(Failure::usage(
            "no secret: pass --secret-file, or set APISIG_SECRET or the variable of --secret-env",
        )),
        Finding::Checked { report, .. } => match report.diagnosis {
            Err(error) if error.is_callers() => Some(error.into()),
            _ => None,
        },
        Finding::Twice(_) => None,
    }
}

fn answer(style: Style, pasted: &Pasted, verdicts: &[Verdict]) -> Answer {
    let is_valid = verdicts.iter().all(|verdict| verdict.finding.is_valid() == Some(true));
    let is_wrong = verdicts.iter().any(|verdict| verdict.finding.is_valid() == Some(false));
    let others = pasted.requests.len() - verdicts.len();
    let texts: Vec<String> = verdicts.iter().map(|verdict| words(&pasted.form, verdict)).collect();
    let more = if others == 0 { String::new() } else { format!("\nrequests of no vendor: {others}\n") };
    let json = json!({
        "form": pasted.form,
        "valid": if is_valid || is_wrong { json!(is_valid) } else { Value::Null },
        "requests": verdicts.iter().map(object).collect::<Vec<_>>(),
        "others": others,
    });
    style.answer(is_valid, texts.join("\n") + &more, json)
}

/// A request in words: what it was taken for, and what was found.
fn words(form: &str, verdict: &Verdict) -> String {
    let Taken { kind, .. } = verdict.taken;
    let why = verdict.taken.why();
    format!("read as: {form}\ntaken for: {} ({}), since {why}\n{}", kind.title, kind.name, found(verdict))
}

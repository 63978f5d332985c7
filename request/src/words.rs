//! A verdict in words, and as JSON: the same for the command and for a page.
use crate::verdict::{Change, Finding, Verdict, string};
use apisig_core::Error;
use apisig_diagnosis::Report;
use serde_json::{Map, Value, json};

/// The verdict, what to change, the string to sign.
pub fn found(verdict: &Verdict) -> String {
    let mut text = String::new();
    for line in said(&verdict.finding) {
        text += &format!("{line}\n");
    }
    if let Some(report) = report(&verdict.finding) {
        text.extend(report.hints().map(|hint| format!("hint: {}\n", string(hint))));
    }
    if let Finding::Checked { changes, explanation, .. } = &verdict.finding {
        text.extend(changes.iter().map(|Change { name, right }| format!("change {name} to: {right}\n")));
        let signed = explanation.lines().filter(|line| line.starts_with("string to sign: "));
        text.extend(signed.map(|line| format!("{line}\n")));
    }
    text.extend(verdict.notes.iter().map(|note| format!("note: {note}\n")));
    text
}

fn report(finding: &Finding) -> Option<&Report> {
    match finding {
        Finding::Checked { report, .. } | Finding::WithoutSecret(report) => Some(report),
        _ => None,
    }
}

/// What is wrong, a sentence a line.
fn said(finding: &Finding) -> Vec<String> {
    match finding {
        Finding::Missing(parts) => vec![format!("Not checked: {} missing.", listed(parts))],
        Finding::Twice(name) => vec![format!("{name} is repeated. Send it once.")],
        Finding::WithoutSecret(_) => vec!["Not checked: the secret is missing.".into()],
        Finding::Checked { report, .. } => match report.diagnosis {
            Err(error) => vec![error.text().to_string_lossy().into_owned()],
            Ok([None, _]) => vec!["Nothing is wrong.".into()],
            Ok(mistakes) => {
                mistakes.iter().flatten().map(|it| it.text().to_string_lossy().into_owned()).collect()
            }
        },
    }
}

/// The same for a script; the names of `diagnose`, and more.
pub fn object(verdict: &Verdict) -> Value {
    let report = report(&verdict.finding);
    let status = match (&verdict.finding, report.map(|report| report.diagnosis)) {
        (Finding::Twice(_), _) => Some(Error::Malformed),
        (_, found) => found.and_then(Result::err),
    };
    let mistakes: Vec<_> = report
        .iter()
        .flat_map(|report| report.diagnosis)
        .flatten()
        .flatten()
        .map(|it| name(it.name()))
        .collect();
    let (changes, explanation) = match &verdict.finding {
        Finding::Checked { changes, explanation, .. } => (&changes[..], explanation.as_str()),
        _ => (&[][..], ""),
    };
    let missing = if let Finding::Missing(parts) = &verdict.finding { &parts[..] } else { &[] };
    json!({
        "vendor": verdict.taken.kind.name,
        "title": verdict.taken.kind.title,
        "why": verdict.taken.why(),
        "valid": verdict.finding.is_valid(),
        "status": status.map(|error| name(error.name())),
        "mistake": mistakes.first(),
        "mistakes": mistakes,
        "hints": report.iter().flat_map(|report| report.hints().map(string)).collect::<Vec<_>>(),
        "text": said(&verdict.finding).join("\n"),
        "missing": missing,
        "change": changes.iter().map(|it| (it.name.to_owned(), json!(it.right))).collect::<Map<_, _>>(),
        "explanation": explanation.lines().collect::<Vec<_>>(),
        "notes": verdict.notes,
    })
}

/// Parts, and whether it is one or several.
pub fn listed(parts: &[&str]) -> String {
    format!("{} {}", parts.join(", "), if parts.len() == 1 { "is" } else { "are" })
}

/// The name of a status or mistake in UPPER_CASE, as in C and Python.
pub fn name(camel: &str) -> String {
    let mut name = String::new();
    for (number, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() && number > 0 {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

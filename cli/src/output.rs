//! The output of the command: text for a person, JSON for a script.
use crate::vendor::{Noted, Signed, string};
use apisig_core::Error;
use apisig_diagnosis::Report;
use apisig_request::name;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::Path;

/// Why a command failed: wrong use, or it cannot write.
pub struct Failure(String);

impl Failure {
    pub fn usage(message: impl Into<String>) -> Self {
        Failure(message.into())
    }

    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Failure(format!("{}: {error}", path.display()))
    }

    /// Prints the message on standard error.
    pub fn report(&self) {
        let _ = writeln!(std::io::stderr(), "apisig: {}", self.0);
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error.text().to_string_lossy().into_owned())
    }
}

/// The text to print, and whether the input is valid.
pub struct Answer {
    pub is_valid: bool,
    pub text: String,
}

impl Answer {
    /// Prints it. The standard library's macros panic if the pipe is closed or the disk is full, and the core file would
    /// contain the secret.
    pub fn print(&self) -> Result<bool, Failure> {
        let mut stdout = std::io::stdout();
        let written = stdout.write_all(self.text.as_bytes()).and_then(|()| stdout.flush());
        written.map_err(|error| Failure::file(Path::new("standard output"), &error))?;
        Ok(self.is_valid)
    }
}

/// For a person or for a script.
#[derive(Clone, Copy)]
pub struct Style {
    pub json: bool,
}

impl Style {
    /// Lines for a person, or an object for a script.
    pub fn answer(self, is_valid: bool, text: String, json: Value) -> Answer {
        Answer { is_valid, text: if self.json { format!("{json}\n") } else { text } }
    }

    pub fn signed(self, signed: &Signed, curl: bool) -> Result<Answer, Failure> {
        if curl {
            let request = signed.request.as_ref().ok_or_else(|| {
                Failure::usage(
                    "--curl needs a request. Give what is sent, such as --base: see `apisig sign --help`",
                )
            })?;
            return Ok(Answer { is_valid: true, text: request.curl()? + "\n" });
        }
        let text = match &signed.values[..] {
            [(_, value)] => format!("{value}\n"),
            values => values.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
        };
        let values = signed.values.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        Ok(self.answer(true, text, Value::Object(values.collect::<Map<_, _>>())))
    }

    pub fn verified(self, checked: Noted<Result<(), Error>>) -> Result<Answer, Failure> {
        let reason = match checked.answer {
            Ok(()) => None,
            // The input never causes this status: it is wrong use.
            Err(error) if error.is_callers() => return Err(error.into()),
            Err(error) => Some(error),
        };
        let text = reason.map(|error| error.text().to_string_lossy());
        let status = reason.map(|error| name(&format!("{error:?}")));
        let json = json!({"valid": reason.is_none(), "status": status, "text": text, "notes": checked.notes});
        let text = with_notes(format!("{}\n", text.as_deref().unwrap_or("Valid.")), &checked.notes);
        Ok(self.answer(reason.is_none(), text, json))
    }

    pub fn explained(self, explained: Noted<String>) -> Answer {
        let Noted { answer, notes } = explained;
        let json = json!({"explanation": answer.lines().collect::<Vec<_>>(), "notes": notes});
        self.answer(true, with_notes(answer, &notes), json)
    }

    pub fn diagnosed(self, diagnosis: Noted<Report>) -> Result<Answer, Failure> {
        let Noted { answer: report, notes } = diagnosis;
        if let Err(error) = report.diagnosis
            && error.is_callers()
            && report.hints().next().is_none()
        {
            return Err(error.into());
        }
        let status = report.diagnosis.err();
        let mistakes: Vec<_> = report.diagnosis.iter().flatten().flatten().collect();
        let hints: Vec<_> = report.hints().map(string).collect();
        let texts: Vec<_> = match status {
            Some(error) => vec![error.text().to_string_lossy()],
            None if mistakes.is_empty() => vec!["Nothing is wrong.".into()],
            None => mistakes.iter().map(|mistake| mistake.text().to_string_lossy()).collect(),
        };
        let names: Vec<_> = mistakes.iter().map(|mistake| name(mistake.name())).collect();
        let is_valid = status.is_none() && mistakes.is_empty();
        let json = json!({
            "valid": is_valid,
            "status": status.map(|error| name(error.name())),
            "mistake": names.first(),
            "mistakes": names,
            "hints": hints,
            "text": texts.join("\n"),
            "notes": notes,
        });
        let hints = hints.iter().map(|hint| format!("hint: {hint}\n")).collect::<String>();
        let text = format!("{}\n{hints}", texts.join("\n"));
        Ok(self.answer(is_valid, with_notes(text, &notes), json))
    }
}

fn with_notes(text: String, notes: &[&str]) -> String {
    notes.iter().fold(text, |text, note| text + "note: " + note + "\n")
}

//! Every sample of tests/vectors/pasted.txt gets its verdict.
#![forbid(unsafe_code)]

use apisig_core::{Error, Time};
use apisig_request::{Finding, Pasted, Times, Verdict, kinds, read, taken};

const SAMPLES: &str = include_str!("../../tests/vectors/pasted.txt");

struct Sample {
    name: &'static str,
    facts: Vec<(&'static str, &'static str)>,
    pasted: &'static str,
}

impl Sample {
    fn all(&self, name: &str) -> Vec<&'static str> {
        self.facts.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value).collect()
    }
}

fn samples() -> Vec<Sample> {
    let parts = SAMPLES.split("\n=== ").skip(1);
    let sample = |part: &'static str| {
        let (head, pasted) = part.split_once("\n\n").unwrap();
        let (name, facts) = head.split_once('\n').unwrap();
        Sample { name, facts: facts.lines().filter_map(|fact| fact.split_once(": ")).collect(), pasted }
    };
    parts.map(sample).collect()
}

/// `NotYetValid` as `NOT_YET_VALID`.
fn upper(camel: &str) -> String {
    let word = |letter: char| {
        if letter.is_ascii_uppercase() { format!("_{letter}") } else { letter.to_ascii_uppercase().into() }
    };
    camel.chars().map(word).collect::<String>().trim_start_matches('_').to_owned()
}

fn in_words(verdict: &Verdict) -> String {
    let kind = verdict.taken.kind.name;
    let (word, names) = match &verdict.finding {
        Finding::Missing(parts) => ("missing", parts.join(" ")),
        Finding::Twice(_) => ("wrong", upper(Error::Malformed.name())),
        Finding::WithoutSecret(_) => ("without secret", String::new()),
        Finding::Checked { report, .. } => match report.diagnosis {
            Ok([None, _]) => ("right", String::new()),
            Ok(mistakes) => {
                ("wrong", mistakes.iter().flatten().map(|it| upper(it.name())).collect::<Vec<_>>().join(" "))
            }
            Err(error) => ("wrong", upper(error.name())),
        },
    };
    format!("{kind} {word} {names}").trim_end().to_owned()
}

fn verdicts(sample: &Sample, pasted: &[u8], secret: Option<&[u8]>) -> Option<(Pasted, Vec<Verdict>)> {
    let times = Times { at: None, clock: Time::new(1_800_000_000).unwrap() };
    let pasted = read(pasted).ok()?;
    let wanted = sample.all("vendor").first().map(|name| kinds().find(|kind| kind.name == *name).unwrap());
    let taken = taken(&pasted.requests, wanted).into_iter();
    let verdicts: Vec<_> =
        taken.map(|(request, taken)| Verdict::new(request, taken, secret, times)).collect();
    (!verdicts.is_empty()).then_some((pasted, verdicts))
}

#[test]
fn every_sample_gets_its_verdict() {
    let mut wrong = 0;
    for sample in samples() {
        let secret = sample.all("secret")[0].as_bytes();
        let (form, found) = match verdicts(&sample, sample.pasted.as_bytes(), Some(secret)) {
            Some((pasted, verdicts)) => {
                (vec![pasted.form], verdicts.iter().map(in_words).collect::<Vec<_>>())
            }
            None => (Vec::new(), vec!["unreadable".to_owned()]),
        };
        let is_form_right = form == sample.all("form");
        if found != sample.all("verdict") || !is_form_right {
            println!("{}: {form:?} {found:?}", sample.name);
            wrong += 1;
        }
    }
    assert_eq!(wrong, 0);
}

/// Nor does the byte order mark, or UTF-16, as Windows saves it.
#[test]
fn line_ends_of_windows_change_no_verdict() {
    let words = |sample: &Sample, pasted: &[u8]| {
        let secret = sample.all("secret")[0].as_bytes();
        verdicts(sample, pasted, Some(secret)).map(|(_, all)| all.iter().map(in_words).collect::<Vec<_>>())
    };
    for sample in samples() {
        let lines = sample.pasted.replace('\n', "\r\n");
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| {
            format!("\u{feff}{lines}").encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
        };
        let expected = words(&sample, sample.pasted.as_bytes());
        let with_mark = format!("\u{feff}{lines}").into_bytes();
        for pasted in
            [lines.clone().into_bytes(), with_mark, utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes)]
        {
            assert_eq!(words(&sample, &pasted), expected, "{}", sample.name);
        }
    }
}

#[test]
fn there_are_samples_of_every_kind_right_and_wrong() {
    assert!(samples().len() >= 60);
    for kind in kinds() {
        for word in ["right", "wrong"] {
            let verdict = format!("{} {word}", kind.name);
            let is_such = |sample: &Sample| sample.all("verdict").iter().any(|it| it.starts_with(&verdict));
            assert!(samples().iter().any(is_such), "{verdict}");
        }
    }
}

/// Nothing is right without the secret, or with another one.
#[test]
fn no_sample_is_right_without_its_secret() {
    for sample in samples() {
        for secret in [None, Some(&b"none of these"[..])] {
            for verdict in
                verdicts(&sample, sample.pasted.as_bytes(), secret).iter().flat_map(|(_, verdicts)| verdicts)
            {
                assert_ne!(verdict.finding.is_valid(), Some(true), "{}", sample.name);
            }
        }
    }
}

/// What a person sees has the secret nowhere. Those that are words of the samples' own are passed over.
#[test]
fn no_verdict_shows_the_secret() {
    let mut looked = 0;
    for sample in samples() {
        let secret = sample.all("secret")[0];
        if sample.pasted.contains(secret) || secret == "secret" {
            continue;
        }
        for verdict in verdicts(&sample, sample.pasted.as_bytes(), Some(secret.as_bytes()))
            .iter()
            .flat_map(|(_, verdicts)| verdicts)
        {
            if let Finding::Checked { changes, explanation, .. } = &verdict.finding {
                assert!(
                    !format!("{changes:?}{explanation}{:?}", verdict.notes).contains(secret),
                    "{}",
                    sample.name
                );
                looked += 1;
            }
        }
    }
    assert!(looked > 30, "{looked}");
}

/// A sample that is cut off anywhere is another one, and never a right one of another kind, and nothing
/// panics.
#[test]
fn cut_off_anywhere_nothing_panics() {
    for sample in samples() {
        let secret = sample.all("secret")[0].as_bytes();
        for end in (0..sample.pasted.len()).step_by(3).filter(|end| sample.pasted.is_char_boundary(*end)) {
            let secret = (end % 16 == 0).then_some(secret);
            let _ = verdicts(&sample, &sample.pasted.as_bytes()[..end], secret);
        }
    }
}

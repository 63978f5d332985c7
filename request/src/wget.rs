//! wget commands: what their options are for curl.
use crate::{Form, Unreadable, curl};

pub(crate) const FORM: Form = Form {
    name: "a wget command",
    is_it: |text| curl::is_command(text, NAMES),
    read: |text| curl::requests(text, NAMES, as_curl),
};

/// What the program is called.
pub const NAMES: &[&str] = &["wget", "wget.exe"];

/// Options that mean something here, and what they are for curl, whose value has this in front.
const OPTIONS: &[(&[u8], &str, &str)] = &[
    (b"--method", "--request", ""),
    (b"--header", "--header", ""),
    (b"--body-data", "--data-raw", ""),
    (b"--post-data", "--data-raw", ""),
    (b"--body-file", "--data-binary", "@"),
    (b"--post-file", "--data-binary", "@"),
];

/// Short options of which the next word is the value.
const SHORT: &[&[u8]] = &[b"-O", b"-o", b"-a", b"-t", b"-T", b"-w", b"-P", b"-U", b"-e", b"-i", b"-Q"];

fn as_curl(words: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Unreadable> {
    let (mut options, mut words) = (Vec::new(), words.iter());
    while let Some(word) = words.next() {
        let at = word.iter().position(|byte| *byte == b'=').unwrap_or(word.len());
        let (name, value) = word.split_at_checked(at).unwrap_or_default();
        let known = OPTIONS.iter().find(|(known, ..)| *known == name);
        match (known, word.first()) {
            (Some((_, option, mark)), _) => {
                let value = value.get(1..).or_else(|| words.next().map(Vec::as_slice));
                options.extend([
                    option.as_bytes().to_vec(),
                    [mark.as_bytes(), value.unwrap_or_default()].concat(),
                ]);
            }
            (None, Some(b'-')) if SHORT.contains(&&word[..]) => drop(words.next()),
            (None, Some(b'-')) => (),
            (None, _) => options.extend([b"--url".to_vec(), word.clone()]),
        }
    }
    Ok(options)
}

//! An example for each subcommand, in its help and on its manual page. tests/cli.sh runs them all.
use clap::Command;

/// The command with its examples.
pub fn with_examples(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (path, example)| {
        let mut path = path.split(' ');
        at(command, &mut path, &format!("Example:\n  {}", example.replace('\n', "\n  ")))
    })
}

fn at<'a>(command: Command, path: &mut impl Iterator<Item = &'a str>, text: &str) -> Command {
    match path.next() {
        Some(name) => command.mut_subcommand(name, |subcommand| at(subcommand, path, text)),
        None => command.after_help(text.to_owned()),
    }
}

/// Those that present a signature take the ones of the vendors' pages, which other secrets made.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "sign kommo",
        "apisig sign kommo --secret-file secret.txt --body-file body.json --curl \\\n    \
         --url https://amojo.kommo.com/v2/origin/custom/1/connect",
    ),
    ("sign imbachat", "apisig sign imbachat --secret-file secret.txt --user-id 42 --ttl 3600"),
    ("sign retailcrm", "apisig sign retailcrm --secret-file secret.txt --api-key api_key"),
    (
        "sign kayako",
        "apisig sign kayako --secret-file secret.txt --api-key key --curl \\\n    \
         --base https://help.example.com --route /Base/User/1",
    ),
    (
        "sign mor",
        "apisig sign mor --secret-file secret.txt --method user_balance_get \\\n    \
         --form username=admin --base https://mor.example.com --curl",
    ),
    (
        "verify kommo",
        "apisig verify kommo --secret-file secret.txt --body-file body.json \\\n    \
         --url /v2/origin/custom/1/connect \\\n    \
         -H 'Content-Type: application/json' \\\n    \
         -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' \\\n    \
         -H 'Date: Wed, 23 Nov 2022 19:25:21 +0000' \\\n    \
         -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c'",
    ),
    (
        "verify imbachat",
        "apisig verify imbachat --secret-file secret.txt \\\n    \
         --now '[23/Nov/2022:19:25:21 +0000]' \\\n    \
         --token eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ),
    (
        "verify retailcrm",
        "apisig verify retailcrm --secret-file secret.txt --api-key api_key \\\n    \
         --token 016ab397889c59a1f61a07d69857880a0d867aa1b0edb1014971757cf7a25bb1",
    ),
    (
        "verify kayako",
        "apisig verify kayako --secret-file secret.txt --query \\\n    \
         'salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D'",
    ),
    (
        "verify mor",
        "apisig verify mor --secret-file secret.txt --method user_balance_get \\\n    \
         --form username=admin --hash 379fc926ac3fb433b979914a17825811d2b5f816",
    ),
    (
        "explain kommo",
        "apisig explain kommo --secret-file secret.txt --body-file body.json \\\n    \
         --url /v2/origin/custom/1/connect --now 2022-11-23T19:25:21Z",
    ),
    (
        "explain imbachat",
        "apisig explain imbachat --secret-file secret.txt \\\n    \
         --token eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ),
    ("explain retailcrm", "apisig explain retailcrm --secret-file secret.txt --api-key api_key"),
    ("explain kayako", "apisig explain kayako --secret-file secret.txt --salt 1234567890"),
    (
        "explain mor",
        "apisig explain mor --secret-file secret.txt --method user_balance_get \\\n    \
         --form username=admin",
    ),
    (
        "diagnose kommo",
        "apisig diagnose kommo --secret-file secret.txt --body-file body.json \\\n    \
         --url /v2/origin/custom/1/connect \\\n    \
         -H 'Content-Type: application/json' \\\n    \
         -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' \\\n    \
         -H 'Date: Wed, 23 Nov 2022 19:25:21 +0000' \\\n    \
         -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c'",
    ),
    (
        "diagnose imbachat",
        "apisig diagnose imbachat --secret-file secret.txt \\\n    \
         --token eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    ),
    (
        "diagnose retailcrm",
        "apisig diagnose retailcrm --secret-file secret.txt --api-key api_key \\\n    \
         --token a6323d39441a8431100c237db614d47d801d68ed64d18902b76ef1bd8995fd82",
    ),
    (
        "diagnose kayako",
        "apisig diagnose kayako --secret-file secret.txt --salt 1234567890 \\\n    \
         --signature VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D",
    ),
    (
        "diagnose mor",
        "apisig diagnose mor --secret-file secret.txt --method user_calls_get \\\n    \
         --form 'calltype=answered&hash=f24d93179e3ad322dffda65d43070d002a04b111'",
    ),
    (
        "mor hash",
        "apisig mor hash --secret-file secret.txt \\\n    \
         '/billing/api/user_balance_get?username=admin'",
    ),
    ("diff", "apisig diff ours.txt theirs.txt"),
    ("man", "apisig man share/man/man1"),
    ("completions", "apisig completions bash >apisig.bash"),
];

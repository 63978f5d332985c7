//! An example for each subcommand, in its help and on its manual page. tests/packages/cli.sh runs them all.
use clap::Command;

/// The command with its examples.
pub fn with_examples(command: Command, vendors: &[(&str, [(&str, &str); 4])]) -> Command {
    let of_vendors = vendors.iter().flat_map(|(vendor, examples)| {
        examples.iter().map(move |(verb, example)| (format!("{verb} {}", vendor.replace('_', "-")), *example))
    });
    let others = OTHERS.iter().map(|(path, example)| (path.to_string(), *example));
    of_vendors.chain(others).fold(command, |command, (path, example)| {
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

const OTHERS: &[(&str, &str)] = &[
    (
        "mor hash",
        "apisig mor hash --secret-file secret.txt \\\n    \
         '/billing/api/user_balance_get?username=admin'",
    ),
    ("read", "apisig read --secret-file secret.txt pasted.txt"),
    ("serve", "apisig serve --secret kommo=secret.txt"),
    ("trigger", "apisig trigger kommo message --secret-file secret.txt --to http://127.0.0.1:8000/webhook"),
    ("diff", "apisig diff ours.txt theirs.txt"),
    ("man", "apisig man share/man/man1"),
    ("completions", "apisig completions bash >apisig.bash"),
];

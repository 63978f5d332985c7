//! The apisig command: signs, checks, explains and diagnoses from a shell. Exit status: 0 valid, 1 not valid, 2 wrong use.
#![deny(clippy::print_stdout, clippy::print_stderr)]

/// Every vendor: its module in serve/; and for each of its subcommands the module, the variant, the arguments and the help.
macro_rules! for_each_vendor {
    ($list:ident) => {
        $list! {
            kommo: kommo Kommo Request "Kommo (amoCRM) Chat API: a request, by its headers",
                kommo_webhook KommoWebhook Webhook "Kommo: a webhook of a chat channel, by its body";
            imbachat: imbachat Imbachat Token "ImbaChat: a user's token",
                imbachat_login ImbachatLogin Header "ImbaChat: the login of its requests; the secret is login:password";
            retailcrm: retailcrm Retailcrm Token "RetailCRM (Simla): the token of an API key",
                retailcrm_register RetailcrmRegister Form "RetailCRM (Simla): a whole register request";
            kayako: kayako Kayako Salt "Kayako: the signature of a salt";
            mor: mor Mor Request "Kolmisoft MOR: the hash of a request, which covers no method";
        }
    };
}

mod curl;
mod diff;
mod examples;
mod moment;
mod output;
mod read;
mod secret;
mod serve;
mod trigger;
mod vendor;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use output::{Answer, Failure, Style};
use secret::Secret;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vendor::Vendor;

#[derive(Parser)]
#[command(name = "apisig", version, about, max_term_width = 80, arg_required_else_help = true)]
struct Cli {
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign a request, a token or a salt
    Sign {
        /// Print a curl command that sends the signed request
        #[arg(long, global = true, conflicts_with = "json")]
        curl: bool,
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// Verify a signature, a token or a hash
    Verify {
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// Show every step from the inputs to the signature
    Explain {
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// Find the mistake that makes a wrong signature
    Diagnose {
        #[command(subcommand)]
        vendor: Vendors,
    },
    Read(read::Read),
    /// Show the hash of a MOR request by its URL
    Mor {
        #[command(subcommand)]
        command: mor::Command,
    },
    Serve(serve::Serve),
    /// Send what a vendor sends to your integration, and judge its answer
    Trigger(trigger::Trigger),
    /// Compare two strings to sign, side by side
    Diff(diff::Diff),
    /// Write the manual pages, one for each subcommand
    Man {
        /// Folder for the pages, such as share/man/man1
        dir: PathBuf,
    },
    /// Print completions for a shell
    Completions {
        shell: clap_complete::Shell,
    },
}

/// The vendors of `apisig sign`, `verify`, `explain` and `diagnose`.
macro_rules! commands {
    ($($vendor:ident: $($module:ident $name:ident $arguments:ident $about:literal),+;)*) => {
        $($(mod $module;)+)*

        #[derive(Subcommand)]
        enum Vendors {
            $($(#[doc = $about] $name(With<$module::$arguments>),)+)*
        }

        impl Vendors {
            fn parts(self) -> (Secret, Box<dyn Vendor>) {
                match self {
                    $($(Vendors::$name(With { secret, vendor }) => (secret, Box::new(vendor)),)+)*
                }
            }
        }

        const EXAMPLES: &[(&str, [(&str, &str); 4])] = &[$($((stringify!($module), $module::EXAMPLES)),+),*];
    };
}
for_each_vendor!(commands);

#[derive(clap::Args)]
struct With<V: clap::Args> {
    #[command(flatten)]
    secret: Secret,
    #[command(flatten)]
    vendor: V,
}

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(asked) => return explain_use(&asked),
    };
    let is_valid = Cli::from_arg_matches(&matches)
        .map_err(|error| Failure::usage(error.to_string()))
        .and_then(|cli| run(cli.command, Style { json: cli.json })?.print());
    match is_valid {
        Ok(is_valid) => ExitCode::from(u8::from(!is_valid)),
        Err(failure) => {
            failure.report();
            ExitCode::from(2)
        }
    }
}

fn command() -> clap::Command {
    examples::with_examples(Cli::command(), EXAMPLES)
}

/// Prints the help or the error of the command line, as clap does; 2 also if that fails.
fn explain_use(asked: &clap::Error) -> ExitCode {
    let is_printed = asked.print().and_then(|()| std::io::stdout().flush()).is_ok();
    let code = u8::try_from(asked.exit_code()).unwrap_or(2);
    ExitCode::from(if is_printed { code } else { 2 })
}

/// The answer of a command.
fn run(command: Command, style: Style) -> Result<Answer, Failure> {
    match command {
        Command::Sign { curl, vendor } => {
            let (secret, vendor) = vendor.parts();
            style.signed(&vendor.sign(&secret.read()?)?, curl)
        }
        Command::Verify { vendor } => {
            let (secret, vendor) = vendor.parts();
            style.verified(vendor.verify(&secret.read()?)?)
        }
        Command::Explain { vendor } => {
            let (secret, vendor) = vendor.parts();
            Ok(style.explained(vendor.explain(&secret.read()?)?))
        }
        Command::Diagnose { vendor } => {
            let (secret, vendor) = vendor.parts();
            // Of a request that was published without its secret the form may show something.
            let by_form = if secret.is_given() { None } else { vendor.diagnose(b"").ok() };
            match by_form.filter(|noted| noted.answer.hints().next().is_some()) {
                Some(noted) => style.diagnosed(noted),
                None => style.diagnosed(vendor.diagnose(&secret.read()?)?),
            }
        }
        Command::Read(read) => read.run(style),
        Command::Mor { command } => command.run(style),
        Command::Serve(serve) => serve.run(),
        Command::Trigger(trigger) => trigger.run(style),
        Command::Diff(diff) => diff.run(style),
        Command::Man { dir } => man(&dir),
        Command::Completions { shell } => Ok(completions(shell)),
    }
}

/// Writes a page for the command and one for each subcommand.
fn man(dir: &Path) -> Result<Answer, Failure> {
    let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command(), dir));
    written.map_err(|error| Failure::file(dir, &error))?;
    Ok(Answer { is_valid: true, text: String::new() })
}

fn completions(shell: clap_complete::Shell) -> Answer {
    // Into memory: clap_complete panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "apisig", &mut script);
    Answer { is_valid: true, text: String::from_utf8_lossy(&script).into_owned() }
}

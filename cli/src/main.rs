//! The apisig command: signs, checks, explains and diagnoses from a shell. Exit status: 0 it holds, 1 it does not, 2 wrong
//! use.
mod imbachat;
mod kayako;
mod kommo;
mod mor;
mod output;
mod retailcrm;
mod secret;
mod vendor;

use clap::{CommandFactory, Parser, Subcommand};
use output::{Failure, Style};
use secret::Secret;
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
    /// Sign a request, a token, a salt
    Sign {
        /// Print a curl command that sends the signed request
        #[arg(long, global = true, conflicts_with = "json")]
        curl: bool,
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// Check what was presented
    Verify {
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// Show every step from the inputs to the signature
    Explain {
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// Name the mistake that makes a wrong signature
    Diagnose {
        #[command(subcommand)]
        vendor: Vendors,
    },
    /// What is Kolmisoft MOR's own
    Mor {
        #[command(subcommand)]
        command: mor::Command,
    },
    /// Compare two strings to sign, side by side
    Diff(output::Diff),
    /// Print the manual page
    Man,
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
}

/// One word a vendor: what `apisig sign`, `verify`, `explain` and `diagnose` take.
#[derive(Subcommand)]
enum Vendors {
    /// Kommo (amoCRM) Chat API: a request, by its headers
    Kommo(With<kommo::Request>),
    /// ImbaChat: a user's token
    Imbachat(With<imbachat::Token>),
    /// RetailCRM (Simla): the token of an API key
    Retailcrm(With<retailcrm::Token>),
    /// Kayako: the signature of a salt
    Kayako(With<kayako::Salt>),
    /// Kolmisoft MOR: the hash of a request
    Mor(With<mor::Request>),
}

#[derive(clap::Args)]
struct With<V: clap::Args> {
    #[command(flatten)]
    secret: Secret,
    #[command(flatten)]
    vendor: V,
}

impl Vendors {
    fn parts(self) -> (Secret, Box<dyn Vendor>) {
        match self {
            Vendors::Kommo(With { secret, vendor }) => (secret, Box::new(vendor)),
            Vendors::Imbachat(With { secret, vendor }) => (secret, Box::new(vendor)),
            Vendors::Retailcrm(With { secret, vendor }) => (secret, Box::new(vendor)),
            Vendors::Kayako(With { secret, vendor }) => (secret, Box::new(vendor)),
            Vendors::Mor(With { secret, vendor }) => (secret, Box::new(vendor)),
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let style = Style { json: cli.json };
    match run(cli.command, style) {
        Ok(holds) => ExitCode::from(u8::from(!holds)),
        Err(failure) => {
            style.fail(&failure);
            ExitCode::from(2)
        }
    }
}

/// Whether what was asked for holds.
fn run(command: Command, style: Style) -> Result<bool, Failure> {
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
            style.explained(&vendor.explain(&secret.read()?)?)
        }
        Command::Diagnose { vendor } => {
            let (secret, vendor) = vendor.parts();
            style.diagnosed(vendor.diagnose(&secret.read()?)?)
        }
        Command::Mor { command } => command.run(style),
        Command::Diff(diff) => diff.run(style),
        Command::Man => man(),
        Command::Completions { shell } => {
            // It panics where it cannot write: into memory it can.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "apisig", &mut script);
            written(&script)
        }
    }
}

/// One page for the command and all of its subcommands.
fn man() -> Result<bool, Failure> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands() {
        for vendor in sub.get_subcommands().filter(|vendor| vendor.get_name() != "help") {
            let man = clap_mangen::Man::new(vendor.clone());
            page.extend(
                format!(".SH \"APISIG {} {}\"\n", sub.get_name(), vendor.get_name()).to_uppercase().bytes(),
            );
            man.render_description_section(&mut page)?;
            man.render_options_section(&mut page)?;
        }
    }
    written(&page)
}

fn written(text: &[u8]) -> Result<bool, Failure> {
    std::io::Write::write_all(&mut std::io::stdout(), text)?;
    Ok(true)
}

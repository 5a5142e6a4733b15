//! The `admit` command line.
//!
//! One file for each command: its arguments and a function that ends in an [`Exit`]. Standard
//! output carries what programs read, standard error what people read.

#![forbid(unsafe_code)]

mod build;
mod cache;
mod check;
mod eval;
mod exit;
mod explain;
mod findings;
mod input;
mod inspect;
mod lint;
mod new;
mod output;
mod schema;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::Exit;

/// Answer Microsoft Entra entitlement-management callouts with WebAssembly policies.
#[derive(Parser)]
#[command(name = "admit", version, max_term_width = 100, after_help = exit::HELP)]
struct Admit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Eval(eval::Args),
    Check(check::Args),
    Inspect(inspect::Args),
    Lint(lint::Args),
    New(new::Args),
    Build(build::Args),
    Test(test::Args),
    Schema(schema::Args),
}

fn main() -> ExitCode {
    let exit = match Admit::parse().command {
        Command::Eval(args) => eval::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::New(args) => new::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Schema(args) => schema::run(&args),
    };
    exit.into()
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What ended a command early: what to say, and how to exit.
struct Failure(Exit, String);

impl From<admit::Error> for Failure {
    fn from(error: admit::Error) -> Self {
        let exit = if error.kind().is_callout() {
            Exit::BadCallout
        } else if matches!(
            error.kind(),
            admit::ErrorKind::Internal | admit::ErrorKind::FactRecord
        ) {
            Exit::Other
        } else {
            Exit::BadPolicy
        };
        let mut text = format!("[{}]: {error}", error.kind());
        for line in error.excerpt().unwrap_or_default().lines() {
            text.push_str("\n  ");
            text.push_str(line);
        }
        Self(exit, text)
    }
}

impl Failure {
    fn report(self) -> Exit {
        let Self(exit, text) = self;
        output::error(&text);
        exit
    }
}

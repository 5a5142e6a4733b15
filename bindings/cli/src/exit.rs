//! How the process ends.

use std::process::ExitCode;

/// How the process ends. 2 is the argument parser's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The body that continues was printed, or a command without a decision succeeded.
    Approve = 0,
    /// Anything that has no code of its own.
    Other = 1,
    /// The callout cannot be used, or is not one of the set's extension.
    BadCallout = 3,
    /// A policy or a set cannot be used.
    BadPolicy = 4,
    /// The document has errors, or a case is not as expected.
    Findings = 5,
    /// The body that denies was printed.
    Deny = 10,
    /// The body that cancels was printed.
    Cancel = 11,
    /// The body with an approval stage was printed.
    ApprovalStage = 12,
    /// No answer may be sent.
    Withheld = 13,
    /// The callout cannot be answered, or is not evaluated.
    NotAnswerable = 14,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

pub(crate) const HELP: &str = "\
Exit codes:
   0  approve: the body was printed (other commands: success)
  10  deny, 11 cancel, 12 approval stage: the body was printed
  13  withheld: no answer may be sent
  14  not answerable, or not evaluated
   5  lint: the document has errors; test: a case is not as expected
   2  usage, 3 bad callout or not the extension's, 4 bad policy or set,
   1  anything else";

//! Diagnostics for the policy's author, kept in the report: at most 100 lines and 64 KiB an
//! evaluation. Never part of the answer.

use crate::contract::log::{Level, write};

/// Writes a line of use while writing the policy.
pub fn debug(message: &str) {
    write(Level::Debug, message);
}

/// Writes a line worth knowing.
pub fn info(message: &str) {
    write(Level::Info, message);
}

/// Writes that something is odd.
pub fn warn(message: &str) {
    write(Level::Warn, message);
}

/// Writes that something is wrong.
pub fn error(message: &str) {
    write(Level::Error, message);
}

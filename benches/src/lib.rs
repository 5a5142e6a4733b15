//! What the benches are measured with and against: payloads, and the same decision as a native
//! Rust function.

mod native;
mod payloads;

pub use crate::{
    native::{Borrowed, Callout, decide, evaluate},
    payloads::{payloads, usual_payload},
};

/// The domains that the benched policy admits.
pub const ALLOWED: [&str; 5] = [
    "northwind.example",
    "woodgrove.example",
    "adatum.example",
    "fabrikam.example",
    "contoso.example",
];

/// Who answers.
pub const SOURCE: &str = "Contoso.Bench";

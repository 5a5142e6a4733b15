//! What the benches are measured with and against: payloads, and the same decision as a native
//! Rust function.

mod native;
mod payloads;

pub use crate::{
    native::{Callout, decide, evaluate},
    payloads::{payloads, usual_payload},
};

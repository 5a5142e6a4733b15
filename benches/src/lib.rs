//! The same decision as a native Rust function: what the benches are measured against.

mod native;

pub use crate::native::{Callout, decide, evaluate};

/// JSON without spaces, as the service sends it.
///
/// # Errors
///
/// The text is not JSON.
pub fn minified(json: &str) -> Result<String, serde_json::Error> {
    // Order and numbers do not matter for timing, members and sizes do.
    serde_json::from_str::<serde_json::Value>(json).map(|value| value.to_string())
}

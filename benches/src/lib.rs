//! The same decision as a native Rust function: what the benches are measured against.

mod native;

pub use crate::native::{Callout, decide, evaluate};

/// JSON without spaces, members in their order: as the service sends it.
pub fn minified(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for char in json.chars() {
        if in_string {
            in_string = char != '"' || escaped;
            escaped = char == '\\' && !escaped;
            out.push(char);
        } else if !char.is_ascii_whitespace() {
            in_string = char == '"';
            out.push(char);
        }
    }
    out
}

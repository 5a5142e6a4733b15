//! `evaluate`: a payload in, a body out.

use admit_benches::{ALLOWED, SOURCE};
use extism_pdk::{FnResult, plugin_fn};

#[plugin_fn]
pub fn evaluate(payload: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(admit_benches::evaluate(&payload, &ALLOWED, SOURCE)?)
}

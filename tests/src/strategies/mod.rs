//! Arbitrary valid values, for property tests of any crate.

mod callout;
mod extension;
mod outcome;
mod resume;
mod value;

pub use self::{
    callout::{Shape, callout_data, payload},
    extension::extension,
    outcome::{approval_stage, combining, outcome, outcomes},
    resume::resume_body,
    value::{instant, json, text},
};

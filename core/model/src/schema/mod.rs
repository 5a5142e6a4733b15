//! JSON schemas (2020-12) of what is read and sent, made of the declared types of [`crate::graph`].
//!
//! They say what JSON Schema can say; the readers and builders of this crate know more.

mod callout;
mod extension;
mod object;
mod resume;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::PolicyId;

/// A GUID in Graph's spelling, in any case.
const GUID: &str = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
/// `Edm.Duration`, not negative.
const DURATION: &str =
    r"^P(?=[0-9]|T[0-9])([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$";
/// Text that is not blank.
const NOT_BLANK: &str = r"\S";

impl JsonSchema for PolicyId {
    fn schema_name() -> Cow<'static, str> {
        "PolicyId".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9-]{1,64}$" })
    }
}

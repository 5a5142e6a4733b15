//! Microsoft Graph's types that callouts, answers and extensions are made of.
//!
//! Named as in Graph, in Rust's case. Read from any form (names in any case, v1.0's or beta's or
//! the service's spelling) and written in the [`Form`] that is asked for. Members that the
//! published types do not have are kept in `other`.
//!
//! ```
//! use admit_model::graph::{AccessPackageSubject, AccessPackageSubjectType, Form};
//!
//! let subject = AccessPackageSubject::from_json(r#"{ "Email": "noor@contoso.example", "Type": "User" }"#)?;
//! assert_eq!(subject.subject_type, Some(AccessPackageSubjectType::User));
//! assert_eq!(
//!     subject.to_json(Form::V1),
//!     r#"{"email":"noor@contoso.example","subjectType":"user"}"#,
//! );
//! # Ok::<(), admit_model::Error>(())
//! ```

mod answer;
mod callback;
mod callout_data;
mod codec;
mod credential;
mod declare;
mod enums;
mod extension;
mod instance;
mod json;
mod object;
mod package;
mod subject;
#[cfg(test)]
mod tests;

pub(crate) use self::codec::TextRank;
#[cfg(feature = "schema")]
pub(crate) use self::object::Types;
pub(crate) use self::object::{
    Member, Object, ObjectType, Spelled, Type, document, names, node, plain_type_name, read,
};
pub use self::{
    answer::*,
    callback::*,
    callout_data::*,
    credential::*,
    enums::*,
    extension::*,
    instance::*,
    json::{Json, Number},
    object::{Form, OtherObject},
    package::*,
    subject::*,
};

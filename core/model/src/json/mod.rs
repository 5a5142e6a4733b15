//! Reading JSON text, once and strictly.
//!
//! [`scan`] knows JSON's grammar; [`strict`] adds what every document here is held to: bounds, no
//! member twice, the place of what is wrong; [`tree`] keeps a whole document, for the lint. Own
//! code rather than serde_json's, since reading is most of an evaluation and what is read goes
//! against a table of members: see DESIGN.md. Tests and fuzzing hold it against serde_json, which
//! stays in use everywhere else.

mod failure;
mod names;
mod scan;
mod strict;
mod tree;
mod write;

pub(crate) use self::{
    failure::{Failure, Problem, Result},
    names::{Found, NO_NAMES, Names, camel, key_is},
    scan::{Quoted, Token},
    strict::{Key, MAX_BYTES, MAX_DEPTH, MAX_MEMBERS, Reader},
    tree::Tree,
    write::{as_it_is, copy, list, scalar, separator, string},
};

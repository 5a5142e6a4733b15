//! Reading JSON text, once and strictly.
//!
//! [`scan`] knows JSON's grammar; [`strict`] adds what every document here is held to: bounds, no
//! member twice, the place of what is wrong; [`tree`] keeps whole documents for the lint. Own code rather than serde_json's, since reading is
//! most of an evaluation and what is read goes against a table of members: see DESIGN.md. Tests
//! and fuzzing hold it against serde_json, which stays in use everywhere else.

mod scan;
mod strict;
mod tree;

pub(crate) use self::{
    scan::{Quoted, Token, is_plain},
    strict::{
        Failure, Found, Key, MAX_BYTES, MAX_DEPTH, MAX_MEMBERS, NO_NAMES, Names, Problem, Reader,
        Result, camel, key_is,
    },
    tree::Tree,
};

//! The C library: the engine's public API, for C and whatever calls C.
//!
//! `include/admit.h` is made of this crate, comments and all, and says how the library is used. Every
//! exported function is one [`call!`](ffi::call) or one [`get!`](ffi::get); pointers become references
//! in [`ffi`] and nowhere else.

#![expect(unsafe_code, reason = "exported functions, and pointers in `ffi`")]
#![expect(unreachable_pub, reason = "public in C")]
#![expect(non_camel_case_types, reason = "names are C's")]

mod choice;
mod ffi;

// The header, in its order.

mod text;

mod version;

mod error;

mod limits;

mod engine;

mod policy;

mod facts;

mod set;

mod evaluate;

mod report;

mod findings;

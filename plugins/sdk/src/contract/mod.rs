//! The functions of the contract, by interface. In a component these are the host's; natively
//! they have the same names and types and read the fixture of the running test.

#[cfg(target_family = "wasm")]
#[allow(unsafe_code, missing_docs)]
pub mod bindings;
#[cfg(target_family = "wasm")]
pub(crate) use bindings::admit::policy::*;

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(not(target_family = "wasm"))]
pub(crate) use native::*;

//! The contract between `admit` and its policies.
//!
//! [`POLICY_WIT`] is the author's manual and the single source of the contract: WIT package
//! `admit:policy`. [`GETTERS`] says which of its functions read which part of the callout.
//! [`Metadata`] is what a policy says about itself, kept in a custom section of the component.

#![forbid(unsafe_code)]

mod getters;
mod metadata;

pub use crate::{
    getters::{GETTERS, Getter, Reads, interfaces},
    metadata::{METADATA_LIMIT, METADATA_SECTION, Metadata, MetadataError},
};

/// The text of the WIT package `admit:policy`.
pub const POLICY_WIT: &str = include_str!("../policy.wit");

/// Package name of the contract, without version.
pub const PACKAGE: &str = "admit:policy";

/// Version of the contract that this crate carries. Hosts of the 0.1 line run components built
/// for any 0.1.x up to this one.
pub const CONTRACT_VERSION: &str = "0.1.0";

/// The world that a policy implements.
pub const WORLD: &str = "policy";

#[cfg(test)]
mod tests;

//! Write `admit` policies in Rust.
//!
//! A policy is a type that implements [`Policy`]: it reads its settings once and then answers
//! callouts of Microsoft Entra entitlement management, each with one [`Verdict`].
//!
//! ```
//! use admit_policy::{Callout, Policy, Settings, Verdict, policy};
//!
//! struct MailNeeded;
//!
//! impl Policy for MailNeeded {
//!     fn configure(_settings: &Settings) -> Result<Self, String> {
//!         Ok(MailNeeded)
//!     }
//!
//!     fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
//!         Ok(match callout.target().email() {
//!             Some(_) => Verdict::approve("has-mail", ""),
//!             None => Verdict::deny("no-mail", "The account has no mail address."),
//!         })
//!     }
//! }
//!
//! policy!(MailNeeded);
//! ```
//!
//! `admit build` compiles the crate to a WebAssembly component. The same code compiles natively,
//! where it reads a fixture instead of the host: see `testing` for unit tests.
//!
//! A policy that returns an error or panics has not denied anything: that is a fault, which the
//! policy set's `on-fault` decides about and which is never an approval. Deny with
//! [`Verdict::deny`]. The contract that all of this stands on is `plugins/wit/policy.wit`.

mod answers;
mod approval;
#[cfg(all(target_family = "wasm", feature = "arena"))]
mod arena;
mod callout;
mod contract;
mod credentials;
mod decimal;
#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod export;
mod facts;
mod guid;
pub mod log;
mod names;
mod package;
mod settings;
mod subject;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
mod verdict;

pub use crate::{
    answers::{Answer, Answers},
    approval::{
        ApprovalStage, Approver, ApproverKind, attribute_rule_members, connected_organization,
        days, external_sponsors, group, hours, internal_sponsors, manager, minutes,
        service_principal, target_agent_identity_sponsors_or_owners, target_application_owners,
        target_manager, target_user_sponsors, user,
    },
    callout::Callout,
    credentials::{VerifiedCredential, VerifiedCredentials},
    facts::Fact,
    guid::guid,
    names::{RequestType, Stage, SubjectType},
    package::{AccessPackage, Assignment, Catalog, Schedule},
    settings::Settings,
    subject::Subject,
    verdict::{Effect, Reason, Verdict},
};

/// A policy: what its settings make of it, and what it answers.
pub trait Policy: Sized {
    /// Reads the settings, once, when the policy set is loaded. Nothing but `settings` and
    /// [`log`] can be read here.
    ///
    /// # Errors
    ///
    /// A text for the person who wrote the settings. The policy set is then refused.
    fn configure(settings: &Settings) -> Result<Self, String>;

    /// Answers one callout. Called once in a fresh instance: nothing that it changes survives.
    ///
    /// # Errors
    ///
    /// A text for the report: the policy could not evaluate. This is a fault, not a denial.
    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String>;
}

/// Makes a type that implements [`Policy`] the policy of this crate. Use it once.
#[cfg(not(target_family = "wasm"))]
#[macro_export]
macro_rules! policy {
    ($policy:ty) => {
        const _: fn() = || {
            fn is_policy<P: $crate::Policy>() {}
            is_policy::<$policy>();
        };
    };
}

/// Makes a type that implements [`Policy`] the policy of this crate. Use it once.
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! policy {
    ($policy:ty) => {
        const _: () = {
            static CONFIGURED: $crate::export::Configured<$policy> =
                $crate::export::Configured::new();

            struct Exports;

            impl $crate::export::bindings::Guest for Exports {
                fn configure() -> ::std::result::Result<(), ::std::string::String> {
                    CONFIGURED.configure()
                }

                fn evaluate() -> ::std::result::Result<(), ::std::string::String> {
                    CONFIGURED.evaluate()
                }
            }

            $crate::export::bindings::export_policy!(
                Exports with_types_in $crate::export::bindings
            );
        };
    };
}

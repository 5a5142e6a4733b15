//! What `policy!` expands to stands on this: not for use by hand.

#![expect(
    unsafe_code,
    reason = "the configured policy outlives the call that made it; every block says why it may"
)]

use std::cell::UnsafeCell;

pub use crate::contract::bindings;
use crate::{Callout, Policy, Settings};

/// The configured policy of a component.
pub struct Configured<P>(UnsafeCell<Option<P>>);

// SAFETY: a policy is built for wasm32-unknown-unknown and has one thread.
unsafe impl<P> Sync for Configured<P> {}

impl<P: Policy> Configured<P> {
    /// Not configured yet.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }

    /// The export `configure`.
    ///
    /// # Errors
    ///
    /// The policy's own.
    pub fn configure(&self) -> Result<(), String> {
        let policy = P::configure(&Settings::new())?;
        // SAFETY: the component model does not let an instance be entered while it is in a call,
        // so that no reference from `evaluate` is alive here.
        unsafe { *self.0.get() = Some(policy) };
        Ok(())
    }

    /// The export `evaluate`: evaluates and tells the host the verdict.
    ///
    /// # Errors
    ///
    /// The policy's own, or that `configure` was not called.
    pub fn evaluate(&self) -> Result<(), String> {
        // SAFETY: as in `configure`: nothing writes while this reference is alive.
        let Some(policy) = (unsafe { &*self.0.get() }) else {
            return Err(String::from("`evaluate` was called before `configure`"));
        };
        policy.evaluate(&Callout::new())?.tell();
        Ok(())
    }
}

impl<P: Policy> Default for Configured<P> {
    fn default() -> Self {
        Self::new()
    }
}

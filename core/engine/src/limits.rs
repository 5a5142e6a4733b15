//! What a policy may use.

use std::time::Duration;

use admit_model::{Error, ErrorKind};

/// Limits of an engine: what each evaluation of a policy may use, and how many run at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions, roughly, that one `evaluate` may execute; none turns metering off. The same
    /// inputs always use the same. Default 50,000,000.
    pub fuel: Option<u64>,
    /// Wall-clock time of one policy's evaluation, waiting for an instance included; the backstop
    /// behind fuel. It fires within some ticks of 1 ms, give or take the system's scheduling
    /// and the host function that is running.
    /// Default 250 ms: some four times what the default fuel lasts, so that fuel runs out first and
    /// the kind of fault does not depend on how busy the machine is.
    pub deadline: Duration,
    /// Linear memory of one instance, in bytes. Default 16 MiB.
    pub memory: u64,
    /// Stack of one instance, in bytes. Default 512 KiB. The thread that evaluates needs 256 KiB more:
    /// where it has less left, what it asks is a fault `capacity`.
    pub stack: usize,
    /// Instances that exist at once; sizes the engine's pool. Default 64.
    pub concurrency: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: Some(50_000_000),
            deadline: Duration::from_millis(250),
            memory: 16 * 1024 * 1024,
            stack: 512 * 1024,
            concurrency: 64,
        }
    }
}

impl Limits {
    /// These, widened to what an engine must keep for policies with limits of their own: fuel is
    /// metered where any of them wants it, and memory is the most that any may have.
    #[must_use]
    pub fn covering<'l>(self, policies: impl IntoIterator<Item = &'l PolicyLimits>) -> Self {
        policies.into_iter().fold(self, |engine, policy| Self {
            fuel: engine.fuel.or(policy.fuel),
            memory: engine.memory.max(policy.memory),
            ..engine
        })
    }
}

/// The limits that may differ from policy to policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLimits {
    /// See [`Limits::fuel`].
    pub fuel: Option<u64>,
    /// See [`Limits::deadline`].
    pub deadline: Duration,
    /// See [`Limits::memory`]; at most the engine's.
    pub memory: u64,
}

impl From<&Limits> for PolicyLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            fuel: limits.fuel,
            deadline: limits.deadline,
            memory: limits.memory,
        }
    }
}

impl PolicyLimits {
    /// What an engine with these limits cannot give a policy.
    pub(crate) fn problems(&self, engine: &Limits) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut wrong = |at: &str, detail: String| {
            problems.push(Error::new(ErrorKind::Set, detail).at(at));
        };
        if self.memory > engine.memory {
            let detail = format!(
                "memory of {} bytes is more than the engine's {}",
                self.memory, engine.memory
            );
            wrong("limits.memory", detail);
        }
        if self.fuel.is_some() && engine.fuel.is_none() {
            let detail =
                "a limit of fuel on an engine that does not meter it; make the engine with one";
            wrong("limits.fuel", detail.into());
        }
        problems
    }
}

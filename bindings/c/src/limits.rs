//! Limits, as C writes them.

use std::time::Duration;

use admit::{Error, ErrorKind, Limits, PolicyLimits};

use crate::ffi::Block;

/// For `fuel`: instructions are not counted. The deadline is then all that ends a policy, and what it
/// comes to depends on the machine.
pub const ADMIT_FUEL_OFF: u64 = u64::MAX;

/// What an evaluation may use: of an engine for every policy, or of one policy where it differs. 0 is
/// the default, or for a policy what the engine has.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_limits_t {
    /// `sizeof(admit_limits_t)`.
    pub size: usize,
    /// Instructions, roughly, that one evaluation of a policy may execute; the same inputs always use
    /// the same. Default 50,000,000.
    pub fuel: u64,
    /// Wall-clock time of one policy's evaluation, below a day, the backstop behind fuel; waiting for an
    /// instance and for facts counts. Default 250.
    pub deadline_ms: u64,
    /// Linear memory of one instance, in bytes; of one policy at most the engine's. Default 16 MiB.
    pub memory: u64,
    /// Stack of one instance, in bytes; of an engine only. Default 512 KiB.
    pub stack: u64,
    /// Instances that exist at once, from 1 to 1024; of an engine only. Default 64.
    pub concurrency: u64,
}

// SAFETY: the size comes first, and all members are numbers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_limits_t {}

impl admit_limits_t {
    /// Those of an engine.
    pub(crate) fn of_engine(&self) -> Result<Limits, Error> {
        let usual = Limits::default();
        let PolicyLimits {
            fuel,
            deadline,
            memory,
        } = self.over(&PolicyLimits::from(&usual))?;
        Ok(Limits {
            fuel,
            deadline,
            memory,
            // What is too large for the type is too large for the engine, which says so.
            stack: given(self.stack).map_or(usual.stack, |stack| {
                usize::try_from(stack).unwrap_or(usize::MAX)
            }),
            concurrency: given(self.concurrency).map_or(usual.concurrency, |count| {
                u32::try_from(count).unwrap_or(u32::MAX)
            }),
        })
    }

    /// Those of a policy.
    pub(crate) fn of_policy(&self, engine: &Limits) -> Result<PolicyLimits, Error> {
        for (name, value) in [("stack", self.stack), ("concurrency", self.concurrency)] {
            if value != 0 {
                let detail = format!("{name} is the engine's, and not for one policy alone");
                return Err(refused(detail));
            }
        }
        self.over(&PolicyLimits::from(engine))
    }

    fn over(&self, usual: &PolicyLimits) -> Result<PolicyLimits, Error> {
        if self.deadline_ms >= DAY_MS {
            return Err(refused("a deadline of a day or more is none"));
        }
        Ok(PolicyLimits {
            fuel: match self.fuel {
                0 => usual.fuel,
                ADMIT_FUEL_OFF => None,
                fuel => Some(fuel),
            },
            deadline: given(self.deadline_ms).map_or(usual.deadline, Duration::from_millis),
            memory: given(self.memory).unwrap_or(usual.memory),
        })
    }
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn refused(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::Set, detail).at("limits")
}

fn given(number: u64) -> Option<u64> {
    (number != 0).then_some(number)
}

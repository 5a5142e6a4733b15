//! What one instance can see and has said.

use std::{fmt, sync::Arc, time::Instant};

use admit_model::{Callout, Fault, FaultKind, Profile};

use super::{Log, Now, Reads, Settings, answer::Draft, fault};
use crate::facts::Lookups;

/// What one instance can see and has said: the data of its store.
pub(crate) struct State {
    /// None while the policy is configured.
    evaluation: Option<Evaluation>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) memory: Memory,
    pub(crate) log: Log,
}

/// What there is while a callout is evaluated.
pub(crate) struct Evaluation {
    pub(crate) callout: Callout,
    pub(crate) now: Arc<Now>,
    pub(crate) profile: Profile,
    pub(crate) reads: Reads,
    /// Collections of facts that may be looked up.
    pub(crate) granted: Arc<[String]>,
    pub(crate) lookups: Lookups,
    /// When the policy must have ended.
    pub(crate) deadline: Instant,
    pub(crate) draft: Draft,
}

/// What every policy of a set is asked.
pub(crate) struct Question<'q> {
    pub(crate) callout: &'q Callout,
    pub(crate) now: &'q Arc<Now>,
    pub(crate) profile: Profile,
    /// Whether to keep what is read.
    pub(crate) keep_reads: bool,
}

impl Evaluation {
    pub(crate) fn new(
        question: &Question<'_>,
        granted: &Arc<[String]>,
        lookups: Lookups,
        deadline: Instant,
    ) -> Self {
        Self {
            callout: question.callout.clone(),
            now: Arc::clone(question.now),
            profile: question.profile,
            reads: Reads::new(question.keep_reads),
            granted: Arc::clone(granted),
            lookups,
            deadline,
            draft: Draft::default(),
        }
    }
}

impl State {
    pub(crate) fn new(settings: Arc<Settings>, memory: u64) -> Self {
        Self {
            evaluation: None,
            settings,
            memory: Memory {
                limit: memory,
                used: 0,
            },
            log: Log::default(),
        }
    }

    /// From here on the policy may read the callout and answer.
    pub(crate) fn begin(&mut self, evaluation: Evaluation) {
        // What was logged while the policy was configured is not of this evaluation.
        self.log = Log::default();
        self.evaluation = Some(evaluation);
    }

    /// The evaluation; a fault where the policy asks for it in `configure`.
    pub(crate) fn evaluation(&mut self) -> wasmtime::Result<&mut Evaluation> {
        self.evaluation.as_mut().ok_or_else(|| {
            fault(
                FaultKind::Answer,
                "called from `configure`, where only `settings`, `log` and `evaluation.timestamp` \
                 may be called",
            )
        })
    }

    pub(crate) fn end(self) -> (Option<Evaluation>, Memory, Log) {
        (self.evaluation, self.memory, self.log)
    }
}

/// Linear memory of one instance, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) limit: u64,
    /// All memories together; instances are too short-lived to give any back.
    pub(crate) used: u64,
}

impl Memory {
    // What one instance may be made of. A policy from the SDK is three core modules with one memory
    // and two tables; components of interpreted languages hold some forty modules, and those of
    // JavaScript two memories of no page beside their own.
    pub(crate) const INSTANCES: u32 = 48;
    pub(crate) const MEMORIES: u32 = 3;
    pub(crate) const TABLES: u32 = 8;
    /// Elements of one table; an element is a pointer.
    pub(crate) const TABLE_ELEMENTS: usize = 20_000;
}

impl wasmtime::ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let used = self
            .used
            .saturating_add((desired - current.min(desired)) as u64);
        if used > self.limit {
            return Err(fault(
                FaultKind::Memory,
                format!("asked for {used} bytes; it may have {}", self.limit),
            ));
        }
        self.used = used;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        Err(fault(FaultKind::Memory, format!("cannot grow: {error}")))
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > Self::TABLE_ELEMENTS {
            return Err(fault(
                FaultKind::Memory,
                format!(
                    "asked for a table of {desired} elements; it may have {}",
                    Self::TABLE_ELEMENTS
                ),
            ));
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        Self::INSTANCES as usize
    }

    fn tables(&self) -> usize {
        Self::TABLES as usize
    }

    fn memories(&self) -> usize {
        Self::MEMORIES as usize
    }
}

/// A fault that the host raises: what ends an evaluation from inside a host function.
#[derive(Debug)]
pub(crate) struct HostFault(pub(crate) Fault);

impl HostFault {
    pub(crate) fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self(Fault {
            kind,
            detail: detail.into(),
        })
    }
}

impl fmt::Display for HostFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind, self.0.detail)
    }
}

impl std::error::Error for HostFault {}

//! One policy, one callout, one new store.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use admit_model::{Error, ErrorKind, Fault, FaultKind, Outcome};
use wasmtime::{
    PoolConcurrencyLimitError, Store, Trap,
    component::{Component, Instance, InstancePre},
};

use crate::{
    facts::{Asked, Lookups, is_asking},
    host::{Evaluation, HostFault, Log, Question, Reads, State, fault},
    policy::Inner as Policy,
    slots::Slot,
    snapshot,
    ticker::TICK,
};

/// What came of one evaluation of one policy.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    pub(crate) reads: Reads,
    /// The facts that it asked for.
    pub(crate) asked: Vec<Asked>,
    pub(crate) log: Log,
    /// Used by `evaluate` alone; none where metering is off or nothing ran.
    pub(crate) fuel: Option<u64>,
    /// Linear memory of the instance, in bytes.
    pub(crate) memory: u64,
    pub(crate) elapsed: Duration,
}

impl Ran {
    /// An outcome that nothing ran for.
    pub(crate) fn without(outcome: Outcome, keep_reads: bool) -> Self {
        Self {
            outcome,
            reads: Reads::new(keep_reads),
            asked: Vec::new(),
            log: Log::default(),
            fuel: None,
            memory: 0,
            elapsed: Duration::ZERO,
        }
    }
}

/// Asks a policy in a fresh instance.
pub(crate) fn run(policy: &Policy, question: &Question<'_>, lookups: &mut Lookups) -> Ran {
    let started = Instant::now();
    let turn = match Turn::take(policy, started) {
        Ok(turn) => turn,
        Err(fault) => {
            return Ran {
                elapsed: started.elapsed(),
                ..Ran::without(Outcome::Fault(fault), question.keep_reads)
            };
        }
    };
    let mut store = new_store(policy);
    let mut fuel = None;
    let result = evaluate(policy, &mut store, turn.ticks, &mut fuel, |state| {
        let mut lookups = std::mem::take(lookups);
        lookups.begin();
        state.begin(Evaluation::new(
            question,
            &policy.granted,
            lookups,
            end(started, policy.limits.deadline),
        ));
    });
    let result = result.map_err(|error| classify(&error, policy));
    let (evaluation, memory, log) = store.into_data().end();
    // Only now is the instance gone, and its place free.
    drop(turn);
    let (verdict, reads, asked) = match evaluation {
        Some(mut evaluation) => {
            let verdict = result.and_then(|()| evaluation.verdict());
            *lookups = evaluation.lookups;
            (verdict, evaluation.reads, lookups.take_asked())
        }
        // It failed before it was asked.
        None => {
            let verdict = result.and_then(|()| {
                Err(Fault {
                    kind: FaultKind::Internal,
                    detail: "nothing was evaluated".into(),
                })
            });
            (verdict, Reads::new(question.keep_reads), Vec::new())
        }
    };
    Ran {
        outcome: match verdict {
            Ok(verdict) => Outcome::Verdict(verdict),
            Err(fault) => Outcome::Fault(fault),
        },
        reads,
        asked,
        log,
        fuel,
        memory: memory.used,
        elapsed: started.elapsed(),
    }
}

/// When a policy must have ended.
fn end(started: Instant, deadline: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    started.checked_add(deadline).unwrap_or(started + FAR)
}

/// Calls `evaluate` in a new instance. `fuel` is set where the call returned: a call that was cut
/// short leaves no exact count.
fn evaluate(
    policy: &Policy,
    store: &mut Store<State>,
    ticks: u64,
    fuel: &mut Option<u64>,
    begin: impl FnOnce(&mut State),
) -> wasmtime::Result<()> {
    let instance = if policy.is_snapshotted {
        store.set_epoch_deadline(ticks);
        // Start functions, where there are any, run on what `evaluate` may use.
        refuel(policy, store)?;
        policy.pre.instantiate(&mut *store)?
    } else {
        configure(policy, store, &policy.pre, ticks)?
    };
    begin(store.data_mut());
    refuel(policy, store)?;
    let (said,) = instance
        .get_typed_func::<(), (Result<(), String>,)>(&mut *store, policy.evaluate)?
        .call(&mut *store, ())?;
    if let Some(limit) = policy.limits.fuel {
        *fuel = limit.checked_sub(store.get_fuel()?);
    }
    said.map_err(|text| fault(FaultKind::Refused, text))
}

/// Makes one instance and configures it: what fails here fails in every evaluation. Where a
/// component is given and allows it, gives one whose instances start configured.
pub(crate) fn try_configure(
    policy: &Policy,
    component: Option<&[u8]>,
) -> Result<Option<Component>, Error> {
    let pool = &policy.pool;
    // Compiling takes long and needs no instance, so it is done before and after the turn.
    let instrumented = component
        .and_then(|component| snapshot::instrument(&pool.wasm, component))
        .and_then(|instrumented| {
            let pre = pool.linker.instantiate_pre(&instrumented.component);
            Some((pre.ok()?, instrumented))
        });
    let tried = Turn::take(policy, Instant::now()).and_then(|turn| {
        let mut store = new_store(policy);
        let pre = instrumented.as_ref().map_or(&policy.pre, |(pre, _)| pre);
        let tried = configure(policy, &mut store, pre, turn.ticks).map(|instance| {
            let (_, instrumented) = instrumented.as_ref()?;
            instrumented.snapshot(&mut store, &instance)
        });
        drop(store);
        drop(turn);
        tried.map_err(|error| classify(&error, policy))
    });
    let tried = tried.map(|snapshot| Component::new(&pool.wasm, snapshot?).ok());
    tried.map_err(|fault| match fault.kind {
        FaultKind::Refused => {
            // Lines below the first are those of the settings that it is about.
            let (problem, excerpt) = (fault.detail.split_once('\n')).unwrap_or((&fault.detail, ""));
            Error::new(
                ErrorKind::PolicySettings,
                format!("refused its settings: {problem}"),
            )
            .at("settings")
            .showing(excerpt)
        }
        FaultKind::Settings => Error::new(ErrorKind::PolicySettings, fault.detail).at("settings"),
        kind => Error::new(
            ErrorKind::PolicyLoad,
            format!("cannot be configured: {kind}: {}", fault.detail),
        ),
    })
}

/// The right to make one instance, and time that is running. Held until the instance is gone.
struct Turn<'p> {
    _slot: Slot<'p>,
    /// Ticks of the epoch that are left.
    ticks: u64,
}

impl<'p> Turn<'p> {
    fn take(policy: &'p Policy, started: Instant) -> Result<Self, Fault> {
        let engine = policy.engine.inner();
        let deadline = policy.limits.deadline;
        check_stack(engine.limits.stack)?;
        // Whoever waits for a source holds an instance: to wait inside it could be for ever.
        let is_asking = is_asking();
        let wait = if is_asking { Duration::ZERO } else { deadline };
        let Some(slot) = engine.slots.take(started, wait) else {
            let why = if is_asking {
                "no instance is free, and inside a source of facts none is waited for".into()
            } else {
                format!("no instance became free within {wait:?}")
            };
            return Err(Fault {
                kind: FaultKind::Capacity,
                detail: format!("{why}; {} may exist at once", engine.limits.concurrency),
            });
        };
        policy.pool.ticker.run(&slot).map_err(|error| Fault {
            kind: FaultKind::Internal,
            detail: format!("no thread for deadlines: {error}"),
        })?;
        let left = deadline.saturating_sub(started.elapsed());
        let ticks = u64::try_from(left.as_nanos().div_ceil(TICK.as_nanos()));
        Ok(Self {
            _slot: slot,
            // One more, since the tick that is running may be about to end.
            ticks: ticks.unwrap_or(u64::MAX / 2).saturating_add(1),
        })
    }
}

/// Stack for the host's own functions, sources of facts among them, below all that a policy may use.
const HOST_STACK: usize = 256 * 1024;

/// That the thread has the stack that a policy may use: beyond the end of it there is no fault, but the
/// end of the process.
fn check_stack(limit: usize) -> Result<(), Fault> {
    let needed = limit.saturating_add(HOST_STACK);
    match stacker::remaining_stack() {
        // 0 is said on a stack that is not the thread's own, as of a coroutine: nobody knows its end.
        Some(left) if 0 < left && left < needed => Err(Fault {
            kind: FaultKind::Capacity,
            detail: format!(
                "the thread has {left} bytes of stack left, and a policy may need {needed}; evaluate \
                 on a thread with more, or lower the limit `stack`"
            ),
        }),
        _ => Ok(()),
    }
}

fn new_store(policy: &Policy) -> Store<State> {
    let state = State::new(Arc::clone(&policy.settings), policy.limits.memory);
    let mut store = Store::new(&policy.pool.wasm, state);
    store.limiter(|state| &mut state.memory);
    store
}

/// A new instance, in which `configure` has run.
fn configure(
    policy: &Policy,
    store: &mut Store<State>,
    pre: &InstancePre<State>,
    ticks: u64,
) -> wasmtime::Result<Instance> {
    store.set_epoch_deadline(ticks);
    refuel(policy, store)?;
    let instance = pre.instantiate(&mut *store)?;
    let configure = pre
        .component()
        .get_export_index(None, "configure")
        .ok_or_else(|| wasmtime::format_err!("no export `configure`"))?;
    let (said,) = instance
        .get_typed_func::<(), (Result<(), String>,)>(&mut *store, configure)?
        .call(&mut *store, ())?;
    said.map_err(|text| fault(FaultKind::Refused, text))?;
    Ok(instance)
}

fn refuel(policy: &Policy, store: &mut Store<State>) -> wasmtime::Result<()> {
    if policy.engine.limits().fuel.is_some() {
        store.set_fuel(policy.limits.fuel.unwrap_or(u64::MAX))?;
    }
    Ok(())
}

/// Longest text of a fault, in bytes: some of it is the policy's own.
pub(crate) const FAULT_DETAIL: usize = 4096;

/// The one place that knows which failure of wasmtime is which fault.
fn classify(error: &wasmtime::Error, policy: &Policy) -> Fault {
    if let Some(HostFault(fault)) = error.downcast_ref() {
        let end = fault.detail.floor_char_boundary(FAULT_DETAIL);
        return Fault {
            kind: fault.kind,
            detail: fault.detail.get(..end).unwrap_or_default().into(),
        };
    }
    let limits = &policy.limits;
    let (kind, detail) = match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => (
            FaultKind::Fuel,
            match limits.fuel {
                Some(fuel) => format!("used up its {fuel} units of fuel"),
                None => "used up its fuel".into(),
            },
        ),
        Some(Trap::Interrupt) => (
            FaultKind::Deadline,
            format!("did not end within {:?}", limits.deadline),
        ),
        Some(Trap::StackOverflow) => (
            FaultKind::Stack,
            format!(
                "used up its stack of {} bytes",
                policy.engine.limits().stack
            ),
        ),
        Some(trap) => (FaultKind::Trap, trap.to_string()),
        None if error.is::<PoolConcurrencyLimitError>() => {
            (FaultKind::Capacity, "no instance is free".into())
        }
        // What is left are answers that the canonical ABI cannot lift, such as bad UTF-8.
        None => (FaultKind::Trap, error.root_cause().to_string()),
    };
    Fault { kind, detail }
}

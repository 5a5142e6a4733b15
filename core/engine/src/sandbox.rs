//! One policy, one callout, one new store.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use admit_model::{Callout, Error, ErrorKind, Fault, FaultKind, Outcome, Profile};
use wasmtime::{PoolConcurrencyLimitError, Store, Trap, component::Instance};

use crate::{
    host::{HostFault, Log, Now, Reads, State},
    policy::Inner as Policy,
    ticker::TICK,
};

/// What came of one evaluation of one policy.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    pub(crate) reads: Reads,
    pub(crate) log: Log,
    /// Used by `evaluate` alone; none where metering is off or nothing ran.
    pub(crate) fuel: Option<u64>,
    /// Linear memory of the instance, in bytes.
    pub(crate) memory: u64,
    pub(crate) elapsed: Duration,
}

/// Evaluates a callout with a policy in a fresh instance.
pub(crate) fn run(policy: &Policy, callout: &Callout, now: &Arc<Now>, profile: Profile) -> Ran {
    let started = Instant::now();
    let mut store = new_store(policy);
    let mut fuel = None;
    let result = guarded(policy, started, |ticks| {
        let instance = configured(policy, &mut store, ticks)?;
        store.data_mut().begin(callout, now, profile);
        refuel(policy, &mut store)?;
        let before = store.get_fuel().ok();
        let said = instance
            .get_typed_func::<(), (Result<(), String>,)>(&mut store, policy.evaluate)?
            .call(&mut store, ());
        fuel = policy
            .limits
            .fuel
            .and_then(|_| before?.checked_sub(store.get_fuel().ok()?));
        let (said,) = said?;
        said.map_err(|text| fault(FaultKind::Refused, text))
    });
    let (evaluation, memory, log) = store.into_data().end();
    let (verdict, reads) = match evaluation {
        Some(mut evaluation) => {
            let verdict = result.and_then(|()| evaluation.verdict());
            (verdict, evaluation.reads)
        }
        None => (
            result.and(Err(Fault {
                kind: FaultKind::Internal,
                detail: "nothing was evaluated".into(),
            })),
            Reads::default(),
        ),
    };
    Ran {
        outcome: match verdict {
            Ok(verdict) => Outcome::Verdict(verdict),
            Err(fault) => Outcome::Fault(fault),
        },
        reads,
        log,
        fuel,
        memory: memory.used,
        elapsed: started.elapsed(),
    }
}

/// Makes one instance and configures it, as every evaluation does: what fails here fails always.
pub(crate) fn try_configure(policy: &Policy) -> Result<(), Error> {
    let mut store = new_store(policy);
    guarded(policy, Instant::now(), |ticks| {
        let instance = configured(policy, &mut store, ticks)?;
        instance
            .get_typed_func::<(), (Result<(), String>,)>(&mut store, policy.evaluate)
            .map_err(|error| fault(FaultKind::Answer, format!("`evaluate`: {error:#}")))?;
        Ok(())
    })
    .map_err(|fault| match fault.kind {
        FaultKind::Refused => Error::new(
            ErrorKind::PolicySettings,
            format!("refused its settings: {}", fault.detail),
        )
        .at("settings"),
        FaultKind::Settings => Error::new(ErrorKind::PolicySettings, fault.detail).at("settings"),
        kind => Error::new(
            ErrorKind::PolicyLoad,
            format!("cannot be configured: {kind}: {}", fault.detail),
        ),
    })
}

fn new_store(policy: &Policy) -> Store<State> {
    let state = State::new(Arc::clone(&policy.settings), policy.limits.memory);
    let mut store = Store::new(&policy.engine.inner().wasm, state);
    store.limiter(|state| &mut state.memory);
    store
}

/// Runs guest code: in a slot, with time running, every failure classified.
fn guarded(
    policy: &Policy,
    started: Instant,
    work: impl FnOnce(u64) -> wasmtime::Result<()>,
) -> Result<(), Fault> {
    let engine = policy.engine.inner();
    let deadline = policy.limits.deadline;
    let Some(_slot) = engine.slots.take(started, deadline) else {
        return Err(Fault {
            kind: FaultKind::Capacity,
            detail: format!(
                "no instance became free within {deadline:?}; {} may exist at once",
                engine.limits.concurrency
            ),
        });
    };
    let _ticking = engine.ticker.run().map_err(|error| Fault {
        kind: FaultKind::Internal,
        detail: format!("no thread for deadlines: {error}"),
    })?;
    let left = deadline.saturating_sub(started.elapsed());
    // One more, since the tick that is running may be about to end.
    let ticks = u64::try_from(left.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u64::MAX / 2);
    work(ticks.saturating_add(1)).map_err(|error| classify(&error, policy))
}

/// A new instance, configured.
fn configured(policy: &Policy, store: &mut Store<State>, ticks: u64) -> wasmtime::Result<Instance> {
    store.set_epoch_deadline(ticks);
    refuel(policy, store)?;
    let instance = policy.pre.instantiate(&mut *store)?;
    let (said,) = instance
        .get_typed_func::<(), (Result<(), String>,)>(&mut *store, policy.configure)?
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

fn fault(kind: FaultKind, detail: impl Into<String>) -> wasmtime::Error {
    wasmtime::Error::new(HostFault::new(kind, detail))
}

/// The one place that knows which failure of wasmtime is which fault.
fn classify(error: &wasmtime::Error, policy: &Policy) -> Fault {
    if let Some(HostFault(fault)) = error.downcast_ref() {
        return fault.clone();
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

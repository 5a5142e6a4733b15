//! The clock behind deadlines.
//!
//! A thread advances the engine's epoch once a tick, and only while something is evaluated: it
//! ends when nothing has been for a while and is started again when needed, also in a child after
//! a fork, where the parent's thread does not exist.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use crate::slots::{Slot, Slots};

/// How often the epoch advances: what deadlines are exact to.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// Ticks without an evaluation after which the thread ends: rare enough that steady work never
/// pays for starting it.
const IDLE_TICKS: u32 = 1000;

pub(crate) struct Ticker {
    shared: Arc<Shared>,
    engine: wasmtime::EngineWeak,
}

struct Shared {
    /// Of which one is taken by whatever is evaluated.
    slots: Arc<Slots>,
    /// The process that the thread runs in; 0 where there is none.
    process: AtomicU32,
    /// Held while the thread starts or ends.
    changing: Mutex<()>,
}

impl Shared {
    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticker {
    pub(crate) fn new(engine: &wasmtime::Engine, slots: Arc<Slots>) -> Self {
        Self {
            shared: Arc::new(Shared {
                slots,
                process: AtomicU32::new(0),
                changing: Mutex::new(()),
            }),
            engine: engine.weak(),
        }
    }

    /// Sees to it that the epoch advances, until after this slot is free again.
    pub(crate) fn run(&self, _taken: &Slot<'_>) -> io::Result<()> {
        let here = std::process::id();
        if self.shared.process.load(SeqCst) != here {
            let _changing = self.shared.change();
            if self.shared.process.load(SeqCst) != here {
                self.start()?;
                self.shared.process.store(here, SeqCst);
            }
        }
        Ok(())
    }

    fn start(&self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let engine = self.engine.clone();
        thread::Builder::new()
            .name("admit-ticker".into())
            .spawn(move || tick(&shared, &engine))
            .map(|_| ())
    }
}

fn tick(shared: &Shared, engine: &wasmtime::EngineWeak) {
    let started = Instant::now();
    let mut ticks = 0_u128;
    let mut idle = 0;
    loop {
        thread::sleep(TICK);
        let Some(engine) = engine.upgrade() else {
            return;
        };
        // Sleeping takes longer than it is asked to: count what has passed.
        let passed = started.elapsed().as_nanos() / TICK.as_nanos();
        while ticks < passed {
            ticks += 1;
            engine.increment_epoch();
        }
        if shared.slots.is_any_taken() {
            idle = 0;
            continue;
        }
        idle += 1;
        if idle < IDLE_TICKS {
            continue;
        }
        // Leave first and look again then: an evaluation that began in between either saw that
        // the thread was gone, and waits to start another, or is seen here.
        let _changing = shared.change();
        let here = shared.process.swap(0, SeqCst);
        if !shared.slots.is_any_taken() {
            return;
        }
        shared.process.store(here, SeqCst);
        idle = 0;
    }
}

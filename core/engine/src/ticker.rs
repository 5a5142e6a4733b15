//! The clock behind deadlines.
//!
//! A thread advances the engine's epoch once a tick, and only while something is evaluated: it
//! ends when nothing has been for a while and is started again when needed, also in a child after
//! a fork, where the parent's thread does not exist.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

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
    /// Evaluations that are running.
    active: AtomicUsize,
    /// The process that the thread runs in; 0 where there is none.
    process: AtomicU32,
}

impl Ticker {
    pub(crate) fn new(engine: &wasmtime::Engine) -> Self {
        Self {
            shared: Arc::new(Shared {
                active: AtomicUsize::new(0),
                process: AtomicU32::new(0),
            }),
            engine: engine.weak(),
        }
    }

    /// Keeps the epoch advancing until the guard is dropped.
    pub(crate) fn run(&self) -> io::Result<Running<'_>> {
        self.shared.active.fetch_add(1, SeqCst);
        let running = Running(&self.shared);
        let here = std::process::id();
        let ticking = self.shared.process.load(SeqCst);
        if ticking != here
            && self
                .shared
                .process
                .compare_exchange(ticking, here, SeqCst, SeqCst)
                .is_ok()
            && let Err(error) = self.start(here)
        {
            self.shared.process.store(0, SeqCst);
            return Err(error);
        }
        Ok(running)
    }

    fn start(&self, here: u32) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let engine = self.engine.clone();
        thread::Builder::new()
            .name("admit-ticker".into())
            .spawn(move || tick(&shared, &engine, here))
            .map(|_| ())
    }
}

fn tick(shared: &Shared, engine: &wasmtime::EngineWeak, here: u32) {
    let mut idle = 0;
    loop {
        thread::sleep(TICK);
        let Some(engine) = engine.upgrade() else {
            return;
        };
        engine.increment_epoch();
        if shared.active.load(SeqCst) > 0 {
            idle = 0;
            continue;
        }
        idle += 1;
        if idle < IDLE_TICKS {
            continue;
        }
        // Leave first and look again then: an evaluation that began in between either saw that
        // the thread was gone and started another, or is seen here.
        shared.process.store(0, SeqCst);
        if shared.active.load(SeqCst) == 0
            || shared
                .process
                .compare_exchange(0, here, SeqCst, SeqCst)
                .is_err()
        {
            return;
        }
        idle = 0;
    }
}

/// An evaluation that is running.
pub(crate) struct Running<'t>(&'t Shared);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, SeqCst);
    }
}

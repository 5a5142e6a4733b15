//! The clock behind deadlines.
//!
//! A thread advances the engine's epoch once a tick, and only while something is evaluated: it
//! ends when nothing has been for a while and is started again when needed, also in a child after
//! a fork, where the parent's thread does not exist.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
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
    /// Held while the thread starts or ends.
    changing: Mutex<()>,
}

impl Shared {
    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticker {
    pub(crate) fn new(engine: &wasmtime::Engine) -> Self {
        Self {
            shared: Arc::new(Shared {
                active: AtomicUsize::new(0),
                process: AtomicU32::new(0),
                changing: Mutex::new(()),
            }),
            engine: engine.weak(),
        }
    }

    /// Keeps the epoch advancing until the guard is dropped.
    pub(crate) fn run(&self) -> io::Result<Running<'_>> {
        self.shared.active.fetch_add(1, SeqCst);
        let running = Running(&self.shared);
        let here = std::process::id();
        if self.shared.process.load(SeqCst) != here {
            let _changing = self.shared.change();
            if self.shared.process.load(SeqCst) != here {
                self.start()?;
                self.shared.process.store(here, SeqCst);
            }
        }
        Ok(running)
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
        if shared.active.load(SeqCst) > 0 {
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
        if shared.active.load(SeqCst) == 0 {
            return;
        }
        shared.process.store(here, SeqCst);
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

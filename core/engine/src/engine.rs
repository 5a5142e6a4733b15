//! The engine: wasmtime, configured once.

use std::{
    fmt, process,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

use admit_model::{Error, ErrorKind};
use wasmparser::{Parser, Payload};
use wasmtime::{
    Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig, component::Linker,
};

use crate::{
    cache::{CodeCache, Entry},
    host::{self, Memory, State},
    limits::Limits,
    slots::Slots,
    ticker::Ticker,
};

/// Compiles and runs policies.
///
/// Create one per process: it reserves the address space of its pool of instances. Cheap to
/// clone, shared by threads. wasmtime installs process-wide handlers for the signals that
/// WebAssembly traps raise (SIGSEGV, SIGILL, SIGFPE) and passes others on.
///
/// After a fork the child may evaluate: deadlines work there. What other threads of the parent held
/// at that moment, instances and locks, stays taken in the child, so fork while nothing is evaluated
/// or loaded. To load policies the child makes an engine of its own; it compiles on one thread.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

pub(crate) struct Inner {
    small: Arc<Pool>,
    /// Made for the first policy that needs it.
    large: OnceLock<Arc<Pool>>,
    pub(crate) slots: Arc<Slots>,
    pub(crate) limits: Limits,
    cache: Option<CodeCache>,
}

/// wasmtime, for instances of one size, and the thread that ends them.
pub(crate) struct Pool {
    pub(crate) wasm: wasmtime::Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) ticker: Ticker,
}

/// How much memory instances begin with, which decides how it is made new.
#[derive(Clone, Copy)]
enum Size {
    /// What was touched is little, and all of it is written over.
    Small,
    /// What was touched is asked of the system, so that only that is written over.
    Large,
}

impl Size {
    /// Bytes that a small instance begins with at most.
    const SMALL: u64 = 128 * 1024;

    /// That of a component, by the memories that it declares.
    fn of(component: &[u8]) -> Self {
        let mut bytes = 0_u64;
        for payload in Parser::new(0).parse_all(component) {
            let Ok(Payload::MemorySection(memories)) = payload else {
                continue;
            };
            for memory in memories.into_iter().flatten() {
                let page = 1_u64 << memory.page_size_log2.unwrap_or(16).min(16);
                bytes = bytes.saturating_add(memory.initial.saturating_mul(page));
            }
        }
        if bytes > Self::SMALL {
            Self::Large
        } else {
            Self::Small
        }
    }
}

impl Inner {
    /// The pool for instances of a component.
    pub(crate) fn pool(&self, component: &[u8]) -> Result<Arc<Pool>, Error> {
        match (Size::of(component), self.large.get()) {
            (Size::Small, _) => Ok(Arc::clone(&self.small)),
            (Size::Large, Some(large)) => Ok(Arc::clone(large)),
            (Size::Large, None) => {
                let made = Pool::new(&self.limits, Size::Large, &self.slots)?;
                Ok(Arc::clone(self.large.get_or_init(|| Arc::new(made))))
            }
        }
    }

    /// Where what is compiled of these parts is kept; none where nothing is.
    pub(crate) fn entry(&self, pool: &Pool, parts: &[&[u8]]) -> Option<Entry> {
        let cache = self.cache.as_ref()?;
        Some(cache.entry(&pool.wasm, parts))
    }
}

impl Pool {
    fn new(limits: &Limits, size: Size, slots: &Arc<Slots>) -> Result<Self, Error> {
        let wasm = match wasmtime::Engine::new(&pooled(limits, size)) {
            Ok(engine) => engine,
            // Where the pool's address space cannot be reserved, instances are made one by one:
            // slower, the same otherwise.
            Err(_) => wasmtime::Engine::new(&frugal(limits)).map_err(|error| {
                Error::new(
                    ErrorKind::Internal,
                    format!("WebAssembly cannot run: {error}"),
                )
            })?,
        };
        let mut linker = Linker::new(&wasm);
        host::link(&mut linker).map_err(|error| {
            Error::new(
                ErrorKind::Internal,
                format!("the contract cannot be linked: {error}"),
            )
        })?;
        Ok(Self {
            ticker: Ticker::new(&wasm, Arc::clone(slots)),
            wasm,
            linker,
        })
    }
}

impl Engine {
    /// An engine with these limits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Set`] for limits that cannot be, [`ErrorKind::Internal`] where the machine
    /// cannot run WebAssembly.
    pub fn new(limits: Limits) -> Result<Self, Error> {
        Self::make(limits, None)
    }

    /// The same, with compiled code kept on disk.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_cache(limits: Limits, cache: CodeCache) -> Result<Self, Error> {
        Self::make(limits, Some(cache))
    }

    pub(crate) fn make(limits: Limits, cache: Option<CodeCache>) -> Result<Self, Error> {
        check(&limits)?;
        let slots = Arc::new(Slots::new(limits.concurrency));
        let small = Pool::new(&limits, Size::Small, &slots)?;
        Ok(Self(Arc::new(Inner {
            small: Arc::new(small),
            large: OnceLock::new(),
            slots,
            limits,
            cache,
        })))
    }

    /// The limits that it was made with.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

fn check(limits: &Limits) -> Result<(), Error> {
    let problem = if limits.fuel == Some(0) {
        "fuel is 0; give a number above 0, or false to turn metering off"
    } else if limits.deadline.is_zero() {
        "deadline is 0; give a time such as 50ms"
    } else if limits.memory < 64 * 1024 {
        "memory is below 64KiB, one page of WebAssembly"
    } else if limits.memory > 4 * 1024 * 1024 * 1024 {
        "memory is above 4GiB, all that WebAssembly addresses"
    } else if limits.stack < 16 * 1024 || limits.stack > 1024 * 1024 {
        "stack is not between 16KiB and 1MiB"
    } else if limits.concurrency == 0 || limits.concurrency > 1024 {
        "concurrency is not between 1 and 1024"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Set, problem).at("limits"))
}

/// What decides how policies compile and run; everything here can change a decision's fuel.
fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(limits.fuel.is_some())
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack)
        // Traps are reported by kind; backtraces would cost and are not the same on all machines.
        .wasm_backtrace_max_frames(None)
        // The same bits on every machine.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        // Synchronous calls only.
        .concurrency_support(false)
        .parallel_compilation(has_compiling_threads());
    config
}

/// Whether the threads that wasmtime compiles on are there. They are started once; a child after a
/// fork believes that it has them, too, and would wait for them for ever.
fn has_compiling_threads() -> bool {
    /// The process that made the first engine.
    static FIRST: AtomicU32 = AtomicU32::new(0);
    let here = process::id();
    let first = FIRST.compare_exchange(0, here, SeqCst, SeqCst);
    first.map_or_else(|first| first == here, |_| true)
}

/// The same, with instances made one by one in little address space.
fn frugal(limits: &Limits) -> Config {
    let mut config = config(limits);
    config
        .memory_reservation(limits.memory)
        .memory_reservation_for_growth(0)
        .memory_guard_size(64 * 1024);
    config
}

/// The same, with instances made from a pool that is reserved once.
fn pooled(limits: &Limits, size: Size) -> Config {
    let instances = limits.concurrency;
    let mut pool = PoolingAllocationConfig::new();
    // As many of each as all instances at once can need, so that a place among the slots is a
    // place in the pool.
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(Memory::INSTANCES))
        .max_core_instances_per_component(Memory::INSTANCES)
        .total_memories(instances.saturating_mul(Memory::MEMORIES))
        .max_memories_per_component(Memory::MEMORIES)
        .total_tables(instances.saturating_mul(Memory::TABLES))
        .max_tables_per_component(Memory::TABLES)
        .table_elements(Memory::TABLE_ELEMENTS)
        .max_component_instance_size(1024 * 1024)
        .max_core_instance_size(1024 * 1024)
        .max_memory_size(usize::try_from(limits.memory).unwrap_or(usize::MAX))
        .max_unused_warm_slots(instances)
        .table_keep_resident(64 * 1024);
    match size {
        Size::Small => pool
            .linear_memory_keep_resident(128 * 1024)
            .pagemap_scan(Enabled::No),
        // An interpreter's memory: some hundred pages of it are touched, which stay and are written
        // over, where it would be given back and faulted in again.
        Size::Large => pool
            .linear_memory_keep_resident(4 * 1024 * 1024)
            .pagemap_scan(Enabled::Auto),
    };
    let mut config = config(limits);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

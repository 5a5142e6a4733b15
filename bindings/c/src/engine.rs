//! The engine.

use admit::Engine;

use crate::{
    error::admit_error_t,
    ffi::{Handle, call, get},
    limits::admit_limits_t,
};

/// Compiles and runs policies. Created once per process, shared by threads.
pub struct admit_engine_t;

impl Handle for admit_engine_t {
    type Value = Engine;
    const NAME: &'static str = "engine";
}

/// Makes an engine, for policies that are loaded one by one; a set from a file has its own.
///
/// It reserves address space for `limits->concurrency` instances. `limits` may be NULL: the defaults.
/// Errors: `ADMIT_ERROR_SET` for limits that cannot be, `ADMIT_ERROR_INTERNAL` where the machine
/// cannot run WebAssembly.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_engine_new(
    limits: *const admit_limits_t,
    engine_out: *mut *mut admit_engine_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(engine_out)?;
        let limits = call.block(limits, "limits")?;
        out.give(Engine::new(limits.of_engine()?)?);
        Ok(())
    })
}

/// Ends an engine. What was made with it goes on. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_engine_free(engine: *mut admit_engine_t) {
    get!((), |call| {
        call.free(engine);
        Ok(())
    });
}

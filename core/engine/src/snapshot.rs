//! Configured once: a component whose instances start where `configure` ended.
//!
//! Cost then no longer depends on the settings. wasmtime-wizer does the work: it makes the state of
//! an instance readable, and writes what is read into a new component. A component that it cannot
//! treat so is configured in every instance instead; none of this can fail the policy.

use std::{
    collections::HashMap,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
};

use wasmparser::{Encoding, Parser, Payload};
use wasmtime::{
    Engine, Store,
    component::{Component, Instance, Type, WasmList, types::ComponentItem},
};
use wasmtime_wizer::{ComponentContext, ComponentInstanceState, Wizer};

use crate::host::State;

/// The instance through which an instrumented component shows its state.
const ACCESS: &str = "wasmtime:wizer/access";

/// A component whose state can be read.
pub(crate) struct Instrumented<'c> {
    wizer: Wizer,
    context: ComponentContext<'c>,
    pub(crate) component: Component,
}

/// Makes the state of a component readable; none where it is one that cannot be, such as an
/// interpreter's with nested modules.
pub(crate) fn instrument<'c>(engine: &Engine, component: &'c [u8]) -> Option<Instrumented<'c>> {
    if !exports_everywhere(component) {
        return None;
    }
    let mut wizer = Wizer::new();
    // The function stays, since removing it leaves an invalid component; it is not called again.
    wizer.init_func("configure").keep_init_func(true);
    let (context, instrumented) = contained(|| wizer.instrument_component(component).ok())?;
    let component = Component::new(engine, instrumented).ok()?;
    Some(Instrumented {
        wizer,
        context,
        component,
    })
}

impl Instrumented<'_> {
    /// The bytes of a component whose instances start as this instance is.
    pub(crate) fn snapshot(
        &self,
        store: &mut Store<State>,
        instance: &Instance,
    ) -> Option<Vec<u8>> {
        let mut state = self.read(store, instance).ok()?;
        contained(|| ready(self.wizer.snapshot_component(&self.context, &mut state))?.ok())
    }

    /// Reads all that the instrumentation shows. wizer asserts that reading works, and it may not:
    /// it takes a page of memory. So everything is read before wizer asks.
    fn read(&self, store: &mut Store<State>, instance: &Instance) -> wasmtime::Result<Read> {
        // This runs code of the instrumentation, not of the policy.
        store.set_epoch_deadline(u64::MAX / 2);
        if store.get_fuel().is_ok() {
            store.set_fuel(u64::MAX)?;
        }
        store.data_mut().memory.limit = u64::MAX;

        let missing = || wasmtime::format_err!("the instrumentation shows nothing");
        let engine = store.engine().clone();
        let ty = self.component.component_type();
        let access = ty.exports(&engine).find(|(name, _)| *name == ACCESS);
        let Some((_, access)) = access else {
            return Err(missing());
        };
        let ComponentItem::ComponentInstance(access) = access.ty else {
            return Err(missing());
        };
        let inside = instance
            .get_export_index(&mut *store, None, ACCESS)
            .ok_or_else(missing)?;
        let mut read = Read::default();
        for (name, item) in access.exports(&engine) {
            let ComponentItem::ComponentFunc(function) = item.ty else {
                continue;
            };
            let index = instance
                .get_export_index(&mut *store, Some(&inside), name)
                .ok_or_else(missing)?;
            macro_rules! call {
                ($result:ty) => {
                    instance
                        .get_typed_func::<(), ($result,)>(&mut *store, index)?
                        .call(&mut *store, ())?
                        .0
                };
            }
            let name = name.to_owned();
            match function.results().next() {
                Some(Type::List(_)) => {
                    let list: WasmList<u8> = call!(WasmList<u8>);
                    let bytes = list.as_le_slice(&*store).to_vec();
                    read.lists.insert(name, bytes);
                }
                Some(Type::S32) => {
                    let bits = i64::from(call!(i32));
                    read.numbers.insert(name, bits);
                }
                Some(Type::S64) => {
                    let bits = call!(i64);
                    read.numbers.insert(name, bits);
                }
                Some(Type::Float32) => {
                    let bits = i64::from(call!(f32).to_bits());
                    read.numbers.insert(name, bits);
                }
                Some(Type::Float64) => {
                    let bits = call!(f64).to_bits().cast_signed();
                    read.numbers.insert(name, bits);
                }
                _ => return Err(missing()),
            }
        }
        Ok(read)
    }
}

/// What an instance's state was, by the function that shows it; numbers as their bits.
#[derive(Default)]
struct Read {
    lists: HashMap<String, Vec<u8>>,
    numbers: HashMap<String, i64>,
}

impl Read {
    fn number(&self, function: &str) -> i64 {
        self.numbers.get(function).copied().unwrap_or_default()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of 32 bits were widened from just these bits"
)]
impl ComponentInstanceState for Read {
    async fn call_func_ret_list_u8(
        &mut self,
        _instance: &str,
        func: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        contents(self.lists.get(func).map_or(&[], Vec::as_slice));
    }

    async fn call_func_ret_s32(&mut self, _instance: &str, func: &str) -> i32 {
        self.number(func) as i32
    }

    async fn call_func_ret_s64(&mut self, _instance: &str, func: &str) -> i64 {
        self.number(func)
    }

    async fn call_func_ret_f32(&mut self, _instance: &str, func: &str) -> u32 {
        self.number(func) as u32
    }

    async fn call_func_ret_f64(&mut self, _instance: &str, func: &str) -> u64 {
        self.number(func).cast_unsigned()
    }
}

/// Whether every core module that has state exports something: wizer takes it for granted.
fn exports_everywhere(component: &[u8]) -> bool {
    #[derive(Default)]
    struct Module {
        is_core: bool,
        has_state: bool,
        has_exports: bool,
    }
    let mut open: Vec<Module> = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        let Ok(payload) = payload else {
            return false;
        };
        match (payload, open.last_mut()) {
            (Payload::Version { encoding, .. }, _) => open.push(Module {
                is_core: encoding == Encoding::Module,
                ..Module::default()
            }),
            (Payload::MemorySection(_) | Payload::GlobalSection(_), Some(module)) => {
                module.has_state = true;
            }
            (Payload::ExportSection(_), Some(module)) => module.has_exports = true,
            (Payload::End(_), Some(_)) => {
                let module = open.pop().unwrap_or_default();
                if module.is_core && module.has_state && !module.has_exports {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

/// The value of a future that is ready when first asked: nothing here waits.
fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// wizer asserts what it expects of a component; what a hostile one makes of that stays here.
/// Nothing that was half done is used afterwards.
fn contained<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

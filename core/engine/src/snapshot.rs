//! Configured once: a component whose instances start where `configure` ended.
//!
//! Cost then no longer depends on the settings. wasmtime-wizer does the work: it makes the state of
//! an instance readable, and writes what it reads into a new component.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use wasmtime::{
    Store,
    component::{Component, Instance, Lift, WasmList},
};
use wasmtime_wizer::{ComponentInstanceState, Wizer};

use crate::host::State;

/// What became of an attempt.
pub(crate) enum Snapshot {
    /// Instances of this component are configured.
    Taken(Component),
    /// The component is one that cannot be snapshotted, such as an interpreter's with nested
    /// modules: it is configured in every instance.
    Unsupported,
}

/// Snapshots a component after `configure` ran in it.
///
/// `configure` gets an instance of the instrumented component; its error is passed on.
pub(crate) fn take(
    component: &[u8],
    store: &mut Store<State>,
    configure: impl FnOnce(&mut Store<State>, &Component) -> wasmtime::Result<Instance>,
) -> wasmtime::Result<Snapshot> {
    let mut wizer = Wizer::new();
    // The function stays, since removing it leaves an invalid component; it is not called again.
    wizer.init_func("configure").keep_init_func(true);
    let Ok((context, instrumented)) = wizer.instrument_component(component) else {
        return Ok(Snapshot::Unsupported);
    };
    let Ok(instrumented) = Component::new(store.engine(), instrumented) else {
        return Ok(Snapshot::Unsupported);
    };
    let instance = configure(store, &instrumented)?;
    // Reading the state runs code of the instrumentation, not of the policy.
    store.set_epoch_deadline(u64::MAX / 2);
    if store.get_fuel().is_ok() {
        store.set_fuel(u64::MAX)?;
    }
    let mut reader = Reader {
        store,
        instance,
        failed: None,
    };
    let taken = ready(wizer.snapshot_component(&context, &mut reader))
        .ok_or_else(|| wasmtime::format_err!("the snapshot was not ready at once"))?;
    if let Some(error) = reader.failed {
        return Err(error);
    }
    let Ok(taken) = taken else {
        return Ok(Snapshot::Unsupported);
    };
    Ok(match Component::new(store.engine(), taken) {
        Ok(component) => Snapshot::Taken(component),
        Err(_) => Snapshot::Unsupported,
    })
}

/// The value of a future that is ready when first asked: nothing here waits.
fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Reads the state of an instrumented instance.
struct Reader<'s> {
    store: &'s mut Store<State>,
    instance: Instance,
    /// The first failure; the trait has no way to tell of it.
    failed: Option<wasmtime::Error>,
}

impl Reader<'_> {
    fn call<R, T>(
        &mut self,
        instance: &str,
        function: &str,
        read: impl FnOnce(&mut Store<State>, R) -> wasmtime::Result<T>,
    ) -> Option<T>
    where
        R: Lift + 'static,
    {
        let result = (|| {
            let missing = || wasmtime::format_err!("no export {instance}.{function}");
            let inside = self
                .instance
                .get_export_index(&mut *self.store, None, instance)
                .ok_or_else(missing)?;
            let index = self
                .instance
                .get_export_index(&mut *self.store, Some(&inside), function)
                .ok_or_else(missing)?;
            let (value,) = self
                .instance
                .get_typed_func::<(), (R,)>(&mut *self.store, index)?
                .call(&mut *self.store, ())?;
            read(self.store, value)
        })();
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.failed.get_or_insert(error);
                None
            }
        }
    }

    fn number<R: Lift + Default + 'static>(&mut self, instance: &str, function: &str) -> R {
        self.call(instance, function, |_, value| Ok(value))
            .unwrap_or_default()
    }
}

impl ComponentInstanceState for Reader<'_> {
    async fn call_func_ret_list_u8(
        &mut self,
        instance: &str,
        func: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        self.call(instance, func, |store, list: WasmList<u8>| {
            contents(list.as_le_slice(&*store));
            Ok(())
        });
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.number(instance, func)
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.number(instance, func)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.number::<f32>(instance, func).to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.number::<f64>(instance, func).to_bits()
    }
}

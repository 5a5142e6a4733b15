//! The host's side of the contract: every function that a policy may import.
//!
//! Registered one by one on the linker, so that values cross without generated types between.

mod answer;
mod facts;
mod log;
mod payload;
mod reads;
mod settings;
mod state;
mod time;

pub(crate) use self::{
    log::Log,
    reads::{Place, Read, Reads},
    settings::Settings,
    state::{Evaluation, HostFault, Memory, Question, State},
    time::Now,
};

use admit_model::FaultKind;
use wasmtime::component::{Linker, LinkerInstance};

type Instance<'l> = LinkerInstance<'l, State>;

/// Registers the whole contract.
pub(crate) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for name in admit_wit::interfaces() {
        let mut instance = linker.instance(&interface(name))?;
        payload::link(name, &mut instance)?;
        match *name {
            "evaluation" => time::link(&mut instance)?,
            "settings" => settings::link(&mut instance)?,
            "facts" => facts::link(&mut instance)?,
            "verdict" => answer::link_verdict(&mut instance)?,
            "approval-stage" => answer::link_approval_stage(&mut instance)?,
            "log" => log::link(&mut instance)?,
            _ => {}
        }
    }
    Ok(())
}

/// Name of an interface as a component imports it.
pub(crate) fn interface(name: &str) -> String {
    format!(
        "{}/{name}@{}",
        admit_wit::PACKAGE,
        admit_wit::CONTRACT_VERSION
    )
}

/// A fault that ends the evaluation.
pub(crate) fn fault(kind: FaultKind, detail: impl Into<String>) -> wasmtime::Error {
    wasmtime::Error::new(HostFault::new(kind, detail))
}

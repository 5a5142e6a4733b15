//! A policy's diagnostics.

use wasmtime::{
    StoreContextMut,
    component::{ComponentType, Lift},
};

use super::{Instance, State};

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ComponentType, Lift)]
#[component(enum)]
#[repr(u8)]
#[expect(dead_code, reason = "made by lifting a guest's value")]
pub(crate) enum Level {
    #[component(name = "debug")]
    Debug,
    #[component(name = "info")]
    Info,
    #[component(name = "warn")]
    Warn,
    #[component(name = "error")]
    Error,
}

impl Level {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) level: Level,
    pub(crate) message: Box<str>,
}

/// What a policy logged in one evaluation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) lines: Vec<Line>,
    /// Lines that were over the bounds and are not kept.
    pub(crate) dropped: u64,
    bytes: usize,
}

impl Log {
    const LINES: usize = 100;
    const BYTES: usize = 64 * 1024;

    fn write(&mut self, level: Level, message: Box<str>) {
        let bytes = self.bytes.saturating_add(message.len());
        if self.lines.len() == Self::LINES || bytes > Self::BYTES {
            self.dropped += 1;
            return;
        }
        self.bytes = bytes;
        self.lines.push(Line { level, message });
    }
}

pub(super) fn link(instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    instance.func_wrap(
        "write",
        |mut store: StoreContextMut<'_, State>, (level, message): (Level, Box<str>)| {
            store.data_mut().log.write(level, message);
            Ok(())
        },
    )
}

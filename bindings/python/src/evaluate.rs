//! Evaluating, without the interpreter.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use admit::{Error, PolicySet, RecordedFacts};
use jiff::Timestamp;
use pyo3::prelude::*;

use crate::{
    callout::Given,
    error::exception,
    facts::{Raised, raised_while, within},
    report::Report,
};

/// How callouts are evaluated.
pub(crate) struct How {
    pub(crate) now: Timestamp,
    pub(crate) recorded: Option<RecordedFacts>,
    pub(crate) keep_reads: bool,
}

/// What became of one callout, before the interpreter sees it.
pub(crate) struct Ran {
    // In a box: many of them are handed on, from thread to thread.
    report: Result<Box<admit::Report>, Box<Error>>,
    raised: Vec<Raised>,
}

impl Ran {
    /// The report, or an exception: for a callout or a record that cannot be used, or what ended the
    /// program inside of a source.
    pub(crate) fn into_report(self, py: Python<'_>) -> PyResult<Report> {
        let ran = self.or_exit()?;
        match ran.report {
            Ok(report) => Ok(Report::new(py, report, ran.raised)),
            Err(error) => Err(exception(py, &error)),
        }
    }

    /// The same, or what ended the program inside of a source.
    fn or_exit(mut self) -> PyResult<Self> {
        match self.raised.iter().position(|raised| raised.is_exit) {
            Some(exit) => Err(self.raised.swap_remove(exit).into_error()),
            None => Ok(self),
        }
    }

    fn is_exit(&self) -> bool {
        self.raised.iter().any(|raised| raised.is_exit)
    }
}

/// Evaluates one callout. Takes no lock of the interpreter but for its sources.
pub(crate) fn one(set: &PolicySet, given: &Given, how: &How) -> Ran {
    let (report, raised) = raised_while(|| {
        let callout = given.parse()?;
        let mut evaluation = set.evaluation(&callout, how.now);
        if let Some(recorded) = &how.recorded {
            evaluation = evaluation.with_facts(recorded.clone());
        }
        if !how.keep_reads {
            evaluation = evaluation.without_reads();
        }
        evaluation.run()
    });
    let report = report.map(Box::new).map_err(Box::new);
    Ran { report, raised }
}

/// How often the caller's thread looks for signals.
const SIGNALS: Duration = Duration::from_millis(20);

/// Evaluates many callouts on the caller's thread and one more for each context, which its sources see.
/// Results are in the order of the callouts.
///
/// # Errors
///
/// What the handler of a signal raised, such as `KeyboardInterrupt`, or what a source raised to end the
/// program. What is not begun by then is not evaluated.
pub(crate) fn many(
    set: &PolicySet,
    given: &[Given],
    how: &How,
    helpers: Vec<Option<Py<PyAny>>>,
) -> PyResult<Vec<Ran>> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let done: Mutex<Vec<(usize, Ran)>> = Mutex::new(Vec::with_capacity(given.len()));
    let work = |mut between: Box<dyn FnMut() -> PyResult<()> + '_>| {
        let mut mine = Vec::new();
        let mut result = Ok(());
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(given) = given.get(index) else { break };
            let ran = one(set, given, how);
            result = between();
            let is_end = result.is_err() || ran.is_exit();
            mine.push((index, ran));
            if is_end {
                stop.store(true, Ordering::Relaxed);
            }
        }
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        done.append(&mut mine);
        result
    };
    thread::scope(|scope| {
        let work = &work;
        for context in helpers {
            let all = || work(Box::new(|| Ok(())));
            let helper = move || match context {
                Some(context) => within(context, all).unwrap_or(Ok(())),
                None => all(),
            };
            let spawned = thread::Builder::new().spawn_scoped(scope, helper);
            if spawned.is_err() {
                // Fewer do it as well.
                break;
            }
        }
        let mut looked = Instant::now();
        work(Box::new(move || {
            if looked.elapsed() < SIGNALS {
                return Ok(());
            }
            looked = Instant::now();
            Python::try_attach(|py| py.check_signals()).unwrap_or(Ok(()))
        }))
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, ran)| ran.or_exit()).collect()
}

//! Policy sets.

use std::{num::NonZeroUsize, path::PathBuf, thread};

use admit::{
    CodeCache, Combining, Engine, Error, ErrorKind, ExtensionRules, FileOptions, JoinApprovers,
    OnFault, Profile, Rule, SetOptions, Stage, WhenSilent,
};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyByteArray, PyBytes, PyDict, PyList, PyMapping, PyString},
};

use crate::{
    callout::{Given, Payload},
    error::{self, OrRaise as _, exception},
    evaluate::{self, How},
    facts::{Functions, RecordedFacts, copy_context, facts},
    findings::SetFinding,
    limits::Limits,
    policy::{Policy, one_of, prepare, stage},
    python::{instant, is_exit, is_mapping, member, not_pickled, number, shown, type_name},
    report::Report,
};

/// Policies in order and how they combine.
///
/// Making one loads and compiles its policies, which takes some 100 ms for each. Immutable, and shared
/// by threads; evaluating releases the interpreter lock. `PolicySet.from_file` loads one from its file.
///
/// Args:
///     policies: Its policies, in order.
///     source: Who answers, for the audit log.
///     rule: How outcomes combine: `"deny-overrides"`, `"first-applicable"` or `"unanimous"`.
///     when_silent: What counts when no policy has an opinion: `"deny"`, `"approve"` or `"withhold"`.
///     on_fault: What a fault counts as: `"deny"` or `"withhold"`.
///     join_approvers: What differing approval stages come to: `"refuse"` or `"union"`.
///     profile: The version of Graph that answers are for: `"v1.0"` or `"beta"`.
///     stages: What differs at single stages, by Graph's names: mappings with `when_silent` and
///         `on_fault`.
///     extension: The definition of the custom extension that is answered for, in Graph's JSON; callouts
///         of another kind are not evaluated.
///     catalog: The id of the extension's catalog; callouts of another are not evaluated.
///     limits: The limits of every policy.
///     facts: Facts that the policies may look up, by name: each a mapping, the path of a JSON file,
///         `JsonFacts`, `SqliteFacts`, or a function of a key that returns a JSON value, or None where
///         there is no such key. A mapping is copied and a file is read now, once: what changes later
///         is a function's. What is no mapping and can be called is a function, even if it is a path
///         as well. A function that raises is a fault, never an approval; one that is async is for
///         `aevaluate`.
///     prepare: When policies are configured: `"snapshot"`, once, or `"each-time"`, for a process that
///         evaluates few callouts: loading then takes a third.
///
/// Raises:
///     AdmitError: Something cannot be used: `SetError`, `PolicySettingsError` and their siblings say
///         what, with the policy and the place.
///     TypeError: An argument of another type.
#[pyclass(frozen, weakref, module = "admit")]
pub(crate) struct PolicySet(admit::PolicySet, Functions);

#[pymethods]
impl PolicySet {
    #[new]
    #[pyo3(signature = (
        policies, *, source, rule="deny-overrides", when_silent="deny", on_fault="deny",
        join_approvers="refuse", profile="v1.0", stages=None, extension=None, catalog=None,
        limits=None, facts=None, prepare="snapshot",
    ))]
    #[expect(clippy::too_many_arguments, reason = "by name, in Python")]
    fn new(
        py: Python<'_>,
        policies: Vec<Bound<'_, Policy>>,
        source: String,
        rule: &str,
        when_silent: &str,
        on_fault: &str,
        join_approvers: &str,
        profile: &str,
        stages: Option<&Bound<'_, PyMapping>>,
        extension: Option<&Bound<'_, PyAny>>,
        catalog: Option<&str>,
        limits: Option<&Bound<'_, Limits>>,
        facts: Option<&Bound<'_, PyMapping>>,
        prepare: &str,
    ) -> PyResult<Self> {
        let combining = Combining {
            rule: one_of(py, "rule", rule, Rule::ALL.into_iter(), Rule::as_str)?,
            when_silent: silence(py, when_silent)?,
            on_fault: fault(py, on_fault)?,
            join_approvers: one_of(
                py,
                "join_approvers",
                join_approvers,
                JoinApprovers::ALL.into_iter(),
                JoinApprovers::as_str,
            )?,
        };
        let (facts, functions) = self::facts(facts)?;
        let options = SetOptions {
            source,
            profile: one_of(
                py,
                "profile",
                profile,
                Profile::ALL.into_iter(),
                Profile::as_str,
            )?,
            combining,
            stages: differing(py, combining, stages)?,
            extension: rules(py, extension, catalog)?,
            facts,
        };
        let prepare = self::prepare(py, prepare)?;
        let limits = limits
            .map(|limits| limits.get().clone())
            .unwrap_or_default();
        let policies: Vec<&Policy> = policies.iter().map(Bound::get).collect();
        let set = py.detach(|| {
            let limits = limits.of_set();
            let own: Vec<_> = policies
                .iter()
                .map(|policy| policy.limits(&limits))
                .collect();
            let engine = Engine::new(limits.covering(&own))?;
            let policies = policies.iter().zip(own);
            let policies = policies.map(|(policy, limits)| policy.load(&engine, limits, prepare));
            let policies = policies.collect::<Result<Vec<_>, Error>>()?;
            admit::PolicySet::new(&engine, options, policies)
        });
        set.map(|set| Self(set, functions)).or_raise(py)
    }

    /// Loads a set from its file, `admit.toml`.
    ///
    /// Args:
    ///     path: The file.
    ///     facts: The facts that the file declares with `host = true`, by name: all of them, and no
    ///         others. As for `PolicySet`.
    ///     prepare: When policies are configured: `"snapshot"` or `"each-time"`. As for `PolicySet`.
    ///     without_sources: Whether to leave the sources of facts alone, for evaluating with recorded
    ///         facts: any lookup that is not in a record is a fault.
    ///     cache: A folder where compiled policies are kept, so that the next process need not compile
    ///         them. It is made if it is not there, and must be this user's alone.
    ///
    /// Returns:
    ///     The set.
    ///
    /// Raises:
    ///     AdmitError: The file, or something that it names, cannot be used: `SetFileError`, which is an
    ///         `OSError`, `SetError`, which is a `ValueError`, and their siblings, with line and column; or
    ///         `ArgumentError`: the cache's folder cannot be made, or others may write there.
    #[staticmethod]
    #[pyo3(signature = (path, *, facts=None, prepare="snapshot", without_sources=false, cache=None))]
    fn from_file(
        py: Python<'_>,
        path: PathBuf,
        facts: Option<&Bound<'_, PyMapping>>,
        prepare: &str,
        without_sources: bool,
        cache: Option<PathBuf>,
    ) -> PyResult<Self> {
        let (facts, functions) = self::facts(facts)?;
        let options = FileOptions {
            prepare: self::prepare(py, prepare)?,
            facts,
            without_sources,
            cache: cache.map(CodeCache::open).transpose().or_raise(py)?,
        };
        let set = py.detach(|| admit::PolicySet::from_file_with(path, options));
        set.map(|set| Self(set, functions)).or_raise(py)
    }

    /// Evaluates a callout: asks every policy that answers its stage, each in a fresh instance, and
    /// combines what they say.
    ///
    /// What goes wrong in a policy or in its facts is a fault in the report, which denies or withholds,
    /// and no exception. The same callout, instant, facts and set give the same report. The interpreter
    /// lock is released, and taken again for facts that are Python functions.
    ///
    /// Args:
    ///     callout: The payload as bytes, text or a mapping, or a `Callout`.
    ///     now: The instant that policies see, a datetime with a time zone; the system's clock where
    ///         left out.
    ///     facts: Facts that an earlier report recorded (`Report.facts`): no source is asked then.
    ///     reads: Whether to keep what policies read of the callout.
    ///
    /// Returns:
    ///     The report. There is an answer to send where `Report.resume_body` is not None.
    ///
    /// Raises:
    ///     AdmitError: The payload is not a callout: `CalloutSyntaxError` and its siblings; or
    ///         `FactRecordError`: the record is of another callout, a policy was cut short in it, or one
    ///         asks for what it lacks.
    ///     TypeError: `callout` or `now` is of another type.
    ///     ValueError: `now` has no time zone, or is outside of the years 1 to 9999 in UTC.
    #[pyo3(signature = (callout, *, now=None, facts=None, reads=true))]
    fn evaluate(
        &self,
        py: Python<'_>,
        callout: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        facts: Option<&Bound<'_, RecordedFacts>>,
        reads: bool,
    ) -> PyResult<Report> {
        let how = how(py, now, facts, reads)?;
        let given = Given::new(callout)?;
        let ran = py.detach(|| evaluate::one(&self.0, &given, &how));
        ran.into_report(py)
    }

    /// Evaluates many callouts, on several threads.
    ///
    /// Args:
    ///     callouts: An iterable of payloads, each as for `evaluate`.
    ///     threads: How many threads, the caller's included, at most the set's `concurrency`; as many as
    ///         the machine has cores where left out.
    ///     now: The instant that policies see, for all; as for `evaluate`.
    ///     reads: Whether to keep what policies read of the callouts.
    ///
    /// Returns:
    ///     In the order of the callouts, the report of each or, in its place, the exception that
    ///     `evaluate` would have raised: ask with `isinstance`. One bad callout stops nothing; what the
    ///     iterable itself raises is raised, and nothing was evaluated.
    ///
    /// Raises:
    ///     TypeError: `callouts` is one payload, or it, `threads` or `now` is of another type.
    ///     ValueError: `now` has no time zone or is outside of the years 1 to 9999 in UTC, or `threads`
    ///         is below 1.
    #[pyo3(signature = (callouts, *, threads=None, now=None, reads=true))]
    fn evaluate_many<'py>(
        &self,
        py: Python<'py>,
        callouts: &Bound<'py, PyAny>,
        threads: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        reads: bool,
    ) -> PyResult<Bound<'py, PyList>> {
        let how = how(py, now, None, reads)?;
        let threads = self.threads(threads)?;
        if is_one(callouts)? {
            let kind = type_name(callouts);
            return Err(PyTypeError::new_err(format!(
                "callouts are an iterable of payloads, such as a list of them, not {kind}"
            )));
        }
        // Those that cannot be read have their exceptions now; the others are evaluated.
        let mut places = Vec::new();
        let mut given = Vec::new();
        for callout in callouts.try_iter()? {
            if places.len().is_multiple_of(BETWEEN_SIGNALS) {
                py.check_signals()?;
            }
            match Given::new(&callout?) {
                Err(error) if is_exit(py, &error) => return Err(error),
                read => places.push(read.map(|callout| given.push(callout))),
            }
        }
        let threads = threads.min(NonZeroUsize::new(given.len()).unwrap_or(NonZeroUsize::MIN));
        // Sources of Python's see the same context variables on every thread.
        let context = |_| match self.1.is_empty() {
            true => Ok(None),
            false => copy_context(py).map(Some),
        };
        let helpers = (1..threads.get())
            .map(context)
            .collect::<PyResult<Vec<_>>>()?;
        let ran = py.detach(|| evaluate::many(&self.0, &given, &how, helpers))?;
        let mut ran = ran.into_iter();
        let results = PyList::empty(py);
        for place in places {
            let result = match place {
                Ok(()) => match ran.next() {
                    Some(ran) => ran.into_report(py),
                    None => Err(PyValueError::new_err("a callout was not evaluated")),
                },
                Err(error) => Err(error),
            };
            match result {
                Ok(report) => results.append(report)?,
                Err(error) if is_exit(py, &error) => return Err(error),
                Err(error) => results.append(error.into_value(py))?,
            }
        }
        Ok(results)
    }

    /// Evaluates a callout on a thread of the set's own, of which there are as many as the set's
    /// `concurrency`.
    ///
    /// The event loop goes on meanwhile. What waits for a thread waits before its policies' deadlines
    /// begin. Facts may be async functions here: they run on the event loop, and are cancelled when the
    /// policy's deadline is over or the evaluation is cancelled.
    ///
    /// Args:
    ///     callout: As for `evaluate`. A mapping is read at once, and may change before the report is
    ///         awaited.
    ///     now: As for `evaluate`; the clock is read when the evaluation begins.
    ///     facts: As for `evaluate`.
    ///     reads: As for `evaluate`.
    ///
    /// Returns:
    ///     A coroutine of the report, to be awaited once or made a task.
    ///
    /// Raises:
    ///     AdmitError: As for `evaluate`, when awaited.
    #[pyo3(signature = (callout, *, now=None, facts=None, reads=true))]
    fn aevaluate<'py>(
        slf: &Bound<'py, Self>,
        callout: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        facts: Option<&Bound<'py, RecordedFacts>>,
        reads: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let named = PyDict::new(py);
        named.set_item("now", now)?;
        named.set_item("facts", facts)?;
        named.set_item("reads", reads)?;
        let threads = slf.get().concurrency();
        member!(py, "admit._aio", "call")?.call((slf, threads, callout), Some(&named))
    }

    /// What is doubtful with the set. Nothing is evaluated.
    ///
    /// Returns:
    ///     Warnings and notes, the worst first.
    fn findings(&self, py: Python<'_>) -> Vec<SetFinding> {
        let findings = py.detach(|| self.0.findings());
        findings.into_iter().map(SetFinding).collect()
    }

    /// The ids of its policies, in order.
    #[getter]
    fn policy_ids(&self) -> Vec<&str> {
        let policies = self.0.policies().iter();
        policies.map(|policy| policy.id().as_str()).collect()
    }

    /// Who answers.
    #[getter]
    fn source(&self) -> &str {
        &self.0.options().source
    }

    fn __reduce__(&self) -> PyResult<()> {
        let instead = "load it in each process, and share it between threads";
        Err(not_pickled("a policy set", instead))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.1.traverse(&visit)
    }

    fn __repr__(&self) -> String {
        let rule = self.0.options().combining.rule.as_str();
        shown(
            "PolicySet",
            &format!("{rule}: {}", self.policy_ids().join(", ")),
        )
    }
}

impl PolicySet {
    /// How many instances exist at once, and so the most threads that are of use.
    fn concurrency(&self) -> NonZeroUsize {
        let most = self.0.engine().limits().concurrency;
        let most = usize::try_from(most).ok().and_then(NonZeroUsize::new);
        most.unwrap_or(NonZeroUsize::MIN)
    }

    /// How many threads evaluate at once.
    fn threads(&self, given: Option<&Bound<'_, PyAny>>) -> PyResult<NonZeroUsize> {
        let most = self.concurrency();
        let threads = match given {
            Some(given) => number("threads", given)?
                .and_then(NonZeroUsize::new)
                .ok_or_else(|| {
                    PyValueError::new_err("threads is 0, negative or too large; give 1 or more")
                })?,
            None => thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        Ok(threads.min(most))
    }
}

/// Whether it is one payload, and no iterable of them, though Python iterates over its bytes, characters or
/// keys.
fn is_one(given: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(given.is_instance_of::<PyBytes>()
        || given.is_instance_of::<PyByteArray>()
        || given.is_instance_of::<PyString>()
        || is_mapping(given)?)
}

/// How many callouts are taken before signals are looked at: nothing else does where no Python runs.
const BETWEEN_SIGNALS: usize = 4096;

fn how(
    py: Python<'_>,
    now: Option<&Bound<'_, PyAny>>,
    facts: Option<&Bound<'_, RecordedFacts>>,
    reads: bool,
) -> PyResult<How> {
    Ok(How {
        now: instant(py, now)?,
        recorded: facts.map(|facts| facts.get().0.clone()),
        keep_reads: reads,
    })
}

fn silence(py: Python<'_>, name: &str) -> PyResult<WhenSilent> {
    let all = WhenSilent::ALL.into_iter();
    one_of(py, "when_silent", name, all, WhenSilent::as_str)
}

fn fault(py: Python<'_>, name: &str) -> PyResult<OnFault> {
    one_of(
        py,
        "on_fault",
        name,
        OnFault::ALL.into_iter(),
        OnFault::as_str,
    )
}

/// What differs at single stages.
fn differing(
    py: Python<'_>,
    usual: Combining,
    given: Option<&Bound<'_, PyMapping>>,
) -> PyResult<Vec<(Stage, Combining)>> {
    let mut stages = Vec::new();
    let Some(given) = given else {
        return Ok(stages);
    };
    for item in given.items()?.iter() {
        let (name, differs): (String, Bound<'_, PyMapping>) = item.extract()?;
        let mut combining = usual;
        for item in differs.items()?.iter() {
            let (key, value): (String, String) = item.extract()?;
            match key.as_str() {
                "when_silent" => combining.when_silent = silence(py, &value)?,
                "on_fault" => combining.on_fault = fault(py, &value)?,
                _ => {
                    let detail =
                        format!("unknown key `{key}` of a stage; known are when_silent, on_fault");
                    return Err(error::set(py, "stages", detail));
                }
            }
        }
        stages.push((stage(py, &name)?, combining));
    }
    Ok(stages)
}

/// The rules of the extension that is answered for.
fn rules(
    py: Python<'_>,
    extension: Option<&Bound<'_, PyAny>>,
    catalog: Option<&str>,
) -> PyResult<Option<ExtensionRules>> {
    const KIND: ErrorKind = ErrorKind::GraphObject;
    let Some(extension) = extension else {
        return match catalog {
            None => Ok(None),
            Some(_) => Err(error::set(
                py,
                "catalog",
                "a catalog belongs to an extension",
            )),
        };
    };
    let payload = Payload::new(extension, "an extension", KIND)?;
    let text = str::from_utf8(payload.bytes())
        .map_err(|_| exception(py, &Error::new(KIND, "not UTF-8").at("extension")))?;
    let rules = ExtensionRules::from_json(text).or_raise(py)?;
    match catalog {
        None => Ok(Some(rules)),
        Some(id) => rules.of_catalog(id).map(Some).or_raise(py),
    }
}

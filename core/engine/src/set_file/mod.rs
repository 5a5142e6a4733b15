//! The policy set file, `admit.toml`.
//!
//! [`tables`] is what it may say, [`values`] its single values, [`place`] where something stands in
//! it. [`read`] makes a set of it, or says everything that is wrong with it; [`load`] and [`check`]
//! are what it is read for.

mod facts;
mod place;
#[cfg(feature = "schema")]
mod schema;
mod tables;
mod values;

use std::path::Path;

use admit_model::{
    Combining, Error, ErrorKind, JoinApprovers, OnFault, Profile, Stage, WhenSilent,
};
use serde_json::{Map, Value};

use self::{
    place::File,
    tables::{JoinApproversName, PolicyLimitsTable, PolicyTable, ProfileName},
    values::json,
};
use crate::{
    cache::CodeCache,
    check::{self, SetFinding},
    engine::Engine,
    facts::Facts,
    limits::{Limits, PolicyLimits},
    policy::{self, Policy, PolicyOptions, Prepare},
    set::{About, Outline, PolicySet, SetOptions},
};

pub(crate) use self::tables::SetFile;

/// What a set file does not say.
#[derive(Clone, Debug, Default)]
pub struct FileOptions {
    /// When the policies are configured: a process that evaluates a single callout is done sooner
    /// with [`Prepare::EachTime`].
    pub prepare: Prepare,
    /// The sources of the facts that the file declares with `host = true`: each of them, and no
    /// others. [`PolicySet::check_file`] does without them.
    pub facts: Facts,
    /// Whether to leave the sources of facts alone: no file and no database is opened, and only
    /// evaluations with recorded facts have any.
    pub without_sources: bool,
    /// Where compiled code is kept; none keeps nothing.
    pub cache: Option<CodeCache>,
}

impl From<Prepare> for FileOptions {
    fn from(prepare: Prepare) -> Self {
        Self {
            prepare,
            ..Self::default()
        }
    }
}

/// What a set file is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To evaluate: the host gives the facts that are declared as its own.
    Evaluate,
    /// To look at it: nothing is looked up, so the host need not give them.
    Check,
}

/// Loads a set from its file; the first thing that is wrong with it is the error.
pub(crate) fn load(path: &Path, given: &FileOptions) -> Result<PolicySet, Error> {
    let file = File::read(path)?;
    let said = file.parse()?;
    read(&file, &said, given, Purpose::Evaluate).map_err(policy::first)
}

/// Says everything that is wrong with a set file or, where nothing is, doubtful.
pub(crate) fn check(path: &Path, given: &FileOptions) -> Vec<SetFinding> {
    let opened = File::read(path).and_then(|file| Ok((file.parse()?, file)));
    let (said, file) = match opened {
        Ok(opened) => opened,
        Err(error) => return vec![error.into()],
    };
    match read(&file, &said, given, Purpose::Check) {
        Ok(set) => (check::doubts(&set).into_iter())
            .chain(left_to_host(&said, given))
            .map(|(about, finding)| finding.at(place(&file, &said, about)))
            .collect(),
        Err(errors) => errors.into_iter().map(SetFinding::from).collect(),
    }
}

/// A note on each collection that the host must give, and did not.
fn left_to_host(set: &SetFile, given: &FileOptions) -> impl Iterator<Item = (About, SetFinding)> {
    let facts = set.facts.iter().enumerate();
    facts.filter_map(|(index, (name, table))| {
        let is_left = table.host.is_some() && !given.facts.has(name.get_ref());
        is_left.then(|| (About::Facts(index), check::host_facts(name.get_ref())))
    })
}

/// The set that a file describes, or everything that is wrong with it.
fn read(
    file: &File,
    set: &SetFile,
    given: &FileOptions,
    purpose: Purpose,
) -> Result<PolicySet, Vec<Error>> {
    let mut problems = outline(file, set);
    let options = SetOptions {
        source: set.source.get_ref().clone(),
        profile: match set.profile {
            ProfileName::V1 => Profile::V1,
            ProfileName::Beta => Profile::Beta,
        },
        combining: combining(set),
        stages: stages(file, set, &mut problems),
        extension: set.extension.as_ref().and_then(|table| {
            let extension = file.extension(table);
            extension.map_err(|error| problems.push(error)).ok()
        }),
        facts: facts::attach(file, &set.facts, given, purpose, &mut problems),
    };
    let engine = Engine::make(engine_limits(set), given.cache.clone());
    let engine = engine.map_err(|error| vec![error.within(file.shown())]);
    let engine = match engine {
        Ok(engine) => engine,
        Err(error) => {
            problems.extend(error);
            return Err(problems);
        }
    };
    let mut policies = Vec::with_capacity(set.policy.len());
    for table in &set.policy {
        match policy(file, &engine, set, table, given.prepare) {
            Ok(policy) => policies.push(policy),
            Err(errors) => problems.extend(errors),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    PolicySet::new(&engine, options, policies).map_err(|error| vec![error.within(file.shown())])
}

/// What is wrong with the set as a whole.
fn outline(file: &File, set: &SetFile) -> Vec<Error> {
    let granted: Vec<Vec<&str>> = (set.policy.iter())
        .map(|policy| {
            policy
                .facts
                .iter()
                .map(|name| name.get_ref().as_str())
                .collect()
        })
        .collect();
    let outline = Outline {
        source: set.source.get_ref(),
        policies: (set.policy.iter().zip(&granted))
            .map(|(policy, granted)| (policy.id.get_ref().as_str(), granted.as_slice()))
            .collect(),
        facts: set
            .facts
            .keys()
            .map(|name| name.get_ref().as_str())
            .collect(),
    };
    (outline.problems().into_iter())
        .map(|(about, error)| error.at(place(file, set, about)))
        .collect()
}

/// Where what a problem is about stands.
fn place(file: &File, set: &SetFile, about: About) -> String {
    let policy = |index| set.policy.get(index);
    let place = match about {
        About::Set => None,
        About::Source => Some(file.place_of(&set.source)),
        About::Policy(index) => policy(index).map(|policy| file.place_of(&policy.id)),
        About::Granted(index, granted) => policy(index)
            .and_then(|policy| policy.facts.get(granted))
            .map(|name| file.place_of(name)),
        About::Facts(index) => set.facts.keys().nth(index).map(|name| file.place_of(name)),
    };
    place.unwrap_or_else(|| file.place(None))
}

fn combining(set: &SetFile) -> Combining {
    Combining {
        rule: set.rule.into(),
        when_silent: set.when_silent.into(),
        on_fault: set.on_fault.into(),
        join_approvers: match set.join_approvers {
            JoinApproversName::Refuse => JoinApprovers::Refuse,
            JoinApproversName::Union => JoinApprovers::Union,
        },
    }
}

/// What differs at single stages.
fn stages(file: &File, set: &SetFile, problems: &mut Vec<Error>) -> Vec<(Stage, Combining)> {
    let usual = combining(set);
    let mut stages = Vec::with_capacity(set.stage.len());
    for (name, table) in &set.stage {
        let differing = Combining {
            when_silent: table
                .when_silent
                .map_or(usual.when_silent, WhenSilent::from),
            on_fault: table.on_fault.map_or(usual.on_fault, OnFault::from),
            ..usual
        };
        match file.stage(name) {
            Ok(stage) => stages.push((stage, differing)),
            Err(error) => problems.push(error),
        }
    }
    stages
}

/// Loads one policy, or says everything that is wrong with it.
fn policy(
    file: &File,
    engine: &Engine,
    set: &SetFile,
    table: &PolicyTable,
    prepare: Prepare,
) -> Result<Policy, Vec<Error>> {
    let at = file.place_of(&table.id);
    let id = table.id.get_ref();
    let mut problems = Vec::new();
    let mut settings = Map::new();
    for (key, value) in &table.settings {
        match json(value, &format!("settings/{key}")) {
            Ok(value) => {
                settings.insert(key.clone(), value);
            }
            Err(problem) => problems.push(Error::new(ErrorKind::Set, problem).at(&at)),
        }
    }
    let stages = table.stages.as_ref().map(|names| {
        let stages = names.iter().map(|name| file.stage(name));
        let found = stages.filter_map(|stage| stage.map_err(|error| problems.push(error)).ok());
        found.collect::<Vec<_>>()
    });
    let options = PolicyOptions {
        settings: Value::Object(settings),
        stages: stages.filter(|_| problems.is_empty()),
        facts: (table.facts.iter())
            .map(|name| name.get_ref().clone())
            .collect(),
        limits: Some(policy_limits(&defaults(set), &table.limits)),
        prepare,
        sha256: table.sha256.as_ref().map(|pin| pin.0.clone()),
    };
    let component = file.path(table.component.get_ref());
    let shown = component.display().to_string();
    let problems_before = problems.len();
    let loaded = policy::read(&component)
        .map_err(|error| vec![error])
        .and_then(|bytes| Policy::load(engine, id, &bytes, options));
    let placed = |error: Error| match error.kind() {
        // The component is at fault: its own path is the place.
        ErrorKind::PolicyFile => error,
        ErrorKind::PolicyFormat
        | ErrorKind::PolicyInterface
        | ErrorKind::PolicyMetadata
        | ErrorKind::PolicyLoad
        | ErrorKind::PolicyPin => error.at(&shown),
        // What the set says is at fault.
        _ => error.within(&at),
    };
    match loaded {
        Ok(policy) if problems_before == 0 => return Ok(policy),
        Ok(_) => {}
        Err(errors) => problems.extend(errors.into_iter().map(placed)),
    }
    Err(problems
        .into_iter()
        .map(|error| error.of_policy(id))
        .collect())
}

/// What the set says for every policy.
fn defaults(set: &SetFile) -> Limits {
    let default = Limits::default();
    let given = &set.limits;
    Limits {
        fuel: given.fuel.map_or(default.fuel, |fuel| fuel.0),
        deadline: given.deadline.map_or(default.deadline, |time| time.0),
        memory: given.memory.map_or(default.memory, |size| size.0),
        stack: given.stack.map_or(default.stack, |size| {
            usize::try_from(size.0).unwrap_or(usize::MAX)
        }),
        concurrency: given.concurrency.unwrap_or(default.concurrency),
    }
}

/// What the engine must be able to keep.
fn engine_limits(set: &SetFile) -> Limits {
    let defaults = defaults(set);
    let policies = set.policy.iter();
    let own: Vec<_> = policies
        .map(|policy| policy_limits(&defaults, &policy.limits))
        .collect();
    defaults.covering(&own)
}

fn policy_limits(set: &Limits, table: &PolicyLimitsTable) -> PolicyLimits {
    PolicyLimits {
        fuel: table.fuel.map_or(set.fuel, |fuel| fuel.0),
        deadline: table.deadline.map_or(set.deadline, |time| time.0),
        memory: table.memory.map_or(set.memory, |size| size.0),
    }
}

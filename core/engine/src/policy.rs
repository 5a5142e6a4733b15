//! A policy: a component that was checked, compiled, linked and configured.

use std::{fmt, fmt::Write as _, fs, path::Path, sync::Arc};

use admit_model::{Error, ErrorKind, PolicyId, Stage};
use admit_wit::Metadata;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use wasmtime::component::{
    Component, ComponentExportIndex, InstancePre, Type, types::ComponentItem,
};

use crate::{
    cache::Kept,
    engine::{Engine, Pool},
    facts::from_text,
    host::{Settings, State},
    inspection::{Inspection, compile},
    limits::PolicyLimits,
    sandbox,
};

/// What a set says about one of its policies.
#[derive(Clone, Debug, Default)]
pub struct PolicyOptions {
    /// The policy's settings, checked against its own schema; null is `{}`.
    pub settings: Value,
    /// The stages that it is asked at; none means all that its metadata names. May only narrow.
    pub stages: Option<Vec<Stage>>,
    /// The collections of facts that it may look up; any other lookup is a fault.
    pub facts: Vec<String>,
    /// Its limits; none means the engine's.
    pub limits: Option<PolicyLimits>,
    /// When it is configured.
    pub prepare: Prepare,
    /// The digest that the component must have: SHA-256 in hexadecimal.
    pub sha256: Option<String>,
}

impl PolicyOptions {
    /// The same, with settings from the text of a JSON object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PolicySettings`]: the text is not JSON, or names a member twice.
    pub fn with_settings_json(self, text: &str) -> Result<Self, Error> {
        let settings =
            from_text(text, ErrorKind::PolicySettings).map_err(|error| error.within("settings"))?;
        Ok(Self { settings, ..self })
    }
}

/// When a policy's `configure` runs. The reports are the same bytes either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prepare {
    /// Once, when it is loaded; its instances start configured. Loading compiles three times
    /// instead of once, and evaluating costs the same however many settings there are.
    /// Components that cannot be snapshotted are configured each time.
    #[default]
    Snapshot,
    /// In every instance: for a process that evaluates few callouts.
    EachTime,
}

/// A policy, ready to evaluate.
///
/// Expensive to load, since loading compiles; cheap to clone, immutable, shared by threads.
#[derive(Clone)]
pub struct Policy(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) id: PolicyId,
    pub(crate) engine: Engine,
    pub(crate) pool: Arc<Pool>,
    pub(crate) component: Inspection,
    pub(crate) stages: Vec<Stage>,
    pub(crate) settings: Arc<Settings>,
    /// Collections of facts that it may look up.
    pub(crate) granted: Arc<[String]>,
    pub(crate) limits: PolicyLimits,
    /// When it was asked to be configured.
    pub(crate) prepare: Prepare,
    pub(crate) pre: InstancePre<State>,
    /// Whether its instances start configured.
    pub(crate) is_snapshotted: bool,
    pub(crate) evaluate: ComponentExportIndex,
}

impl Inner {
    /// The policy once `configure` has run; given its component, so that instances start with that
    /// where they can. Gives also what they start with, if they do.
    fn configured(mut self, component: Option<&[u8]>) -> Result<(Self, Kept), Error> {
        let configured = sandbox::try_configure(&self, component)?;
        if let Some(configured) = &configured {
            let (pre, evaluate) = link(&self.pool, configured).map_err(|error| {
                Error::new(
                    ErrorKind::Internal,
                    format!("its snapshot cannot be linked: {}", error.detail()),
                )
            })?;
            self.pre = pre;
            self.evaluate = evaluate;
            self.is_snapshotted = true;
        }
        Ok((self, configured))
    }
}

/// A component with its imports, ready for instances, and the export that answers.
fn link(
    pool: &Pool,
    component: &Component,
) -> Result<(InstancePre<State>, ComponentExportIndex), Error> {
    let pre = pool.linker.instantiate_pre(component).map_err(|error| {
        Error::new(
            ErrorKind::PolicyInterface,
            format!("does not fit the contract: {error:#}"),
        )
    })?;
    export(component, "configure")?;
    Ok((pre, export(component, "evaluate")?))
}

impl Policy {
    /// Loads a policy from a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PolicyFile`] where the file cannot be read, and those of
    /// [`from_bytes`](Self::from_bytes).
    pub fn from_file(
        engine: &Engine,
        id: &str,
        path: impl AsRef<Path>,
        options: PolicyOptions,
    ) -> Result<Self, Error> {
        let component = read(path.as_ref()).map_err(|error| error.of_policy(id))?;
        Self::from_bytes(engine, id, &component, options)
    }

    /// Loads a policy from a component's bytes: checks them, compiles them, checks the settings,
    /// and calls the policy's `configure` once.
    ///
    /// # Errors
    ///
    /// One kind of [`ErrorKind`] for each way in which a policy cannot be used; see there.
    pub fn from_bytes(
        engine: &Engine,
        id: &str,
        component: &[u8],
        options: PolicyOptions,
    ) -> Result<Self, Error> {
        Self::load(engine, id, component, options).map_err(|errors| first(errors).of_policy(id))
    }

    /// Loads a policy, or says everything that is wrong with it and with what the set says of it.
    pub(crate) fn load(
        engine: &Engine,
        id: &str,
        bytes: &[u8],
        options: PolicyOptions,
    ) -> Result<Self, Vec<Error>> {
        let mut problems = Vec::new();
        let known = PolicyId::new(id);
        if known.is_none() {
            problems.push(Error::new(
                ErrorKind::Set,
                format!("the policy id `{id}` is not `[a-z0-9-]{{1,64}}`"),
            ));
        }
        let limits = options
            .limits
            .unwrap_or_else(|| PolicyLimits::from(engine.limits()));
        problems.extend(limits.problems(engine.limits()));
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(pin) = options.sha256 {
            let actual = hex(&sha256);
            if !pin.eq_ignore_ascii_case(&actual) {
                problems.push(Error::new(
                    ErrorKind::PolicyPin,
                    format!("the component's SHA-256 is {actual}; the set pins {pin}"),
                ));
            }
        }
        let mut settings = match options.settings {
            Value::Null => Value::Object(serde_json::Map::new()),
            settings => settings,
        };
        let pool = match engine.inner().pool(bytes) {
            Ok(pool) => pool,
            Err(error) => {
                problems.push(error);
                return Err(problems);
            }
        };
        let unfit = Metadata::read(bytes).map(|metadata| complete(&metadata, &mut settings));
        let settings = Arc::new(Settings::new(settings));
        let used = format!("{limits:?} {}", engine.limits().stack);
        let parts: [&[u8]; 4] = [b"configured", &sha256, &settings.sha256, used.as_bytes()];
        // Of a policy that starts configured nothing else is needed.
        let entry = (options.prepare == Prepare::Snapshot
            && unfit.as_ref().is_ok_and(Vec::is_empty))
        .then(|| engine.inner().entry(&pool, &parts))
        .flatten();
        let kept = entry.as_ref().and_then(|entry| entry.load(&pool.wasm));
        let is_snapshotted = matches!(kept, Some(Some(_)));
        let cannot = matches!(kept, Some(None));
        let compiled = compile(engine, &pool, bytes, sha256, kept.flatten())
            .map_err(|error| problems.push(error));
        let stages = compiled.as_ref().ok().and_then(|(_, inspection)| {
            let metadata = inspection.metadata();
            problems.extend(unfit.into_iter().flatten());
            problems.extend(check_grants(metadata, &options.facts).err());
            let stages = stages(metadata, options.stages);
            stages.map_err(|error| problems.push(error)).ok()
        });
        let (Some(id), Ok((compiled, inspection)), Some(stages), true) =
            (known, compiled, stages, problems.is_empty())
        else {
            return Err(problems);
        };
        let snapshot = options.prepare == Prepare::Snapshot && !cannot;
        let policy = link(&pool, &compiled).and_then(|(pre, evaluate)| {
            let policy = Inner {
                id,
                engine: engine.clone(),
                pool,
                component: inspection,
                stages,
                settings,
                granted: options.facts.into(),
                limits,
                prepare: options.prepare,
                pre,
                is_snapshotted,
                evaluate,
            };
            if is_snapshotted {
                return Ok(policy);
            }
            let (policy, kept) = policy.configured(snapshot.then_some(bytes))?;
            if let (Some(entry), true) = (entry, snapshot) {
                entry.save(kept.as_ref());
            }
            Ok(policy)
        });
        match policy {
            Ok(policy) => Ok(Self(Arc::new(policy))),
            Err(error) => Err(vec![error]),
        }
    }

    /// Its id in the set.
    pub fn id(&self) -> &PolicyId {
        &self.0.id
    }

    /// The stages that it is asked at.
    pub fn stages(&self) -> &[Stage] {
        &self.0.stages
    }

    /// The collections of facts that it may look up.
    pub fn facts(&self) -> &[String] {
        &self.0.granted
    }

    /// What it may use.
    pub fn limits(&self) -> &PolicyLimits {
        &self.0.limits
    }

    /// What its component is.
    pub fn component(&self) -> &Inspection {
        &self.0.component
    }

    /// SHA-256 of its settings as JSON text with sorted keys and no spaces, in hexadecimal.
    pub fn settings_sha256(&self) -> String {
        hex(&self.0.settings.sha256)
    }

    /// Whether its instances start configured, rather than being configured each time.
    pub fn is_snapshotted(&self) -> bool {
        self.0.is_snapshotted
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("id", &self.0.id)
            .field("component", &self.0.component)
            .finish_non_exhaustive()
    }
}

/// An export of the world: it is there, and of the type that both have.
fn export(component: &Component, name: &str) -> Result<ComponentExportIndex, Error> {
    let problem = |problem: &str| {
        Error::new(
            ErrorKind::PolicyInterface,
            format!("{problem}; build it for the contract's world `policy`"),
        )
    };
    let (item, index) = component
        .get_export(None, name)
        .ok_or_else(|| problem(&format!("does not export `{name}`")))?;
    let fits = match item {
        ComponentItem::ComponentFunc(function) => {
            let results: Vec<_> = function.results().collect();
            function.params().len() == 0
                && matches!(
                    results.as_slice(),
                    [Type::Result(result)]
                        if result.ok().is_none() && result.err() == Some(Type::String)
                )
        }
        _ => false,
    };
    if !fits {
        return Err(problem(&format!(
            "its export `{name}` is not `func() -> result<_, string>`"
        )));
    }
    Ok(index)
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| {
        Error::new(ErrorKind::PolicyFile, format!("cannot be read: {error}"))
            .at(path.display().to_string())
            .caused_by(error)
    })
}

fn stages(metadata: &Metadata, narrowed: Option<Vec<Stage>>) -> Result<Vec<Stage>, Error> {
    let named: Vec<Stage> = metadata
        .stages
        .iter()
        .map(|name| {
            Stage::ALL
                .iter()
                .copied()
                .find(|stage| stage.is_evaluated() && stage.as_str() == name)
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::PolicyMetadata,
                        format!("its metadata names the stage `{name}`, which does not exist"),
                    )
                })
        })
        .collect::<Result<_, _>>()?;
    if named.is_empty() {
        return Err(Error::new(
            ErrorKind::PolicyMetadata,
            "its metadata names no stage",
        ));
    }
    let Some(narrowed) = narrowed else {
        return Ok(named);
    };
    if narrowed.is_empty() {
        return Err(Error::new(
            ErrorKind::Set,
            "an empty list of stages: the policy would never be asked; leave `stages` out for all \
             that it names, or take the policy out",
        )
        .at("stages"));
    }
    if let Some(foreign) = narrowed.iter().find(|stage| !named.contains(stage)) {
        return Err(Error::new(
            ErrorKind::Set,
            format!("the set asks it at {foreign}, which its metadata does not name"),
        )
        .at("stages"));
    }
    Ok(narrowed)
}

/// Refuses grants that lack a collection that the policy asks for: each lookup would be a fault.
fn check_grants(metadata: &Metadata, granted: &[String]) -> Result<(), Error> {
    let missing: Vec<_> = (metadata.facts.iter())
        .filter(|asked| !granted.contains(asked))
        .map(|asked| format!("`{asked}`"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Set,
        format!(
            "asks for the facts {}, which the set does not grant it; `facts` of the policy lists \
             what it may look up",
            missing.join(", ")
        ),
    )
    .at("facts"))
}

/// Most problems of settings that are told at once.
const PROBLEMS: usize = 50;

/// Adds what the policy brings itself to the settings that the set gives. Gives everything that does
/// not fit the policy's schema.
fn complete(metadata: &Metadata, settings: &mut Value) -> Vec<Error> {
    let wrong = |detail: String| Error::new(ErrorKind::PolicySettings, detail).at("settings");
    let given = settings.as_object().map(serde_json::Map::len);
    if metadata.settings_schema.is_none() && given != Some(0) {
        return vec![wrong("takes no settings, and the set gives some".into())];
    }
    if let Some(members) = settings.as_object_mut() {
        for (name, value) in &metadata.settings {
            if members.insert(name.clone(), value.clone()).is_some() {
                let taken = format!("the policy brings `{name}` itself; a set cannot change it");
                return vec![wrong(taken).at(format!("settings/{name}"))];
            }
        }
    }
    let Some(schema) = &metadata.settings_schema else {
        return Vec::new();
    };
    let validator = match jsonschema::draft202012::new(schema) {
        Ok(validator) => validator,
        Err(error) => {
            return vec![Error::new(
                ErrorKind::PolicyMetadata,
                format!("its settings schema is not a valid JSON Schema: {error}"),
            )];
        }
    };
    let problems = validator.iter_errors(settings).take(PROBLEMS);
    let problems = problems.map(|problem| {
        Error::new(
            ErrorKind::PolicySettings,
            format!("do not fit the policy's schema: {problem}"),
        )
        .at(format!("settings{}", problem.instance_path()))
    });
    let mut problems: Vec<_> = problems.collect();
    // A schema may forget to say so, and what the policy brings would be missing.
    if problems.is_empty() && !settings.is_object() {
        problems.push(wrong("are not an object".into()));
    }
    problems
}

/// The first of several errors.
pub(crate) fn first(errors: Vec<Error>) -> Error {
    let none = || Error::new(ErrorKind::Internal, "failed without an error");
    errors.into_iter().next().unwrap_or_else(none)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

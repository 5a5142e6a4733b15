//! A policy: a component that was checked, compiled, linked and configured.

use std::{fmt, fmt::Write as _, fs, path::Path, sync::Arc};

use admit_model::{Error, ErrorKind, PolicyId, Stage};
use admit_wit::{Metadata, MetadataError};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use wasmtime::component::{
    Component, ComponentExportIndex, InstancePre, Type, types::ComponentItem,
};

use crate::{
    engine::Engine,
    facts::from_text,
    host::{Settings, State, interface},
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
    /// where they can.
    fn configured(mut self, component: Option<&[u8]>) -> Result<Self, Error> {
        if let Some(configured) = sandbox::try_configure(&self, component)? {
            let (pre, evaluate) = link(&self.engine, &configured).map_err(|error| {
                Error::new(
                    ErrorKind::Internal,
                    format!("its snapshot cannot be linked: {}", error.detail()),
                )
            })?;
            self.pre = pre;
            self.evaluate = evaluate;
            self.is_snapshotted = true;
        }
        Ok(self)
    }
}

/// A component with its imports, ready for instances, and the export that answers.
fn link(
    engine: &Engine,
    component: &Component,
) -> Result<(InstancePre<State>, ComponentExportIndex), Error> {
    let pre = engine
        .inner()
        .linker
        .instantiate_pre(component)
        .map_err(|error| {
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
        let settings = match options.settings {
            Value::Null => Value::Object(serde_json::Map::new()),
            settings => settings,
        };
        let compiled = compile(engine, bytes, sha256).map_err(|error| problems.push(error));
        let stages = compiled.as_ref().ok().and_then(|(_, inspection)| {
            let metadata = &inspection.metadata;
            problems.extend(check_settings(metadata, &settings));
            problems.extend(check_grants(metadata, &options.facts).err());
            let stages = stages(metadata, options.stages);
            stages.map_err(|error| problems.push(error)).ok()
        });
        let (Some(id), Ok((compiled, inspection)), Some(stages), true) =
            (known, compiled, stages, problems.is_empty())
        else {
            return Err(problems);
        };
        let snapshot = (options.prepare == Prepare::Snapshot).then_some(bytes);
        let policy = link(engine, &compiled).and_then(|(pre, evaluate)| {
            let policy = Inner {
                id,
                engine: engine.clone(),
                component: inspection,
                stages,
                settings: Arc::new(Settings::new(settings)),
                granted: options.facts.into(),
                limits,
                prepare: options.prepare,
                pre,
                is_snapshotted: false,
                evaluate,
            };
            policy.configured(snapshot)
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

/// What a component is and can do, found without running it.
#[derive(Clone, Debug)]
pub struct Inspection {
    sha256: [u8; 32],
    size: usize,
    imports: Vec<String>,
    metadata: Metadata,
}

impl Inspection {
    /// Looks at a component: its digest, its imports, and what it says about itself. It is
    /// validated and compiled, and not run.
    ///
    /// # Errors
    ///
    /// As for [`Policy::from_bytes`], but for settings.
    pub fn of(engine: &Engine, component: &[u8]) -> Result<Self, Error> {
        let (_, inspection) = compile(engine, component, Sha256::digest(component).into())?;
        Ok(inspection)
    }

    /// SHA-256 of the component's bytes in hexadecimal: the policy's identity.
    pub fn sha256(&self) -> String {
        hex(&self.sha256)
    }

    /// The component's size, in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Every function that it imports, as `interface.function`, sorted.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// What the policy says about itself.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Whether it can read the canonical document, beside what is kept at hand.
    pub(crate) fn reads_document(&self) -> bool {
        self.imports.iter().any(|import| {
            matches!(
                import.as_str(),
                "callout.field"
                    | "callout.document"
                    | "verified-credentials.has-type"
                    | "verified-credentials.claim"
            )
        })
    }

    /// What of the callout the imports let it read, whatever it does: JSON pointers into the
    /// canonical document, `*` for any index. None where it imports `callout.field` or
    /// `callout.document`, which read anything.
    pub fn readable(&self) -> Option<Vec<&'static str>> {
        let imports = |interface: &str, function: &str| {
            (self.imports.iter())
                .any(|import| import.split_once('.') == Some((interface, function)))
        };
        if imports("callout", "field") || imports("callout", "document") {
            return None;
        }
        let mut pointers: Vec<_> = (admit_wit::GETTERS.iter().copied().flatten())
            .filter(|getter| imports(getter.interface, getter.function))
            .map(|getter| getter.pointer)
            .collect();
        for (function, pointer) in [
            ("has-type", "/verifiedCredentialsData/*/type"),
            ("claim", "/verifiedCredentialsData/*/claims"),
        ] {
            if imports("verified-credentials", function) {
                pointers.push(pointer);
            }
        }
        Some(pointers)
    }

    /// Whether the imports bound what the policy can read of the callout: see
    /// [`readable`](Self::readable).
    pub fn imports_bound_reads(&self) -> bool {
        self.readable().is_some()
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

/// Checks a component and compiles it.
fn compile(
    engine: &Engine,
    bytes: &[u8],
    sha256: [u8; 32],
) -> Result<(Component, Inspection), Error> {
    let metadata = match Metadata::read(bytes) {
        Err(error @ (MetadataError::Format(_) | MetadataError::CoreModule)) => {
            return Err(Error::new(ErrorKind::PolicyFormat, error.to_string()));
        }
        metadata => metadata,
    };
    let compiled = Component::new(&engine.inner().wasm, bytes).map_err(|error| {
        match wasmparser::Validator::new().validate_all(bytes) {
            Err(invalid) => Error::new(
                ErrorKind::PolicyFormat,
                format!("not a valid WebAssembly component: {invalid}"),
            ),
            // Valid, and more than the engine has room for, or of a feature that is off.
            Ok(_) => Error::new(
                ErrorKind::PolicyLoad,
                format!("valid, but not for this engine and its limits: {error:#}"),
            ),
        }
    })?;
    let imports = imports(engine, &compiled)?;
    // What it imports comes before what it says about itself: whoever forgot `admit build` has
    // neither, and the imports say more.
    let metadata =
        metadata.map_err(|error| Error::new(ErrorKind::PolicyMetadata, error.to_string()))?;
    if !contract_is_served(&metadata.contract) {
        return Err(Error::new(
            ErrorKind::PolicyInterface,
            format!(
                "built for contract {}; this host serves 0.1.0 to {}",
                metadata.contract,
                admit_wit::CONTRACT_VERSION
            ),
        ));
    }
    let inspection = Inspection {
        sha256,
        size: bytes.len(),
        imports,
        metadata,
    };
    Ok((compiled, inspection))
}

/// The functions that a component imports; an error where one is not the contract's.
fn imports(engine: &Engine, component: &Component) -> Result<Vec<String>, Error> {
    let wasm = &engine.inner().wasm;
    let mut known = Vec::new();
    let mut foreign = Vec::new();
    for (name, item) in component.component_type().imports(wasm) {
        let interface = admit_wit::interfaces()
            .iter()
            .find(|known| is_served(name, known));
        match (interface, item.ty) {
            (Some(interface), ComponentItem::ComponentInstance(instance)) => {
                for (function, item) in instance.exports(wasm) {
                    if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                        known.push(format!("{interface}.{function}"));
                    }
                }
            }
            _ => foreign.push(format!("`{name}`")),
        }
    }
    if !foreign.is_empty() {
        return Err(Error::new(
            ErrorKind::PolicyInterface,
            format!(
                "imports {}, which the contract does not have; a policy has no WASI and nothing \
                 else but {}",
                foreign.join(", "),
                admit_wit::PACKAGE
            ),
        ));
    }
    known.sort_unstable();
    Ok(known)
}

/// Whether an import is this interface, in a version that is served.
fn is_served(import: &str, name: &str) -> bool {
    let Some((interface_of, version)) = import.split_once('@') else {
        return false;
    };
    interface(name).split('@').next() == Some(interface_of) && contract_is_served(version)
}

/// Whether a version of the contract is served: 0.1.x up to our own.
fn contract_is_served(version: &str) -> bool {
    let patch = |version: &str| version.strip_prefix("0.1.")?.parse::<u32>().ok();
    match (patch(version), patch(admit_wit::CONTRACT_VERSION)) {
        (Some(theirs), Some(ours)) => theirs <= ours,
        _ => false,
    }
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

/// Everything that does not fit the policy's schema.
fn check_settings(metadata: &Metadata, settings: &Value) -> Vec<Error> {
    let Some(schema) = &metadata.settings_schema else {
        return match settings.as_object() {
            Some(members) if members.is_empty() => Vec::new(),
            _ => vec![
                Error::new(
                    ErrorKind::PolicySettings,
                    "takes no settings, and the set gives some",
                )
                .at("settings"),
            ],
        };
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
    problems.collect()
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

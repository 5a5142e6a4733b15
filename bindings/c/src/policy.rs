//! Policies that are loaded one by one.

use std::ffi::c_char;

use admit::{Engine, Error, ErrorKind, Policy, PolicyOptions, Prepare, Stage};

use crate::{
    choice::{chosen, reserved},
    engine::admit_engine_t,
    error::admit_error_t,
    ffi::{Block, Call, Handle, call, get},
    limits::admit_limits_t,
    text::admit_str_t,
};

/// A policy, checked, compiled and configured by one engine. Expensive to load, immutable, shared by
/// threads.
pub struct admit_policy_t;

impl Handle for admit_policy_t {
    type Value = Loaded;
    const NAME: &'static str = "policy";
}

/// A policy, and what of it is given out.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    sha256: String,
}

impl From<Policy> for Loaded {
    fn from(policy: Policy) -> Self {
        Self {
            sha256: policy.component().sha256(),
            policy,
        }
    }
}

/// When a policy is configured. Reports are the same bytes either way.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_prepare_t {
    /// Once, when it is loaded; its instances start configured. Loading compiles three times instead of
    /// once.
    ADMIT_PREPARE_SNAPSHOT = 0,
    /// In every instance: for a process that evaluates few callouts.
    ADMIT_PREPARE_EACH_TIME = 1,
}

/// A number of C's that should be one of [`admit_prepare_t`].
pub type prepare = u32;

/// Reads one.
pub(crate) fn prepared(given: prepare) -> Result<Prepare, Error> {
    chosen(&[Prepare::Snapshot, Prepare::EachTime], given, "prepare")
}

/// What a set says about one of its policies. What is 0 or NULL is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_policy_options_t {
    /// `sizeof(admit_policy_options_t)`.
    pub size: usize,
    /// The policy's settings, a JSON object in text, checked against its own schema. Default `{}`.
    pub settings: admit_str_t,
    /// The stages that it is asked at, by Graph's names, such as `assignmentRequestCreated`; may only
    /// narrow those that its metadata names, which are the default. An empty list is an error.
    pub stages: *const admit_str_t,
    /// How many stages.
    pub stage_count: usize,
    /// The collections of facts that it may look up; any other lookup is a fault. Default none.
    pub facts: *const admit_str_t,
    /// How many collections.
    pub fact_count: usize,
    /// The SHA-256 that the component must have, in hexadecimal; NULL is any. One without text, as
    /// `admit_policy_sha256` gives of NULL, is `ADMIT_ERROR_ARGUMENT`.
    pub sha256: *const admit_str_t,
    /// Its limits, where they differ from the engine's.
    pub limits: *const admit_limits_t,
    /// When it is configured: one of `admit_prepare_t`.
    pub prepare: prepare,
    /// 0, and anything else is an error.
    pub reserved: u32,
}

// SAFETY: the size comes first, and all members are numbers and pointers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_policy_options_t {}

impl admit_policy_options_t {
    fn read(self, call: &Call, engine: &Engine) -> Result<PolicyOptions, Error> {
        reserved(self.reserved)?;
        let texts = |items, count, name: &str| {
            let items = call.list(items, count, name)?.iter();
            let texts = items.map(|item| call.view(*item, name));
            texts.collect::<Result<Vec<_>, Error>>()
        };
        let stages = if self.stages.is_null() && self.stage_count == 0 {
            None
        } else {
            let stages = texts(self.stages, self.stage_count, "stages")?.into_iter();
            Some(stages.map(stage).collect::<Result<_, Error>>()?)
        };
        let facts = texts(self.facts, self.fact_count, "facts")?;
        let limits = if self.limits.is_null() {
            None
        } else {
            let limits = call.block(self.limits, "limits")?;
            Some(limits.of_policy(engine.limits())?)
        };
        let options = PolicyOptions {
            stages,
            facts: facts.into_iter().map(Into::into).collect(),
            limits,
            prepare: prepared(self.prepare)?,
            sha256: call.pointed(self.sha256, "sha256")?.map(Into::into),
            ..PolicyOptions::default()
        };
        match call.given(self.settings, "settings")? {
            None => Ok(options),
            Some(settings) => options.with_settings_json(settings),
        }
    }
}

/// A stage by Graph's name.
pub(crate) fn stage(name: &str) -> Result<Stage, Error> {
    let mut stages = Stage::ALL
        .iter()
        .copied()
        .filter(|stage| stage.is_evaluated());
    stages.find(|stage| stage.as_str() == name).ok_or_else(|| {
        let detail = format!("unknown stage `{name}`");
        Error::new(ErrorKind::Set, detail).at("stages")
    })
}

/// Loads a policy from a component's file.
///
/// As `admit_policy_from_bytes`, and `ADMIT_ERROR_POLICY_FILE` where the file cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_policy_from_file(
    engine: *const admit_engine_t,
    id: *const c_char,
    id_len: usize,
    path: *const c_char,
    path_len: usize,
    options: *const admit_policy_options_t,
    policy_out: *mut *mut admit_policy_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(policy_out)?;
        let engine = call.handle(engine)?;
        let id = call.text(id, id_len, "id")?;
        let path = call.path(path, path_len, "path")?;
        let options = call.block(options, "options")?.read(call, engine);
        let options = options.map_err(|error| error.of_policy(id))?;
        out.give(Policy::from_file(engine, id, path, options)?.into());
        Ok(())
    })
}

/// Loads a policy from a component's bytes: checks and compiles them, checks the settings, and lets the
/// policy configure itself.
///
/// `id` is its id in the set, `[a-z0-9-]{1,64}`. `options` may be NULL: the defaults. Errors:
/// `ADMIT_ERROR_POLICY_FORMAT` and its siblings say what is wrong with the component or its settings,
/// `ADMIT_ERROR_SET` what is with id, stages or limits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_policy_from_bytes(
    engine: *const admit_engine_t,
    id: *const c_char,
    id_len: usize,
    component: *const u8,
    component_len: usize,
    options: *const admit_policy_options_t,
    policy_out: *mut *mut admit_policy_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(policy_out)?;
        let engine = call.handle(engine)?;
        let id = call.text(id, id_len, "id")?;
        let component = call.bytes(component, component_len, "component")?;
        let options = call.block(options, "options")?.read(call, engine);
        let options = options.map_err(|error| error.of_policy(id))?;
        out.give(Policy::from_bytes(engine, id, component, options)?.into());
        Ok(())
    })
}

/// SHA-256 of a policy's component in hexadecimal, its identity; no text of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_policy_sha256(policy: *const admit_policy_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        Ok(call.handle(policy)?.sha256.as_str().into())
    })
}

/// Ends a policy. Sets that were made with it go on. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_policy_free(policy: *mut admit_policy_t) {
    get!((), |call| {
        call.free(policy);
        Ok(())
    });
}

//! Policy sets.

use std::{ffi::c_char, sync::Arc};

use admit::{
    Combining, Error, ErrorKind, ExtensionRules, Facts, FileOptions, JoinApprovers, OnFault,
    PolicySet, Profile, Rule, SetOptions, Stage, WhenSilent,
};

use crate::{
    choice::{chosen, reserved},
    engine::admit_engine_t,
    error::admit_error_t,
    facts::admit_facts_t,
    ffi::{Block, Call, Handle, call, get},
    findings::{Findings, admit_findings_t},
    policy::{admit_policy_t, prepare, prepared, stage},
    text::admit_str_t,
};

/// Policies in order and how they combine. Immutable, shared by threads.
pub struct admit_set_t;

impl Handle for admit_set_t {
    /// Shared, since a lookup may free the set that asks.
    type Value = Arc<PolicySet>;
    const NAME: &'static str = "set";
}

/// How outcomes combine.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_rule_t {
    /// The most severe outcome wins.
    ADMIT_RULE_DENY_OVERRIDES = 0,
    /// The first policy that does not abstain decides.
    ADMIT_RULE_FIRST_APPLICABLE = 1,
    /// As the most severe, and an abstention counts as a denial.
    ADMIT_RULE_UNANIMOUS = 2,
}

/// A number of C's that should be one of [`admit_rule_t`].
pub type rule = u32;

/// What it comes to when no policy has an opinion.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_when_silent_t {
    /// The request is refused.
    ADMIT_WHEN_SILENT_DENY = 0,
    /// Processing goes on.
    ADMIT_WHEN_SILENT_APPROVE = 1,
    /// No answer is sent.
    ADMIT_WHEN_SILENT_WITHHOLD = 2,
}

/// A number of C's that should be one of [`admit_when_silent_t`].
pub type when_silent = u32;

/// What a fault counts as.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_on_fault_t {
    /// A denial.
    ADMIT_ON_FAULT_DENY = 0,
    /// No answer is sent.
    ADMIT_ON_FAULT_WITHHOLD = 1,
}

/// A number of C's that should be one of [`admit_on_fault_t`].
pub type on_fault = u32;

/// What it comes to when policies ask for different approvers.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_join_approvers_t {
    /// No answer is sent.
    ADMIT_JOIN_APPROVERS_REFUSE = 0,
    /// All of them are asked, and one of them suffices.
    ADMIT_JOIN_APPROVERS_UNION = 1,
}

/// A number of C's that should be one of [`admit_join_approvers_t`].
pub type join_approvers = u32;

/// The version of Graph that answers are for.
#[repr(u32)]
#[expect(dead_code, reason = "for C; read as numbers")]
pub enum admit_profile_t {
    /// `v1.0`.
    ADMIT_PROFILE_V1 = 0,
    /// `beta`.
    ADMIT_PROFILE_BETA = 1,
}

/// A number of C's that should be one of [`admit_profile_t`].
pub type profile = u32;

/// What differs at one stage. Never grows.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_stage_options_t {
    /// Graph's name of the stage.
    pub stage: admit_str_t,
    /// What silence comes to there: one of `admit_when_silent_t`.
    pub when_silent: when_silent,
    /// What a fault counts as there: one of `admit_on_fault_t`.
    pub on_fault: on_fault,
}

/// What a set says beside its policies. What is 0 or NULL is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_set_options_t {
    /// `sizeof(admit_set_options_t)`.
    pub size: usize,
    /// How outcomes combine: one of `admit_rule_t`.
    pub rule: rule,
    /// What silence comes to: one of `admit_when_silent_t`.
    pub when_silent: when_silent,
    /// What a fault counts as: one of `admit_on_fault_t`.
    pub on_fault: on_fault,
    /// What differing approvers come to: one of `admit_join_approvers_t`.
    pub join_approvers: join_approvers,
    /// The version of Graph: one of `admit_profile_t`.
    pub profile: profile,
    /// 0, and anything else is an error.
    pub reserved: u32,
    /// What differs at single stages.
    pub stages: *const admit_stage_options_t,
    /// How many stages.
    pub stage_count: usize,
    /// The definition of the custom extension that is answered for, in Graph's JSON: callouts of
    /// another kind are not evaluated. Default any.
    pub extension: admit_str_t,
    /// The id of the extension's catalog: callouts of another one are not evaluated. Default any.
    pub catalog: admit_str_t,
    /// The facts that its policies may look up, each those that it is granted. Default none.
    pub facts: *const admit_facts_t,
}

// SAFETY: the size comes first, and all members are numbers and pointers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_set_options_t {}

/// What a set file does not say. What is 0 or NULL is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_file_options_t {
    /// `sizeof(admit_file_options_t)`.
    pub size: usize,
    /// The facts that the file declares with `host = true`: each of them, and no others. Default none.
    pub facts: *const admit_facts_t,
    /// When the policies are configured: one of `admit_prepare_t`.
    pub prepare: prepare,
    /// Not 0: leave the sources of facts alone, for evaluating with recorded facts; any lookup that is
    /// not in a record is a fault.
    pub without_sources: u32,
}

// SAFETY: the size comes first, and all members are numbers and pointers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_file_options_t {}

impl admit_set_options_t {
    fn read(self, call: &Call, source: &str) -> Result<SetOptions, Error> {
        reserved(self.reserved)?;
        let combining = Combining {
            rule: chosen(&Rule::ALL, self.rule, "rule")?,
            when_silent: chosen(&WhenSilent::ALL, self.when_silent, "when_silent")?,
            on_fault: chosen(&OnFault::ALL, self.on_fault, "on_fault")?,
            join_approvers: chosen(&JoinApprovers::ALL, self.join_approvers, "join_approvers")?,
        };
        let mut stages: Vec<(Stage, Combining)> = Vec::new();
        for given in call.list(self.stages, self.stage_count, "stages")? {
            let stage = stage(call.view(given.stage, "stages")?)?;
            if stages.iter().any(|(before, _)| *before == stage) {
                let detail = format!("the stage `{stage}` stands twice");
                return Err(Error::new(ErrorKind::Set, detail).at("stages"));
            }
            let combining = Combining {
                when_silent: chosen(&WhenSilent::ALL, given.when_silent, "when_silent")?,
                on_fault: chosen(&OnFault::ALL, given.on_fault, "on_fault")?,
                ..combining
            };
            stages.push((stage, combining));
        }
        Ok(SetOptions {
            source: source.into(),
            profile: chosen(&Profile::ALL, self.profile, "profile")?,
            combining,
            stages,
            extension: self.extension(call)?,
            facts: facts(call, self.facts)?,
        })
    }

    fn extension(&self, call: &Call) -> Result<Option<ExtensionRules>, Error> {
        let extension = call.given(self.extension, "extension")?;
        let catalog = call.given(self.catalog, "catalog")?;
        match (
            extension.map(ExtensionRules::from_json).transpose()?,
            catalog,
        ) {
            (None, Some(_)) => {
                let detail = "a catalog belongs to an extension";
                Err(Error::new(ErrorKind::Set, detail).at("catalog"))
            }
            (Some(rules), Some(catalog)) => rules.of_catalog(catalog).map(Some),
            (rules, None) => Ok(rules),
        }
    }
}

impl admit_file_options_t {
    fn read(self, call: &Call) -> Result<FileOptions, Error> {
        Ok(FileOptions {
            prepare: prepared(self.prepare)?,
            facts: facts(call, self.facts)?,
            without_sources: self.without_sources != 0,
            cache: None,
        })
    }
}

fn facts(call: &Call, given: *const admit_facts_t) -> Result<Facts, Error> {
    let facts = call.optional(given)?;
    Ok(facts.map(|facts| facts.get()).unwrap_or_default())
}

/// Makes a set of policies that were loaded by this engine, in the order in which they are asked.
///
/// `source` says who answers, for the audit log. `options` may be NULL: the defaults. Policies and facts
/// may be freed afterwards. Errors: `ADMIT_ERROR_SET` for what cannot be, such as a policy of another
/// engine or a grant without facts, `ADMIT_ERROR_GRAPH_OBJECT` for the extension.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_set_new(
    engine: *const admit_engine_t,
    source: *const c_char,
    source_len: usize,
    policies: *const *const admit_policy_t,
    policy_count: usize,
    options: *const admit_set_options_t,
    set_out: *mut *mut admit_set_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(set_out)?;
        let engine = call.handle(engine)?;
        let source = call.text(source, source_len, "source")?;
        let policies = call.list(policies, policy_count, "policies")?;
        let policies = policies
            .iter()
            .map(|policy| Ok(call.handle(*policy)?.policy.clone()))
            .collect::<Result<Vec<_>, Error>>()?;
        let options = call.block(options, "options")?.read(call, source)?;
        out.give(Arc::new(PolicySet::new(engine, options, policies)?));
        Ok(())
    })
}

/// Loads a set from its file, `admit.toml`, with an engine of its own.
///
/// `options` may be NULL: the defaults. Errors: `ADMIT_ERROR_SET_FILE` where it cannot be read,
/// `ADMIT_ERROR_SET` for what it says, with line and column, and those of `admit_policy_from_file`
/// and `admit_facts_add_sqlite` for what it names.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_set_from_file(
    path: *const c_char,
    path_len: usize,
    options: *const admit_file_options_t,
    set_out: *mut *mut admit_set_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(set_out)?;
        let path = call.path(path, path_len, "path")?;
        let options = call.block(options, "options")?.read(call)?;
        out.give(Arc::new(PolicySet::from_file_with(path, options)?));
        Ok(())
    })
}

/// Finds everything that is wrong with a set file or, where nothing is, everything that is doubtful with
/// its set, the worst first. The set can be loaded where there is no `ADMIT_SEVERITY_ERROR`.
///
/// It is loaded as by `admit_set_from_file`; facts that the host gives may be missing. `options` may be
/// NULL. A file that cannot be read is a finding, too. Errors: of the arguments alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_set_check_file(
    path: *const c_char,
    path_len: usize,
    options: *const admit_file_options_t,
    findings_out: *mut *mut admit_findings_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(findings_out)?;
        let path = call.path(path, path_len, "path")?;
        let options = call.block(options, "options")?.read(call)?;
        out.give(Findings::from(PolicySet::check_file(path, options)));
        Ok(())
    })
}

/// Finds what is doubtful with a set: warnings and notes, the worst first. Nothing is evaluated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_set_findings(
    set: *const admit_set_t,
    findings_out: *mut *mut admit_findings_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(findings_out)?;
        out.give(Findings::from(call.handle(set)?.findings()));
        Ok(())
    })
}

/// Ends a set. Reports that it gave go on. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_set_free(set: *mut admit_set_t) {
    get!((), |call| {
        call.free(set);
        Ok(())
    });
}

//! What `admit.toml` may say.

use std::collections::BTreeMap;

use admit_model::{OnFault, Rule, WhenSilent};
use serde::Deserialize;
use toml::Spanned;

#[cfg(feature = "schema")]
use super::schema;
use super::values::{Fuel, Sha256Text, Size, Time};
#[cfg(feature = "schema")]
use crate::limits::Limits;

/// The policies that answer callouts, and how their answers become one. Unknown keys are errors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        title = "admit.toml",
        extend("required" = ["source", "policy"])
    )
)]
pub(crate) struct SetFile {
    /// Who answers, for the audit log: `source` of every answer.
    #[cfg_attr(
        feature = "schema",
        schemars(
            with = "String",
            regex(pattern = r"\S"),
            example = "Contoso.PartnerAccess"
        )
    )]
    pub(super) source: Spanned<String>,
    /// How the policies' answers become one.
    #[serde(default)]
    pub(super) rule: RuleName,
    /// What is done when no policy has an opinion.
    #[serde(default)]
    pub(super) when_silent: WhenSilentName,
    /// What a fault of a policy counts as.
    #[serde(default)]
    pub(super) on_fault: OnFaultName,
    /// What is done when policies ask for different approvers.
    #[serde(default)]
    pub(super) join_approvers: JoinApproversName,
    /// The version of Graph that answers are for.
    #[serde(default)]
    pub(super) profile: ProfileName,
    /// The custom extension whose callouts are answered; any callout's where it is left out.
    pub(super) extension: Option<ExtensionTable>,
    /// What every policy may use in one evaluation; `[policy.limits]` may differ.
    #[serde(default)]
    pub(super) limits: LimitsTable,
    /// What is different at single stages.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::stage_tables"))]
    pub(super) stage: BTreeMap<Spanned<String>, StageTable>,
    /// The facts that policies may be granted, by the name of the collection.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::fact_tables"))]
    pub(super) facts: BTreeMap<Spanned<String>, FactsTable>,
    /// The policies, in the order in which they are asked; at least one.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub(super) policy: Vec<PolicyTable>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
pub(super) enum RuleName {
    /// The most severe answer wins: approve, require-approval, withheld, cancel, deny.
    #[default]
    DenyOverrides,
    /// The first policy that does not abstain decides.
    FirstApplicable,
    /// As deny-overrides, and an abstention counts as a denial.
    Unanimous,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
pub(super) enum WhenSilentName {
    /// The request is denied.
    #[default]
    Deny,
    /// The request goes on.
    Approve,
    /// No answer is sent: the request times out.
    Withhold,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
pub(super) enum OnFaultName {
    /// The request is denied.
    #[default]
    Deny,
    /// No answer is sent, unless another policy denies: the request times out.
    Withhold,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
pub(super) enum JoinApproversName {
    /// No answer is sent.
    #[default]
    Refuse,
    /// All of them are asked; one of them suffices.
    Union,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
pub(super) enum ProfileName {
    /// Graph v1.0.
    #[default]
    #[serde(rename = "v1.0")]
    V1,
    /// Graph beta.
    #[serde(rename = "beta")]
    Beta,
}

/// The custom extension whose callouts are answered. Others are not evaluated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct ExtensionTable {
    /// The file of its definition in Graph's JSON, relative to this file.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(super) file: Spanned<String>,
    /// The id of its catalog.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<String>", extend("format" = "uuid"))
    )]
    pub(super) catalog: Option<Spanned<String>>,
}

/// Where the facts of one collection come from: `json`, `sqlite` with `query`, or `host`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("oneOf" = [
        { "required": ["json"] },
        { "required": ["sqlite", "query"] },
        { "required": ["host"] },
    ]))
)]
pub(super) struct FactsTable {
    /// A file with one JSON object, key to value, relative to this file; read when the set is
    /// loaded.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) json: Option<Spanned<String>>,
    /// A SQLite database, relative to this file; read at each lookup.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(super) sqlite: Option<Spanned<String>>,
    /// The query of a key, `?1`: it gives one row or none, and the row's columns are the value.
    #[cfg_attr(
        feature = "schema",
        schemars(
            with = "Option<String>",
            example = "select manager from person where object_id = ?1"
        )
    )]
    pub(super) query: Option<Spanned<String>>,
    /// Columns of the query whose text is JSON, such as those of `json_group_array`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    pub(super) json_columns: Option<Spanned<Vec<String>>>,
    /// The program that loads this file gives the source.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<bool>", extend("const" = true))
    )]
    pub(super) host: Option<Spanned<bool>>,
}

/// What is different at one stage.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct StageTable {
    /// What is done at this stage when no policy has an opinion.
    pub(super) when_silent: Option<WhenSilentName>,
    /// What a fault of a policy counts as at this stage.
    pub(super) on_fault: Option<OnFaultName>,
}

/// What every policy may use in one evaluation.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct LimitsTable {
    /// Instructions, roughly; the same inputs always use the same. `false` turns it off.
    #[cfg_attr(feature = "schema", schemars(extend("default" = Limits::default().fuel)))]
    pub(super) fuel: Option<Fuel>,
    /// Wall-clock time, the backstop behind fuel; waiting for an instance counts.
    #[cfg_attr(feature = "schema", schemars(extend("default" = Time::default_text())))]
    pub(super) deadline: Option<Time>,
    /// Memory of one instance, 64KiB to 4GiB.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = Size::default_text(Limits::default().memory), "minimum" = 65_536))
    )]
    pub(super) memory: Option<Size>,
    /// Stack of one instance, 16KiB to 1MiB.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("default" = Size::default_text(Limits::default().stack), "minimum" = 16_384, "maximum" = 1_048_576))
    )]
    pub(super) stack: Option<Size>,
    /// Instances that exist at once, at most 1024.
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1, max = 1024), extend("default" = Limits::default().concurrency))
    )]
    pub(super) concurrency: Option<u32>,
}

/// What this policy may use in one evaluation, where it differs from the set's limits.
// Stack and concurrency belong to the engine, so a policy cannot have its own.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct PolicyLimitsTable {
    /// Instructions, roughly; `false` turns it off.
    pub(super) fuel: Option<Fuel>,
    /// Wall-clock time; waiting for an instance counts.
    pub(super) deadline: Option<Time>,
    /// Memory of one instance, 64KiB to 4GiB.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 65_536)))]
    pub(super) memory: Option<Size>,
}

/// A policy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct PolicyTable {
    /// Its name in reports, unique in this file.
    #[cfg_attr(feature = "schema", schemars(with = "admit_model::PolicyId"))]
    pub(super) id: Spanned<String>,
    /// The file of the component, relative to this file.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(super) component: Spanned<String>,
    /// The component's SHA-256, to pin it; `admit inspect` prints it.
    pub(super) sha256: Option<Sha256Text>,
    /// The stages at which it is asked: some of those that the policy names itself.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::stage_names"))]
    pub(super) stages: Option<Vec<Spanned<String>>>,
    /// The collections of facts that it may look up; none where it is left out.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::fact_names"))]
    pub(super) facts: Vec<Spanned<String>>,
    /// What it may use in one evaluation, where it differs from the set's limits.
    #[serde(default)]
    pub(super) limits: PolicyLimitsTable,
    /// The policy's settings; `admit inspect` prints their schema.
    #[serde(default)]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "BTreeMap<String, serde_json::Value>")
    )]
    pub(super) settings: toml::Table,
}

impl From<RuleName> for Rule {
    fn from(name: RuleName) -> Self {
        match name {
            RuleName::DenyOverrides => Self::DenyOverrides,
            RuleName::FirstApplicable => Self::FirstApplicable,
            RuleName::Unanimous => Self::Unanimous,
        }
    }
}

impl From<WhenSilentName> for WhenSilent {
    fn from(name: WhenSilentName) -> Self {
        match name {
            WhenSilentName::Deny => Self::Deny,
            WhenSilentName::Approve => Self::Approve,
            WhenSilentName::Withhold => Self::Withhold,
        }
    }
}

impl From<OnFaultName> for OnFault {
    fn from(name: OnFaultName) -> Self {
        match name {
            OnFaultName::Deny => Self::Deny,
            OnFaultName::Withhold => Self::Withhold,
        }
    }
}

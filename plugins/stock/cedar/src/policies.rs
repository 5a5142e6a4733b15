//! From the texts of policies to what Cedar evaluates, or to what is wrong with them.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr as _,
};

use admit_policy::{ApprovalStage, Settings};
use cedar_policy::{
    AuthorizationError, Effect, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use miette::Diagnostic;
use serde_json::Value;

use crate::approval;

/// The policies of the settings, and what each says where it determines the decision.
pub(crate) struct Policies {
    pub(crate) set: PolicySet,
    /// Approval stages by their names.
    pub(crate) approvals: BTreeMap<String, ApprovalStage>,
    says: HashMap<PolicyId, Says>,
    /// Name and text of what was read.
    texts: Vec<(String, String)>,
}

/// What a policy says by its annotations.
pub(crate) struct Says {
    /// Its place in the order of the texts and of the policies in them.
    pub(crate) order: usize,
    /// What it is called in messages.
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) detail: String,
    /// Whether a request that it forbids is called off, rather than denied.
    pub(crate) cancels: bool,
    /// The approval stage that a request needs which it permits.
    pub(crate) approval: Option<String>,
    /// Index of its text.
    text: usize,
}

impl Policies {
    /// Reads the policies, and checks them against the schema if there is one.
    pub(crate) fn read(settings: &Settings, document: &Value) -> Result<Self, String> {
        let mut read = Self {
            set: PolicySet::new(),
            approvals: approval::stages(settings)?,
            says: HashMap::new(),
            texts: Vec::new(),
        };
        let texts = document.get("policies").and_then(Value::as_object);
        for (name, text) in texts.into_iter().flatten() {
            let Some(text) = text.as_str() else {
                return Err(settings.error("/policies", "policies that are no text"));
            };
            read.texts.push((name.clone(), text.into()));
            read.add(name, text)?;
        }
        if read.says.is_empty() {
            return Err(settings.error("/policies", "there are none"));
        }
        if let Some(schema) = settings.text("/schema") {
            read.validate(&schema)?;
        }
        Ok(read)
    }

    /// Adds the policies of one text.
    fn add(&mut self, name: &str, text: &str) -> Result<(), String> {
        let set = PolicySet::from_str(text).map_err(|errors| {
            errors
                .iter()
                .next()
                .map_or_else(|| errors.to_string(), |error| shown(name, text, error))
        })?;
        if set.templates().next().is_some() {
            return Err(format!(
                "{name}: a template, with `?principal` or `?resource`; nothing links it"
            ));
        }
        // Cedar calls them `policy0` and so on, in their order.
        let mut policies: Vec<_> = set.policies().collect();
        policies.sort_by_key(|policy| {
            let id: &str = policy.id().as_ref();
            id.strip_prefix("policy")
                .and_then(|number| number.parse::<usize>().ok())
        });
        for (index, policy) in policies.into_iter().enumerate() {
            let own = policy.annotation("id").filter(|id| !id.is_empty());
            let called = own.map_or_else(|| format!("{name}#{}", index + 1), Into::into);
            let says = self.annotated(policy, &called)?;
            let id = PolicyId::new(&called);
            self.set
                .add(policy.new_id(id.clone()))
                .map_err(|_| format!("{name}: there are two policies `{called}`"))?;
            self.says.insert(id, says);
        }
        Ok(())
    }

    /// What a policy says. An annotation that there is not would be one that is misspelt.
    fn annotated(&self, policy: &Policy, called: &str) -> Result<Says, String> {
        let wrong = |problem: String| format!("the policy `{called}`: {problem}");
        let forbids = policy.effect() == Effect::Forbid;
        let mut says = Says {
            order: self.says.len(),
            name: called.into(),
            code: if forbids { "forbidden" } else { "permitted" }.into(),
            detail: String::new(),
            cancels: false,
            approval: None,
            text: self.texts.len() - 1,
        };
        for (annotation, value) in policy.annotations() {
            match annotation {
                "id" => {}
                "code" if is_code(value) => says.code = value.into(),
                "code" => {
                    return Err(wrong(format!(
                        "`@code(\"{value}\")` is not 1 to 64 of a-z, 0-9 and -"
                    )));
                }
                "detail" => says.detail = value.into(),
                "effect" if forbids && value == "cancel" => says.cancels = true,
                "effect" => {
                    return Err(wrong(
                        "`@effect` is only `@effect(\"cancel\")`, on `forbid`".into(),
                    ));
                }
                "approval" if !forbids && self.approvals.contains_key(value) => {
                    says.approval = Some(value.into());
                }
                "approval" => {
                    return Err(wrong(format!(
                        "`@approval(\"{value}\")` names a stage of the setting `approvals`, on `permit`"
                    )));
                }
                _ => {
                    return Err(wrong(format!(
                        "there is no annotation `@{annotation}`; these are id, code, detail, effect, approval"
                    )));
                }
            }
        }
        Ok(says)
    }

    /// Refuses policies that do not fit a schema, which would fail when they are evaluated, or never
    /// apply.
    fn validate(&self, text: &str) -> Result<(), String> {
        let (schema, _) =
            Schema::from_cedarschema_str(text).map_err(|error| shown("schema", text, &error))?;
        let result = Validator::new(schema).validate(&self.set, ValidationMode::Strict);
        match result.validation_errors().next() {
            None => Ok(()),
            Some(error) => Err(self.shown(error.policy_id(), error)),
        }
    }

    pub(crate) fn says(&self, id: &PolicyId) -> Option<&Says> {
        self.says.get(id)
    }

    /// An error of an evaluation in one line.
    pub(crate) fn told(&self, error: &AuthorizationError) -> String {
        let AuthorizationError::PolicyEvaluationError(failed) = error;
        let told = self.shown(failed.policy_id(), failed.inner());
        let line = told.lines().next().unwrap_or_default();
        format!("the policy `{}`: {line}", failed.policy_id())
    }

    fn shown(&self, id: &PolicyId, error: &dyn Diagnostic) -> String {
        let text = self.says(id).and_then(|says| self.texts.get(says.text));
        text.map_or_else(
            || error.to_string(),
            |(name, text)| shown(name, text, error),
        )
    }
}

/// What the contract takes as a code.
fn is_code(text: &str) -> bool {
    let fits = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

/// What is wrong with a text: place and problem in one line, and below it the line of the text with a
/// caret.
fn shown(name: &str, text: &str, error: &dyn Diagnostic) -> String {
    let label = error.labels().and_then(|mut labels| labels.next());
    let Some(label) = label else {
        return format!("{name}: {error}");
    };
    let before = text.get(..label.offset()).unwrap_or(text);
    let number = before.matches('\n').count() + 1;
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    let column = line_before.chars().count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    let margin = " ".repeat(number.to_string().len());
    let blank = |char| if char == '\t' { '\t' } else { ' ' };
    let below: String = line_before.chars().map(blank).collect();
    // An error may have several lines: one for each that was expected.
    let mut problem = error.to_string().replace('\n', " ");
    if let Some(more) = label.label() {
        problem.push_str(": ");
        problem.push_str(more);
    }
    format!("{name}:{number}:{column}: {problem}\n{number} | {line}\n{margin} | {below}^")
}

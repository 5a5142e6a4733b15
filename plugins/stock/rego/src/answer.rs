//! From the values of rules to a verdict.

use admit_policy::{Effect, Reason, Verdict, log};
use regorus::Value;

use crate::approval;

/// Most reasons that a verdict holds: its own and 16 notes.
const REASONS: usize = 17;

/// A rule of the package `admit` that is asked for. In the order of severity; to abstain is less
/// than to approve, so it wins over that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Deny,
    Cancel,
    RequireApproval,
    Abstain,
    Approve,
}

impl Rule {
    /// The most severe first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Deny,
        Self::Cancel,
        Self::RequireApproval,
        Self::Abstain,
        Self::Approve,
    ];

    /// Its name in the package.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Cancel => "cancel",
            Self::RequireApproval => "require_approval",
            Self::Abstain => "abstain",
            Self::Approve => "approve",
        }
    }

    pub(crate) fn path(self) -> String {
        format!("data.admit.{}", self.name())
    }

    /// What the rule says by its value; none where it does not hold.
    pub(crate) fn verdict(self, value: &Value) -> Result<Option<Verdict>, String> {
        if matches!(value, Value::Undefined | Value::Bool(false)) {
            return Ok(None);
        }
        let (effect, mut reasons) = match self {
            Self::RequireApproval => match approval::read(value)? {
                Some((reason, stage)) => (Effect::RequireApproval(stage), vec![reason]),
                None => return Ok(None),
            },
            Self::Deny => (Effect::Deny, self.reasons(value)?),
            Self::Cancel => (Effect::Cancel, self.reasons(value)?),
            Self::Abstain => (Effect::Abstain, self.reasons(value)?),
            Self::Approve => (Effect::Approve, self.reasons(value)?),
        };
        if reasons.len() > REASONS {
            let left_out = reasons.len() - REASONS;
            log::warn(&format!("`{}`: {left_out} more reasons", self.name()));
            reasons.truncate(REASONS);
        }
        let mut reasons = reasons.into_iter();
        Ok(reasons.next().map(|reason| Verdict {
            effect,
            reason,
            notes: reasons.collect(),
        }))
    }

    /// The reasons that a value gives: `true`, one reason, or a set or list of reasons.
    fn reasons(self, value: &Value) -> Result<Vec<Reason>, String> {
        match value {
            Value::Bool(true) => Ok(vec![self.because("")]),
            Value::Set(set) => set.iter_sorted().map(|entry| self.reason(entry)).collect(),
            Value::Array(list) => list.iter().map(|entry| self.reason(entry)).collect(),
            one => Ok(vec![self.reason(one)?]),
        }
    }

    fn because(self, detail: &str) -> Reason {
        Reason {
            code: self.name().into(),
            detail: detail.to_owned().into(),
        }
    }

    /// One reason: a detail as text, or an object with `code` and maybe `detail`.
    fn reason(self, value: &Value) -> Result<Reason, String> {
        let wrong = |problem: String| format!("`{}`: {problem}", self.name());
        match value {
            Value::String(detail) => Ok(self.because(detail)),
            Value::Object(_) => {
                let members = Members::of(value, &["code", "detail"]).map_err(wrong)?;
                let Some(code) = members.text("code").map_err(wrong)? else {
                    return Err(wrong(format!("a reason without `code`: {value}")));
                };
                Ok(Reason {
                    code: code.into(),
                    detail: members
                        .text("detail")
                        .map_err(wrong)?
                        .unwrap_or_default()
                        .into(),
                })
            }
            other => Err(wrong(format!(
                "{other} is no reason; one is a text, or an object with `code` and `detail`"
            ))),
        }
    }
}

/// The members of an object that has no others than it may.
pub(crate) struct Members<'v>(&'v Value);

impl<'v> Members<'v> {
    pub(crate) fn of(value: &'v Value, known: &[&str]) -> Result<Self, String> {
        let members = value
            .as_object()
            .map_err(|_| format!("{value} is no object"))?;
        let unknown = members.keys_sorted().find(|key| match key {
            Value::String(key) => !known.contains(&key.as_ref()),
            _ => true,
        });
        match unknown {
            None => Ok(Self(value)),
            Some(key) => Err(format!(
                "there is no member {key}; the members are {}",
                known.join(", ")
            )),
        }
    }

    /// A member; none where it is absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'v Value> {
        self.0.as_object().ok()?.get(&name.into())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, String> {
        self.get(name)
            .map(|value| match value {
                Value::String(text) => Ok(text.to_string()),
                other => Err(format!("`{name}` is {other}, which is no text")),
            })
            .transpose()
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool, String> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(format!(
                "`{name}` is {other}, which is neither true nor false"
            )),
        }
    }
}

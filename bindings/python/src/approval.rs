//! Approval stages, as policies give them.

use pyo3::prelude::*;

use crate::python::shown;

/// Who has to approve, and until when: Graph's `accessPackageApprovalStage`, as the policy gave it.
#[pyclass(frozen, get_all, module = "admit")]
pub(crate) struct ApprovalStage {
    /// After how many seconds the request is denied where nobody decides.
    deny_after_seconds: u32,
    /// After how many seconds the escalation approvers are asked; None where nobody else is.
    escalate_after_seconds: Option<u32>,
    /// Whether approvers must give a reason.
    require_justification: bool,
    /// Who is asked. One of them suffices.
    primary: Vec<Py<Approver>>,
    /// Who is asked where a primary approver cannot be found.
    fallback_primary: Vec<Py<Approver>>,
    /// Who is asked when nobody decides.
    escalation: Vec<Py<Approver>>,
    /// Who is asked where an escalation approver cannot be found.
    fallback_escalation: Vec<Py<Approver>>,
}

impl ApprovalStage {
    pub(crate) fn new(py: Python<'_>, stage: &admit::ApprovalStage) -> PyResult<Self> {
        let list = |approvers: &[admit::Approver]| {
            let approvers = approvers.iter();
            approvers
                .map(|approver| Py::new(py, Approver::from(approver)))
                .collect::<PyResult<Vec<_>>>()
        };
        Ok(Self {
            deny_after_seconds: stage.deny_after,
            escalate_after_seconds: stage.escalate_after,
            require_justification: stage.require_justification,
            primary: list(&stage.primary)?,
            fallback_primary: list(&stage.fallback_primary)?,
            escalation: list(&stage.escalation)?,
            fallback_escalation: list(&stage.fallback_escalation)?,
        })
    }
}

#[pymethods]
impl ApprovalStage {
    fn __repr__(&self) -> String {
        let approvers = self.primary.iter();
        let approvers: Vec<_> = approvers.map(|approver| approver.get().summary()).collect();
        let says = format!(
            "{} within {} s",
            approvers.join(", "),
            self.deny_after_seconds
        );
        shown("ApprovalStage", &says)
    }
}

/// Who approves.
#[pyclass(frozen, get_all, eq, hash, module = "admit")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Approver {
    /// Graph's type of subject set, such as `"singleUser"` or `"requestorManager"`.
    kind: &'static str,
    /// The id in the directory; None where the kind has none.
    id: Option<String>,
    /// How many levels up a manager is; None for other kinds.
    level: Option<u32>,
    /// The membership rule; None for other kinds.
    rule: Option<String>,
    /// For people; may be empty.
    description: String,
}

impl From<&admit::Approver> for Approver {
    fn from(approver: &admit::Approver) -> Self {
        use admit::ApproverKind::{AttributeRule, Manager, TargetManager};
        let kind = &approver.kind;
        Self {
            kind: kind.type_name(),
            id: kind.id().map(str::to_owned),
            level: match kind {
                Manager(level) | TargetManager(level) => Some(*level),
                _ => None,
            },
            rule: match kind {
                AttributeRule(rule) => Some(rule.clone()),
                _ => None,
            },
            description: approver.description.clone(),
        }
    }
}

impl Approver {
    fn summary(&self) -> String {
        let level = self.level.map(|level| level.to_string());
        let named = self.id.as_ref().or(self.rule.as_ref()).or(level.as_ref());
        match named {
            Some(named) => format!("{} {named}", self.kind),
            None => self.kind.into(),
        }
    }
}

#[pymethods]
impl Approver {
    fn __repr__(&self) -> String {
        shown("Approver", &self.summary())
    }
}

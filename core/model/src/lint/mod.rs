//! Explains what is wrong with a body or a payload before it is sent.
//!
//! The service answers a wrong body with `UnknownError` and no text, so this says it instead: what
//! is wrong, where, what to write, and who says so. Reading is lenient and goes on after a finding,
//! on the same scanner as everything else; most rules come from the tables of Graph's types.
//!
//! ```
//! use admit_model::{Severity, lint_resume};
//!
//! let findings = lint_resume(br##"{ "source": "Contoso", "type":
//!     "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated", "data": {
//!     "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
//!     "stage": "assignmentRequestCreated", "state": "approved",
//!     "customExtensionStageInstanceId": "c0de0001-0002-4009-a00f-cf61f18d0e87" } }"##);
//! let [finding] = findings.as_slice() else { panic!() };
//! assert_eq!((finding.code, finding.severity), ("state-unknown", Severity::Error));
//! assert_eq!(finding.path, "/data/state");
//! ```

mod approval;
mod callout;
mod detect;
mod extension;
mod findings;
mod resume;
mod rules;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod walk;

use self::findings::{Findings, Place};
pub use self::{
    detect::LintAs,
    findings::{Finding, Severity},
    rules::Rule,
};
use crate::json::{MAX_BYTES, Problem, Tree};

/// Lints the body of Graph's `resume` action. At most 100 findings, the worst first.
pub fn lint_resume(bytes: &[u8]) -> Vec<Finding> {
    object(bytes, resume::lint)
}

/// Lints a callout, in any of its shapes. At most 100 findings, the worst first.
pub fn lint_callout(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = Findings::default();
    callout::lint(bytes, &mut findings);
    findings.finish()
}

/// Lints a custom extension to be created, or the record of one of its calls. At most 100
/// findings, the worst first.
pub fn lint_extension(bytes: &[u8]) -> Vec<Finding> {
    object(bytes, extension::lint)
}

fn object(bytes: &[u8], lint: fn(&Tree<'_>, &mut Findings)) -> Vec<Finding> {
    let mut findings = Findings::default();
    match tree(bytes) {
        Ok(tree @ Tree::Object(_)) => lint(&tree, &mut findings),
        Ok(other) => findings.add(
            rules::NOT_AN_OBJECT,
            &Place::ROOT,
            format!("{} instead of an object", other.kind()),
            "the object itself",
        ),
        Err(Unreadable {
            rule,
            path,
            problem,
        }) => {
            findings.add_at(rule, path, problem, "JSON in UTF-8, of at most a megabyte");
        }
    }
    findings.finish()
}

/// Why there is no tree.
struct Unreadable {
    rule: &'static Rule,
    path: String,
    problem: String,
}

fn tree(bytes: &[u8]) -> Result<Tree<'_>, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable {
            rule: rules::BEYOND_LIMITS,
            path: String::new(),
            problem: format!(
                "{} bytes or more; at most {MAX_BYTES} are read",
                bytes.len()
            ),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable {
        rule: rules::NOT_JSON,
        path: format!("byte {}", error.valid_up_to()),
        problem: "not UTF-8".into(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Tree::parse(text).map_err(|failure| Unreadable {
        rule: match failure.problem {
            Problem::Limit => rules::BEYOND_LIMITS,
            _ => rules::NOT_JSON,
        },
        path: failure.place(text),
        problem: failure.detail,
    })
}

//! What is wrong with a document.

use std::cmp::Reverse;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

/// What is wrong with a document: place and rule. Where one of several schemas must hold, it is
/// what is wrong for the one that comes closest.
pub(crate) fn problems(schema: &Validator, document: &Value) -> Vec<Problem> {
    let errors: Vec<_> = schema.iter_errors(document).collect();
    flatten(&errors)
}

/// A rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Where in the document.
    pub(crate) place: String,
    pub(crate) keyword: String,
    /// Where in the schema.
    pub(crate) rule: String,
}

fn flatten(errors: &[ValidationError<'_>]) -> Vec<Problem> {
    let mut all: Vec<_> = errors.iter().flat_map(of_one).collect();
    all.sort();
    all.dedup();
    all
}

fn of_one(error: &ValidationError<'_>) -> Vec<Problem> {
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let depth = |problem: &Problem| problem.place.matches('/').count();
            let branches = context.iter().map(|branch| flatten(branch));
            branches
                .min_by_key(|branch| {
                    let is_of_another_type =
                        branch.iter().any(|one| one.place.ends_with("/@odata.type"));
                    let shallowest = branch.iter().map(depth).min();
                    (is_of_another_type, Reverse(shallowest), branch.len())
                })
                .unwrap()
        }
        kind => vec![Problem {
            place: error.instance_path().as_str().into(),
            keyword: kind.keyword().into(),
            rule: error.schema_path().as_str().into(),
        }],
    }
}

/// Every rule that a document breaks, for whichever of several schemas.
pub(crate) fn broken(schema: &Validator, document: &Value) -> Vec<String> {
    let mut rules = Vec::new();
    for error in schema.iter_errors(document) {
        rules_of(&error, &mut rules);
    }
    rules
}

fn rules_of(error: &ValidationError<'_>, rules: &mut Vec<String>) {
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            for error in context.iter().flatten() {
                rules_of(error, rules);
            }
        }
        _ => rules.push(error.schema_path().as_str().into()),
    }
}

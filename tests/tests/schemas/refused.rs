//! Documents that are refused.

use std::{collections::BTreeMap, fs};

use admit::{Callout, PolicySet, Schema};
use admit_tests::{build_components, corpus};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    is_valid,
    problems::{Problem, problems},
    report_text, validator,
};

/// Documents that are refused, as `tests/corpus/refused.json` has them.
#[derive(Deserialize)]
pub(crate) struct Refusals {
    /// What they are made of: files of the corpus, with a JSON pointer into them.
    pub(crate) documents: BTreeMap<String, String>,
    pub(crate) refused: Vec<Refused>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    pub(crate) schema: String,
    pub(crate) document: String,
    /// Values at JSON pointers.
    #[serde(default)]
    with: BTreeMap<String, Value>,
    #[serde(default)]
    without: Vec<String>,
    /// Where it is wrong, and what says so.
    place: String,
    keyword: String,
}

/// The document of the corpus, and within it.
pub(crate) fn base(name: &str) -> Value {
    let (file, pointer) = name.split_once('#').unwrap_or((name, ""));
    let file = corpus().join(file);
    let whole = if name.ends_with(".toml") {
        toml::from_str(&fs::read_to_string(file).unwrap()).unwrap()
    } else {
        report_text(&fs::read_to_string(file).unwrap())
    };
    whole.pointer(pointer).unwrap().clone()
}

impl Refused {
    pub(crate) fn edited(&self, mut document: Value) -> Value {
        for (pointer, value) in &self.with {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let members = document.pointer_mut(parent).unwrap();
            members
                .as_object_mut()
                .unwrap()
                .insert(name.into(), value.clone());
        }
        for pointer in &self.without {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let members = document.pointer_mut(parent).unwrap();
            members.as_object_mut().unwrap().remove(name).unwrap();
        }
        document
    }
}

pub(crate) fn refusals() -> Refusals {
    let file = fs::read_to_string(corpus().join("refused.json")).unwrap();
    serde_json::from_str(&file).unwrap()
}

/// Each shows another rule. What the readers would take is not refused.
#[test]
fn what_is_wrong_is_refused_at_its_place() {
    let file = refusals();
    let mut rules = BTreeMap::new();
    let mut wrong = String::new();
    for refused in &file.refused {
        let schema = Schema::from_name(&refused.schema).unwrap();
        let validator = validator(schema);
        let document = base(&file.documents[&refused.document]);
        is_valid(&validator, &document, &refused.document);
        let document = refused.edited(document);
        let found = problems(&validator, &document);
        let is_expected =
            |one: &&Problem| one.place == refused.place && one.keyword == refused.keyword;
        match found.iter().find(is_expected) {
            Some(one) => {
                if let Some(before) = rules.insert((schema.name(), one.rule.clone()), refused) {
                    wrong += &format!("the same rule: {before:?}\n    {refused:?}\n");
                }
            }
            None => wrong += &format!("{refused:?}: {found:#?}\n"),
        }
        if is_read(schema, &document) {
            wrong += &format!("is read nevertheless: {refused:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whether the library reads it, where it does read such documents.
fn is_read(schema: Schema, document: &Value) -> bool {
    match schema {
        Schema::Callout => Callout::parse(document.to_string().as_bytes()).is_ok(),
        Schema::Set => {
            build_components();
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("admit.toml");
            let components = corpus().join("components");
            let set = toml::to_string(document).unwrap();
            let set = set.replace("../../components", &components.to_string_lossy());
            fs::write(&file, set).unwrap();
            PolicySet::from_file(file).is_ok()
        }
        _ => false,
    }
}

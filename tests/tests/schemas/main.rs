//! The JSON schemas: the committed files are those of the types, what is real is valid, and every
//! rule refuses something.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what must hold by failing"
)]

mod problems;
mod refused;
mod rules;

use std::{collections::BTreeMap, fs, path::Path};

use admit::{Callout, PolicySet, Prepare, ReportOptions, Schema};
use admit_tests::{blocks, cases, corpus, page, root};
use jsonschema::{Validator, draft202012};
use serde_json::Value;

use crate::problems::problems;

fn parsed(schema: Schema) -> Value {
    serde_json::from_str(&schema.to_json()).unwrap()
}

fn validator(schema: Schema) -> Validator {
    draft202012::new(&parsed(schema)).unwrap()
}

fn json(path: impl AsRef<Path>) -> Value {
    let path = path.as_ref();
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A report of the corpus, with what it leaves out since it depends on the compiler.
fn report_text(text: &str) -> Value {
    let text = text
        .replace("(of the component)", &"0".repeat(64))
        .replace("\"(some)\"", "1");
    serde_json::from_str(&text).unwrap()
}

/// Files of a folder of the corpus whose names end so.
fn files(folder: &str, end: &str) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(corpus().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

#[track_caller]
fn is_valid(schema: &Validator, document: &Value, name: &str) {
    let problems = problems(schema, document);
    assert!(problems.is_empty(), "{name}: {problems:#?}");
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = root().join("docs/schemas");
    for schema in Schema::ALL {
        let file = folder.join(format!("{schema}.schema.json"));
        let made = schema.to_json() + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, &made).unwrap();
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            found == made,
            "{} is not what the types say; `make schemas` writes it, and the diff is the review",
            file.display()
        );
    }
    let committed = fs::read_dir(&folder).unwrap().count();
    assert_eq!(committed, Schema::ALL.len(), "a file without a schema");
}

#[test]
fn the_schemas_are_schemas() {
    for schema in Schema::ALL {
        let parsed = parsed(schema);
        if let Err(error) = draft202012::meta::validate(&parsed) {
            panic!("{schema}: {error} at {}", error.instance_path());
        }
        assert_eq!(parsed["$id"], format!("urn:admit:schema:{schema}"));
        assert_eq!(Schema::from_name(schema.name()), Some(schema));
        for text in ["title", "description"] {
            assert!(parsed[text].is_string(), "{schema}: no {text}");
        }
        for (name, definition) in parsed["$defs"].as_object().unwrap() {
            let used = format!("\"#/$defs/{name}\"");
            assert!(schema.to_json().contains(&used), "{schema}: {name}");
            let properties = definition["properties"].as_object();
            for (member, property) in properties.into_iter().flatten() {
                let is_told = property["description"].is_string()
                    || !property.is_object()
                    || definition["$ref"].is_string()
                    || member == "@odata.type"
                    || name == "preview2021";
                assert!(is_told, "{schema}: {name}/{member} has no description");
            }
        }
    }
}

#[test]
fn callouts_that_are_read_are_valid() {
    let schema = validator(Schema::Callout);
    let worked = files("sets/contoso/callouts", ".json");
    for file in files("callouts", ".json").iter().chain(&worked) {
        is_valid(&schema, &json(file), &file.to_string_lossy());
    }
    for file in files("cases", "") {
        let file = file.join("callout.json");
        if file.exists() {
            is_valid(&schema, &json(&file), &file.to_string_lossy());
        }
    }
}

/// JSON Schema cannot say that a member stands twice, or that two members agree.
#[test]
fn of_the_callouts_that_are_refused_the_schema_catches_these() {
    let schema = validator(Schema::Callout);
    let found: BTreeMap<_, _> = files("callouts/invalid", ".json")
        .iter()
        .filter_map(|file| {
            let name = file.file_stem()?.to_string_lossy().into_owned();
            // What is not JSON is nothing that a schema could judge.
            let document = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
            let problems = problems(&schema, &document);
            let first = problems.into_iter().next();
            Some((name, first.map(|one| (one.place, one.keyword))))
        })
        .collect();
    let caught = |place: &str, keyword: &str| Some((place.to_owned(), keyword.to_owned()));
    let expected = [
        ("answers-is-an-object", caught("/Answers", "type")),
        (
            "callback-path-is-absolute-url",
            caught("/CallbackUriPath", "pattern"),
        ),
        ("callback-path-names-other-request", None),
        ("case-variant-duplicate-key", None),
        ("duplicate-stage-key", None),
        (
            "envelope-type-contradicts-stage",
            caught("/type", "pattern"),
        ),
        ("missing-instance-id", caught("", "required")),
        ("missing-stage", caught("", "required")),
        ("not-an-object", caught("", "type")),
        ("stage-is-a-number", caught("/Stage", "enum")),
        ("unknown-stage", caught("/Stage", "enum")),
    ];
    let expected = expected.map(|(name, problem)| (name.to_owned(), problem));
    assert_eq!(found, BTreeMap::from(expected));
}

#[test]
fn bodies_that_are_emitted_are_valid() {
    let schema = validator(Schema::Resume);
    let mut count = 0;
    for case in cases() {
        let report = json(&case.expect);
        if let Some(body) = report.pointer("/answer/body") {
            is_valid(&schema, body, &case.name);
            count += 1;
        }
    }
    assert!(count > 20, "{count} bodies");
}

/// Microsoft's own examples are not what is emitted, for these reasons.
#[test]
fn the_published_bodies_are_refused_for_their_oddities() {
    let schema = validator(Schema::Resume);
    let told = |name: &str| {
        let document = json(corpus().join(format!("seed-examples/{name}.json")));
        let problems = problems(&schema, &document);
        problems
            .into_iter()
            .map(|one| format!("{} {}", one.place, one.keyword))
            .collect::<Vec<_>>()
    };
    // Without `#`, generated clients do not know the type.
    assert_eq!(told("resume-1-approve"), ["/data/@odata.type const"]);
    // And the stage in PascalCase.
    assert_eq!(
        told("resume-2-deny"),
        ["/data/@odata.type const", "/data/stage enum"]
    );
    // The type of a configuration.
    assert_eq!(
        told("resume-3-callback-configuration-type"),
        ["/data/@odata.type const"]
    );
    // A doubled prefix, and `@@odata.type`, so that nobody knows what the approver is.
    let approver = "/data/approvalStage/primaryApprovers/0";
    assert_eq!(
        told("resume-4-approval-stage"),
        [
            "/data/@odata.type const".to_owned(),
            format!("{approver} additionalProperties"),
            format!("{approver} required"),
        ]
    );
}

#[test]
fn reports_are_valid() {
    let schema = validator(Schema::Report);
    for case in cases() {
        let text = fs::read_to_string(&case.expect).unwrap();
        is_valid(&schema, &report_text(&text), &case.name);
    }
}

#[test]
fn reports_with_evidence_and_redacted_ones_are_valid() {
    admit_tests::build_components();
    let schema = validator(Schema::Report);
    let file = corpus().join("sets/contoso/admit.toml");
    let set = PolicySet::from_file_with(&file, Prepare::EachTime).unwrap();
    let of_the_set: Vec<_> = cases()
        .into_iter()
        .filter(|case| case.set == file)
        .collect();
    assert!(!of_the_set.is_empty(), "no cases of the set");
    for case in of_the_set {
        let callout = Callout::parse(&fs::read(&case.callout).unwrap()).unwrap();
        let report = set.evaluate(&callout, case.now.parse().unwrap());
        for (evidence, redact) in [(true, false), (false, true), (true, true)] {
            let text = report.to_json_with(ReportOptions { evidence, redact });
            is_valid(&schema, &serde_json::from_str(&text).unwrap(), &case.name);
        }
    }
}

#[test]
fn set_files_are_valid() {
    let schema = validator(Schema::Set);
    for folder in files("sets", "") {
        let file = folder.join("admit.toml");
        let text = fs::read_to_string(&file).unwrap();
        let set: Value = toml::from_str(&text).unwrap();
        is_valid(&schema, &set, &file.to_string_lossy());
    }
}

#[test]
fn extensions_are_valid() {
    let schema = validator(Schema::Extension);
    let published = |name: &str| json(corpus().join(format!("seed-examples/create-{name}.json")));
    is_valid(
        &schema,
        &published("1-request-extension.request"),
        "request",
    );
    for name in [
        "1-request-extension.response",
        "2-assignment-extension.request",
        "2-assignment-extension.response",
    ] {
        // One published request is wrapped, too; the service refuses it.
        let wrapped = published(name);
        assert!(!schema.is_valid(&wrapped), "{name}");
        is_valid(&schema, &wrapped["value"], name);
    }
    for folder in files("sets", "") {
        let file = folder.join("extension.json");
        if file.exists() {
            let extension = json(&file);
            // Read all the same where it is wrapped.
            let extension = extension.get("value").unwrap_or(&extension);
            is_valid(&schema, extension, &file.to_string_lossy());
        }
    }
    let tested = json(root().join("tests/graph/extensions/request.json"));
    is_valid(&schema, &tested, "tests/graph");

    let mut count = 0;
    for block in blocks(&page("docs/entra.md"), "json") {
        let block: Value = serde_json::from_str(&block).unwrap();
        if block["displayName"].is_string() {
            is_valid(&schema, &block, "docs/entra.md");
            count += 1;
        }
    }
    assert_eq!(count, 1);
}

//! The worked set, `tests/corpus/sets/contoso`: its database is what the script beside it makes,
//! its decisions can be repeated from what reports record, and redacted reports name nobody.
//!
//! `BLESS=1` writes the database and the reports; the diff is the review.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what must hold by failing"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use admit::{
    Callout, ErrorKind, FaultKind, FileOptions, Outcome, PolicySet, Prepare, RecordedFacts, Report,
    ReportOptions,
};
use admit_tests::{Case, build_components, cases, comparable, corpus, golden};
use rusqlite::{Connection, OpenFlags, types::Value};

const EVIDENCE: ReportOptions = ReportOptions {
    evidence: true,
    redact: false,
};
const REDACTED: ReportOptions = ReportOptions {
    evidence: false,
    redact: true,
};
const REDACTED_EVIDENCE: ReportOptions = ReportOptions {
    evidence: true,
    redact: true,
};

/// The set with its database, loaded once for all tests.
static SET: LazyLock<PolicySet> = LazyLock::new(|| load(false));

/// The set that can see no database.
static WITHOUT_SOURCES: LazyLock<PolicySet> = LazyLock::new(|| load(true));

fn load(without_sources: bool) -> PolicySet {
    build_components();
    let options = FileOptions {
        prepare: Prepare::EachTime,
        without_sources,
        ..FileOptions::default()
    };
    PolicySet::from_file_with(folder().join("admit.toml"), options).unwrap()
}

fn folder() -> PathBuf {
    corpus().join("sets/contoso")
}

/// The twenty cases of the set.
fn of_the_set() -> Vec<Case> {
    let mut cases = cases();
    cases.retain(|case| case.set == folder().join("admit.toml"));
    assert_eq!(cases.len(), 20);
    cases
}

fn callout(case: &Case) -> Callout {
    Callout::parse(&fs::read(&case.callout).unwrap()).unwrap()
}

fn evaluated(case: &Case) -> Report {
    SET.evaluate(&callout(case), case.now.parse().unwrap())
}

/// Evaluates with recorded facts, and without the database.
fn repeated(case: &Case, recorded: RecordedFacts) -> Result<Report, admit::Error> {
    WITHOUT_SOURCES
        .evaluation(&callout(case), case.now.parse().unwrap())
        .with_facts(recorded)
        .run()
}

/// What a database holds: its schema, and the rows of each table.
#[derive(Debug, PartialEq)]
struct Content {
    schema: Vec<String>,
    tables: Vec<(String, Vec<Vec<Value>>)>,
}

fn open(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn rows(database: &Connection, query: &str) -> Vec<Vec<Value>> {
    let mut statement = database.prepare(query).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    let rows = statement.query_map([], row).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn texts(database: &Connection, query: &str) -> Vec<String> {
    let rows = rows(database, query).into_iter().flatten();
    rows.filter_map(|value| match value {
        Value::Text(text) => Some(text),
        _ => None,
    })
    .collect()
}

const TABLES: &str = "select name from sqlite_schema where type = 'table' order by name";

fn content(file: &Path) -> Content {
    let database = open(file);
    let schema = texts(&database, "select sql from sqlite_schema order by name");
    let tables = texts(&database, TABLES)
        .into_iter()
        .map(|table| {
            let mut rows = rows(&database, &format!("select * from {table}"));
            rows.sort_by_key(|row| format!("{row:?}"));
            (table, rows)
        })
        .collect();
    Content { schema, tables }
}

/// The file's bytes also depend on SQLite's version, so that its content is compared.
#[test]
fn the_database_is_what_the_script_makes() {
    let made = tempfile::tempdir().unwrap();
    let made = made.path().join("hr.db");
    let script = fs::read_to_string(folder().join("hr.sql")).unwrap();
    let database = Connection::open(&made).unwrap();
    database.execute_batch(&script).unwrap();
    drop(database);

    let committed = folder().join("hr.db");
    let expected = content(&made);
    if std::env::var_os("BLESS").is_some()
        && !(committed.exists() && content(&committed) == expected)
    {
        // At once, since other tests read it meanwhile.
        let beside = committed.with_extension("part");
        fs::copy(&made, &beside).unwrap();
        fs::rename(&beside, &committed).unwrap();
    }
    assert_eq!(
        content(&committed),
        expected,
        "hr.db is not what hr.sql makes; BLESS=1 writes it"
    );
    assert!(expected.tables.iter().all(|(_, rows)| !rows.is_empty()));
    let strangers = rows(&open(&committed), "pragma foreign_key_check");
    assert!(strangers.is_empty(), "{strangers:?}");
    let size = fs::metadata(&committed).unwrap().len();
    assert!(size < 40_000, "{size} bytes");
}

/// Callouts, settings and `approvers.json` mean people and packages of the database, and the
/// callouts are flawless. One person is unknown on purpose.
#[test]
fn people_and_packages_are_those_of_the_database() {
    let database = open(&folder().join("hr.db"));
    let known = |query: &str, values: &[&serde_json::Value]| {
        let texts = values.iter().map(|value| value.as_str().unwrap());
        let mut statement = database.prepare(query).unwrap();
        let parameters = rusqlite::params_from_iter(texts);
        statement.exists(parameters).unwrap()
    };
    let mut unknown = BTreeSet::new();
    for case in of_the_set() {
        let callout = callout(&case);
        let document: serde_json::Value = serde_json::from_str(callout.document()).unwrap();
        let at = |pointer: String| document.pointer(&pointer);
        for subject in ["/requestor", "/assignment/target"] {
            let members = ["objectId", "displayName", "email"];
            let values = members.map(|member| at(format!("{subject}/{member}")));
            let [Some(id), Some(name), Some(mail)] = values else {
                continue;
            };
            let query = "select 1 from person where id = ?1 and name = ?2 and mail = ?3";
            if !known(query, &[id, name, mail]) {
                unknown.insert(name.to_string());
            }
        }
        let package = ["id", "displayName"];
        let package = package.map(|member| at(format!("/accessPackage/{member}")).unwrap());
        let query = "select 1 from package where id = ?1 and name = ?2";
        assert!(known(query, &package), "{}", case.name);
        let findings = admit::lint_callout(&fs::read(&case.callout).unwrap());
        assert!(findings.is_empty(), "{}: {findings:?}", case.name);
    }
    assert_eq!(unknown, BTreeSet::from(["\"Dana Whitfield\"".into()]));

    // Texts between quotation marks that are GUIDs; those of people and packages begin so.
    for file in ["admit.toml", "approvers.json"] {
        let text = fs::read_to_string(folder().join(file)).unwrap();
        let ids = text.split('"').filter(|text| text.len() == 36);
        for id in ids.filter(|id| id.starts_with("0d") || id.starts_with("0a00002")) {
            let query =
                "select 1 from person where id = ?1 union select 1 from package where id = ?1";
            assert!(known(query, &[&id.into()]), "{file}: {id}");
        }
    }
}

/// Each decision again, from its report and without the database: the same bytes.
#[test]
fn decisions_are_repeated_from_their_reports() {
    let mut asked = BTreeSet::new();
    for case in of_the_set() {
        let evidence = evaluated(&case).to_json_with(EVIDENCE);
        let recorded = RecordedFacts::from_json(&evidence).unwrap();
        asked.extend(recorded.iter().map(|one| one.collection().to_owned()));
        let again = repeated(&case, recorded).unwrap();
        assert_eq!(again.to_json_with(EVIDENCE), evidence, "{}", case.name);
    }
    let all = [
        "approvers",
        "held",
        "people",
        "seats",
        "tickets",
        "training",
    ];
    assert_eq!(asked, BTreeSet::from(all.map(String::from)));
}

/// What was not recorded is not guessed: whichever lookup is taken out, the error names it.
#[test]
fn a_lookup_that_is_not_recorded_is_an_error() {
    let mut taken_out = 0;
    for case in of_the_set() {
        let report = evaluated(&case);
        let evidence: serde_json::Value =
            serde_json::from_str(&report.to_json_with(EVIDENCE)).unwrap();
        for (index, gone) in report.facts().iter().enumerate() {
            let mut rest = evidence["evidence"]["facts"].as_array().unwrap().clone();
            rest.remove(index);
            let rest =
                RecordedFacts::from_json(&serde_json::Value::Array(rest).to_string()).unwrap();
            let error = repeated(&case, rest).unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::FactRecord,
                "{}: {error}",
                case.name
            );
            let (collection, key) = (gone.collection(), gone.key());
            let says = format!("`{collection}` of key `{key}`");
            assert!(error.to_string().contains(&says), "{}: {error}", case.name);
            let by = (report.outcomes().iter())
                .find(|outcome| outcome.facts().any(|asked| asked == (collection, key)))
                .unwrap();
            assert_eq!(error.policy(), Some(by.policy().as_str()), "{}", case.name);
            taken_out += 1;
        }
    }
    assert!(taken_out > 20, "{taken_out} lookups");
}

/// Without the record there are no facts at all: lookups are faults.
#[test]
fn without_record_and_database_nothing_is_known() {
    for case in of_the_set() {
        let knows = evaluated(&case);
        let report = WITHOUT_SOURCES.evaluate(&callout(&case), case.now.parse().unwrap());
        for (one, known) in report.outcomes().iter().zip(knows.outcomes()) {
            let is_fault = matches!(
                one.outcome(),
                Outcome::Fault(fault) if fault.kind == FaultKind::Facts
            );
            assert_eq!(is_fault, known.facts().count() > 0, "{}", case.name);
        }
    }
}

/// The set lets silence approve while a request is new. That is for removals, and for nothing
/// else, whatever is asked for.
#[test]
fn new_requests_meet_silence_only_as_removals() {
    let case = of_the_set().into_iter().next().unwrap();
    let payload = fs::read_to_string(&case.callout).unwrap();
    let database = open(&folder().join("hr.db"));
    let mut packages = texts(&database, "select id from package");
    packages.push("0d0000ff-0007-4fff-afff-d1ffffffffff".into());
    let removals = [
        "userRemove",
        "adminRemove",
        "systemRemove",
        "approverRemove",
    ];
    let others = [
        "notSpecified",
        "userAdd",
        "userUpdate",
        "adminAdd",
        "adminUpdate",
        "systemAdd",
        "systemUpdate",
        "onBehalfAdd",
        "unknownFutureValue",
        "somethingNew",
    ];
    for package in &packages {
        for kind in removals.iter().chain(&others) {
            let payload = payload
                .replace("\"userAdd\"", &format!("\"{kind}\""))
                .replace("0d000001-0007-400e-a014-d13244aa029e", package);
            let callout = Callout::parse(payload.as_bytes()).unwrap();
            let report = SET.evaluate(&callout, case.now.parse().unwrap());
            let is_silent = report.decision().unwrap().determined_by.is_empty();
            assert_eq!(is_silent, removals.contains(kind), "{kind} of {package}");
        }
    }
}

/// A report with evidence, and another one redacted.
#[test]
fn reports_are_as_committed() {
    for (name, options, file) in [
        ("contoso-02-conflict-of-duties", EVIDENCE, "evidence.json"),
        (
            "contoso-15-approver-by-cost-center",
            REDACTED,
            "redacted.json",
        ),
    ] {
        let case = of_the_set().into_iter().find(|case| case.name == name);
        let found = comparable(&evaluated(&case.unwrap()).to_json_with(options));
        if let Err(difference) = golden(&folder().join("reports").join(file), &found) {
            panic!("{difference}");
        }
    }
}

/// Names, mails, ids of people, numbers of tickets: no text of the database is in a redacted
/// report, with or without evidence, but for the states, which are common words.
#[test]
fn redacted_reports_have_no_text_of_the_database() {
    let database = open(&folder().join("hr.db"));
    let columns = "select 'select ' || c.name || ' from ' || t.name \
                   from sqlite_schema t, pragma_table_info(t.name) c \
                   where t.type = 'table' and c.type = 'TEXT' and c.name <> 'state'";
    let known: BTreeSet<String> = (texts(&database, columns).iter())
        .flat_map(|column| texts(&database, column))
        .map(|text| text.to_lowercase())
        .collect();
    for sure in ["noor halvorsen", "ritm0004711", "cc-4711", "sox-210"] {
        assert!(known.contains(sure), "{sure}");
    }
    let told = |report: &str| {
        let report = report.to_lowercase();
        let found = known.iter().filter(|text| report.contains(*text));
        found.cloned().collect::<Vec<_>>()
    };
    for case in of_the_set() {
        let report = evaluated(&case);
        for options in [REDACTED, REDACTED_EVIDENCE] {
            let told = told(&report.to_json_with(options));
            assert!(told.is_empty(), "{}: {told:?}", case.name);
        }
        let told = told(&report.to_json_with(EVIDENCE));
        let asked = !report.facts().is_empty();
        assert!(
            !asked || !told.is_empty(),
            "{}: not even evidence",
            case.name
        );
    }
}

//! What can be wrong with sources when a set is loaded: each is an error with its place.

use std::{fs, path::PathBuf};

use admit::{
    ErrorKind, Facts, FileOptions, JsonFacts, Policy, PolicySet, Prepare, SetOptions, SqliteFacts,
};
use admit_tests::{blocks, component, page};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{engine, evaluate, fault, found, outcomes, policy, report, whole};

struct Folder(TempDir);

const TABLES: &str = "create table people (key text primary key, name text);
    insert into people values ('noor', '\"Noor\"')";

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("ask.wasm"), component("ask")).unwrap();
        let connection = Connection::open(folder.path("hr.db")).unwrap();
        connection.execute_batch(TABLES).unwrap();
        fs::write(folder.path("people.json"), r#"{"noor":{"name":"Noor"}}"#).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The set of a policy that looks up `noor` among `people`, whose source is declared like this.
    fn load(&self, declared: &str, options: FileOptions) -> Result<PolicySet, String> {
        let file = self.path("admit.toml");
        let text = format!(
            "{declared}\n\
             [[policy]]\nid = \"one\"\ncomponent = \"ask.wasm\"\nfacts = [\"people\"]\n\
             [[policy.settings.lookups]]\ncollection = \"people\"\nkey = \"noor\"\n"
        );
        let text = format!("source = \"S\"\nlimits.deadline = \"10s\"\n{text}");
        fs::write(&file, text).unwrap();
        let folder = format!("{}/", self.0.path().display());
        PolicySet::from_file_with(&file, options)
            .map_err(|error| format!("{}: {error}", error.kind()).replace(&folder, ""))
    }

    fn error(&self, declared: &str) -> String {
        self.load(declared, given(Facts::new())).unwrap_err()
    }
}

fn given(facts: Facts) -> FileOptions {
    FileOptions {
        facts,
        prepare: Prepare::EachTime,
        ..FileOptions::default()
    }
}

fn host(name: &str) -> Facts {
    Facts::new().with(name, |_: &str| Ok::<_, String>(Some(json!(1))))
}

#[test]
fn a_file_declares_sources_of_every_kind() {
    let folder = Folder::new();
    let query = "query = \"select name from people where key = ?1;\"";
    for (declared, facts, came) in [
        (
            "[facts.people]\njson = \"people.json\"".to_owned(),
            Facts::new(),
            r#"{"name":"Noor"}"#,
        ),
        (
            format!("[facts.people]\nsqlite = \"hr.db\"\n{query}"),
            Facts::new(),
            r#"{"name":"\"Noor\""}"#,
        ),
        (
            format!("[facts.people]\nsqlite = \"hr.db\"\n{query}\njson-columns = [\"name\"]"),
            Facts::new(),
            r#"{"name":"Noor"}"#,
        ),
        (
            "[facts.people]\nhost = true".to_owned(),
            host("people"),
            "1",
        ),
    ] {
        let set = folder.load(&declared, given(facts)).unwrap();
        assert_eq!(evaluate(&set), found(came), "{declared}");
        let granted: Vec<_> = set.policies().iter().map(Policy::facts).collect();
        assert_eq!(granted, [["people"]]);
    }
}

/// The author's guide says how a set grants and declares facts.
#[test]
fn the_set_of_the_guide_is_loaded() {
    let folder = Folder::new();
    let guide = page("plugins/README.md");
    let blocks = blocks(&guide, "toml");
    let set = blocks
        .iter()
        .find(|block| block.contains("[facts."))
        .unwrap();
    fs::rename(folder.path("ask.wasm"), folder.path("cleared.wasm")).unwrap();
    let connection = Connection::open(folder.path("hr.db")).unwrap();
    connection
        .execute_batch(
            "create table clearance (person text, package text);
             insert into clearance values ('noor', 'a'), ('noor', 'b'), ('kim', null)",
        )
        .unwrap();
    for (key, came) in [
        ("noor", found("a,b")),
        ("nobody", found("none")),
        (
            "kim",
            fault("refused: the fact `clearances`: nothing at `/packages/0`"),
        ),
    ] {
        let text = format!(
            "source = \"S\"\nlimits.deadline = \"10s\"\n{set}\n[[policy.settings.lookups]]\n\
             collection = \"clearances\"\nkey = \"{key}\"\nas = \"texts\"\nat = \"/packages\"\n"
        );
        fs::write(folder.path("admit.toml"), text).unwrap();
        let set = PolicySet::from_file(folder.path("admit.toml")).unwrap();
        assert_eq!(evaluate(&set), came, "{key}");
    }
}

#[test]
fn tables_that_cannot_be_meant_are_told_with_their_place() {
    let folder = Folder::new();
    for (declared, error) in [
        (
            "[facts.people]",
            "set: admit.toml:3:8: facts `people`: needs one of `json`, `sqlite` with `query`, and \
             `host = true`",
        ),
        (
            "[facts.people]\njson = \"people.json\"\nsqlite = \"hr.db\"\nquery = \"select ?1\"",
            "set: admit.toml:3:8: facts `people`: needs one of `json`, `sqlite` with `query`, and \
             `host = true`",
        ),
        (
            "[facts.people]\njson = \"people.json\"\nhost = true",
            "set: admit.toml:3:8: facts `people`: needs one of `json`, `sqlite` with `query`, and \
             `host = true`",
        ),
        (
            "[facts.people]\nsqlite = \"hr.db\"",
            "set: admit.toml:3:8: facts `people`: `sqlite` needs a `query`",
        ),
        (
            "[facts.people]\nquery = \"select ?1\"",
            "set: admit.toml:4:9: facts `people`: a `query` belongs to `sqlite`",
        ),
        (
            "[facts.people]\njson = \"people.json\"\nquery = \"select ?1\"",
            "set: admit.toml:5:9: facts `people`: a `query` belongs to `sqlite`",
        ),
        (
            "[facts.people]\nhost = true\njson-columns = []",
            "set: admit.toml:5:16: facts `people`: `json-columns` belong to `sqlite`",
        ),
        (
            "[facts.people]\nhost = false",
            "set: admit.toml:4:8: facts `people`: `host` is true, or left out",
        ),
        (
            "[facts.people]\nhost = true",
            "set: admit.toml:4:8: facts `people`: come from the program that loads the set, and it \
             gives none",
        ),
        (
            "[facts.people]\nhost = \"yes\"",
            "set: admit.toml:4:8: invalid type: string \"yes\", expected a boolean",
        ),
        (
            "[facts.people]\njson = 1",
            "set: admit.toml:4:8: invalid type: integer `1`, expected a string",
        ),
        (
            "[facts.people]\nfile = \"people.json\"",
            "set: admit.toml:4:1: unknown field `file`, expected one of `json`, `sqlite`, `query`, \
             `json-columns`, `host`",
        ),
        (
            "",
            "set: policy `one`: admit.toml:7:10: is granted the facts `people`, which the set does \
             not have",
        ),
        (
            "[facts.people]\njson = \"people.json\"\n[facts.seats]\njson = \"people.json\"",
            "set: admit.toml:5:8: no policy is granted the facts `seats`; grant them, or take them \
             out",
        ),
        (
            "[facts.People]\njson = \"people.json\"\n[facts.people]\njson = \"people.json\"",
            "set: admit.toml:3:8: the name `People` is not `[a-z0-9-]{1,64}`",
        ),
    ] {
        assert_eq!(folder.error(declared), error, "{declared}");
    }
    // What the program gives and the file does not say.
    for declared in [
        "[facts.people]\njson = \"people.json\"",
        "[facts.people]\nhost = true\n[facts.seats]\njson = \"people.json\"",
    ] {
        let facts = host("people").with("seats", JsonFacts::new(json!({})).unwrap());
        let error = folder.load(declared, given(facts)).unwrap_err();
        let name = if declared.contains("host") {
            "seats"
        } else {
            "people"
        };
        let undeclared = format!(
            "the program gives the facts `{name}`, which the file does not declare: \
             `[facts.{name}]` with `host = true`"
        );
        if declared.contains("seats") {
            // The first that is wrong: nobody is granted them.
            let first = "set: admit.toml:5:8: no policy is granted the facts `seats`; grant them, \
                         or take them out";
            assert_eq!(error, first);
        } else {
            assert_eq!(error, format!("set: admit.toml: {undeclared}"));
        }
    }
}

#[test]
fn json_that_is_no_facts_is_told_with_its_place() {
    let folder = Folder::new();
    let large = format!(r#"{{"a/b~":"{}"}}"#, "x".repeat(256 * 1024));
    for (bytes, problem) in [
        (
            &b"[]"[..],
            "people.json: not a JSON object; facts are an object, key -> value",
        ),
        (
            b"null",
            "people.json: not a JSON object; facts are an object, key -> value",
        ),
        (b"", "people.json:1:0: EOF while parsing a value"),
        (
            b"{\"a\": 1,\n \"b\": }",
            "people.json:2:7: expected value",
        ),
        (b"{} {}", "people.json:1:4: trailing characters"),
        (
            b"{\"a\":1,\n\"b\":2,\n\"a\":1}",
            "people.json:3:3: the member `a` stands twice",
        ),
        (
            b"{\"a\":{\"b\":[{\"c\":1,\"c\":null}]}}",
            "people.json:1:21: the member `c` stands twice",
        ),
        (
            b"{\"a\":1,\"\\u0061\":1}",
            "people.json:1:15: the member `a` stands twice",
        ),
        (
            b"{\"0a000001-0004-400b-a011-2ac39fe6a35d\":1,\"{0A000001-0004-400B-A011-2AC39FE6A35D}\":1}",
            "people.json: /{0A000001-0004-400B-A011-2AC39FE6A35D}: the same GUID as another key",
        ),
        (
            b"{\"0A0000010004400BA0112AC39FE6A35D\":null,\"0a000001-0004-400b-a011-2ac39fe6a35d\":1}",
            "people.json: /0a000001-0004-400b-a011-2ac39fe6a35d: the same GUID as another key",
        ),
        (
            large.as_bytes(),
            "people.json: /a~1b~0: a value of 262146 bytes; at most 262144",
        ),
        (
            b"{\"a\":9e999}",
            "people.json:1:10: number out of range",
        ),
        (
            b"{\"a\":\"\xff\"}",
            "people.json: cannot be read: stream did not contain valid UTF-8",
        ),
    ] {
        fs::write(folder.path("people.json"), bytes).unwrap();
        assert_eq!(
            folder.error("[facts.people]\njson = \"people.json\""),
            format!("fact-source: admit.toml:4:8: facts `people`: {problem}")
        );
    }
    fs::remove_file(folder.path("people.json")).unwrap();
    assert_eq!(
        folder.error("[facts.people]\njson = \"people.json\""),
        "fact-source: admit.toml:4:8: facts `people`: people.json: cannot be read: No such file or \
         directory (os error 2)"
    );
}

#[test]
fn queries_that_cannot_be_asked_are_told_with_their_place() {
    let folder = Folder::new();
    let not_reading = "hr.db: the query is not one that reads, such as `select .. where key = ?1`";
    for (query, problem) in [
        (
            "selct name from people where key = ?1",
            "hr.db: the query: near \"selct\": syntax error, at its byte 0",
        ),
        (
            "select name from people where key =",
            "hr.db: the query: incomplete input",
        ),
        (
            "select nme from people where key = ?1",
            "hr.db: the query: no such column: nme, at its byte 7",
        ),
        (
            "select name from persons where key = ?1",
            "hr.db: the query: no such table: persons",
        ),
        ("", not_reading),
        ("-- select ?1", not_reading),
        ("delete from people where key = ?1", not_reading),
        (
            "delete from people where key = ?1 returning name",
            not_reading,
        ),
        ("insert into people (key) values (?1)", not_reading),
        ("create table t (key text)", not_reading),
        ("attach ?1 as other", not_reading),
        ("vacuum into ?1", not_reading),
        ("begin", not_reading),
        ("pragma user_version = 1", not_reading),
        (
            "select name from people",
            "hr.db: the query has no parameter; `?1` is the key",
        ),
        (
            "pragma user_version",
            "hr.db: the query has no parameter; `?1` is the key",
        ),
        (
            "select name from people where key = ?1 and name = ?2",
            "hr.db: the query has 2 parameters; its only one is the key, `?1`",
        ),
        (
            "select name from people where key = ?2",
            "hr.db: the query has 2 parameters; its only one is the key, `?1`",
        ),
        (
            "select name from people where key = ? or name = ?",
            "hr.db: the query has 2 parameters; its only one is the key, `?1`",
        ),
        (
            "select ?1 as a; delete from people",
            "hr.db: the query is more than one statement",
        ),
        (
            "select ?1 as a; select 2",
            "hr.db: the query is more than one statement",
        ),
        (
            "select name, key as name from people where key = ?1",
            "hr.db: the query gives two columns `name`",
        ),
        (
            "select *, key from people where key = ?1",
            "hr.db: the query gives two columns `key`",
        ),
    ] {
        assert_eq!(
            folder.error(&format!(
                "[facts.people]\nsqlite = \"hr.db\"\nquery = {query:?}"
            )),
            format!("fact-source: admit.toml:5:9: facts `people`: {problem}"),
            "{query}"
        );
    }
    let query = "query = \"select name, key from people where key = ?1\"";
    assert_eq!(
        folder.error(&format!(
            "[facts.people]\nsqlite = \"hr.db\"\njson-columns = [\"name\", \"Name\"]\n{query}"
        )),
        "fact-source: admit.toml:5:16: facts `people`: hr.db: the query gives no column `Name`; its \
         columns are name, key"
    );
}

#[test]
fn files_that_are_no_database_are_told_with_their_place() {
    let folder = Folder::new();
    fs::write(folder.path("text.db"), "no database ".repeat(100)).unwrap();
    fs::create_dir(folder.path("folder.db")).unwrap();
    // A column whose name is not UTF-8.
    let named = folder.path("named.db");
    let connection = Connection::open(&named).unwrap();
    connection
        .execute_batch("create table people (key text, column_name text)")
        .unwrap();
    connection.close().unwrap();
    let mut bytes = fs::read(&named).unwrap();
    let at = bytes
        .windows(11)
        .position(|it| it == b"column_name")
        .unwrap();
    *bytes.get_mut(at).unwrap() = 0xff;
    fs::write(&named, bytes).unwrap();

    let gone = "No such file or directory (os error 2)";
    for (path, problem) in [
        ("gone.db", gone),
        ("", "not a file"),
        ("folder.db", "not a file"),
        ("text.db", "file is not a database"),
        ("hr.db/x", "Not a directory (os error 20)"),
        (":memory:", gone),
        ("file:hr.db?mode=rw", gone),
        (
            "named.db",
            "a table or a column has a name that is not UTF-8",
        ),
    ] {
        assert_eq!(
            folder.error(&format!(
                "[facts.people]\nsqlite = {path:?}\nquery = \"select * from people where key = ?1\""
            )),
            format!("fact-source: admit.toml:4:10: facts `people`: {path}: {problem}")
        );
        // Nothing is made that was not there.
        assert!(!folder.path("gone.db").exists());
    }
    let query = "select name from people where key = ?1";
    let error = SqliteFacts::open(folder.path("gone.db"), query).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FactSource);
}

#[test]
fn grants_and_sources_in_code_agree_or_are_refused() {
    let new = |facts: Facts, policies: Vec<Policy>| {
        let options = SetOptions {
            source: "Contoso.Test".into(),
            facts,
            ..SetOptions::default()
        };
        PolicySet::new(engine(), options, policies)
            .map(|_| ())
            .map_err(|error| (error.kind(), error.to_string()))
    };
    let one = |granted: &[&str]| policy("one", granted, json!([]));
    let wrong = |text: &str| Err((ErrorKind::Set, text.to_owned()));
    let people = || host("people");
    for (facts, policies, came) in [
        (people(), vec![one(&["people"])], Ok(())),
        (
            people(),
            vec![one(&["people"]), policy("two", &["people"], json!([]))],
            Ok(()),
        ),
        (Facts::new(), vec![one(&[])], Ok(())),
        (
            Facts::new(),
            vec![one(&["people"])],
            wrong(
                "policy `one`: facts: is granted the facts `people`, which the set does not have",
            ),
        ),
        (
            people(),
            vec![one(&["people", "seats"])],
            wrong("policy `one`: facts: is granted the facts `seats`, which the set does not have"),
        ),
        (
            people(),
            vec![one(&[])],
            wrong("facts: no policy is granted the facts `people`; grant them, or take them out"),
        ),
        (
            people().with("a b", JsonFacts::new(json!({})).unwrap()),
            vec![one(&["people", "a b"])],
            wrong("facts: the name `a b` is not `[a-z0-9-]{1,64}`"),
        ),
    ] {
        assert_eq!(new(facts, policies), came);
    }
    // The last source of a name counts.
    let replaced = people().with("people", JsonFacts::new(json!({ "noor": 2 })).unwrap());
    let set = crate::set(replaced, whole("people", "noor"));
    assert_eq!(outcomes(&report(&set)), [found("2")]);
    for value in [Value::Null, json!([]), json!("noor")] {
        let error = JsonFacts::new(value).unwrap_err();
        assert_eq!(
            error.to_string(),
            "not a JSON object; facts are an object, key -> value"
        );
    }
}

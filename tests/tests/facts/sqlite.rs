//! What a database says.

use std::thread;

use admit::{Facts, SqliteFacts};
use jiff::Timestamp;
use serde_json::json;

use crate::{Came, Database, callout, evaluate, fault, found, report, set, whole};

/// One row, of the key `noor`.
fn people() -> Database {
    Database::new("create table people (key text primary key); insert into people values ('noor')")
}

fn failed(problem: &str) -> Came {
    Err(format!("facts: the source `people` failed: {problem}"))
}

#[test]
fn columns_are_read_by_their_type() {
    let database = people();
    let long = format!(
        "a text of {} bytes; a value has at most 262144",
        256 * 1024 + 1
    );
    for (column, came) in [
        ("1", found(r#"{"v":1}"#)),
        (
            "-9223372036854775808",
            found(r#"{"v":-9223372036854775808}"#),
        ),
        ("9223372036854775807", found(r#"{"v":9223372036854775807}"#)),
        ("1.5", found(r#"{"v":1.5}"#)),
        ("2.0", found(r#"{"v":2.0}"#)),
        ("0.1 + 0.2", found(r#"{"v":0.30000000000000004}"#)),
        ("1e300", found(r#"{"v":1e+300}"#)),
        ("'ü'", found(r#"{"v":"ü"}"#)),
        ("''", found(r#"{"v":""}"#)),
        ("'[1]'", found(r#"{"v":"[1]"}"#)),
        ("'a' || char(0) || 'b'", found(r#"{"v":"a\u0000b"}"#)),
        ("null", found(r#"{"v":null}"#)),
        ("1 = 1", found(r#"{"v":1}"#)),
        ("9e999", failed("column `v`: a real that is not finite")),
        ("-9e999", failed("column `v`: a real that is not finite")),
        // SQLite makes it null.
        ("9e999 - 9e999", found(r#"{"v":null}"#)),
        (
            "x'00'",
            failed(
                "column `v`: a BLOB; select text, such as `hex(column)` or \
                 `json_group_array(column)`",
            ),
        ),
        (
            "cast(x'ff' as text)",
            failed("column `v`: a text that is not UTF-8"),
        ),
        (
            "printf('%.*c', 262145, 'x')",
            failed(&format!("column `v`: {long}")),
        ),
        (
            "printf('%.*c', 262137, 'x')",
            failed("a value of 262145 bytes; at most 262144"),
        ),
        // What SQLite itself fails at.
        ("json_extract('[', '$')", failed("malformed JSON")),
        ("load_extension('libm')", failed("not authorized")),
        ("abs(-9223372036854775808)", failed("integer overflow")),
    ] {
        let query = format!("select {column} as v from people where key = ?1");
        assert_eq!(evaluate(&database.asking(&query)), came, "{column}");
    }
}

#[test]
fn a_row_is_an_object_and_no_row_is_no_key() {
    let database = Database::new(
        "create table people (key text, name text, level integer);
         insert into people values ('noor', 'Noor', 3), ('kim', null, null), ('kim', 'Kim', 1)",
    );
    let query = "select name, level as \"Level\", ?1 as \"a/b\" from people where key = ?1";
    let source = || SqliteFacts::open(database.path(), query).unwrap();
    for (key, read, at, came) in [
        (
            "noor",
            "lookup",
            "",
            found(r#"{"Level":3,"a/b":"noor","name":"Noor"}"#),
        ),
        ("noor", "integer", "/Level", found("3")),
        ("noor", "integer", "/level", found("none")),
        ("noor", "text", "/a~1b", found("noor")),
        ("Noor", "lookup", "", found("none")),
        ("' or 1 = 1 --", "lookup", "", found("none")),
        (
            "kim",
            "lookup",
            "",
            failed("two rows for one key; the query must give one at most"),
        ),
    ] {
        let lookups = json!([{ "collection": "people", "key": key, "as": read, "at": at }]);
        let set = set(Facts::new().with("people", source()), lookups);
        assert_eq!(evaluate(&set), came, "{key} {read} {at}");
    }
}

#[test]
fn columns_of_json_are_parsed() {
    let database = people();
    let deep = format!("'{}{}'", "[".repeat(200), "]".repeat(200));
    for (column, came) in [
        (
            r#"'{"b": [1.50, {"z": null}], "a": "ü"}'"#,
            found(r#"{"v":{"a":"ü","b":[1.5,{"z":null}]}}"#),
        ),
        ("json_array(1, 'a', null)", found(r#"{"v":[1,"a",null]}"#)),
        ("'null'", found(r#"{"v":null}"#)),
        ("null", found(r#"{"v":null}"#)),
        ("3", found(r#"{"v":3}"#)),
        (
            "''",
            failed("column `v`: not JSON: EOF while parsing a value at line 1 column 0"),
        ),
        (
            "'nope'",
            failed("column `v`: not JSON: expected ident at line 1 column 2"),
        ),
        (
            "'[1] 2'",
            failed("column `v`: not JSON: trailing characters at line 1 column 5"),
        ),
        (
            r#"'{"a":1,"a":2}'"#,
            failed("column `v`: not JSON: the member `a` stands twice at line 1 column 10"),
        ),
        (
            r#"'[{"b":{"a":1,"a":1}}]'"#,
            failed("column `v`: not JSON: the member `a` stands twice at line 1 column 16"),
        ),
        (
            "'[9e999]'",
            failed("column `v`: not JSON: number out of range at line 1 column 6"),
        ),
        (
            deep.as_str(),
            failed("column `v`: not JSON: recursion limit exceeded at line 1 column 128"),
        ),
        (
            "cast(x'22ff22' as text)",
            failed("column `v`: a text that is not UTF-8"),
        ),
        // SQLite's own binary JSON.
        (
            "jsonb('[1]')",
            failed(
                "column `v`: a BLOB; select text, such as `hex(column)` or \
                 `json_group_array(column)`",
            ),
        ),
    ] {
        let query = format!("select {column} as v from people where key = ?1");
        let source = SqliteFacts::open(database.path(), &query)
            .and_then(|source| source.with_json_columns(["v"]))
            .unwrap();
        let set = set(Facts::new().with("people", source), whole("people", "noor"));
        assert_eq!(evaluate(&set), came, "{column}");
    }
}

#[test]
fn a_database_is_opened_for_reading_only() {
    let database = people();
    let before = std::fs::read(database.path()).unwrap();
    let came = evaluate(&database.asking("select key from people where key = ?1"));
    assert_eq!(came, found(r#"{"key":"noor"}"#));
    assert_eq!(std::fs::read(database.path()).unwrap(), before);
    let left: Vec<_> = (std::fs::read_dir(database.folder.path()).unwrap())
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["hr.db"]);
}

/// Connections are kept for each thread, and everybody reads the same.
#[test]
fn many_threads_share_a_set_with_a_database() {
    let database = Database::new("create table people (key text primary key, level integer)");
    for level in 0..50 {
        database.run(&format!("insert into people values ('{level}', {level})"));
    }
    let query = "select level from people where key = ?1";
    let source = SqliteFacts::open(database.path(), query).unwrap();
    let lookups = json!([{ "collection": "people", "key": "#", "as": "integer", "at": "/level", "times": 50 }]);
    let set = set(Facts::new().with("people", source), lookups);
    let expected = report(&set).to_json();
    assert!(expected.contains(r#""detail":"49""#), "{expected}");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let report = set.evaluate(callout(), Timestamp::UNIX_EPOCH);
                    assert_eq!(report.to_json(), expected);
                }
            });
        }
    });
}

/// Somebody writes all the time, and nobody reads half of it.
#[test]
fn a_database_is_read_while_it_is_written() {
    let database = Database::new(
        "create table people (key text primary key, a integer, b integer);
         insert into people values ('noor', 0, 0)",
    );
    let set = database.asking("select a = b as whole from people where key = ?1");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let connection = database.connect();
            connection
                .busy_timeout(std::time::Duration::from_secs(10))
                .unwrap();
            for _ in 0..50 {
                connection
                    .execute_batch(
                        "begin immediate; update people set a = a + 1;
                         update people set b = b + 1; commit",
                    )
                    .unwrap();
            }
        });
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(evaluate(&set), found(r#"{"whole":1}"#));
                }
            });
        }
        writer.join().unwrap();
    });
    let now = database.asking("select a, b from people where key = ?1");
    assert_eq!(evaluate(&now), found(r#"{"a":50,"b":50}"#));
    assert_eq!(
        evaluate(&database.asking("select a from people where b = ?1")),
        found("none")
    );
    assert_eq!(
        evaluate(&database.asking("select a, 'x' || key as a2 from people where key = ?1")),
        found(r#"{"a":50,"a2":"xnoor"}"#)
    );
    let fails = database.asking("select json(key) as key from people where key = ?1");
    assert_eq!(
        evaluate(&fails),
        fault("facts: the source `people` failed: malformed JSON")
    );
}

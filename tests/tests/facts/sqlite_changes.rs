//! A database that changes while the set is loaded.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use admit::{ErrorKind, Facts, PolicySet, SqliteFacts};

use crate::{Came, Database, LONG, SHORT, SOON, evaluate, fault, found, policy_on, set_of, whole};

const NOOR: &str = "create table people (key text primary key, a text, b text);
    insert into people values ('noor', 'a', 'b');";

fn failed(problem: &str) -> Came {
    Err(format!("facts: the source `people` failed: {problem}"))
}

#[test]
fn what_is_written_counts_at_the_next_lookup() {
    let database = Database::new(NOOR);
    let set = database.asking("select a from people where key = ?1");
    for (sql, came) in [
        ("", found(r#"{"a":"a"}"#)),
        ("update people set a = 'x'", found(r#"{"a":"x"}"#)),
        ("delete from people", found("none")),
        (
            "insert into people values ('noor', 'y', '')",
            found(r#"{"a":"y"}"#),
        ),
        ("pragma journal_mode = wal", found(r#"{"a":"y"}"#)),
        ("update people set a = 'z'", found(r#"{"a":"z"}"#)),
    ] {
        database.run(sql);
        assert_eq!(evaluate(&set), came, "{sql}");
    }
}

#[test]
fn columns_keep_their_values_when_a_table_changes() {
    let everything = "select * from people where key = ?1";
    let by_name = "select b, a from people where key = ?1";
    for (query, sql, came) in [
        (
            everything,
            "drop table people; create table people (b text, a text, key text);
             insert into people values ('b', 'a', 'noor')",
            found(r#"{"a":"a","b":"b","key":"noor"}"#),
        ),
        (
            everything,
            "alter table people add column c text default 'c'",
            found(r#"{"a":"a","b":"b","c":"c","key":"noor"}"#),
        ),
        (
            everything,
            "alter table people drop column a; alter table people add column c text",
            failed("the query gives no column `a` any more"),
        ),
        (
            everything,
            "alter table people rename column a to c",
            failed("the query gives no column `a` any more"),
        ),
        (
            "select p.*, 'c' as c from people as p where key = ?1",
            "alter table people add column c text",
            failed("the query gives two columns `c`"),
        ),
        (
            by_name,
            "alter table people add column c text",
            found(r#"{"a":"a","b":"b"}"#),
        ),
        (
            by_name,
            "alter table people drop column a",
            failed("no such column: a"),
        ),
        (
            by_name,
            "drop table people",
            failed("no such table: people"),
        ),
    ] {
        let database = Database::new(NOOR);
        let set = database.asking(query);
        let before = evaluate(&set);
        assert!(before.is_ok(), "{before:?}");
        database.run(sql);
        assert_eq!(evaluate(&set), came, "{query}: {sql}");
        // Again, with a statement and a connection that are fresh or kept.
        assert_eq!(evaluate(&set), came, "{query}: {sql}");
    }
}

#[test]
fn another_file_in_its_place_is_read() {
    let database = Database::new(NOOR);
    let set = database.asking("select a from people where key = ?1");
    assert_eq!(evaluate(&set), found(r#"{"a":"a"}"#));

    let other = database.folder.path().join("new.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch(NOOR).unwrap();
    connection
        .execute_batch("update people set a = 'new'")
        .unwrap();
    connection.close().unwrap();
    fs::rename(&other, database.path()).unwrap();
    assert_eq!(evaluate(&set), found(r#"{"a":"new"}"#));

    fs::remove_file(database.path()).unwrap();
    let gone = failed("No such file or directory (os error 2)");
    assert_eq!(evaluate(&set), gone);
    assert_eq!(evaluate(&set), gone);

    fs::write(
        &other,
        "not a database, but long enough to be one: ".repeat(50),
    )
    .unwrap();
    fs::rename(&other, database.path()).unwrap();
    assert_eq!(evaluate(&set), failed("file is not a database"));

    // To SQLite an empty file is a database without tables.
    fs::write(&other, "").unwrap();
    fs::rename(&other, database.path()).unwrap();
    assert_eq!(evaluate(&set), failed("no such table: people"));

    fs::remove_file(database.path()).unwrap();
    fs::create_dir(database.path()).unwrap();
    assert_eq!(evaluate(&set), failed("not a file"));

    fs::remove_dir(database.path()).unwrap();
    database.run(NOOR);
    assert_eq!(evaluate(&set), found(r#"{"a":"a"}"#));
}

#[test]
fn a_damaged_database_is_a_fault() {
    let database = Database::new(NOOR);
    let mut bytes = fs::read(database.path()).unwrap();
    let set = database.asking("select a from people where key = ?1");
    // The page of the index over the key, which the second page of the table is followed by.
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0xff;
    }
    let other = database.folder.path().join("new.db");
    fs::write(&other, bytes).unwrap();
    fs::rename(&other, database.path()).unwrap();
    assert_eq!(evaluate(&set), failed("database disk image is malformed"));
}

#[test]
fn a_lock_at_load_is_waited_for_and_then_an_error() {
    let database = Database::new(NOOR);
    let connection = database.connect();
    connection.execute_batch("begin exclusive").unwrap();
    let started = Instant::now();
    let query = "select a from people where key = ?1";
    let error = SqliteFacts::open(database.path(), query).unwrap_err();
    assert!(started.elapsed() < SOON);
    assert_eq!(error.kind(), ErrorKind::FactSource);
    assert_eq!(
        error.to_string(),
        format!("{}: database is locked", database.path().display())
    );
    thread::scope(|scope| {
        let opened = scope.spawn(|| SqliteFacts::open(database.path(), query).map(|_| ()));
        thread::sleep(Duration::from_millis(200));
        connection.execute_batch("commit").unwrap();
        opened.join().unwrap().unwrap();
    });
}

fn with_deadline(database: &Database, deadline: Duration) -> PolicySet {
    let query = "select a from people where key = ?1";
    let source = SqliteFacts::open(database.path(), query).unwrap();
    let lookups = whole("people", "noor");
    let policy = policy_on(crate::engine(), "one", &["people"], deadline, lookups);
    set_of(Facts::new().with("people", source), vec![policy])
}

#[test]
fn a_lock_is_waited_for_until_the_deadline() {
    let database = Database::new(NOOR);
    let (hasty, patient) = (
        with_deadline(&database, SHORT),
        with_deadline(&database, LONG),
    );
    let connection = database.connect();
    connection.execute_batch("begin exclusive").unwrap();
    for _ in 0..2 {
        let started = Instant::now();
        assert_eq!(
            evaluate(&hasty),
            fault("deadline: did not end in time: the source `people` gave no answer before")
        );
        assert!(started.elapsed() < SOON);
    }
    thread::scope(|scope| {
        let waiting = scope.spawn(|| evaluate(&patient));
        thread::sleep(Duration::from_millis(400));
        connection
            .execute_batch("update people set a = 'late'; commit")
            .unwrap();
        assert_eq!(waiting.join().unwrap(), found(r#"{"a":"late"}"#));
    });
    assert_eq!(evaluate(&hasty), found(r#"{"a":"late"}"#));
}

/// SQLite would read the old file's write-ahead log with the new file.
#[test]
fn another_file_beside_an_old_log_is_refused() {
    let database = Database::new(NOOR);
    let set = database.asking("select a from people where key = ?1");
    let old = database.connect();
    let wal = "pragma journal_mode = wal; update people set a = 'old'";
    old.execute_batch(wal).unwrap();
    assert_eq!(evaluate(&set), found(r#"{"a":"old"}"#), "the same file");

    let other = database.folder.path().join("new.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch(NOOR).unwrap();
    connection.close().unwrap();
    let log = database.folder.path().join("hr.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    fs::rename(&other, database.path()).unwrap();
    let refused = failed(&format!(
        "another file has taken its place, and beside it is a write-ahead log, `{}`, that may be \
         of the one before; write to a database in WAL mode instead of replacing it",
        log.display()
    ));
    assert_eq!(evaluate(&set), refused);
    assert_eq!(evaluate(&set), refused);
    drop(old);
    fs::remove_file(&log).ok();
    fs::remove_file(database.folder.path().join("hr.db-shm")).ok();
    assert_eq!(evaluate(&set), found(r#"{"a":"a"}"#));
}

/// One step of SQLite is not interrupted, so what it makes is bounded.
#[test]
fn what_sqlite_makes_is_bounded() {
    let database = Database::new(NOOR);
    for (query, problem) in [
        (
            "select length(hex(randomblob(300000000))) as a from people where key = ?1",
            "string or blob too big",
        ),
        (
            "select length(zeroblob(900000000)) as a from people where key = ?1",
            "string or blob too big",
        ),
        (
            "select a like printf('%.300c', 'x') as a from people where key = ?1",
            "LIKE or GLOB pattern too complex",
        ),
    ] {
        assert_eq!(
            evaluate(&database.asking(query)),
            failed(problem),
            "{query}"
        );
    }
}

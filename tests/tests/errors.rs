//! The error table is the golden list that every binding is held against.

use std::fs;

use admit::{ErrorKind, FaultKind};
use admit_tests::corpus;

/// They are the documentation of each binding's errors.
#[test]
fn every_kind_says_what_it_means() {
    for kind in ErrorKind::ALL {
        let meaning = kind.meaning();
        assert!(meaning.starts_with(char::is_lowercase), "{kind}: {meaning}");
        assert!(!meaning.ends_with('.'), "{kind}: {meaning}");
        let same = ErrorKind::ALL
            .iter()
            .filter(|other| other.meaning() == meaning);
        assert_eq!(same.count(), 1, "{kind}: {meaning}");
    }
}

#[test]
fn the_table_is_the_golden_list() {
    let errors = ErrorKind::ALL
        .iter()
        .map(|kind| format!("error {} {kind}", kind.code()));
    let faults = FaultKind::ALL
        .iter()
        .map(|kind| format!("fault {} {kind}", kind.code()));
    let table: Vec<_> = errors.chain(faults).collect();
    let golden = fs::read_to_string(corpus().join("errors.txt")).unwrap();
    let golden: Vec<_> = golden
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert_eq!(table, golden);
}

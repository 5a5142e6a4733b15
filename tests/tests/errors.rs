//! The error table is the golden list that every binding is held against.

use std::fs;

use admit::{ErrorKind, FaultKind};
use admit_tests::corpus;

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

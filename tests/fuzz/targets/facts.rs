//! Any text as a fact, and as a record of facts: what is read is the same when it is written and
//! read again, and a record evaluates, or says what it lacks.

#![no_main]

use std::collections::BTreeSet;

use admit::{Fact, RecordedFacts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(Some(fact)) = Fact::from_json(text) {
        assert!(fact.text().len() <= Fact::MAX_BYTES);
        let again = Fact::from_json(fact.text())
            .expect("its own text")
            .expect("a value");
        assert_eq!(again, fact);
        assert_eq!(again.text(), fact.text());
    }
    match RecordedFacts::from_json(text) {
        Ok(recorded) => {
            let places: Vec<_> = recorded
                .iter()
                .map(|it| (it.collection(), it.key()))
                .collect();
            let distinct: BTreeSet<_> = places.iter().copied().collect();
            assert!(
                places.iter().eq(distinct.iter()),
                "in order, each once: {text}"
            );
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control), "{error}"),
    }
});

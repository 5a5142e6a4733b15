//! Any text as the definition of an extension: read or refused, checked either way; what is read
//! survives being written, and has rules or an error that says why not.

#![no_main]

use admit_model::{
    ExtensionRules, MAX_TIMEOUT_SECONDS, MIN_TIMEOUT_SECONDS,
    graph::{CustomCalloutExtension, Form},
    lint_extension,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let findings = lint_extension(bytes);
    assert!(findings.len() <= 200, "{}", findings.len());
    let Ok(text) = std::str::from_utf8(bytes) else {
        assert!(!findings.is_empty());
        return;
    };
    let rules = ExtensionRules::from_json(text);
    match &rules {
        Ok(rules) => {
            if let Some(waits) = rules.waits() {
                assert!(
                    (MIN_TIMEOUT_SECONDS..=MAX_TIMEOUT_SECONDS).contains(&waits.timeout_seconds)
                );
            }
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control), "{error}"),
    }
    let extension = match CustomCalloutExtension::from_json(text) {
        Ok(extension) => extension,
        Err(error) => {
            assert!(!findings.is_empty(), "{error}: {text}");
            return;
        }
    };
    // Records of calls and collections are linted, too, and have no rules.
    if !matches!(extension, CustomCalloutExtension::Other(_)) {
        assert!(rules.is_ok() || !findings.is_empty(), "{rules:?}: {text}");
    }
    for form in [Form::V1, Form::Beta] {
        let written = extension.to_json(form);
        let again = CustomCalloutExtension::from_json(&written)
            .unwrap_or_else(|error| panic!("{error}: {written}"));
        assert_eq!(again, extension, "{written}");
    }
});

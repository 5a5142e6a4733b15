//! Any text as the body of a resume action: read or refused, checked either way; what is read
//! survives being written.

#![no_main]

use admit_model::{
    graph::{Form, ResumeBody},
    lint_resume,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Both look at the same bytes: what cannot be read must have an error among its findings.
    let findings = lint_resume(bytes);
    assert!(findings.len() <= 200, "{}", findings.len());
    for finding in &findings {
        assert!(!finding.problem.contains(char::is_control), "{finding:?}");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        assert!(!findings.is_empty());
        return;
    };
    let body = match ResumeBody::from_json(text) {
        Ok(body) => body,
        Err(error) => {
            assert!(!error.to_string().contains(char::is_control), "{error}");
            assert!(!findings.is_empty(), "{error}: {text}");
            return;
        }
    };
    for form in [Form::V1, Form::Beta] {
        let written = body.to_json(form);
        let again =
            ResumeBody::from_json(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
        assert_eq!(again, body, "{written}");
    }
});

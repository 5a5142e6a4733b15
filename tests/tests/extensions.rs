//! What the library writes of an extension: `tests/graph` reads the same files with Graph's own
//! client.

use std::fs;

use admit::model::graph::{CustomCalloutExtension, Form};
use admit_tests::{corpus, golden, root};

/// The published examples, written as Graph's schema has them: no `value` around them, types with
/// `#`, `timeoutDuration`.
#[test]
fn published_examples_are_written_by_the_schema() {
    for (example, written) in [
        (
            "create-1-request-extension.request.json",
            "request-of-example-1.json",
        ),
        (
            "create-2-assignment-extension.request.json",
            "request-of-example-2.json",
        ),
    ] {
        let text = fs::read_to_string(corpus().join("seed-examples").join(example)).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
        if let Some(value) = json.get_mut("value") {
            json = value.take();
        }
        let extension = CustomCalloutExtension::from_json(&json.to_string()).unwrap();
        let file = root().join("tests/graph/extensions").join(written);
        golden(&file, &(extension.to_json(Form::V1) + "\n")).unwrap();
    }
}

//! The policies and the test of the author's guide, `plugins/README.md`, as they stand there.

#[expect(unreachable_pub, reason = "a crate of its own, where it is reached")]
#[path = "../../examples/rust/src/lib.rs"]
mod night_watch;

mod night_watch_tests {
    use super::night_watch::NightWatch;

    include!("guide/test.rs");
}

mod cleared {
    include!("guide/facts.rs");

    mod tests {
        use admit_policy::testing::Fixture;

        use super::{Cleared, Verdict};

        const PACKAGE: &str = "0d000001-0007-400e-a014-d13244aa029e";

        #[test]
        fn only_who_is_cleared_is_let_in() {
            let fixture = Fixture::from_file("tests/request.json").collection("clearances");
            let evaluate = |record: &str| {
                let target = "0a000001-0004-400b-a011-2ac39fe6a35d";
                let fixture = fixture.clone().fact("clearances", target, record);
                fixture.evaluate::<Cleared>()
            };
            let unknown = Verdict::deny("no-record", "The target's clearances are not known.");
            let not = Verdict::deny("not-cleared", "The target is not cleared for this package.");
            assert_eq!(
                evaluate(&format!(r#"{{"packages":["{}"]}}"#, PACKAGE.to_uppercase())),
                Ok(Verdict::approve("cleared", ""))
            );
            assert_eq!(evaluate(r#"{"packages":[]}"#), Ok(not));
            for nothing in ["null", "{}", r#"{"packages":null}"#] {
                assert_eq!(evaluate(nothing), Ok(unknown.clone()), "{nothing}");
            }
            assert_eq!(fixture.evaluate::<Cleared>(), Ok(unknown));
            assert_eq!(
                evaluate(&format!(r#"{{"packages":[null,"{PACKAGE}"]}}"#)),
                Err("the fact `clearances`: nothing at `/packages/0`".into())
            );
        }
    }
}

#[test]
fn the_guide_shows_this_code() {
    let guide = include_str!("../../README.md");
    for code in [
        include_str!("guide/facts.rs"),
        include_str!("guide/test.rs"),
    ] {
        assert!(guide.contains(&format!("```rust\n{code}```")), "{code}");
    }
}

/// The example of each language, whole but for its first lines in Rust.
#[test]
fn the_guide_shows_the_examples() {
    let guide = include_str!("../../README.md");
    let rust = include_str!("../../examples/rust/src/lib.rs");
    let (_, rust) = rust.split_once("\n\n").unwrap();
    for (language, code) in [
        ("rust", rust),
        (
            "javascript",
            include_str!("../../examples/javascript/policy.js"),
        ),
        ("c", include_str!("../../examples/c/policy.c")),
        ("python", include_str!("../../examples/python/policy.py")),
        ("rego", include_str!("../../examples/rego/access.rego")),
        ("cedar", include_str!("../../examples/cedar/access.cedar")),
    ] {
        assert!(
            guide.contains(&format!("```{language}\n{code}```")),
            "{language}"
        );
    }
}

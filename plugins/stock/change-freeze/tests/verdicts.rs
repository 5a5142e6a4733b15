//! Whole verdicts on the callouts of the corpus.

use admit_policy::{Verdict, testing::Fixture};
use policy_change_freeze::ChangeFreeze;

const YEAR_END: &str = r#"{"windows":[{
    "name":"Year end","from":"2026-12-18T18:00:00+01:00","to":"2027-01-04T06:00:00+01:00"
}]}"#;
const YEAR_END_IN_FINANCE: &str = r#"{"windows":[{
    "name":"Year end","from":"2026-12-18T18:00:00+01:00","to":"2027-01-04T06:00:00+01:00",
    "catalogs":["0E000001-0008-400F-A015-08AC7B95CD09"]
}]}"#;
const YEAR_END_ELSEWHERE: &str = r#"{"windows":[{
    "name":"Year end","from":"2026-12-18T18:00:00+01:00","to":"2027-01-04T06:00:00+01:00",
    "catalogs":["0e000001-0008-400f-a015-000000000000"]
}]}"#;

fn fixture(name: &str) -> Fixture {
    Fixture::from_file(format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    ))
}

fn evaluate(name: &str, settings: &str, now: &str) -> Result<Verdict, String> {
    fixture(name)
        .settings(settings)
        .now(now)
        .evaluate::<ChangeFreeze>()
}

fn frozen() -> Result<Verdict, String> {
    Ok(Verdict::cancel(
        "change-freeze",
        "Change freeze \"Year end\" until 2027-01-04T06:00:00+01:00. Please ask again afterwards.",
    ))
}

fn free() -> Result<Verdict, String> {
    Ok(Verdict::abstain("no-freeze", ""))
}

#[test]
fn a_freeze_includes_its_begin_and_excludes_its_end() {
    for (now, expected) in [
        ("2026-12-18T16:59:59.999Z", free()),
        ("2026-12-18T17:00:00Z", frozen()),
        ("2027-01-04T04:59:59.999Z", frozen()),
        ("2027-01-04T05:00:00Z", free()),
    ] {
        assert_eq!(
            evaluate("01-request-created.flat", YEAR_END, now),
            expected,
            "{now}"
        );
    }
}

#[test]
fn a_freeze_covers_its_catalogs() {
    let at = |settings| evaluate("01-request-created.flat", settings, "2026-12-24T12:00:00Z");
    assert_eq!(at(YEAR_END), frozen());
    assert_eq!(at(YEAR_END_IN_FINANCE), frozen());
    assert_eq!(at(YEAR_END_ELSEWHERE), free());
    assert_eq!(at(r#"{"windows":[]}"#), free());
}

#[test]
fn a_callout_without_a_catalog_might_be_of_any() {
    let at = |now| evaluate("16-minimal.flat", YEAR_END_ELSEWHERE, now);
    assert_eq!(at("2026-12-24T12:00:00Z"), frozen());
    assert_eq!(at("2026-11-20T12:00:00Z"), free());
}

#[test]
fn a_catalog_that_is_no_guid_might_be_any() {
    let text = std::fs::read_to_string(format!(
        "{}/../../../tests/corpus/callouts/01-request-created.flat.json",
        env!("CARGO_MANIFEST_DIR")
    ));
    let odd = text.unwrap().replace("\"0e000001-", "\" 0e000001-");
    let at = |settings| {
        Fixture::from_json(&odd)
            .settings(settings)
            .now("2026-12-24T12:00:00Z")
            .evaluate::<ChangeFreeze>()
    };
    assert_eq!(at(YEAR_END_IN_FINANCE), frozen());
    assert_eq!(at(YEAR_END_ELSEWHERE), frozen());
}

#[test]
fn the_first_freeze_that_covers_is_named() {
    let settings = r#"{"windows":[
        {"name":"Elsewhere","from":"2026-12-01","to":"2027-02-01",
         "catalogs":["0e000001-0008-400f-a015-000000000000"]},
        {"name":"Audit","from":"2026-12-01","to":"2027-02-01"},
        {"name":"Year end","from":"2026-12-01","to":"2027-02-01"}
    ]}"#;
    assert_eq!(
        evaluate("01-request-created.flat", settings, "2026-12-24T12:00:00Z"),
        Ok(Verdict::cancel(
            "change-freeze",
            "Change freeze \"Audit\" until 2027-02-01. Please ask again afterwards."
        ))
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    for (window, problem) in [
        (
            r#"{"name":"A","from":"18.12.2026","to":"2027-01-04"}"#,
            "fault: `settings`: a string at `/windows/0/from`, where a date-time with an offset, such as 2026-12-24T18:00:00+01:00, was asked for",
        ),
        (
            r#"{"name":"A","from":"2026-12-18","to":"2027-01-04T06:00:00"}"#,
            "fault: `settings`: a string at `/windows/0/to`, where a date-time with an offset, such as 2026-12-24T18:00:00+01:00, was asked for",
        ),
        (
            r#"{"name":"A","from":"2026-12-18","to":"2026-12-18"}"#,
            "settings /windows/0/to: not after `from`",
        ),
        (
            r#"{"name":"A","from":"2026-12-18","to":"2027-01-04","catalogs":[]}"#,
            "settings /windows/0/catalogs: empty; leave it out to cover all",
        ),
        (
            r#"{"name":"A","from":"2026-12-18","to":"2027-01-04","catalogs":["Finance"]}"#,
            "fault: `settings`: a string at `/windows/0/catalogs/0`, where a GUID was asked for",
        ),
    ] {
        let error = fixture("01-request-created.flat")
            .settings(&format!(r#"{{"windows":[{window}]}}"#))
            .configure::<ChangeFreeze>()
            .err();
        assert_eq!(error, Some(problem.to_owned()));
    }
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    for settings in [YEAR_END, YEAR_END_IN_FINANCE, r#"{"windows":[]}"#] {
        assert!(fits(settings), "{settings}");
    }
    for settings in [
        "{}",
        r#"{"windows":[{"name":"A","from":"2026-12-18"}]}"#,
        r#"{"windows":[{"name":"A","from":"2026-12-18","to":"2027-01-04","catalogs":[]}]}"#,
        r#"{"windows":[{"name":"A","from":"2026-12-18","to":"2027-01-04","catalog":"x"}]}"#,
    ] {
        assert!(!fits(settings), "{settings}");
    }
}

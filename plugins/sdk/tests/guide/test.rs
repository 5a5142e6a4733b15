use admit_policy::{Verdict, testing::Fixture};

#[test]
fn a_watched_package_needs_a_justification() {
    let verdict = Fixture::from_file("tests/request.json")
        .settings(r#"{"packages":["0d000001-0007-400e-a014-d13244aa029e"]}"#)
        .now("2026-11-20T12:00:00Z")
        .evaluate::<NightWatch>();
    assert_eq!(
        verdict,
        Ok(Verdict::deny("no-justification", "Please say what you need the access for."))
    );
}

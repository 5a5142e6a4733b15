//! What the policy says, natively: no WebAssembly, no host. `admit test` runs the component.

use admit_policy::{Verdict, testing::Fixture};
use night_watch::NightWatch;

fn verdict(callout: &str) -> Result<Verdict, String> {
    Fixture::from_file(format!("tests/callouts/{callout}.json"))
        .settings(r#"{"packages":["0d000001-0007-400e-a014-d13244aa029e"]}"#)
        .evaluate::<NightWatch>()
}

#[test]
fn a_watched_package_needs_a_justification() {
    assert_eq!(verdict("justified"), Ok(Verdict::approve("justified", "")));
    assert_eq!(
        verdict("no-justification"),
        Ok(Verdict::deny(
            "no-justification",
            "Please say what you need the access for."
        ))
    );
}

#[test]
fn other_packages_are_not_its_business() {
    assert_eq!(
        verdict("not-watched"),
        Ok(Verdict::abstain("not-watched", ""))
    );
}

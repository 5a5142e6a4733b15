//! What the policy answers, natively: no WebAssembly, no host.

use admit_policy::{Verdict, testing::Fixture};
use example_mail_needed::MailNeeded;

const CALLOUTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/callouts");

#[test]
fn an_account_needs_a_mail_address() {
    let person = Fixture::from_file(format!("{CALLOUTS}/01-request-created.flat.json"));
    assert_eq!(
        person.evaluate::<MailNeeded>(),
        Ok(Verdict::approve("has-mail", ""))
    );

    let robot = Fixture::from_file(format!(
        "{CALLOUTS}/21-service-principal-target.enveloped.json"
    ));
    assert_eq!(
        robot.evaluate::<MailNeeded>(),
        Ok(Verdict::deny("no-mail", "The account has no mail address."))
    );
}

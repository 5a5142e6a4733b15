use admit_policy::{ApprovalStage, Verdict, manager, testing::Fixture, user};

use super::Say;

const ID: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

fn say(settings: &str) -> Result<Verdict, String> {
    Fixture::from_json(
        r#"{
            "stage": "assignmentRequestDeterminingApprovalRequirements",
            "accessPackageAssignmentRequestId": "c0de0001-0001-4008-a00e-cf616ba1441c",
            "customExtensionStageInstanceId": "c0de0001-0002-4009-a00f-cf61f18d0e87"
        }"#,
    )
    .settings(settings)
    .evaluate::<Say>()
}

#[test]
fn it_says_what_it_is_told() {
    assert_eq!(
        say(r#"{"effect":"deny","code":"no","detail":"No.","notes":[{"code":"a","detail":"b"}]}"#),
        Ok(Verdict::deny("no", "No.").note("a", "b"))
    );
    assert_eq!(
        say(r#"{"effect":"abstain"}"#),
        Ok(Verdict::abstain("said", ""))
    );
    assert_eq!(
        say(&format!(
            r#"{{"effect":"require-approval","stage":{{
                "deny-after":172800,"escalate-after":3600,"require-justification":true,
                "primary":[{{"kind":"user","id":"{ID}","description":"One"}}],
                "escalation":[{{"kind":"manager","level":2}}]
            }}}}"#
        )),
        Ok(Verdict::require_approval(
            "said",
            "",
            ApprovalStage::new()
                .primary(user(ID).described("One"))
                .escalation(manager(2))
                .deny_after(172_800)
                .escalate_after(3600)
                .require_justification()
        ))
    );
}

#[test]
fn it_fails_as_it_is_told() {
    assert_eq!(
        say(r#"{"effect":"error","detail":"broken"}"#),
        Err("broken".into())
    );
    assert_eq!(
        say(r#"{"effect":"trap"}"#),
        Err("fault: panicked: asked to trap".into())
    );
    assert_eq!(
        say(r#"{"effect":"refuse","detail":"bad"}"#),
        Err("configure: bad".into())
    );
    assert_eq!(
        say(r#"{"effect":"shrug"}"#),
        Err("configure: settings /effect: there is no such effect".into())
    );
    assert_eq!(
        say(r#"{"effect":"deny","code":"Not a code"}"#),
        Err("fault: the code `Not a code` is not 1 to 64 of a-z, 0-9 and `-`".into())
    );
    assert_eq!(
        say(r#"{"effect":"require-approval","stage":{"deny-after":60}}"#),
        Err("fault: approval stage: no primary approver".into())
    );
}

//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{
    ApprovalStage, Approver, Verdict, group, hours, manager, testing::Fixture, user,
};
use policy_approver_by_fact::ApproverByFact;

/// Asks for herself, and answers `CC-4711` to the question about the cost center.
const NOOR: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";
const INES: &str = "0a000014-0004-4090-a108-2acf5e04ab80";
const OMAR: &str = "0a00000d-0004-405f-a0ad-2aca9d3aa0e4";
const FINANCE: &str = "0a000015-0004-4097-a115-2acffc3c2531";
const DESK: &str = "0a000015-0004-4097-a115-000000000000";

const BY_ATTRIBUTE: &str = r#"{
    "attribute":"/costCenter",
    "fallback":[{"group":"{0A000015-0004-4097-A115-000000000000}","description":"Access desk"}],
    "deny-after-hours":72
}"#;
const BY_QUESTION: &str = r#"{
    "question":"Cost center",
    "fallback":[{"user":"0a000014-0004-4090-a108-2acf5e04ab80"},{"manager":1}],
    "escalation":[{"manager":2},{"user":"0a000001-0004-400b-a011-2ac39fe6a35d"}],
    "deny-after-hours":72,
    "escalate-after-hours":24,
    "require-justification":true
}"#;

const CC_4711: &str = r#"{"costCenter":"CC-4711","department":"Finance"}"#;
const OMAR_AND_FINANCE: &str = r#"{
    "users":["{0A00000D-0004-405F-A0AD-2ACA9D3AA0E4}"],
    "groups":["0a000015-0004-4097-a115-2acffc3c2531"]
}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn own() -> String {
    text("07-determining-approval.flat")
}

/// Ines asks for Noor.
fn on_behalf() -> String {
    text("20-on-behalf-of.flat").replace(
        "assignmentRequestCreated",
        "assignmentRequestDeterminingApprovalRequirements",
    )
}

fn evaluate(
    callout: &str,
    settings: &str,
    person: &str,
    approvers: &str,
) -> Result<Verdict, String> {
    Fixture::from_json(callout)
        .settings(settings)
        .fact("people", NOOR, person)
        .fact("approvers", "CC-4711", approvers)
        .evaluate::<ApproverByFact>()
}

/// What is asked for with the settings `BY_ATTRIBUTE`.
fn asked(code: &'static str, detail: &str, approvers: &[Approver]) -> Result<Verdict, String> {
    let mut stage = ApprovalStage::new().deny_after(hours(72));
    stage.primary = approvers.to_vec();
    Ok(Verdict::require_approval(code, detail.to_owned(), stage))
}

fn found(approvers: &[Approver]) -> Result<Verdict, String> {
    asked("approvers-found", "Approvers of \"CC-4711\".", approvers)
}

fn fallback(code: &'static str, why: &str) -> Result<Verdict, String> {
    asked(
        code,
        &format!("{why} The fallback is asked."),
        &[group(DESK).described("Access desk")],
    )
}

fn no_value() -> Result<Verdict, String> {
    fallback(
        "fallback-no-value",
        "There is nothing to look approvers up by.",
    )
}

fn no_approvers() -> Result<Verdict, String> {
    fallback("fallback-no-approvers", "No approvers are known.")
}

fn same_person() -> Result<Verdict, String> {
    fallback(
        "fallback-same-person",
        "The approvers are who asks or who gets access.",
    )
}

#[test]
fn approvers_are_looked_up_by_an_attribute_of_the_target() {
    for callout in [own(), on_behalf()] {
        assert_eq!(
            evaluate(&callout, BY_ATTRIBUTE, CC_4711, OMAR_AND_FINANCE),
            found(&[user(OMAR), group(FINANCE)])
        );
    }
    let nested = BY_ATTRIBUTE.replace("/costCenter", "/org/cost~1center");
    assert_eq!(
        evaluate(
            &own(),
            &nested,
            r#"{"org":{"cost/center":" CC-4711\n"}}"#,
            r#"{"groups":["0a000015-0004-4097-a115-2acffc3c2531"]}"#
        ),
        found(&[group(FINANCE)])
    );
}

#[test]
fn approvers_are_looked_up_by_the_answer_to_a_question() {
    let by_id = BY_QUESTION.replace("Cost center", "0B000007-0006-4037-A061-6242120B1259");
    for settings in [BY_QUESTION, &by_id] {
        // `people` is not granted, so that reading it would be a fault.
        let verdict = Fixture::from_json(&own().replace("\"CC-4711\"", "\" CC-4711 \""))
            .settings(settings)
            .fact("approvers", "CC-4711", OMAR_AND_FINANCE)
            .evaluate::<ApproverByFact>();
        assert_eq!(
            verdict,
            Ok(Verdict::require_approval(
                "approvers-found",
                "Approvers of \"CC-4711\".",
                ApprovalStage::new()
                    .primary(user(OMAR))
                    .primary(group(FINANCE))
                    .escalation(manager(2))
                    .deny_after(hours(72))
                    .escalate_after(hours(24))
                    .require_justification(),
            ))
        );
    }
}

#[test]
fn who_asks_and_who_gets_access_are_dropped() {
    let of = |users: &[&str]| format!(r#"{{"users":{users:?}}}"#);
    for (callout, users, expected) in [
        (own(), &[NOOR, OMAR][..], found(&[user(OMAR)])),
        (own(), &[NOOR, INES], found(&[user(INES)])),
        (own(), &[NOOR], same_person()),
        (own(), &[NOOR, NOOR], same_person()),
        (on_behalf(), &[INES, OMAR, NOOR], found(&[user(OMAR)])),
        (on_behalf(), &[INES, NOOR], same_person()),
        (on_behalf(), &[INES], same_person()),
        (on_behalf(), &[NOOR], same_person()),
    ] {
        assert_eq!(
            evaluate(&callout, BY_ATTRIBUTE, CC_4711, &of(users)),
            expected,
            "{users:?}"
        );
    }
    // The record may write the id in another spelling.
    let upper = of(&[&NOOR.to_uppercase()]);
    assert_eq!(
        evaluate(&own(), BY_ATTRIBUTE, CC_4711, &upper),
        same_person()
    );
    // A group has other members.
    let with_group = format!(r#"{{"users":["{NOOR}"],"groups":["{FINANCE}"]}}"#);
    assert_eq!(
        evaluate(&own(), BY_ATTRIBUTE, CC_4711, &with_group),
        found(&[group(FINANCE)])
    );
}

#[test]
fn without_a_value_the_fallback_is_asked() {
    for person in [
        "null",
        "{}",
        r#"{"costCenter":null}"#,
        r#"{"costCenter":""}"#,
        r#"{"costCenter":" \t"}"#,
        r#"{"CostCenter":"CC-4711"}"#,
    ] {
        assert_eq!(
            evaluate(&own(), BY_ATTRIBUTE, person, OMAR_AND_FINANCE),
            no_value(),
            "{person}"
        );
    }
    let question = BY_ATTRIBUTE.replace(
        r#""attribute":"/costCenter""#,
        r#""question":"Cost center""#,
    );
    assert_ne!(question, BY_ATTRIBUTE);
    for callout in [
        on_behalf(),
        own().replace("\"CC-4711\"", "null"),
        own().replace("\"CC-4711\"", "\" \""),
    ] {
        assert_eq!(
            evaluate(&callout, &question, CC_4711, OMAR_AND_FINANCE),
            no_value()
        );
    }
}

#[test]
fn a_value_has_at_most_200_bytes() {
    let of = |value: &str| {
        Fixture::from_json(&own().replace("CC-4711", value))
            .settings(&BY_ATTRIBUTE.replace(
                r#""attribute":"/costCenter""#,
                r#""question":"Cost center""#,
            ))
            .fact("approvers", value, OMAR_AND_FINANCE)
            .evaluate::<ApproverByFact>()
    };
    let longest = "9".repeat(200);
    assert_eq!(
        of(&longest),
        asked(
            "approvers-found",
            &format!("Approvers of \"{longest}\"."),
            &[user(OMAR), group(FINANCE)]
        )
    );
    assert_eq!(of(&"9".repeat(201)), no_value());
    assert_eq!(of(&"ü".repeat(101)), no_value());
}

#[test]
fn without_approvers_the_fallback_is_asked() {
    for approvers in [
        "null",
        r#"{"users":[]}"#,
        r#"{"users":[],"groups":[]}"#,
        r#"{"users":[],"groups":null}"#,
    ] {
        assert_eq!(
            evaluate(&own(), BY_ATTRIBUTE, CC_4711, approvers),
            no_approvers(),
            "{approvers}"
        );
    }
    for other in ["cc-4711", "CC-4712", "CC 4711"] {
        let person = CC_4711.replace("CC-4711", other);
        assert_eq!(
            evaluate(&own(), BY_ATTRIBUTE, &person, OMAR_AND_FINANCE),
            no_approvers(),
            "{other}"
        );
    }
}

#[test]
fn who_asks_and_who_gets_access_are_dropped_from_the_fallback_too() {
    let settings = |fallback: &str| {
        format!(r#"{{"attribute":"/costCenter","deny-after-hours":72,"fallback":[{fallback}]}}"#)
    };
    let noor = format!(r#"{{"user":"{NOOR}"}}"#);
    let ines = format!(r#"{{"user":"{INES}"}}"#);
    let why = "No approvers are known. The fallback is asked.";
    for (callout, named, approvers) in [
        (own(), format!("{noor},{ines}"), vec![user(INES)]),
        (
            own(),
            format!(r#"{noor},{ines},{{"manager":1}}"#),
            vec![user(INES), manager(1)],
        ),
        (
            on_behalf(),
            format!(r#"{noor},{ines},{{"group":"{DESK}"}}"#),
            vec![group(DESK)],
        ),
    ] {
        assert_eq!(
            evaluate(&callout, &settings(&named), CC_4711, "null"),
            asked("fallback-no-approvers", why, &approvers),
            "{named}"
        );
    }
    for (callout, named) in [
        (own(), noor.clone()),
        (on_behalf(), noor.clone()),
        (on_behalf(), ines.clone()),
        (on_behalf(), format!("{noor},{ines}")),
        // There may be no manager.
        (own(), format!(r#"{noor},{{"manager":1}}"#)),
    ] {
        for (person, approvers, why) in [
            ("{}", "null", "There is nothing to look approvers up by."),
            (CC_4711, "null", "No approvers are known."),
            (
                CC_4711,
                r#"{"users":["0a000001-0004-400b-a011-2ac39fe6a35d"]}"#,
                "The approvers are who asks or who gets access.",
            ),
        ] {
            assert_eq!(
                evaluate(&callout, &settings(&named), person, approvers),
                Ok(Verdict::deny(
                    "no-approver",
                    format!("{why} The fallback names nobody else.")
                )),
                "{named}"
            );
        }
    }
}

#[test]
fn an_escalation_to_oneself_is_none() {
    let settings = BY_ATTRIBUTE.replacen(
        '{',
        r#"{"escalate-after-hours":24,"escalation":[
            {"user":"0a000014-0004-4090-a108-2acf5e04ab80"}],"#,
        1,
    );
    let Ok(Verdict { effect, .. }) = found(&[user(OMAR), group(FINANCE)]) else {
        panic!("a verdict");
    };
    let asked_by = |callout: &str| {
        evaluate(callout, &settings, CC_4711, OMAR_AND_FINANCE).map(|verdict| verdict.effect)
    };
    assert_eq!(asked_by(&on_behalf()), Ok(effect));
    assert_eq!(
        asked_by(&own()),
        Ok(admit_policy::Effect::RequireApproval(
            ApprovalStage::new()
                .primary(user(OMAR))
                .primary(group(FINANCE))
                .escalation(user(INES))
                .deny_after(hours(72))
                .escalate_after(hours(24))
        ))
    );
}

#[test]
fn a_callout_that_names_nobody_is_denied() {
    let no_requestor = Ok(Verdict::deny(
        "no-requestor",
        "The request does not say who asks.",
    ));
    let no_target = Ok(Verdict::deny(
        "no-target",
        "The request does not say who gets access.",
    ));
    for settings in [BY_ATTRIBUTE, BY_QUESTION] {
        for (member, denial) in [("Requestor", &no_requestor), ("Target", &no_target)] {
            let absent = own().replacen(&format!("\"{member}\""), "\"Nobody\"", 1);
            assert_eq!(
                &evaluate(&absent, settings, CC_4711, OMAR_AND_FINANCE),
                denial
            );
        }
        for nothing in ["null", "\"\""] {
            let nameless = own()
                .replace("\"0a000001-0005-400c-a012-2ac425d26dc8\"", nothing)
                .replace(&format!("\"{NOOR}\""), nothing);
            assert_eq!(
                evaluate(&nameless, settings, CC_4711, OMAR_AND_FINANCE),
                no_requestor
            );
        }
    }
}

/// Noor's own callout, with these object ids of the target and the requestor.
fn with_object_ids(target: &str, requestor: &str) -> String {
    let noor = format!("{NOOR:?}");
    own()
        .replacen(&noor, "TARGET", 1)
        .replacen(&noor, &format!("{requestor:?}"), 1)
        .replacen("TARGET", &format!("{target:?}"), 1)
}

/// Where one of them cannot be told from the users, no user is asked.
#[test]
fn who_has_no_object_id_might_be_any_user() {
    let only_users = format!(r#"{{"users":["{NOOR}","{OMAR}"]}}"#);
    let unknown = fallback(
        "fallback-person-unknown",
        "It cannot be told whether the approvers are who asks or who gets access.",
    );
    let by_answer = BY_ATTRIBUTE.replace(
        r#""attribute":"/costCenter""#,
        r#""question":"Cost center","escalate-after-hours":24,
            "escalation":[{"user":"0a000014-0004-4090-a108-2acf5e04ab80"}]"#,
    );
    for callout in [
        with_object_ids(NOOR, ""),
        with_object_ids("", NOOR),
        with_object_ids("", ""),
        own().replace(&format!("\"ObjectId\": \"{NOOR}\","), ""),
    ] {
        let evaluate = |record: &str| evaluate(&callout, &by_answer, CC_4711, record);
        assert_eq!(evaluate(&only_users), unknown, "{callout}");
        // Who is a member of a group is not seen anyway.
        assert_eq!(evaluate(OMAR_AND_FINANCE), found(&[group(FINANCE)]));
        // The fallback of this one names a user and a manager, whom there may not be.
        let record = Fixture::from_json(&callout)
            .settings(BY_QUESTION)
            .fact("approvers", "CC-4711", &only_users)
            .evaluate::<ApproverByFact>();
        assert_eq!(
            record,
            Ok(Verdict::deny(
                "no-approver",
                "It cannot be told whether the approvers are who asks or who gets access. The \
                 fallback names nobody else."
            ))
        );
    }
}

#[test]
fn people_from_outside_have_no_record() {
    for nothing in ["null", "\"\""] {
        let outside = own().replace(&format!("\"{NOOR}\""), nothing);
        assert_eq!(
            evaluate(&outside, BY_ATTRIBUTE, CC_4711, OMAR_AND_FINANCE),
            no_value()
        );
    }
}

/// It would be compared with users, and never be the same.
#[test]
fn an_object_id_that_is_no_guid_is_denied() {
    let oneself = format!(r#"{{"users":["{NOOR}"]}}"#);
    for odd in [
        format!(" {NOOR}"),
        format!("{NOOR}\t"),
        format!("{NOOR}0"),
        "noor".to_owned(),
    ] {
        for settings in [BY_ATTRIBUTE, BY_QUESTION] {
            assert_eq!(
                evaluate(&with_object_ids(NOOR, &odd), settings, CC_4711, &oneself),
                Ok(Verdict::deny(
                    "no-requestor",
                    "The request does not say who asks."
                )),
                "{odd}"
            );
            assert_eq!(
                evaluate(&with_object_ids(&odd, NOOR), settings, CC_4711, &oneself),
                Ok(Verdict::deny(
                    "no-target",
                    "The request does not say who gets access."
                )),
                "{odd}"
            );
        }
    }
}

/// A list that is not there is not an empty one, and a place in it that is null names nobody.
#[test]
fn a_record_that_does_not_say_it_all_is_a_fault() {
    let neither = "the fact `approvers`: a record with neither `users` nor `groups`";
    let hole = "the fact `approvers`: nothing at `/users/0`";
    for (record, problem) in [
        ("{}", neither),
        ("[]", neither),
        (r#"{"users":null,"groups":null}"#, neither),
        (
            r#"{"Users":["0a00000d-0004-405f-a0ad-2aca9d3aa0e4"]}"#,
            neither,
        ),
        (r#"{"users":[null]}"#, hole),
        (
            r#"{"users":[null,"0a00000d-0004-405f-a0ad-2aca9d3aa0e4"]}"#,
            hole,
        ),
        (
            r#"{"users":["0a00000d-0004-405f-a0ad-2aca9d3aa0e4"],"groups":[null]}"#,
            "the fact `approvers`: nothing at `/groups/0`",
        ),
        (
            r#""0a00000d-0004-405f-a0ad-2aca9d3aa0e4""#,
            "fault: `facts`: a string at ``, where an array or an object was asked for",
        ),
    ] {
        assert_eq!(
            evaluate(&own(), BY_ATTRIBUTE, CC_4711, record),
            Err(problem.into()),
            "{record}"
        );
    }
}

#[test]
fn facts_of_another_type_are_faults() {
    let hundred_and_one = format!(
        r#"{{"groups":[{}]}}"#,
        (0..101)
            .map(|n| format!(r#""0a000015-0004-4097-a115-000000000{n:03}""#))
            .collect::<Vec<_>>()
            .join(",")
    );
    for (person, approvers, problem) in [
        (
            r#"{"costCenter":4711}"#,
            OMAR_AND_FINANCE,
            "fault: `facts`: a number at `/costCenter`, where a string was asked for",
        ),
        (
            CC_4711,
            r#"{"users":"[\"0a00000d-0004-405f-a0ad-2aca9d3aa0e4\"]"}"#,
            "fault: `facts`: a string at `/users`, where an array was asked for",
        ),
        (
            CC_4711,
            r#"{"users":{"0a00000d-0004-405f-a0ad-2aca9d3aa0e4":true}}"#,
            "fault: `facts`: an object at `/users`, where an array was asked for",
        ),
        (
            CC_4711,
            r#"{"groups":{}}"#,
            "fault: `facts`: an object at `/groups`, where an array was asked for",
        ),
        (
            CC_4711,
            r#"{"users":["0a00000d-0004-405f-a0ad-2aca9d3aa0e4","omar"]}"#,
            "fault: `facts`: a string at `/users/1`, where a GUID was asked for",
        ),
        (
            CC_4711,
            r#"{"groups":["Finance"]}"#,
            "fault: `facts`: a string at `/groups/0`, where a GUID was asked for",
        ),
        (
            CC_4711,
            &hundred_and_one,
            "fault: approval stage: more than 100 primaryApprovers",
        ),
    ] {
        assert_eq!(
            evaluate(&own(), BY_ATTRIBUTE, person, approvers),
            Err(problem.into())
        );
    }
}

#[test]
fn a_record_may_name_a_hundred_approvers() {
    let ids: Vec<_> = (0..100)
        .map(|n| format!("0a000015-0004-4097-a115-0000000001{n:02}"))
        .collect();
    let record = format!(r#"{{"users":{ids:?}}}"#);
    let approvers: Vec<_> = ids.iter().map(user).collect();
    assert_eq!(
        evaluate(&own(), BY_ATTRIBUTE, CC_4711, &record),
        found(&approvers)
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    let with = |rest: &str| BY_ATTRIBUTE.replacen('{', &format!("{{{rest},"), 1);
    let fallback =
        |list: &str| format!(r#"{{"question":"Q","deny-after-hours":72,"fallback":[{list}]}}"#);
    let one_kind = "settings /fallback/0: an approver has exactly one of `user`, `group` and \
                    `manager`";
    for (settings, problem) in [
        (
            "{}".to_owned(),
            "settings: needs `attribute` or `question`, one of them",
        ),
        (
            with(r#""question":"Cost center""#),
            "settings: needs `attribute` or `question`, one of them",
        ),
        (
            BY_ATTRIBUTE.replace("/costCenter", "costCenter"),
            "settings /attribute: not a JSON pointer, such as /costCenter",
        ),
        (
            r#"{"question":"Q","deny-after-hours":72}"#.to_owned(),
            "settings /fallback: needs a user or a group; not everyone has a manager",
        ),
        (
            fallback(r#"{"manager":1}"#),
            "settings /fallback: needs a user or a group; not everyone has a manager",
        ),
        (fallback(r#"{"description":"Nobody"}"#), one_kind),
        (
            fallback(r#"{"manager":1,"group":"0a000015-0004-4097-a115-000000000000"}"#),
            one_kind,
        ),
        (
            fallback(r#"{"manager":0}"#),
            "settings /fallback/0/manager: not a level; 1 is the direct manager",
        ),
        (
            fallback(r#"{"manager":101}"#),
            "settings /fallback/0/manager: not a level; 1 is the direct manager",
        ),
        (
            fallback(r#"{"user":"omar"}"#),
            "fault: `settings`: a string at `/fallback/0/user`, where a GUID was asked for",
        ),
        (
            BY_ATTRIBUTE.replace(",\n    \"deny-after-hours\":72", ""),
            "settings: needs `deny-after-hours`",
        ),
        (
            BY_ATTRIBUTE.replace("72", "8761"),
            "settings /deny-after-hours: not from 1 to 8760 hours",
        ),
        (
            with(r#""escalation":[{"manager":1}]"#),
            "settings /escalation: needs `escalate-after-hours`",
        ),
        (
            with(r#""escalate-after-hours":24"#),
            "settings /escalate-after-hours: there is no `escalation` approver to ask",
        ),
        (
            with(r#""escalation":[{"manager":1}],"escalate-after-hours":72"#),
            "settings /escalate-after-hours: not less than `deny-after-hours`",
        ),
    ] {
        let error = Fixture::from_json(&own())
            .settings(&settings)
            .configure::<ApproverByFact>()
            .err();
        assert_eq!(error.as_deref(), Some(problem), "{settings}");
    }
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    let nested = BY_ATTRIBUTE.replace("/costCenter", "/org/cost~1center");
    for settings in [BY_ATTRIBUTE, BY_QUESTION, &nested] {
        assert!(fits(settings), "{settings}");
        let configured = Fixture::from_json(&own())
            .settings(settings)
            .configure::<ApproverByFact>();
        assert_eq!(configured.err(), None, "{settings}");
    }
    let with = |rest: &str| BY_ATTRIBUTE.replacen('{', &format!("{{{rest},"), 1);
    for settings in [
        "{}".to_owned(),
        with(r#""question":"Cost center""#),
        with(r#""escalation":[{"manager":1}]"#),
        with(r#""escalate-after-hours":24"#),
        with(r#""require-justification":"yes""#),
        with(r#""approvers":[]"#),
        BY_ATTRIBUTE.replace("/costCenter", "costCenter"),
        BY_ATTRIBUTE.replace("/costCenter", ""),
        BY_ATTRIBUTE.replace("/costCenter", "/cost~Center"),
        BY_ATTRIBUTE.replace("\"attribute\":\"/costCenter\",", ""),
        BY_ATTRIBUTE.replace(",\n    \"deny-after-hours\":72", ""),
        BY_ATTRIBUTE.replace("72", "0"),
        BY_ATTRIBUTE.replace("72", "8761"),
        BY_ATTRIBUTE.replace("\"group\"", "\"team\""),
        BY_QUESTION.replace(
            "\"user\":\"0a000014-0004-4090-a108-2acf5e04ab80\"",
            "\"manager\":2",
        ),
        BY_QUESTION.replace("\"manager\":1", "\"manager\":0"),
        BY_QUESTION.replace("\"manager\":1", "\"manager\":101"),
        BY_QUESTION.replace("Cost center", ""),
        r#"{"question":"Q","deny-after-hours":72}"#.to_owned(),
        r#"{"question":"Q","deny-after-hours":72,"fallback":[]}"#.to_owned(),
    ] {
        assert_ne!(settings, BY_ATTRIBUTE);
        assert_ne!(settings, BY_QUESTION);
        assert!(!fits(&settings), "{settings}");
    }
}

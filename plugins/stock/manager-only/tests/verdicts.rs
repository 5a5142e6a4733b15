//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{Verdict, testing::Fixture};
use policy_manager_only::ManagerOnly;

const TARGET: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";
const REQUESTOR: &str = "0a000014-0004-4090-a108-2acf5e04ab80";

const BY_REQUESTOR: &str = r#"{"manager":"{0A000014-0004-4090-A108-2ACF5E04AB80}"}"#;
const BY_SOMEONE_ELSE: &str = r#"{"manager":"0a000014-0004-4090-a108-000000000000"}"#;

const ABSTAIN: &str = r#"{"admin-requests":"abstain"}"#;
const JUDGE: &str = r#"{"admin-requests":"judge"}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Someone asks for someone else.
fn on_behalf() -> String {
    text("20-on-behalf-of.flat")
}

fn typed(callout: &str, request_type: &str) -> String {
    let typed = callout
        .replace("\"onBehalfAdd\"", &format!("\"{request_type}\""))
        .replace("\"userAdd\"", &format!("\"{request_type}\""));
    assert!(typed.contains(request_type));
    typed
}

fn evaluate(callout: &str, settings: &str, person: &str) -> Result<Verdict, String> {
    Fixture::from_json(callout)
        .settings(settings)
        .fact("people", TARGET, person)
        .evaluate::<ManagerOnly>()
}

fn manager() -> Result<Verdict, String> {
    Ok(Verdict::approve("direct-manager", ""))
}

fn not_the_manager() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "not-the-manager",
        "Only the direct manager may ask for someone else.",
    ))
}

fn unknown_manager() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "manager-unknown",
        "Only the direct manager may ask for someone else, and none is known.",
    ))
}

fn unknown_type() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "request-type-unknown",
        "The request is of a kind that is not known.",
    ))
}

fn no_requestor() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "no-requestor",
        "The request does not say who asks.",
    ))
}

fn no_target() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "no-target",
        "The request does not say who gets access.",
    ))
}

fn own() -> Result<Verdict, String> {
    Ok(Verdict::abstain("own-request", ""))
}

#[test]
fn only_the_direct_manager_asks_for_someone_else() {
    for request_type in ["userAdd", "userUpdate", "onBehalfAdd"] {
        let callout = typed(&on_behalf(), request_type);
        for settings in ["{}", ABSTAIN, JUDGE] {
            assert_eq!(evaluate(&callout, settings, BY_REQUESTOR), manager());
            assert_eq!(
                evaluate(&callout, settings, BY_SOMEONE_ELSE),
                not_the_manager()
            );
        }
    }
}

#[test]
fn the_managers_manager_and_the_managed_do_not_count() {
    // The requestor manages the target's manager, and the target manages the requestor.
    let verdict = Fixture::from_json(&on_behalf())
        .fact("people", TARGET, BY_SOMEONE_ELSE)
        .fact(
            "people",
            "0a000014-0004-4090-a108-000000000000",
            BY_REQUESTOR,
        )
        .fact("people", REQUESTOR, &format!(r#"{{"manager":"{TARGET}"}}"#))
        .evaluate::<ManagerOnly>();
    assert_eq!(verdict, not_the_manager());
}

#[test]
fn without_a_record_or_a_manager_nobody_asks_for_someone_else() {
    for person in ["null", "{}", r#"{"manager":null}"#] {
        assert_eq!(
            evaluate(&on_behalf(), "{}", person),
            unknown_manager(),
            "{person}"
        );
    }
    let empty = Fixture::from_json(&on_behalf())
        .collection("people")
        .evaluate::<ManagerOnly>();
    assert_eq!(empty, unknown_manager());
}

#[test]
fn own_requests_are_left_alone() {
    let fixture = |callout: &str| {
        // No collection is granted, so that a lookup would be a fault.
        Fixture::from_json(callout).evaluate::<ManagerOnly>()
    };
    for request_type in ["userAdd", "userUpdate", "onBehalfAdd"] {
        let callout = typed(&text("01-request-created.flat"), request_type);
        assert_eq!(fixture(&callout), own(), "{request_type}");
    }
    // Neither has an object id.
    assert_eq!(fixture(&text("13-external-requestor.flat")), own());
}

#[test]
fn object_ids_come_before_the_ids_of_entitlement_management() {
    let requestors_id = "0a000014-0005-4091-a109-2acfe3f075eb";
    let targets_id = "0a000001-0005-400c-a012-2ac425d26dc8";
    let same_id = on_behalf().replace(requestors_id, targets_id);
    assert_ne!(same_id, on_behalf());
    assert_eq!(evaluate(&same_id, "{}", BY_SOMEONE_ELSE), not_the_manager());

    // One of them alone has an object id.
    let no_object_id = |id: &str| same_id.replace(&format!("\"{id}\""), "null");
    assert_eq!(
        evaluate(&no_object_id(REQUESTOR), "{}", BY_REQUESTOR),
        no_requestor()
    );
    assert_eq!(
        evaluate(&no_object_id(TARGET), "{}", BY_REQUESTOR),
        no_target()
    );
}

#[test]
fn without_ids_nothing_passes() {
    let external = text("13-external-requestor.flat");
    let id = "\"0a00000d-0005-4060-a0ae-2acb906c2214\"";
    for nothing in ["null", "\"\""] {
        let nameless = external.replace(id, nothing);
        assert_eq!(evaluate(&nameless, "{}", BY_REQUESTOR), no_requestor());

        for (missing, denial) in [(REQUESTOR, no_requestor()), (TARGET, no_target())] {
            let callout = on_behalf().replace(&format!("\"{missing}\""), nothing);
            assert_eq!(evaluate(&callout, "{}", BY_REQUESTOR), denial);
        }
    }
    // Two people from outside, one for the other.
    let two = external.replacen(id, "\"0a00000d-0005-4060-a0ae-000000000000\"", 1);
    assert_eq!(evaluate(&two, "{}", BY_REQUESTOR), no_requestor());

    let absent = text("01-request-created.flat");
    for (member, denial) in [("Requestor", no_requestor()), ("Target", no_target())] {
        let callout = absent.replacen(&format!("\"{member}\""), "\"Nobody\"", 1);
        assert_eq!(evaluate(&callout, "{}", BY_REQUESTOR), denial, "{member}");
    }
}

/// Two odd ids that are the same are nobody's, and say nothing of an own request.
#[test]
fn ids_that_are_no_guids_name_nobody() {
    for odd in ["Noor", &format!(" {REQUESTOR}"), &format!("{REQUESTOR}?")] {
        for (named, denial) in [(REQUESTOR, no_requestor()), (TARGET, no_target())] {
            let callout = on_behalf().replace(&format!("\"{named}\""), &format!("{odd:?}"));
            let verdict = Fixture::from_json(&callout)
                .fact("people", TARGET, BY_REQUESTOR)
                .fact("people", odd, BY_REQUESTOR)
                .evaluate::<ManagerOnly>();
            assert_eq!(verdict, denial, "{odd}");
        }
        let own = text("01-request-created.flat");
        let odd_own = own.replace(&format!("\"{TARGET}\""), &format!("{odd:?}"));
        assert_ne!(odd_own, own);
        assert_eq!(evaluate(&odd_own, "{}", BY_REQUESTOR), no_requestor());
        let external = text("13-external-requestor.flat");
        let id = "\"0a00000d-0005-4060-a0ae-2acb906c2214\"";
        let odd_external = external.replace(id, &format!("{odd:?}"));
        assert_ne!(odd_external, external);
        assert_eq!(evaluate(&odd_external, "{}", BY_REQUESTOR), no_requestor());
    }
}

#[test]
fn requests_of_administrators_and_of_the_service_are_judged_where_settings_say_so() {
    let admin = Ok(Verdict::abstain("admin-request", ""));
    for request_type in ["adminAdd", "adminUpdate", "systemAdd", "systemUpdate"] {
        let callout = typed(&on_behalf(), request_type);
        for settings in ["{}", ABSTAIN] {
            assert_eq!(evaluate(&callout, settings, BY_SOMEONE_ELSE), admin);
        }
        assert_eq!(evaluate(&callout, JUDGE, BY_REQUESTOR), manager());
        assert_eq!(
            evaluate(&callout, JUDGE, BY_SOMEONE_ELSE),
            not_the_manager()
        );
        assert_eq!(evaluate(&callout, JUDGE, "{}"), unknown_manager());
        let nobody = callout.replacen("\"Requestor\"", "\"Nobody\"", 1);
        assert_eq!(evaluate(&nobody, JUDGE, BY_REQUESTOR), no_requestor());
        let own_request = typed(&text("01-request-created.flat"), request_type);
        assert_eq!(evaluate(&own_request, JUDGE, BY_SOMEONE_ELSE), own());
    }
}

#[test]
fn removals_are_left_alone() {
    for request_type in [
        "userRemove",
        "adminRemove",
        "systemRemove",
        "approverRemove",
    ] {
        for settings in ["{}", JUDGE] {
            assert_eq!(
                evaluate(
                    &typed(&on_behalf(), request_type),
                    settings,
                    BY_SOMEONE_ELSE
                ),
                Ok(Verdict::abstain("removal", "")),
                "{request_type}"
            );
        }
    }
}

#[test]
fn unknown_request_types_pass_neither_for_oneself_nor_for_others() {
    for callout in [on_behalf(), text("01-request-created.flat")] {
        for request_type in ["notSpecified", "userExtend", "systemExpire", "userRemoved"] {
            for settings in ["{}", JUDGE] {
                assert_eq!(
                    evaluate(&typed(&callout, request_type), settings, BY_REQUESTOR),
                    unknown_type(),
                    "{request_type}"
                );
            }
        }
        let untyped = callout.replacen("\"RequestType\"", "\"Type\"", 1);
        assert_eq!(evaluate(&untyped, "{}", BY_REQUESTOR), unknown_type());
    }
    assert_eq!(
        evaluate(&text("16-minimal.flat"), "{}", BY_REQUESTOR),
        unknown_type()
    );
}

#[test]
fn facts_of_another_type_are_faults() {
    for (person, problem) in [
        (
            r#"{"manager":"ines.carvalho@contoso.example"}"#,
            "fault: `facts`: a string at `/manager`, where a GUID was asked for",
        ),
        (
            r#"{"manager":""}"#,
            "fault: `facts`: a string at `/manager`, where a GUID was asked for",
        ),
        (
            r#"{"manager":["0a000014-0004-4090-a108-2acf5e04ab80"]}"#,
            "fault: `facts`: an array at `/manager`, where a GUID was asked for",
        ),
    ] {
        assert_eq!(
            evaluate(&on_behalf(), "{}", person),
            Err(problem.into()),
            "{person}"
        );
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    let error = Fixture::from_json(&on_behalf())
        .settings(r#"{"admin-requests":"approve"}"#)
        .configure::<ManagerOnly>()
        .err();
    assert_eq!(
        error.as_deref(),
        Some("settings /admin-requests: neither abstain nor judge")
    );
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    for settings in ["{}", ABSTAIN, JUDGE] {
        assert!(fits(settings), "{settings}");
    }
    for settings in [
        r#"{"admin-requests":"approve"}"#,
        r#"{"admin-requests":true}"#,
        r#"{"admin-requests":null}"#,
        r#"{"admin-request":"judge"}"#,
    ] {
        assert!(!fits(settings), "{settings}");
    }
}

//! What the policy answers, and what it refuses.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{
    ApprovalStage, Verdict, external_sponsors, group, hours, internal_sponsors, manager,
    testing::Fixture, user,
};
use policy_cedar::Cedar;
use serde_json::{Value, json};

const NOOR: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

fn payload(callout: &str) -> String {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/corpus/callouts/"
    );
    std::fs::read_to_string(format!("{folder}{callout}.json")).unwrap()
}

fn fixture(callout: &str) -> Fixture {
    Fixture::from_json(&payload(callout)).now("2026-11-20T12:00:00.5Z")
}

/// Noor Halvorsen asks for herself.
fn created() -> Fixture {
    fixture("01-request-created.flat")
}

fn determining() -> Fixture {
    fixture("07-determining-approval.flat")
}

fn settings(policies: &str, rest: Value) -> String {
    let mut settings = json!({"policies": {"access.cedar": policies}});
    let members = settings.as_object_mut().unwrap();
    members.extend(rest.as_object().unwrap().clone());
    settings.to_string()
}

fn answer(policies: &str) -> Result<Verdict, String> {
    created()
        .settings(&settings(policies, json!({})))
        .evaluate::<Cedar>()
}

fn refused(policies: &str, rest: Value) -> Option<String> {
    created()
        .settings(&settings(policies, rest))
        .configure::<Cedar>()
        .err()
}

fn permitted() -> Result<Verdict, String> {
    Ok(Verdict::approve("permitted", ""))
}

const PERMIT: &str = "permit (principal, action, resource);";

#[test]
fn permit_approves_and_forbid_denies() {
    for (policies, verdict) in [
        (PERMIT.to_owned(), Verdict::approve("permitted", "")),
        (
            "@code(\"fine\")\n@detail(\"Fine.\")\npermit (principal, action, resource);".to_owned(),
            Verdict::approve("fine", "Fine."),
        ),
        (
            format!("{PERMIT}\nforbid (principal, action, resource);"),
            Verdict::deny("forbidden", ""),
        ),
        (
            // In the order of the text, and a cancellation only where all that forbid say so.
            format!(
                "{PERMIT}
                 @code(\"later\") @effect(\"cancel\") forbid (principal, action, resource);
                 @code(\"b\") @detail(\"B.\") forbid (principal, action, resource);
                 @code(\"a\") @detail(\"A.\") forbid (principal, action, resource);"
            ),
            Verdict::deny("b", "B.").note("a", "A."),
        ),
        (
            format!(
                "{PERMIT}\n@code(\"later\") @effect(\"cancel\") forbid (principal, action, resource);"
            ),
            Verdict::cancel("later", ""),
        ),
    ] {
        assert_eq!(answer(&policies), Ok(verdict), "{policies}");
    }
}

#[test]
fn nothing_that_permits_is_a_denial_unless_the_settings_say_abstain() {
    let never = "permit (principal, action, resource) when { false };";
    let nothing = ("nothing-permits", "No policy permits the request.");
    assert_eq!(answer(never), Ok(Verdict::deny(nothing.0, nothing.1)));
    let settings = settings(never, json!({"when-nothing-permits": "abstain"}));
    let verdict = created().settings(&settings).evaluate::<Cedar>();
    assert_eq!(verdict, Ok(Verdict::abstain(nothing.0, nothing.1)));
}

/// Cedar passes over a policy that fails: `forbid` with it would let everyone through.
#[test]
fn an_error_in_a_policy_is_a_fault() {
    for (policies, problem) in [
        (
            format!(
                "{PERMIT}\nforbid (principal, action, resource)\nwhen {{ principal.clearance == 1 }};"
            ),
            "the policy `access.cedar#2`: access.cedar:3:8: `User::\"0a000001-0004-400b-a011-2ac39fe6a35d\"` \
             does not have the attribute `clearance`",
        ),
        (
            format!(
                "forbid (principal, action, resource);\n@id(\"odd\") {}",
                PERMIT.replace(';', " when { context.state + 1 == 2 };")
            ),
            "the policy `odd`: access.cedar:2:",
        ),
    ] {
        let error = answer(&policies).unwrap_err();
        assert!(error.starts_with(problem), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn a_request_is_made_of_the_callout() {
    for condition in [
        "principal == User::\"0a000001-0004-400b-a011-2ac39fe6a35d\"",
        "principal.email == \"noor.halvorsen@contoso.example\"",
        "!(principal has connectedOrganization)",
        "action == Action::\"assignmentRequestCreated\"",
        "action in Action::\"userAdd\" && !(action in Action::\"userRemove\")",
        "resource == AccessPackage::\"0d000001-0007-400e-a014-d13244aa029e\"",
        "resource in Catalog::\"0e000001-0008-400f-a015-08ac7b95cd09\"",
        "resource.displayName == \"Finance Reporting - Read\"",
        "context.requestType == \"userAdd\" && context.stage == \"assignmentRequestCreated\"",
        "context.assignment.target.objectId == context.requestor.objectId",
        "context.nowSeconds == 1795176000",
        "context.now == datetime(\"2026-11-20T12:00:00Z\")",
        "context.now < datetime(\"2026-11-20\").offset(duration(\"13h\"))",
        "context.facts == {} && context.answers == {}",
    ] {
        let policy = PERMIT.replace(';', &format!(" when {{ {condition} }};"));
        assert_eq!(answer(&policy), permitted(), "{condition}");
    }
}

#[test]
fn the_principal_asks_or_gets_access() {
    let ines =
        "permit (principal == User::\"0a000014-0004-4090-a108-2acf5e04ab80\", action, resource);";
    let nothing = Verdict::deny("nothing-permits", "No policy permits the request.");
    for (principal, verdict) in [
        ("requestor", Verdict::approve("permitted", "")),
        ("target", nothing.clone()),
    ] {
        let settings = settings(ines, json!({"principal": principal}));
        let asked = fixture("20-on-behalf-of.flat").settings(&settings);
        assert_eq!(asked.evaluate::<Cedar>(), Ok(verdict), "{principal}");
    }
    // Nobody, without a package: the empty id, which is no one's.
    let empty = "permit (principal == User::\"\", action, resource == AccessPackage::\"\") unless \
                 { resource in Catalog::\"\" };";
    let asked = fixture("16-minimal.flat").settings(&settings(empty, json!({})));
    assert_eq!(asked.evaluate::<Cedar>(), permitted());
}

#[test]
fn answers_are_found_by_their_questions() {
    for condition in [
        "context.answers[\"Region\"] == \"emea\"",
        "context.answers has \"Permissions needed\"",
        "!(context.answers has \"No such question\")",
    ] {
        let policy = PERMIT.replace(';', &format!(" when {{ {condition} }};"));
        let asked = fixture("10-answers-all-kinds.flat").settings(&settings(&policy, json!({})));
        assert_eq!(asked.evaluate::<Cedar>(), permitted(), "{condition}");
    }
    // Two answers to one question are none.
    let twice = payload("10-answers-all-kinds.flat").replace("\"Region\"", "\"Standort\"");
    let policy = PERMIT.replace(';', " when { !(context.answers has \"Standort\") };");
    let asked = Fixture::from_json(&twice).settings(&settings(&policy, json!({})));
    assert_eq!(asked.evaluate::<Cedar>(), permitted());
}

#[test]
fn facts_are_in_the_context() {
    let rest = json!({"facts": [
        {"collection": "held", "key": "/assignment/target/objectId"},
        {"collection": "held", "key": "/requestor/onPremisesSecurityIdentifier", "name": "absent"},
        {"collection": "held", "key": "/accessPackage/id", "name": "unknown"},
    ]});
    let condition = "context.facts.held.packages.contains(\"p\") && !(context.facts has absent) && \
                     !(context.facts has unknown) && context.facts.held.share == \"0.5\"";
    let policy = PERMIT.replace(';', &format!(" when {{ {condition} }};"));
    let fixture = created().fact("held", NOOR, r#"{"packages":["p",null],"share":0.5}"#);
    let asked = fixture.clone().settings(&settings(&policy, rest));
    assert_eq!(asked.evaluate::<Cedar>(), permitted());

    let whole = json!({"facts": [{"collection": "held", "key": "/requestor"}]});
    let error = fixture
        .settings(&settings(PERMIT, whole))
        .evaluate::<Cedar>()
        .unwrap_err();
    assert!(
        error.starts_with("the fact `held`: at `/requestor` stands {"),
        "{error}"
    );
}

/// Neither a member that is called like ours, nor one that has a meaning in Cedar's own JSON.
#[test]
fn a_payload_cannot_forge_the_context() {
    let forged = payload("01-request-created.flat").replacen(
        '{',
        r#"{"facts":{"held":{}},"now":"1970","nowSeconds":1,
            "extra":{"__entity":{"type":"User","id":"admin"}},"more":{"__extn":{"fn":"no","arg":""}},"#,
        1,
    );
    let policy = PERMIT.replace(
        ';',
        " when { context.facts == {} && context.nowSeconds > 1 && context.extra has \"__entity\" && \
         context.extra != User::\"admin\" };",
    );
    let asked = Fixture::from_json(&forged).settings(&settings(&policy, json!({})));
    assert_eq!(asked.evaluate::<Cedar>(), permitted());
}

#[test]
fn a_permission_may_need_an_approval_stage() {
    let rest = json!({"approvals": {
        "desk": {
            "primary": [{"group": "0a000014-0004-4090-a108-2acf5e04ab80", "description": "Desk"}, {"manager": 2}],
            "fallback-primary": [{"internal-sponsors": true}],
            "escalation": [{"user": "0a00000d-0004-405f-a0ad-2aca9d3aa0e4"}],
            "fallback-escalation": [{"external-sponsors": true}],
            "deny-after-hours": 72, "escalate-after-hours": 24, "require-justification": true,
        },
        "a/b~c": {"primary": [{"manager": 1}], "deny-after-hours": 1},
    }});
    let desk = ApprovalStage::new()
        .primary(group("0a000014-0004-4090-a108-2acf5e04ab80").described("Desk"))
        .primary(manager(2))
        .fallback_primary(internal_sponsors())
        .escalation(user("0a00000d-0004-405f-a0ad-2aca9d3aa0e4"))
        .fallback_escalation(external_sponsors())
        .deny_after(hours(72))
        .escalate_after(hours(24))
        .require_justification();
    let other = ApprovalStage::new()
        .primary(manager(1))
        .deny_after(hours(1));
    for (policies, verdict) in [
        (
            // A plain permission beside it takes nothing back.
            format!("{PERMIT}\n@code(\"desk\") @approval(\"desk\") {PERMIT}"),
            Ok(Verdict::require_approval("desk", "", desk)),
        ),
        (
            format!("@approval(\"a/b~c\") {PERMIT}"),
            Ok(Verdict::require_approval("permitted", "", other)),
        ),
        (
            format!("@approval(\"desk\") {PERMIT}\n@approval(\"a/b~c\") {PERMIT}"),
            Err("`access.cedar#1` and `access.cedar#2` ask for different approval stages".into()),
        ),
    ] {
        let asked = determining().settings(&settings(&policies, rest.clone()));
        assert_eq!(asked.evaluate::<Cedar>(), verdict, "{policies}");
    }
}

#[test]
fn what_does_not_parse_is_shown() {
    let error = refused(
        "permit (principal, action, resource)\nwhen {\n\tprincipal.email = \"a\" };",
        json!({}),
    );
    let error = error.unwrap();
    assert!(
        error.starts_with("access.cedar:3:2: '=' is not a valid operator"),
        "{error}"
    );
    assert!(
        error.ends_with("\n3 | \tprincipal.email = \"a\" };\n  | \t^"),
        "{error}"
    );
}

#[test]
fn annotations_that_there_are_not_are_refused() {
    for (policies, problem) in [
        (
            format!("@cod(\"x\") {PERMIT}"),
            "the policy `access.cedar#1`: there is no annotation `@cod`; these are id, code, detail, effect, approval",
        ),
        (
            format!("@code(\"Not a code\") {PERMIT}"),
            "the policy `access.cedar#1`: `@code(\"Not a code\")` is not 1 to 64 of a-z, 0-9 and -",
        ),
        (
            format!("@effect(\"cancel\") {PERMIT}"),
            "the policy `access.cedar#1`: `@effect` is only `@effect(\"cancel\")`, on `forbid`",
        ),
        (
            "@effect(\"approve\") forbid (principal, action, resource);".into(),
            "the policy `access.cedar#1`: `@effect` is only `@effect(\"cancel\")`, on `forbid`",
        ),
        (
            format!("@approval(\"desk\") {PERMIT}"),
            "the policy `access.cedar#1`: `@approval(\"desk\")` names a stage of the setting `approvals`, on `permit`",
        ),
        (
            format!("@id(\"x\") {PERMIT} @id(\"x\") {PERMIT}"),
            "access.cedar: there are two policies `x`",
        ),
        (
            "permit (principal == ?principal, action, resource);".into(),
            "access.cedar: a template, with `?principal` or `?resource`; nothing links it",
        ),
    ] {
        assert_eq!(
            refused(&policies, json!({})).as_deref(),
            Some(problem),
            "{policies}"
        );
    }
}

#[test]
fn policies_that_do_not_fit_the_schema_are_refused() {
    let schema = include_str!("../admit.cedarschema");
    let when = |condition: &str| PERMIT.replace(';', &format!("\nwhen {{ {condition} }};"));
    for policy in [
        PERMIT.to_owned(),
        when("principal has email && principal.email like \"*@contoso.example\""),
        when("action in Action::\"userAdd\" && resource in Catalog::\"c\""),
        when(
            "context.now < datetime(\"2026-12-24\") && context.facts has held && context.facts.held.packages.contains(\"p\")",
        ),
        when(
            "context has requestor && context.requestor has objectId && context.requestor.objectId == \"x\"",
        ),
    ] {
        assert_eq!(
            refused(&policy, json!({"schema": schema})),
            None,
            "{policy}"
        );
    }
    for (policy, place) in [
        (when("principal.mail == \"x\""), "access.cedar:2:8: "),
        (when("principal.email == \"x\""), "access.cedar:2:8: "),
        (when("context.nowSeconds == \"x\""), "access.cedar:2:8: "),
        (
            PERMIT.replace("action", "action == Action::\"created\""),
            "access.cedar:1:",
        ),
    ] {
        assert_eq!(refused(&policy, json!({})), None, "{policy}");
        let error = refused(&policy, json!({"schema": schema})).unwrap();
        assert!(error.starts_with(place), "{error}");
        assert!(error.ends_with('^'), "{error}");
    }
    let error = refused(PERMIT, json!({"schema": "entity User;\nentity"})).unwrap();
    assert!(error.starts_with("schema:2:"), "{error}");
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let stage = |rest: Value| {
        let mut stage = json!({"primary": [{"manager": 1}], "deny-after-hours": 2});
        stage
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        json!({"approvals": {"desk": stage}})
    };
    for (rest, problem) in [
        (
            json!({"policies": {}}),
            "settings /policies: there are none",
        ),
        (
            json!({"policies": {"a.cedar": "// None."}}),
            "settings /policies: there are none",
        ),
        (
            json!({"principal": "both"}),
            "settings /principal: not `requestor` or `target`",
        ),
        (
            json!({"when-nothing-permits": "approve"}),
            "settings /when-nothing-permits: not `deny` or `abstain`",
        ),
        (
            json!({"facts": [{"key": "/a"}]}),
            "settings /facts/0: needs `collection` and `key`",
        ),
        (
            json!({"facts": [{"collection": "held", "key": "a"}]}),
            "settings /facts/0/key: not a JSON pointer, such as /assignment/target/objectId",
        ),
        (
            json!({"facts": [{"collection": "held", "key": "/a"}, {"collection": "held", "key": "/b"}]}),
            "settings /facts/1: there are two facts `held`; give one of them a `name`",
        ),
        (
            stage(json!({"primary": []})),
            "settings /approvals/desk: needs `primary` and `deny-after-hours`",
        ),
        (
            stage(json!({"deny-after-hours": 0})),
            "settings /approvals/desk/deny-after-hours: not from 1 to 8760 hours",
        ),
        (
            stage(json!({"escalate-after-hours": 1})),
            "settings /approvals/desk: `escalation` and `escalate-after-hours` come together",
        ),
        (
            stage(json!({"escalation": [{"manager": 1}], "escalate-after-hours": 2})),
            "settings /approvals/desk/escalate-after-hours: not less than `deny-after-hours`",
        ),
        (
            stage(json!({"primary": [{"manager": 0}]})),
            "settings /approvals/desk/primary/0/manager: not a level; 1 is the direct manager",
        ),
        (
            stage(json!({"primary": [{"manager": 1, "internal-sponsors": true}]})),
            "settings /approvals/desk/primary/0: an approver has exactly one of",
        ),
    ] {
        let error = refused(PERMIT, rest).unwrap();
        assert!(error.starts_with(problem), "{error}");
    }
}

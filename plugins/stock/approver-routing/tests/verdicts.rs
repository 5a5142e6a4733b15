//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{
    ApprovalStage, Verdict, days, external_sponsors, group, hours, internal_sponsors, manager,
    testing::Fixture, user,
};
use policy_approver_routing::ApproverRouting;

const DETERMINING: &str = "07-determining-approval.flat";
const TREASURY: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";
const DUTY_OFFICER: &str = "0a000014-0004-4090-a108-2acf5e04ab80";

/// Three routes, one of each kind, and no default.
const ROUTES: &str = r#"{"routes":[
    {
        "name":"Payments",
        "packages":["0D000007-0007-4038-A062-0000000000FF"],
        "approvers":{"primary":[
            {"group":"0A000001-0004-400B-A011-2AC39FE6A35D","description":"Treasury"}
        ]},
        "deny-after-hours":48,
        "require-justification":true
    },
    {
        "name":"Cost center 4711",
        "cost-center":{"question":"Cost center","values":["CC-0001","cc-4711"]},
        "approvers":{
            "primary":[{"manager":1}],
            "fallback-primary":[{"user":"0a000014-0004-4090-a108-2acf5e04ab80"}],
            "escalation":[{"manager":2}],
            "fallback-escalation":[{"internal-sponsors":true},{"external-sponsors":true}]
        },
        "deny-after-hours":72,
        "escalate-after-hours":24
    },
    {
        "name":"SAP",
        "package-name":"sap *",
        "approvers":{"primary":[{"manager":1}]},
        "deny-after-hours":24
    }
]}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn evaluate(callout: &str, settings: &str) -> Result<Verdict, String> {
    Fixture::from_json(callout)
        .settings(settings)
        .evaluate::<ApproverRouting>()
}

fn cost_center() -> Result<Verdict, String> {
    Ok(Verdict::require_approval(
        "route",
        "Approvers of the route \"Cost center 4711\".",
        ApprovalStage::new()
            .primary(manager(1))
            .fallback_primary(user(DUTY_OFFICER))
            .escalation(manager(2))
            .fallback_escalation(internal_sponsors())
            .fallback_escalation(external_sponsors())
            .deny_after(days(3))
            .escalate_after(hours(24)),
    ))
}

#[test]
fn a_cost_center_is_matched_by_the_text_and_the_id_of_its_question() {
    assert_eq!(evaluate(&text(DETERMINING), ROUTES), cost_center());

    let by_id = ROUTES.replace("Cost center\"", "0B000007-0006-4037-A061-6242120B1259\"");
    assert_ne!(by_id, ROUTES);
    assert_eq!(evaluate(&text(DETERMINING), &by_id), cost_center());

    // Nothing was answered there.
    assert_eq!(
        evaluate(
            &text("25-determining-approval.enveloped-no-odata-type"),
            ROUTES
        )
        .map(|verdict| verdict.reason.code),
        Ok("no-route".into())
    );
}

#[test]
fn a_package_is_matched_by_id_before_later_routes() {
    let payments = ROUTES.replace(
        "0D000007-0007-4038-A062-0000000000FF",
        "0D000007-0007-4038-A062-D135F9F6DCC4",
    );
    assert_eq!(
        evaluate(&text(DETERMINING), &payments),
        Ok(Verdict::require_approval(
            "route",
            "Approvers of the route \"Payments\".",
            ApprovalStage::new()
                .primary(group(TREASURY).described("Treasury"))
                .deny_after(days(2))
                .require_justification(),
        ))
    );
}

#[test]
fn a_package_is_matched_by_name() {
    let unanswered = text(DETERMINING).replace("CC-4711", "CC-9999");
    assert_eq!(
        evaluate(&unanswered, ROUTES),
        Ok(Verdict::require_approval(
            "route",
            "Approvers of the route \"SAP\".",
            ApprovalStage::new().primary(manager(1)).deny_after(days(1)),
        ))
    );
}

#[test]
fn what_no_route_matches_takes_the_default_or_is_denied() {
    let other = text(DETERMINING)
        .replace("CC-4711", "CC-9999")
        .replace("SAP FI", "Travel");
    assert_eq!(
        evaluate(&other, ROUTES),
        Ok(Verdict::deny(
            "no-route",
            "No route says who approves this request."
        ))
    );

    let with_default = ROUTES.replacen(
        '{',
        r#"{"default":{"approvers":{"primary":[{"manager":1}]},"deny-after-hours":72},"#,
        1,
    );
    assert_eq!(
        evaluate(&other, &with_default),
        Ok(Verdict::require_approval(
            "default-route",
            "Approvers of the default route.",
            ApprovalStage::new().primary(manager(1)).deny_after(days(3)),
        ))
    );
}

#[test]
fn other_stages_are_left_alone() {
    for name in ["01-request-created.flat", "05-request-removed.flat"] {
        assert_eq!(
            evaluate(&text(name), ROUTES),
            Ok(Verdict::abstain("other-stage", "")),
            "{name}"
        );
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    let route = |rest: &str| format!(r#"{{"routes":[{{"name":"A",{rest}}}]}}"#);
    let approvers = |list: &str| {
        route(&format!(
            r#""package-name":"*","deny-after-hours":24,"approvers":{{"primary":[{list}]}}"#
        ))
    };
    for (settings, problem) in [
        (
            "{}".to_owned(),
            "settings: neither a route nor a default, so no request could be answered",
        ),
        (
            route(r#""deny-after-hours":24,"approvers":{"primary":[{"manager":1}]}"#),
            "settings /routes/0: a route has exactly one of `cost-center`, `package-name` and \
             `packages`",
        ),
        (
            route(r#""package-name":"*","packages":["0d000007-0007-4038-a062-d135f9f6dcc4"]"#),
            "settings /routes/0: a route has exactly one of `cost-center`, `package-name` and \
             `packages`",
        ),
        (
            route(r#""package-name":"*","approvers":{"primary":[{"manager":1}]}"#),
            "settings /routes/0: needs `deny-after-hours`",
        ),
        (
            route(
                r#""package-name":"*","deny-after-hours":0,"approvers":{"primary":[{"manager":1}]}"#,
            ),
            "settings /routes/0/deny-after-hours: not from 1 to 8760 hours",
        ),
        (
            route(
                r#""package-name":"*","deny-after-hours":24,"escalate-after-hours":24,"approvers":{
                    "primary":[{"manager":1}],"escalation":[{"manager":2}]}"#,
            ),
            "settings /routes/0/escalate-after-hours: not less than `deny-after-hours`",
        ),
        (
            route(
                r#""package-name":"*","deny-after-hours":24,"approvers":{
                    "primary":[{"manager":1}],"escalation":[{"manager":2}]}"#,
            ),
            "settings /routes/0/approvers: escalation approvers need `escalate-after-hours`",
        ),
        (
            approvers(""),
            "settings /routes/0/approvers: needs a `primary` approver",
        ),
        (
            approvers(r#"{"user":"leila"}"#),
            "fault: `settings`: a string at `/routes/0/approvers/primary/0/user`, where a GUID was asked for",
        ),
        (
            approvers(r#"{"manager":0}"#),
            "settings /routes/0/approvers/primary/0/manager: not a level, 1 to 100; 1 is the direct manager",
        ),
        (
            approvers(r#"{"manager":1,"internal-sponsors":true}"#),
            "settings /routes/0/approvers/primary/0: two approvers in one; make them two items",
        ),
        (
            approvers(r#"{"description":"Nobody"}"#),
            "settings /routes/0/approvers/primary/0: names no approver",
        ),
        (
            approvers(r#"{"boss":1}"#),
            "settings /routes/0/approvers/primary/0/boss: there is no such kind of approver",
        ),
    ] {
        let error = Fixture::from_json(&text(DETERMINING))
            .settings(&settings)
            .configure::<ApproverRouting>()
            .err();
        assert_eq!(error.as_deref(), Some(problem), "{settings}");
    }
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    assert!(fits(ROUTES));
    for settings in [
        "{}".to_owned(),
        ROUTES.replace("\"manager\":1", "\"manager\":0"),
        ROUTES.replace("\"manager\":1", "\"manager\":1,\"internal-sponsors\":true"),
        ROUTES.replace("\"manager\":1", "\"boss\":1"),
        ROUTES.replace("\"package-name\":\"sap *\",", ""),
        ROUTES.replace("\"name\":\"SAP\",", "\"name\":\"SAP\",\"priority\":1,"),
    ] {
        assert!(!fits(&settings), "{settings}");
    }
}

/// A route of named packages is not passed by because the callout does not say which it is.
#[test]
fn a_callout_without_a_package_does_not_fall_through() {
    let nameless = text(DETERMINING).replacen("\"AccessPackage\"", "\"SomethingElse\"", 1);
    let denied = Ok(Verdict::deny(
        "no-package",
        "The request names no access package.",
    ));
    assert_eq!(evaluate(&nameless, ROUTES), denied);
    let behind = r#"{"routes":[{"name":"All","cost-center":{"question":"Cost center","values":
        ["CC-4711"]},"approvers":{"primary":[{"manager":1}]},"deny-after-hours":24},
        {"name":"P","packages":["0d000007-0007-4038-a062-0000000000ff"],
        "approvers":{"primary":[{"manager":1}]},"deny-after-hours":24}]}"#;
    assert_ne!(
        evaluate(&nameless, behind),
        denied,
        "an earlier route matches"
    );
}

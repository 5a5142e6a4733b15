//! What the policy answers, and what it refuses.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{
    ApprovalStage, Verdict, days, group, hours, internal_sponsors, manager, testing::Fixture, user,
};
use policy_rego::Rego;
use serde_json::{Value, json};

const NOOR: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";

fn fixture(callout: &str) -> Fixture {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/corpus/callouts/"
    );
    Fixture::from_file(format!("{folder}{callout}.json")).now("2026-11-20T12:00:00.5Z")
}

/// Noor Halvorsen asks for herself.
fn created() -> Fixture {
    fixture("01-request-created.flat")
}

fn determining() -> Fixture {
    fixture("07-determining-approval.flat")
}

fn settings(rules: &str, rest: Value) -> String {
    let mut settings = json!({"modules": {"access.rego": format!("package admit\n\n{rules}\n")}});
    let members = settings.as_object_mut().unwrap();
    members.extend(rest.as_object().unwrap().clone());
    settings.to_string()
}

fn answer(rules: &str) -> Result<Verdict, String> {
    created()
        .settings(&settings(rules, json!({})))
        .evaluate::<Rego>()
}

fn refused(rules: &str) -> Option<String> {
    let settings = settings(rules, json!({}));
    created().settings(&settings).configure::<Rego>().err()
}

fn nothing_holds() -> Verdict {
    Verdict::deny("no-rule-holds", "No rule says anything about the request.")
}

#[test]
fn a_rule_says_its_name_a_text_or_a_reason() {
    for (rules, verdict) in [
        ("approve := true", Verdict::approve("approve", "")),
        (
            "approve if input.requestType == \"userAdd\"",
            Verdict::approve("approve", ""),
        ),
        ("abstain if true", Verdict::abstain("abstain", "")),
        ("cancel := \"Later.\"", Verdict::cancel("cancel", "Later.")),
        ("deny contains \"No.\"", Verdict::deny("deny", "No.")),
        (
            r#"deny := {"code": "frozen", "detail": "Later."}"#,
            Verdict::deny("frozen", "Later."),
        ),
        (
            r#"approve := {"code": "fine"}"#,
            Verdict::approve("fine", ""),
        ),
        (
            // Sorted, whatever their order is.
            r#"deny contains {"code": "b", "detail": "Two."}
               deny contains {"code": "a", "detail": "One."}
               deny contains "Text.""#,
            Verdict::deny("deny", "Text.")
                .note("a", "One.")
                .note("b", "Two."),
        ),
        (
            r#"approve := ["Second.", "First."]"#,
            Verdict::approve("approve", "Second.").note("approve", "First."),
        ),
    ] {
        assert_eq!(answer(rules), Ok(verdict), "{rules}");
    }
}

#[test]
fn the_most_severe_rule_wins() {
    let rules = [
        "approve := true",
        "abstain := true",
        "cancel := true",
        "deny := true",
    ];
    for count in 1..=rules.len() {
        let verdict = answer(&rules[..count].join("\n")).unwrap();
        let name = rules[count - 1].split(' ').next().unwrap();
        assert_eq!(verdict.reason.code, name);
    }
    // An error of a rule that is not reached changes nothing.
    let verdict = answer("deny := true\napprove if input.requestType + 1 > 0");
    assert_eq!(verdict, Ok(Verdict::deny("deny", "")));
}

#[test]
fn nothing_that_holds_is_a_denial_unless_the_settings_say_abstain() {
    for rules in [
        "approve if input.nothing.there == 1",
        "default approve := false\napprove if false",
        "deny contains \"No.\" if false",
        "require_approval contains {} if false",
        "approve := []",
    ] {
        assert_eq!(answer(rules), Ok(nothing_holds()), "{rules}");
        for (said, verdict) in [
            ("deny", nothing_holds()),
            (
                "abstain",
                Verdict::abstain("no-rule-holds", "No rule says anything about the request."),
            ),
        ] {
            let settings = settings(rules, json!({"when-undefined": said}));
            assert_eq!(
                created().settings(&settings).evaluate::<Rego>(),
                Ok(verdict)
            );
        }
    }
}

/// Seventeen reasons are what a verdict can say; that there are more is no reason not to deny.
#[test]
fn of_many_reasons_the_first_are_told() {
    let verdict = answer("deny contains sprintf(\"%02d\", [n]) if some n in numbers.range(1, 40)");
    let verdict = verdict.unwrap();
    assert_eq!(
        (verdict.reason.detail.as_ref(), verdict.notes.len()),
        ("01", 16)
    );
}

#[test]
fn an_approval_stage_is_an_object() {
    let rules = r#"require_approval := {
        "code": "desk", "detail": "The desk decides.",
        "primary": [{"group": "0a000014-0004-4090-a108-2acf5e04ab80", "description": "Desk"}, {"manager": 2}],
        "fallback_primary": {{"internal_sponsors": true}},
        "escalation": [{"user": "0a00000d-0004-405f-a0ad-2aca9d3aa0e4"}],
        "deny_after": "P2DT12H", "escalate_after": 3600, "require_justification": true,
    }"#;
    let stage = ApprovalStage::new()
        .primary(group("0a000014-0004-4090-a108-2acf5e04ab80").described("Desk"))
        .primary(manager(2))
        .fallback_primary(internal_sponsors())
        .escalation(user("0a00000d-0004-405f-a0ad-2aca9d3aa0e4"))
        .deny_after(days(2) + hours(12))
        .escalate_after(hours(1))
        .require_justification();
    let settings = settings(rules, json!({}));
    assert_eq!(
        determining().settings(&settings).evaluate::<Rego>(),
        Ok(Verdict::require_approval(
            "desk",
            "The desk decides.",
            stage
        ))
    );

    let short = r#"require_approval contains {"primary": [{"manager": 1}], "deny_after": "PT8H"}"#;
    let stage = ApprovalStage::new()
        .primary(manager(1))
        .deny_after(hours(8));
    let settings = self::settings(short, json!({}));
    assert_eq!(
        determining().settings(&settings).evaluate::<Rego>(),
        Ok(Verdict::require_approval("require-approval", "", stage))
    );
}

/// Each of these would be an abstention, or a weaker stage, if it were guessed.
#[test]
fn values_that_are_no_answer_are_faults() {
    for (rules, problem) in [
        ("deny := null", "`deny`: null is no reason"),
        ("deny := 1", "`deny`: 1 is no reason"),
        ("deny contains true", "`deny`: true is no reason"),
        ("approve := {}", "`approve`: a reason without `code`: {}"),
        (
            "deny := {\"held\": \"No.\"}",
            "`deny`: there is no member \"held\"; the members are code, detail",
        ),
        (
            "deny := {\"code\": 1}",
            "`deny`: `code` is 1, which is no text",
        ),
        (
            "deny := {\"code\": \"Not a code\"}",
            "fault: the code `Not a code`",
        ),
        (
            "require_approval := true",
            "`require_approval`: true is no object",
        ),
        (
            "require_approval contains {\"deny_after\": n} if some n in [1, 2]",
            "`require_approval`: 2 different stages",
        ),
        (
            "require_approval := {\"primry\": []}",
            "there is no member \"primry\"",
        ),
        (
            "require_approval := {\"primary\": {\"manager\": 1}}",
            "`primary`: {\"manager\":1} is no list",
        ),
        (
            "require_approval := {\"primary\": [{\"boss\": 1}]}",
            "there is no kind of approver `boss`",
        ),
        (
            "require_approval := {\"primary\": [{\"manager\": \"1\"}]}",
            "which is no level",
        ),
        (
            "require_approval := {\"primary\": [{}]}",
            "an approver who is not named",
        ),
        (
            "require_approval := {\"primary\": [{\"manager\": 1, \"target_manager\": 1}]}",
            "one approver who is two",
        ),
        (
            "require_approval := {\"primary\": [{\"internal_sponsors\": false}]}",
            "it can only be true",
        ),
        (
            "require_approval := {\"deny_after\": \"2 days\"}",
            "which is no duration",
        ),
        (
            "require_approval := {\"deny_after\": \"P1M\"}",
            "which is no duration",
        ),
        (
            "require_approval := {\"deny_after\": \"-P1D\"}",
            "which is no duration",
        ),
        (
            "require_approval := {\"deny_after\": -1}",
            "which is no duration",
        ),
        (
            "require_approval := {\"deny_after\": \"P1D\"}",
            "fault: approval stage",
        ),
    ] {
        let settings = settings(rules, json!({}));
        let error = determining()
            .settings(&settings)
            .evaluate::<Rego>()
            .unwrap_err();
        assert!(error.contains(problem), "{rules}: {error}");
    }
}

/// OPA would leave these undefined, and a denial with them.
#[test]
fn errors_in_functions_are_faults_with_their_place() {
    for (rules, problem) in [
        (
            "deny if {\n\tstartswith(input.requestor.displayName, 1)\n}\napprove := true",
            "access.rego:4:42: `startswith` expects string argument. Got `1` instead",
        ),
        (
            "deny if not input.requestType + 1 > 3",
            "access.rego:3:18: `add` expects numeric argument. Got `\"userAdd\"` instead",
        ),
        (
            "deny if late(input.requestType)\nlate(text) if time.parse_rfc3339_ns(text) > 0",
            "access.rego:4:36: `userAdd` is no date-time of RFC 3339",
        ),
        ("deny := 1 if true\ndeny := 2 if true", "access.rego:4:1"),
    ] {
        let error = answer(rules).unwrap_err();
        assert!(error.contains(problem), "{rules}: {error}");
    }
}

#[test]
fn the_input_is_the_callout_with_the_instant_and_the_facts() {
    let rules = r#"
        approve if {
            input.stage == "assignmentRequestCreated"
            input.requestor.email == "noor.halvorsen@contoso.example"
            input.assignment.target.objectId == "0a000001-0004-400b-a011-2ac39fe6a35d"
            input.now == "2026-11-20T12:00:00.5Z"
            input.nowSeconds == 1795176000
            input.facts == {"held": {"packages": ["p"]}, "requestor": {"packages": ["p"]}}
            data.limits.most == 3
        }"#;
    let rest = json!({
        "data": {"limits": {"most": 3}},
        "facts": [
            {"collection": "held", "key": "/assignment/target/objectId"},
            {"collection": "held", "key": "/requestor/objectId", "name": "requestor"},
            {"collection": "held", "key": "/requestor/onPremisesSecurityIdentifier", "name": "absent"},
            {"collection": "held", "key": "/accessPackage/id", "name": "unknown"},
        ],
    });
    let fixture = created().fact("held", NOOR, r#"{"packages":["p"]}"#);
    let settings = settings(rules, rest);
    let verdict = fixture.clone().settings(&settings).evaluate::<Rego>();
    assert_eq!(verdict, Ok(Verdict::approve("approve", "")));

    let whole = self::settings(
        "approve := true",
        json!({"facts": [{"collection": "held", "key": "/requestor"}]}),
    );
    let error = fixture.settings(&whole).evaluate::<Rego>().unwrap_err();
    assert!(
        error.starts_with("the fact `held`: at `/requestor` stands {"),
        "{error}"
    );
}

/// A member of the payload that is called so must not be taken for ours.
#[test]
fn facts_of_the_payload_are_none() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/corpus/callouts/"
    );
    let payload = std::fs::read_to_string(format!("{folder}01-request-created.flat.json")).unwrap();
    let forged = payload.replacen(
        '{',
        r#"{"facts":{"held":{}},"now":"1970","nowSeconds":1,"#,
        1,
    );
    let rules = "approve if { input.facts == {}; input.nowSeconds > 1; input.now != \"1970\" }";
    assert_eq!(
        Fixture::from_json(&forged)
            .settings(&settings(rules, json!({})))
            .evaluate::<Rego>(),
        Ok(Verdict::approve("approve", ""))
    );
}

#[test]
fn a_rule_looks_facts_up() {
    let rules = r#"
        deny contains sprintf("%v is held already.", [id]) if {
            some id in admit.fact("held", input.assignment.target.objectId).packages
        }
        deny contains "Nothing is known." if not admit.fact("held", input.assignment.target.objectId)
        approve if count(deny) == 0"#;
    let settings = settings(rules, json!({}));
    for (value, verdict) in [
        (r#"{"packages":[]}"#, Verdict::approve("approve", "")),
        (
            r#"{"packages":["p"]}"#,
            Verdict::deny("deny", "p is held already."),
        ),
        ("null", Verdict::deny("deny", "Nothing is known.")),
    ] {
        let fixture = created().fact("held", NOOR, value).settings(&settings);
        assert_eq!(fixture.evaluate::<Rego>(), Ok(verdict), "{value}");
    }
    // Not granted: the host ends the evaluation.
    let error = created()
        .settings(&settings)
        .evaluate::<Rego>()
        .unwrap_err();
    assert!(error.starts_with("fault: "), "{error}");
    let error = answer("deny if admit.fact(\"held\", 1)").unwrap_err();
    assert!(
        error.contains("`admit.fact` takes a collection and a key"),
        "{error}"
    );
}

#[test]
fn time_is_reckoned_without_a_clock() {
    for rule in [
        r#"time.parse_rfc3339_ns("1970-01-01T01:00:01.5+01:00") == 1500000000"#,
        r#"time.parse_rfc3339_ns(input.now) / 1000000000 > input.nowSeconds"#,
        r#"time.parse_duration_ns("36h30m") == 131400000000000"#,
        r#"time.format(1500000000) == "1970-01-01T00:00:01.5Z""#,
        r#"time.date(0) == [1970, 1, 1]"#,
        r#"time.clock([3661000000000, "UTC"]) == [1, 1, 1]"#,
        r#"time.weekday(0) == "Thursday""#,
        // January 31 and a month is March 3.
        r#"time.date(time.add_date(time.parse_rfc3339_ns("2026-01-31T12:00:00Z"), 0, 1, 0)) == [2026, 3, 3]"#,
        r#"time.date(time.add_date(time.parse_rfc3339_ns("2026-01-01T12:00:00Z"), 1, 0, -1)) == [2026, 12, 31]"#,
        r#"regex.match("^[a-z]+$", "abc")"#,
        r#"glob.match("*.example", ["."], "contoso.example")"#,
        r#"semver.compare("1.2.3", "1.10.0") == -1"#,
        r#"base64.decode("YQ==") == "a""#,
        r#"graph.reachable({"a": ["b"], "b": []}, {"a"}) == {"a", "b"}"#,
    ] {
        assert_eq!(
            answer(&format!("approve if {rule}")),
            Ok(Verdict::approve("approve", "")),
            "{rule}"
        );
    }
    for (rule, problem) in [
        (
            r#"time.date([0, "Europe/Oslo"])"#,
            "the only time zone is UTC",
        ),
        (r#"time.date("1970")"#, "needs an instant in nanoseconds"),
        (
            r#"time.parse_rfc3339_ns("2400-01-01T00:00:00Z")"#,
            "out of the range",
        ),
        (r#"time.add_date(0, 9999, 0, 0)"#, "out of the range"),
    ] {
        let error = answer(&format!("approve if {rule}")).unwrap_err();
        assert!(error.contains(problem), "{rule}: {error}");
    }
}

#[test]
fn what_does_not_compile_is_shown() {
    for (rules, told) in [
        (
            "deny contains if {\n\tx\n}",
            "access.rego:3:15: unexpected keyword `if`\n3 | deny contains if {\n  |               ^",
        ),
        (
            "deny if {\n\tinput.x == y\n}",
            "access.rego:4:13: use of undefined variable `y` is unsafe\n4 | \tinput.x == y\n  | \t           ^",
        ),
        (
            "deny if f(1)\nf(x) if x\nf(x, y) if x == y",
            "access.rego:5:1: data.admit.f was previously defined with 1 arguments.\n\
             5 | f(x, y) if x == y\n  | ^",
        ),
        (
            "deny[\"held\"] := \"No.\"",
            "the rule `deny`: has members, such as `deny.a`, and no value; write `deny contains ...`",
        ),
    ] {
        assert_eq!(refused(rules).as_deref(), Some(told), "{rules}");
    }
}

/// `denny` would never be heard, and another policy might approve.
#[test]
fn a_rule_that_nothing_asks_for_is_refused() {
    assert_eq!(
        refused("approve := true\ndenny contains \"No.\"").as_deref(),
        Some(
            "access.rego:4:1: nothing uses `denny`; the rules that are asked for are deny, cancel, \
             require_approval, abstain, approve\n4 | denny contains \"No.\"\n  | ^"
        )
    );
    for (rules, is_refused) in [
        ("allow := true", true),
        ("approve if is_partner\nis_partner if true", false),
        (
            "approve if data.admit.is_partner(1)\nis_partner(x) if x == 1",
            false,
        ),
        ("approve := true\ndefault denied := false", true),
        // A comment and a text use nothing.
        ("approve := \"denny\" # denny\ndenny := true", true),
        (
            "approve if\n\tcount(deny) == 0\n\ndeny contains \"No.\" if\n\tinput.x",
            false,
        ),
    ] {
        assert_eq!(refused(rules).is_some(), is_refused, "{rules}");
    }
}

#[test]
fn functions_that_there_are_not_are_refused_by_name() {
    for (rules, told) in [
        (
            "deny if startwith(input.stage, \"a\")",
            "access.rego:3:9: no function `startwith`: there is no such function",
        ),
        (
            "deny if {\n\ttime.now_ns() > 0\n}",
            "access.rego:4:2: no function `time.now_ns`: a policy has no clock; the instant is `input.now`",
        ),
        (
            "deny if rand.intn(\"a\", 2) == 1",
            "access.rego:3:9: no function `rand.intn`: a policy has no randomness",
        ),
        (
            "deny if uuid.rfc4122(\"a\")",
            "access.rego:3:9: no function `uuid.rfc4122`: a policy has no randomness",
        ),
        (
            "deny if http.send({})",
            "access.rego:3:9: no function `http.send`: a policy has no network; facts are looked up with `admit.fact`",
        ),
        (
            "deny if opa.runtime()",
            "access.rego:3:9: no function `opa.runtime`: a policy has no environment",
        ),
        (
            "deny if admit.facts(\"a\", \"b\")",
            "access.rego:3:9: no function `admit.facts`: there is no such function",
        ),
    ] {
        let error = refused(rules).unwrap();
        assert_eq!(error.lines().next(), Some(told), "{rules}");
    }
}

#[test]
fn modules_import_each_other() {
    let lib = "package lib.holds\n\nimport data.admit\n\nany(ids) if some id in ids\nall(ids) if admit.facts.known";
    let access =
        "package admit\n\nimport data.lib.holds as h\n\ndeny if h.any([1])\nfacts.known := true";
    let settings = json!({"modules": {"lib.rego": lib, "access.rego": access}}).to_string();
    assert_eq!(
        created().settings(&settings).evaluate::<Rego>(),
        Ok(Verdict::deny("deny", ""))
    );
    // Called by its package, and not there: found when it is reached.
    let access = "package admit\n\ndeny if data.lib.holds.none([1])";
    let settings =
        json!({"modules": {"lib.rego": lib.replace("admit.", "input."), "access.rego": access}});
    let error = created()
        .settings(&settings.to_string())
        .evaluate::<Rego>()
        .unwrap_err();
    assert!(
        error.contains("could not find function data.lib.holds.none"),
        "{error}"
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    for (settings, problem) in [
        (json!({}), "settings /modules: there are none"),
        (
            json!({"modules": {}}),
            "settings /modules: package `admit` has none of the rules",
        ),
        (
            json!({"modules": {"a.rego": "package other\n\ndeny := true"}}),
            "settings /modules: package `admit` has none of the rules deny, cancel, \
             require_approval, abstain, approve",
        ),
        (
            json!({"modules": {"a.rego": "package admit\ndeny := true"}, "when-undefined": "approve"}),
            "settings /when-undefined: not `deny` or `abstain`",
        ),
        (
            json!({"modules": {"a.rego": "package admit\ndeny := true"}, "data": {"admit": {"deny": false}}}),
            "settings /data: has a member `admit`, where the rules are",
        ),
        (
            json!({"modules": {"a.rego": "package admit\ndeny := true"}, "facts": [{"collection": "held"}]}),
            "settings /facts/0: needs `collection` and `key`",
        ),
        (
            json!({"modules": {"a.rego": "package admit\ndeny := true"}, "facts": [{"collection": "held", "key": "id"}]}),
            "settings /facts/0/key: not a JSON pointer, such as /assignment/target/objectId",
        ),
        (
            json!({"modules": {"a.rego": "package admit\ndeny := true"}, "facts": [
                {"collection": "held", "key": "/a"}, {"collection": "held", "key": "/b"}]}),
            "settings /facts/1: there are two facts `held`; give one of them a `name`",
        ),
    ] {
        let error = created()
            .settings(&settings.to_string())
            .configure::<Rego>()
            .err();
        assert!(
            error
                .as_ref()
                .is_some_and(|error| error.starts_with(problem)),
            "{error:?}"
        );
    }
}

#[test]
fn what_a_rule_prints_does_not_change_it() {
    assert_eq!(
        answer("approve if print(\"asked by\", input.requestor.displayName)"),
        Ok(Verdict::approve("approve", ""))
    );
}

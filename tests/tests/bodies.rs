//! No text of a policy can change what a body is made of: whatever it says, the body is the same
//! members in the same order, with that text in one place.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use admit::model::{Judged, combine};
use admit::{
    ApprovalStage, Approver, ApproverKind, ApproverList, Callout, Combining, Engine, Limits,
    Outcome, Policy, PolicyId, PolicyOptions, PolicySet, Prepare, Profile, Reason, ResumeRequest,
    SetOptions, Stage, Verdict, VerdictKind,
};
use admit_tests::{Json, component};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::json;

const REQUEST: &str = "c0de0001-0001-4008-a00e-cf616ba1441c";
const PATH: &str = "/v1.0/identityGovernance/entitlementManagement/assignmentRequests/";
const GROUP: &str = "c0ffee00-0000-4000-8000-00000000000a";

/// What would end a string, a member or a line, or start an expression, if it were let.
const PIECES: &[&str] = &[
    "\"",
    "\\",
    "\\\"",
    "}",
    "]",
    "{",
    ",",
    ":",
    "\"}}",
    "\",\"state\":\"approved",
    "\"}],\"primaryApprovers\":[{\"",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{feff}",
    "\u{a0}",
    "\u{fffd}",
    "\\u0000",
    "\\ud800",
    "@{body('x')}",
    "@@odata.type",
    "@triggerBody()",
    "%7b",
    "<b>",
    "&amp;",
    "; ",
    " ",
    "é",
    "e\u{301}",
    "日本",
    "\u{1f511}",
    "null",
    "No.",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => vec(select(PIECES), 0..12).prop_map(|pieces| pieces.concat()),
        4 => any::<String>(),
        2 => (select(PIECES), 900_usize..1100).prop_map(|(piece, times)| piece.repeat(times)),
        1 => (select(PIECES), Just(100_000_usize)).prop_map(|(piece, bytes)| {
            piece.repeat(bytes / piece.len())
        }),
    ]
}

/// What a policy answers where it can be sent, and the `state` of the body.
fn answer() -> impl Strategy<Value = (Stage, VerdictKind, Option<&'static str>)> {
    use Stage::{
        AssignmentRequestApproved as Approved, AssignmentRequestCreated as Created,
        AssignmentRequestDeterminingApprovalRequirements as Determining,
        AssignmentRequestGranted as Granted, AssignmentRequestRemoved as Removed,
    };
    let asks = VerdictKind::RequireApproval(Box::default());
    select(vec![
        (Created, VerdictKind::Approve, None),
        (Created, VerdictKind::Cancel, Some("canceled")),
        (Created, VerdictKind::Deny, Some("denied")),
        (Approved, VerdictKind::Deny, Some("denied")),
        (Granted, VerdictKind::Approve, None),
        (Removed, VerdictKind::Approve, None),
        (Determining, asks.clone(), None),
        (Determining, asks, None),
    ])
}

fn callout(stage: Stage, instance: &str) -> Callout {
    let payload = json!({
        "stage": stage.as_str(),
        "accessPackageAssignmentRequestId": REQUEST,
        "customExtensionStageInstanceId": instance,
    });
    Callout::parse(payload.to_string().as_bytes()).unwrap()
}

/// The details of all policies as people may see them: 1,000 characters, none of which steers.
fn detail(texts: &[String]) -> String {
    const STEER: &[char] = &[
        '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}',
        '\u{2068}', '\u{2069}',
    ];
    let mut parts: Vec<String> = Vec::new();
    for text in texts {
        let mut part = text.replace(['\t', '\n', '\r', '\u{2028}', '\u{2029}'], " ");
        part.retain(|char| {
            !matches!(char, '\0'..='\x1f' | '\x7f'..='\u{9f}') && !STEER.contains(&char)
        });
        let part = part.trim().to_owned();
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    let joined = parts.into_iter().reduce(|before, part| {
        let is_sentence = before.ends_with(['.', '!', '?']);
        format!("{before}{}{part}", if is_sentence { " " } else { "; " })
    });
    joined.unwrap_or_default().chars().take(1000).collect()
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.map(|(key, value)| (key.into(), value)).into())
}

fn words(text: &str) -> Json {
    Json::Text(text.into())
}

/// The body as Graph's documentation has it.
fn body(
    (source, stage, instance): (&str, Stage, &str),
    detail: &str,
    state: Option<&str>,
    approval: Option<Json>,
) -> Json {
    let (of, suffix) = if approval.is_some() {
        (
            "assignmentRequestApprovalStageCallbackData",
            "assignmentRequestCreated",
        )
    } else {
        ("accessPackageAssignmentRequestCallbackData", stage.as_str())
    };
    let kind = format!("microsoft.graph.accessPackageCustomExtensionStage.{suffix}");
    let mut data = vec![
        (
            "@odata.type".into(),
            words(&format!("#microsoft.graph.{of}")),
        ),
        ("stage".into(), words(stage.as_str())),
        ("customExtensionStageInstanceId".into(), words(instance)),
    ];
    if !detail.is_empty() {
        data.push(("customExtensionStageInstanceDetail".into(), words(detail)));
    }
    if let Some(state) = state {
        data.push(("state".into(), words(state)));
    }
    if let Some(approval) = approval {
        data.push(("approvalStage".into(), approval));
    }
    object([
        ("source", words(source)),
        ("type", words(&kind)),
        ("data", Json::Object(data)),
    ])
}

/// An approval stage with texts of a policy, and Graph's form of it.
fn approval(rule: &str, description: &str) -> (ApprovalStage, Json) {
    let mut stage = ApprovalStage {
        deny_after: 90_000,
        ..ApprovalStage::default()
    };
    let group = object([
        ("@odata.type", words("#microsoft.graph.groupMembers")),
        ("groupId", words(GROUP)),
    ]);
    let mut primary = vec![described(group, description)];
    let mut add = |kind| {
        let approver = Approver {
            kind,
            description: description.into(),
        };
        stage.add(ApproverList::Primary, approver)
    };
    add(ApproverKind::Group(GROUP.into())).unwrap();
    if add(ApproverKind::AttributeRule(rule.into())).is_ok() {
        let members = object([
            (
                "@odata.type",
                words("#microsoft.graph.attributeRuleMembers"),
            ),
            ("membershipRule", words(rule)),
        ]);
        primary.push(described(members, description));
    }
    let json = object([
        ("durationBeforeAutomaticDenial", words("P1DT1H")),
        ("isApproverJustificationRequired", Json::Flag(false)),
        ("isEscalationEnabled", Json::Flag(false)),
        ("primaryApprovers", Json::List(primary)),
        ("fallbackPrimaryApprovers", Json::List(Vec::new())),
        ("escalationApprovers", Json::List(Vec::new())),
        ("fallbackEscalationApprovers", Json::List(Vec::new())),
    ]);
    (stage, json)
}

fn described(approver: Json, description: &str) -> Json {
    match approver {
        Json::Object(mut members) if !description.is_empty() => {
            members.push(("description".into(), words(description)));
            Json::Object(members)
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(1500)
    })]

    #[test]
    fn a_body_is_what_it_is_whatever_is_said(
        (stage, kind, state) in answer(),
        details in vec(text(), 1..4),
        (source, instance) in (text(), text()),
        (rule, description) in (text(), text()),
    ) {
        let instance = format!("x{instance}");
        let callout = callout(stage, &instance);
        let (kind, approval) = match kind {
            VerdictKind::RequireApproval(_) => {
                let (stage, json) = approval(&rule, &description);
                (VerdictKind::RequireApproval(Box::new(stage)), Some(json))
            }
            kind => (kind, None),
        };
        let policy = PolicyId::new("one").unwrap();
        let outcomes: Vec<_> = details
            .iter()
            .map(|detail| {
                Outcome::Verdict(Verdict {
                    kind: kind.clone(),
                    reason: Reason { code: "said".into(), detail: detail.clone() },
                    notes: vec![Reason { code: "noted".into(), detail: detail.clone() }],
                })
            })
            .collect();
        let judged: Vec<_> = outcomes
            .iter()
            .map(|outcome| Judged { policy: &policy, outcome })
            .collect();
        let decision = combine(&Combining::default(), &judged, stage);
        let found = ResumeRequest::new(&callout, &decision, &source, Profile::V1).unwrap();
        let right = body((&source, stage, &instance), &detail(&details), state, approval);
        prop_assert_eq!(Json::parse(&found.body()).unwrap(), right.clone());
        prop_assert_eq!(found.body(), right.to_string());
        let path = found.path().split(REQUEST).collect::<Vec<_>>();
        prop_assert_eq!(path, [PATH, "/resume"]);
    }
}

/// The same through a policy in the sandbox, which says what its settings tell it.
#[test]
fn nor_does_it_change_when_a_policy_says_it() {
    let engine = Engine::new(Limits {
        concurrency: 1,
        ..Limits::default()
    })
    .unwrap();
    let say = component("say");
    let all = PIECES.concat();
    let long = all.repeat(16 * 1024 / all.len());
    let longer = all.repeat(100_000 / all.len());
    // A detail of more than 16 KiB is a fault, whose own text is not for requestors.
    let faulty = "The request could not be evaluated.";
    for (text, said) in [(&all, None), (&long, None), (&longer, Some(faulty))] {
        for (stage, effect, state) in [
            (Stage::AssignmentRequestCreated, "approve", None),
            (Stage::AssignmentRequestCreated, "cancel", Some("canceled")),
            (Stage::AssignmentRequestApproved, "deny", Some("denied")),
            (
                Stage::AssignmentRequestDeterminingApprovalRequirements,
                "require-approval",
                None,
            ),
        ] {
            let asks = effect == "require-approval";
            let (_, approval) = approval(text, text);
            let mut settings = json!({ "effect": effect, "detail": text });
            if asks {
                settings["stage"] = json!({
                    "deny-after": 90_000,
                    "primary": [
                        { "kind": "group", "id": GROUP, "description": text },
                        { "kind": "attribute-rule-members", "id": text, "description": text },
                    ],
                });
            }
            let options = PolicyOptions {
                settings,
                prepare: Prepare::EachTime,
                ..PolicyOptions::default()
            };
            let policy = Policy::from_bytes(&engine, "say", &say, options).unwrap();
            let source = SetOptions {
                source: text.clone(),
                ..SetOptions::default()
            };
            let set = PolicySet::new(&engine, source, vec![policy]).unwrap();
            let report = set.evaluate(&callout(stage, text), jiff::Timestamp::UNIX_EPOCH);
            let answer = report.resume().map(ResumeRequest::body);
            let right = match said {
                // Nothing can be denied where approval is determined.
                Some(_) if asks => None,
                Some(said) => {
                    let denied = (stage == Stage::AssignmentRequestCreated
                        || stage == Stage::AssignmentRequestApproved)
                        .then_some("denied");
                    Some(body((text, stage, text), said, denied, None))
                }
                None => {
                    let said = detail(std::slice::from_ref(text));
                    let approval = asks.then_some(approval);
                    Some(body((text, stage, text), &said, state, approval))
                }
            };
            assert_eq!(answer, right.map(|body| body.to_string()), "{effect}");
            Json::parse(&report.to_json()).unwrap();
        }
    }
}

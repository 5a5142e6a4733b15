//! Each rule on the smallest document that shows it, and what holds of every finding.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Finding, LintAs, Rule, Severity, findings::Findings};

const ID: &str = "c0de0001-0002-4009-a00f-cf61f18d0e87";
const CREATED: &str = "assignmentRequestCreated";
const DETERMINING: &str = "assignmentRequestDeterminingApprovalRequirements";

/// The codes and places of findings, in an order of their own.
fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    let pairs = findings.iter();
    sorted(pairs.map(|finding| (finding.code, finding.path.as_str())))
}

fn sorted<'f>(pairs: impl Iterator<Item = (&'f str, &'f str)>) -> Vec<(&'f str, &'f str)> {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs
}

/// A body that continues, with changes to its data: null takes a member away.
fn body(changes: Value) -> Value {
    let mut body = json!({
        "source": "Contoso",
        "type": format!("microsoft.graph.accessPackageCustomExtensionStage.{CREATED}"),
        "data": {
            "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
            "stage": CREATED,
            "customExtensionStageInstanceId": ID,
        },
    });
    change(&mut body["data"], changes);
    body
}

/// A body that says who approves, with changes to its approval stage.
fn approval(changes: Value) -> Value {
    let mut stage = json!({
        "durationBeforeAutomaticDenial": "P2D",
        "isEscalationEnabled": false,
        "primaryApprovers": [{ "@odata.type": "#microsoft.graph.singleUser", "userId": ID }],
    });
    change(&mut stage, changes);
    body(json!({
        "@odata.type": "#microsoft.graph.assignmentRequestApprovalStageCallbackData",
        "stage": DETERMINING,
        "approvalStage": stage,
    }))
}

fn callout(changes: Value) -> Value {
    let mut callout = json!({
        "AccessPackageAssignmentRequestId": ID,
        "CustomExtensionStageInstanceId": ID,
        "Stage": CREATED,
        "CallbackConfiguration": { "DurationBeforeTimeout": "PT1H" },
    });
    change(&mut callout, changes);
    callout
}

fn extension(changes: Value) -> Value {
    let mut extension = json!({
        "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
        "displayName": "admit",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": ID,
            "resourceGroupName": "identity",
            "logicAppWorkflowName": "admit",
        },
        "authenticationConfiguration": {
            "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication"
        },
    });
    change(&mut extension, changes);
    extension
}

/// Sets members; null takes one away, and the text `null` makes it null.
fn change(object: &mut Value, changes: Value) {
    let (Value::Object(members), Value::Object(changes)) = (object, changes) else {
        return;
    };
    for (name, value) in changes {
        match value {
            Value::Null => drop(members.remove(&name)),
            Value::String(text) if text == "null" => drop(members.insert(name, Value::Null)),
            value => drop(members.insert(name, value)),
        }
    }
}

fn approvers(approver: Value) -> Value {
    json!({ "primaryApprovers": [approver] })
}

const RIGHT: (&str, &str) = ("determining-type", "/type");
const APPROVER: &str = "/data/approvalStage/primaryApprovers/0";

type Case = (LintAs, Value, Vec<(&'static str, String)>);

/// Documents and the whole list of their findings.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut add = |linted, document: Value, found: &[(&'static str, &str)]| {
        let found = found.iter().map(|(code, path)| (*code, (*path).to_owned()));
        cases.push((linted, document, found.collect()));
    };

    let mut resume =
        |document, found: &[(&'static str, &str)]| add(LintAs::Resume, document, found);
    resume(body(json!({})), &[]);
    resume(json!([]), &[("not-an-object", "")]);
    resume(json!("{}"), &[("not-an-object", "")]);
    resume(
        json!({}),
        &[
            ("member-missing", "/source"),
            ("member-missing", "/type"),
            ("member-missing", "/data"),
        ],
    );
    resume(
        json!({ "value": body(json!({})) }),
        &[("wrapped", "/value")],
    );
    resume(
        json!({ "answer": { "method": "POST", "body": body(json!({})) } }),
        &[("wrapped", "/answer/body")],
    );
    resume(body(json!({}))["data"].take(), &[("only-the-data", "")]);
    let mut odd = body(json!({}));
    change(
        &mut odd,
        json!({ "source": "", "state": "denied", "comment": 1 }),
    );
    resume(
        odd,
        &[
            ("member-unknown", "/comment"),
            ("member-unknown", "/state"),
            ("source-empty", "/source"),
        ],
    );
    for (kind, found) in [
        ("assignmentRequestCreated", &["stage-type-form"][..]),
        (
            "#microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated",
            &["stage-type-form"],
        ),
        (
            "microsoft.graph.microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated",
            &["type-prefix-doubled"],
        ),
        (
            "microsoft.graph.accessPackageCustomExtensionStage.AssignmentRequestCreated",
            &["stage-case"],
        ),
        (
            "microsoft.graph.accessPackageCustomExtensionStage.created",
            &["stage-unknown"],
        ),
        (
            "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestApproved",
            &["type-contradicts-stage"],
        ),
        ("{type}", &["placeholder"]),
        ("", &["member-empty", "stage-unknown", "stage-type-form"]),
    ] {
        let mut body = body(json!({}));
        change(&mut body, json!({ "type": kind }));
        let found: Vec<_> = found.iter().map(|code| (*code, "/type")).collect();
        resume(body, &found);
    }

    // Data.
    let data = |changes| body(changes);
    for (changes, found) in [
        (
            json!({ "@odata.type": null }),
            &[("type-missing", "/data/@odata.type")][..],
        ),
        (
            json!({ "@odata.type": 1 }),
            &[("wrong-json-type", "/data/@odata.type")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.sapAssignmentRequestCallbackData" }),
            &[("not-callback-data", "/data/@odata.type")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.customExtensionCallbackConfiguration" }),
            &[("configuration-as-data", "/data/@odata.type")],
        ),
        (
            json!({ "@odata.type": "accessPackageAssignmentRequestCallbackData" }),
            &[
                ("type-without-namespace", "/data/@odata.type"),
                ("type-without-hash", "/data/@odata.type"),
            ],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.AccessPackageAssignmentRequestCallbackData" }),
            &[("type-case", "/data/@odata.type")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.assignmentRequestApprovalStageCallbackData" }),
            &[("approval-stage-type", "/data/@odata.type")],
        ),
        (
            json!({ "customExtensionStageInstanceDetails": "x" }),
            &[(
                "member-unknown",
                "/data/customExtensionStageInstanceDetails",
            )],
        ),
        (
            json!({ "customExtensionStageInstanceId": null, "CustomExtensionStageInstanceId": ID }),
            &[("member-case", "/data/CustomExtensionStageInstanceId")],
        ),
        (
            json!({ "customExtensionStageInstanceId": null }),
            &[("member-missing", "/data/customExtensionStageInstanceId")],
        ),
        (
            json!({ "customExtensionStageInstanceId": "" }),
            &[("member-empty", "/data/customExtensionStageInstanceId")],
        ),
        (
            json!({ "customExtensionStageInstanceId": 7 }),
            &[("wrong-json-type", "/data/customExtensionStageInstanceId")],
        ),
        (
            json!({ "customExtensionStageInstanceId": "seven" }),
            &[("instance-id-form", "/data/customExtensionStageInstanceId")],
        ),
        (
            json!({ "customExtensionStageInstanceDetail": "x".repeat(1001) }),
            &[("detail-long", "/data/customExtensionStageInstanceDetail")],
        ),
        (
            json!({ "customExtensionStageInstanceDetail": "a\nb" }),
            &[("detail-control", "/data/customExtensionStageInstanceDetail")],
        ),
        (
            json!({ "customExtensionStageInstanceDetail": "@{body('x')}" }),
            &[("sample-text", "/data/customExtensionStageInstanceDetail")],
        ),
        (
            json!({ "stage": null }),
            &[("member-missing", "/data/stage")],
        ),
        (
            json!({ "stage": "AssignmentRemoved" }),
            &[
                ("stage-unknown", "/data/stage"),
                ("type-contradicts-stage", "/type"),
            ],
        ),
        (
            json!({ "stage": "assignmentRequestCreate" }),
            &[("stage-unknown", "/data/stage")],
        ),
        (
            json!({ "stage": "Microsoft.IGAELM.Stage" }),
            &[("internal-name", "/data/stage")],
        ),
        (
            json!({ "stage": "assignmentOneDayBeforeExpiration" }),
            &[
                ("stage-not-answerable", "/data/stage"),
                ("type-contradicts-stage", "/type"),
            ],
        ),
        (
            json!({ "state": "denied" }),
            &[("deny-at-created", "/data/state")],
        ),
        (json!({ "state": "canceled" }), &[]),
        (
            json!({ "state": "Canceled" }),
            &[("state-case", "/data/state")],
        ),
        (
            json!({ "state": "cancelled" }),
            &[("state-unknown", "/data/state")],
        ),
        (
            json!({ "state": "Approved" }),
            &[("state-unknown", "/data/state")],
        ),
        (
            json!({ "state": "WaitingForCallback" }),
            &[("state-unknown", "/data/state")],
        ),
        (json!({ "state": "null" }), &[("state-null", "/data/state")]),
        (
            json!({ "state": "String" }),
            &[("placeholder", "/data/state")],
        ),
    ] {
        resume(data(changes), found);
    }
    for (stage, state, found) in [
        (
            "assignmentRequestApproved",
            "denied",
            Some("deny-at-approved"),
        ),
        (
            "assignmentRequestApproved",
            "canceled",
            Some("state-at-stage"),
        ),
        ("assignmentRequestGranted", "denied", Some("state-at-stage")),
        (
            "assignmentRequestRemoved",
            "canceled",
            Some("state-at-stage"),
        ),
    ] {
        let mut body = body(json!({ "stage": stage, "state": state }));
        body["type"] = format!("microsoft.graph.accessPackageCustomExtensionStage.{stage}").into();
        let found: Vec<_> = found.iter().map(|code| (*code, "/data/state")).collect();
        resume(body, &found);
    }

    // Approval stages.
    resume(approval(json!({})), &[RIGHT]);
    let mut elsewhere = approval(json!({}));
    elsewhere["data"]["stage"] = CREATED.into();
    resume(
        elsewhere,
        &[("approval-stage-elsewhere", "/data/approvalStage")],
    );
    let mut mistyped = approval(json!({}));
    mistyped["data"]["@odata.type"] =
        "#microsoft.graph.accessPackageAssignmentRequestCallbackData".into();
    resume(
        mistyped,
        &[("approval-stage-type", "/data/@odata.type"), RIGHT],
    );
    let mut denied = approval(json!({}));
    denied["data"]["state"] = "denied".into();
    resume(denied, &[("state-at-stage", "/data/state"), RIGHT]);
    let mut other = approval(json!({}));
    other["type"] =
        format!("microsoft.graph.accessPackageCustomExtensionStage.{DETERMINING}").into();
    resume(other, &[("determining-type-wrong", "/type")]);
    resume(
        body(json!({ "stage": DETERMINING })),
        &[("approval-stage-missing", "/data/approvalStage"), RIGHT],
    );
    for (changes, found) in [
        (
            json!({ "@odata.type": "#microsoft.graph.accessPackageDynamicApprovalStage" }),
            &[("approval-stage-other", "/data/approvalStage/@odata.type")][..],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.accessPackageApprovalStage" }),
            &[],
        ),
        (
            json!({ "primaryApprovers": [] }),
            &[(
                "no-primary-approver",
                "/data/approvalStage/primaryApprovers",
            )],
        ),
        (
            json!({ "primaryApprovers": {} }),
            &[("wrong-json-type", "/data/approvalStage/primaryApprovers")],
        ),
        (
            json!({ "primaryApprovers": [7] }),
            &[("wrong-json-type", APPROVER)],
        ),
        (
            json!({ "durationBeforeAutomaticDenial": null }),
            &[(
                "member-missing",
                "/data/approvalStage/durationBeforeAutomaticDenial",
            )],
        ),
        (
            json!({ "durationBeforeAutomaticDenial": "P1W" }),
            &[(
                "duration-form",
                "/data/approvalStage/durationBeforeAutomaticDenial",
            )],
        ),
        (
            json!({ "durationBeforeAutomaticDenial": "PT0S" }),
            &[(
                "duration-zero",
                "/data/approvalStage/durationBeforeAutomaticDenial",
            )],
        ),
        (
            json!({ "approvalStageTimeOutInDays": 2 }),
            &[(
                "mixed-conventions",
                "/data/approvalStage/approvalStageTimeOutInDays",
            )],
        ),
        (
            json!({ "isEscalationEnabled": "true" }),
            &[("wrong-json-type", "/data/approvalStage/isEscalationEnabled")],
        ),
        (
            json!({ "isEscalationEnabled": true }),
            &[
                (
                    "escalation-incomplete",
                    "/data/approvalStage/durationBeforeEscalation",
                ),
                (
                    "escalation-incomplete",
                    "/data/approvalStage/escalationApprovers",
                ),
            ],
        ),
        (
            json!({ "durationBeforeEscalation": "P1D" }),
            &[(
                "escalation-disabled",
                "/data/approvalStage/isEscalationEnabled",
            )],
        ),
        (json!({ "durationBeforeEscalation": "PT0S" }), &[]),
        (
            json!({
                "isEscalationEnabled": true,
                "durationBeforeEscalation": "P2D",
                "escalationApprovers": [{ "@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1 }],
            }),
            &[(
                "escalation-late",
                "/data/approvalStage/durationBeforeEscalation",
            )],
        ),
        (
            json!({ "approverInformationVisibility": "Visible" }),
            &[(
                "value-case",
                "/data/approvalStage/approverInformationVisibility",
            )],
        ),
        (
            json!({ "approverInformationVisibility": "all" }),
            &[(
                "value-unknown",
                "/data/approvalStage/approverInformationVisibility",
            )],
        ),
    ] {
        let found: Vec<_> = found.iter().chain([&RIGHT]).copied().collect();
        resume(approval(changes), &found);
    }
    let user = "#microsoft.graph.singleUser";
    for (approver, found) in [
        (
            json!({ "@odata.type": user, "userId": "" }),
            &[("approver-id", "/userId")][..],
        ),
        (
            json!({ "@odata.type": user, "userId": "noor@contoso.example" }),
            &[("approver-id", "/userId")],
        ),
        (
            json!({ "@odata.type": user, "userId": "@body('x')" }),
            &[("expression", "/userId")],
        ),
        (
            json!({ "@odata.type": user }),
            &[("member-missing", "/userId")],
        ),
        (json!({ "userId": ID }), &[("type-missing", "/@odata.type")]),
        (
            json!({ "@odata.type": "#microsoft.graph.user", "userId": ID }),
            &[("approver-type-unknown", "/@odata.type")],
        ),
        (
            json!({ "@odata.type": "microsoft.graph.singleUser", "userId": ID }),
            &[("type-without-hash", "/@odata.type")],
        ),
        (
            json!({ "@@odata.type": user, "userId": ID }),
            &[("at-doubled", "/@@odata.type")],
        ),
        (
            json!({ "@odata.type": user, "userId": ID, "isBackup": false }),
            &[("mixed-conventions", "/isBackup")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 0 }),
            &[("manager-level", "/managerLevel")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.requestorManager", "managerLevel": "1" }),
            &[("wrong-json-type", "/managerLevel")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.attributeRuleMembers", "membershipRule": "" }),
            &[
                ("member-empty", "/membershipRule"),
                ("approver-undocumented", ""),
            ],
        ),
    ] {
        let mut pairs: Vec<_> = found
            .iter()
            .map(|(code, path)| (*code, format!("{APPROVER}{path}")))
            .collect();
        pairs.push((RIGHT.0, RIGHT.1.into()));
        cases.push((LintAs::Resume, approval(approvers(approver)), pairs));
    }
    let mut add = |linted, document: Value, found: &[(&'static str, &str)]| {
        let found = found.iter().map(|(code, path)| (*code, (*path).to_owned()));
        cases.push((linted, document, found.collect()));
    };
    add(
        LintAs::Resume,
        approval(json!({
            "primaryApprovers": [
                { "@odata.type": user, "id": ID, "isBackup": true },
                { "@odata.type": "#microsoft.graph.targetManager", "managerLevel": 1 },
            ],
            "fallbackPrimaryApprovers": [],
        })),
        &[
            (
                "approver-not-in-beta",
                "/data/approvalStage/primaryApprovers/1",
            ),
            (
                "backup-true",
                "/data/approvalStage/primaryApprovers/0/isBackup",
            ),
            (
                "approver-undocumented",
                "/data/approvalStage/primaryApprovers/1",
            ),
            (
                "beta-convention",
                "/data/approvalStage/primaryApprovers/0/id",
            ),
            ("beta-client-warning", "/data/approvalStage"),
            (
                "backup-and-fallback",
                "/data/approvalStage/primaryApprovers/0/isBackup",
            ),
            RIGHT,
        ],
    );

    // Callouts.
    let mut received =
        |document, found: &[(&'static str, &str)]| add(LintAs::Callout, document, found);
    received(callout(json!({})), &[]);
    received(
        json!({ "value": callout(json!({})) }),
        &[("wrapped", "/value")],
    );
    let known = "/identityGovernance/entitlementManagement/assignmentRequests";
    for (changes, found) in [
        (
            json!({ "Stage": null }),
            &[("callout-missing", "/stage")][..],
        ),
        (json!({ "Stage": 7 }), &[("callout-type", "/Stage")]),
        (
            json!({ "Stage": "created" }),
            &[("callout-stage", "/Stage")],
        ),
        (
            json!({ "stage": CREATED }),
            &[("callout-repeated", "/stage")],
        ),
        (json!({ "data": {} }), &[("callout-envelope", "/data")]),
        (
            json!({ "AccessPackageAssignmentRequestId": "seven" }),
            &[("callout-id", "/AccessPackageAssignmentRequestId")],
        ),
        (
            json!({ "CallbackUriPath": "/collect" }),
            &[("callout-callback-path", "/CallbackUriPath")],
        ),
        (
            json!({ "CallbackUriPath": format!("{known}/{ID}/resume") }),
            &[],
        ),
        (
            json!({ "CallbackUriPath": format!("/new/{ID}/resume") }),
            &[("callback-path-unknown", "/CallbackUriPath")],
        ),
        (
            json!({ "Stage": "AssignmentRemoved" }),
            &[("stage-alias", "/Stage")],
        ),
        (
            json!({ "CallbackConfiguration": null }),
            &[("may-not-be-waited-for", "/callbackConfiguration")],
        ),
        (
            json!({ "CallbackConfiguration": { "DurationBeforeTimeout": "P15D" } }),
            &[(
                "callback-timeout-range",
                "/CallbackConfiguration/DurationBeforeTimeout",
            )],
        ),
        (
            json!({ "CallbackConfiguration": {} }),
            &[(
                "callback-timeout-missing",
                "/CallbackConfiguration/timeoutDuration",
            )],
        ),
        (
            json!({ "CallbackConfiguration": { "DurationBeforeTimeout": "soon" } }),
            &[(
                "callback-timeout-malformed",
                "/CallbackConfiguration/DurationBeforeTimeout",
            )],
        ),
        (
            json!({ "CallbackConfiguration": null, "callbackConfiguration": { "durationBeforeTimeout": "PT1H" } }),
            &[(
                "graph-duration-name",
                "/callbackConfiguration/durationBeforeTimeout",
            )],
        ),
        (
            json!({ "Requestor": { "ObjectId": "" } }),
            &[("object-id-empty", "/Requestor/ObjectId")],
        ),
        (
            json!({ "Requestor": { "ObjectId": "noor" } }),
            &[("id-not-a-guid", "/Requestor/ObjectId")],
        ),
        (json!({ "RequestType": "UserAdd" }), &[]),
        (
            json!({ "RequestType": "userAdds" }),
            &[("value-new", "/RequestType")],
        ),
        (
            json!({ "Requestors": {} }),
            &[("member-extra", "/Requestors")],
        ),
        (
            json!({ "Status": "WaitingForCallback" }),
            &[("waiting-is-a-status", "/Status")],
        ),
        (
            json!({ "CustomExtensionStageInstanceId": "String" }),
            &[("placeholder", "/CustomExtensionStageInstanceId")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.accessPackageAssignmentCallbackData" }),
            &[("type-unknown", "/@odata.type")],
        ),
        (
            json!({ "Stage": "CustomExtensionConnectionTest" }),
            &[("connection-test", "/Stage")],
        ),
        (
            json!({ "Stage": null, "CustomExtensionStageInstanceId": null, "Event": "AssignmentRequestCreated" }),
            &[("retired-preview", "/Event")],
        ),
    ] {
        received(callout(changes), found);
    }

    // Extensions.
    let mut sent =
        |document, found: &[(&'static str, &str)]| add(LintAs::Extension, document, found);
    sent(extension(json!({})), &[]);
    sent(
        json!({ "value": extension(json!({})) }),
        &[("wrapped", "/value")],
    );
    sent(
        json!({ "value": [extension(json!({})), 7] }),
        &[("wrong-json-type", "/value/1")],
    );
    let callback = |name: &str, text: &str| {
        json!({ "callbackConfiguration": {
            "@odata.type": "#microsoft.graph.accessPackageRequestApprovalStageCallbackConfiguration",
            name: text,
        } })
    };
    let timeout = "/callbackConfiguration/timeoutDuration";
    for (changes, found) in [
        (callback("timeoutDuration", "PT5M"), &[][..]),
        (
            callback("timeoutDuration", "PT4M59S"),
            &[("timeout-range", timeout)],
        ),
        (
            callback("timeoutDuration", "1 hour"),
            &[("duration-form", timeout)],
        ),
        (
            callback("durationBeforeTimeout", "P14D"),
            &[(
                "timeout-name",
                "/callbackConfiguration/durationBeforeTimeout",
            )],
        ),
        (
            json!({ "callbackConfiguration": {
                "@odata.type": "#microsoft.graph.customExtensionCallbackConfiguration",
                "timeoutDuration": "PT1H",
            } }),
            &[(
                "callback-type-abstract",
                "/callbackConfiguration/@odata.type",
            )],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.customAccessPackageWorkflowExtension" }),
            &[("extension-retired", "/@odata.type")],
        ),
        (
            json!({ "@odata.type": "#microsoft.graph.accessPackageCustomWorkflowExtension" }),
            &[("type-unknown", "/@odata.type")],
        ),
        (
            json!({ "displayName": null }),
            &[("member-missing", "/displayName")],
        ),
        (json!({ "id": ID }), &[("read-only-member", "/id")]),
        (
            json!({ "endpointConfiguration": {
                "@odata.type": "#microsoft.graph.httpRequestEndpoint", "targetUrl": "https://contoso.example",
            } }),
            &[("endpoint-not-a-logic-app", "/endpointConfiguration")],
        ),
        (
            json!({ "authenticationConfiguration": {
                "@odata.type": "#microsoft.graph.azureAdTokenAuthentication", "resourceId": ID,
            } }),
            &[("authentication-retired", "/authenticationConfiguration")],
        ),
        (
            json!({ "clientConfiguration": { "timeoutInMilliseconds": 199, "maximumRetries": 2 } }),
            &[
                (
                    "client-bounds",
                    "/clientConfiguration/timeoutInMilliseconds",
                ),
                ("client-bounds", "/clientConfiguration/maximumRetries"),
            ],
        ),
    ] {
        sent(extension(changes), found);
    }
    let mut both = callback("timeoutDuration", "PT1H");
    both["callbackConfiguration"]["durationBeforeTimeout"] = "PT1H".into();
    sent(
        extension(both),
        &[
            ("two-spellings", "/callbackConfiguration/timeoutDuration"),
            (
                "timeout-name",
                "/callbackConfiguration/durationBeforeTimeout",
            ),
        ],
    );
    let mut waits = callback("timeoutDuration", "PT1H");
    waits["@odata.type"] = "#microsoft.graph.accessPackageAssignmentWorkflowExtension".into();
    sent(
        extension(waits),
        &[("callback-on-assignment", "/callbackConfiguration")],
    );
    sent(
        json!({ "customExtensionId": ID, "externalCorrelationId": "08584", "detail": "x", "status": "callbackReceived" }),
        &[],
    );
    sent(
        json!({ "@odata.type": "#microsoft.graph.customExtensionHandlerInstance", "stage": "created" }),
        &[
            ("value-new", "/stage"),
            ("instance-deprecated", "/@odata.type"),
        ],
    );
    cases
}

#[test]
fn each_document_has_its_findings() {
    for (linted, document, expected) in cases() {
        let text = document.to_string();
        let findings = linted.lint(text.as_bytes());
        let expected = expected.iter().map(|(code, path)| (*code, path.as_str()));
        assert_eq!(
            codes(&findings),
            sorted(expected),
            "{text}
{findings:#?}"
        );
        findings.iter().for_each(check);
    }
}

/// What cannot be said in a JSON value: text that is not JSON, and members that stand twice.
fn texts() -> Vec<(LintAs, Vec<u8>, &'static str, &'static str)> {
    let long = |text: &str| text.repeat(1024 * 1024 / text.len() + 1).into_bytes();
    vec![
        (
            LintAs::Resume,
            b"{\"source\":".to_vec(),
            "not-json",
            "line 1 column 11",
        ),
        (
            LintAs::Extension,
            b"{\"a\xff".to_vec(),
            "not-json",
            "byte 3",
        ),
        (LintAs::Resume, long(" "), "beyond-limits", ""),
        (LintAs::Callout, long(" "), "callout-limit", ""),
        (
            LintAs::Callout,
            b"{".to_vec(),
            "callout-syntax",
            "line 1 column 2",
        ),
        (
            LintAs::Extension,
            "[".repeat(65).into_bytes(),
            "beyond-limits",
            "",
        ),
        (
            LintAs::Extension,
            br#"{"id":null,"Id":null}"#.to_vec(),
            "repeated-member",
            "/Id",
        ),
    ]
}

#[test]
fn each_text_has_its_finding() {
    for (linted, text, code, path) in texts() {
        let findings = linted.lint(&text);
        let found = findings.iter().find(|finding| finding.code == code);
        let found = found.unwrap_or_else(|| panic!("no {code}: {findings:?}"));
        if !path.is_empty() {
            assert_eq!(found.path, path);
        }
        findings.iter().for_each(check);
    }
}

#[test]
fn every_rule_is_shown() {
    let shown: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|(_, _, found)| found.iter().map(|(code, _)| *code))
        .chain(texts().iter().map(|(_, _, code, _)| *code))
        .chain(["more-findings"])
        .collect();
    let rules: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(
        rules.difference(&shown).collect::<Vec<_>>(),
        Vec::<&&str>::new()
    );
}

#[test]
fn a_long_list_is_cut_and_keeps_the_worst() {
    let mut data = body(json!({ "state": "approved" }));
    for index in 0..300 {
        data["data"][format!("member{index}")] = 1.into();
    }
    let findings = LintAs::Resume.lint(data.to_string().as_bytes());
    assert_eq!(findings.len(), Findings::MOST);
    assert_eq!(
        findings.first().map(|finding| finding.code),
        Some("state-unknown")
    );
    let last = findings.last().unwrap();
    assert_eq!(last.code, "more-findings");
    assert_eq!(last.problem, "202 more findings are not shown");
}

#[test]
fn a_finding_has_its_members_in_order() {
    let findings = LintAs::Resume.lint(body(json!({ "state": "null" })).to_string().as_bytes());
    assert_eq!(
        serde_json::to_string(&findings).unwrap(),
        "[{\"code\":\"state-null\",\"severity\":\"warning\",\"path\":\"/data/state\",\
         \"problem\":\"`state` is null; every published body that continues has none\",\
         \"instead\":\"leave it out\",\"source\":\"https://learn.microsoft.com/graph/api/resources/\
         accesspackageassignmentrequestcallbackdata\"}]"
    );
}

#[test]
fn each_kind_is_recognised() {
    let text = |value: Value| value.to_string();
    for (document, kind) in [
        (text(body(json!({}))), LintAs::Resume),
        (text(approval(json!({}))), LintAs::Resume),
        (text(body(json!({}))["data"].take()), LintAs::Resume),
        (text(callout(json!({}))), LintAs::Callout),
        (
            text(json!({ "value": callout(json!({})) })),
            LintAs::Callout,
        ),
        (text(json!([callout(json!({}))])), LintAs::Callout),
        (
            text(json!({ "Event": "AssignmentRequestCreated" })),
            LintAs::Callout,
        ),
        (text(extension(json!({}))), LintAs::Extension),
        (
            text(json!({ "value": [extension(json!({}))] })),
            LintAs::Extension,
        ),
        (text(json!({ "customExtensionId": ID })), LintAs::Extension),
        ("{ \"endpointConfiguration\": ".into(), LintAs::Extension),
        ("{ \"CallbackUriPath\": ".into(), LintAs::Callout),
        ("{}".into(), LintAs::Resume),
        (String::new(), LintAs::Resume),
    ] {
        assert_eq!(LintAs::detect(document.as_bytes()), kind, "{document}");
    }
}

/// What holds of every finding: the rules of messages, and bounds.
fn check(finding: &Finding) {
    let rule = Rule::ALL.iter().find(|rule| rule.code == finding.code);
    let rule = rule.unwrap_or_else(|| panic!("{finding:?}"));
    assert_eq!(
        (finding.severity, finding.source),
        (rule.severity, rule.source)
    );
    for text in [&finding.problem, &finding.instead] {
        assert!(!text.is_empty() && !text.ends_with('.'), "{finding:?}");
        assert!(text.chars().count() <= 5000, "{finding:?}");
    }
    // The strict reader quotes the payload as it is; output cleans it.
    if !finding.code.starts_with("callout-") {
        assert!(
            !finding.problem.chars().any(char::is_control),
            "{finding:?}"
        );
        assert!(finding.problem.chars().count() <= 400, "{finding:?}");
    }
}

/// Documents made of the words that lint knows, in any order and place.
fn documents() -> impl Strategy<Value = Value> {
    let names = Rule::ALL.iter().map(|rule| rule.code);
    let known = [
        "source",
        "type",
        "data",
        "value",
        "@odata.type",
        "@@odata.type",
        "stage",
        "Stage",
        "state",
        "customExtensionStageInstanceId",
        "customExtensionStageInstanceDetail",
        "approvalStage",
        "primaryApprovers",
        "fallbackPrimaryApprovers",
        "escalationApprovers",
        "userId",
        "id",
        "isBackup",
        "managerLevel",
        "durationBeforeAutomaticDenial",
        "durationBeforeEscalation",
        "isEscalationEnabled",
        "AccessPackageAssignmentRequestId",
        "CallbackConfiguration",
        "durationBeforeTimeout",
        "timeoutDuration",
        "Requestor",
        "Target",
        "Assignment",
        "objectId",
        "Answers",
        "answeredQuestion",
        "text",
        "endpointConfiguration",
        "clientConfiguration",
        "customExtensionId",
        "Event",
        "verifiedCredentialsData",
        "claims",
        "microsoft.graph.singleUser",
        "#microsoft.graph.groupMembers",
        "denied",
        "Approved",
        "#microsoft.graph.assignmentRequestApprovalStageCallbackData",
        CREATED,
        DETERMINING,
        ID,
        "PT1H",
        "P99D",
        "String",
        "@{x}",
        "",
        "é",
        "\u{1}\n",
        "~/",
    ];
    let word = proptest::sample::select(names.chain(known).map(str::to_owned).collect::<Vec<_>>());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let key = prop_oneof![8 => word, 1 => any::<String>()];
    leaf.prop_recursive(6, 120, 12, move |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => proptest::collection::vec((key.clone(), inner), 0..12)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_panics_and_all_is_bounded(document in documents()) {
        let text = document.to_string();
        for linted in LintAs::ALL.into_iter().chain([LintAs::detect(text.as_bytes())]) {
            let findings = linted.lint(text.as_bytes());
            prop_assert!(findings.len() <= Findings::MOST);
            prop_assert!(findings.is_sorted_by_key(|finding| finding.severity));
            findings.iter().for_each(check);
        }
    }

    #[test]
    fn any_bytes_are_explained(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        for linted in LintAs::ALL {
            let findings = linted.lint(&bytes);
            prop_assert!(findings.iter().any(|finding| finding.severity == Severity::Error));
        }
    }
}

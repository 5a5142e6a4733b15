use std::{fs, path::PathBuf};

use super::*;
use crate::callout::Kind;

fn corpus(file: &str) -> String {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    fs::read_to_string(corpus.join(file)).unwrap()
}

fn callout(file: &str) -> Callout {
    Callout::parse(corpus(&format!("callouts/{file}.json")).as_bytes()).unwrap()
}

const REQUEST: &str = "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension";
const ASSIGNMENT: &str = "#microsoft.graph.accessPackageAssignmentWorkflowExtension";
const DECISION: &str = r##""@odata.type":"#microsoft.graph.customExtensionCallbackConfiguration""##;
const APPROVERS: &str =
    r##""@odata.type":"#microsoft.graph.accessPackageRequestApprovalStageCallbackConfiguration""##;

/// An extension of this type with these members.
fn of(type_name: &str, members: &str) -> String {
    format!(r#"{{"@odata.type":"{type_name}"{members}}}"#)
}

/// A request extension whose callback configuration has these members.
fn waiting(members: &str) -> String {
    of(
        REQUEST,
        &format!(r#","callbackConfiguration":{{{members}}}"#),
    )
}

fn rules(json: &str) -> ExtensionRules {
    ExtensionRules::from_json(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

const CATALOG: &str = "0e000001-0008-400f-a015-08ac7b95cd09";
const OTHER_CATALOG: &str = "0e000001-0008-400f-a015-08ac7b95cd0a";

#[test]
fn the_published_examples_are_read() {
    let hour = Some(Waits {
        timeout_seconds: 3600,
        answer: AnswerKind::Decision,
    });
    for (file, kind, waits) in [
        (
            "create-1-request-extension.request",
            ExtensionKind::Request,
            hour,
        ),
        (
            "create-1-request-extension.response",
            ExtensionKind::Request,
            hour,
        ),
        (
            "create-2-assignment-extension.request",
            ExtensionKind::Assignment,
            None,
        ),
        (
            "create-2-assignment-extension.response",
            ExtensionKind::Assignment,
            None,
        ),
    ] {
        let rules = rules(&corpus(&format!("seed-examples/{file}.json")));
        assert_eq!((rules.kind(), rules.waits()), (kind, waits), "{file}");
        assert_eq!(rules.catalog(), None, "{file}");
    }
}

#[test]
fn what_is_waited_for_is_read_in_every_spelling() {
    let waits = |timeout_seconds, answer| {
        Some(Waits {
            timeout_seconds,
            answer,
        })
    };
    use AnswerKind::{ApprovalStage, Decision};
    let in_seconds = |time: &str| waiting(&format!(r#"{DECISION},"timeoutDuration":"{time}""#));
    for (json, expected) in [
        (of(REQUEST, ""), None),
        (of(REQUEST, r#","callbackConfiguration":null"#), None),
        (
            of(&REQUEST.to_uppercase().replace("#MICROSOFT.GRAPH.", ""), ""),
            None,
        ),
        (in_seconds("PT5M"), waits(300, Decision)),
        (in_seconds("P14D"), waits(1_209_600, Decision)),
        (
            waiting(&format!(r#"{DECISION},"durationBeforeTimeout":"PT1H""#)),
            waits(3600, Decision),
        ),
        (
            waiting(&format!(
                r#"{DECISION},"DurationBeforeTimeout":"PT1H","timeoutDuration":"PT1H""#
            )),
            waits(3600, Decision),
        ),
        (
            waiting(&format!(r#"{APPROVERS},"timeoutDuration":"P1D""#)),
            waits(86_400, ApprovalStage),
        ),
        (
            waiting(&format!(
                r#"{},"timeoutDuration":"P1D""#,
                APPROVERS.replace('#', "")
            )),
            waits(86_400, ApprovalStage),
        ),
        // The type that the schema declares for the member need not be said.
        (
            waiting(r#""timeoutDuration":"PT1H""#),
            waits(3600, Decision),
        ),
        (
            waiting(r#""durationBeforeTimeout":"PT1H""#),
            waits(3600, Decision),
        ),
        // A response, as Graph gives it.
        (
            format!(
                r#"{{"@odata.context":"https://graph.microsoft.com/x","value":{}}}"#,
                in_seconds("PT1H")
            ),
            waits(3600, Decision),
        ),
        (
            in_seconds("PT1H").replacen(
                '{',
                r#"{"@odata.context":"https://graph.microsoft.com/x","#,
                1,
            ),
            waits(3600, Decision),
        ),
        (
            format!("\u{feff}{}", in_seconds("PT1H")),
            waits(3600, Decision),
        ),
    ] {
        assert_eq!(rules(&json).waits(), expected, "{json}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let timed = |time: &str| waiting(&format!(r#"{DECISION},"timeoutDuration":{time}"#));
    let wrapped = |json: &str| format!(r#"{{"value":{json}}}"#);
    let time = "/callbackConfiguration/timeoutDuration: ";
    for (json, starts) in [
        (
            timed(r#""PT4M59S""#),
            format!("{time}`PT4M59S` is not within `PT5M` and `P14D`"),
        ),
        (
            timed(r#""P14DT1S""#),
            format!("{time}`P14DT1S` is not within"),
        ),
        (timed(r#""-PT5M""#), format!("{time}`-PT5M` is not within")),
        (
            timed(r#""P1M""#),
            format!("{time}`P1M` is not a duration in days, hours"),
        ),
        (
            timed(r#""soon""#),
            format!("{time}`soon` is not a duration"),
        ),
        (
            timed("null"),
            format!("{time}the callback configuration has no `timeoutDuration`"),
        ),
        (
            timed("300"),
            format!("{time}expected a string, found a number"),
        ),
        (
            waiting(DECISION),
            format!("{time}the callback configuration has no"),
        ),
        (
            waiting(APPROVERS),
            format!("{time}the callback configuration has no"),
        ),
        (
            waiting(""),
            format!("{time}the callback configuration has no"),
        ),
        (
            waiting(r#""timeoutDuration":300"#),
            format!("{time}expected a string"),
        ),
        (
            waiting(r#""timeoutDuration":"PT1H","durationBeforeTimeout":"PT2H""#),
            "/callbackConfiguration/durationBeforeTimeout: two spellings of `timeoutDuration`"
                .into(),
        ),
        (
            waiting(&format!(
                r#"{DECISION},"timeoutDuration":"PT1H","durationBeforeTimeout":"PT2H""#
            )),
            "/callbackConfiguration/durationBeforeTimeout: two spellings".into(),
        ),
        (
            wrapped(&timed(r#""PT1M""#)),
            format!("/value{time}`PT1M` is not within"),
        ),
        (
            waiting(
                r##""@odata.type":"#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration","timeoutDuration":"PT1H""##,
            ),
            "/callbackConfiguration/@odata.type: `identityGovernance.customTask".into(),
        ),
        (
            of(REQUEST, r#","callbackConfiguration":"PT1H""#),
            "/callbackConfiguration: expected an object, found a string".into(),
        ),
        (
            of(
                ASSIGNMENT,
                &format!(r#","callbackConfiguration":{{{DECISION},"timeoutDuration":"PT1H"}}"#),
            ),
            "/callbackConfiguration: the service does not wait for an extension for assignments"
                .into(),
        ),
        (
            of(ASSIGNMENT, r#","callbackConfiguration":{}"#),
            "/callbackConfiguration: ".into(),
        ),
        (
            of("#microsoft.graph.customAccessPackageWorkflowExtension", ""),
            "/@odata.type: `customAccessPackageWorkflowExtension` is not".into(),
        ),
        (
            r#"{"displayName":"x"}"#.into(),
            "/@odata.type: nothing says that this is".into(),
        ),
        (wrapped("{}"), "/value/@odata.type: nothing says".into()),
        // An extension may have a member of this name; then it is no response.
        (
            r#"{"displayName":"x","value":{}}"#.into(),
            "/@odata.type: nothing says".into(),
        ),
        (
            wrapped("null"),
            "/value: expected an object, found null".into(),
        ),
        (
            wrapped(&format!("[{}]", of(REQUEST, ""))),
            "/value: expected an object, found an array".into(),
        ),
        (
            r#"{"value":{},"Value":{}}"#.into(),
            "/Value: member `Value` stands twice".into(),
        ),
        ("[]".into(), "/: expected an object, found an array".into()),
        ("null".into(), "/: expected an object, found null".into()),
        ("{".into(), "line 1 column 2: not JSON".into()),
        (String::new(), "line 1 column 1: not JSON".into()),
    ] {
        let error = ExtensionRules::from_json(&json).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GraphObject, "{json}");
        assert!(
            error.to_string().starts_with(&starts),
            "expected {starts}\nfound    {error}\nin {json}"
        );
    }
}

#[test]
fn definitions_in_code_are_read_as_those_in_json() {
    for file in [
        "create-1-request-extension",
        "create-2-assignment-extension",
    ] {
        let json = corpus(&format!("seed-examples/{file}.response.json"));
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let extension = CustomCalloutExtension::from_json(&value["value"].to_string()).unwrap();
        assert_eq!(ExtensionRules::new(&extension).unwrap(), rules(&json));
    }
}

#[test]
fn a_catalog_is_a_guid_in_any_spelling() {
    let rules = rules(&of(REQUEST, ""));
    let spelled = format!("{{{}}}", CATALOG.to_uppercase());
    let of_catalog = rules.clone().of_catalog(&spelled).unwrap();
    assert_eq!(of_catalog.catalog(), Some(CATALOG));
    for wrong in ["", "finance"] {
        let error = rules.clone().of_catalog(wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GraphObject);
    }
}

/// Which callouts are refused: by a request extension that waits for decisions, by one that
/// launches and continues, by one that waits for approvers, and by one for assignments.
#[test]
fn callouts_are_checked_by_kind_and_stage() {
    let extensions = [
        rules(&waiting(&format!(r#"{DECISION},"timeoutDuration":"PT1H""#))),
        rules(&of(REQUEST, "")),
        rules(&waiting(&format!(
            r#"{APPROVERS},"timeoutDuration":"PT1H""#
        ))),
        rules(&of(ASSIGNMENT, "")),
    ];
    const YES: bool = true;
    const NO: bool = false;
    for (file, passes) in [
        ("01-request-created.flat", [YES, YES, NO, NO]),
        ("02-request-created.enveloped", [YES, YES, NO, NO]),
        ("03-request-approved.flat", [YES, YES, NO, NO]),
        ("04-request-granted-admin-add.flat", [YES, YES, NO, NO]),
        ("05-request-removed.flat", [YES, YES, NO, NO]),
        ("07-determining-approval.flat", [NO, NO, YES, NO]),
        (
            "25-determining-approval.enveloped-no-odata-type",
            [NO, NO, YES, NO],
        ),
        (
            "08-assignment-14-days-before-expiry.flat",
            [NO, NO, NO, YES],
        ),
        (
            "09-assignment-1-day-before-expiry.enveloped",
            [NO, NO, NO, YES],
        ),
        ("18-connection-test.flat", [YES; 4]),
        ("24-legacy-preview-2021.flat", [YES; 4]),
    ] {
        let callout = callout(file);
        let place = if file.contains("enveloped") {
            "/data/stage"
        } else {
            "/Stage"
        };
        for (extension, passes) in extensions.iter().zip(passes) {
            if callout.kind() != Kind::Preview2021 {
                let is_called = extension.is_called_at(callout.stage());
                assert_eq!(is_called, passes, "{file}: {extension:?}");
            }
            match extension.check(&callout) {
                Ok(()) => assert!(passes, "{file}: {extension:?}"),
                Err(error) => {
                    assert!(!passes, "{file}: {error}");
                    assert_eq!(error.kind(), ErrorKind::CalloutExtension, "{error}");
                    assert_eq!(error.place(), Some(place), "{error}");
                    assert!(
                        error.to_string().contains(callout.stage().as_str()),
                        "{error}"
                    );
                }
            }
        }
    }
}

#[test]
fn callouts_are_checked_by_catalog() {
    let of_catalog = |id| rules(&of(REQUEST, "")).of_catalog(id).unwrap();
    let flat = callout("01-request-created.flat");
    of_catalog(CATALOG).check(&flat).unwrap();
    rules(&of(REQUEST, ""))
        .check(&callout("16-minimal.flat"))
        .unwrap();
    of_catalog(OTHER_CATALOG)
        .check(&callout("18-connection-test.flat"))
        .unwrap();

    for (file, catalog, line) in [
        (
            "01-request-created.flat",
            OTHER_CATALOG,
            format!(
                "/AccessPackageCatalog/Id: the catalog is `{CATALOG}`, the extension's is `{OTHER_CATALOG}`"
            ),
        ),
        (
            "02-request-created.enveloped",
            OTHER_CATALOG,
            format!(
                "/data/accessPackageCatalog/id: the catalog is `{CATALOG}`, the extension's is `{OTHER_CATALOG}`"
            ),
        ),
        (
            "16-minimal.flat",
            CATALOG,
            format!(
                "/accessPackageCatalog/id: the callout does not say its catalog; the extension's is `{CATALOG}`"
            ),
        ),
    ] {
        let error = of_catalog(catalog).check(&callout(file)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CalloutExtension);
        assert_eq!(error.to_string(), line, "{file}");
    }

    // A spelling is not another catalog, and text that is no GUID is one.
    let spelled = |id: &str| {
        let json = corpus("callouts/01-request-created.flat.json");
        Callout::parse(json.replace(CATALOG, id).as_bytes()).unwrap()
    };
    let upper = spelled(&CATALOG.to_uppercase());
    of_catalog(CATALOG).check(&upper).unwrap();
    for wrong in ["", "finance", "0e000001"] {
        assert!(
            of_catalog(CATALOG).check(&spelled(wrong)).is_err(),
            "{wrong}"
        );
    }
}

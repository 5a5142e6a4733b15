use std::{fs, path::PathBuf};

use super::*;

fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/corpus")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn parse(name: &str) -> Callout {
    let (_, bytes) = corpus("callouts")
        .into_iter()
        .find(|(file, _)| file.starts_with(name))
        .unwrap();
    Callout::parse(&bytes).unwrap()
}

fn error(payload: &str) -> (ErrorKind, String) {
    let error = Callout::parse(payload.as_bytes()).unwrap_err();
    (error.kind(), error.place().unwrap_or_default().to_owned())
}

/// What is kept at hand is what the canonical document says, and the canonical document is a
/// callout itself, its own canonical form.
fn agrees_with_its_document(callout: &Callout, name: &str) {
    let document = callout.document();
    for field in Field::all() {
        let pointer = field.pointer();
        if let Some((list, _)) = pointer.split_once("/*") {
            for index in (0..callout.count(list)).filter(|_| field.is_value()) {
                let pointer = pointer.replace('*', &index.to_string());
                assert_eq!(
                    callout.get_row(field, index),
                    pointer::lookup(document, &pointer).unwrap().as_deref(),
                    "{name} {pointer}"
                );
            }
            assert_eq!(callout.get_row(field, callout.count(list)), None);
        } else if !field.is_value() {
            let object = pointer::lookup(document, pointer).unwrap();
            assert_eq!(callout.has(field), object.is_some(), "{name} {pointer}");
        } else {
            assert_eq!(
                callout.get(field),
                pointer::lookup(document, pointer).unwrap().as_deref(),
                "{name} {pointer}"
            );
        }
    }
    if callout.kind() != Kind::Preview2021 {
        let again = Callout::parse(document.as_bytes())
            .unwrap_or_else(|error| panic!("{name}: {error}: {document}"));
        assert_eq!(again.document(), document, "{name}");
    }
}

#[test]
fn every_valid_payload_agrees_with_its_document() {
    for (name, bytes) in corpus("callouts") {
        let callout = Callout::parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(callout.bytes(), bytes, "{name}");
        agrees_with_its_document(&callout, &name);
    }
}

/// Pieces that payloads are made of, right and wrong.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e999",
    "-0",
    "\"\"",
    "\"x\"",
    "\\",
    "\\u0041",
    "\\ud800",
    "\u{0}",
    "\u{7f}",
    "\"stage\":",
    "\"Stage\":\"x\",",
    "\"data\":{",
    "\"type\":1,",
    "\"text\":{\"defaultText\":\"a\"},",
    "\"textString\":\"b\",",
    "\"schedule\":{},",
    "\"requestSchedule\":null,",
    "\"answers\":[{}],",
    "\"claims\":{\"a\":1,\"A\":[2]},",
    "\"@odata.type\":\"#x\",",
    "\"Unknown\":{\"Inner\":[null,{}]},",
    "\u{feff}",
    "  \n",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    /// Damaged payloads are refused or read, never anything else; what is read agrees with itself.
    #[test]
    fn damaged_payloads_are_refused_or_read(
        file in proptest::prelude::any::<proptest::sample::Index>(),
        edits in proptest::collection::vec(
            (
                proptest::prelude::any::<proptest::sample::Index>(),
                proptest::option::of(0_usize..12),
                proptest::sample::select(PIECES),
            ),
            1..4,
        ),
    ) {
        let files: Vec<_> = corpus("callouts")
            .into_iter()
            .filter(|(_, bytes)| bytes.len() < 10_000)
            .collect();
        let (name, mut bytes) = files[file.index(files.len())].clone();
        for (at, removed, piece) in edits {
            match removed {
                Some(removed) => {
                    let at = at.index(bytes.len());
                    let end = (at + removed).min(bytes.len());
                    bytes.splice(at..end, piece.bytes());
                }
                // Into an object, where most pieces leave JSON behind.
                None => {
                    let open: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] == b'{').collect();
                    if !open.is_empty() {
                        let at = open[at.index(open.len())] + 1;
                        bytes.splice(at..at, piece.bytes());
                    }
                }
            }
        }
        if let Ok(callout) = Callout::parse(&bytes) {
            agrees_with_its_document(&callout, &name);
        }
    }
}

#[test]
fn escapes_do_not_matter() {
    assert_eq!(parse("14-unicode"), parse("14b-unicode"));
}

#[test]
fn beta_spellings_become_those_of_v1() {
    let callout = parse("12-");
    for (pointer, value) in [
        ("/stage", "assignmentRequestCreated"),
        ("/requestType", "userAdd"),
        ("/requestor/subjectType", "user"),
        ("/answers/0/answeredQuestion/text", "Region"),
        ("/answers/0/answeredQuestion/localizations/0/text", "Región"),
        (
            "/answers/0/answeredQuestion/isMultipleSelectionAllowed",
            "false",
        ),
        (
            "/answers/0/answeredQuestion/choices/0/text",
            "Europe, Middle East and Africa",
        ),
        ("/callbackConfiguration/timeoutDuration", "PT1H"),
    ] {
        assert_eq!(
            callout.field(pointer).unwrap().as_deref(),
            Some(value),
            "{pointer}"
        );
    }
    assert!(callout.notes().is_empty(), "the older path is a known one");
}

#[test]
fn unknown_members_are_kept_in_camel_case() {
    let callout = parse("15-");
    for (pointer, value) in [
        ("/state", "awaitingRiskEvaluation"),
        ("/requestor/riskLevel", "high"),
        ("/futureBlock/nested/1", "2.5"),
        ("/futureBlock/nested/4", "{\"k\":\"v\"}"),
        ("/assignment/customAttributes/tier", "0"),
        ("/callbackConfiguration/isDurable", "true"),
    ] {
        assert_eq!(
            callout.field(pointer).unwrap().as_deref(),
            Some(value),
            "{pointer}"
        );
    }
    assert_eq!(callout.field("/futureBlock/nested/3").unwrap(), None);
    assert!(callout.field("futureBlock").is_err());
    assert!(callout.field("/a~2").is_err());
}

#[test]
fn kinds_are_told_apart() {
    assert_eq!(parse("08-").kind(), Kind::Assignment);
    assert_eq!(parse("18-").kind(), Kind::ConnectionTest);
    assert_eq!(parse("24-").kind(), Kind::Preview2021);
    assert_eq!(parse("06-").stage(), Stage::AssignmentRequestRemoved);
}

#[test]
fn each_invalid_payload_has_its_kind_and_place() {
    let found: Vec<_> = corpus("callouts/invalid")
        .into_iter()
        .map(|(name, bytes)| {
            let error = Callout::parse(&bytes).unwrap_err();
            (
                name,
                error.kind().as_str(),
                error.place().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("answers-is-an-object.json", "callout-type", "/Answers"),
        (
            "callback-path-is-absolute-url.json",
            "callout-callback-path",
            "/CallbackUriPath",
        ),
        (
            "callback-path-names-other-request.json",
            "callout-callback-path",
            "/CallbackUriPath",
        ),
        (
            "case-variant-duplicate-key.json",
            "callout-repeated",
            "/stage",
        ),
        ("duplicate-stage-key.json", "callout-repeated", "/Stage"),
        (
            "envelope-type-contradicts-stage.json",
            "callout-envelope",
            "/type",
        ),
        (
            "missing-instance-id.json",
            "callout-missing",
            "/customExtensionStageInstanceId",
        ),
        ("missing-stage.json", "callout-missing", "/stage"),
        ("not-an-object.json", "callout-type", "/"),
        ("stage-is-a-number.json", "callout-type", "/Stage"),
        ("truncated.json", "callout-syntax", "line 1 column 301"),
        ("unknown-stage.json", "callout-stage", "/Stage"),
    ];
    let found: Vec<_> = found
        .iter()
        .map(|(name, kind, place)| (name.as_str(), *kind, place.as_str()))
        .collect();
    assert_eq!(found, expected);
}

const HEAD: &str = r#""stage":"assignmentRequestCreated","accessPackageAssignmentRequestId":"c0de0001-0001-4008-a00e-cf616ba1441c","customExtensionStageInstanceId":"X""#;

fn with(members: &str) -> String {
    format!("{{{HEAD},{members}}}")
}

#[test]
fn limits_are_kept() {
    let long = with(&format!("\"x\":\"{}\"", "a".repeat(Callout::MAX_BYTES)));
    assert_eq!(error(&long).0, ErrorKind::CalloutLimit);

    let deep = |levels: usize| {
        with(&format!(
            "\"x\":{}1{}",
            "[".repeat(levels),
            "]".repeat(levels)
        ))
    };
    assert!(Callout::parse(deep(Callout::MAX_DEPTH - 1).as_bytes()).is_ok());
    let (kind, place) = error(&deep(Callout::MAX_DEPTH));
    assert_eq!(kind, ErrorKind::CalloutLimit);
    assert!(place.starts_with("/x/0/0"), "{place}");

    let wide = |members: usize| {
        let members: Vec<_> = (0..members).map(|at| format!("\"m{at}\":{at}")).collect();
        with(&format!("\"x\":{{{}}}", members.join(",")))
    };
    assert!(Callout::parse(wide(Callout::MAX_MEMBERS).as_bytes()).is_ok());
    assert_eq!(
        error(&wide(Callout::MAX_MEMBERS + 1)),
        (ErrorKind::CalloutLimit, "/x".into())
    );
    let claims: Vec<_> = (0..=Callout::MAX_MEMBERS)
        .map(|at| format!("\"m{at}\":1"))
        .collect();
    let claims = format!(
        "\"verifiedCredentialsData\":[{{\"claims\":{{{}}}}}]",
        claims.join(",")
    );
    assert_eq!(error(&with(&claims)).0, ErrorKind::CalloutLimit);
}

#[test]
fn repeats_are_found_at_any_depth_but_in_open_objects() {
    for (members, place) in [
        (r#""x":{"a":1,"A":1}"#, "/x/A"),
        (r#""x":[{"y":{"b":null,"b":null}}]"#, "/x/0/y/b"),
        (
            r#""requestor":{"email":null,"Email":null}"#,
            "/requestor/Email",
        ),
        (
            r#""answers":[{"value":"1"},{"value":"1","VALUE":"1"}]"#,
            "/answers/1/VALUE",
        ),
    ] {
        assert_eq!(
            error(&with(members)),
            (ErrorKind::CalloutRepeated, place.into()),
            "{members}"
        );
    }
    let many: Vec<_> = (0..40).map(|at| format!("\"m{at}\":1")).collect();
    assert_eq!(
        error(&with(&format!("\"x\":{{{},\"M7\":1}}", many.join(",")))),
        (ErrorKind::CalloutRepeated, "/x/M7".into())
    );
    let claims = r#""verifiedCredentialsData":[{"claims":{"a":1,"A":2}}]"#;
    let callout = Callout::parse(with(claims).as_bytes()).unwrap();
    assert_eq!(
        callout
            .field("/verifiedCredentialsData/0/claims/A")
            .unwrap()
            .as_deref(),
        Some("2")
    );
}

#[test]
fn two_spellings_of_one_member_must_agree() {
    let agree =
        r#""callbackConfiguration":{"timeoutDuration":"PT1H","durationBeforeTimeout":"PT1H"}"#;
    assert!(Callout::parse(with(agree).as_bytes()).is_ok());
    let differ = agree.replacen("PT1H", "PT2H", 1);
    assert_eq!(
        error(&with(&differ)),
        (
            ErrorKind::CalloutRepeated,
            "/callbackConfiguration/durationBeforeTimeout".into()
        )
    );
    assert_eq!(
        error(&with(r#""schedule":{},"requestSchedule":{}"#)),
        (ErrorKind::CalloutRepeated, "/requestSchedule".into())
    );
    // Content that says nothing is none.
    let question = r#"{"text":{"defaultText":null},"textString":{"defaultText":"first"}}"#;
    let payload = with(&format!(r#""answers":[{{"answeredQuestion":{question}}}]"#));
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    let searched = callout.field("/answers/0/answeredQuestion/text").unwrap();
    assert_eq!(searched.as_deref(), Some("first"), "{question}");
    // What people saw wins over the content object, in either order.
    for question in [
        r#"{"text":{"defaultText":"default","localizedTexts":[{"text":"vu"}]},"textString":"seen"}"#,
        r#"{"textString":"seen","text":{"localizedTexts":[{"text":"vu"}],"defaultText":"default"}}"#,
    ] {
        let payload = with(&format!(r#""answers":[{{"answeredQuestion":{question}}}]"#));
        let callout = Callout::parse(payload.as_bytes()).unwrap();
        let field = Field::at("/answers/*/answeredQuestion/text").unwrap();
        assert_eq!(callout.get_row(field, 0), Some("seen"));
        assert_eq!(
            callout
                .field("/answers/0/answeredQuestion/text")
                .unwrap()
                .as_deref(),
            Some("seen")
        );
        let localization = "/answers/0/answeredQuestion/localizations/0/text";
        assert_eq!(callout.field(localization).unwrap().as_deref(), Some("vu"));
    }
}

#[test]
fn text_that_is_not_text_is_refused() {
    for members in [
        r#""x":"\ud800""#,
        r#""x":["\udc00"]"#,
        r#""\ud800":1"#,
        r#""status":"\ud800""#,
        r#""x":{"y":"\udfff"}"#,
    ] {
        assert_eq!(
            error(&with(members)).0,
            ErrorKind::CalloutSyntax,
            "{members}"
        );
    }
    let mut bytes = with(r#""x":1"#).into_bytes();
    bytes.insert(1, 0xff);
    assert_eq!(
        Callout::parse(&bytes).unwrap_err().kind(),
        ErrorKind::CalloutSyntax
    );
    assert_eq!(
        error(&format!("{} x", with("\"x\":1"))).0,
        ErrorKind::CalloutSyntax
    );
    assert_eq!(error("null").0, ErrorKind::CalloutType);
    assert_eq!(error("").0, ErrorKind::CalloutSyntax);
}

#[test]
fn a_byte_order_mark_is_skipped_and_numbers_are_verbatim() {
    let payload = format!(
        "\u{feff}{}",
        with(r#""huge":1e999,"long":1.0000000000000000001"#)
    );
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    assert_eq!(callout.field("/huge").unwrap().as_deref(), Some("1e999"));
    assert_eq!(
        callout.field("/long").unwrap().as_deref(),
        Some("1.0000000000000000001")
    );
    assert_eq!(callout.bytes(), payload.as_bytes());
}

#[test]
fn ids_are_normalised_but_the_instance_id_is_echoed() {
    let payload = r#"{"stage":"assignmentRequestCreated",
        "accessPackageAssignmentRequestId":"{C0DE0001-0001-4008-A00E-CF616BA1441C}",
        "customExtensionStageInstanceId":"C0DE000100024009A00FCF61F18D0E87",
        "callbackUriPath":"/IdentityGovernance/entitlementmanagement/assignmentRequests/C0DE0001-0001-4008-A00E-CF616BA1441C/Resume",
        "requestor":{"objectId":"0A00000100044 not a guid"}}"#;
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    assert_eq!(callout.request_id(), "c0de0001-0001-4008-a00e-cf616ba1441c");
    assert_eq!(callout.instance_id(), "C0DE000100024009A00FCF61F18D0E87");
    assert_eq!(
        callout
            .field("/customExtensionStageInstanceId")
            .unwrap()
            .as_deref(),
        Some("c0de0001-0002-4009-a00f-cf61f18d0e87")
    );
    assert_eq!(
        callout.field("/requestor/objectId").unwrap().as_deref(),
        Some("0A00000100044 not a guid")
    );
}

#[test]
fn callback_paths_are_checked() {
    let id = "c0de0001-0001-4008-a00e-cf616ba1441c";
    let path = |path: &str| with(&format!("\"callbackUriPath\":\"{path}\""));
    for bad in [
        format!("identityGovernance/{id}/resume"),
        format!("//attacker.example/{id}/resume"),
        format!("/a//{id}/resume"),
        format!("/a/../{id}/resume"),
        format!("/a/%2e%2e/{id}/resume"),
        format!("/a/{id}/resume?x=1"),
        format!("/a/{id}/resume#x"),
        format!("/a/{id}/resume/"),
        format!("/a/{id}/cancel"),
        format!("/a\\\\b/{id}/resume"),
        format!("/a/ {id}/resume"),
        "/resume".into(),
        String::new(),
    ] {
        assert_eq!(
            error(&path(&bad)),
            (ErrorKind::CalloutCallbackPath, "/callbackUriPath".into()),
            "{bad}"
        );
    }
    let odd = Callout::parse(path(&format!("/elsewhere/{id}/resume")).as_bytes()).unwrap();
    assert_eq!(odd.notes().first().unwrap().code, "callback-path-unknown");
}

#[test]
fn the_envelope_is_recognised() {
    let data = format!("{{{HEAD}}}");
    let enveloped = |kind: &str| {
        format!(
            r#"{{"source":"s","type":"microsoft.graph.accessPackageCustomExtensionStage.{kind}","data":{data}}}"#
        )
    };
    let callout = Callout::parse(enveloped("assignmentRequestCreated").as_bytes()).unwrap();
    assert_eq!(callout, Callout::parse(data.as_bytes()).unwrap());
    assert_eq!(
        error(&enveloped("somethingElse")),
        (ErrorKind::CalloutEnvelope, "/type".into())
    );
    assert_eq!(
        error(&with(&format!("\"data\":{data}"))),
        (ErrorKind::CalloutEnvelope, "/data".into())
    );
    // A flat payload may have a member of that name that is no envelope.
    for data in ["\"x\"", "3", "-1.5", "true", "null"] {
        assert!(Callout::parse(with(&format!("\"Data\":{data}")).as_bytes()).is_ok());
    }
    // An escape does not hide a contradiction, nor does another type.
    for kind in ["assignmentRequest\\u0052emoved", "x\",\"other\":\""] {
        assert_eq!(
            error(&enveloped(kind)),
            (ErrorKind::CalloutEnvelope, "/type".into())
        );
    }
    let odd = enveloped("x").replacen(
        "\"microsoft.graph.accessPackageCustomExtensionStage.x\"",
        "[1]",
        1,
    );
    assert_eq!(error(&odd), (ErrorKind::CalloutEnvelope, "/type".into()));
    assert_eq!(
        error(r#"{"data":[]}"#),
        (ErrorKind::CalloutType, "/data".into())
    );
    assert_eq!(
        error(r#"{"data":{"stage":"assignmentRequestCreated"}}"#),
        (
            ErrorKind::CalloutMissing,
            "/data/accessPackageAssignmentRequestId".into()
        )
    );
}

#[test]
fn the_time_to_answer_is_the_payloads() {
    let configured = |configuration: &str| {
        let json = with(&format!("\"callbackConfiguration\":{configuration}"));
        Callout::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"))
    };
    let day = r##"{"@odata.type":"#microsoft.graph.customExtensionCallbackConfiguration","timeoutDuration":"P1D"}"##;
    for (configuration, seconds, note) in [
        (r#"{"timeoutDuration":"PT5M"}"#, Some(300), None),
        (r#"{"durationBeforeTimeout":"P14D"}"#, Some(1_209_600), None),
        (r#"{"DurationBeforeTimeout":"PT1H"}"#, Some(3_600), None),
        (day, Some(86_400), None),
        ("null", None, None),
        ("{}", None, Some("callback-timeout-missing")),
        (
            r#"{"timeoutDuration":null}"#,
            None,
            Some("callback-timeout-missing"),
        ),
        (
            r#"{"timeoutDuration":"PT4M59S"}"#,
            None,
            Some("callback-timeout-range"),
        ),
        (
            r#"{"timeoutDuration":"P14DT1S"}"#,
            None,
            Some("callback-timeout-range"),
        ),
        (
            r#"{"timeoutDuration":"-PT1H"}"#,
            None,
            Some("callback-timeout-range"),
        ),
        (
            r#"{"timeoutDuration":"P1M"}"#,
            None,
            Some("callback-timeout-malformed"),
        ),
        (
            r#"{"timeoutDuration":"@{'x'}"}"#,
            None,
            Some("callback-timeout-malformed"),
        ),
    ] {
        let callout = configured(configuration);
        assert_eq!(callout.timeout_seconds(), seconds, "{configuration}");
        let notes: Vec<_> = callout.notes().iter().map(|note| note.code).collect();
        assert_eq!(notes, Vec::from_iter(note), "{configuration}");
        assert_eq!(
            callout.has_callback_configuration(),
            configuration != "null"
        );
    }
    let wrong = with(r#""callbackConfiguration":{"timeoutDuration":300}"#);
    assert_eq!(error(&wrong).0, ErrorKind::CalloutType);
    // In the schema only: nobody waits at these stages.
    let expiring = with(r#""callbackConfiguration":{"timeoutDuration":"PT1H"}"#).replace(
        "assignmentRequestCreated",
        "assignmentOneDayBeforeExpiration",
    );
    let expiring = Callout::parse(expiring.as_bytes()).unwrap();
    assert_eq!(expiring.timeout_seconds(), None);
    assert!(expiring.notes().is_empty());
}

#[test]
fn the_deadline_is_counted_from_the_arrival() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let hour = parse("01-");
    assert_eq!(
        hour.deadline(at("2026-11-20T12:00:00.5Z")),
        Some(at("2026-11-20T13:00:00.5Z"))
    );
    assert_eq!(hour.deadline(Timestamp::MAX), None);
    assert_eq!(parse("16-").deadline(at("2026-11-20T12:00:00Z")), None);
}

/// Every payload of the corpus that is waited for says how long.
#[test]
fn the_corpus_has_times() {
    for (name, bytes) in corpus("callouts") {
        let callout = Callout::parse(&bytes).unwrap();
        assert_eq!(
            callout.timeout_seconds().is_some(),
            callout.has_callback_configuration(),
            "{name}: {:?}",
            callout.notes()
        );
    }
}

/// What is an open object to a request is an unknown member to an assignment; it is read all the
/// same.
#[test]
fn an_assignment_has_what_only_requests_have() {
    let payload = r#"{
        "accessPackageAssignmentRequestId": "c0de0010-0001-4071-a0d1-cf6ad5a1d1a2",
        "customExtensionStageInstanceId": "1",
        "stage": "assignmentOneDayBeforeExpiration",
        "verifiedCredentialsData": [{ "claims": { "a": 1, "A": 2 } }],
        "schedule": { "recurrence": { "b": 1, "b": 2 } }
    }"#;
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    let CustomExtensionCalloutData::AccessPackageAssignmentCalloutData(data) = callout.data()
    else {
        panic!("an assignment");
    };
    assert_eq!(
        data.access_package_assignment_request_id.as_deref(),
        Some("c0de0010-0001-4071-a0d1-cf6ad5a1d1a2")
    );
    let names: Vec<_> = data.other.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["verifiedCredentialsData", "schedule"]);
}

#[test]
fn places_are_spelt_as_in_the_payload() {
    for (payload, place) in [
        (r#"{"Data":{"STAGE":"x"},"Type":1}"#, "/Type"),
        (r#"{"Data":{"STAGE":"x"},"Type":"x"}"#, "/Data/STAGE"),
        (r#"{"Data":{"x":"x"}}"#, "/Data/stage"),
        (r#"{"Data":{},"Stage":"x"}"#, "/Data"),
        (
            r#"{"verifiedCredentialsData":[{"claims":{"a":1,"a":2}}],"Stage":"x"}"#,
            "/Stage",
        ),
        (
            r#"{"Data":{"Stage":"assignmentRequestCreated"},"Type":"assignmentRequestGranted"}"#,
            "/Type",
        ),
    ] {
        assert_eq!(error(payload).1, place, "{payload}");
    }
}

#[test]
fn a_note_shows_the_beginning_of_a_long_path() {
    let id = "c0de0010-0001-4071-a0d1-cf6ad5a1d1a2";
    let payload = format!(
        r#"{{"accessPackageAssignmentRequestId":"{id}","customExtensionStageInstanceId":"1",
        "stage":"assignmentRequestCreated","callbackUriPath":"/{}/{id}/resume"}}"#,
        "a".repeat(100_000)
    );
    let callout = Callout::parse(payload.as_bytes()).unwrap();
    let [note] = callout.notes() else {
        panic!("one note");
    };
    assert!(note.detail.len() < 200);
}

/// Of the texts of a question the same one counts in whichever order they come, to both readings.
#[test]
fn the_best_text_of_a_question_counts() {
    let plain = r#""text":"plain""#;
    let content = r#""text":{"defaultText":"content"}"#;
    let alias = r#""textString":"what people saw""#;
    let alias_content = r#""textString":{"defaultText":"alias content"}"#;
    for (one, other, best) in [
        (plain, alias, "what people saw"),
        (content, alias, "what people saw"),
        (plain, alias_content, "plain"),
        (content, alias_content, "content"),
    ] {
        for members in [format!("{one},{other}"), format!("{other},{one}")] {
            let members = format!(r#""answers":[{{"answeredQuestion":{{{members}}}}}]"#);
            let payload = with(&members);
            let callout = Callout::parse(payload.as_bytes()).unwrap();
            let field = Field::at("/answers/*/answeredQuestion/text").unwrap();
            assert_eq!(callout.get_row(field, 0), Some(best), "{members}");
            assert_eq!(
                callout
                    .field("/answers/0/answeredQuestion/text")
                    .unwrap()
                    .as_deref(),
                Some(best),
                "{members}"
            );
        }
    }
}

/// What the reader accepts the types must read, too, or the document would be empty. In lists that
/// are only checked nothing is kept to compare, so no member there may have two spellings that
/// must agree.
#[test]
fn nothing_that_is_not_kept_must_agree() {
    fn check(node: &shape::Node, is_kept: bool, at: &str) {
        for bound in &node.members {
            let at = format!("{at}/{}", bound.name);
            match &bound.kind {
                shape::Kind::Object(inner) => check(inner, is_kept, &at),
                shape::Kind::List(inner, list) => check(inner, list.is_some(), &at),
                shape::Kind::Scalar(_) if !is_kept => {
                    assert!(
                        !bound.has_alias,
                        "{at}: kept nowhere, and spelt in two ways"
                    );
                }
                _ => {}
            }
            if matches!(
                bound.kind,
                shape::Kind::Texts | shape::Kind::Open | shape::Kind::List(..)
            ) {
                assert!(
                    !bound.has_alias,
                    "{at}: kept nowhere, and spelt in two ways"
                );
            }
        }
    }
    check(&SCHEMA.data, true, "");
}

//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{Verdict, testing::Fixture};
use policy_required_training::RequiredTraining;

/// Asks for `PACKAGE` for `TARGET`.
const CREATED: &str = "01-request-created.flat";
const PACKAGE: &str = "0d000001-0007-400e-a014-d13244aa029e";
const TARGET: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";
const NOW: &str = "2026-11-20T12:00:00Z";

/// Everyone needs privacy, each year; the package needs two more.
const SETTINGS: &str = r#"{"trainings":[
    {"name":"Privacy basics","course":"privacy","max-age-days":365},
    {"name":"Financial controls","course":"SOX/404~a",
     "packages":["{0D000001-0007-400E-A014-D13244AA029E}"]},
    {"name":"Insider trading","course":"insider","max-age-days":30,
     "packages":["0d000001-0007-400e-a014-0000000000aa","0D0000010007400EA014D13244AA029E"]}
]}"#;
/// What suffices.
const ALL: &str = r#"{"completions":{
    "privacy":"2026-03-02","SOX/404~a":"2001-01-01","insider":"2026-11-01T08:00:00+01:00",
    "juggling":"sometime"
}}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn fixture(callout: &str, settings: &str) -> Fixture {
    Fixture::from_json(callout).settings(settings).now(NOW)
}

fn evaluate(callout: &str, settings: &str, record: &str) -> Result<Verdict, String> {
    fixture(callout, settings)
        .fact("training", TARGET, record)
        .evaluate::<RequiredTraining>()
}

fn by_name() -> String {
    SETTINGS.replacen('{', r#"{"key":"principal-name","#, 1)
}

fn trained() -> Result<Verdict, String> {
    Ok(Verdict::approve("trained", ""))
}

fn denied(code: &'static str, detail: &'static str) -> Result<Verdict, String> {
    Ok(Verdict::deny(code, detail))
}

fn all_missing() -> Result<Verdict, String> {
    denied(
        "training-missing",
        "Training is missing: \"Privacy basics\", \"Financial controls\", \"Insider trading\".",
    )
}

#[test]
fn every_training_of_the_package_is_needed_and_all_that_lack_are_named() {
    let created = text(CREATED);
    assert_eq!(evaluate(&created, SETTINGS, ALL), trained());
    for (course, name) in [
        ("privacy", "Privacy basics"),
        ("SOX/404~a", "Financial controls"),
        ("insider", "Insider trading"),
    ] {
        let without = ALL.replace(&format!("\"{course}\""), &format!("\"-{course}\""));
        assert_eq!(
            evaluate(&created, SETTINGS, &without),
            Ok(Verdict::deny(
                "training-missing",
                format!("Training is missing: \"{name}\".")
            )),
            "{course}"
        );
    }
    assert_eq!(
        evaluate(
            &created,
            SETTINGS,
            r#"{"completions":{"SOX/404~a":"2001-01-01"}}"#
        ),
        denied(
            "training-missing",
            "Training is missing: \"Privacy basics\", \"Insider trading\"."
        )
    );
}

#[test]
fn the_worst_gives_the_code_and_each_lack_its_sentence() {
    let created = text(CREATED);
    assert_eq!(
        evaluate(
            &created,
            SETTINGS,
            r#"{"completions":{"privacy":"2024-01-01","SOX/404~a":"2026-12-01"}}"#
        ),
        denied(
            "training-missing",
            "Training is missing: \"Insider trading\". Training is dated in the future: \
             \"Financial controls\". Training is too long ago: \"Privacy basics\"."
        )
    );
    assert_eq!(
        evaluate(
            &created,
            SETTINGS,
            r#"{"completions":{
                "privacy":"2024-01-01","SOX/404~a":"2026-12-01","insider":"2026-01-01"
            }}"#
        ),
        denied(
            "training-in-future",
            "Training is dated in the future: \"Financial controls\". Training is too long ago: \
             \"Privacy basics\", \"Insider trading\"."
        )
    );
    assert_eq!(
        evaluate(
            &created,
            SETTINGS,
            r#"{"completions":{
                "privacy":"2024-01-01","SOX/404~a":"2001-01-01","insider":"2026-01-01"
            }}"#
        ),
        denied(
            "training-expired",
            "Training is too long ago: \"Privacy basics\", \"Insider trading\"."
        )
    );
}

/// Thirty days before now, and now itself: in whole seconds, both count.
#[test]
fn a_completion_counts_from_its_second_up_to_its_age() {
    let expired = || {
        denied(
            "training-expired",
            "Training is too long ago: \"Insider trading\".",
        )
    };
    let in_future = || {
        denied(
            "training-in-future",
            "Training is dated in the future: \"Insider trading\".",
        )
    };
    for (completed, expected) in [
        ("2026-10-21T11:59:59Z", expired()),
        ("2026-10-21T11:59:59.999Z", expired()),
        ("2026-10-21T12:00:00Z", trained()),
        ("2026-10-21T14:00:00+02:00", trained()),
        ("2026-10-21", expired()),
        ("2026-10-22", trained()),
        ("2026-11-20", trained()),
        ("2026-11-20T12:00:00Z", trained()),
        ("2026-11-20T12:00:00.999Z", trained()),
        ("2026-11-20T12:00:01Z", in_future()),
        ("2026-11-21", in_future()),
    ] {
        let record = ALL.replace("2026-11-01T08:00:00+01:00", completed);
        assert_eq!(
            evaluate(&text(CREATED), SETTINGS, &record),
            expected,
            "{completed}"
        );
    }
}

#[test]
fn the_fraction_of_now_does_not_count() {
    let record = ALL.replace("2026-11-01T08:00:00+01:00", "2026-10-21T12:00:00Z");
    for (now, expected) in [
        ("2026-11-20T12:00:00.999Z", trained()),
        (
            "2026-11-20T12:00:01Z",
            denied(
                "training-expired",
                "Training is too long ago: \"Insider trading\".",
            ),
        ),
    ] {
        let verdict = fixture(&text(CREATED), SETTINGS)
            .now(now)
            .fact("training", TARGET, &record)
            .evaluate::<RequiredTraining>();
        assert_eq!(verdict, expected, "{now}");
    }
}

#[test]
fn a_course_is_one_name_whatever_its_letters() {
    let settings = |course: &str| {
        serde_json::json!({"trainings": [{"name": "A", "course": course}]}).to_string()
    };
    let created = text(CREATED);
    for course in [
        "a/b",
        "a~b",
        "a~1b",
        "a~0b",
        "/",
        "~",
        "~01",
        "ä \"ö\"",
        "0",
    ] {
        let record = serde_json::json!({"completions": {course: "2026-01-01"}}).to_string();
        assert_eq!(
            evaluate(&created, &settings(course), &record),
            trained(),
            "{course}"
        );
    }
    for (course, other) in [
        ("a/b", r#""a":{"b":"2026-01-01"}"#),
        ("a", r#""A":"2026-01-01""#),
    ] {
        assert_eq!(
            evaluate(
                &created,
                &settings(course),
                &format!(r#"{{"completions":{{{other}}}}}"#)
            ),
            denied("training-missing", "Training is missing: \"A\"."),
            "{course}"
        );
    }
}

#[test]
fn a_training_that_is_asked_for_twice_is_named_once() {
    let settings = r#"{"trainings":[
        {"name":"Privacy","course":"privacy"},
        {"name":"Privacy","course":"privacy","max-age-days":90,
         "packages":["0d000001-0007-400e-a014-d13244aa029e"]}
    ]}"#;
    let created = text(CREATED);
    assert_eq!(
        evaluate(&created, settings, r#"{"completions":{}}"#),
        denied("training-missing", "Training is missing: \"Privacy\".")
    );
    assert_eq!(
        evaluate(
            &created,
            settings,
            r#"{"completions":{"privacy":"2026-01-01"}}"#
        ),
        denied("training-expired", "Training is too long ago: \"Privacy\".")
    );
}

#[test]
fn without_a_record_nothing_is_completed() {
    let created = text(CREATED);
    let nobody = fixture(&created, SETTINGS).collection("training");
    assert_eq!(nobody.evaluate::<RequiredTraining>(), all_missing());
    for record in [
        "null",
        "{}",
        r#"{"completions":null}"#,
        r#"{"completions":{}}"#,
        r#"{"completions":{"privacy":null}}"#,
        r#"{"privacy":"2026-03-02","SOX/404~a":"2001-01-01","insider":"2026-11-01"}"#,
    ] {
        assert_eq!(
            evaluate(&created, SETTINGS, record),
            all_missing(),
            "{record}"
        );
    }
}

#[test]
fn a_record_that_cannot_be_read_is_a_fault() {
    let created = text(CREATED);
    for (record, fault) in [
        (
            ALL.replace("2026-03-02", "2 March 2026"),
            "fault: `facts`: a string at `/completions/privacy`, where a date-time with an offset, \
             such as 2026-12-24T18:00:00+01:00, was asked for",
        ),
        (
            ALL.replace("2026-03-02", "2026-03-02T12:00:00"),
            "fault: `facts`: a string at `/completions/privacy`, where a date-time with an offset, \
             such as 2026-12-24T18:00:00+01:00, was asked for",
        ),
        (
            r#"{"completions":"{\"privacy\":\"2026-03-02\"}"}"#.to_owned(),
            "fault: `facts`: a string at `/completions`, where an array or an object was asked for",
        ),
    ] {
        assert_eq!(
            evaluate(&created, SETTINGS, &record),
            Err(fault.to_owned()),
            "{record}"
        );
    }
}

#[test]
fn a_training_covers_its_packages_or_all() {
    let other = text(CREATED).replace(PACKAGE, "0d000001-0007-400e-a014-0000000000cc");
    assert_eq!(
        evaluate(
            &other,
            SETTINGS,
            r#"{"completions":{"privacy":"2026-03-02"}}"#
        ),
        trained()
    );
    assert_eq!(
        evaluate(&other, SETTINGS, "null"),
        denied(
            "training-missing",
            "Training is missing: \"Privacy basics\"."
        )
    );
    // The collection is not even granted here: a lookup would be a fault.
    let narrow = r#"{"trainings":[{"name":"A","course":"a",
        "packages":["0d000001-0007-400e-a014-d13244aa029e"]}]}"#;
    assert_eq!(
        fixture(&other, narrow).evaluate::<RequiredTraining>(),
        Ok(Verdict::abstain("not-covered", ""))
    );
    let shouted = text(CREATED).replace(PACKAGE, &PACKAGE.to_uppercase());
    assert_eq!(evaluate(&shouted, SETTINGS, "null"), all_missing());
}

#[test]
fn only_requests_that_are_known_to_take_access_away_are_left_alone() {
    let created = text(CREATED);
    for (request_type, removes) in [
        ("\"userRemove\"", true),
        ("\"AdminRemove\"", true),
        ("\"systemRemove\"", true),
        ("\"approverRemove\"", true),
        ("\"userAdd\"", false),
        ("\"userUpdate\"", false),
        ("\"adminAdd\"", false),
        ("\"adminUpdate\"", false),
        ("\"systemAdd\"", false),
        ("\"systemUpdate\"", false),
        ("\"onBehalfAdd\"", false),
        ("\"notSpecified\"", false),
        ("\"groupRemove\"", false),
        ("null", false),
    ] {
        let callout = created.replace("\"userAdd\"", request_type);
        let expected = if removes {
            Ok(Verdict::abstain("removal", ""))
        } else {
            all_missing()
        };
        assert_eq!(
            evaluate(&callout, SETTINGS, "null"),
            expected,
            "{request_type}"
        );
    }
}

/// The manager's training does not count, the target's does.
#[test]
fn the_target_is_looked_up_by_the_key_that_the_settings_say() {
    let on_behalf = text("20-on-behalf-of.flat");
    let completed = |by: &str, settings: &str, callout: &str| {
        fixture(callout, settings)
            .fact("training", by, ALL)
            .evaluate::<RequiredTraining>()
    };
    let requestor = "0a000014-0004-4090-a108-2acf5e04ab80";
    assert!(on_behalf.contains(requestor));
    assert_eq!(completed(TARGET, SETTINGS, &on_behalf), trained());
    assert_eq!(completed(requestor, SETTINGS, &on_behalf), all_missing());

    let name = "noor.halvorsen@contoso.example";
    assert_eq!(completed(name, &by_name(), &on_behalf), trained());
    assert_eq!(completed(TARGET, &by_name(), &on_behalf), all_missing());
    assert_eq!(completed(name, SETTINGS, &on_behalf), all_missing());
    let shouted = on_behalf.replace(name, "Noor.Halvorsen@Contoso.Example");
    assert_eq!(completed(name, &by_name(), &shouted), trained());
}

#[test]
fn a_callout_that_does_not_say_what_or_for_whom_is_denied() {
    let no_package = || denied("no-package", "The request names no access package.");
    assert_eq!(
        evaluate(&text("16-minimal.flat"), SETTINGS, ALL),
        no_package()
    );
    let created = text(CREATED);
    for unknown in ["\"\"", "null", "\"Finance\"", &format!("\" {PACKAGE}\"")] {
        let nothing = created.replace(&format!("\"{PACKAGE}\""), unknown);
        assert_eq!(evaluate(&nothing, SETTINGS, ALL), no_package());
        let nobody = created.replace(&format!("\"{TARGET}\""), unknown);
        assert_eq!(
            evaluate(&nobody, SETTINGS, ALL),
            denied("no-target", "The target has no object id.")
        );
    }
    let no_name = || denied("no-target", "The target has no principal name.");
    let nameless = created.replace("noor.halvorsen@contoso.example", "");
    assert_eq!(evaluate(&nameless, &by_name(), ALL), no_name());
    let service = text("21-service-principal-target.enveloped");
    assert_eq!(evaluate(&service, &by_name(), ALL), no_name());
}

#[test]
fn the_record_of_the_readme_is_read() {
    let readme = include_str!("../README.md");
    let (_, json) = readme.split_once("```json\n").unwrap();
    let (json, _) = json.split_once("```").unwrap();
    let training: serde_json::Value = serde_json::from_str(json).unwrap();
    let settings = r#"{"trainings":[
        {"name":"Privacy basics","course":"privacy"},
        {"name":"Financial controls","course":"SOX/404"}
    ]}"#;
    assert_eq!(
        evaluate(&text(CREATED), settings, &training[TARGET].to_string()),
        trained()
    );
}

/// The bounds of the schema leave room for every name in one detail.
#[test]
fn the_longest_detail_is_still_a_denial() {
    let trainings: Vec<_> = (0..40)
        .map(|index| {
            let name = format!("{index:02}{}", "\u{10348}".repeat(98));
            serde_json::json!({"name": name, "course": format!("course-{index}")})
        })
        .collect();
    let settings = serde_json::json!({ "trainings": trainings });
    assert!(schema().is_valid(&settings));
    let completions: serde_json::Map<_, _> = (0..13)
        .map(|index| (format!("course-{index}"), "2030-01-01".into()))
        .collect();
    let verdict = evaluate(
        &text(CREATED),
        &settings.to_string(),
        &serde_json::json!({ "completions": completions }).to_string(),
    )
    .unwrap();
    assert_eq!(verdict.reason.code, "training-missing");
    for training in &trainings {
        assert!(
            verdict
                .reason
                .detail
                .contains(training["name"].as_str().unwrap())
        );
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    let training = |rest: &str| format!(r#"{{"trainings":[{{"name":"A",{rest}}}]}}"#);
    for (settings, problem) in [
        (
            "{}".to_owned(),
            "settings /trainings: empty, so nobody would need any",
        ),
        (
            r#"{"trainings":[{"course":"a"}]}"#.to_owned(),
            "settings /trainings/0: a training needs a `name`",
        ),
        (
            training(r#""max-age-days":1"#),
            "settings /trainings/0: a training needs a `course`",
        ),
        (
            training(r#""course":"""#),
            "settings /trainings/0: a training needs a `course`",
        ),
        (
            training(r#""course":"a","max-age-days":0"#),
            "settings /trainings/0/max-age-days: not from 1 to 36500 days",
        ),
        (
            training(r#""course":"a","max-age-days":36501"#),
            "settings /trainings/0/max-age-days: not from 1 to 36500 days",
        ),
        (
            training(r#""course":"a","packages":[]"#),
            "settings /trainings/0/packages: empty; leave it out for all",
        ),
        (
            training(r#""course":"a","packages":["Finance"]"#),
            "fault: `settings`: a string at `/trainings/0/packages/0`, where a GUID was asked for",
        ),
        (
            SETTINGS.replacen('{', r#"{"key":"email","#, 1),
            "settings /key: neither object-id nor principal-name",
        ),
    ] {
        let error = fixture(&text(CREATED), &settings)
            .configure::<RequiredTraining>()
            .err();
        assert_eq!(error.as_deref(), Some(problem), "{settings}");
    }
}

fn schema() -> jsonschema::Validator {
    serde_json::from_str(include_str!("../settings.schema.json"))
        .map_err(|error| error.to_string())
        .and_then(|schema| jsonschema::validator_for(&schema).map_err(|error| error.to_string()))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = schema();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    for settings in [SETTINGS, &by_name()] {
        assert!(fits(settings), "{settings}");
    }
    let many = vec![r#"{"name":"A","course":"a"}"#; 41].join(",");
    for settings in [
        "{}".to_owned(),
        r#"{"trainings":[]}"#.to_owned(),
        format!(r#"{{"trainings":[{many}]}}"#),
        SETTINGS.replace(r#""name":"Privacy basics","#, ""),
        SETTINGS.replace("Privacy basics", &"x".repeat(101)),
        SETTINGS.replace(r#""course":"privacy","#, ""),
        SETTINGS.replace("\"privacy\"", "\"\""),
        SETTINGS.replace("365", "0"),
        SETTINGS.replace("365", "36501"),
        SETTINGS.replace("365", "1.5"),
        SETTINGS.replace("{0D000001-0007-400E-A014-D13244AA029E}", "Finance"),
        SETTINGS.replace(r#"["{0D000001-0007-400E-A014-D13244AA029E}"]"#, "[]"),
        SETTINGS.replace("\"max-age-days\"", "\"max-age\""),
        by_name().replace("principal-name", "email"),
        SETTINGS.replacen('{', r#"{"optional":true,"#, 1),
    ] {
        assert!(!fits(&settings), "{settings}");
    }
}

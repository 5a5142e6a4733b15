//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{Verdict, testing::Fixture};
use policy_separation_of_duties::SeparationOfDuties;

/// Asks for `ASKED` for `TARGET`.
const CREATED: &str = "01-request-created.flat";
const ASKED: &str = "0d000001-0007-400e-a014-d13244aa029e";
const TARGET: &str = "0a000001-0004-400b-a011-2ac39fe6a35d";
const BESIDE: &str = "0d000001-0007-400e-a014-0000000000aa";
const PAYMENTS: &str = "0d000007-0007-4038-a062-d135f9f6dcc4";
const AUDIT: &str = "0d000007-0007-4038-a062-0000000000bb";

/// The package that is asked for and the one beside it, against payments; and against the audit.
const SETTINGS: &str = r#"{
    "packages":[
        {"id":"{0D000001-0007-400E-A014-D13244AA029E}","name":"Invoices: enter"},
        {"id":"0d000007-0007-4038-a062-d135f9f6dcc4","name":"Invoices: pay"}
    ],
    "conflicts":[
        {"name":"Purchase to pay","sides":[
            ["0D0000010007400EA014D13244AA029E","0d000001-0007-400e-a014-0000000000aa"],
            ["0D000007-0007-4038-A062-D135F9F6DCC4"]
        ]},
        {"name":"Independent audit","sides":[
            ["0d000007-0007-4038-a062-0000000000bb"],
            ["0d000001-0007-400e-a014-d13244aa029e"],
            ["0d000007-0007-4038-a062-d135f9f6dcc4"]
        ]}
    ]
}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn fixture(callout: &str, settings: &str) -> Fixture {
    Fixture::from_json(callout).settings(settings)
}

fn evaluate(callout: &str, settings: &str, record: &str) -> Result<Verdict, String> {
    fixture(callout, settings)
        .fact("held", TARGET, record)
        .evaluate::<SeparationOfDuties>()
}

fn holding(packages: &[&str]) -> String {
    format!(r#"{{"packages":{packages:?}}}"#)
}

fn lenient() -> String {
    SETTINGS.replacen('{', r#"{"no-record":"holds-nothing","#, 1)
}

fn free() -> Result<Verdict, String> {
    Ok(Verdict::approve("no-conflict", ""))
}

fn conflict(asked: &str, held: &str, name: &str) -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "sod-conflict",
        format!(
            "\"{asked}\" may not be held together with \"{held}\", which is held already: \
             separation of duties \"{name}\"."
        ),
    ))
}

fn no_package() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "no-package",
        "The request names no access package.",
    ))
}

fn no_target() -> Result<Verdict, String> {
    Ok(Verdict::deny("no-target", "The target has no object id."))
}

#[test]
fn packages_of_two_sides_are_not_held_together() {
    let created = text(CREATED);
    let pay = conflict("Invoices: enter", "Invoices: pay", "Purchase to pay");
    assert_eq!(evaluate(&created, SETTINGS, &holding(&[PAYMENTS])), pay);
    // Wherever it stands in the list, and in any spelling.
    for spelled in [
        PAYMENTS.to_uppercase(),
        PAYMENTS.replace('-', ""),
        format!("{{{PAYMENTS}}}"),
    ] {
        assert_eq!(
            evaluate(&created, SETTINGS, &holding(&[BESIDE, &spelled])),
            pay,
            "{spelled}"
        );
    }
    let shouted = created
        .replace(ASKED, &ASKED.to_uppercase())
        .replace(TARGET, &TARGET.to_uppercase());
    assert_ne!(shouted, created);
    assert_eq!(evaluate(&shouted, SETTINGS, &holding(&[PAYMENTS])), pay);
}

#[test]
fn what_is_in_no_conflict_may_be_held_together() {
    let created = text(CREATED);
    let elsewhere = "0d000001-0007-400e-a014-0000000000cc";
    for held in [&[][..], &[BESIDE], &[elsewhere], &[BESIDE, elsewhere]] {
        assert_eq!(
            evaluate(&created, SETTINGS, &holding(held)),
            free(),
            "{held:?}"
        );
    }
}

#[test]
fn a_package_does_not_conflict_with_itself() {
    let update = text("23-update-with-schedule.enveloped");
    assert_eq!(evaluate(&update, SETTINGS, &holding(&[ASKED])), free());
    // Whoever holds both sides already cannot extend one.
    assert_eq!(
        evaluate(&update, SETTINGS, &holding(&[ASKED, PAYMENTS])),
        conflict("Invoices: enter", "Invoices: pay", "Purchase to pay")
    );
}

#[test]
fn every_conflict_counts_and_the_first_is_named() {
    let created = text(CREATED);
    assert_eq!(
        evaluate(&created, SETTINGS, &holding(&[AUDIT])),
        conflict("Invoices: enter", AUDIT, "Independent audit")
    );
    assert_eq!(
        evaluate(&created, SETTINGS, &holding(&[AUDIT, PAYMENTS])),
        conflict("Invoices: enter", "Invoices: pay", "Purchase to pay")
    );
}

#[test]
fn packages_without_a_name_have_the_callouts_or_their_id() {
    let nameless = SETTINGS.replace("Invoices: enter", "x").replace(
        r#"{"id":"{0D000001-0007-400E-A014-D13244AA029E}","name":"x"},"#,
        "",
    );
    assert!(!nameless.contains("\"x\""));
    let created = text(CREATED);
    assert_eq!(
        evaluate(&created, &nameless, &holding(&[AUDIT])),
        conflict("Finance Reporting - Read", AUDIT, "Independent audit")
    );
    for unnamed in ["\"\"", "null"] {
        let callout = created.replace("\"Finance Reporting - Read\"", unnamed);
        assert_eq!(
            evaluate(&callout, &nameless, &holding(&[AUDIT])),
            conflict(ASKED, AUDIT, "Independent audit"),
            "{unnamed}"
        );
    }
}

#[test]
fn a_target_without_a_record_is_denied_unless_it_holds_nothing_then() {
    let created = text(CREATED);
    let unknown = Ok(Verdict::deny(
        "no-record",
        "It is not known which access packages the target holds.",
    ));
    let explicit = SETTINGS.replacen('{', r#"{"no-record":"deny","#, 1);
    for (settings, expected) in [
        (SETTINGS, &unknown),
        (&explicit, &unknown),
        (&lenient(), &free()),
    ] {
        let alone = fixture(&created, settings).collection("held");
        assert_eq!(&alone.evaluate::<SeparationOfDuties>(), expected);
        assert_eq!(&evaluate(&created, settings, "null"), expected);
    }
    // A record counts, whatever its absence would mean.
    assert_eq!(
        evaluate(&created, &lenient(), &holding(&[PAYMENTS])),
        conflict("Invoices: enter", "Invoices: pay", "Purchase to pay")
    );
}

#[test]
fn a_record_that_does_not_say_it_all_is_a_fault() {
    let created = text(CREATED);
    let without = "the fact `held`: a record without `packages`";
    let hole = "the fact `held`: nothing at `/packages/1`";
    for (record, fault) in [
        ("{}", without),
        (r#"{"packages":null}"#, without),
        // The list without its object.
        (r#"["0d000001-0007-400e-a014-d13244aa029e"]"#, without),
        (
            r#"{"packages":["0d000001-0007-400e-a014-d13244aa029e",null]}"#,
            hole,
        ),
        (
            r#"{"packages":["Finance"]}"#,
            "fault: `facts`: a string at `/packages/0`, where a GUID was asked for",
        ),
        (
            r#"{"packages":"[]"}"#,
            "fault: `facts`: a string at `/packages`, where an array was asked for",
        ),
        (
            r#"{"packages":{}}"#,
            "fault: `facts`: an object at `/packages`, where an array was asked for",
        ),
        (
            r#"{"packages":{"0d000007-0007-4038-a062-d135f9f6dcc4":true}}"#,
            "fault: `facts`: an object at `/packages`, where an array was asked for",
        ),
        (
            r#""nothing""#,
            "fault: `facts`: a string at ``, where an array or an object was asked for",
        ),
    ] {
        for settings in [SETTINGS, &lenient()] {
            assert_eq!(
                evaluate(&created, settings, record),
                Err(fault.to_owned()),
                "{record}"
            );
        }
    }
}

/// The collection is not even granted here: a lookup would be a fault.
#[test]
fn a_package_in_no_conflict_is_left_alone_without_a_lookup() {
    let other = text(CREATED).replace(ASKED, "0d000001-0007-400e-a014-0000000000cc");
    assert_eq!(
        fixture(&other, SETTINGS).evaluate::<SeparationOfDuties>(),
        Ok(Verdict::abstain("not-covered", ""))
    );
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
            conflict("Invoices: enter", "Invoices: pay", "Purchase to pay")
        };
        assert_eq!(
            evaluate(&callout, SETTINGS, &holding(&[PAYMENTS])),
            expected,
            "{request_type}"
        );
    }
}

#[test]
fn a_callout_that_does_not_say_what_or_for_whom_is_denied() {
    assert_eq!(
        evaluate(&text("16-minimal.flat"), &lenient(), "null"),
        no_package()
    );
    let created = text(CREATED);
    for unknown in ["\"\"", "null", "\"Finance\"", &format!("\" {ASKED}\"")] {
        let nothing = created.replace(&format!("\"{ASKED}\""), unknown);
        assert_eq!(evaluate(&nothing, &lenient(), "null"), no_package());
        let nobody = created.replace(&format!("\"{TARGET}\""), unknown);
        assert_eq!(evaluate(&nobody, &lenient(), "null"), no_target());
    }
}

/// The requestor's packages do not count, the target's do.
#[test]
fn the_target_is_looked_up() {
    let on_behalf = text("20-on-behalf-of.flat");
    let held = |by: &str| {
        fixture(&on_behalf, &lenient())
            .fact("held", by, &holding(&[PAYMENTS]))
            .evaluate::<SeparationOfDuties>()
    };
    assert_eq!(
        held(TARGET),
        conflict("Invoices: enter", "Invoices: pay", "Purchase to pay")
    );
    let requestor = "0a000014-0004-4090-a108-2acf5e04ab80";
    assert!(on_behalf.contains(requestor));
    assert_eq!(held(requestor), free());
}

#[test]
fn the_record_of_the_readme_is_read() {
    let readme = include_str!("../README.md");
    let (_, json) = readme.split_once("```json\n").unwrap();
    let (json, _) = json.split_once("```").unwrap();
    let held: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        evaluate(&text(CREATED), SETTINGS, &held[TARGET].to_string()),
        conflict("Invoices: enter", "Invoices: pay", "Purchase to pay")
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    let sides = |sides: &str| format!(r#"{{"conflicts":[{{"name":"A","sides":{sides}}}]}}"#);
    let more = |rest: &str| SETTINGS.replacen('{', &format!("{{{rest},"), 1);
    for (settings, problem) in [
        (
            "{}".to_owned(),
            "settings /conflicts: empty, so nothing would be kept apart",
        ),
        (
            r#"{"conflicts":[{"sides":[]}]}"#.to_owned(),
            "settings /conflicts/0: a conflict needs a `name`",
        ),
        (
            sides(&format!(r#"[["{ASKED}"]]"#)),
            "settings /conflicts/0/sides: a conflict needs two sides or more",
        ),
        (
            sides(&format!(r#"[["{ASKED}"],[]]"#)),
            "settings /conflicts/0/sides/1: empty; a side needs a package",
        ),
        (
            sides(&format!(
                r#"[["{ASKED}"],["{PAYMENTS}","{}"]]"#,
                ASKED.to_uppercase()
            )),
            "settings /conflicts/0/sides/1/1: on another side already",
        ),
        (
            sides(&format!(r#"[["{ASKED}"],["Payments"]]"#)),
            "fault: `settings`: a string at `/conflicts/0/sides/1/0`, where a GUID was asked for",
        ),
        (
            SETTINGS.replacen(PAYMENTS, &ASKED.to_uppercase(), 1),
            "settings /packages/1/id: named already",
        ),
        (
            SETTINGS.replacen(r#","name":"Invoices: pay""#, "", 1),
            "settings /packages/1: a package needs a `name`",
        ),
        (
            more(r#""no-record":"approve""#),
            "settings /no-record: neither deny nor holds-nothing",
        ),
    ] {
        let error = fixture(&text(CREATED), &settings)
            .configure::<SeparationOfDuties>()
            .err();
        assert_eq!(error.as_deref(), Some(problem), "{settings}");
    }
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    for settings in [SETTINGS, &lenient()] {
        assert!(fits(settings), "{settings}");
    }
    for settings in [
        "{}".to_owned(),
        r#"{"conflicts":[]}"#.to_owned(),
        r#"{"conflicts":[{"name":"A","sides":[["0d000001-0007-400e-a014-d13244aa029e"]]}]}"#
            .to_owned(),
        SETTINGS.replace(r#"["0D000007-0007-4038-A062-D135F9F6DCC4"]"#, "[]"),
        SETTINGS.replace("0D000007-0007-4038-A062-D135F9F6DCC4", "Payments"),
        SETTINGS.replace(r#""name":"Purchase to pay","#, ""),
        SETTINGS.replace("Purchase to pay", ""),
        SETTINGS.replace(r#","name":"Invoices: pay""#, ""),
        SETTINGS.replace("\"sides\"", "\"side\""),
        lenient().replace("holds-nothing", "approve"),
        SETTINGS.replacen('{', r#"{"allow":true,"#, 1),
    ] {
        assert!(!fits(&settings), "{settings}");
    }
}

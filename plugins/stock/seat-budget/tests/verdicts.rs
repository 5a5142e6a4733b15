//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{Verdict, testing::Fixture};
use policy_seat_budget::SeatBudget;

/// Asks for `PACKAGE`.
const CREATED: &str = "01-request-created.flat";
const PACKAGE: &str = "0d000001-0007-400e-a014-d13244aa029e";

const SETTINGS: &str = r#"{"packages":["{0D000001-0007-400E-A014-D13244AA029E}"]}"#;
const RESERVE: &str = r#"{"packages":["0D0000010007400EA014D13244AA029E"],"reserve":2}"#;

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
        .fact("seats", PACKAGE, record)
        .evaluate::<SeatBudget>()
}

fn seats(used: i64, bought: i64) -> String {
    format!(r#"{{"used":{used},"bought":{bought}}}"#)
}

fn left() -> Result<Verdict, String> {
    Ok(Verdict::approve("seats-left", ""))
}

fn none_left(numbers: &str) -> Result<Verdict, String> {
    Ok(Verdict::cancel(
        "no-seats",
        format!("No seats are left: {numbers}. Please ask again later."),
    ))
}

fn unknown() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "seats-unknown",
        "It is not known how many seats are left.",
    ))
}

#[test]
fn the_last_seat_is_given_and_no_more() {
    let created = text(CREATED);
    for (used, bought, expected) in [
        (0, 1, left()),
        (49, 50, left()),
        (50, 50, none_left("50 of 50 are used")),
        (51, 50, none_left("51 of 50 are used")),
        (0, 0, none_left("0 of 0 are used")),
    ] {
        assert_eq!(
            evaluate(&created, SETTINGS, &seats(used, bought)),
            expected,
            "{used} of {bought}"
        );
    }
}

#[test]
fn the_reserve_is_kept_free() {
    let created = text(CREATED);
    for (used, bought, expected) in [
        (47, 50, left()),
        (48, 50, none_left("48 of 50 are used, and 2 kept free")),
        (0, 3, left()),
        (0, 2, none_left("0 of 2 are used, and 2 kept free")),
    ] {
        assert_eq!(
            evaluate(&created, RESERVE, &seats(used, bought)),
            expected,
            "{used} of {bought}"
        );
    }
    assert_eq!(
        evaluate(&created, &RESERVE.replace(":2}", ":0}"), &seats(50, 50)),
        none_left("50 of 50 are used")
    );
}

#[test]
fn the_largest_numbers_are_added() {
    const MOST: i64 = (1 << 53) - 1;
    let reserve = format!(r#"{{"packages":["{PACKAGE}"],"reserve":{MOST}}}"#);
    assert_eq!(
        evaluate(&text(CREATED), &reserve, &seats(MOST, MOST)),
        none_left("9007199254740991 of 9007199254740991 are used, and 9007199254740991 kept free")
    );
}

#[test]
fn seats_that_nobody_counted_are_not_given() {
    let created = text(CREATED);
    let uncounted = fixture(&created, SETTINGS).collection("seats");
    assert_eq!(uncounted.evaluate::<SeatBudget>(), unknown());
    for record in [
        "null",
        "{}",
        r#"{"used":1}"#,
        r#"{"bought":50}"#,
        r#"{"used":null,"bought":50}"#,
        r#"{"used":1,"bought":null}"#,
        "[1,50]",
    ] {
        assert_eq!(evaluate(&created, SETTINGS, record), unknown(), "{record}");
    }
}

#[test]
fn numbers_that_cannot_be_are_faults() {
    let created = text(CREATED);
    let negative = format!("`seats`, `{PACKAGE}`: a number less than 0");
    for (record, fault) in [
        (seats(-1, 50), negative.as_str()),
        (seats(0, -1), &negative),
        (seats(-2, -1), &negative),
        (
            r#"{"used":"1","bought":50}"#.to_owned(),
            "fault: `facts`: a string at `/used`, where an integer within ±(2^53 - 1) was asked for",
        ),
        (
            r#"{"used":1,"bought":50.5}"#.to_owned(),
            "fault: `facts`: a number at `/bought`, where an integer within ±(2^53 - 1) was asked \
             for",
        ),
        (
            r#"{"used":1,"bought":9007199254740992}"#.to_owned(),
            "fault: `facts`: a number at `/bought`, where an integer within ±(2^53 - 1) was asked \
             for",
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
fn only_requests_that_are_known_to_take_no_seat_are_left_alone() {
    let created = text(CREATED);
    for (request_type, takes) in [
        ("\"userAdd\"", true),
        ("\"AdminAdd\"", true),
        ("\"systemAdd\"", true),
        ("\"onBehalfAdd\"", true),
        ("\"notSpecified\"", true),
        ("\"groupUpdate\"", true),
        ("null", true),
        ("\"userUpdate\"", false),
        ("\"userRemove\"", false),
        ("\"adminUpdate\"", false),
        ("\"adminRemove\"", false),
        ("\"systemUpdate\"", false),
        ("\"systemRemove\"", false),
        ("\"approverRemove\"", false),
    ] {
        let callout = created.replace("\"userAdd\"", request_type);
        let expected = if takes {
            none_left("50 of 50 are used")
        } else {
            Ok(Verdict::abstain("no-seat-taken", ""))
        };
        assert_eq!(
            evaluate(&callout, SETTINGS, &seats(50, 50)),
            expected,
            "{request_type}"
        );
    }
}

/// The collection is not even granted here: a lookup would be a fault.
#[test]
fn other_packages_are_left_alone_without_a_lookup() {
    let other = text(CREATED).replace(PACKAGE, "0d000001-0007-400e-a014-0000000000cc");
    assert_eq!(
        fixture(&other, SETTINGS).evaluate::<SeatBudget>(),
        Ok(Verdict::abstain("not-covered", ""))
    );
}

#[test]
fn ids_are_compared_in_one_spelling() {
    let created = text(CREATED);
    let shouted = created.replace(PACKAGE, &PACKAGE.to_uppercase());
    assert_ne!(shouted, created);
    assert_eq!(
        evaluate(&shouted, SETTINGS, &seats(50, 50)),
        none_left("50 of 50 are used")
    );
}

#[test]
fn a_callout_that_does_not_say_what_is_denied() {
    let no_package = || {
        Ok(Verdict::deny(
            "no-package",
            "The request names no access package.",
        ))
    };
    assert_eq!(
        evaluate(&text("16-minimal.flat"), SETTINGS, &seats(0, 1)),
        no_package()
    );
    for unknown in ["\"\"", "null", "\"Finance\"", &format!("\" {PACKAGE}\"")] {
        let nothing = text(CREATED).replace(&format!("\"{PACKAGE}\""), unknown);
        assert_eq!(evaluate(&nothing, SETTINGS, &seats(0, 1)), no_package());
    }
}

#[test]
fn the_record_of_the_readme_is_read() {
    let readme = include_str!("../README.md");
    let (_, json) = readme.split_once("```json\n").unwrap();
    let (json, _) = json.split_once("```").unwrap();
    let seats: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        evaluate(&text(CREATED), RESERVE, &seats[PACKAGE].to_string()),
        none_left("48 of 50 are used, and 2 kept free")
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    for (settings, problem) in [
        (
            "{}",
            "settings /packages: empty, so no seats would be counted",
        ),
        (
            r#"{"packages":[]}"#,
            "settings /packages: empty, so no seats would be counted",
        ),
        (
            r#"{"packages":["Finance"]}"#,
            "fault: `settings`: a string at `/packages/0`, where a GUID was asked for",
        ),
        (
            r#"{"packages":["0d000001-0007-400e-a014-d13244aa029e"],"reserve":-1}"#,
            "settings /reserve: less than 0",
        ),
    ] {
        let error = fixture(&text(CREATED), settings)
            .configure::<SeatBudget>()
            .err();
        assert_eq!(error.as_deref(), Some(problem), "{settings}");
    }
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    for settings in [SETTINGS, RESERVE, &RESERVE.replace(":2}", ":0}")] {
        assert!(fits(settings), "{settings}");
    }
    for settings in [
        "{}",
        r#"{"packages":[]}"#,
        r#"{"packages":["Finance"]}"#,
        r#"{"reserve":2}"#,
        &RESERVE.replace(":2}", ":-1}"),
        &RESERVE.replace(":2}", ":1.5}"),
        &RESERVE.replace("reserve", "reserved"),
    ] {
        assert!(!fits(settings), "{settings}");
    }
}

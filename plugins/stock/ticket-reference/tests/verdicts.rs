//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{Verdict, testing::Fixture};
use policy_ticket_reference::TicketReference;

/// Has an empty answer to the question about the ticket.
const ANSWERS: &str = "10-answers-all-kinds.flat";
const OPEN: &str = r#"{"state":"open","person":"0A000001-0004-400B-A011-2AC39FE6A35D"}"#;

const RITM: &str = r#"{
    "question":"0B00000E-0006-4068-A0BC-6246658F6630","pattern":"RITM[0-9]{7}"
}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The callout with an answer to the question about the ticket.
fn answered(answer: &str) -> String {
    let asked = text(ANSWERS);
    let answered = asked.replacen("\"Value\": \"\"", &format!("\"Value\": {answer:?}"), 1);
    assert_ne!(asked, answered);
    answered
}

fn with(settings: &str) -> String {
    RITM.replacen('{', &format!("{{{settings},"), 1)
}

fn evaluate(callout: &str, settings: &str, ticket: &str) -> Result<Verdict, String> {
    Fixture::from_json(callout)
        .settings(settings)
        .fact("tickets", "RITM0012345", ticket)
        .evaluate::<TicketReference>()
}

fn no_package() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "no-package",
        "The request names no access package.",
    ))
}

fn open() -> Result<Verdict, String> {
    Ok(Verdict::approve(
        "ticket-open",
        "The ticket \"RITM0012345\" allows access.",
    ))
}

fn missing() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "ticket-missing",
        "The request names no ticket.",
    ))
}

fn malformed() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "ticket-malformed",
        "The answer is not a ticket number.",
    ))
}

fn unknown() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "ticket-unknown",
        "The ticket \"RITM0012345\" is not known.",
    ))
}

fn not_open() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "ticket-not-open",
        "The ticket \"RITM0012345\" is not in a state that allows access.",
    ))
}

fn of_another() -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "ticket-of-another",
        "The ticket \"RITM0012345\" is not about who gets access.",
    ))
}

#[test]
fn an_open_ticket_is_named_by_the_id_and_the_text_of_its_question() {
    let by_text = RITM.replace(
        "0B00000E-0006-4068-A0BC-6246658F6630",
        "Ticket number (optional)",
    );
    for settings in [RITM, &by_text] {
        assert_eq!(evaluate(&answered("RITM0012345"), settings, OPEN), open());
        assert_eq!(
            evaluate(&answered(" RITM0012345\n"), settings, OPEN),
            open()
        );
    }
}

#[test]
fn without_an_answer_nothing_passes() {
    assert_eq!(evaluate(&text(ANSWERS), RITM, OPEN), missing());
    assert_eq!(evaluate(&answered(" \t"), RITM, OPEN), missing());
    let null = answered("nothing").replace("\"nothing\"", "null");
    assert_eq!(evaluate(&null, RITM, OPEN), missing());
    let unanswered = text("01-request-created.flat");
    assert_eq!(evaluate(&unanswered, RITM, OPEN), missing());
}

#[test]
fn an_answer_that_does_not_fit_is_neither_looked_up_nor_repeated() {
    for answer in [
        "RITM001234",
        "RITM00123456",
        "see RITM0012345",
        "RITM0012345 RITM0012345",
        "ritm0012345",
    ] {
        // No collection is granted, so that a lookup would be a fault.
        let verdict = Fixture::from_json(&answered(answer))
            .settings(RITM)
            .evaluate::<TicketReference>();
        assert_eq!(verdict, malformed(), "{answer}");
    }
}

#[test]
fn a_number_has_at_most_100_bytes() {
    let settings = RITM.replace("RITM[0-9]{7}", "(?s).*");
    let evaluate = |number: &str| {
        Fixture::from_json(&answered(number))
            .settings(&settings)
            .collection("tickets")
            .evaluate::<TicketReference>()
    };
    assert_eq!(evaluate(&"9".repeat(101)), malformed());
    assert_eq!(evaluate(&"ü".repeat(51)), malformed());
    let longest = "9".repeat(100);
    assert_eq!(
        evaluate(&longest),
        Ok(Verdict::deny(
            "ticket-unknown",
            format!("The ticket \"{longest}\" is not known.")
        ))
    );
}

#[test]
fn lower_case_counts_as_upper_case_only_where_settings_say_so() {
    let ritm = answered("Ritm0012345");
    assert_eq!(evaluate(&ritm, &with(r#""upper-case":true"#), OPEN), open());
    assert_eq!(
        evaluate(&ritm, &with(r#""upper-case":false"#), OPEN),
        malformed()
    );
}

#[test]
fn the_ticket_must_be_in_one_of_the_states() {
    let ritm = answered("RITM0012345");
    let two = with(r#""states":["Approved","in progress"]"#);
    for (settings, state, expected) in [
        (RITM, "open", open()),
        (RITM, "OPEN", open()),
        (RITM, "closed", not_open()),
        (RITM, "opened", not_open()),
        (RITM, " open", not_open()),
        (RITM, "", not_open()),
        (&two, "approved", open()),
        (&two, "In Progress", open()),
        (&two, "open", not_open()),
    ] {
        let ticket = format!(r#"{{"state":"{state}"}}"#);
        assert_eq!(evaluate(&ritm, settings, &ticket), expected, "{state:?}");
    }
}

#[test]
fn a_ticket_that_is_not_there_or_has_no_state_is_unknown() {
    let ritm = answered("RITM0012345");
    for ticket in ["null", "{}", r#"{"state":null}"#, r#"{"State":"open"}"#] {
        assert_eq!(evaluate(&ritm, RITM, ticket), unknown(), "{ticket}");
    }
    let empty = Fixture::from_json(&ritm)
        .settings(RITM)
        .collection("tickets")
        .evaluate::<TicketReference>();
    assert_eq!(empty, unknown());
}

#[test]
fn with_same_person_the_ticket_must_name_the_target() {
    let same_person = with(r#""same-person":true"#);
    let ritm = answered("RITM0012345");
    assert_eq!(evaluate(&ritm, &same_person, OPEN), open());

    for ticket in [
        r#"{"state":"open","person":"0a000014-0004-4090-a108-2acf5e04ab80"}"#,
        r#"{"state":"open","person":null}"#,
        r#"{"state":"open"}"#,
    ] {
        assert_eq!(evaluate(&ritm, &same_person, ticket), of_another());
        assert_eq!(evaluate(&ritm, RITM, ticket), open());
    }

    // A state that does not do is told first.
    let closed = OPEN.replace("open", "closed");
    assert_eq!(evaluate(&ritm, &same_person, &closed), not_open());

    // The ticket must be about who gets access, not about who asks.
    let (requestor, target) = ritm.split_at(ritm.find("\"Requestor\"").unwrap());
    let for_another = [
        &requestor.replace(
            "0a000001-0004-400b-a011-2ac39fe6a35d",
            "0a000014-0004-4090-a108-2acf5e04ab80",
        ),
        target,
    ]
    .concat();
    assert_eq!(evaluate(&for_another, &same_person, OPEN), of_another());
}

#[test]
fn a_target_without_an_id_is_no_ones_ticket() {
    let same_person = with(r#""same-person":true"#);
    for id in ["null", "\"\"", "\" 0a000001-0004-400b-a011-2ac39fe6a35d\""] {
        let nobody =
            answered("RITM0012345").replace("\"0a000001-0004-400b-a011-2ac39fe6a35d\"", id);
        for ticket in [OPEN, r#"{"state":"open"}"#] {
            assert_eq!(
                evaluate(&nobody, &same_person, ticket),
                Ok(Verdict::deny(
                    "no-target",
                    "The request does not say who gets access."
                )),
                "{id}"
            );
        }
        assert_eq!(evaluate(&nobody, RITM, OPEN), open());
    }
}

#[test]
fn other_packages_need_no_ticket() {
    let listed = with(r#""packages":["{0D000001-0007-400E-A014-D13244AA029E}"]"#);
    let others = with(r#""packages":["0d000001-0007-400e-a014-000000000000"]"#);
    let free = Ok(Verdict::abstain("not-covered", ""));
    let unanswered = text(ANSWERS);
    assert_eq!(evaluate(&unanswered, &listed, OPEN), missing());
    assert_eq!(evaluate(&unanswered, &others, OPEN), free);
    assert_eq!(evaluate(&answered("RITM0012345"), &listed, OPEN), open());
}

/// It might be any package, and one that needs a ticket.
#[test]
fn a_callout_that_does_not_say_its_package_is_denied() {
    let listed = with(r#""packages":["{0D000001-0007-400E-A014-D13244AA029E}"]"#);
    let whole = answered("RITM0012345");
    let id = "\"0d000001-0007-400e-a014-d13244aa029e\"";
    let mut nameless = vec![whole.replacen("\"AccessPackage\"", "\"SomethingElse\"", 1)];
    for unknown in [
        "null",
        "\"\"",
        "\"Finance\"",
        "\" 0d000001-0007-400e-a014-d13244aa029e\"",
    ] {
        nameless.push(whole.replace(id, unknown));
    }
    for callout in nameless {
        assert_ne!(callout, whole);
        for settings in [RITM, &listed] {
            assert_eq!(evaluate(&callout, settings, OPEN), no_package());
        }
    }
}

#[test]
fn no_ticket_stands_in_the_way_of_a_removal() {
    let typed = |name: &str| text(ANSWERS).replace("userAdd", name);
    for removal in [
        "userRemove",
        "adminRemove",
        "systemRemove",
        "approverRemove",
    ] {
        assert_eq!(
            evaluate(&typed(removal), RITM, OPEN),
            Ok(Verdict::abstain("removal", "")),
            "{removal}"
        );
    }
    for other in [
        "userUpdate",
        "adminAdd",
        "adminUpdate",
        "systemAdd",
        "systemUpdate",
        "onBehalfAdd",
        "notSpecified",
        "userExtend",
        "removeNothing",
    ] {
        assert_eq!(evaluate(&typed(other), RITM, OPEN), missing(), "{other}");
    }
}

#[test]
fn facts_of_another_type_are_faults() {
    let same_person = with(r#""same-person":true"#);
    for (ticket, problem) in [
        (
            r#"{"state":1}"#,
            "fault: `facts`: a number at `/state`, where a string was asked for",
        ),
        (
            r#"{"state":"open","person":"noor.halvorsen@contoso.example"}"#,
            "fault: `facts`: a string at `/person`, where a GUID was asked for",
        ),
    ] {
        assert_eq!(
            evaluate(&answered("RITM0012345"), &same_person, ticket),
            Err(problem.into())
        );
    }
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    for (settings, problem) in [
        ("{}".to_owned(), "settings: needs `question`"),
        (
            r#"{"question":"Ticket"}"#.to_owned(),
            "settings: needs `pattern`",
        ),
        (
            RITM.replace("RITM[0-9]{7}", "RITM[0-9"),
            "settings /pattern: not a regular expression: found unclosed character class",
        ),
        (
            with(r#""states":[]"#),
            "settings /states: empty, so no ticket would do",
        ),
        (
            with(r#""packages":[]"#),
            "settings /packages: empty; leave it out for all",
        ),
        (
            with(r#""packages":["Finance"]"#),
            "fault: `settings`: a string at `/packages/0`, where a GUID was asked for",
        ),
    ] {
        let error = Fixture::from_json(&text(ANSWERS))
            .settings(&settings)
            .configure::<TicketReference>()
            .err();
        assert_eq!(error.as_deref(), Some(problem), "{settings}");
    }
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    let whole = with(
        r#""upper-case":true,"same-person":true,"states":["open","Approved"],
        "packages":["{0D000001-0007-400E-A014-D13244AA029E}"]"#,
    );
    for settings in [RITM, &whole] {
        assert!(fits(settings), "{settings}");
        assert_eq!(
            evaluate(&answered("RITM0012345"), settings, OPEN),
            open(),
            "{settings}"
        );
    }
    for settings in [
        "{}".to_owned(),
        r#"{"question":"Ticket"}"#.to_owned(),
        r#"{"pattern":"RITM[0-9]{7}"}"#.to_owned(),
        RITM.replace("RITM[0-9]{7}", ""),
        RITM.replace("RITM[0-9]{7}", &"a".repeat(501)),
        with(r#""states":[]"#),
        with(r#""states":"open""#),
        with(r#""states":[1]"#),
        with(r#""packages":[]"#),
        with(r#""packages":["Finance"]"#),
        with(r#""same-person":"yes""#),
        with(r#""upper-case":1"#),
        with(r#""state":["open"]"#),
    ] {
        assert!(!fits(&settings), "{settings}");
    }
}

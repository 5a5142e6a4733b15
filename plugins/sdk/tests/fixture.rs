//! A fixture answers as the host does, and fails where the host calls it a fault.

use std::cell::RefCell;

use admit_policy::{
    ApprovalStage, Callout, Policy, RequestType, Settings, Stage, SubjectType, Verdict, days,
    manager, testing::Fixture, user,
};

type Evaluate = fn(&Callout) -> Result<Verdict, String>;
type Configure = fn(&Settings) -> Result<(), String>;

thread_local! {
    static EVALUATE: RefCell<Option<Evaluate>> = const { RefCell::new(None) };
    static CONFIGURE: RefCell<Option<Configure>> = const { RefCell::new(None) };
}

/// A policy that does what the test says.
struct Scripted;

impl Policy for Scripted {
    fn configure(settings: &Settings) -> Result<Self, String> {
        match CONFIGURE.with_borrow(|configure| *configure) {
            Some(configure) => configure(settings).map(|()| Self),
            None => Ok(Self),
        }
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        match EVALUATE.with_borrow(|evaluate| *evaluate) {
            Some(evaluate) => evaluate(callout),
            None => Ok(done()),
        }
    }
}

fn done() -> Verdict {
    Verdict::abstain("done", "")
}

fn callout(name: &str) -> Fixture {
    Fixture::from_file(format!(
        "{}/../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    ))
}

fn evaluate(fixture: &Fixture, policy: Evaluate) -> Result<Verdict, String> {
    EVALUATE.set(Some(policy));
    fixture.evaluate::<Scripted>()
}

fn configure(settings: &str, policy: Configure) -> Result<(), String> {
    CONFIGURE.set(Some(policy));
    callout("01-request-created.flat")
        .settings(settings)
        .configure::<Scripted>()
        .map(|_| ())
}

#[test]
fn a_callout_is_read_in_the_natural_way() {
    let verdict = evaluate(&callout("03-request-approved.flat"), |callout| {
        assert_eq!(callout.stage(), Stage::AssignmentRequestApproved);
        assert_eq!(callout.request_type(), Some(RequestType::UserAdd));
        assert_eq!(callout.request_id(), "c0de0003-0001-4016-a028-cf62a810377e");
        assert_eq!(
            callout.target().email().as_deref(),
            Some("noor.halvorsen@contoso.example")
        );
        assert_eq!(callout.target().connected_organization_id(), None);
        assert_eq!(callout.catalog().display_name().as_deref(), Some("Finance"));
        assert_eq!(
            callout.field("/accessPackageCatalog/displayName"),
            callout.catalog().display_name()
        );
        assert!(callout.document().starts_with('{'));
        assert_eq!(callout.verified_credentials().len(), 0);
        assert_eq!(callout.schedule().end_date_time(), None);
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));
}

#[test]
fn answers_are_found_by_question() {
    let verdict = evaluate(&callout("10-answers-all-kinds.flat"), |callout| {
        let answers = callout.answers();
        assert!(!answers.is_empty());
        let region = answers.to("Region").ok_or("no region")?;
        assert_eq!(region.value().as_deref(), Some("emea"));
        assert_eq!(
            region.display_value().as_deref(),
            Some("Europe, Middle East and Africa")
        );
        assert_eq!(region.question_is_required(), Some(true));
        assert_eq!(
            answers.to("{0B00000C-0006-405A-A0A2-6245292072CE}"),
            Some(region)
        );
        assert_eq!(answers.to("region"), None);
        assert_eq!(answers.get(answers.len()), None);
        assert_eq!(answers.iter().count(), answers.len() as usize);
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));
}

#[test]
fn credentials_are_read_by_type_and_claim() {
    let verdict = evaluate(&callout("19-verified-credentials.enveloped"), |callout| {
        let credentials = callout.verified_credentials();
        assert!(!credentials.is_empty());
        let first = credentials.get(0).ok_or("no credential")?;
        assert!(first.authority().is_some());
        assert!(!first.has_type("NoSuchType"));
        assert_eq!(first.claim("no such claim"), None);
        let types = callout
            .field("/verifiedCredentialsData/0/type")
            .ok_or("no types")?;
        let types: Vec<String> = serde_json::from_str(&types).map_err(|error| error.to_string())?;
        for name in types {
            assert!(first.has_type(&name), "{name}");
        }
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));
}

#[test]
fn names_of_tomorrow_are_kept() {
    let verdict = evaluate(
        &callout("21-service-principal-target.enveloped"),
        |callout| {
            assert_eq!(
                callout.target().subject_type(),
                Some(SubjectType::ServicePrincipal)
            );
            Ok(done())
        },
    );
    assert_eq!(verdict, Ok(done()));
    assert_eq!(
        RequestType::from(String::from("userExtend")),
        RequestType::Other("userExtend".into())
    );
    assert_eq!(
        RequestType::Other("userExtend".into()).as_str(),
        "userExtend"
    );
}

#[test]
fn time_is_the_fixtures() {
    let fixture = callout("01-request-created.flat").now("2026-11-20T13:00:00.5+01:00");
    let verdict = evaluate(&fixture, |callout| {
        assert_eq!(callout.now(), 1_795_176_000);
        assert_eq!(callout.now_text(), "2026-11-20T12:00:00.5Z");
        assert_eq!(
            callout.timestamp("2026-11-20T12:00:00Z"),
            Some(callout.now())
        );
        assert_eq!(callout.timestamp("noon"), None);
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));
}

#[test]
fn facts_are_read_by_type_and_only_where_granted() {
    let fixture = callout("01-request-created.flat")
        .fact(
            "people",
            "noor",
            r#"{"active":true,"level":3,"name":"Noor","held":["a","b"]}"#,
        )
        .fact("people", "gone", "null");
    let verdict = evaluate(&fixture, |callout| {
        let noor = callout.fact("people", "noor");
        assert_eq!(noor.flag("/active"), Some(true));
        assert_eq!(noor.integer("/level"), Some(3));
        assert_eq!(noor.number("/level"), Some(3.0));
        assert_eq!(noor.text("/name").as_deref(), Some("Noor"));
        assert_eq!(noor.count("/held"), Some(2));
        assert_eq!(noor.text("/held/1").as_deref(), Some("b"));
        assert_eq!(noor.text("/manager"), None);
        assert!(noor.lookup().is_some());
        for absent in ["gone", "nobody"] {
            assert_eq!(callout.fact("people", absent).lookup(), None);
            assert_eq!(callout.fact("people", absent).text("/name"), None);
        }
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));

    assert_eq!(
        evaluate(&fixture, |callout| {
            callout.fact("people", "noor").text("/level");
            Ok(done())
        }),
        Err("fault: `facts`: a number at `/level`, where a string was asked for".into())
    );
    assert_eq!(
        evaluate(&fixture, |callout| {
            callout.fact("contracts", "noor").lookup();
            Ok(done())
        }),
        Err(
            "fault: `facts`: the collection `contracts` is not granted; give the fixture its \
             values, or `.collection(\"contracts\")`"
                .into()
        )
    );
}

/// As the host does: see `tests/tests/facts` for the same of components.
#[test]
fn facts_are_what_the_host_makes_of_them() {
    let fixture = callout("01-request-created.flat")
        .fact(
            "people",
            "{0A000001-0004-400B-A011-2AC39FE6A35D}",
            r#"{ "b": [1, {"z": null, "a": "\u00fc"}], "a": 1.50 }"#,
        )
        .fact("people", "0A000001-0004-400B-A011-000000000000", "null")
        .fact("people", "Noor", "true");
    let verdict = evaluate(&fixture, |callout| {
        for spelling in [
            "0a000001-0004-400b-a011-2ac39fe6a35d",
            "0A000001-0004-400B-A011-2AC39FE6A35D",
            "0a0000010004400ba0112ac39fe6a35d",
            "{0A000001-0004-400b-A011-2ac39fe6a35d}",
        ] {
            assert_eq!(
                callout.fact("people", spelling).lookup().as_deref(),
                Some(r#"{"a":1.5,"b":[1,{"a":"ü","z":null}]}"#),
                "{spelling}"
            );
        }
        let nobody = callout.fact("people", "0a000001-0004-400b-a011-000000000000");
        assert_eq!((nobody.lookup(), nobody.exists()), (None, false));
        assert_eq!(callout.fact("people", "Noor").flag(""), Some(true));
        assert!(!callout.fact("people", "noor").exists());
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));
    assert_eq!(
        evaluate(&fixture, |callout| {
            callout.fact("people", "noor").text("name");
            Ok(done())
        }),
        Err(
            "fault: `facts`: `name` is not a JSON pointer: it is empty or starts with `/`, and \
             `~` is followed by `0` or `1`"
                .into()
        )
    );
}

#[test]
fn lists_of_facts_are_whole_or_absent() {
    let fixture = callout("01-request-created.flat")
        .fact(
            "held",
            "noor",
            r#"{"packages":["{0D000001-0007-400E-A014-D13244AA029E}","0d00000700074038a062d135f9f6dcc4"],
                "names":["a",""],"none":[],"null":null}"#,
        )
        .fact("held", "list", r#"["x","y"]"#)
        .fact("held", "empty", "{}")
        .fact("held", "hole", r#"{"packages":["0d000001-0007-400e-a014-d13244aa029e",null],"names":[null]}"#)
        .fact("held", "flag", "true");
    let verdict = evaluate(&fixture, |callout| {
        let noor = callout.fact("held", "noor");
        assert!(noor.exists());
        assert_eq!(
            noor.guids("/packages")?.ok_or("absent")?,
            [
                "0d000001-0007-400e-a014-d13244aa029e",
                "0d000007-0007-4038-a062-d135f9f6dcc4"
            ]
        );
        assert_eq!(noor.texts("/names")?.ok_or("absent")?, ["a", ""]);
        assert_eq!(noor.texts("/none"), Ok(Some(Vec::new())));
        for absent in ["/null", "/absent", "/none/0"] {
            assert_eq!(noor.texts(absent), Ok(None), "{absent}");
            assert_eq!(noor.guids(absent), Ok(None), "{absent}");
        }
        let list = callout.fact("held", "list");
        assert!(list.exists());
        assert_eq!(list.texts("")?.ok_or("absent")?, ["x", "y"]);
        assert!(callout.fact("held", "empty").exists());
        let nobody = callout.fact("held", "nobody");
        assert!(!nobody.exists());
        assert_eq!(nobody.guids("/packages"), Ok(None));
        let hole = callout.fact("held", "hole");
        assert_eq!(
            hole.guids("/packages"),
            Err("the fact `held`: nothing at `/packages/1`".into())
        );
        assert_eq!(
            hole.texts("/names"),
            Err("the fact `held`: nothing at `/names/0`".into())
        );
        Ok(done())
    });
    assert_eq!(verdict, Ok(done()));
    for (policy, problem) in [
        (
            (|callout| {
                callout.fact("held", "flag").exists();
                Ok(done())
            }) as Evaluate,
            "fault: `facts`: a boolean at ``, where an array or an object was asked for",
        ),
        (
            |callout| {
                callout.fact("held", "noor").guids("/names")?;
                Ok(done())
            },
            "fault: `facts`: a string at `/names/0`, where a GUID was asked for",
        ),
        (
            |callout| {
                callout.fact("held", "noor").texts("/names/0")?;
                Ok(done())
            },
            "fault: `facts`: a string at `/names/0`, where an array was asked for",
        ),
        (
            |callout| {
                callout.fact("held", "empty").texts("")?;
                Ok(done())
            },
            "fault: `facts`: an object at ``, where an array was asked for",
        ),
        (
            |callout| {
                callout.fact("held", "noor").guids("")?;
                Ok(done())
            },
            "fault: `facts`: an object at ``, where an array was asked for",
        ),
    ] {
        assert_eq!(evaluate(&fixture, policy), Err(problem.into()));
    }
}

#[test]
fn settings_are_read_by_type_and_place() {
    let read = configure(
        r#"{"b":{"on":true,"n":2,"x":1.5,"none":null},"a":["x","y"],"at":"2026-11-20"}"#,
        |settings| {
            assert_eq!(settings.texts("/a"), ["x", "y"]);
            assert_eq!(settings.texts("/absent"), Vec::<String>::new());
            assert_eq!(settings.item("/a", 1).text("").as_deref(), Some("y"));
            let part = settings.at("/b");
            assert_eq!(part.flag("/on"), Some(true));
            assert_eq!(part.integer("/n"), Some(2));
            assert_eq!(part.number("/x"), Some(1.5));
            assert_eq!(part.text("/none"), None);
            assert_eq!(part.count(""), Some(4));
            assert_eq!(settings.key("", 0).as_deref(), Some("a"));
            assert_eq!(settings.key("", 2).as_deref(), Some("b"));
            assert_eq!(settings.timestamp("/at"), Some(1_795_132_800));
            assert_eq!(
                settings.document(),
                r#"{"a":["x","y"],"at":"2026-11-20","b":{"n":2,"none":null,"on":true,"x":1.5}}"#
            );
            Ok(())
        },
    );
    assert_eq!(read, Ok(()));
}

#[test]
fn what_the_host_calls_a_fault_in_settings_is_an_error() {
    for (settings, policy, problem) in [
        (
            r#"{"n":"2"}"#,
            (|settings| {
                settings.integer("/n");
                Ok(())
            }) as Configure,
            "fault: `settings`: a string at `/n`, where an integer within ±(2^53 - 1) was asked for",
        ),
        (
            r#"{"part":{"ids":["0d000001-0007-400e-a014-d13244aa029e",null]}}"#,
            |settings| {
                settings.at("/part").guids("/ids");
                Ok(())
            },
            "fault: settings /part/ids/1: nothing there, where an item was asked for",
        ),
        (
            r#"{"names":[null,"x"]}"#,
            |settings| {
                settings.texts("/names");
                Ok(())
            },
            "fault: settings /names/0: nothing there, where an item was asked for",
        ),
        (
            r#"{"names":{}}"#,
            |settings| {
                settings.texts("/names");
                Ok(())
            },
            "fault: `settings`: an object at `/names`, where an array was asked for",
        ),
        (
            r#"{"ids":{"0":"0d000001-0007-400e-a014-d13244aa029e"}}"#,
            |settings| {
                settings.guids("/ids");
                Ok(())
            },
            "fault: `settings`: an object at `/ids`, where an array was asked for",
        ),
        (
            r#"{"parts":{}}"#,
            |settings| {
                settings.items("/parts").for_each(drop);
                Ok(())
            },
            "fault: `settings`: an object at `/parts`, where an array was asked for",
        ),
        (
            r#"{"n":1.5}"#,
            |settings| {
                settings.integer("/n");
                Ok(())
            },
            "fault: `settings`: a number at `/n`, where an integer within ±(2^53 - 1) was asked for",
        ),
        (
            "{}",
            |settings| {
                settings.text("n");
                Ok(())
            },
            "fault: `settings`: `n` is not a JSON pointer: it is empty or starts with `/`, and `~` \
             is followed by `0` or `1`",
        ),
        (
            "{}",
            |settings| {
                settings.key("", 0);
                Ok(())
            },
            "fault: `settings`: member 0 of ``, which has 0",
        ),
    ] {
        assert_eq!(configure(settings, policy), Err(problem.into()));
    }
}

#[test]
fn what_the_host_calls_a_fault_in_evaluate_is_an_error() {
    let created = callout("01-request-created.flat");
    for (policy, problem) in [
        ((|_| Err("cannot tell".into())) as Evaluate, "cannot tell"),
        (|_| panic!("lost"), "fault: panicked: lost"),
        (
            |callout| {
                callout.field("stage");
                Ok(done())
            },
            "fault: `field`: `stage` is not a JSON pointer: it is empty or starts with `/`, and \
             `~` is followed by `0` or `1`",
        ),
        (
            |_| Ok(Verdict::approve("Not a code", "")),
            "fault: the code `Not a code` is not 1 to 64 of a-z, 0-9 and `-`",
        ),
        (
            |_| Ok((0..17).fold(done(), |verdict, _| verdict.note("n", ""))),
            "fault: 17 notes; at most 16",
        ),
        (
            |_| {
                Ok(Verdict::require_approval(
                    "manager",
                    "",
                    ApprovalStage::new().primary(manager(1)).deny_after(days(1)),
                ))
            },
            "fault: `require-approval` at the stage assignmentRequestCreated",
        ),
    ] {
        assert_eq!(evaluate(&created, policy), Err(problem.into()));
    }
}

#[test]
fn an_approval_stage_must_be_whole() {
    let determining = callout("07-determining-approval.flat");
    for (policy, problem) in [
        (
            (|_| {
                Ok(Verdict::require_approval(
                    "a",
                    "",
                    ApprovalStage::new().primary(manager(1)),
                ))
            }) as Evaluate,
            "fault: approval stage: no time after which the request is denied",
        ),
        (
            |_| {
                let stage = ApprovalStage::new()
                    .primary(user("noor"))
                    .deny_after(days(1));
                Ok(Verdict::require_approval("a", "", stage))
            },
            "fault: approval stage: singleUser with the id `noor`, which is not a GUID",
        ),
        (
            |_| {
                let stage = ApprovalStage::new()
                    .primary(manager(1))
                    .escalation(manager(2))
                    .deny_after(days(1))
                    .escalate_after(days(1));
                Ok(Verdict::require_approval("a", "", stage))
            },
            "fault: approval stage: escalation is not earlier than denial",
        ),
    ] {
        assert_eq!(evaluate(&determining, policy), Err(problem.into()));
    }
}

#[test]
fn a_broken_fixture_says_what_is_broken() {
    for (fixture, beginning) in [
        (Fixture::from_json("{"), "fixture: "),
        (
            Fixture::from_file("/no/such/file.json"),
            "fixture /no/such/file.json: ",
        ),
        (
            callout("18-connection-test.flat"),
            "fixture: policies are not asked",
        ),
        (
            callout("01-request-created.flat").settings("{"),
            "fixture, settings `{`: ",
        ),
        (
            callout("01-request-created.flat").now("noon"),
            "fixture, now `noon`: ",
        ),
        (
            callout("01-request-created.flat").fact("a", "b", ""),
            "fixture, fact ``: ",
        ),
    ] {
        let error = fixture.evaluate::<Scripted>();
        assert!(
            matches!(&error, Err(text) if text.starts_with(beginning)),
            "{error:?}"
        );
    }
}

//! Sets made in code: what the engine refuses.

use std::fs;

use admit::{
    Callout, Engine, ErrorKind, ExtensionRules, JsonFacts, Limits, Policy, PolicyLimits,
    PolicyOptions, PolicySet, SetOptions,
};
use admit_tests::{component, corpus};

fn policy(engine: &Engine, id: &str, limits: Option<PolicyLimits>) -> Result<Policy, ErrorKind> {
    let options = PolicyOptions {
        limits,
        ..PolicyOptions::default()
    };
    Policy::from_bytes(engine, id, &component("mail_needed"), options).map_err(|error| error.kind())
}

fn options() -> SetOptions {
    SetOptions {
        source: "Contoso.Test".into(),
        ..SetOptions::default()
    }
}

#[test]
fn limits_that_the_engine_cannot_keep_are_refused() {
    let unmetered = Limits {
        fuel: None,
        concurrency: 1,
        ..Limits::default()
    };
    let engine = Engine::new(unmetered.clone()).unwrap();
    let own = PolicyLimits::from(&unmetered);
    assert!(policy(&engine, "one", Some(own.clone())).is_ok());
    let metered = PolicyLimits {
        fuel: Some(1),
        ..own.clone()
    };
    assert_eq!(
        policy(&engine, "one", Some(metered)).err(),
        Some(ErrorKind::Set)
    );
    let larger = PolicyLimits {
        memory: own.memory + 1,
        ..own
    };
    assert_eq!(
        policy(&engine, "one", Some(larger)).err(),
        Some(ErrorKind::Set)
    );
    for limits in [
        Limits {
            fuel: Some(0),
            ..Limits::default()
        },
        Limits {
            memory: 1,
            ..Limits::default()
        },
        Limits {
            stack: 1,
            ..Limits::default()
        },
        Limits {
            concurrency: 0,
            ..Limits::default()
        },
        Limits {
            deadline: std::time::Duration::ZERO,
            ..Limits::default()
        },
    ] {
        assert_eq!(Engine::new(limits).unwrap_err().kind(), ErrorKind::Set);
    }
}

#[test]
fn an_engine_can_cover_the_limits_of_its_policies() {
    let set = Limits {
        fuel: None,
        memory: 1024 * 1024,
        concurrency: 1,
        ..Limits::default()
    };
    let own = PolicyLimits::from(&set);
    assert_eq!(set.clone().covering([&own]), set);
    assert_eq!(set.clone().covering([]), set);
    let metered = PolicyLimits {
        fuel: Some(7_000_000),
        ..own.clone()
    };
    let larger = PolicyLimits {
        memory: own.memory * 2,
        ..own
    };
    let covering = set.clone().covering([&metered, &larger]);
    let expected = Limits {
        fuel: Some(7_000_000),
        memory: larger.memory,
        ..set
    };
    assert_eq!(covering, expected);
    let engine = Engine::new(covering).unwrap();
    for limits in [metered, larger] {
        assert!(policy(&engine, "one", Some(limits)).is_ok());
    }
}

#[test]
fn sets_that_cannot_be_are_refused() {
    let engine = Engine::new(Limits {
        concurrency: 1,
        ..Limits::default()
    })
    .unwrap();
    let other = Engine::new(Limits {
        concurrency: 1,
        ..Limits::default()
    })
    .unwrap();
    let one = policy(&engine, "one", None).unwrap();
    assert!(one.is_snapshotted());
    let set = |options, policies| {
        PolicySet::new(&engine, options, policies).map_err(|error| error.kind())
    };
    assert!(set(options(), vec![one.clone()]).is_ok());
    assert_eq!(set(options(), vec![]).err(), Some(ErrorKind::Set));
    assert_eq!(
        set(options(), vec![one.clone(), one.clone()]).err(),
        Some(ErrorKind::Set)
    );
    assert_eq!(
        set(SetOptions::default(), vec![one]).err(),
        Some(ErrorKind::Set)
    );
    let foreign = policy(&other, "two", None).unwrap();
    assert_eq!(set(options(), vec![foreign]).err(), Some(ErrorKind::Set));
    assert_eq!(
        policy(&engine, "Not An Id", None).err(),
        Some(ErrorKind::Set)
    );
}

/// A callout that is not the extension's is refused whether or not the host asks first.
#[test]
fn callouts_of_another_extension_are_refused() {
    let engine = Engine::new(Limits {
        concurrency: 1,
        ..Limits::default()
    })
    .unwrap();
    let file = corpus().join("callouts/01-request-created.flat.json");
    let callout = Callout::parse(&fs::read(file).unwrap()).unwrap();
    let definition = corpus().join("sets/extension/extension.json");
    let rules = ExtensionRules::from_json(&fs::read_to_string(definition).unwrap()).unwrap();
    for (catalog, refused) in [
        ("0e000001-0008-400f-a015-08ac7b95cd09", None),
        (
            "0e000001-0008-400f-a015-08ac7b95cd0a",
            Some(ErrorKind::CalloutExtension),
        ),
    ] {
        let options = SetOptions {
            extension: Some(rules.clone().of_catalog(catalog).unwrap()),
            ..options()
        };
        let one = policy(&engine, "one", None).unwrap();
        let set = PolicySet::new(&engine, options, vec![one]).unwrap();
        let asked = set.accepts(&callout).err();
        assert_eq!(asked.as_ref().map(admit::Error::kind), refused);
        let report = set.evaluate(&callout, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(report.resume().is_none(), refused.is_some());
        assert_eq!(report.decision().is_none(), refused.is_some());
        assert_eq!(report.outcomes().is_empty(), refused.is_some());
        let why = report
            .no_answer()
            .map(|none| (none.code, none.detail.clone()));
        assert_eq!(
            why,
            asked.map(|error| (error.kind().as_str(), error.to_string()))
        );
    }
}

/// Two readings of one text are two policies: JSON in which a member stands twice is refused.
#[test]
fn json_text_for_settings_and_facts_is_read_strictly() {
    let settings = |text: &str| PolicyOptions::default().with_settings_json(text);
    let read = settings(r#"{"packages":["one"]}"#).unwrap().settings;
    assert_eq!(read, serde_json::json!({"packages": ["one"]}));
    for text in [r#"{"a":1,"a":2}"#, r#"{"a":{"b":1,"b":1}}"#, "{", ""] {
        let refused = settings(text).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PolicySettings, "{text}");
        assert!(
            refused
                .place()
                .unwrap()
                .starts_with("settings: line 1 column ")
        );
        let refused = JsonFacts::from_json(text).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::FactSource, "{text}");
        assert!(refused.place().unwrap().starts_with("line 1 column "));
    }
    assert!(JsonFacts::from_json("{}").is_ok());
    let refused = JsonFacts::from_json("[]").unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::FactSource);
}

/// What leaves no room for a snapshot is configured each time, and evaluates all the same.
#[test]
fn what_cannot_be_snapshotted_is_configured_each_time() {
    let tight = Limits {
        memory: 64 * 1024,
        concurrency: 1,
        ..Limits::default()
    };
    let tight = Engine::new(tight).unwrap();
    let roomy = Engine::new(Limits {
        concurrency: 1,
        ..Limits::default()
    })
    .unwrap();
    let fixed = r#"(module
        (import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
        (memory (export "memory") 1 1)
        (data (i32.const 0) "code")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
        (func (export "configure") (result i32) (i32.const 1024))
        (func (export "evaluate") (result i32)
            (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
            (i32.const 1024)))"#;
    let mut fixed = admit_build::componentize(fixed.as_bytes()).unwrap();
    let metadata = admit_wit::Metadata::read(&component("mail_needed")).unwrap();
    metadata.embed(&mut fixed).unwrap();
    // Modules with state and without exports beside the policy's own.
    let with = |module: &str| {
        let mut bytes = component("mail_needed");
        let module = wat::parse_str(module).unwrap();
        bytes.push(1);
        let mut length = module.len();
        while length >= 0x80 {
            bytes.push(u8::try_from(length % 0x80).unwrap() | 0x80);
            length /= 0x80;
        }
        bytes.push(u8::try_from(length).unwrap());
        bytes.extend_from_slice(&module);
        bytes
    };
    let payload =
        std::fs::read(admit_tests::corpus().join("callouts/01-request-created.flat.json")).unwrap();
    let callout = admit::Callout::parse(&payload).unwrap();
    for (engine, component) in [
        (&tight, component("mail_needed")),
        (&roomy, fixed),
        (&roomy, with("(module (memory 1))")),
        (&roomy, with("(module (global (mut i32) (i32.const 0)))")),
    ] {
        let policy =
            Policy::from_bytes(engine, "one", &component, PolicyOptions::default()).unwrap();
        assert!(!policy.is_snapshotted());
        let set = PolicySet::new(engine, options(), vec![policy]).unwrap();
        let report = set.evaluate(&callout, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(report.decision().unwrap().effect, admit::Effect::Approve);
    }
}

/// What evaluations start from is the configured instance, for every policy of ours.
#[test]
fn our_policies_can_be_snapshotted() {
    component("mail_needed");
    for set in ["partners", "contoso"] {
        let file = corpus().join("sets").join(set).join("admit.toml");
        for policy in PolicySet::from_file(file).unwrap().policies() {
            assert!(policy.is_snapshotted(), "{}", policy.id());
        }
    }
}

//! What can be wrong with a policy set: each gets its kind and its place.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{fs, path::PathBuf};

use admit::{Callout, ErrorKind, Outcome, PolicySet};
use admit_tests::{component, corpus};
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["say", "mail_needed"] {
            fs::write(folder.path().join(format!("{name}.wasm")), component(name)).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The kind, and the message without the folder.
    fn error(&self, set: &str) -> (&'static str, String) {
        let file = self.path("admit.toml");
        fs::write(&file, set).unwrap();
        let error = PolicySet::from_file(&file).unwrap_err();
        let folder = format!("{}/", self.0.path().display());
        (
            error.kind().as_str(),
            error.to_string().replace(&folder, ""),
        )
    }
}

const SAY: &str = "[[policy]]\nid = \"one\"\ncomponent = \"say.wasm\"\n";
const APPROVE: &str = "[policy.settings]\neffect = \"approve\"\n";

#[test]
fn what_a_set_says_wrong_is_told_with_its_place() {
    let folder = Folder::new();
    let with = |line: &str| format!("source = \"S\"\n{line}\n{SAY}{APPROVE}");
    for (set, kind, starts) in [
        (
            with("colour = 1"),
            "set",
            "admit.toml:2:1: unknown field `colour`",
        ),
        (
            with("rule = \"majority\""),
            "set",
            "admit.toml:2:8: unknown variant `majority`",
        ),
        (with("when-silent = true"), "set", "admit.toml:2:15: "),
        (
            with("[limits]\ndeadline = \"soon\""),
            "set",
            "admit.toml:3:12: `soon` is not a time",
        ),
        (
            with("[limits]\ndeadline = \"0s\""),
            "set",
            "admit.toml:3:12: `0s` is not a time",
        ),
        (
            with("[limits]\nmemory = \"16MB\""),
            "set",
            "admit.toml:3:10: invalid value",
        ),
        (
            with("[limits]\nmemory = 100"),
            "set",
            "admit.toml: limits: memory is below 64KiB",
        ),
        (with("[limits]\nfuel = true"), "set", "admit.toml:3:8: "),
        (with("[limits]\nfuel = 0"), "set", "admit.toml:3:8: "),
        (
            with("[limits]\nconcurrency = 0"),
            "set",
            "admit.toml: limits: concurrency",
        ),
        (
            with("[stage.teleported]"),
            "set",
            "admit.toml:2:8: unknown stage `teleported`",
        ),
        (
            with("[stage.assignmentRequestCreated]\nrule = \"x\""),
            "set",
            "admit.toml:3:1: unknown field `rule`",
        ),
        ("rule = [".into(), "set", "admit.toml:1:9: "),
        (
            format!("{SAY}{APPROVE}"),
            "set",
            "admit.toml:1:1: missing field `source`",
        ),
        (
            "source = \"S\"".into(),
            "set",
            "admit.toml: a set without policies",
        ),
        (
            format!("source = \" \"\n{SAY}{APPROVE}"),
            "set",
            "admit.toml:1:10: source is empty",
        ),
        (
            format!("source = \"S\"\n{SAY}{APPROVE}{SAY}{APPROVE}"),
            "set",
            "policy `one`: admit.toml:8:6: this id stands twice",
        ),
        (
            format!("source = \"S\"\n{}", SAY.replace("\"one\"", "\"One\"")),
            "set",
            "policy `One`: admit.toml:3:6: the policy id `One`",
        ),
        (
            format!("source = \"S\"\n{SAY}stages = [\"x\"]\n{APPROVE}"),
            "set",
            "policy `one`: admit.toml:5:11: unknown stage `x`",
        ),
        (
            format!("source = \"S\"\n{SAY}stages = []\n{APPROVE}"),
            "set",
            "policy `one`: admit.toml:3:6: stages: an empty list of stages",
        ),
        (
            format!("source = \"S\"\n{SAY}{APPROVE}x = nan\n"),
            "set",
            "policy `one`: admit.toml:3:6: settings/x: NaN is not a number in JSON",
        ),
        (
            format!("source = \"S\"\n{SAY}[policy.limits]\nstack = \"1MiB\"\n{APPROVE}"),
            "set",
            "admit.toml:6:1: unknown field `stack`",
        ),
        (
            format!("source = \"S\"\n{SAY}sha256 = \"00\"\n{APPROVE}"),
            "set",
            "admit.toml:5:10: not a SHA-256",
        ),
        (
            format!("source = \"S\"\n{SAY}stages = [\"assignmentRequestCreated\"]\n")
                .replace("say", "mail_needed")
                .replace("Created", "Removed"),
            "set",
            "policy `one`: admit.toml:3:6: stages: the set asks it at assignmentRequestRemoved",
        ),
        (
            format!("source = \"S\"\n{}{APPROVE}", SAY.replace("say", "gone")),
            "policy-file",
            "policy `one`: gone.wasm: cannot be read",
        ),
        (
            format!(
                "source = \"S\"\n{SAY}sha256 = \"{}\"\n{APPROVE}",
                "0".repeat(64)
            ),
            "policy-pin",
            "policy `one`: say.wasm: the component's SHA-256 is ",
        ),
        (
            format!("source = \"S\"\n{SAY}"),
            "policy-settings",
            "policy `one`: admit.toml:3:6: settings: do not fit the policy's schema: \"effect\" is a required property",
        ),
        (
            format!("source = \"S\"\n{SAY}[policy.settings]\neffect = 7\n"),
            "policy-settings",
            "policy `one`: admit.toml:3:6: settings/effect: do not fit the policy's schema: 7 is not of type \"string\"",
        ),
        (
            format!("source = \"S\"\n{SAY}[policy.settings]\neffect = \"refuse\"\n"),
            "policy-settings",
            "policy `one`: admit.toml:3:6: settings: refused its settings: ",
        ),
        (
            format!(
                "source = \"S\"\n{}{APPROVE}",
                SAY.replace("say", "mail_needed")
            ),
            "policy-settings",
            "policy `one`: admit.toml:3:6: settings: takes no settings",
        ),
    ] {
        let (found, message) = folder.error(&set);
        assert!(
            found == kind && message.starts_with(starts),
            "expected {kind}: {starts}\nfound    {found}: {message}\nin\n{set}"
        );
        assert!(!message.contains('\n'), "one line: {message}");
    }
    let error = PolicySet::from_file(folder.path("none.toml")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SetFile);
}

#[test]
fn unusable_components_are_told_apart() {
    let folder = Folder::new();
    let good = component("say");
    let cut = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let without_metadata = {
        // The metadata is the last section.
        let at = good
            .windows(12)
            .rposition(|window| window == b"admit-policy")
            .unwrap();
        // A name's length, then the section's length in up to five bytes, then its id.
        let start = (1..8)
            .map(|back| at - 1 - back)
            .find(|start| {
                admit_wit::Metadata::read(&good[..*start]) == Err(admit_wit::MetadataError::Missing)
            })
            .unwrap();
        good[..start].to_vec()
    };
    let mut doubled = good.clone();
    doubled.extend_from_slice(&good[without_metadata.len()..]);
    let mut other_contract = without_metadata.clone();
    let mut metadata = admit_wit::Metadata::read(&good).unwrap();
    metadata.contract = "0.2.0".into();
    metadata.embed(&mut other_contract).unwrap();
    let mut no_stage = without_metadata.clone();
    metadata.contract = admit_wit::CONTRACT_VERSION.into();
    metadata.stages = vec!["assignmentRequestTeleported".into()];
    metadata.embed(&mut no_stage).unwrap();

    for (bytes, kind, says) in [
        (
            b"MZ\x90\0".to_vec(),
            "policy-format",
            "not a WebAssembly component",
        ),
        (Vec::new(), "policy-format", "not a WebAssembly component"),
        (
            b"\0asm\x01\0\0\0".to_vec(),
            "policy-format",
            "a core module",
        ),
        (cut(&good), "policy-format", "not a WebAssembly component"),
        (
            without_metadata,
            "policy-metadata",
            "build the policy with `admit build`",
        ),
        (doubled, "policy-metadata", "more than one"),
        (
            other_contract,
            "policy-interface",
            "built for contract 0.2.0",
        ),
        (no_stage, "policy-metadata", "assignmentRequestTeleported"),
    ] {
        fs::write(folder.path("say.wasm"), &bytes).unwrap();
        let (found, message) = folder.error(&format!("source = \"S\"\n{SAY}{APPROVE}"));
        assert!(
            found == kind
                && message.starts_with("policy `one`: say.wasm: ")
                && message.contains(says),
            "expected {kind}: {says}\nfound    {found}: {message}"
        );
    }
}

/// A pin of the right component, in either case, is taken.
#[test]
fn a_pin_that_fits_is_taken() {
    let file = corpus().join("sets/seed-1-approve/admit.toml");
    component("say");
    let digest = PolicySet::from_file(&file).unwrap().policies()[0]
        .component()
        .sha256();
    let folder = Folder::new();
    for pin in [digest.clone(), digest.to_uppercase()] {
        let set = format!("source = \"S\"\n{SAY}sha256 = \"{pin}\"\n{APPROVE}");
        fs::write(folder.path("admit.toml"), set).unwrap();
        PolicySet::from_file(folder.path("admit.toml")).unwrap();
    }
}

/// What one policy may have is not what the others may have.
#[test]
fn limits_of_one_policy_are_its_own() {
    let folder = Folder::new();
    let set = |head: &str, own: &str| {
        let one = SAY.replace("say", "mail_needed");
        let two = one.replace("\"one\"", "\"two\"");
        let set = format!("source = \"S\"\n{head}{one}[policy.limits]\n{own}\n{two}");
        fs::write(folder.path("admit.toml"), set).unwrap();
        let set = PolicySet::from_file(folder.path("admit.toml")).unwrap();
        let payload = fs::read(corpus().join("callouts/01-request-created.flat.json")).unwrap();
        let callout = Callout::parse(&payload).unwrap();
        let report = set.evaluate(&callout, jiff::Timestamp::UNIX_EPOCH);
        let faults = report
            .outcomes()
            .iter()
            .map(|outcome| match outcome.outcome() {
                Outcome::Fault(fault) => fault.kind.as_str(),
                _ => "none",
            });
        (faults.collect::<Vec<_>>(), set)
    };
    assert_eq!(
        set("[limits]\nfuel = false\n", "fuel = 300").0,
        ["fuel", "none"]
    );
    assert_eq!(
        set("[limits]\nfuel = 300\n", "fuel = false").0,
        ["none", "fuel"]
    );
    let (faults, set) = set("", "memory = \"1GiB\"");
    assert_eq!(faults, ["none", "none"]);
    let memory: Vec<_> = set
        .policies()
        .iter()
        .map(|policy| policy.limits().memory)
        .collect();
    assert_eq!(memory, [1 << 30, 16 << 20]);
}

/// What is wrong with the extension that a set names: each gets its file and place.
#[test]
fn what_an_extension_says_wrong_is_told_with_its_place() {
    let folder = Folder::new();
    let definition = |members: &str| {
        format!(r##"{{"@odata.type":"#microsoft.graph.accessPackageAssignment{members}"##)
    };
    let request = |time: &str| {
        definition(&format!(
            r#"RequestWorkflowExtension","callbackConfiguration":{{"timeoutDuration":"{time}"}}}}"#
        ))
    };
    let named = "[extension]\nfile = \"extension.json\"";
    let place = "extension.json: /callbackConfiguration/timeoutDuration: ";
    for (table, extension, kind, starts) in [
        (
            named.into(),
            request("PT4M59S"),
            "set",
            format!("{place}`PT4M59S` is not within"),
        ),
        (
            named.into(),
            request("P1M"),
            "set",
            format!("{place}`P1M` is not a duration"),
        ),
        (
            named.into(),
            format!(r#"{{"value":{}}}"#, request("P15D")),
            "set",
            "extension.json: /value/callbackConfiguration/timeoutDuration: `P15D`".into(),
        ),
        (
            named.into(),
            definition(r#"WorkflowExtension","callbackConfiguration":{}}"#),
            "set",
            "extension.json: /callbackConfiguration: the service does not wait".into(),
        ),
        (
            named.into(),
            "{}".into(),
            "set",
            "extension.json: /@odata.type: nothing says that this is".into(),
        ),
        (
            named.into(),
            "{\n\"".into(),
            "set",
            "extension.json: line 2 column 2: not JSON".into(),
        ),
        (
            named.into(),
            " ".repeat(Callout::MAX_BYTES + 1),
            "set",
            "extension.json: 1048577 bytes; at most 1048576 are read".into(),
        ),
        (
            named.replace("extension.json", "gone.json"),
            request("PT1H"),
            "set-file",
            "gone.json: cannot be read: ".into(),
        ),
        (
            format!("{named}\ncatalog = \"finance\""),
            request("PT1H"),
            "set",
            "admit.toml:4:11: the catalog id `finance` is not a GUID".into(),
        ),
        (
            format!("{named}\nid = \"x\""),
            request("PT1H"),
            "set",
            "admit.toml:4:1: unknown field `id`".into(),
        ),
        (
            "[extension]".into(),
            request("PT1H"),
            "set",
            "admit.toml:2:1: missing field `file`".into(),
        ),
    ] {
        fs::write(folder.path("extension.json"), &extension).unwrap();
        let set = format!("source = \"S\"\n{table}\n{SAY}{APPROVE}");
        let (found, message) = folder.error(&set);
        assert!(
            found == kind && message.starts_with(&starts),
            "expected {kind}: {starts}\nfound    {found}: {message}\nin\n{set}"
        );
        assert!(!message.contains('\n'), "one line: {message}");
    }
}

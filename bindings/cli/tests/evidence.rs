//! What the command line says of a decision's grounds: in words, as evidence, redacted, repeated.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use admit_tests::{component, corpus};
use serde_json::{Value, json};
use tempfile::TempDir;

const SET: &str = r#"
source = "Contoso.Evidence"
rule = "first-applicable"

[[policy]]
id = "routing"
component = "say.wasm"
stages = ["assignmentRequestDeterminingApprovalRequirements"]
[policy.settings]
effect = "deny"

[[policy]]
id = "mail"
component = "mail_needed.wasm"
stages = ["assignmentRequestCreated"]

[[policy]]
id = "seats"
component = "ask.wasm"
facts = ["seats"]
[policy.settings]
lookups = [
    { collection = "seats", key = "{0D000001-0007-400E-A014-D13244AA029E}", as = "integer", at = "/used" },
    { collection = "seats", key = "none" },
]

[facts.seats]
json = "seats.json"
"#;
const SEATS: &str =
    r#"{"0d000001-0007-400e-a014-d13244aa029e": {"used": 118, "bought": 120}, "none": null}"#;
const NOW: &str = "2026-11-20T12:00:00Z";

struct Folder(TempDir);

impl Folder {
    /// A set whose first answer is that of the policy `seats` where nobody has decided before.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["say", "ask", "mail_needed"] {
            fs::write(folder.path().join(format!("{name}.wasm")), component(name)).unwrap();
        }
        let folder = Self(folder);
        fs::write(folder.path("seats.json"), SEATS).unwrap();
        folder.set("rule = \"first-applicable\"", "rule = \"deny-overrides\"");
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn set(&self, from: &str, to: &str) {
        fs::write(self.path("admit.toml"), SET.replace(from, to)).unwrap();
    }

    fn eval(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_admit"))
            .arg("eval")
            // A report knows when it was made.
            .args(
                ["--now", NOW]
                    .iter()
                    .filter(|_| !options.contains(&"--facts")),
            )
            .arg("--set")
            .arg(self.path("admit.toml"))
            .args(options)
            .arg(corpus().join("callouts/01-request-created.flat.json"))
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn report(&self, options: &[&str]) -> String {
        let output = self.eval(&[&["--format", "json"], options].concat());
        assert_eq!(text(&output.stderr), "");
        text(&output.stdout).into()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Without what depends on the compiler that built the policies.
fn words(output: &Output) -> String {
    let said = text(&output.stderr);
    let lines = said.lines().map(|line| {
        let name = line.trim_start();
        if name.starts_with("component") {
            "      component (digest)".into()
        } else if let Some((_, memory)) = name
            .strip_prefix("used")
            .and_then(|used| used.split_once(" units of fuel"))
        {
            format!("      used      (some) units of fuel{memory}")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn grounds_are_told_in_words() {
    let folder = Folder::new();
    let output = folder.eval(&["--explain", "--evidence"]);
    assert_eq!(
        words(&output),
        "\
approve at assignmentRequestCreated
  decided by mail, seats
  by the rule deny-overrides: the most severe answer wins, and a fault is never
  outvoted
  request c0de0001-0001-4008-a00e-cf616ba1441c
  instance c0de0001-0002-4009-a00f-cf61f18d0e87
  evaluated at 2026-11-20T12:00:00Z

  routing: not asked at this stage
      answers   assignmentRequestDeterminingApprovalRequirements

  mail: approve (has-mail)
      read      /assignment/target/email = \"noor.halvorsen@contoso.example\"
      can read  nothing else, by its imports
      used      (some) units of fuel, 64 KiB of memory
      policy    mail-needed 0.1.0
      component (digest)
      settings  44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a

  seats: approve (asked)
      118 none
      read      nothing of the callout
      can read  nothing of the callout, by its imports
      asked     seats of 0d000001-0007-400e-a014-d13244aa029e =
                {\"bought\":120,\"used\":118}
      asked     seats of none = nothing
      can ask   seats
      used      (some) units of fuel, 64 KiB of memory
      policy    ask 0.1.0
      component (digest)
      settings  ce1c983a57c38dcee12658e2701631421bdfae21fd1e804d10cce05f1bc400c3"
    );
    let plain = folder.eval(&["--explain"]);
    assert!(!text(&plain.stderr).contains("noor.halvorsen@contoso.example"));
    assert!(!text(&plain.stderr).contains("bought"));
    assert_eq!(plain.stdout, output.stdout);

    folder.set("", "");
    let output = folder.eval(&["--explain"]);
    assert!(
        words(&output).ends_with("\n\n  seats: not asked, decided before by mail"),
        "{}",
        words(&output)
    );
}

#[test]
fn evidence_holds_what_policies_were_shown_and_repeats_the_decision() {
    let folder = Folder::new();
    let report = folder.report(&["--evidence"]);
    let parsed: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        parsed["evidence"],
        json!({
            "callout": { "/assignment/target/email": "noor.halvorsen@contoso.example" },
            "facts": [
                { "collection": "seats", "key": "0d000001-0007-400e-a014-d13244aa029e",
                  "value": { "bought": 120, "used": 118 } },
                { "collection": "seats", "key": "none", "value": null },
            ],
        })
    );
    let plain: Value = serde_json::from_str(&folder.report(&[])).unwrap();
    let mut without = parsed;
    without.as_object_mut().unwrap().remove("evidence");
    assert_eq!(plain, without, "nothing else is different");

    // The source is gone, and its record does.
    fs::write(folder.path("report.json"), &report).unwrap();
    fs::remove_file(folder.path("seats.json")).unwrap();
    let again = folder.report(&["--evidence", "--facts", "report.json"]);
    assert_eq!(again, report);
    let gone = folder.eval(&[]);
    assert_eq!(gone.status.code(), Some(4));

    // Another set may decide otherwise, and that is said.
    folder.set(
        "component = \"mail_needed.wasm\"\nstages = [\"assignmentRequestCreated\"]",
        "component = \"say.wasm\"\nsettings = { effect = \"deny\" }",
    );
    let other = folder.eval(&["--facts", "report.json"]);
    assert_eq!(other.status.code(), Some(10));
    assert!(
        text(&other.stderr).starts_with(
            "with the facts of report.json, recorded then\n  what was decided then: approve\ndeny at"
        ),
        "{}",
        text(&other.stderr)
    );
    folder.set("rule = \"first-applicable\"", "rule = \"deny-overrides\"");

    let less = report.replace(r#","value":null}"#, r#","value":null,"#);
    for (record, says) in [
        (
            less.as_str(),
            "error[fact-record]: report.json: not a report, nor a list of lookups: key must be",
        ),
        (
            "[]",
            "error[fact-record]: policy `seats`: report.json: the record lacks the fact `seats` of \
             key `0d000001-0007-400e-a014-d13244aa029e`",
        ),
        (
            "{}",
            "error[fact-record]: report.json: not a report, nor a list of lookups: missing field",
        ),
    ] {
        fs::write(folder.path("report.json"), record).unwrap();
        let output = folder.eval(&["--facts", "report.json"]);
        assert_eq!(output.status.code(), Some(1), "{record}");
        assert_eq!(text(&output.stdout), "", "{record}");
        assert!(
            text(&output.stderr).starts_with(says),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn redacted_reports_have_digests_instead_of_texts() {
    let folder = Folder::new();
    let report = folder.report(&["--redact", "--evidence"]);
    for private in ["noor", "118 ", "bought", "0d000001-", "Contoso.Evidence"] {
        assert!(!report.contains(private), "{private} in {report}");
    }
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["redacted"], json!(true));
    // `printf %s '"noor.halvorsen@contoso.example"' | sha256sum`
    assert_eq!(
        report["evidence"]["callout"]["/assignment/target/email"],
        json!("sha256:117b503af0ccbd29dc7e923dca3e34922600792b3587f9982eeee06f2db4cebd")
    );
    fs::write(folder.path("report.json"), report.to_string()).unwrap();
    let output = folder.eval(&["--facts", "report.json"]);
    assert!(
        text(&output.stderr).starts_with("error[fact-record]: report.json: redacted: "),
        "{}",
        text(&output.stderr)
    );
    for options in [
        &["--redact"][..],
        &["--evidence"],
        &["--redact", "--explain"],
    ] {
        let output = folder.eval(options);
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert_eq!(text(&output.stdout), "", "{options:?}");
    }
}

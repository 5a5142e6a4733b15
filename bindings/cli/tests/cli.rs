//! The command line as its users see it: standard output, standard error, exit codes.

#![expect(clippy::unwrap_used, reason = "tests say what must hold by failing")]

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

use admit_tests::{Case, build_components, cases, comparable, component, corpus};
use serde_json::Value;

fn admit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_admit"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every case of the corpus: the body on standard output, or nothing; the report as JSON; the
/// exit code.
#[test]
fn eval_answers_every_case() {
    build_components();
    let cases = cases();
    let part = cases
        .len()
        .div_ceil(thread::available_parallelism().unwrap().get());
    thread::scope(|threads| {
        for part in cases.chunks(part) {
            threads.spawn(|| part.iter().for_each(eval_answers));
        }
    });
}

fn eval_answers(case: &Case) {
    let arguments = [
        "eval",
        "--set",
        path(&case.set),
        "--now",
        &case.now,
        path(&case.callout),
    ];
    let plain = admit(&arguments);
    let code = plain.status.code();
    let said = text(&plain.stderr);
    assert_eq!(code, Some(i32::from(case.exit)), "{}: {said}", case.name);
    assert!(!said.contains('\x1b'), "no colour without a terminal");
    assert!(
        said.lines().all(|line| line.chars().count() <= 80),
        "{}: {said}",
        case.name
    );

    let report = admit(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(report.status.code(), code, "{}", case.name);
    assert_eq!(text(&report.stderr), "", "{}", case.name);
    let expected = fs::read_to_string(&case.expect).unwrap();
    assert_eq!(
        comparable(text(&report.stdout).trim_end()),
        expected,
        "{}",
        case.name
    );

    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    match report.pointer("/answer/body") {
        None => assert_eq!(text(&plain.stdout), "", "{}", case.name),
        Some(body) => {
            let printed: Value = serde_json::from_slice(&plain.stdout).unwrap();
            assert_eq!(printed, *body, "{}", case.name);
            assert_eq!(text(&plain.stdout).lines().count(), 1, "{}", case.name);
        }
    }
}

/// For pasting into a workflow definition the `@` of names is doubled, and only then.
#[test]
fn eval_prints_text_for_workflows() {
    build_components();
    let case = cases()
        .into_iter()
        .find(|case| case.name == "seed-4-approval-stage")
        .unwrap();
    let arguments = [
        "eval",
        "--set",
        path(&case.set),
        "--now",
        &case.now,
        path(&case.callout),
    ];
    let plain = admit(&arguments);
    let plain = text(&plain.stdout);
    assert_eq!(plain.matches("\"@odata.type\"").count(), 2, "{plain}");
    let workflow = admit(&[&arguments[..], &["--logic-apps"]].concat());
    assert_eq!(text(&workflow.stdout), plain.replace("\"@", "\"@@"));
    let both = admit(&[&arguments[..], &["--logic-apps", "--format", "json"]].concat());
    assert_eq!(both.status.code(), Some(2), "{}", text(&both.stderr));
}

#[test]
fn eval_reads_standard_input() {
    build_components();
    let set = corpus().join("sets/seed-1-approve/admit.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_admit"))
        .args(["eval", "--set", path(&set), "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let payload = fs::read(corpus().join("cases/seed-1-approve/callout.json")).unwrap();
    child.stdin.take().unwrap().write_all(&payload).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("{\"source\":\"Contoso.SodCheckProcess\""));
}

/// Errors name the place, print nothing on standard output, and have their own codes.
#[test]
fn errors_have_their_own_exit_codes() {
    build_components();
    let set = corpus().join("sets/partners/admit.toml");
    let set = path(&set);
    let invalid = corpus().join("callouts/invalid");
    for file in fs::read_dir(&invalid).unwrap() {
        let file = file.unwrap().path();
        let output = admit(&["eval", "--set", set, path(&file)]);
        assert_eq!(output.status.code(), Some(3), "{}", file.display());
        assert_eq!(text(&output.stdout), "");
        let said = text(&output.stderr);
        let starts = format!(": {}: ", file.display());
        assert!(
            said.starts_with("error[callout-") && said.contains(&starts),
            "{said}"
        );
    }
    let good = corpus().join("callouts/01-request-created.flat.json");
    let good = path(&good);
    for (arguments, code, says) in [
        (
            vec!["eval", "--set", set, "/no/such/callout.json"],
            3,
            "error: /no/such/callout.json: cannot be read",
        ),
        (
            vec!["eval", "--set", "/no/such/admit.toml", good],
            4,
            "error[set-file]: /no/such/admit.toml: cannot be read",
        ),
        (vec!["eval", "--set", good, good], 4, "error[set]: "),
        (
            vec!["eval", "--set", set, "--now", "noon", good],
            2,
            "error: invalid value 'noon'",
        ),
        (vec!["eval", "--colour"], 2, "error: unexpected argument"),
        (vec![], 2, "Usage: admit"),
        (
            vec!["inspect", "/no/such/policy.wasm"],
            4,
            "error[policy-file]: /no/such/policy.wasm: cannot be read",
        ),
        (vec!["inspect", good], 4, "error[policy-format]: "),
        (
            vec!["schema", "admit.toml"],
            2,
            "[possible values: callout, resume, extension, set, report]",
        ),
        (
            vec!["build", "/no/such/policy"],
            4,
            "error: /no/such/policy/policy.toml",
        ),
    ] {
        let output = admit(&arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(
            said.contains(says),
            "{arguments:?}: expected {says}; found {said}"
        );
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
    }
}

#[test]
fn every_command_shows_an_example() {
    for command in ["eval", "check", "inspect", "lint", "build", "schema"] {
        let output = admit(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        let help = text(&output.stdout);
        assert!(help.contains(&format!("\n  admit {command} ")), "{help}");
    }
    let help = admit(&["--help"]);
    assert!(text(&help.stdout).contains("Exit codes:"));
}

#[test]
fn inspect_shows_what_a_policy_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mail_needed.wasm");
    let bytes = component("mail_needed");
    fs::write(&file, &bytes).unwrap();
    let output = admit(&["inspect", "--format", "json", path(&file)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let mut shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    let digest = shown["sha256"].take();
    let size = shown["size"].take();
    shown["imports"]
        .as_array_mut()
        .unwrap()
        .retain(|import| !import.as_str().unwrap().starts_with("verdict."));
    assert_eq!(
        shown,
        serde_json::json!({
            "sha256": null,
            "size": null,
            "contract": "0.1.0",
            "imports": ["target.email"],
            "importsBoundReads": true,
            "name": "mail-needed",
            "version": "0.1.0",
            "description": "Refuses access for accounts without a mail address.",
            "stages": ["assignmentRequestCreated"],
            "facts": [],
            "settingsSchema": null,
            "settings": {},
        })
    );
    assert_eq!(size, bytes.len());
    let words = admit(&["inspect", path(&file)]);
    assert!(text(&words.stdout).contains(digest.as_str().unwrap()));
}

/// Each is the committed file; without a name they are listed.
#[test]
fn schema_prints_what_is_committed() {
    let list = admit(&["schema"]);
    assert_eq!(list.status.code(), Some(0));
    let names: Vec<_> = text(&list.stdout)
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, ["callout", "resume", "extension", "set", "report"]);
    for name in names {
        let file = admit_tests::root().join(format!("docs/schemas/{name}.schema.json"));
        let output = admit(&["schema", name]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert_eq!(text(&output.stderr), "", "{name}");
        assert_eq!(
            text(&output.stdout),
            fs::read_to_string(file).unwrap(),
            "{name}: `make schemas` writes the files"
        );
    }
}

/// A policy crate outside the repository, with nothing but the SDK as a dependency.
#[test]
fn build_makes_a_component_of_a_crate_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let root = admit_tests::root();
    let example = root.join("tests/guests/mail-needed");
    let manifest = format!(
        "[package]\nname = \"mine\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\
         [dependencies]\nadmit-policy = {{ path = {:?} }}\n[workspace]\n",
        root.join("plugins/sdk")
    );
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    // The versions that this repository has locked are at hand.
    fs::copy(root.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    for file in ["src/lib.rs", "policy.toml"] {
        fs::copy(example.join(file), folder.path().join(file)).unwrap();
    }
    let output_file = folder.path().join("out.wasm");
    let output = admit(&["build", path(folder.path()), "--output", path(&output_file)]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("out.wasm: mail-needed 0.1.0, "), "{said}");

    let set = folder.path().join("admit.toml");
    fs::write(
        &set,
        "source = \"Mine\"\n[[policy]]\nid = \"mine\"\ncomponent = \"out.wasm\"\n",
    )
    .unwrap();
    let callout = corpus().join("callouts/21-service-principal-target.enveloped.json");
    let output = admit(&["eval", "--set", path(&set), path(&callout)]);
    assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
}

#[test]
fn what_does_not_build_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    let module = folder.path().join("policy.wat");
    let output_file = folder.path().join("out.wasm");
    let build = || admit(&["build", path(&module), "--output", path(&output_file)]);
    fs::write(&module, "(module (func (export \"evaluate\")))").unwrap();
    for (description, says) in [
        (None, "policy.toml"),
        (Some("name = \"x\"\nsurprise = 1\n"), "policy.toml:2:1"),
        (
            Some(
                "name = \"x\"\nversion = \"1\"\ndescription = \"x\"\nstages = [\"assignmentRequestCreated\"]\n",
            ),
            "cannot be made a policy component",
        ),
    ] {
        if let Some(description) = description {
            fs::write(&policy, description).unwrap();
        }
        let output = build();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains(says), "expected {says}; found {said}");
        assert!(!output_file.exists());
    }
}

/// Where there is no address space for the pool, instances are made one by one, and the report is
/// the same bytes, fuel and all.
#[test]
fn little_address_space_suffices() {
    build_components();
    let set = corpus().join("sets/partners/admit.toml");
    let callout = corpus().join("callouts/01-request-created.flat.json");
    let arguments = [
        "eval",
        "--set",
        path(&set),
        "--now",
        "2026-11-20T12:00:00Z",
        "--format",
        "json",
        path(&callout),
    ];
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 2000000 && exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_admit"))
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), text(&admit(&arguments).stdout));
}

/// What a payload says cannot steer the terminal.
#[test]
fn control_characters_do_not_reach_the_terminal() {
    build_components();
    let set = corpus().join("sets/partners/admit.toml");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("callout.json");
    fs::write(&file, r#"{"Stage":"\u001b[2J\nerror: fake"}"#).unwrap();
    let output = admit(&["eval", "--set", path(&set), path(&file)]);
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stderr);
    assert!(
        said.contains(r"unknown stage `\u{1b}[2J\nerror: fake`"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1);
}

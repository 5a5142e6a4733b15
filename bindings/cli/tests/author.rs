//! An author's way: `admit new`, `admit build`, `admit test`, `admit eval`, in every language.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests say what must hold by failing"
)]

use std::{
    env, fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use admit_build::Language;
use admit_tests::{component, corpus, root, tools};
use tempfile::TempDir;

/// Runs the program in a folder, with the tools that compile policies on the path.
fn admit(folder: &Path, arguments: &[&str]) -> Output {
    let path = env::var_os("PATH").unwrap();
    let path = env::join_paths(tools().into_iter().chain(env::split_paths(&path))).unwrap();
    Command::new(env!("CARGO_BIN_EXE_admit"))
        .args(arguments)
        .current_dir(folder)
        .env("PATH", path)
        // What other tests compiled is compiled.
        .env("CARGO_TARGET_DIR", root().join("target/admit-policy"))
        .env("ADMIT_CACHE", root().join("target/admit-cache"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A new policy with its interpreter, where the language has one.
fn new(language: Language, name: &str) -> TempDir {
    let home = TempDir::new().unwrap();
    let mut arguments = vec!["new", "--lang", language.as_str(), name];
    let interpreter = home.path().join("interpreter.wasm");
    if language.is_rules() {
        fs::write(&interpreter, component(language.as_str())).unwrap();
        arguments.extend(["--interpreter", interpreter.to_str().unwrap()]);
    }
    let output = admit(home.path(), &arguments);
    let expected = format!(
        "{name}: a policy in {language}; its README.md says what is where\n  cd {name}\n  admit test\n"
    );
    assert_eq!(said(&output), expected);
    assert_eq!(output.status.code(), Some(0));
    home
}

/// From nothing to an answer. The name is the author's everywhere.
fn from_nothing_to_an_answer(language: Language) {
    let home = new(language, "two-eyes");
    let folder = home.path().join("two-eyes");
    let output = admit(&folder, &["test"]);
    let all = "ok     justified\nok     no-justification\nok     not-watched\n\
               3 cases, all as expected\n";
    assert!(said(&output).ends_with(all), "{}", said(&output));
    let is_built = |line: &str| line.starts_with("two_eyes.wasm: two-eyes 0.1.0, ");
    assert!(said(&output).lines().any(is_built), "{}", said(&output));
    assert_eq!(output.status.code(), Some(0));

    let set = "tests/sets/default/admit.toml";
    let output = admit(
        &folder,
        &["eval", "--set", set, "tests/callouts/no-justification.json"],
    );
    assert_eq!(output.status.code(), Some(10), "{}", said(&output));
    let body: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(body["source"], "Contoso.TwoEyes");

    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(readme.starts_with("# two-eyes\n"), "{readme}");
    nothing_is_named(&folder, &["night-watch", "night_watch", "NightWatch"]);
}

fn nothing_is_named(folder: &Path, names: &[&str]) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nothing_is_named(&path, names);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let found = names.iter().find(|name| text.contains(*name));
            assert_eq!(found, None, "{}", path.display());
        }
    }
}

#[test]
fn rust() {
    from_nothing_to_an_answer(Language::Rust);
}

#[test]
fn c() {
    from_nothing_to_an_answer(Language::C);
}

#[test]
fn python() {
    from_nothing_to_an_answer(Language::Python);
}

#[test]
fn javascript() {
    from_nothing_to_an_answer(Language::JavaScript);
}

#[test]
fn typescript() {
    from_nothing_to_an_answer(Language::TypeScript);
}

#[test]
fn rego() {
    from_nothing_to_an_answer(Language::Rego);
}

#[test]
fn cedar() {
    from_nothing_to_an_answer(Language::Cedar);
}

/// The interpreters are in the program where they were built before it.
#[test]
fn rules_need_an_interpreter() {
    for language in [Language::Rego, Language::Cedar] {
        let home = TempDir::new().unwrap();
        let output = admit(home.path(), &["new", "--lang", language.as_str(), "mine"]);
        let vendored = home.path().join(format!("mine/vendor/{language}.wasm"));
        match output.status.code() {
            Some(0) => assert_eq!(fs::read(vendored).unwrap(), component(language.as_str())),
            code => {
                assert_eq!(code, Some(1));
                let expected = format!(
                    "error: this program was built without the stock policy `{language}`; `make cli` in \
                     the sources builds one that has it, or name the file: --interpreter {language}.wasm\n"
                );
                assert_eq!(said(&output), expected);
                assert!(!home.path().join("mine").exists());
            }
        }
    }
}

#[test]
fn what_is_there_is_left_alone() {
    let home = TempDir::new().unwrap();
    fs::create_dir(home.path().join("mine")).unwrap();
    fs::write(home.path().join("mine/notes"), "mine").unwrap();
    for (name, problem) in [
        ("mine", "mine: cannot be written: "),
        (
            "Mine",
            "the name `Mine` is not 1 to 64 of a-z, 0-9 and `-`, beginning with a letter",
        ),
        ("2fa", "the name `2fa` is not "),
        ("self", "the name `self` is a word of Rust's own"),
        ("../mine", "the name `../mine` is not "),
    ] {
        let output = admit(home.path(), &["new", "--lang", "rust", name]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(
            said(&output).starts_with(&format!("error: {problem}")),
            "{}",
            said(&output)
        );
    }
    let left: Vec<_> = fs::read_dir(home.path().join("mine")).unwrap().collect();
    assert_eq!(left.len(), 1);
    let output = admit(home.path(), &["new", "--lang", "cobol", "mine"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output)
            .contains("[possible values: rust, c, javascript, typescript, python, rego, cedar]"),
        "{}",
        said(&output)
    );
}

/// What the rules say wrong is shown when they are built, also where the set has yet to give settings.
#[test]
fn rules_are_read_when_they_are_built() {
    let home = new(Language::Rego, "mine");
    let folder = home.path().join("mine");
    let rules = folder.join("access.rego");
    let text = fs::read_to_string(&rules).unwrap();
    fs::write(&rules, text.replace("not justified", "not justifid")).unwrap();
    let output = admit(&folder, &["build"]);
    assert_eq!(
        said(&output),
        "error[policy-settings]: policy `mine`: settings: refused its settings: access.rego:9:6: use of \
         undefined variable `justifid` is unsafe\n  9 |  not justifid\n    |      ^\n"
    );
    assert_eq!(output.status.code(), Some(4));
    assert!(!folder.join("mine.wasm").exists());

    // What the policy brings is the policy's.
    fs::write(&rules, text).unwrap();
    assert_eq!(admit(&folder, &["build"]).status.code(), Some(0));
    let set = folder.join("tests/sets/default/admit.toml");
    let text = fs::read_to_string(&set).unwrap();
    fs::write(
        &set,
        text + "[policy.settings.modules]\n\"mine.rego\" = \"package admit\"\n",
    )
    .unwrap();
    let output = admit(
        &folder,
        &["check", "--set", "tests/sets/default/admit.toml"],
    );
    assert_eq!(output.status.code(), Some(4));
    let problem = "the policy brings `modules` itself; a set cannot change it";
    let shown = std::str::from_utf8(&output.stdout).unwrap();
    assert!(shown.contains(problem), "{shown}");

    // Whoever reads the component reads the rules.
    let output = admit(&folder, &["inspect", "mine.wasm"]);
    let shown = std::str::from_utf8(&output.stdout).unwrap();
    assert!(
        shown.contains("\nbrings modules: access.rego\npackage admit\n"),
        "{shown}"
    );
}

#[test]
fn rules_fit_their_interpreter() {
    let home = new(Language::Cedar, "mine");
    let folder = home.path().join("mine");
    let builds = |problem: &str| {
        let output = admit(&folder, &["build"]);
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert!(said(&output).contains(problem), "{}", said(&output));
    };
    fs::write(folder.join("settings.schema.json"), "{}").unwrap();
    builds("a policy in cedar has no settings of its own; take settings.schema.json out");
    fs::remove_file(folder.join("settings.schema.json")).unwrap();

    let description = folder.join("policy.toml");
    let text = fs::read_to_string(&description).unwrap();
    fs::write(&description, text.clone() + "policies = {}\n").unwrap();
    builds(
        "`policies` of [settings] in policy.toml is what the files of the folder give; take it out",
    );
    fs::write(&description, text).unwrap();

    fs::write(folder.join("vendor/cedar.wasm"), component("rego")).unwrap();
    builds("vendor/cedar.wasm: not the stock policy `cedar`, but `rego`");
    fs::remove_file(folder.join("vendor/cedar.wasm")).unwrap();
    builds("vendor/cedar.wasm: there is no such file; it is the stock policy `cedar`");
}

/// A rule that is left out could be one that denies.
#[test]
fn no_rule_is_left_out() {
    let home = new(Language::Rego, "mine");
    let folder = home.path().join("mine");
    let builds = |problem: &str| {
        let output = admit(&folder, &["build"]);
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert!(said(&output).contains(problem), "{}", said(&output));
    };
    fs::create_dir_all(folder.join("rules/more")).unwrap();
    let below = folder.join("rules/more/deny.rego");
    fs::write(&below, "package admit").unwrap();
    builds("rules/more/deny.rego: rules stand in the policy's own folder, not below it");
    fs::remove_file(below).unwrap();

    std::os::unix::fs::symlink("nowhere", folder.join("deny.rego")).unwrap();
    builds("deny.rego: No such file or directory");
    fs::remove_file(folder.join("deny.rego")).unwrap();
    fs::create_dir(folder.join("deny.rego")).unwrap();
    builds("deny.rego: not a file, and its name ends in .rego");
    fs::remove_dir(folder.join("deny.rego")).unwrap();
    fs::write(folder.join("my rules.rego"), "package admit").unwrap();
    builds(
        "my rules.rego: a file of rules has a name of at most 100 letters, without blanks and colons",
    );
    fs::remove_file(folder.join("my rules.rego")).unwrap();

    let data = folder.join("data.json");
    std::os::unix::fs::symlink("nowhere", &data).unwrap();
    builds("data.json: No such file or directory");
    fs::remove_file(&data).unwrap();
    fs::write(&data, r#"{"packages": ["x"], "packages": []}"#).unwrap();
    builds("data.json: not JSON: `packages` stands there twice");
    fs::remove_file(&data).unwrap();

    // What a schema refers to is found in it, wherever it is put.
    let schema = folder.join("settings.schema.json");
    let own = r##"{"type": "object", "properties": {"packages": {"$ref": "#/$defs/ids"}},
        "$defs": {"ids": {"type": "array"}}, "required": ["packages"]}"##;
    fs::write(schema, own).unwrap();
    assert_eq!(admit(&folder, &["test"]).status.code(), Some(0));
    let set = folder.join("tests/sets/default/admit.toml");
    let text = fs::read_to_string(&set).unwrap();
    fs::write(&set, text.replace("packages = [", "packages = 1 # [")).unwrap();
    let output = admit(&folder, &["test"]);
    let problem =
        "settings/data/packages: do not fit the policy's schema: 1 is not of type \"array\"";
    assert!(said(&output).contains(problem), "{}", said(&output));

    let cedar = new(Language::Cedar, "mine");
    let folder = cedar.path().join("mine");
    fs::write(folder.join("admit.cedarschema"), "").unwrap();
    let output = admit(&folder, &["build"]);
    let problem = "admit.cedarschema: is not read; the file is called policy.cedarschema";
    assert!(said(&output).contains(problem), "{}", said(&output));
}

/// The corpus of this repository is one of cases, too.
#[test]
fn cases_of_any_folder_run() {
    component("say");
    let folder = corpus();
    let output = admit(&folder, &["test", "--case", "partners-0"]);
    let said_of = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said_of}");
    assert!(said_of.ends_with("9 cases, all as expected\n"), "{said_of}");
}

#[test]
fn what_is_not_as_expected_is_shown() {
    let home = new(Language::Rego, "mine");
    let folder = home.path().join("mine");
    let case = folder.join("tests/cases/no-justification");
    let expect = case.join("expect.json");
    let text = fs::read_to_string(&expect).unwrap();
    let wrong = text.replace("\"state\": \"denied\"", "\"state\": \"canceled\"");
    assert_ne!(text, wrong);
    fs::write(&expect, &wrong).unwrap();
    let description = case.join("case.toml");
    let case_text = fs::read_to_string(&description).unwrap();
    fs::write(&description, case_text.replace("exit = 10", "exit = 11")).unwrap();
    let output = admit(&folder, &["test", "--case", "no-just"]);
    let shown = "FAILED no-justification\n  \
                 exit code: 11 in case.toml, 10 found\n  \
                 answer: - is expected, + was found\n  \
                 @@ -6,5 +6,5 @@\n         \
                 \"customExtensionStageInstanceId\": \"c0de0001-0002-4009-a00f-cf61f18d0e87\",\n         \
                 \"stage\": \"assignmentRequestCreated\",\n  \
                 -      \"state\": \"canceled\"\n  \
                 +      \"state\": \"denied\"\n       \
                 },\n       \
                 \"source\": \"Contoso.Mine\",\n\
                 1 case, 1 not as expected\n";
    assert!(said(&output).ends_with(shown), "{}", said(&output));
    assert_eq!(output.status.code(), Some(5));

    // Blessing writes the members that were there, and no others.
    fs::write(&description, case_text).unwrap();
    assert_eq!(admit(&folder, &["test", "--bless"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&expect).unwrap(), text);

    // An expectation of nothing, or of what no report has, is none.
    for (nothing, problem) in [
        ("{}", "expects nothing; take it away and --bless writes it"),
        (r#"{"decison": {}}"#, "a report has no member `decison`"),
    ] {
        fs::write(&expect, nothing).unwrap();
        for arguments in [&["test"][..], &["test", "--bless"]] {
            let output = admit(&folder, arguments);
            assert_eq!(output.status.code(), Some(5));
            assert!(said(&output).contains(problem), "{}", said(&output));
        }
    }

    fs::remove_file(&expect).unwrap();
    let output = admit(&folder, &["test", "--case", "no-just"]);
    assert!(
        said(&output)
            .contains("no-justification/expect.json: there is no such file; --bless writes it"),
        "{}",
        said(&output)
    );
    let output = admit(&folder, &["test", "--case", "nothing-like-it"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("there is no case with `nothing-like-it` in its name"));
}

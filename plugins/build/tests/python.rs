//! Building policies in Python with the tool that the example pins, and the SDK that they stand on.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use admit_build::{Built, Error, Options, build};
use tempfile::TempDir;
use wasmparser::{Parser, Payload};

const DESCRIPTION: &str = r#"name = "night-watch"
version = "0.1.0"
description = "Watched packages need a justification."
stages = ["assignmentRequestCreated"]
"#;

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A tool that `make policy-tools` installs.
fn tool(name: &str) -> PathBuf {
    let tool = root().join("target/policy-tools/python/bin").join(name);
    assert!(
        tool.is_file(),
        "{} is missing: run `make policy-tools`",
        tool.display()
    );
    tool
}

fn options() -> Options {
    Options {
        tools: vec![tool("componentize-py").parent().unwrap().into()],
        ..Options::default()
    }
}

/// Copies a folder with what is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The example with its SDK, as an author has them.
fn example() -> TempDir {
    let home = TempDir::new().unwrap();
    let folder = home.path();
    copy(&root().join("plugins/examples/python"), folder);
    copy(
        &root().join("plugins/languages/python"),
        &folder.join("vendor"),
    );
    fs::copy(
        root().join("plugins/wit/policy.wit"),
        folder.join("vendor/policy.wit"),
    )
    .unwrap();
    fs::write(folder.join("policy.toml"), DESCRIPTION).unwrap();
    home
}

/// Every file of a folder, and every link.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.insert(entry.path());
        }
    }
    found
}

#[test]
fn the_example_becomes_a_component_and_its_folder_stays_as_it_is() {
    let home = example();
    // A package of the policy's own, and what is none of its business.
    for (file, text) in [
        ("rules/__init__.py", "from admit_policy import deny\n"),
        ("rules/vendor/__init__.py", "from .tests import names\n"),
        ("rules/vendor/tests/names.py", "NAMES = []\n"),
        (".venv/lib/rules.py", "raise SystemExit\n"),
        ("tests/broken.py", "def\n"),
    ] {
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut imports = "import rules.vendor\n".to_owned();
    // Links that lead upwards are followed nowhere, one that leads beside is.
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;

        for (to, link) in [
            ("..", "rules/up"),
            ("../..", "rules/vendor/top"),
            ("..", "rules/vendor/up"),
            (".", "rules/vendor/here"),
            ("rules/vendor", "shared"),
        ] {
            symlink(to, home.path().join(link)).unwrap();
        }
        imports += "import shared.tests.names\n";
    }
    let policy = home.path().join("policy.py");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, format!("{imports}{text}")).unwrap();

    let before = files(home.path());
    let Built {
        component,
        metadata,
    } = build(home.path(), &options()).unwrap();
    assert_eq!(metadata.name, "night-watch");
    assert_eq!(files(home.path()), before);

    let mut imports = BTreeSet::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(&component) {
        match payload.unwrap() {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| import.unwrap().name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    assert!(
        imports.contains("admit:policy/verdict@0.1.0"),
        "{imports:?}"
    );
    assert!(
        imports.iter().all(|name| name.starts_with("admit:policy/")),
        "{imports:?}"
    );
}

/// Builds the example with another text at its end in a process of its own, for what is said there.
fn build_with(text: &str) -> Output {
    let home = example();
    let policy = home.path().join("policy.py");
    let before = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, format!("{before}{text}\n")).unwrap();
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", "apart::builds"])
        .env("ADMIT_TEST_FOLDER", home.path())
        .env("VIRTUAL_ENV", root().join("target/policy-tools/python"))
        .output()
        .unwrap()
}

/// What tests run in a process of its own: to see what it says, or with another environment.
mod apart {
    use super::{Error, Options, Path, build, env, options};

    fn folder() -> String {
        env::var("ADMIT_TEST_FOLDER").unwrap()
    }

    #[test]
    #[ignore = "run by other tests"]
    fn builds() {
        let path = Path::new(&folder()).join("policy.py");
        match build(Path::new(&folder()), &options()) {
            Err(Error::Compile { path: told }) => assert_eq!(told, path),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    #[ignore = "run by other tests"]
    fn lacks_the_tool() {
        let folder = folder();
        match build(Path::new(&folder), &Options::default()) {
            Err(Error::Toolchain(told)) => assert_eq!(
                told,
                format!(
                    "`componentize-py` is missing; policies are built with componentize-py 0.25.1: run \
                     `python3 -m venv .venv && .venv/bin/pip install --require-hashes --requirement \
                     requirements.txt` in {folder}"
                )
            ),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_does_not_compile_is_told_with_its_place() {
    for (text, expected) in [
        ("def evaluate(:", "File \"policy.py\", line 22\n"),
        // What is loaded now would be frozen into the component.
        (
            "import time\nnow = time.time()",
            "RuntimeError: a policy has no clock: take the instant from `callout.now`\n",
        ),
        // It is installed where the tool is, and no part of the policy.
        (
            "import mypy_extensions",
            "No module named 'mypy_extensions'\n",
        ),
    ] {
        let output = build_with(text);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{text}: {told}");
        assert!(told.contains(expected), "{text}: {told}");
        assert!(!told.contains("Caused by"), "{text}: {told}");
    }
}

#[test]
fn a_missing_tool_is_told_with_the_command_that_gets_it() {
    let home = example();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--ignored", "apart::lacks_the_tool"])
        .env("ADMIT_TEST_FOLDER", home.path())
        .env("PATH", home.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_tool_of_another_version_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = example();
    let fake = home.path().join(".venv/bin/componentize-py");
    fs::create_dir_all(fake.parent().unwrap()).unwrap();
    for (says, expected) in [
        (
            "componentize-py 0.24.0",
            "is version 0.24.0; policies are built with",
        ),
        ("usage", "does not say its version; policies are built with"),
    ] {
        fs::write(&fake, format!("#!/bin/sh\necho '{says}'\n")).unwrap();
        fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
        match build(home.path(), &options()) {
            Err(Error::Toolchain(told)) => assert!(told.contains(expected), "{told}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_folder_without_its_sdk_is_refused() {
    for file in ["vendor/policy.wit", "vendor/admit_policy/_component.py"] {
        let home = example();
        let path = home.path().join(file);
        fs::remove_file(&path).unwrap();
        match build(home.path(), &options()) {
            Err(Error::Source { path: told, detail }) => {
                assert_eq!(told, path);
                assert!(detail.contains("`vendor` holds the SDK"), "{detail}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A command on the SDK's sources, which leaves nothing beside them.
fn on_the_sdk(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(tool(program));
    command
        .current_dir(folder)
        .env("PYTHONPATH", root().join("plugins/languages/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn assert_success(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_sdk_does_what_it_says() {
    let tests = root().join("plugins/build/tests/python");
    assert_success(on_the_sdk("python", &tests).args(["-m", "unittest", "--quiet", "test_sdk"]));
}

#[test]
fn the_unit_test_of_the_example_passes() {
    let example = root().join("plugins/examples/python");
    assert_success(on_the_sdk("python", &example).args(["-m", "unittest", "--quiet"]));
}

/// The strictest of type checkers takes the SDK, the example, the guest and the tests.
#[test]
fn types_are_right() {
    let home = TempDir::new().unwrap();
    let contract = home.path().join("contract");
    assert_success(
        Command::new(tool("componentize-py"))
            .args(["--quiet", "--world", "policy", "--wit-path"])
            .arg(root().join("plugins/wit/policy.wit"))
            .arg("bindings")
            .arg(&contract),
    );
    let example = root().join("plugins/examples/python");
    let sdk = root().join("plugins/languages/python");
    let path = env::join_paths([&sdk, &contract, &example]).unwrap();
    for (folder, what) in [
        (
            "plugins/examples/python",
            ["--package=admit_policy", "--module=test_policy"],
        ),
        ("plugins/build/tests/python", ["test_sdk.py", "--pretty"]),
        ("tests/guests/conformance/python", ["policy.py", "--pretty"]),
    ] {
        assert_success(
            on_the_sdk("mypy", &root().join(folder))
                .args(["--strict", "--cache-dir"])
                .arg(home.path().join("cache"))
                .args(what)
                .env("MYPYPATH", &path),
        );
    }
}

//! Building policies in C and C++ with the real compiler.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use admit_build::{Error, Options, build};
use admit_wit::Metadata;
use tempfile::TempDir;
use wasmparser::{Parser, Payload};

const DESCRIPTION: &str = r#"name = "night-watch"
version = "0.1.0"
description = "Watched packages need a justification."
stages = ["assignmentRequestCreated"]
"#;

/// A policy but for what it does.
const HEAD: &str = r#"#include "admit_policy.h"
admit_configured configure(void) { return admit_ready(); }
"#;

fn repository() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    repository.canonicalize().unwrap()
}

fn tools() -> PathBuf {
    let tools = repository().join("target/policy-tools/c/bin");
    assert!(
        tools.join("python-zig").is_file(),
        "{} has no zig: `make policy-tools`",
        tools.display()
    );
    tools
}

fn options() -> Options {
    Options {
        tools: vec![tools()],
        ..Options::default()
    }
}

/// A policy's folder with these files, and `vendor/`.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let vendor = folder.path().join("vendor");
    fs::create_dir(&vendor).unwrap();
    for file in fs::read_dir(repository().join("plugins/languages/c")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), vendor.join(file.file_name())).unwrap();
    }
    for (name, text) in [&[("policy.toml", DESCRIPTION)], files].concat() {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn example() -> String {
    fs::read_to_string(repository().join("plugins/examples/c/policy.c")).unwrap()
}

/// Names of the component's imports, and pages of its memories.
fn survey(component: &[u8]) -> (BTreeSet<String>, Vec<u64>) {
    let mut imports = BTreeSet::new();
    let mut pages = Vec::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ComponentImportSection(section) => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| import.unwrap().name.name.to_owned()),
                );
            }
            Payload::MemorySection(section) => {
                pages.extend(section.into_iter().map(|memory| memory.unwrap().initial));
            }
            _ => {}
        }
    }
    (imports, pages)
}

fn of_contract(names: &[&str]) -> BTreeSet<String> {
    (names.iter())
        .map(|name| format!("admit:policy/{name}@0.1.0"))
        .collect()
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path)),
        }
    }
    found
}

#[test]
fn the_example_becomes_a_small_component_and_leaves_nothing() {
    let home = folder(&[("policy.c", &example())]);
    let before = files(home.path());
    let built = build(home.path(), &options()).unwrap();
    assert_eq!(Metadata::read(&built.component), Ok(built.metadata));
    let (imports, pages) = survey(&built.component);
    let expected = ["access-package", "answers", "log", "settings", "verdict"];
    assert_eq!(imports, of_contract(&expected));
    assert_eq!(pages, [1]);
    let size = built.component.len();
    assert!(size < 12_000, "{size} bytes");
    assert_eq!(files(home.path()), before);
}

#[test]
fn the_conformance_guest_is_a_policy() {
    let guest = repository().join("tests/guests/conformance/c");
    let home = folder(&[]);
    for file in files(&guest) {
        fs::copy(&file, home.path().join(file.file_name().unwrap())).unwrap();
    }
    let built = build(home.path(), &options()).unwrap();
    assert_eq!(built.metadata.name, "conformance-c");
    assert_eq!(survey(&built.component).1, [1]);
}

#[test]
fn the_same_source_gives_the_same_bytes_elsewhere() {
    // `assert` puts the name of the file into the module.
    let source = format!(
        "{HEAD}#include <assert.h>\nadmit_verdict evaluate(void) {{\n    \
         assert(admit_answers_count() < 7);\n    return admit_abstain(\"few\", \"\");\n}}\n"
    );
    let made = ["policy.c", "policy.cpp"].map(|name| {
        let home = folder(&[(name, &source)]);
        let first = build(home.path(), &options()).unwrap().component;
        let elsewhere = folder(&[]);
        let moved = elsewhere.path().join("a longer name");
        fs::rename(home.path(), &moved).unwrap();
        let second = build(&moved, &options()).unwrap().component;
        assert!(first == second, "{name}");
        first
    });
    for component in made {
        let text = String::from_utf8_lossy(&component);
        assert!(text.contains("policy.c"));
        assert!(!text.contains(env::temp_dir().to_str().unwrap()));
        assert!(!text.contains(repository().to_str().unwrap()));
    }
}

#[test]
fn several_files_of_c_plus_plus_become_one_policy() {
    let home = folder(&[
        (
            "policy.cpp",
            r#"#include "admit_policy.h"
#include <algorithm>
#include <string>
#include <vector>

std::string greeting(std::string_view name);

static std::vector<std::string> packages;

admit_configured configure() {
    admit_list list = admit_settings_guids("/packages");
    for (size_t index = 0; index < list.length; index++) packages.emplace_back(admit_view(list.items[index]));
    return admit_ready();
}

admit_verdict evaluate() {
    admit_text package, name;
    if (!admit_access_package_id(&package)) return admit_deny("no-package", "");
    if (std::find(packages.begin(), packages.end(), admit_view(package)) == packages.end()) return admit_abstain("other", "");
    if (!admit_requestor_display_name(&name)) return admit_fault("no name");
    return admit_approve("watched", admit_str(greeting(admit_view(name))));
}
"#,
        ),
        (
            "greeting.cpp",
            "#include <string>\n#include <string_view>\n\
             std::string greeting(std::string_view name) { return \"Hello, \" + std::string(name); }\n",
        ),
    ]);
    let (imports, pages) = survey(&build(home.path(), &options()).unwrap().component);
    let expected = ["access-package", "log", "requestor", "settings", "verdict"];
    assert_eq!(imports, of_contract(&expected));
    assert_eq!(pages, [1]);
}

#[test]
fn what_cannot_be_a_verdict_does_not_compile() {
    for (name, evaluate) in [
        ("policy.c", "admit_verdict evaluate(void) { return 1; }"),
        ("policy.c", "admit_verdict evaluate(void) {}"),
        ("policy.cpp", "admit_verdict evaluate() {}"),
        ("policy.c", "void evaluate(void) {}"),
        (
            "policy.c",
            "admit_verdict evaluate(void) { admit_deny(\"no\", \"\"); return admit_approve(\"yes\", \"\"); }",
        ),
        (
            "policy.cpp",
            "admit_verdict evaluate() { admit_deny(\"no\", \"\"); return admit_approve(\"yes\", \"\"); }",
        ),
        // A setting that is read whether or not it is there.
        (
            "policy.c",
            "admit_verdict evaluate(void) { bool open; admit_settings_flag(\"/open\", &open); \
             return open ? admit_approve(\"yes\", \"\") : admit_deny(\"no\", \"\"); }",
        ),
        // And so with what the SDK itself reads.
        (
            "policy.c",
            "admit_verdict evaluate(void) { admit_list all; \
             admit_facts_texts(\"held\", admit_str(\"a\"), \"\", &all); \
             return all.length > 0 ? admit_approve(\"yes\", \"\") : admit_deny(\"no\", \"\"); }",
        ),
        (
            "policy.cpp",
            "admit_verdict evaluate() { admit_list all; \
             admit_facts_guids(\"held\", admit_str(\"a\"), \"\", &all); \
             return all.length > 0 ? admit_approve(\"yes\", \"\") : admit_deny(\"no\", \"\"); }",
        ),
        (
            "policy.c",
            "admit_verdict evaluate(void) { admit_text why; admit_answers_to(\"Why?\", &why); \
             return why.len > 0 ? admit_approve(\"yes\", \"\") : admit_deny(\"no\", \"\"); }",
        ),
        // The time of the build.
        (
            "policy.c",
            "admit_verdict evaluate(void) { return admit_approve(\"built\", __TIME__); }",
        ),
    ] {
        let home = folder(&[(name, &format!("{HEAD}{evaluate}\n"))]);
        match build(home.path(), &options()) {
            Err(Error::Compile { path }) => assert_eq!(path, home.path().join(name)),
            other => panic!("{evaluate}: {other:?}"),
        }
    }
}

#[test]
fn a_folder_without_its_vendored_files_is_told_how_to_get_them() {
    let home = folder(&[("policy.c", &example())]);
    fs::remove_dir_all(home.path().join("vendor")).unwrap();
    let error = build(home.path(), &options()).unwrap_err();
    assert!(matches!(&error, Error::Source { path, .. } if path == home.path()));
    let text = error.to_string();
    assert!(
        text.contains("`vendor/admit_policy.h` is missing; copy `vendor` from a folder that `admit new --lang c NAME` made"),
        "{text}"
    );
}

/// The command that a message gives.
fn command(message: &str) -> &str {
    let (before, _) = message.rsplit_once('`').unwrap();
    before.rsplit_once('`').unwrap().1
}

#[test]
fn a_zig_of_another_version_is_not_taken() {
    let home = folder(&[("policy.c", &example())]);
    let bin = home.path().join(".venv/bin");
    fs::create_dir_all(&bin).unwrap();
    let zig = bin.join("python-zig");
    fs::write(&zig, "#!/bin/sh\necho 0.1.2\n").unwrap();
    fs::set_permissions(&zig, fs::Permissions::from_mode(0o755)).unwrap();
    let error = build(home.path(), &options()).unwrap_err();
    assert!(matches!(error, Error::Toolchain(_)), "{error}");
    let text = error.to_string();
    assert!(
        text.contains(
            ".venv/bin/python-zig` is zig 0.1.2; policies in C and C++ are compiled with zig 0.17.1"
        ),
        "{text}"
    );
    // It is the command of the example's README.
    let readme = fs::read_to_string(repository().join("plugins/examples/c/README.md")).unwrap();
    assert!(
        readme.contains(&format!("$ {}\n", command(&text))),
        "{text}"
    );
}

/// Set in the process of [`without_tools`] that has none.
const ALONE: &str = "ADMIT_TEST_WITHOUT_TOOLS";

/// Runs itself with an empty path, since the environment of a process is not to be changed.
#[test]
fn without_tools() {
    if env::var_os(ALONE).is_none() {
        let status = Command::new(env::current_exe().unwrap())
            .args(["--exact", "without_tools"])
            .env(ALONE, "1")
            .env("PATH", "")
            .env_remove("WASI_SDK_PATH")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let home = folder(&[("policy.c", &example())]);
    let error = build(home.path(), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::Toolchain(_)), "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with("zig is missing; policies in C and C++ are compiled with zig 0.17.1"),
        "{text}"
    );
    assert!(text.contains(home.path().to_str().unwrap()), "{text}");
    assert!(command(&text).ends_with("--requirement requirements.txt"));
}

/// Set in the process of [`a_wasi_sdk_serves_where_there_is_no_zig`] that has one.
const WITH_SDK: &str = "ADMIT_TEST_WITH_SDK";

/// The SDK is zig under another name, which stops at flags that are for linkers of other compilers.
#[test]
fn a_wasi_sdk_serves_where_there_is_no_zig() {
    if env::var_os(WITH_SDK).is_none() {
        let sdk = TempDir::new().unwrap();
        fs::create_dir(sdk.path().join("bin")).unwrap();
        for (name, command) in [("clang", "cc"), ("clang++", "c++")] {
            let clang = sdk.path().join("bin").join(name);
            let zig = tools().join("python-zig");
            let script = format!(
                "#!/bin/sh\n[ \"$1\" = -Wl,--stack-first ] || exit 1\nshift\nexec '{}' {command} \"$@\"\n",
                zig.display()
            );
            fs::write(&clang, script).unwrap();
            fs::set_permissions(&clang, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let status = Command::new(env::current_exe().unwrap())
            .args(["--exact", "a_wasi_sdk_serves_where_there_is_no_zig"])
            .env(WITH_SDK, "1")
            .env("PATH", "")
            .env("WASI_SDK_PATH", sdk.path())
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    for name in ["policy.c", "policy.cpp"] {
        let home = folder(&[(name, &example())]);
        let with_sdk = build(home.path(), &Options::default()).unwrap();
        let with_zig = build(home.path(), &options()).unwrap();
        assert!(with_sdk.component == with_zig.component, "{name}");
    }
}

/// A module of the libraries of C, which import WASI for their output, for time and for variables.
#[test]
fn a_module_with_wasi_becomes_a_policy_without() {
    let home = folder(&[(
        "source.c",
        r#"#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "policy.h"

bool exports_policy_configure(policy_string_t *error) {
    (void)error;
    return true;
}

bool exports_policy_evaluate(policy_string_t *error) {
    (void)error;
    policy_string_t code, detail;
    printf("%s %f\n", getenv("HOME"), difftime(time(NULL), 0));
    policy_string_set(&code, "printed");
    policy_string_set(&detail, "");
    admit_verdict_abstain(&code, &detail);
    return true;
}
"#,
    )]);
    let module = home.path().join("source.wasm");
    let status = Command::new(tools().join("python-zig"))
        .args(["cc", "--target=wasm32-wasi", "-mexec-model=reactor", "-Os"])
        .args(["-Ivendor", "source.c", "vendor/policy.c", "-o"])
        .arg(&module)
        .current_dir(home.path())
        .status()
        .unwrap();
    assert!(status.success());
    let wasi = Parser::new(0)
        .parse_all(&fs::read(&module).unwrap())
        .filter_map(|payload| match payload.unwrap() {
            Payload::ImportSection(section) => Some(section),
            _ => None,
        })
        .flat_map(|section| section.into_imports().map(Result::unwrap))
        .filter(|import| import.module == "wasi_snapshot_preview1")
        .map(|import| import.name.to_owned())
        .collect::<BTreeSet<_>>();
    for name in ["clock_time_get", "environ_sizes_get", "fd_write"] {
        assert!(wasi.contains(name), "{wasi:?}");
    }
    let built = build(&module, &options()).unwrap();
    assert_eq!(survey(&built.component).0, of_contract(&["verdict"]));
}

//! Building policies in JavaScript and TypeScript, and their SDK.

#![expect(
    clippy::unwrap_used,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use admit_build::{Built, Error, Options, build};
use admit_wit::Metadata;
use tempfile::TempDir;
use wasmparser::{Parser, Payload};

const DESCRIPTION: &str = "name = \"night-watch\"\nversion = \"0.1.0\"\ndescription = \"Watches.\"\n\
                           stages = [\"assignmentRequestCreated\"]\n";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The pinned tools.
fn tools() -> PathBuf {
    let tools = repository().join("target/policy-tools/javascript/node_modules/.bin");
    assert!(
        tools.join("componentize-qjs").exists(),
        "the tools for JavaScript are missing: run `make policy-tools`"
    );
    tools
}

fn options() -> Options {
    Options {
        quiet: true,
        tools: vec![tools()],
        ..Options::default()
    }
}

/// A folder of the repository as its author has it: with the SDK beside it.
fn folder(of: &str) -> TempDir {
    let home = TempDir::new().unwrap();
    copy(&repository().join(of), home.path());
    let vendor = home.path().join("vendor");
    fs::create_dir(&vendor).unwrap();
    copy(&repository().join("plugins/languages/javascript"), &vendor);
    fs::write(vendor.join("policy.wit"), admit_wit::POLICY_WIT).unwrap();
    if !home.path().join("policy.toml").exists() {
        fs::write(home.path().join("policy.toml"), DESCRIPTION).unwrap();
    }
    home
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// The example in JavaScript with another source.
fn policy(source: &str) -> TempDir {
    let home = folder("plugins/examples/javascript");
    fs::write(home.path().join("policy.js"), source).unwrap();
    home
}

/// Every file of a folder, and what it holds.
fn files(folder: &Path) -> BTreeSet<(PathBuf, Vec<u8>)> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert((path, bytes));
        }
    }
    found
}

/// The interfaces that a component imports.
fn imports(component: &[u8]) -> BTreeSet<String> {
    let mut depth = 0;
    let mut found = BTreeSet::new();
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                found.extend(
                    section
                        .into_iter()
                        .map(|it| it.unwrap().name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn examples_and_guests_become_components_of_the_contract() {
    let contract: BTreeSet<_> = admit_wit::interfaces()
        .iter()
        .map(|name| format!("admit:policy/{name}@{}", admit_wit::CONTRACT_VERSION))
        .collect();
    for of in [
        "plugins/examples/javascript",
        "plugins/examples/typescript",
        "tests/guests/conformance/javascript",
        "tests/guests/conformance/typescript",
    ] {
        let home = folder(of);
        let before = files(home.path());
        let Built {
            component,
            metadata,
        } = build(home.path(), &options()).unwrap();
        assert_eq!(Metadata::read(&component), Ok(metadata), "{of}");
        assert_eq!(imports(&component), contract, "{of}");
        assert!(
            component.len() < 2_000_000,
            "{of}: {} bytes",
            component.len()
        );
        assert_eq!(files(home.path()), before, "{of}: the folder is as it was");
        for place in [home.path(), &env::temp_dir()] {
            let place = place.to_str().unwrap();
            assert!(!holds(&component, place), "{of}: it holds {place}");
        }
    }
}

#[test]
fn a_policy_may_have_modules_data_and_packages() {
    let home = policy(
        "import { approve, policy } from 'admit-policy';\n\
         import { code } from './codes.js';\n\
         import names from './names.json';\n\
         import { shout } from 'shout';\n\
         export default policy({ evaluate: () => approve(code, shout(names.detail)) });\n",
    );
    let package = home.path().join("node_modules/shout");
    fs::create_dir_all(&package).unwrap();
    fs::write(package.join("package.json"), r#"{"main":"shout.js"}"#).unwrap();
    let shout = "exports.shout = (text) => `of-a-package: ${text}!`;";
    fs::write(package.join("shout.js"), shout).unwrap();
    fs::write(
        home.path().join("codes.js"),
        "export const code = 'of-a-module';",
    )
    .unwrap();
    fs::write(
        home.path().join("names.json"),
        r#"{"detail":"Of a data file."}"#,
    )
    .unwrap();
    let built = build(home.path(), &options()).unwrap();
    for text in ["of-a-module", "Of a data file.", "of-a-package"] {
        assert!(holds(&built.component, text), "{text}");
    }
}

#[test]
fn what_does_not_compile_is_named() {
    const POLICY: &str = "import { approve, policy } from 'admit-policy';\n";
    for source in [
        "export default policy({".to_owned(),
        "import { policy } from './other.js';".to_owned(),
        "import fs from 'node:fs';\nexport default fs;".to_owned(),
        format!("{POLICY}import {{ now }} from 'wasi:clocks/wall-clock@0.2.0';\nnow();"),
        // The default export is missing, or no policy.
        format!("{POLICY}policy({{ evaluate: () => approve('fine') }});"),
        "export default { configure() {}, evaluate() {} };".to_owned(),
        "export default function evaluate() {}".to_owned(),
        // Modules run while the policy is built.
        format!("{POLICY}export default policy({{ evalute: () => approve('fine') }});"),
        format!(
            "{POLICY}const built = Date.now();\n\
             export default policy({{ evaluate: () => approve('fine', `${{built}}`) }});"
        ),
    ] {
        let home = policy(&source);
        match build(home.path(), &options()) {
            Err(Error::Compile { path }) => assert_eq!(path, home.path().join("policy.js")),
            other => panic!("{source}: {other:?}"),
        }
    }
}

/// The clock is gone before a module of the policy runs, even one that it imports before the SDK.
#[test]
fn the_sdk_comes_first() {
    let home = policy(
        "import { built } from './built.js';\n\
         import { approve, policy } from 'admit-policy';\n\
         export default policy({ evaluate: () => approve('fine', `${built}`) });\n",
    );
    let file = home.path().join("built.js");
    fs::write(&file, "export const built = Math.random();").unwrap();
    let error = build(home.path(), &options()).unwrap_err();
    assert!(matches!(error, Error::Compile { .. }), "{error}");
    fs::write(&file, "export const built = Math.PI;").unwrap();
    build(home.path(), &options()).unwrap();
}

/// Nor does it go where the author's package says that none of its modules has an effect.
#[test]
fn the_sdk_stays() {
    let home = policy(
        "import { approve, policy } from 'admit-policy';\n\
         const built = Math.random();\n\
         export default policy({ evaluate: () => approve('fine', `${built}`) });\n",
    );
    let manifest = r#"{"name":"night-watch","private":true,"sideEffects":false}"#;
    fs::write(home.path().join("package.json"), manifest).unwrap();
    let error = build(home.path(), &options()).unwrap_err();
    assert!(matches!(error, Error::Compile { .. }), "{error}");
}

#[test]
fn types_are_checked() {
    let home = folder("plugins/examples/typescript");
    let file = home.path().join("policy.ts");
    let right = fs::read_to_string(&file).unwrap();
    for (from, to) in [
        // A name that is not there, absence that nobody looked for, no verdict.
        ("callout.accessPackage", "callout.accessPackages"),
        ("?.value ?? \"\"", "?.value"),
        ("approve(\"justified\")", "\"justified\""),
    ] {
        let wrong = right.replacen(from, to, 1);
        assert_ne!(wrong, right);
        fs::write(&file, wrong).unwrap();
        match build(home.path(), &options()) {
            Err(Error::Compile { path }) => assert_eq!(path, file),
            other => panic!("{to}: {other:?}"),
        }
    }
}

#[test]
fn what_the_folder_lacks_is_named() {
    for (of, missing) in [
        ("javascript", "vendor/policy.wit"),
        ("javascript", "vendor/index.js"),
        ("javascript", "vendor/export.js"),
        ("typescript", "tsconfig.json"),
    ] {
        let home = folder(&format!("plugins/examples/{of}"));
        fs::remove_file(home.path().join(missing)).unwrap();
        match build(home.path(), &options()) {
            Err(Error::Source { path, detail }) => {
                assert_eq!(path, home.path().join(missing));
                assert!(detail.contains("`admit new"), "{detail}");
            }
            other => panic!("{missing}: {other:?}"),
        }
    }
}

#[test]
fn a_tool_of_another_version_is_refused() {
    let home = folder("plugins/examples/javascript");
    let modules = home.path().join("node_modules");
    fs::create_dir_all(modules.join("esbuild/bin")).unwrap();
    fs::create_dir(modules.join(".bin")).unwrap();
    fs::copy(tools().join("esbuild"), modules.join("esbuild/bin/esbuild")).unwrap();
    symlink("../esbuild/bin/esbuild", modules.join(".bin/esbuild")).unwrap();
    for (manifest, problem) in [
        (
            r#"{"name":"esbuild","version":"0.1.0"}"#,
            "is version 0.1.0",
        ),
        (
            r#"{"name":"other","version":"0.28.2"}"#,
            "is not of the npm package esbuild",
        ),
        ("", "is not of the npm package esbuild"),
    ] {
        fs::write(modules.join("esbuild/package.json"), manifest).unwrap();
        let error = build(home.path(), &options()).unwrap_err();
        assert!(matches!(error, Error::Toolchain(_)), "{error}");
        let text = error.to_string();
        assert!(text.contains(problem), "{text}");
        assert!(
            text.contains(
                "run `npm install --save-dev --save-exact esbuild@0.28.2 componentize-qjs@0.4.5`"
            ),
            "{text}"
        );
    }
}

/// The path is that of the process, so that each build has a process of its own.
#[test]
fn a_missing_tool_is_named_with_the_command_that_gets_it() {
    let nothing = TempDir::new().unwrap();
    let node = TempDir::new().unwrap();
    symlink(which::which("node").unwrap(), node.path().join("node")).unwrap();
    for (path, tools, of, lock, expected) in [
        (&nothing, true, "javascript", true, "`node` is missing, "),
        (
            &node,
            false,
            "javascript",
            true,
            "`esbuild` is missing, `componentize-qjs` is missing; ",
        ),
        (&node, false, "typescript", true, "`tsc` is missing; "),
        (&node, false, "typescript", true, ": run `npm ci` in "),
        (
            &node,
            false,
            "typescript",
            false,
            ": run `npm install --save-dev --save-exact esbuild@0.28.2 componentize-qjs@0.4.5 \
             typescript@7.0.2` in ",
        ),
    ] {
        let home = folder(&format!("plugins/examples/{of}"));
        if !lock {
            fs::remove_file(home.path().join("package-lock.json")).unwrap();
        }
        let output = Command::new(env::current_exe().unwrap())
            .args(["--exact", "builds_what_it_is_told"])
            .args(["--ignored", "--nocapture"])
            .env("PATH", path.path())
            .env("ADMIT_TEST_FOLDER", home.path())
            .env(
                "ADMIT_TEST_TOOLS",
                if tools { self::tools() } else { PathBuf::new() },
            )
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("toolchain: "), "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
#[ignore = "run by a_missing_tool_is_named_with_the_command_that_gets_it"]
fn builds_what_it_is_told() {
    let home = PathBuf::from(env::var_os("ADMIT_TEST_FOLDER").unwrap());
    let tools = PathBuf::from(env::var_os("ADMIT_TEST_TOOLS").unwrap());
    let options = Options {
        tools: if tools.as_os_str().is_empty() {
            Vec::new()
        } else {
            vec![tools]
        },
        ..options()
    };
    match build(&home, &options) {
        Err(Error::Toolchain(text)) => println!("toolchain: {text}"),
        other => panic!("{other:?}"),
    }
}

/// The example pins what the build asks for, and by hash, from no registry but the public one.
#[test]
fn the_examples_pin_their_tools() {
    for of in ["javascript", "typescript"] {
        let folder = repository().join("plugins/examples").join(of);
        let read = |name: &str| -> serde_json::Value {
            serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
        };
        let manifest = read("package.json");
        let pinned: Vec<_> = (manifest["devDependencies"].as_object().unwrap().iter())
            .map(|(name, version)| format!("{name}@{}", version.as_str().unwrap()))
            .collect();
        let mut wanted = vec!["componentize-qjs@0.4.5", "esbuild@0.28.2"];
        if of == "typescript" {
            wanted.push("typescript@7.0.2");
        }
        assert_eq!(pinned, wanted);

        let lock = read("package-lock.json");
        let packages = lock["packages"].as_object().unwrap();
        assert!(packages.len() > wanted.len());
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            let hash = package["integrity"].as_str().unwrap_or_default();
            assert!(hash.starts_with("sha512-"), "{of}: {name}");
            if let Some(from) = package.get("resolved") {
                let from = from.as_str().unwrap();
                assert!(from.starts_with("https://registry.npmjs.org/"), "{from}");
            }
        }
    }
}

/// The SDK by itself, in Node, against a host that is made of the contract.
#[test]
fn the_sdk_says_what_the_contract_does() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/javascript");
    let output = Command::new("node")
        .args(["--test", "sdk.test.mjs"])
        .current_dir(home)
        .output()
        .expect("node, Node.js 20 or later");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
}

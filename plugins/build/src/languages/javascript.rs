//! Compiling a policy in JavaScript or TypeScript: esbuild makes one module of the policy and its
//! SDK, componentize-qjs makes a component of the module and QuickJS.
//!
//! TypeScript is checked by `tsc` before, with the `tsconfig.json` that the author's editor has. It is
//! not left out where it is missing: what one machine refuses, another does not build.

use std::{
    env,
    ffi::OsString,
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use admit_wit::WORLD;

use super::{Language, tool};
use crate::{Error, Options};

/// A tool of a package on npm.
struct Tool {
    command: &'static str,
    package: &'static str,
    version: &'static str,
}

const ESBUILD: Tool = Tool {
    command: "esbuild",
    package: "esbuild",
    version: "0.28.2",
};
const COMPONENTIZE: Tool = Tool {
    command: "componentize-qjs",
    package: "componentize-qjs",
    version: "0.4.5",
};
const TSC: Tool = Tool {
    command: "tsc",
    package: "typescript",
    version: "7.0.2",
};

/// What the SDK is made of, as far as is needed here.
const VENDORED: [&str; 3] = ["vendor/policy.wit", "vendor/index.js", "vendor/export.js"];

/// What the component exports, made of what the policy does. The SDK comes first: it takes the clock
/// away before a module of the policy can ask for it.
const ENTRY: &str = r#"
import "admit-policy";
import { exported } from "./vendor/export.js";
import policy from "./POLICY";

export const { configure, evaluate } = exported(policy);
"#;

/// Compiles the policy of a folder to a component.
pub(crate) fn compile(
    language: Language,
    folder: &Path,
    options: &Options,
) -> Result<Vec<u8>, Error> {
    let typed = language == Language::TypeScript;
    let policy = if typed { "policy.ts" } else { "policy.js" };
    let source = folder.join(policy);
    for file in VENDORED {
        if !folder.join(file).is_file() {
            return Err(Error::Source {
                path: folder.join(file),
                detail: "there is no such file; `vendor` holds the SDK, as `admit new` writes it"
                    .into(),
            });
        }
    }
    let tools: &[Tool] = if typed {
        &[ESBUILD, COMPONENTIZE, TSC]
    } else {
        &[ESBUILD, COMPONENTIZE]
    };
    let found = find(tools, folder, options)?;
    let [esbuild, componentize, tsc @ ..] = found.as_slice() else {
        return Err(Error::Toolchain("the tools are not all there".into()));
    };

    if let [tsc] = tsc {
        check(tsc, folder)?;
    }
    let home = tempfile::tempdir().map_err(|source| Error::Read {
        path: env::temp_dir(),
        source,
    })?;
    let module = home.path().join("policy.js");
    let mut bundle = command(&native(esbuild).unwrap_or_else(|| esbuild.clone()), folder);
    bundle
        .args(["--bundle", "--format=esm", "--target=es2023"])
        // `"sideEffects": false` in the author's package.json would drop what is imported for its effect
        // alone, such as the part of the SDK that takes the clock away.
        .arg("--ignore-annotations")
        // Neither a browser nor Node: what is built into them is not there.
        .args(["--platform=neutral", "--main-fields=module,main"])
        .args([
            "--external:admit:policy/*",
            "--alias:admit-policy=./vendor/index.js",
        ])
        .args([
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ])
        .arg(joined("--outfile=", &module));
    run(&mut bundle, &ENTRY.replace("POLICY", policy), &source)?;

    let component = home.path().join("policy.wasm");
    let mut componentize = command(componentize, folder);
    componentize
        // Without component-model async, and with traps in place of WASI.
        .args(["--sync", "--stub-wasi", "--world", WORLD])
        .args(["--wit", "vendor/policy.wit"])
        .arg("--js")
        .arg(&module)
        // So that the name of the folder does not stand in the component.
        .arg("--module-root")
        .arg(home.path())
        .arg("--output")
        .arg(&component)
        // It repeats its arguments there.
        .stdout(Stdio::null());
    run(&mut componentize, "", &source)?;
    crate::read(&component)
}

/// Finds tools in the versions that policies are built with.
fn find(tools: &[Tool], folder: &Path, options: &Options) -> Result<Vec<PathBuf>, Error> {
    if tool("node", folder, options).is_none() {
        return Err(Error::Toolchain(
            "`node` is missing, which the tools for JavaScript run on; install Node.js 20 or later from \
             https://nodejs.org"
                .into(),
        ));
    }
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for wanted in tools {
        match tool(wanted.command, folder, options) {
            None => wrong.push(format!("`{}` is missing", wanted.command)),
            Some(path) => match version(&path, wanted.package) {
                Some(version) if version == wanted.version => found.push(path),
                Some(version) => wrong.push(format!("{} is version {version}", path.display())),
                None => wrong.push(format!(
                    "{} is not of the npm package {}",
                    path.display(),
                    wanted.package
                )),
            },
        }
    }
    if wrong.is_empty() {
        return Ok(found);
    }
    let mut packages = String::new();
    for wanted in tools {
        let _ = write!(packages, " {}@{}", wanted.package, wanted.version);
    }
    let missing = wrong.iter().all(|problem| problem.ends_with("is missing"));
    let install = if missing && folder.join("package-lock.json").is_file() {
        "npm ci".to_owned()
    } else {
        format!("npm install --save-dev --save-exact{packages}")
    };
    Err(Error::Toolchain(format!(
        "{}; policies are built with{packages}: run `{install}` in {}",
        wrong.join(", "),
        folder.display()
    )))
}

/// The version of the npm package that a tool is of.
fn version(tool: &Path, package: &str) -> Option<String> {
    // `PACKAGE/bin/TOOL`, which `.bin/TOOL` is a link to.
    let tool = tool.canonicalize().ok()?;
    let manifest = tool.parent()?.parent()?.join("package.json");
    let manifest = fs::read(manifest).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).ok()?;
    (manifest.get("name")?.as_str()? == package)
        .then(|| Some(manifest.get("version")?.as_str()?.to_owned()))?
}

/// The program that esbuild's script would start, where it is found at once. The script, which npm
/// leaves in place where packages may not run anything, adds a trace of its own to every message.
fn native(esbuild: &Path) -> Option<PathBuf> {
    let system = match env::consts::OS {
        "macos" => "darwin",
        system => system,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        processor => processor,
    };
    // `node_modules/esbuild/bin/esbuild`, and `node_modules/@esbuild/linux-x64/bin/esbuild`.
    let script = esbuild.canonicalize().ok()?;
    let packages = script.ancestors().nth(3)?;
    let program = packages.join(format!("@esbuild/{system}-{processor}/bin/esbuild"));
    program.is_file().then_some(program)
}

/// Checks the types of a policy.
fn check(tsc: &Path, folder: &Path) -> Result<(), Error> {
    let path = folder.join("tsconfig.json");
    if !path.is_file() {
        return Err(Error::Source {
            path,
            detail: "there is no such file; `admit new --lang typescript` writes one".into(),
        });
    }
    let mut check = command(tsc, folder);
    check.args([
        "--project",
        "tsconfig.json",
        "--noEmit",
        "--incremental",
        "false",
    ]);
    run(&mut check, "", &folder.join("policy.ts"))
}

/// A tool in the policy's folder, without the environment that would change what it makes.
fn command(tool: &Path, folder: &Path) -> Command {
    let mut command = Command::new(tool);
    command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(io::stderr());
    for name in ["NODE_OPTIONS", "NODE_PATH", "ESBUILD_BINARY_PATH"] {
        command.env_remove(name);
    }
    command
}

/// Runs a tool to its end.
fn run(command: &mut Command, input: &str, source: &Path) -> Result<(), Error> {
    let ended = command.spawn().and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            // A tool that does not read has failed, or needs nothing.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait()
    });
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Error::Compile {
            path: source.into(),
        }),
        Err(error) => Err(Error::Toolchain(format!(
            "cannot run `{}`: {error}",
            command.get_program().display()
        ))),
    }
}

/// An argument that ends in a path.
fn joined(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}

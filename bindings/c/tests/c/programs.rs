//! Programs in C that judge themselves, and the examples.

use std::{env, fs, path::PathBuf, process::Command, sync::OnceLock};

use admit_tests::{component, corpus};
use libtest_mimic::{Failed, Trial};

use crate::toolchain::{done, here, program, program_of, said, stage};

/// 2025-12-24T12:00:00Z, within the freeze of the set `partners`.
pub(crate) const IN_THE_FREEZE: &str = "1766577600000000";
/// 2026-11-20T12:00:00Z, after it.
pub(crate) const AFTER: &str = "1795176000000000";

pub(crate) fn trials() -> [Trial; 10] {
    [
        Trial::test("programs::codes", codes),
        Trial::test("programs::misuse", misuse),
        Trial::test("programs::repeat", repeat),
        Trial::test("programs::refused", refused),
        Trial::test("examples::evaluate.c", || evaluate("evaluate.c")),
        Trial::test("examples::evaluate.cpp", || evaluate("evaluate.cpp")),
        Trial::test("examples::facts_callback.c", facts_callback),
        Trial::test("examples::threads.c", || threads("threads.c")),
        Trial::test("examples::threads.cpp", || threads("threads.cpp")),
        Trial::test("examples::ctypes_consumer.py", ctypes_consumer),
    ]
}

pub(crate) fn callout() -> PathBuf {
    corpus().join("callouts/01-request-created.flat.json")
}

pub(crate) fn partners() -> PathBuf {
    corpus().join("sets/partners/admit.toml")
}

/// The same set with time enough for a busy machine, where policies would else meet their deadlines.
pub(crate) fn unhurried() -> Result<PathBuf, Failed> {
    static FILE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let write = || -> Result<PathBuf, Failed> {
        for policy in ["partner_domains", "change_freeze", "approver_routing"] {
            file_of(policy);
        }
        let components = corpus().join("components");
        let set = fs::read_to_string(partners())?
            .replace("../../components", &components.to_string_lossy());
        let file = stage()?.join("unhurried.toml");
        fs::write(&file, format!("{set}\n[limits]\ndeadline = \"60s\"\n"))?;
        Ok(file)
    };
    let file = FILE
        .get_or_init(|| write().map_err(|failed| failed.message().unwrap_or_default().to_owned()));
    Ok(file.clone()?)
}

/// A component's file, with a component that is built.
pub(crate) fn file_of(name: &str) -> PathBuf {
    component(name);
    corpus().join("components").join(format!("{name}.wasm"))
}

fn codes() -> Result<(), Failed> {
    said(
        &program_of("tests/programs", "codes")?,
        [corpus().join("errors.txt")],
    )?;
    Ok(())
}

fn misuse() -> Result<(), Failed> {
    said(
        &program_of("tests/programs", "misuse")?,
        [file_of("seat_budget"), callout()],
    )?;
    Ok(())
}

/// A policy that is compiled in no time: it approves, and does nothing else.
const APPROVES: &str = r#"(module
    (import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "code")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "configure") (result i32) (i32.const 1024))
    (func (export "evaluate") (result i32)
        (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
        (i32.const 1024)))"#;

/// Its component, in a file.
pub(crate) fn approves() -> Result<PathBuf, Failed> {
    static FILE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let said = |failed: Failed| failed.message().unwrap_or_default().to_owned();
        made(APPROVES).map_err(said)
    });
    Ok(file.clone()?)
}

fn made(module: &str) -> Result<PathBuf, Failed> {
    let mut small =
        admit_build::componentize(&wat::parse_str(module)?).map_err(|error| error.to_string())?;
    let metadata =
        admit_wit::Metadata::read(&component("mail_needed")).map_err(|error| error.to_string())?;
    metadata
        .embed(&mut small)
        .map_err(|error| error.to_string())?;
    let file = stage()?.join("approves.wasm");
    fs::write(&file, small)?;
    Ok(file)
}

fn repeat() -> Result<(), Failed> {
    said(
        &program_of("tests/programs", "repeat")?,
        [approves()?, callout()],
    )?;
    Ok(())
}

fn refused() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let database = corpus().join("sets/contoso/hr.db");
    let program = program_of("tests/programs", "refused")?;
    let arguments = [approves()?, callout(), database, folder.path().to_owned()];
    let output = String::from_utf8(said(&program, arguments)?)?;
    println!("{}", output.trim_end());
    Ok(())
}

fn example(file: &str) -> Result<PathBuf, Failed> {
    program(&here().join("examples").join(file))
}

/// The body that the command line prints, too.
fn evaluate(file: &str) -> Result<(), Failed> {
    let program = example(file)?;
    let arguments = [partners(), callout(), IN_THE_FREEZE.into()];
    let body = String::from_utf8(said(&program, arguments)?)?;
    let expected = fs::read_to_string(corpus().join("cases/partners-in-a-freeze/expect.json"))?;
    let expected: serde_json::Value = serde_json::from_str(&expected)?;
    let body: serde_json::Value = serde_json::from_str(&body)?;
    if Some(&body) == expected.pointer("/answer/body") {
        Ok(())
    } else {
        Err(format!("{body}").into())
    }
}

fn facts_callback() -> Result<(), Failed> {
    let program = example("facts_callback.c")?;
    let output = said(&program, [file_of("seat_budget"), callout(), AFTER.into()])?;
    let output = String::from_utf8(output)?;
    if output.starts_with("no-seats: ") && output.ends_with("asked 1 times\n") {
        Ok(())
    } else {
        Err(output.into())
    }
}

fn threads(file: &str) -> Result<(), Failed> {
    let program = example(file)?;
    let output = said(&program, [unhurried()?, callout(), IN_THE_FREEZE.into()])?;
    match output.as_slice() {
        b"800 reports, 0 different\n" => Ok(()),
        other => Err(String::from_utf8_lossy(other).into_owned().into()),
    }
}

/// The same library, from a language that knows nothing but the header.
fn ctypes_consumer() -> Result<(), Failed> {
    let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut python = Command::new(python);
    python
        .arg("-B")
        .arg(here().join("examples/ctypes_consumer.py"));
    python.arg(stage()?.join("lib/libadmit.so"));
    // Two seats of 120 are left.
    python.args([file_of("seat_budget"), callout(), AFTER.into()]);
    let body = String::from_utf8(done(&mut python)?.stdout)?;
    let body: serde_json::Value = serde_json::from_str(&body)?;
    let source = body.pointer("/source").and_then(serde_json::Value::as_str);
    if source == Some("Contoso.Seats") && body.pointer("/data/state").is_none() {
        Ok(())
    } else {
        Err(format!("{body}").into())
    }
}

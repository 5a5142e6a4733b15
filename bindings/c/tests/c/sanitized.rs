//! Programs that are watched: by the sanitizers, which are compiled into the program, and by Valgrind. The library is
//! the one that is shipped; the memory that it gives out and takes is watched with the program's.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use admit_tests::corpus;
use libtest_mimic::{Failed, Trial};

use crate::{
    programs::{AFTER, IN_THE_FREEZE, callout, file_of, unhurried},
    random,
    toolchain::{done, here, program, program_by},
};

/// A sanitizer.
pub(crate) struct Sanitizer {
    compile: &'static [&'static str],
    /// A variable that its runtime reads.
    options: (&'static str, &'static str),
}

/// Addresses, leaks and what C leaves undefined.
pub(crate) const ADDRESS: Sanitizer = Sanitizer {
    compile: &[
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
        "-fno-omit-frame-pointer",
    ],
    options: (
        "ASAN_OPTIONS",
        "detect_leaks=1:detect_stack_use_after_return=1:check_initialization_order=1",
    ),
};

/// Races of the program's own. The library's atomics cannot be seen, so its own accesses are not looked at.
const THREAD: Sanitizer = Sanitizer {
    compile: &["-fsanitize=thread"],
    options: (
        "TSAN_OPTIONS",
        "ignore_noninstrumented_modules=1:halt_on_error=1:exitcode=66",
    ),
};

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (name, of) in [("address", &ADDRESS), ("thread", &THREAD)] {
        for (file, arguments) in programs() {
            let is_threaded = file.contains("threads");
            if is_threaded == (name == "thread") {
                let name = format!("sanitized::{name}_{}", file_name(file));
                trials.push(Trial::test(name, move || {
                    sanitized(of, &here().join(file), arguments()?)?;
                    Ok(())
                }));
            }
        }
    }
    for (file, arguments) in programs() {
        let name = format!("valgrind::{}", file_name(file));
        let trial = Trial::test(name, move || {
            valgrind(&program(&here().join(file))?, arguments()?)
        });
        trials.push(trial.with_ignored_flag(true));
    }
    let random = Trial::test("valgrind::random.c", || {
        let program = program(&random::source("random-valgrind")?)?;
        valgrind(&program, random::arguments(64, 3)?)
    });
    trials.push(random.with_ignored_flag(true));
    trials
}

type Arguments = fn() -> Result<Vec<PathBuf>, Failed>;

/// Programs that are worth to be watched, and what they take.
fn programs() -> [(&'static str, Arguments); 7] {
    let evaluate: Arguments = || Ok(vec![unhurried()?, callout(), IN_THE_FREEZE.into()]);
    [
        ("tests/programs/misuse.c", || {
            Ok(vec![file_of("seat_budget"), callout()])
        }),
        ("tests/programs/cpp.cpp", || {
            Ok(vec![
                file_of("seat_budget"),
                unhurried()?,
                callout(),
                corpus().join("sets/contoso/hr.db"),
                IN_THE_FREEZE.into(),
            ])
        }),
        ("examples/facts_callback.c", || {
            Ok(vec![file_of("seat_budget"), callout(), AFTER.into()])
        }),
        ("examples/evaluate.c", evaluate),
        ("tests/programs/asked_by_threads.cpp", || {
            Ok(vec![file_of("seat_budget"), callout()])
        }),
        ("examples/threads.c", evaluate),
        ("examples/threads.cpp", evaluate),
    ]
}

fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Compiles a program with a sanitizer and runs it: a finding is a failure.
pub(crate) fn sanitized(
    sanitizer: &Sanitizer,
    source: &Path,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Result<Vec<u8>, Failed> {
    let compiler = match source.extension() {
        Some(suffix) if suffix == "cpp" => "g++",
        _ => "gcc",
    };
    let program = program_by(compiler, sanitizer.compile, source)?;
    let (variable, options) = sanitizer.options;
    let mut command = Command::new(program);
    command.args(arguments).env(variable, options);
    Ok(done(&mut command)?.stdout)
}

/// Runs a program under Valgrind: a finding is a failure.
///
/// Blocks that are lost for certain are findings. What is "possibly lost" is kept by Rust's counted pointers, which
/// point into their block; where nothing points there any more, the address sanitizer finds it.
fn valgrind(
    program: &Path,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Result<(), Failed> {
    let mut command = Command::new("valgrind");
    command.args([
        "--quiet",
        "--error-exitcode=9",
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect",
        "--errors-for-leak-kinds=definite,indirect",
    ]);
    let suppressions = here().join("tests/programs/valgrind.supp");
    command.arg(format!("--suppressions={}", suppressions.display()));
    done(command.arg(program).args(arguments))?;
    Ok(())
}

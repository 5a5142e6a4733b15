//! Compilers, and programs that are linked with the library.

use std::{
    env,
    ffi::OsStr,
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use libtest_mimic::Failed;

/// Everything that compilers warn of is an error, in every language of theirs.
pub(crate) const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/// The folder of the crate.
pub(crate) fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where programs are put, with a folder `lib` in which the library has the names that it is installed by.
pub(crate) fn stage() -> Result<&'static Path, Failed> {
    static STAGE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| staged().map_err(|error| error.to_string()));
    Ok(stage.as_ref()?)
}

fn staged() -> io::Result<PathBuf> {
    let stage = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c");
    let lib = stage.join("lib");
    if lib.exists() {
        fs::remove_dir_all(&lib)?;
    }
    fs::create_dir_all(&lib)?;
    // Cargo builds the library beside its tests.
    let built = env::current_exe()?.with_file_name("libadmit_c.so");
    let major = env!("CARGO_PKG_VERSION_MAJOR");
    symlink(
        built.canonicalize()?,
        lib.join(format!("libadmit.so.{major}")),
    )?;
    symlink(format!("libadmit.so.{major}"), lib.join("libadmit.so"))?;
    Ok(stage)
}

/// Compiles a program in C or C++ and links it with the shared library; `make c-sanitize` has it watched.
pub(crate) fn program(source: &Path) -> Result<PathBuf, Failed> {
    let compiler = if is_cpp(source) { "c++" } else { "cc" };
    match env::var("ADMIT_SANITIZE") {
        Ok(sanitizers) => {
            let watch = format!("-fsanitize={sanitizers}");
            program_by(compiler, &[&watch, "-fno-sanitize-recover=all"], source)
        }
        Err(_) => program_by(compiler, &[], source),
    }
}

/// The same with this compiler and these options.
pub(crate) fn program_by(
    compiler: &str,
    options: &[&str],
    source: &Path,
) -> Result<PathBuf, Failed> {
    let stage = stage()?;
    let name = source.file_name().ok_or("a source has a name")?;
    let name = format!("{}-{compiler}{}", name.display(), options.concat());
    let program = stage.join(name.replace(['/', '='], "-"));
    let lib = stage.join("lib");
    let mut command = Command::new(compiler);
    let language = match is_cpp(source) {
        true => ["-std=c++17"].as_slice(),
        false => &["-std=c11", "-D_POSIX_C_SOURCE=200809L"],
    };
    command
        .args(STRICT)
        .args(language)
        .args(["-O1", "-g", "-pthread"]);
    command.args(options);
    command.arg("-I").arg(here().join("include")).arg(source);
    command
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(&lib)
        .arg("-ladmit");
    command.arg(format!("-Wl,-rpath,{}", lib.display()));
    done(&mut command)?;
    Ok(program)
}

fn is_cpp(source: &Path) -> bool {
    source.extension().is_some_and(|suffix| suffix == "cpp")
}

/// A C program of a folder of this crate, compiled.
pub(crate) fn program_of(folder: &str, name: &str) -> Result<PathBuf, Failed> {
    program(&here().join(folder).join(format!("{name}.c")))
}

/// What a program writes to its output; it must succeed.
pub(crate) fn said(
    program: &Path,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Result<Vec<u8>, Failed> {
    Ok(done(Command::new(program).args(arguments))?.stdout)
}

/// Runs a command, which must succeed.
pub(crate) fn done(command: &mut Command) -> Result<Output, Failed> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        format!("{shown} cannot be run: {error}; the C tests need gcc, g++, clang and clang++")
    })?;
    if output.status.success() {
        return Ok(output);
    }
    let output = [output.stdout, output.stderr].concat();
    let output = String::from_utf8_lossy(&output);
    Err(format!("{command:?}:\n{output}").into())
}

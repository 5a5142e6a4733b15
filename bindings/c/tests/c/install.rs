//! The install tree: programs that are built outside of the repository, from the tree alone.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::{
    header::functions,
    programs::{IN_THE_FREEZE, callout, file_of, partners},
    toolchain::{STRICT, done, here},
};

pub(crate) fn trials() -> [Trial; 7] {
    [
        Trial::test("install::tree", tree),
        Trial::test("install::pkg_config_shared", || pkg_config(Linked::Shared)),
        Trial::test("install::pkg_config_static", || pkg_config(Linked::Static)),
        Trial::test("install::cmake", cmake),
        Trial::test("install::cmake_versions", cmake_versions),
        Trial::test("install::static_has_the_headers_symbols_alone", symbols),
        Trial::test("install::static_beside_another_sqlite", beside_sqlite),
    ]
}

/// Where it is installed, and moved away from.
const PREFIX: &str = "/opt/admit";

/// The tree, which `make install` made once for all tests.
pub(crate) fn installed() -> Result<&'static Path, Failed> {
    static TREE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let tree = TREE.get_or_init(|| {
        let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("installed");
        if to.exists() {
            fs::remove_dir_all(&to).map_err(|error| error.to_string())?;
        }
        let mut make = Command::new("make");
        make.arg("--directory").arg(here().join("../.."));
        make.arg("install").arg(format!("PREFIX={PREFIX}"));
        make.arg(format!("DESTDIR={}", to.display()));
        // Of the `make` that runs the tests, which is another one.
        make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
        done(&mut make).map_err(|failed| failed.message().unwrap_or_default().to_owned())?;
        Ok(to.join(PREFIX.trim_start_matches('/')))
    });
    Ok(tree.as_ref()?)
}

fn tree() -> Result<(), Failed> {
    let tree = installed()?;
    let mut found = BTreeSet::new();
    let mut folders = vec![tree.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(tree)?.display().to_string();
            found.insert(match path.read_link() {
                Ok(to) => format!("{name} -> {}", to.display()),
                Err(_) => name,
            });
        }
    }
    let (version, major) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_VERSION_MAJOR"));
    let expected = BTreeSet::from([
        "include/admit.h".to_owned(),
        "include/admit.hpp".to_owned(),
        "lib/cmake/admit/admit-config-version.cmake".to_owned(),
        "lib/cmake/admit/admit-config.cmake".to_owned(),
        "lib/libadmit.a".to_owned(),
        format!("lib/libadmit.so -> libadmit.so.{major}"),
        format!("lib/libadmit.so.{major} -> libadmit.so.{version}"),
        format!("lib/libadmit.so.{version}"),
        "lib/pkgconfig/admit.pc".to_owned(),
    ]);
    if found != expected {
        return Err(format!("found {found:#?}").into());
    }
    let library = tree.join(format!("lib/libadmit.so.{version}"));
    let dynamic = text_of(Command::new("readelf").arg("-d").arg(library))?;
    if !dynamic.contains(&format!("soname: [libadmit.so.{major}]")) {
        return Err(dynamic.into());
    }
    for text in [
        "lib/pkgconfig/admit.pc",
        "lib/cmake/admit/admit-config.cmake",
    ] {
        let text = fs::read_to_string(tree.join(text))?;
        if text.contains(PREFIX) || text.contains('@') {
            return Err(text.into());
        }
    }
    Ok(())
}

fn text_of(command: &mut Command) -> Result<String, Failed> {
    Ok(String::from_utf8(done(command)?.stdout)?)
}

/// A folder outside of the repository with these examples.
fn outside(examples: &[&str]) -> Result<TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    for example in examples {
        let from = here().join("examples").join(example);
        fs::copy(from, folder.path().join(example))?;
    }
    Ok(folder)
}

/// Runs an `evaluate`, in any language.
fn evaluates(program: &Path, library: Option<&Path>) -> Result<(), Failed> {
    file_of("partner_domains");
    let mut command = Command::new(program);
    command.args([partners(), callout(), IN_THE_FREEZE.into()]);
    if let Some(library) = library {
        command.env("LD_LIBRARY_PATH", library);
    }
    let body = text_of(&mut command)?;
    match body.contains(r#""state":"canceled""#) {
        true => Ok(()),
        false => Err(body.into()),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Linked {
    Shared,
    Static,
}

/// What a program needs, as pkg-config says.
fn flags(linked: Linked) -> Result<Vec<String>, Failed> {
    let mut pkg_config = Command::new("pkg-config");
    pkg_config.env("PKG_CONFIG_PATH", installed()?.join("lib/pkgconfig"));
    if linked == Linked::Static {
        pkg_config.args(["--static", "--define-variable=library=:libadmit.a"]);
    }
    pkg_config.arg("--cflags").arg("--libs");
    pkg_config.arg(format!("admit >= {}", env!("CARGO_PKG_VERSION")));
    let flags = text_of(&mut pkg_config)?;
    Ok(flags.split_whitespace().map(str::to_owned).collect())
}

fn pkg_config(linked: Linked) -> Result<(), Failed> {
    let folder = outside(&["evaluate.c", "evaluate.cpp"])?;
    for (compiler, language, source) in [
        ("cc", "-std=c11", "evaluate.c"),
        ("c++", "-std=c++17", "evaluate.cpp"),
    ] {
        let program = folder.path().join(compiler);
        let mut command = Command::new(compiler);
        command.args(STRICT).arg(language);
        command
            .arg(source)
            .args(flags(linked)?)
            .arg("-o")
            .arg(&program);
        done(command.current_dir(&folder))?;
        let needs = text_of(Command::new("readelf").arg("-d").arg(&program))?;
        if needs.contains("libadmit") != (linked == Linked::Shared) {
            return Err(needs.into());
        }
        let library = match linked {
            Linked::Shared => Some(installed()?.join("lib")),
            Linked::Static => None,
        };
        evaluates(&program, library.as_deref())?;
    }
    Ok(())
}

/// A project that looks for a version of the library, and the rest of it.
fn project(version: &str, rest: &str) -> String {
    format!(
        "cmake_minimum_required(VERSION 3.16)\nproject(consumer C CXX)\nset(CMAKE_CXX_STANDARD 17)\n\
         find_package(admit {version} REQUIRED CONFIG)\n{rest}"
    )
}

/// CMake, in a folder that has a project, with the tree.
fn configured(folder: &Path) -> Result<Command, Failed> {
    let mut cmake = Command::new("cmake");
    cmake.args(["-S", ".", "-B", "build"]).current_dir(folder);
    cmake.arg(format!("-DCMAKE_PREFIX_PATH={}", installed()?.display()));
    Ok(cmake)
}

fn cmake() -> Result<(), Failed> {
    let folder = outside(&["evaluate.c", "evaluate.cpp"])?;
    let folder = folder.path();
    let mut rest = String::new();
    let mut programs = Vec::new();
    for (language, target) in [
        ("c", "admit"),
        ("c", "static"),
        ("cpp", "admit"),
        ("cpp", "static"),
    ] {
        let name = format!("{language}_{target}");
        rest.push_str(&format!(
            "add_executable({name} evaluate.{language})\ntarget_link_libraries({name} PRIVATE admit::{target})\n"
        ));
        programs.push(name);
    }
    fs::write(
        folder.join("CMakeLists.txt"),
        project(env!("CARGO_PKG_VERSION"), &rest),
    )?;
    done(&mut configured(folder)?)?;
    done(
        Command::new("cmake")
            .args(["--build", "build"])
            .current_dir(folder),
    )?;
    for program in programs {
        evaluates(&folder.join("build").join(program), None)?;
    }
    Ok(())
}

/// A version is found where `admit_abi_check` would take it and, of a range, up to its end; no component is.
fn cmake_versions() -> Result<(), Failed> {
    let folder = outside(&[])?;
    let folder = folder.path();
    let version = env!("CARGO_PKG_VERSION");
    for (version, is_found) in [
        ("", true),
        ("0.1", true),
        ("0.2", false),
        ("1", false),
        (&format!("{version} EXACT"), true),
        ("0.0.9 EXACT", false),
        ("0.0.1...0.9", true),
        (&format!("0.0.1...{version}"), true),
        (&format!("0.0.1...<{version}"), false),
        ("0.0.1...0.0.9", false),
        ("0.2...0.9", false),
        ("0.1 COMPONENTS static", false),
        ("0.1 OPTIONAL_COMPONENTS static", true),
    ] {
        fs::write(folder.join("CMakeLists.txt"), project(version, ""))?;
        let output = configured(folder)?.output()?;
        if output.status.success() != is_found {
            return Err(format!("{version}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
    }
    Ok(())
}

fn symbols() -> Result<(), Failed> {
    let mut nm = Command::new("nm");
    nm.args(["--extern-only", "--defined-only"]);
    let defined = text_of(nm.arg(installed()?.join("lib/libadmit.a")))?;
    let defined: BTreeSet<&str> = defined
        .lines()
        .filter_map(|line| line.split(' ').nth(2))
        .collect();
    let functions = functions()?;
    let declared: BTreeSet<&str> = functions.iter().map(|one| one.name.as_str()).collect();
    match defined == declared {
        true => Ok(()),
        false => Err(format!("{:?}", defined.symmetric_difference(&declared)).into()),
    }
}

/// A program may have names of the library's parts, and neither gets the other's.
fn beside_sqlite() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("beside.c");
    fs::write(
        &source,
        r#"#include <admit.h>
#include <string.h>
int sqlite3_open_v2(void);
int sqlite3_open_v2(void) { return 7; }
void rust_eh_personality(void);
void rust_eh_personality(void) {}
int main(int argc, char **argv) {
  admit_facts_t *facts = NULL;
  const char *query = "select ?1 as one";
  if (argc != 2 || admit_facts_new(&facts) != NULL) return 2;
  if (admit_facts_add_sqlite(facts, "one", 3, argv[1], strlen(argv[1]), query, strlen(query), NULL, 0) != NULL) return 1;
  admit_facts_free(facts);
  return sqlite3_open_v2() == 7 ? 0 : 1;
}
"#,
    )?;
    let program = folder.path().join("beside");
    let mut command = Command::new("cc");
    command
        .args(STRICT)
        .arg(&source)
        .args(flags(Linked::Static)?);
    done(command.arg("-o").arg(&program))?;
    let database = admit_tests::corpus().join("sets/contoso/hr.db");
    done(Command::new(&program).arg(database))?;
    Ok(())
}

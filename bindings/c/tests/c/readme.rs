//! What the README shows is compiled, linked and run, and says what the README says.

use std::{fs, path::Path, process::Command};

use admit_tests::{blocks, corpus};
use libtest_mimic::{Failed, Trial};

use crate::{
    install::installed,
    programs::file_of,
    toolchain::{done, here, program, stage},
};

pub(crate) fn trials() -> [Trial; 4] {
    [
        Trial::test("readme::c", || says_what_it_shows("c")),
        Trial::test("readme::cpp", || says_what_it_shows("cpp")),
        Trial::test("readme::links", links),
        Trial::test("readme::links_with_cmake", links_with_cmake),
    ]
}

fn readme() -> Result<String, Failed> {
    Ok(fs::read_to_string(here().join("README.md"))?)
}

/// What stands around the snippets: the payload, read.
fn frame(language: &str, functions: &str, body: &str) -> String {
    match language {
        "c" => format!(
            "#include <admit.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n{functions}\n\
             int main(int argc, char **argv) {{\nstatic uint8_t callout[1024 * 1024];\n\
             FILE *file = argc == 2 ? fopen(argv[1], \"rb\") : NULL;\nif (file == NULL) return 2;\n\
             size_t callout_len = fread(callout, 1, sizeof callout, file);\nfclose(file);\n{body}\n\
             admit_set_free(set);\nreturn 0;\n}}\n"
        ),
        _ => format!(
            "#include <admit.hpp>\n#include <fstream>\n#include <iostream>\n#include <iterator>\n{functions}\n\
             int main(int, char **argv) {{\nstd::ifstream file(argv[1], std::ios::binary);\n\
             const std::string callout((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());\n\
             {body}\nreturn 0;\n}}\n"
        ),
    }
}

/// The whole program of the README's snippets, in the order in which they stand there.
fn whole(language: &str) -> Result<String, Failed> {
    let blocks = blocks(&readme()?, language);
    let (functions, body): (Vec<_>, Vec<_>) = blocks
        .iter()
        .partition(|block| block.starts_with("static "));
    if body.len() < 3 {
        return Err(format!("only {} snippets", body.len()).into());
    }
    let join = |parts: Vec<&String>| {
        parts
            .into_iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    };
    Ok(frame(language, &join(functions), &join(body)))
}

/// What is shown after the snippets of a language.
fn shown(language: &str) -> Result<String, Failed> {
    let mut shown = String::new();
    let mut last = "";
    for part in readme()?.split("```").skip(1).step_by(2) {
        let (of, text) = part.split_once('\n').ok_or("a block has lines")?;
        match of {
            "text" if last == language => shown.push_str(text),
            "c" => last = "c",
            "cpp" => last = "cpp",
            _ => {}
        }
    }
    Ok(shown)
}

fn says_what_it_shows(language: &str) -> Result<(), Failed> {
    let source = stage()?.join(format!("readme.{language}"));
    fs::write(&source, whole(language)?)?;
    for policy in [
        "partner_domains",
        "change_freeze",
        "approver_routing",
        "seat_budget",
    ] {
        file_of(policy);
    }
    let mut command = Command::new(program(&source)?);
    command.current_dir(corpus().join("sets/partners"));
    command.arg("../../callouts/01-request-created.flat.json");
    let said = String::from_utf8(done(&mut command)?.stdout)?;
    // C++ begins with what C has said, which is not shown again.
    let in_c = shown("c")?;
    let (evaluated, _) = in_c.split_once("301 ").ok_or("an error is shown")?;
    let shown = match language {
        "c" => in_c,
        _ => format!("{evaluated}{}", shown(language)?),
    };
    if said == shown {
        Ok(())
    } else {
        Err(format!("it says\n{said}and shows\n{shown}").into())
    }
}

/// A folder outside of the repository with a `host.c`.
fn outside() -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("host.c"), whole("c")?)?;
    Ok(folder)
}

fn runs(program: &Path) -> Result<(), Failed> {
    let mut command = Command::new(program);
    command.current_dir(corpus().join("sets/partners"));
    command.arg("../../callouts/01-request-created.flat.json");
    command.env("LD_LIBRARY_PATH", installed()?.join("lib"));
    let said = String::from_utf8(done(&mut command)?.stdout)?;
    match said == shown("c")? {
        true => Ok(()),
        false => Err(said.into()),
    }
}

/// The commands of the section on linking, as they stand there.
fn links() -> Result<(), Failed> {
    let folder = outside()?;
    let commands = blocks(&readme()?, "console");
    let commands: Vec<&str> = commands
        .iter()
        .flat_map(|block| block.lines())
        .filter_map(|line| line.strip_prefix("$ cc "))
        .collect();
    if commands.len() != 2 {
        return Err(format!("{commands:?}").into());
    }
    for command in commands {
        let mut shell = Command::new("bash");
        shell
            .current_dir(&folder)
            .arg("-c")
            .arg(format!("cc {command}"));
        shell.env("PKG_CONFIG_PATH", installed()?.join("lib/pkgconfig"));
        done(&mut shell)?;
    }
    runs(&folder.path().join("host"))?;
    runs(&folder.path().join("host-static"))
}

fn links_with_cmake() -> Result<(), Failed> {
    let folder = outside()?;
    let project = blocks(&readme()?, "cmake");
    fs::write(folder.path().join("CMakeLists.txt"), project.concat())?;
    let mut cmake = Command::new("cmake");
    cmake.args(["-S", ".", "-B", "build"]).current_dir(&folder);
    cmake.arg(format!("-DCMAKE_PREFIX_PATH={}", installed()?.display()));
    done(&mut cmake)?;
    done(
        Command::new("cmake")
            .args(["--build", "build"])
            .current_dir(&folder),
    )?;
    runs(&folder.path().join("build/host"))
}

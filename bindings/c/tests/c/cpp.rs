//! `admit.hpp`: whether it says everything, stands for everything of `admit.h`, and does what it says with every
//! compiler.

use std::{collections::BTreeSet, fs, process::Command};

use admit_tests::{component, corpus};
use libtest_mimic::{Failed, Trial};
use serde_json::{Deserializer, Value};

use crate::{
    header::{enumerators, functions},
    programs::{IN_THE_FREEZE, callout, file_of, unhurried},
    toolchain::{STRICT, done, here, program_by, said, stage},
};

/// What it is compiled with, beside the default.
const WITHOUT: [&str; 2] = ["-fno-exceptions", "-fno-rtti"];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("cpp::everything_is_documented", everything_is_documented),
        Trial::test(
            "cpp::enumerators_are_those_of_c",
            enumerators_are_those_of_c,
        ),
        Trial::test("cpp::every_function_has_a_face", every_function_has_a_face),
    ];
    trials.push(Trial::test(
        "cpp::links_with_and_without_exceptions",
        links_with_and_without_exceptions,
    ));
    for compiler in ["g++", "clang++"] {
        for (name, options) in [("", [].as_slice()), ("_without_exceptions", &WITHOUT)] {
            trials.push(Trial::test(format!("cpp::{compiler}{name}"), move || {
                does_what_it_says(compiler, options)
            }));
        }
    }
    trials
}

fn text() -> Result<String, Failed> {
    Ok(fs::read_to_string(here().join("include/admit.hpp"))?)
}

fn does_what_it_says(compiler: &str, options: &[&str]) -> Result<(), Failed> {
    let source = here().join("tests/programs/cpp.cpp");
    let program = program_by(compiler, options, &source)?;
    component("seat_budget");
    said(
        &program,
        [
            file_of("seat_budget"),
            unhurried()?,
            callout(),
            corpus().join("sets/contoso/hr.db"),
            IN_THE_FREEZE.into(),
        ],
    )?;
    Ok(())
}

/// What one part of a program was compiled with does not reach another part: an exception is still thrown.
fn links_with_and_without_exceptions() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let part = |name: &str, text: &str, option: &str| -> Result<(), Failed> {
        let source = folder.path().join(name).with_extension("cpp");
        fs::write(&source, format!("#include <admit.hpp>\n{text}"))?;
        // Not optimized: a function that is not inlined is one that the linker chooses.
        let mut compiler = Command::new("c++");
        compiler
            .args(STRICT)
            .args(["-O0", "-std=c++17", option, "-c"]);
        compiler.arg("-I").arg(here().join("include")).arg(&source);
        done(
            compiler
                .arg("-o")
                .arg(folder.path().join(name).with_extension("o")),
        )?;
        Ok(())
    };
    part(
        "without",
        "bool is_loaded();\nbool is_loaded() {\n  auto set = admit::PolicySet::from_file(\"none\");\n  \
         if (set.ok()) {\n    set.value();\n  }\n  return set.ok();\n}\n",
        "-fno-exceptions",
    )?;
    part(
        "with",
        "bool is_loaded();\nint main() {\n  auto set = admit::PolicySet::from_file(\"none\");\n  try {\n    \
         set.value();\n  } catch (const admit::Exception &) {\n    return is_loaded() ? 1 : 0;\n  }\n  \
         return 1;\n}\n",
        "-fexceptions",
    )?;
    let program = folder.path().join("program");
    let library = stage()?.join("lib");
    let mut linker = Command::new("c++");
    linker
        .current_dir(folder.path())
        .args(["without.o", "with.o"]);
    linker
        .arg("-L")
        .arg(&library)
        .arg("-ladmit")
        .arg("-o")
        .arg(&program);
    done(&mut linker)?;
    done(Command::new(&program).env("LD_LIBRARY_PATH", library))?;
    Ok(())
}

/// Each stands for the enumerator that it is called after, and none is missing.
fn enumerators_are_those_of_c() -> Result<(), Failed> {
    let text = text()?;
    let mut stands_for = BTreeSet::new();
    let mut class = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("enum class ") {
            class = name.split(' ').next().unwrap_or_default().to_owned();
        } else if line == "};" {
            class.clear();
        }
        let Some((name, c)) = line.trim().split_once(" = ADMIT_") else {
            continue;
        };
        if class.is_empty() {
            continue;
        }
        let c = c.trim_end_matches(',');
        if !c.ends_with(&name.trim_end_matches('_').to_uppercase()) {
            return Err(format!("{class}::{name} is not called after ADMIT_{c}").into());
        }
        stands_for.insert(format!("ADMIT_{c}"));
    }
    let declared: BTreeSet<String> = enumerators()?.into_keys().collect();
    let other: Vec<_> = declared.symmetric_difference(&stands_for).collect();
    match other.is_empty() {
        true => Ok(()),
        false => Err(format!("only in C or only in C++: {other:?}").into()),
    }
}

/// What C has, C++ has as well.
fn every_function_has_a_face() -> Result<(), Failed> {
    let text = text()?;
    let words: BTreeSet<&str> = text
        .split(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .collect();
    // `ADMIT_VERSION_NUMBER` is compared by `admit_abi_check`.
    let without = ["admit_version_number"];
    for function in functions()? {
        let name = function.name;
        if !without.contains(&name.as_str()) && !words.contains(name.as_str()) {
            return Err(format!("nothing calls {name}").into());
        }
    }
    Ok(())
}

/// What a compiler sees as public has a comment of its own. An enumerator has that of the one in C.
fn everything_is_documented() -> Result<(), Failed> {
    let source = stage()?.join("documented.cpp");
    fs::write(&source, "#include <admit.hpp>\n")?;
    let mut compiler = Command::new("clang++");
    compiler.args(["-std=c++17", "-fsyntax-only", "-Xclang", "-ast-dump=json"]);
    compiler.args(["-Xclang", "-ast-dump-filter=admit"]);
    compiler.arg("-I").arg(here().join("include")).arg(&source);
    let output = done(&mut compiler)?.stdout;
    let mut seen = Seen::default();
    for tree in Deserializer::from_slice(&output).into_iter::<Value>() {
        let tree = tree?;
        if tree["kind"] == "NamespaceDecl" && tree["name"] == "admit" {
            seen.namespace(&tree);
        }
    }
    if seen.items < 100 {
        return Err(format!("only {} items were seen", seen.items).into());
    }
    match seen.undocumented.is_empty() {
        true => Ok(()),
        false => Err(format!("not documented: {}", seen.undocumented.join(", ")).into()),
    }
}

#[derive(Default)]
struct Seen {
    items: usize,
    undocumented: Vec<String>,
}

impl Seen {
    /// `detail` is nobody's business; an inline namespace is part of the one around it.
    fn namespace(&mut self, tree: &Value) {
        for inner in members(tree) {
            if inner["kind"] != "NamespaceDecl" {
                self.item("admit", inner);
            } else if inner["isInline"] == true {
                self.namespace(inner);
            }
        }
    }

    fn item(&mut self, place: &str, tree: &Value) {
        let kind = tree["kind"].as_str().unwrap_or_default();
        // A template's comment is that of the class or function in it.
        if let "ClassTemplateDecl" | "FunctionTemplateDecl" = kind {
            let of = match kind {
                "ClassTemplateDecl" => ["CXXRecordDecl"].as_slice(),
                _ => &["FunctionDecl", "CXXMethodDecl", "CXXConstructorDecl"],
            };
            let mut pattern = members(tree)
                .filter(|inner| of.iter().any(|kind| inner["kind"] == *kind))
                .cloned();
            if let Some(mut pattern) = pattern.next() {
                if is_documented(tree) {
                    pattern["documented"] = true.into();
                }
                self.item(place, &pattern);
            }
            return;
        }
        let is_one = matches!(
            kind,
            "CXXRecordDecl"
                | "ClassTemplateSpecializationDecl"
                | "EnumDecl"
                | "TypeAliasDecl"
                | "FunctionDecl"
                | "CXXMethodDecl"
                | "CXXConstructorDecl"
                | "CXXConversionDecl"
                | "FieldDecl"
                | "VarDecl"
        );
        let is_a_mention = kind == "CXXRecordDecl" && tree["completeDefinition"] != true;
        let is_made = tree["isImplicit"] == true || is_a_mention;
        // Instances of a template are as their template, and have no members that were written.
        let is_instance = kind == "ClassTemplateSpecializationDecl" && !was_written(tree);
        if !is_one || is_made || is_instance || tree["explicitlyDeleted"] == true {
            return;
        }
        let name = format!("{place}::{}", tree["name"].as_str().unwrap_or("?"));
        self.items += 1;
        if !is_documented(tree) {
            self.undocumented.push(name.clone());
        }
        let mut is_public = tree["tagUsed"] == "struct";
        if !kind.contains("Record") && !kind.contains("Specialization") {
            return;
        }
        for inner in members(tree) {
            if inner["kind"] == "AccessSpecDecl" {
                is_public = inner["access"] == "public";
            } else if is_public {
                self.item(&name, inner);
            }
        }
    }
}

fn members(tree: &Value) -> impl Iterator<Item = &Value> {
    tree["inner"].as_array().into_iter().flatten()
}

fn is_documented(tree: &Value) -> bool {
    tree["documented"] == true || members(tree).any(|inner| inner["kind"] == "FullComment")
}

/// A specialization that stands in the header says where its members are made public.
fn was_written(tree: &Value) -> bool {
    members(tree).any(|inner| inner["kind"] == "AccessSpecDecl")
}

//! The header: what it declares, whether it says everything, whether every compiler takes it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use admit::{ErrorKind, FaultKind, JoinApprovers, LintAs, OnFault, Profile, Rule, WhenSilent};
use libtest_mimic::{Failed, Trial};

use crate::toolchain::{STRICT, done, here, program, said, stage};

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("header::everything_is_documented", everything_is_documented),
        Trial::test(
            "header::enumerators_are_the_engines",
            enumerators_are_the_engines,
        ),
        Trial::test(
            "header::exports_are_what_it_declares",
            exports_are_what_it_declares,
        ),
        Trial::test("header::version_is_the_crates", version_is_the_crates),
    ];
    for (compiler, language) in [
        ("gcc", "c11"),
        ("clang", "c11"),
        ("g++", "c++17"),
        ("clang++", "c++17"),
    ] {
        let name = format!("header::{compiler}_takes_it_as_{language}");
        trials.push(Trial::test(name, move || is_taken(compiler, language)));
    }
    trials
}

/// Its text.
pub(crate) fn header() -> Result<String, Failed> {
    Ok(fs::read_to_string(here().join("include/admit.h"))?)
}

/// The same without comments.
fn code() -> Result<String, Failed> {
    let header = header()?;
    let mut code = String::new();
    let mut rest = header.as_str();
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        let (_, after) = after.split_once("*/").ok_or("a comment has an end")?;
        rest = after;
    }
    code.push_str(rest);
    let lines = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// A function, as the header declares it.
pub(crate) struct Function {
    /// What it gives.
    pub(crate) gives: String,
    pub(crate) name: String,
    pub(crate) parameters: Vec<Parameter>,
}

/// A parameter: its type and its name.
pub(crate) struct Parameter {
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// All functions, in their order.
pub(crate) fn functions() -> Result<Vec<Function>, Failed> {
    let code = code()?;
    let (_, code) = code
        .split_once("extern \"C\" {\n#endif")
        .ok_or("the functions begin")?;
    let (code, _) = code
        .split_once("#ifdef __cplusplus")
        .ok_or("the functions end")?;
    let declared = code
        .split(';')
        .map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut functions = Vec::new();
    for one in declared.filter(|one| !one.is_empty()) {
        let (head, parameters) = one.split_once('(').ok_or("a parameter list")?;
        let typed = |text: &str| -> Result<(String, String), Failed> {
            let at = text.rfind([' ', '*']).ok_or("a type and a name")?;
            let (kind, name) = text.split_at(at + 1);
            Ok((kind.trim().to_owned(), name.to_owned()))
        };
        let (gives, name) = typed(head)?;
        let parameters = parameters.trim_end_matches(')');
        let parameters = match parameters {
            "void" => Vec::new(),
            some => some
                .split(", ")
                .map(|one| typed(one).map(|(kind, name)| Parameter { kind, name }))
                .collect::<Result<_, _>>()?,
        };
        functions.push(Function {
            gives,
            name,
            parameters,
        });
    }
    Ok(functions)
}

/// Every enumerator with its number.
pub(crate) fn enumerators() -> Result<BTreeMap<String, u32>, Failed> {
    let code = code()?;
    let lines = code
        .lines()
        .filter_map(|line| line.trim().split_once(" = "));
    lines
        .map(|(name, number)| Ok((name.to_owned(), number.trim_end_matches(',').parse()?)))
        .collect()
}

/// In front of whatever the header declares stands a comment.
fn everything_is_documented() -> Result<(), Failed> {
    let header = header()?;
    let (contract, rest) = header
        .split_once("#define ADMIT_H\n")
        .ok_or("an include guard")?;
    for part in [
        "Ownership",
        "Errors",
        "NULL",
        "Text",
        "Threads",
        "Option",
        "Undefined",
        "process",
        "ABI",
    ] {
        if !contract.contains(part) {
            return Err(format!("the contract says nothing of {part}").into());
        }
    }
    let mut documented = false;
    let mut inside = false;
    let mut items = 0;
    for (at, line) in rest.lines().enumerate() {
        let text = line.trim();
        if text.starts_with("/*") || inside {
            inside = !text.ends_with("*/");
            documented = !inside && !text.contains("/** */");
            continue;
        }
        let goes_on = line.starts_with("   ") || text.starts_with(['}', '{', ':']);
        let is_the_compilers = ["#if", "#else", "#endif", "#include", "extern \"C\""]
            .iter()
            .any(|start| text.starts_with(start));
        let names_an_enum =
            text.starts_with("typedef enum") || text.starts_with("typedef uint32_t");
        if text.is_empty() || goes_on || is_the_compilers || names_an_enum {
            continue;
        }
        items += 1;
        if !documented {
            return Err(format!("not documented: {text} (line {} of the rest)", at + 1).into());
        }
        documented = false;
    }
    let functions = functions()?.len();
    if items < functions + enumerators()?.len() {
        return Err(format!("only {items} items were found").into());
    }
    Ok(())
}

/// Codes come from the golden table, and what C chooses from the engine's lists, in their order.
fn enumerators_are_the_engines() -> Result<(), Failed> {
    let mut found = enumerators()?;
    let mut is = |prefix: &str, name: &str, number: u32| -> Result<(), Failed> {
        let name = name.to_uppercase().replace(['-', '.'], "_");
        let name = format!("ADMIT_{prefix}_{name}");
        match found.remove(&name) {
            Some(declared) if declared == number => Ok(()),
            declared => Err(format!("{name} is {declared:?}, not {number}").into()),
        }
    };
    is("ERROR", "none", 0)?;
    for kind in ErrorKind::ALL {
        is("ERROR", kind.as_str(), kind.code())?;
    }
    is("FAULT", "none", 0)?;
    for kind in FaultKind::ALL {
        is("FAULT", kind.as_str(), kind.code())?;
    }
    let lists: [(&str, Vec<&str>); 9] = [
        ("RULE", Rule::ALL.map(Rule::as_str).to_vec()),
        (
            "WHEN_SILENT",
            WhenSilent::ALL.map(WhenSilent::as_str).to_vec(),
        ),
        ("ON_FAULT", OnFault::ALL.map(OnFault::as_str).to_vec()),
        (
            "JOIN_APPROVERS",
            JoinApprovers::ALL.map(JoinApprovers::as_str).to_vec(),
        ),
        (
            "PROFILE",
            Profile::ALL
                .map(|profile| profile.as_str().trim_end_matches(".0"))
                .to_vec(),
        ),
        ("LINT", LintAs::ALL.map(LintAs::as_str).to_vec()),
        ("PREPARE", vec!["snapshot", "each-time"]),
        ("SEVERITY", vec!["none", "error", "warning", "note"]),
        ("OUTCOME", vec!["none", "verdict", "fault", "skipped"]),
    ];
    for (prefix, names) in lists {
        for (number, name) in (0..).zip(names) {
            is(prefix, name, number)?;
        }
    }
    let effects = [
        "none",
        "approve",
        "require-approval",
        "withhold",
        "cancel",
        "deny",
        "abstain",
    ];
    for (number, name) in (0..).zip(effects) {
        is("EFFECT", name, number)?;
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(format!("nothing says what these are: {found:?}").into()),
    }
}

/// The library exports the functions of the header, and nothing else.
fn exports_are_what_it_declares() -> Result<(), Failed> {
    let declared: BTreeSet<String> = functions()?
        .into_iter()
        .map(|function| function.name)
        .collect();
    let library = stage()?.join("lib/libadmit.so");
    let output = done(
        Command::new("nm")
            .args(["-D", "--defined-only"])
            .arg(library),
    )?
    .stdout;
    let output = String::from_utf8(output)?;
    let exported: BTreeSet<String> = output
        .lines()
        .filter_map(|line| line.split(' ').nth(2))
        .map(str::to_owned)
        .collect();
    if exported == declared {
        return Ok(());
    }
    let other: Vec<_> = exported.symmetric_difference(&declared).collect();
    Err(format!("only exported or only declared: {other:?}").into())
}

/// The macros of the version, and what the library says of itself.
fn version_is_the_crates() -> Result<(), Failed> {
    let source = stage()?.join("version.c");
    let text = "#include <admit.h>\n#include <stdio.h>\nint main(void) {\n  printf(\"%s %s %d.%d.%d %d %d %d\", \
                ADMIT_VERSION, admit_version(), ADMIT_VERSION_MAJOR, ADMIT_VERSION_MINOR, ADMIT_VERSION_PATCH,\n    \
                admit_version_number() == ADMIT_VERSION_NUMBER, admit_abi_check(ADMIT_VERSION_NUMBER),\n    \
                admit_abi_check(ADMIT_VERSION_NUMBER + 1) || admit_abi_check(ADMIT_VERSION_NUMBER + 1000000));\n  \
                return 0;\n}\n";
    fs::write(&source, text)?;
    let said = String::from_utf8(said(&program(&source)?, [""; 0])?)?;
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!("{version} {version} {version} 1 1 0");
    if said == expected {
        Ok(())
    } else {
        Err(format!("{said}, not {expected}").into())
    }
}

/// Every initialiser is used, so that one that lacks a member is a warning, and thus an error. So is a gap in
/// a struct, where a member of a later version could stand unseen.
fn is_taken(compiler: &str, language: &str) -> Result<(), Failed> {
    let mut text = String::from("#include <admit.h>\nint main(void) {\n");
    for line in header()?.lines() {
        let Some(name) = line
            .strip_prefix("#define ")
            .and_then(|line| line.split(' ').next())
        else {
            continue;
        };
        if let Some(kind) = name.strip_suffix("_INIT") {
            let kind = kind.to_lowercase();
            text.push_str(&format!(
                "  {kind}_t {kind} = {name};\n  if ({kind}.size != sizeof {kind}) return 1;\n"
            ));
        }
    }
    text.push_str("  return 0;\n}\n");
    if text.matches("_INIT").count() < 7 {
        return Err("initialisers were not found".into());
    }
    let name = format!("{compiler}-{language}").replace('+', "x");
    let suffix = if language.starts_with("c++") {
        "cpp"
    } else {
        "c"
    };
    let source = stage()?.join(format!("{name}.{suffix}"));
    fs::write(&source, text)?;
    let mut command = Command::new(compiler);
    command
        .args(STRICT)
        .arg("-Wpadded")
        .arg(format!("-std={language}"))
        .arg("-I")
        .arg(here().join("include"));
    let program = stage()?.join(name);
    command.arg(&source).arg("-o").arg(&program);
    done(&mut command)?;
    done(&mut Command::new(program))?;
    Ok(())
}

//! Calls that nobody would write. They are made of the header, so that a new function is called as well, or fails
//! these tests until it says what its arguments may be.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use admit_tests::corpus;
use libtest_mimic::{Failed, Trial};

use crate::{
    header::{Function, functions},
    programs::{approves, callout, file_of},
    sanitized::{ADDRESS, sanitized},
    toolchain::{here, stage},
};

pub(crate) fn trials() -> [Trial; 2] {
    [
        Trial::test("random::few_sequences", || calls(200, 1)),
        Trial::test("random::ten_thousand_sequences", || calls(10_000, 2)).with_ignored_flag(true),
    ]
}

/// So many sequences, watched by the sanitizers, with leaks.
fn calls(count: usize, seed: u64) -> Result<(), Failed> {
    let seed = match std::env::var("ADMIT_SEED") {
        Ok(given) => given.parse()?,
        Err(_) => seed,
    };
    let name = format!("random-{count}");
    let output = sanitized(&ADDRESS, &source(&name)?, arguments(count, seed)?)?;
    let output = String::from_utf8(output)?;
    println!("seed {seed}: {}", output.trim_end());
    match output.starts_with(&format!("{count} sequences, ")) {
        true => Ok(()),
        false => Err(output.into()),
    }
}

/// What the program takes.
pub(crate) fn arguments(count: usize, seed: u64) -> Result<Vec<OsString>, Failed> {
    let folder = stage()?.join("random");
    fs::create_dir_all(&folder)?;
    let small = approves()?;
    let set = folder.join("admit.toml");
    let component = small.file_name().ok_or("a component has a name")?;
    fs::write(
        &set,
        format!(
            "source = \"Contoso\"\n[[policy]]\nid = \"one\"\ncomponent = \"../{}\"\n",
            component.display()
        ),
    )?;
    let json = folder.join("facts.json");
    fs::write(&json, "{}")?;
    let paths = [
        small,
        file_of("seat_budget"),
        set,
        callout(),
        corpus().join("sets/contoso/hr.db"),
        json,
        folder,
    ];
    let numbers = [count.to_string().into(), seed.to_string().into()];
    Ok(numbers
        .into_iter()
        .chain(paths.map(PathBuf::into_os_string))
        .collect())
}

/// The program, written to this name.
pub(crate) fn source(name: &str) -> Result<PathBuf, Failed> {
    let functions = functions()?;
    let mut cases = String::new();
    for (number, function) in functions.iter().enumerate() {
        cases.push_str(&case(number, function)?);
    }
    let frame = fs::read_to_string(here().join("tests/programs/random.c"))?;
    let text = frame
        .replace("    /* CALLS */\n", &cases)
        .replace("below(CALLS)", &format!("below({})", functions.len()));
    let source = stage()?.join(format!("{name}.c"));
    write_if_other(&source, &text)?;
    Ok(source)
}

fn write_if_other(file: &Path, text: &str) -> Result<(), Failed> {
    if fs::read_to_string(file).ok().as_deref() != Some(text) {
        fs::write(file, text)?;
    }
    Ok(())
}

/// How seldom something is called that takes long, or leaves nothing to be called with.
fn once_in(function: &str) -> usize {
    match function {
        "admit_set_from_file" | "admit_set_check_file" => 8,
        "admit_engine_new" => 16,
        "admit_policy_from_file" | "admit_policy_from_bytes" => 4,
        "admit_engine_free" => 64,
        "admit_policy_free" | "admit_set_free" | "admit_facts_free" => 12,
        _ => 1,
    }
}

/// A case of the switch that calls a function.
fn case(number: usize, function: &Function) -> Result<String, Failed> {
    let Function {
        gives,
        name,
        parameters,
    } = function;
    let mut before = String::new();
    let mut after = String::new();
    let mut arguments = Vec::new();
    let mut judged = "judge(error, KINDS, NULL, NULL);".to_owned();
    for parameter in parameters {
        let (kind, called) = (parameter.kind.as_str(), parameter.name.as_str());
        let argument = match (kind, called) {
            (_, "policies") => {
                before.push_str("const admit_policy_t *space_of_list[3];\nsize_t list_len = 0;\n");
                before.push_str(
                    "const admit_policy_t *const *list = policies(space_of_list, &list_len);\n",
                );
                "list".into()
            }
            (_, "policy_count") => "list_len".into(),
            (_, "json_columns") => {
                before.push_str("list_t space_of_list;\nconst list_t *columns = list(&space_of_list, \"column\");\n");
                "columns->data".into()
            }
            (_, "json_column_count") => "columns->len".into(),
            ("const char *" | "const uint8_t *", _) => {
                before.push_str(&format!("input_t {called} = input(\"{called}\");\n"));
                format!("{called}.data")
            }
            ("size_t", _) if called.ends_with("_len") => {
                format!("{}.len", called.trim_end_matches("_len"))
            }
            ("const admit_limits_t *", _) => "limits_block(&space)".into(),
            ("const admit_policy_options_t *", _) => "policy_options_block(&space)".into(),
            ("const admit_set_options_t *", _) => "set_options_block(&space)".into(),
            ("const admit_file_options_t *", _) => "file_options_block(&space)".into(),
            ("const admit_evaluate_options_t *", _) => "evaluate_options_block(&space)".into(),
            ("admit_outcome_t *", _) => {
                before.push_str("admit_outcome_t outcome = ADMIT_OUTCOME_INIT;\n");
                before.push_str("void *place = block(&space, &outcome, sizeof outcome);\n");
                after.push_str("read_outcome(told, place);\n");
                "place".into()
            }
            ("admit_finding_t *", _) => {
                before.push_str("admit_finding_t finding = ADMIT_FINDING_INIT;\n");
                before.push_str("void *place = block(&space, &finding, sizeof finding);\n");
                after.push_str("read_finding(told, place);\n");
                "place".into()
            }
            // Only inside of a lookup there is one.
            ("admit_fact_answer_t *", _) => "any((enum kind)below(KINDS))".into(),
            ("admit_fact_lookup_t", _) => "wrongly_in(24) ? NULL : lookup".into(),
            ("void *", "user_data") => "user_data()".into(),
            ("admit_destroy_t", _) => "destroy".into(),
            (_, "index") => "once_in(8) ? SIZE_MAX - below(2) : below(4)".into(),
            ("uint32_t", "flags") => "(uint32_t)below(6)".into(),
            ("uint32_t", _) => "(uint32_t)below(3000000)".into(),
            ("admit_error_code_t" | "admit_fault_code_t" | "admit_lint_as_t", _) => {
                format!("({kind})(once_in(2) ? below(1000) : choice())")
            }
            _ => {
                let handle = kind
                    .trim_start_matches("const ")
                    .strip_prefix("admit_")
                    .and_then(|kind| kind.split_once("_t *"));
                match handle {
                    Some((of, "*")) if called == format!("{of}_out") => {
                        before.push_str(&format!(
                            "admit_{of}_t *const untouched = (admit_{of}_t *)(void *)&state;\n\
                             admit_{of}_t *out = untouched;\n"
                        ));
                        judged = format!("judge(error, {}, out, untouched);", of.to_uppercase());
                        "wrongly_in(24) ? NULL : &out".into()
                    }
                    Some((of, "")) if KINDS.contains(&of) => {
                        let from = if name.ends_with("_free") {
                            "taken"
                        } else {
                            "any"
                        };
                        format!("{from}({})", of.to_uppercase())
                    }
                    _ => return Err(format!("{name}: say what `{kind} {called}` may be").into()),
                }
            }
        };
        arguments.push(argument);
    }
    let call = format!("{name}({})", arguments.join(", "));
    let called = match gives.as_str() {
        "admit_error_t *" => format!("admit_error_t *error = {call};\n{judged}\n"),
        "admit_str_t" => format!("touch({call});\n"),
        "const char *" => format!("touch(str(text({call})));\n"),
        "bool" if !after.is_empty() => format!("int told = {call};\n{after}"),
        "void" => format!("{call};\n"),
        "bool" | "size_t" | "int64_t" | "uint32_t" | "admit_error_code_t" | "admit_effect_t"
        | "admit_lint_as_t" => format!("sink ^= (unsigned char){call};\n"),
        other => return Err(format!("{name} gives {other}: say how it is read").into()),
    };
    let seldom = match once_in(name) {
        1 => String::new(),
        times => format!("if (!once_in({times})) {{ break; }}\n"),
    };
    Ok(format!(
        "case {number}: {{\n{seldom}last = \"{name}\";\n{before}{called}break;\n}}\n"
    ))
}

/// The handles that the program keeps.
const KINDS: [&str; 7] = [
    "engine", "policy", "facts", "set", "report", "findings", "error",
];

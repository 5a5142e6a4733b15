//! Every function with every pointer NULL. The calls are made of the header, so that a new function is tried
//! as well, or fails this test until it says what its arguments may be.

use std::fs;

use admit_tests::{component, corpus};
use libtest_mimic::{Failed, Trial};

use crate::{
    header::{Function, functions},
    toolchain::{here, program, said, stage},
};

pub(crate) fn trials() -> [Trial; 1] {
    [Trial::test(
        "nulls::every_function_takes_null",
        every_function_takes_null,
    )]
}

fn every_function_takes_null() -> Result<(), Failed> {
    let mut calls = String::new();
    let mut count = 0_usize;
    for function in functions()? {
        let pointers: Vec<&str> = (function.parameters.iter())
            .filter(|parameter| is_pointer(&parameter.kind))
            .map(|parameter| parameter.name.as_str())
            .collect();
        // Each alone, then all of them. What ends a handle must not end those that others need.
        let mut turns: Vec<Vec<&str>> = vec![pointers.clone()];
        if pointers.len() > 1 {
            turns.extend(pointers.iter().map(|pointer| vec![*pointer]));
        }
        for nulls in turns.iter().filter(|nulls| !nulls.is_empty()) {
            calls.push_str(&call(&function, nulls)?);
            count += 1;
        }
    }
    if count < 90 {
        return Err(format!("only {count} calls were made").into());
    }
    let frame = fs::read_to_string(here().join("tests/programs/nulls.c"))?;
    let source = stage()?.join("nulls.c");
    fs::write(&source, frame.replace("  /* CALLS */\n", &calls))?;

    component("mail_needed");
    let json = stage()?.join("facts.json");
    fs::write(&json, "{}")?;
    let arguments = [
        corpus().join("components/mail_needed.wasm"),
        corpus().join("sets/rule-unanimous/admit.toml"),
        corpus().join("callouts/01-request-created.flat.json"),
        corpus().join("sets/contoso/hr.db"),
        json,
    ];
    let made = String::from_utf8(said(&program(&source)?, arguments)?)?;
    match made.parse::<usize>() {
        Ok(made) if count == made => Ok(()),
        _ => Err(format!("{made} calls, not {count}").into()),
    }
}

fn is_pointer(kind: &str) -> bool {
    kind.ends_with('*') || ["admit_fact_lookup_t", "admit_destroy_t"].contains(&kind)
}

/// A call with these parameters NULL, and what it must give.
fn call(function: &Function, nulls: &[&str]) -> Result<String, Failed> {
    let Function {
        gives,
        name,
        parameters,
    } = function;
    let mut made = String::from("  {\n");
    let mut arguments = Vec::new();
    let mut out = None;
    for parameter in parameters {
        let (kind, name) = (parameter.kind.as_str(), parameter.name.as_str());
        let of_null = |suffix: &str| {
            name.strip_suffix(suffix)
                .is_some_and(|of| nulls.contains(&of) || nulls.contains(&format!("{of}s").as_str()))
        };
        arguments.push(if nulls.contains(&name) {
            "NULL".into()
        } else if let Some(handle) = name.strip_suffix("_out") {
            made.push_str(&format!(
                "    admit_{handle}_t *out = (admit_{handle}_t *)&data;\n"
            ));
            out = Some(handle);
            "&out".into()
        } else if of_null("_len") || of_null("_count") {
            // All NULL: nothing is there. One alone: it should be.
            let is_all = nulls.len() > 1;
            if is_all { "0".into() } else { "5".into() }
        } else {
            good(&function.name, kind, name)?
        });
    }
    let shown = format!("{name} with {} NULL", nulls.join(", "));
    let made_call = format!("{name}({})", arguments.join(", "));
    let optional = ["options", "limits", "user_data", "destroy"];
    let is_taken = nulls.iter().all(|name| optional.contains(name));
    let holds = match (gives.as_str(), is_taken) {
        ("admit_error_t *", true) => {
            made.push_str(&format!(
                "    int holds = is({made_call}, ADMIT_ERROR_NONE);\n"
            ));
            if let Some(handle) = out {
                made.push_str(&format!("    admit_{handle}_free(out);\n"));
            }
            "holds".to_owned()
        }
        ("admit_error_t *", false) => {
            made.push_str(&format!(
                "    int holds = is({made_call}, ADMIT_ERROR_ARGUMENT);\n"
            ));
            match out {
                // Outputs are written on success alone.
                Some(_) => "holds && (void *)out == (void *)&data".to_owned(),
                None => "holds".to_owned(),
            }
        }
        ("admit_str_t", _) => format!("{made_call}.data == NULL"),
        ("void", _) => {
            made.push_str(&format!("    {made_call};\n"));
            "1".to_owned()
        }
        ("bool" | "size_t" | "int64_t" | "uint32_t", _) => format!("{made_call} == 0"),
        (kind, _) if kind.starts_with("admit_") => format!("{made_call} == 0"),
        (other, _) => return Err(format!("{name} gives {other}: say what NULL comes to").into()),
    };
    made.push_str(&format!("    expect({holds}, \"{shown}\");\n  }}\n"));
    Ok(made)
}

/// An argument that the function takes.
fn good(function: &str, kind: &str, name: &str) -> Result<String, Failed> {
    let path = match function {
        "admit_policy_from_file" => "component_path",
        "admit_facts_add_json_file" => "json_path",
        "admit_facts_add_sqlite" => "database_path",
        _ => "set_path",
    };
    let query = "select 1 as one where ?1 = ''";
    let argument = match (kind, name) {
        (_, "path") => path.into(),
        (_, "path_len") => format!("strlen({path})"),
        (_, "id" | "source" | "collection" | "message") => "\"one\"".into(),
        (_, "id_len" | "source_len" | "collection_len" | "message_len") => "3".into(),
        (_, "json") => "\"{}\"".into(),
        (_, "json_len") => "2".into(),
        (_, "query") => format!("\"{query}\""),
        (_, "query_len") => query.len().to_string(),
        (_, "json_columns") => "columns".into(),
        (_, "json_column_count" | "policy_count") => "1".into(),
        (
            _,
            "policies" | "limits" | "lookup" | "destroy" | "component" | "component_len"
            | "callout" | "callout_len",
        ) if kind != "const admit_limits_t *" => name.into(),
        (_, "document") => "callout".into(),
        (_, "document_len") => "callout_len".into(),
        (_, "user_data") => "&data".into(),
        ("const admit_limits_t *", _) => "&limits".into(),
        ("const admit_policy_options_t *", _) => "&policy_options".into(),
        ("const admit_set_options_t *", _) => "&set_options".into(),
        ("const admit_file_options_t *", _) => "&file_options".into(),
        ("const admit_evaluate_options_t *", _) => "&evaluate_options".into(),
        ("admit_outcome_t *", _) => "&outcome".into(),
        ("admit_finding_t *", _) => "&finding".into(),
        // Only inside of a lookup there is one.
        ("admit_fact_answer_t *", _) => "NULL".into(),
        (_, "engine" | "policy" | "facts" | "set" | "report" | "findings" | "error") => name.into(),
        (_, "index" | "flags" | "kind" | "code") => "0".into(),
        _ => return Err(format!("{function}: say what `{kind} {name}` may be").into()),
    };
    Ok(argument)
}

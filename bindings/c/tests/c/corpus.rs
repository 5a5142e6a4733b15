//! Every case of the corpus gives its report in C: the same bytes as in Rust.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use admit_tests::{Case, cases, comparable};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::toolchain::{program_of, said};

pub(crate) fn trials() -> Vec<Trial> {
    let mut by_set: BTreeMap<PathBuf, Vec<Case>> = BTreeMap::new();
    for case in cases() {
        by_set.entry(case.set.clone()).or_default().push(case);
    }
    let mut trials = Vec::new();
    for cases in by_set.into_values() {
        let cases = Arc::new(cases);
        let reports: Arc<OnceLock<Result<Vec<Fields>, String>>> = Arc::default();
        for index in 0..cases.len() {
            let Some(case) = cases.get(index) else {
                continue;
            };
            let (name, cases, reports) = (
                format!("corpus::{}", case.name),
                Arc::clone(&cases),
                Arc::clone(&reports),
            );
            trials.push(Trial::test(name, move || {
                let reports =
                    reports.get_or_init(|| run(&cases).map_err(|failed| text_of(&failed)));
                let case = cases.get(index).ok_or("a case")?;
                let report = reports.as_ref()?.get(index).ok_or("a report")?;
                judge(case, report.clone())
            }));
        }
    }
    trials
}

fn text_of(failed: &Failed) -> String {
    failed.message().unwrap_or_default().to_owned()
}

/// The cases of one set, by one process that loads it once.
fn run(cases: &[Case]) -> Result<Vec<Fields>, Failed> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let program = PROGRAM
        .get_or_init(|| program_of("tests/programs", "corpus").map_err(|failed| text_of(&failed)));
    let program: &Path = program.as_ref()?;
    let set = cases.first().ok_or("no cases")?.set.clone();
    let mut arguments = vec![set.into_os_string()];
    for case in cases {
        arguments.push(case.callout.clone().into_os_string());
        let now: jiff::Timestamp = case.now.parse()?;
        arguments.push(now.as_microsecond().to_string().into());
    }
    let output = said(program, arguments)?;
    let mut rest = output.as_slice();
    let mut reports = Vec::new();
    while !rest.is_empty() {
        let (fields, after) = Fields::read(rest)?;
        reports.push(fields);
        rest = after;
    }
    if reports.len() == cases.len() {
        Ok(reports)
    } else {
        Err(format!("{} reports of {} cases", reports.len(), cases.len()).into())
    }
}

/// What a program has written of one report, field by field; none where there was no text.
#[derive(Clone)]
struct Fields(std::vec::IntoIter<Option<String>>);

impl Fields {
    fn read(mut from: &[u8]) -> Result<(Self, &[u8]), Failed> {
        let mut fields = Vec::new();
        loop {
            if let Some(rest) = from.strip_prefix(b"\n") {
                return Ok((Self(fields.into_iter()), rest));
            }
            let colon = from
                .iter()
                .position(|byte| *byte == b':')
                .ok_or("a field has a length")?;
            let (length, rest) = from.split_at(colon);
            let rest = rest.get(1..).ok_or("a field has a colon")?;
            if length == b"-" {
                fields.push(None);
                from = rest;
                continue;
            }
            let length: usize = str::from_utf8(length)?.parse()?;
            let (field, rest) = rest
                .split_at_checked(length)
                .ok_or("a field is as long as it says")?;
            fields.push(Some(String::from_utf8(field.to_vec())?));
            from = rest;
        }
    }

    fn text(&mut self) -> Result<Option<String>, Failed> {
        Ok(self.0.next().ok_or("a field is missing")?)
    }

    fn number(&mut self) -> Result<i64, Failed> {
        Ok(self.text()?.ok_or("a number is missing")?.parse()?)
    }
}

/// Holds the report against the expectation, and what the functions said against the report.
fn judge(case: &Case, mut said: Fields) -> Result<(), Failed> {
    let json = said.text()?.ok_or("no report")?;
    let (found, expected) = (comparable(&json), fs::read_to_string(&case.expect)?);
    same("report", &found, &expected)?;
    let report: Value = serde_json::from_str(&json)?;
    let text = |pointer: &str| {
        report
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };

    same(
        "effect",
        &said.number()?,
        &effect(text("/decision/effect").as_deref())?,
    )?;
    same("key", &said.text()?, &text("/key"))?;
    let now: jiff::Timestamp = case.now.parse()?;
    same("now_us", &said.number()?, &now.as_microsecond())?;
    same("method", &said.text()?, &text("/answer/method"))?;
    same("path", &said.text()?, &text("/answer/path"))?;
    let body = said.text()?;
    match (&body, report.pointer("/answer/body")) {
        (None, None) => {}
        // As it stands in the report, byte for byte.
        (Some(body), Some(expected)) if json.contains(&format!("\"body\":{body}}}")) => {
            same("body", &serde_json::from_str::<Value>(body)?, expected)?;
        }
        (body, expected) => return Err(format!("body {body:?}, in the report {expected:?}").into()),
    }
    same("no_answer_code", &said.text()?, &text("/noAnswer/code"))?;
    same("no_answer_detail", &said.text()?, &text("/noAnswer/detail"))?;

    let none = Vec::new();
    let outcomes = report
        .pointer("/outcomes")
        .and_then(Value::as_array)
        .unwrap_or(&none);
    same(
        "outcome_count",
        &said.number()?,
        &i64::try_from(outcomes.len())?,
    )?;
    for outcome in outcomes {
        let text = |pointer: &str| {
            outcome
                .pointer(pointer)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        same("policy", &said.text()?, &text("/policy"))?;
        let kinds = ["verdict", "fault", "skipped"];
        let kind = kinds
            .iter()
            .position(|kind| outcome.get(*kind).is_some())
            .ok_or("a kind")?;
        same("kind", &said.number()?, &i64::try_from(kind + 1)?)?;
        same(
            "verdict",
            &said.number()?,
            &effect(text("/verdict/effect").as_deref())?,
        )?;
        let fault = text("/fault/kind");
        let code = admit::FaultKind::ALL
            .iter()
            .find(|kind| Some(kind.as_str()) == fault.as_deref());
        same(
            "fault",
            &said.number()?,
            &code.map_or(0, |kind| kind.code().into()),
        )?;
        let why = text("/verdict/code").or(fault).or_else(|| text("/skipped"));
        same("code", &said.text()?, &why)?;
        let detail = text("/verdict/detail")
            .or_else(|| text("/fault/detail"))
            .unwrap_or_default();
        same("detail", &said.text()?, &Some(detail))?;
        // Of a policy that was not asked the report says nothing, and it has read nothing.
        let reads = outcome
            .get("reads")
            .and_then(Value::as_array)
            .unwrap_or(&none);
        same("read_count", &said.number()?, &i64::try_from(reads.len())?)?;
        for read in reads {
            same("read", &said.text()?.as_deref(), &read.as_str())?;
        }
    }
    match said.0.next() {
        None => Ok(()),
        more => Err(format!("said more: {more:?}").into()),
    }
}

/// The number of an effect's name.
fn effect(name: Option<&str>) -> Result<i64, Failed> {
    Ok(match name {
        None => 0,
        Some("approve") => 1,
        Some("require-approval") => 2,
        Some("withhold") => 3,
        Some("cancel") => 4,
        Some("deny") => 5,
        Some("abstain") => 6,
        Some(other) => return Err(format!("the effect {other}").into()),
    })
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: found {found:#?}\nexpected {expected:#?}").into())
}

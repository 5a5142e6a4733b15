//! `admit test`: a policy's cases.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs,
    path::{Path, PathBuf},
};

use admit::{Callout, CodeCache, FileOptions, PolicySet, Prepare, Report, Schema};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Failure, build, eval, exit::Exit, output};

/// Build a policy and run its cases.
///
/// The cases stand in `tests/cases`, each a folder with `case.toml`, which names a set of `tests/sets`
/// and a callout, and `expect.json`: the members of the JSON report that must be as they stand there.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  admit test                (in the folder of a policy)
  admit test --bless        (writes what comes out into expect.json: the diff is yours to review)")]
pub(crate) struct Args {
    /// The policy's folder; or any folder with `cases` and `sets`, where nothing is built.
    #[arg(default_value = ".")]
    path: PathBuf,

    /// Only cases whose name has this in it.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,

    /// Write what comes out into `expect.json`: the members that it has, and for new cases `decision`
    /// and `answer`.
    #[arg(long)]
    bless: bool,

    #[command(flatten)]
    tools: build::Tools,
}

/// `case.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[expect(dead_code, reason = "read by people; must be there")]
    description: String,
    /// A folder of `sets`.
    set: String,
    /// The callout's file, from the folder that holds `cases`.
    callout: PathBuf,
    /// The instant.
    now: Timestamp,
    /// How `admit eval` exits.
    exit: Option<u8>,
    /// A body that is the answer's, beside this file.
    body: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Exit {
    match test(args) {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn test(args: &Args) -> Result<Exit, Failure> {
    let is_policy = args.path.join("policy.toml").is_file();
    let corpus = if is_policy {
        // The sets of the cases name it there.
        let folder = args.path.strip_prefix(".").unwrap_or(&args.path);
        build::build(&args.path, &args.tools, |name| folder.join(name))?;
        args.path.join("tests")
    } else {
        args.path.clone()
    };
    let cases = cases(&corpus, args.case.as_deref())?;
    let mut sets = Sets {
        folder: corpus.join("sets"),
        cache: args.tools.cache.open(),
        loaded: BTreeMap::new(),
    };
    let mut failed = 0;
    for (name, folder) in &cases {
        let problems = run_case(&corpus, folder, args.bless, &mut sets)?;
        if problems.is_empty() {
            output::say(&format!("ok     {name}"));
            continue;
        }
        failed += 1;
        output::say(&format!("{}FAILED{:#} {name}", output::RED, output::RED));
        for line in problems.iter().flat_map(|problem| problem.lines()) {
            output::say(&output::clean(&format!("  {line}")));
        }
    }
    let (all, cases) = (cases.len(), if cases.len() == 1 { "case" } else { "cases" });
    output::say(&match failed {
        0 => format!("{all} {cases}, all as expected"),
        failed => format!("{all} {cases}, {failed} not as expected"),
    });
    Ok(match failed {
        0 => Exit::Approve,
        _ => Exit::Findings,
    })
}

/// The folders of cases, by name.
fn cases(corpus: &Path, part: Option<&str>) -> Result<Vec<(String, PathBuf)>, Failure> {
    let folder = corpus.join("cases");
    let entries = fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))?;
    let mut cases = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() && part.is_none_or(|part| name.contains(part)) {
            cases.push((name, path));
        }
    }
    cases.sort();
    if cases.is_empty() {
        let which = part
            .map(|part| format!(" with `{part}` in its name"))
            .unwrap_or_default();
        return Err(Failure(
            Exit::Other,
            format!(": {}: there is no case{which}", folder.display()),
        ));
    }
    Ok(cases)
}

/// Runs one case. Gives what is not as expected.
fn run_case(
    corpus: &Path,
    folder: &Path,
    bless: bool,
    sets: &mut Sets,
) -> Result<Vec<String>, Failure> {
    let path = folder.join("case.toml");
    let case: CaseFile = toml::from_str(&read(&path)?).map_err(|error| {
        Failure(
            Exit::Other,
            format!(": {}: {}", path.display(), error.to_string().trim()),
        )
    })?;
    let set = sets.get(&case.set)?;
    let file = corpus.join(&case.callout);
    let payload = fs::read(&file).map_err(|error| unreadable(&file, &error))?;
    let callout = Callout::parse(&payload)
        .map_err(|error| Failure::from(error.within(&file.display().to_string())))?;
    let report = set.evaluate(&callout, case.now);

    let mut problems = Vec::new();
    let exit = eval::exit(&report) as u8;
    if let Some(expected) = case.exit.filter(|expected| *expected != exit) {
        problems.push(format!("exit code: {expected} in case.toml, {exit} found"));
    }
    if let Some(body) = &case.body {
        let expected: Value = parse(&folder.join(body))?;
        let found = report.resume().map(|answer| answer.body());
        let found: Option<Value> = found.and_then(|body| serde_json::from_str(&body).ok());
        problems.extend(difference("answer's body", Some(&expected), found.as_ref()));
    }
    problems.extend(compare(&folder.join("expect.json"), &report, bless)?);
    Ok(problems)
}

/// The sets of the cases, each loaded once.
struct Sets {
    folder: PathBuf,
    cache: Option<CodeCache>,
    loaded: BTreeMap<String, PolicySet>,
}

impl Sets {
    fn get(&mut self, name: &str) -> Result<&PolicySet, Failure> {
        let options = FileOptions {
            prepare: Prepare::EachTime,
            cache: self.cache.clone(),
            ..FileOptions::default()
        };
        Ok(match self.loaded.entry(name.to_owned()) {
            Entry::Occupied(set) => set.into_mut(),
            Entry::Vacant(place) => {
                let file = self.folder.join(name).join("admit.toml");
                place.insert(PolicySet::from_file_with(file, options)?)
            }
        })
    }
}

/// What a new `expect.json` holds.
const BLESSED: [&str; 2] = ["decision", "answer"];

/// Holds a report against what is expected of it.
fn compare(path: &Path, report: &Report, bless: bool) -> Result<Vec<String>, Failure> {
    let found = comparable(&report.to_json());
    let mut expected: Map<String, Value> = match path.exists() {
        true => parse(path)?,
        false if bless => (BLESSED.iter())
            .map(|name| ((*name).to_owned(), Value::Null))
            .collect(),
        false => {
            let name = path.display();
            return Ok(vec![format!(
                "{name}: there is no such file; --bless writes it"
            )]);
        }
    };
    let members = Schema::Report.to_json();
    let members: Value = serde_json::from_str(&members).unwrap_or_default();
    let is_member = |name: &str| {
        members
            .pointer("/properties")
            .is_some_and(|all| all.get(name).is_some())
    };
    if let Some(name) = expected.keys().find(|name| !is_member(name)) {
        let file = path.display();
        return Ok(vec![format!("{file}: a report has no member `{name}`")]);
    }
    if expected.is_empty() {
        let file = path.display();
        return Ok(vec![format!(
            "{file}: expects nothing; take it away and --bless writes it"
        )]);
    }
    if bless {
        // What this report has not is not expected of it.
        expected.retain(|name, _| found.contains_key(name));
        for (name, value) in &mut expected {
            value.clone_from(found.get(name).unwrap_or(&Value::Null));
        }
        let text = pretty(&Value::Object(expected)) + "\n";
        fs::write(path, text).map_err(|error| {
            Failure(
                Exit::Other,
                format!(": {}: cannot be written: {error}", path.display()),
            )
        })?;
        return Ok(Vec::new());
    }
    Ok((expected.iter())
        .filter_map(|(name, value)| difference(name, Some(value), found.get(name)))
        .collect())
}

/// A report's members, without what depends on the compiler that built the policies: their digests and
/// the fuel that they use.
fn comparable(report: &str) -> Map<String, Value> {
    let mut report: Map<String, Value> = serde_json::from_str(report).unwrap_or_default();
    let outcomes = report.get_mut("outcomes").and_then(Value::as_array_mut);
    for outcome in outcomes.into_iter().flatten() {
        for (at, mask) in [("/sha256", "(of the component)"), ("/usage/fuel", "(some)")] {
            if let Some(value) = outcome.pointer_mut(at) {
                *value = mask.into();
            }
        }
    }
    report
}

/// The lines that differ, if any do.
fn difference(name: &str, expected: Option<&Value>, found: Option<&Value>) -> Option<String> {
    if expected == found {
        return None;
    }
    let text = |value: Option<&Value>| value.map_or_else(String::new, |value| pretty(value) + "\n");
    let (expected, found) = (text(expected), text(found));
    let diff = similar::TextDiff::from_lines(&expected, &found);
    let diff = diff.unified_diff().context_radius(2).to_string();
    Some(format!(
        "{name}: - is expected, + was found\n{}",
        diff.trim_end()
    ))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    serde_json::from_str(&read(path)?)
        .map_err(|error| Failure(Exit::Other, format!(": {}: {error}", path.display())))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure(
        Exit::Other,
        format!(": {}: cannot be read: {error}", path.display()),
    )
}

//! Check says of every set of `corpus/check` what stands beside it, no more and no less, and agrees
//! with loading.
//!
//! `BLESS=1` rewrites the expectations; the diff is the review.

#![expect(clippy::expect_used, reason = "tests say what must hold by failing")]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use admit::{ErrorKind, Facts, FileOptions, PolicySet, Prepare, SetFinding, SetRule, Severity};
use admit_tests::{build_components, cases, corpus, golden};
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

fn main() {
    let arguments = Arguments::from_args();
    let sets = Arc::new(Sets::new());
    let mut trials = Vec::new();
    for name in sets.names.clone() {
        let of = Arc::clone(&sets);
        trials.push(Trial::test(name.clone(), move || of.expected(&name)));
    }
    let of = Arc::clone(&sets);
    trials.push(Trial::test("rules", move || rules(&of)));
    trials.push(Trial::test("loading", move || loading(&sets)));
    libtest_mimic::run(&arguments, trials).exit();
}

/// The sets, with all that they name in one folder.
struct Sets {
    folder: TempDir,
    names: BTreeSet<String>,
}

impl Sets {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let source = corpus().join("check");
        let put = |file: &Path| {
            let name = file.file_name().expect("a name");
            fs::copy(file, folder.path().join(name)).expect("a copy");
        };
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(&source).expect("the sets") {
            let file = entry.expect("an entry").path();
            if file.is_file() {
                put(&file);
            }
            if file.extension().is_some_and(|it| it == "toml") {
                let name = file.file_stem().expect("a name");
                names.insert(name.to_string_lossy().into_owned());
            }
        }
        for file in build_components().values() {
            put(file);
        }
        let guest = admit_build::build(&source.join("guest/policy.wat"), &Default::default());
        let guest = guest.expect("the guest").component;
        fs::write(folder.path().join("guest.wasm"), guest).expect("the guest's file");
        Self { folder, names }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.toml"))
    }

    fn expected(&self, name: &str) -> Result<(), Failed> {
        let folder = format!("{}/", self.folder.path().display());
        let found = PolicySet::check_file(self.file(name), FileOptions::default());
        let found = told(&found).replace(&folder, "");
        Ok(golden(&expectation(name), &found)?)
    }
}

fn expectation(name: &str) -> PathBuf {
    corpus().join(format!("check/{name}.expect"))
}

/// Findings as text, without digests of components, which change with the compiler.
fn told(findings: &[SetFinding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let (severity, code) = (finding.severity, finding.code);
        let policy = finding.policy.as_deref().unwrap_or("the set");
        let place = finding.place.as_deref().unwrap_or("nowhere");
        let mut problem = finding.problem.clone();
        if let Some((_, digest)) = problem.split_once("the component's SHA-256 is ") {
            let digest = digest.split(';').next().unwrap_or_default().to_owned();
            problem = problem.replace(&digest, "(its own)");
        }
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "{severity} {code} in {policy} at {place}\n  {problem}"
        );
        if let Some(instead) = &finding.instead {
            let _ = writeln!(text, "  instead: {instead}");
        }
    }
    if text.is_empty() {
        text.push_str("nothing\n");
    }
    text
}

/// Each rule is shown by a set; its code is a name of its own, and not an error's.
fn rules(sets: &Sets) -> Result<(), Failed> {
    let mut shown = String::new();
    for name in &sets.names {
        shown += &fs::read_to_string(expectation(name))?;
    }
    let mut codes: BTreeSet<_> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    for rule in SetRule::ALL {
        let code = rule.code;
        if !shown.contains(&format!("{} {code} in ", rule.severity)) {
            return Err(format!("no set shows {code}").into());
        }
        if rule.severity == Severity::Error || !codes.insert(code) {
            return Err(format!("{code} is an error, or stands twice").into());
        }
        if !(code.bytes()).all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            return Err(format!("`{code}` is not in kebab-case").into());
        }
    }
    Ok(())
}

/// What loads has no errors, what does not has the same one first, and a loaded set has the same
/// doubts: for the sets of this corpus and of its cases.
fn loading(sets: &Sets) -> Result<(), Failed> {
    let files: BTreeSet<_> = (sets.names.iter().map(|name| sets.file(name)))
        .chain(cases().into_iter().map(|case| case.set))
        .collect();
    for file in files {
        // Sooner done, and the expectations have what it leaves out.
        let mut given = FileOptions::from(Prepare::EachTime);
        if fs::read_to_string(&file)?.contains("\nhost = true\n") {
            let load = PolicySet::from_file(&file).expect_err("the host gives nothing");
            if load.kind() != ErrorKind::Set && load.kind() != ErrorKind::FactSource {
                return Err(format!("{}: {load}", file.display()).into());
            }
            given.facts = Facts::new().with("seats", |_: &str| Ok::<_, std::io::Error>(None));
        }
        let mut checked = PolicySet::check_file(&file, given.clone());
        match PolicySet::from_file_with(&file, given) {
            Ok(set) => {
                for finding in &mut checked {
                    finding.place = None;
                }
                if checked != set.findings() {
                    return Err(format!("{}: {checked:#?}", file.display()).into());
                }
            }
            Err(error) => {
                let first = checked.first().ok_or("nothing is wrong")?;
                if *first != SetFinding::from(error)
                    || checked.iter().any(|one| one.severity != Severity::Error)
                {
                    return Err(format!("{}: {checked:#?}", file.display()).into());
                }
            }
        }
    }
    Ok(())
}

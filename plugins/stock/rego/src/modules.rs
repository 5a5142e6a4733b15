//! From the text of modules to an engine that has read them, or to what is wrong with them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use admit_policy::{Callout, Settings};
use regorus::{Engine, Value};

use crate::{
    answer::Rule,
    input,
    scan::{Name, Role, names},
    time,
};

/// The package whose rules are asked for.
const PACKAGE: &str = "data.admit";

/// Functions of Rego that a policy cannot have, by how their names begin, and why.
const REFUSED: [(&str, &str); 8] = [
    (
        "time.now_ns",
        "a policy has no clock; the instant is `input.now`",
    ),
    ("time.", "there are no time zones and no layouts here"),
    ("rand.", "a policy has no randomness"),
    ("uuid.", "a policy has no randomness"),
    (
        "http.",
        "a policy has no network; facts are looked up with `admit.fact`",
    ),
    ("net.", "a policy has no network"),
    ("opa.", "a policy has no environment"),
    ("", "there is no such function"),
];

/// An engine with data and with the functions that Rego has here.
pub(crate) fn engine(
    settings: &Settings,
    data: &Value,
    asks: Arc<OnceLock<Callout>>,
) -> Result<Engine, String> {
    if data["admit"] != Value::Undefined {
        return Err(settings.error("/data", "has a member `admit`, where the rules are"));
    }
    let mut engine = Engine::new();
    // An error in a builtin is an error of the rule, not an undefined result.
    engine.set_strict_builtin_errors(true);
    engine.set_gather_prints(true);
    let fact = move |arguments: Vec<Value>| {
        let [Value::String(collection), Value::String(key)] = arguments.as_slice() else {
            anyhow::bail!("`admit.fact` takes a collection and a key, both of them texts");
        };
        // There is no callout yet while the engine warms up.
        let found = asks
            .get()
            .and_then(|callout| callout.fact(collection, key).lookup());
        found.map_or(Ok(Value::Undefined), |value| {
            input::json(&value).map_err(anyhow::Error::msg)
        })
    };
    engine
        .add_extension("admit.fact".into(), 2, Box::new(fact))
        .and_then(|()| time::add_to(&mut engine))
        .and_then(|()| match data {
            Value::Undefined => Ok(()),
            data => engine.add_data(data.clone()),
        })
        .map_err(|error| error.to_string())?;
    Ok(engine)
}

/// A module of the settings.
struct Module<'m> {
    name: &'m str,
    text: &'m str,
    /// Such as `data.admit`.
    package: String,
    names: Vec<Name<'m>>,
}

impl Module<'_> {
    /// A problem of a name in the module, with the line in which it stands.
    fn problem(&self, name: Name<'_>, problem: String) -> String {
        let before = self.text.get(..name.at).unwrap_or_default();
        let place = Place {
            module: self.name.into(),
            line: before.matches('\n').count() + 1,
            column: before
                .rsplit('\n')
                .next()
                .unwrap_or_default()
                .chars()
                .count()
                + 1,
        };
        let place = Some(place);
        Problem { place, problem }.shown(self.text)
    }
}

/// Reads the modules, and gives the rules that are there, the most severe first.
pub(crate) fn read(
    engine: &mut Engine,
    settings: &Settings,
    texts: &Value,
) -> Result<Vec<Rule>, String> {
    let mut modules = Vec::new();
    let Ok(texts) = texts.as_object() else {
        return Err(settings.error("/modules", "there are none"));
    };
    for (name, text) in texts.iter_sorted() {
        let (Value::String(name), Value::String(text)) = (name, text) else {
            return Err(settings.error("/modules", "a module that is no text"));
        };
        let package = engine
            .add_policy(name.to_string(), text.to_string())
            .map_err(|error| Problem::of(&error, engine).shown(text))?;
        modules.push(Module {
            name,
            text,
            package,
            names: names(text),
        });
    }
    let rules = Rule::ALL.into_iter().filter(|rule| {
        (modules.iter())
            .any(|module| module.package == PACKAGE && declares(engine, module, rule.name()))
    });
    let rules: Vec<_> = rules.collect();
    if rules.is_empty() {
        let known = Rule::ALL.map(Rule::name).join(", ");
        let problem = format!("package `admit` has none of the rules {known}");
        return Err(settings.error("/modules", &problem));
    }
    for rule in &rules {
        // What is compiled is of no use; that it can be is.
        if let Err(error) = engine.compile_with_entrypoint(&rule.path().into()) {
            let problem = Problem::of(&error, engine);
            let module = modules.iter().find(|module| problem.is_in(module.name));
            return Err(match module {
                Some(module) => problem.shown(module.text),
                None => format!("the rule `{}`: {}", rule.name(), problem.line()),
            });
        }
    }
    refuse_unused(engine, &modules)?;
    refuse_unknown(engine, &modules)?;
    Ok(rules)
}

fn declares(engine: &Engine, module: &Module<'_>, rule: &str) -> bool {
    // An error is that of a name that no rule can have.
    engine
        .has_declared_rule_rooted_at(module.name, rule)
        .unwrap_or(false)
}

/// Refuses rules of the package that nothing asks for: `denny` would never be heard.
fn refuse_unused(engine: &Engine, modules: &[Module<'_>]) -> Result<(), String> {
    let mut used: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    for name in modules.iter().flat_map(|module| &module.names) {
        if name.role != Role::Head {
            used.extend(name.path.split('.'));
        }
    }
    for module in modules.iter().filter(|module| module.package == PACKAGE) {
        for name in &module.names {
            let root = name.path.split('.').next().unwrap_or_default();
            if name.role == Role::Head && !used.contains(root) && declares(engine, module, root) {
                let known = Rule::ALL.map(Rule::name).join(", ");
                return Err(module.problem(
                    *name,
                    format!("nothing uses `{root}`; the rules that are asked for are {known}"),
                ));
            }
        }
    }
    Ok(())
}

/// Refuses calls of functions that there are not, which would fail when they are reached.
fn refuse_unknown(engine: &Engine, modules: &[Module<'_>]) -> Result<(), String> {
    // What is called, by package. The engine tells by calling it without arguments, in a module of
    // its own.
    let mut calls: BTreeMap<&str, BTreeMap<&str, (&Module<'_>, Name<'_>)>> = BTreeMap::new();
    for module in modules {
        let aliases: BTreeSet<_> = (module.names.iter())
            .filter(|name| name.role == Role::Alias)
            .filter_map(|name| name.path.rsplit('.').next())
            .collect();
        for name in module.names.iter().filter(|name| name.role == Role::Call) {
            let root = name.path.split('.').next().unwrap_or_default();
            // What an alias stands for may be in another package.
            if root != "data" && !aliases.contains(root) {
                let calls = calls.entry(&module.package).or_default();
                calls.entry(name.path).or_insert((module, *name));
            }
        }
    }
    for (package, calls) in calls {
        let mut engine = engine.clone();
        let mut text = package.replacen("data.", "package ", 1);
        for (index, path) in calls.keys().enumerate() {
            text.push_str(&format!("\ncalls_{index} := {path}()"));
        }
        // A package whose name must be quoted cannot be asked so.
        if engine.add_policy("calls".into(), text).is_err() {
            continue;
        }
        for (index, (path, (module, name))) in calls.into_iter().enumerate() {
            let called = engine.eval_rule(format!("{package}.calls_{index}"));
            let Err(error) = called else { continue };
            if error.to_string().contains("could not find function") {
                let why = REFUSED.iter().find(|(start, _)| path.starts_with(start));
                let why = why.map_or("", |(_, why)| why);
                return Err(module.problem(name, format!("no function `{path}`: {why}")));
            }
        }
    }
    Ok(())
}

/// Where something is wrong.
struct Place {
    module: String,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
}

/// What is wrong.
pub(crate) struct Problem {
    place: Option<Place>,
    problem: String,
}

impl Problem {
    /// Reads an error of the engine, which has the form of `\n--> FILE:LINE:COLUMN`, the line with a
    /// caret below, and `error: ` with what is wrong.
    pub(crate) fn of(error: &anyhow::Error, engine: &Engine) -> Self {
        let error = error.to_string();
        let told = error.strip_prefix("\n--> ").and_then(|told| {
            let (place, told) = told.split_once('\n')?;
            let (_, problem) = told.split_once("\nerror: ")?;
            let mut parts = place.rsplitn(3, ':');
            let column: usize = parts.next()?.parse().ok()?;
            let line: usize = parts.next()?.parse().ok()?;
            let module = parts.next()?;
            let sources = engine.get_policies().unwrap_or_default();
            let source = sources.iter().find(|source| source.get_path() == module);
            let text = source.and_then(|source| source.get_contents().lines().nth(line - 1));
            let place = Place {
                module: module.into(),
                line,
                column: text.map_or(column, |text| characters(text, column)),
            };
            // Another place may follow, of what called it.
            let problem = problem.split("\n--> ").next()?.trim();
            Some((place, problem.to_owned()))
        });
        match told {
            Some((place, problem)) => Self {
                place: Some(place),
                problem,
            },
            // A rule of which there are only members.
            None if error == "not a valid rule path" => Self {
                place: None,
                problem: "has members, such as `deny.a`, and no value; write `deny contains ...`"
                    .into(),
            },
            None => Self {
                place: None,
                problem: error.trim().into(),
            },
        }
    }

    fn is_in(&self, module: &str) -> bool {
        (self.place.as_ref()).is_some_and(|place| place.module == module)
    }

    /// In one line.
    pub(crate) fn line(&self) -> String {
        match &self.place {
            None => self.problem.clone(),
            Some(Place {
                module,
                line,
                column,
            }) => {
                format!("{module}:{line}:{column}: {}", self.problem)
            }
        }
    }

    /// With the line of the module in which it is, and a caret below it.
    fn shown(&self, text: &str) -> String {
        let mut shown = self.line();
        if let Some(Place { line, column, .. }) = &self.place
            && let Some(text) = text.lines().nth(line.saturating_sub(1))
        {
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            let blank = |char| if char == '\t' { '\t' } else { ' ' };
            let before: String = text.chars().take(column - 1).map(blank).collect();
            shown.push_str(&format!("\n{number} | {text}\n{margin} | {before}^"));
        }
        shown
    }
}

/// The engine counts a tab as four columns; this counts characters.
fn characters(line: &str, column: usize) -> usize {
    let mut left = column.saturating_sub(1);
    let passed = line.chars().take_while(|char| {
        let width = if *char == '\t' { 4 } else { 1 };
        let fits = left >= width;
        left = left.saturating_sub(width);
        fits
    });
    passed.count() + 1
}

//! Decides by rules in Rego, which stand in its settings.

mod answer;
mod approval;
mod input;
mod modules;
mod scan;
mod time;

use std::{
    cell::RefCell,
    sync::{Arc, OnceLock},
};

use admit_policy::{Callout, Policy, Settings, Verdict, log, policy};
use regorus::{Engine, Value};

use crate::{answer::Rule, input::Fact, modules::Problem};

/// The policy: an engine that has read the rules.
pub struct Rego {
    engine: RefCell<Engine>,
    /// The rules that are there, the most severe first.
    rules: Vec<Rule>,
    facts: Vec<Fact>,
    /// What to say when none of them holds.
    when_undefined: fn(&'static str, &'static str) -> Verdict,
    /// The callout that `admit.fact` asks for; set by `evaluate`.
    asks: Arc<OnceLock<Callout>>,
}

impl Policy for Rego {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let document = input::json(&settings.document())?;
        let facts = input::facts(settings, &document["facts"])?;
        let when_undefined = match settings.text("/when-undefined").as_deref() {
            None | Some("deny") => Verdict::deny,
            Some("abstain") => Verdict::abstain,
            Some(_) => return Err(settings.error("/when-undefined", "not `deny` or `abstain`")),
        };
        let asks = Arc::new(OnceLock::new());
        let mut engine = modules::engine(settings, &document["data"], Arc::clone(&asks))?;
        let rules = modules::read(&mut engine, settings, &document["modules"])?;
        warm_up(&mut engine, &rules)?;
        Ok(Self {
            engine: RefCell::new(engine),
            rules,
            facts,
            when_undefined,
            asks,
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        self.asks.get_or_init(|| *callout);
        let mut engine = self.engine.borrow_mut();
        engine.set_input(input::of(callout, &self.facts)?);
        let verdict = ask(&mut engine, &self.rules);
        for line in engine.take_prints().unwrap_or_default() {
            log::debug(&line);
        }
        Ok(verdict?.unwrap_or_else(|| {
            (self.when_undefined)("no-rule-holds", "No rule says anything about the request.")
        }))
    }
}

policy!(Rego);

/// What the most severe rule that holds says; none where none holds.
fn ask(engine: &mut Engine, rules: &[Rule]) -> Result<Option<Verdict>, String> {
    for rule in rules {
        let value = engine
            .eval_rule(rule.path())
            .map_err(|error| Problem::of(&error, engine).line())?;
        if let Some(verdict) = rule.verdict(&value)? {
            return Ok(Some(verdict));
        }
    }
    Ok(None)
}

/// Evaluates the rules on input that is made up, so that what the engine makes on first use is
/// there when it is configured. What comes of it does not matter.
fn warm_up(engine: &mut Engine, rules: &[Rule]) -> Result<(), String> {
    engine.set_input(input::made_up()?);
    for rule in rules {
        // An error may be that of the input, which no callout is like.
        let _ = engine.eval_rule(rule.path());
    }
    let _ = engine.take_prints();
    engine.set_input(Value::Undefined);
    Ok(())
}

//! Answers what it finds among facts: a guest for tests.
//!
//! Approves, with what its lookups gave as the detail: their values with blanks between, `none`
//! where there was none, the items of a list with commas. Of a lookup that is made several times the
//! last value counts. The texts of `first` stand in front.

use admit_policy::{Callout, Policy, Settings, Verdict, policy};

/// The policy: what it looks up.
pub struct Ask {
    first: Vec<String>,
    lookups: Vec<Lookup>,
}

struct Lookup {
    collection: String,
    key: String,
    read: String,
    at: String,
    times: i64,
}

impl Policy for Ask {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let lookups = settings.items("/lookups").map(|lookup| Lookup {
            collection: lookup.text("/collection").unwrap_or_default(),
            key: lookup.text("/key").unwrap_or_default(),
            read: lookup.text("/as").unwrap_or_default(),
            at: lookup.text("/at").unwrap_or_default(),
            times: lookup.integer("/times").unwrap_or(1),
        });
        Ok(Self {
            first: settings.texts("/first"),
            lookups: lookups.collect(),
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let mut said = self.first.clone();
        for lookup in &self.lookups {
            let mut found = None;
            for turn in 0..lookup.times {
                found = lookup.read(callout, &lookup.key.replace('#', &turn.to_string()))?;
            }
            said.push(found.unwrap_or_else(|| "none".into()));
        }
        Ok(Verdict::approve("asked", said.join(" ")))
    }
}

impl Lookup {
    fn read(&self, callout: &Callout, key: &str) -> Result<Option<String>, String> {
        let fact = callout.fact(&self.collection, key);
        let joined = |items: Option<Vec<String>>| items.map(|items| items.join(","));
        Ok(match self.read.as_str() {
            "exists" => Some(fact.exists().to_string()),
            "text" => fact.text(&self.at),
            "guid" => fact.guid(&self.at),
            "timestamp" => fact.timestamp(&self.at).map(|it| it.to_string()),
            "flag" => fact.flag(&self.at).map(|it| it.to_string()),
            "integer" => fact.integer(&self.at).map(|it| it.to_string()),
            "number" => fact.number(&self.at).map(|it| it.to_string()),
            "count" => fact.count(&self.at).map(|it| it.to_string()),
            "length" => fact.length(&self.at).map(|it| it.to_string()),
            "texts" => joined(fact.texts(&self.at)?),
            "guids" => joined(fact.guids(&self.at)?),
            _ => fact.lookup(),
        })
    }
}

policy!(Ask);

//! Answers what it finds among facts: a guest for tests.
//!
//! Approves, with what its lookups gave as the detail: their values with blanks between, `none`
//! where there was none. Of a lookup that is made several times the last value counts.

use admit_policy::{Callout, Policy, Settings, Verdict, policy};

/// The policy: what it looks up.
pub struct Ask {
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
            lookups: lookups.collect(),
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let found = self.lookups.iter().map(|lookup| {
            let mut found = None;
            for turn in 0..lookup.times {
                found = lookup.read(callout, &lookup.key.replace('#', &turn.to_string()));
            }
            found.unwrap_or_else(|| "none".into())
        });
        let found: Vec<_> = found.collect();
        Ok(Verdict::approve("asked", found.join(" ")))
    }
}

impl Lookup {
    fn read(&self, callout: &Callout, key: &str) -> Option<String> {
        let fact = callout.fact(&self.collection, key);
        match self.read.as_str() {
            "text" => fact.text(&self.at),
            "guid" => fact.guid(&self.at),
            "timestamp" => fact.timestamp(&self.at).map(|it| it.to_string()),
            "flag" => fact.flag(&self.at).map(|it| it.to_string()),
            "integer" => fact.integer(&self.at).map(|it| it.to_string()),
            "number" => fact.number(&self.at).map(|it| it.to_string()),
            "count" => fact.count(&self.at).map(|it| it.to_string()),
            _ => fact.lookup(),
        }
    }
}

policy!(Ask);

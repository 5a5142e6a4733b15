//! The lookups of one evaluation of a policy set.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use admit_model::{Fault, FaultKind, canonical_guid};

use super::{Fact, Facts, RecordedFacts, record::Recorded};
use crate::sandbox::FAULT_DETAIL;

/// Longest key, in bytes.
const KEY: usize = 1024;
/// Most different lookups of one policy.
const LOOKUPS: usize = 4096;
/// Most bytes of answers to one policy.
const BYTES: usize = 8 * 1024 * 1024;

/// Where answers come from.
#[derive(Clone, Debug, Default)]
pub(crate) enum From {
    /// Nowhere.
    #[default]
    Nothing,
    /// The set's sources.
    Sources(Facts),
    /// What was recorded, and nothing else.
    Record(RecordedFacts),
}

/// A lookup that a policy made: collection and key.
pub(crate) type Asked = (Arc<str>, Arc<str>);

/// Every lookup of one evaluation, with its answer: each is asked once, whichever policies ask.
#[derive(Debug, Default)]
pub(crate) struct Lookups {
    from: From,
    /// In the order of collection and key.
    made: Vec<Lookup>,
    /// Which policy's evaluation this is, counted.
    turn: u32,
    /// What the current policy asked for.
    asked: Vec<Asked>,
    /// Bytes of the answers to the current policy.
    bytes: usize,
    /// The last lookup: policies read one value member by member.
    last: usize,
    /// The first lookup that the record lacks.
    missing: Option<Asked>,
}

#[derive(Debug)]
struct Lookup {
    recorded: Recorded,
    /// The last turn in which it was asked for.
    turn: u32,
}

impl Lookups {
    pub(crate) fn new(from: From) -> Self {
        Self {
            from,
            ..Self::default()
        }
    }

    /// Another policy's evaluation begins.
    pub(crate) fn begin(&mut self) {
        self.turn += 1;
        self.bytes = 0;
        self.asked.clear();
    }

    /// What the policy asked for, in the order of collection and key.
    pub(crate) fn take_asked(&mut self) -> Vec<Asked> {
        let mut asked = std::mem::take(&mut self.asked);
        asked.sort_unstable();
        asked
    }

    /// The first lookup that was not in the record.
    pub(crate) fn missing(&self) -> Option<&Asked> {
        self.missing.as_ref()
    }

    /// Whether a fault is that of a lookup, so that the record gives it again.
    pub(crate) fn gave(&self, fault: &Fault) -> bool {
        let mut answers = self.made.iter().map(|lookup| &lookup.recorded.answer);
        answers.any(|answer| answer.as_ref().is_err_and(|given| given == fault))
    }

    /// Every lookup with its answer, in the order of collection and key.
    pub(crate) fn into_recorded(self) -> Vec<Recorded> {
        let lookups = self.made.into_iter();
        lookups.map(|lookup| lookup.recorded).collect()
    }

    /// The value of a key; none where there is none.
    pub(crate) fn get(
        &mut self,
        collection: &str,
        key: &str,
        deadline: Instant,
    ) -> Result<Option<&Fact>, Fault> {
        let failed = |detail: String| Fault {
            kind: FaultKind::Facts,
            detail,
        };
        if key.len() > KEY {
            return Err(failed(format!(
                "a key of {} bytes in a lookup of `{collection}`; at most {KEY}",
                key.len()
            )));
        }
        let key = canonical_guid(key).unwrap_or(std::borrow::Cow::Borrowed(key));
        let found = self.find(collection, &key);
        let is_repeated = (found.ok().and_then(|at| self.made.get(at)))
            .is_some_and(|lookup| lookup.turn == self.turn);
        if !is_repeated && self.asked.len() == LOOKUPS {
            return Err(failed(format!("more than {LOOKUPS} different lookups")));
        }
        let at = match found {
            Ok(at) => at,
            Err(at) => {
                let recorded = self.ask(collection, &key, deadline)?;
                self.made.insert(at, Lookup { recorded, turn: 0 });
                at
            }
        };
        self.last = at;
        let Some(lookup) = self.made.get_mut(at) else {
            // Never an empty answer, not even by a defect of our own.
            return Err(internal("a lookup was lost"));
        };
        let Recorded {
            collection,
            key,
            answer,
        } = &lookup.recorded;
        if !is_repeated {
            lookup.turn = self.turn;
            self.asked.push((Arc::clone(collection), Arc::clone(key)));
            if let Ok(Some(fact)) = answer {
                self.bytes += fact.text().len();
            }
            if self.bytes > BYTES {
                return Err(failed(format!(
                    "lookups whose answers are more than {BYTES} bytes together"
                )));
            }
        }
        match answer {
            Ok(fact) => Ok(fact.as_ref()),
            Err(fault) => Err(fault.clone()),
        }
    }

    /// Where a lookup stands, or where it would.
    fn find(&self, collection: &str, key: &str) -> Result<usize, usize> {
        let is_it = |lookup: &Lookup| lookup.recorded.is(collection, key);
        if self.made.get(self.last).is_some_and(is_it) {
            return Ok(self.last);
        }
        self.made
            .binary_search_by(|lookup| lookup.recorded.place().cmp(&(collection, key)))
    }

    /// Asks, once. A record that lacks the lookup is no answer, and nothing to keep.
    fn ask(&mut self, collection: &str, key: &str, deadline: Instant) -> Result<Recorded, Fault> {
        let answer = match &self.from {
            // What is left behind while a policy has the lookups: nobody asks it.
            From::Nothing => Err(internal("facts were looked up outside of an evaluation")),
            From::Record(record) => match record.get(collection, key) {
                Some(recorded) => return Ok(recorded.clone()),
                None => {
                    self.missing
                        .get_or_insert_with(|| (collection.into(), key.into()));
                    return Err(Fault {
                        kind: FaultKind::Facts,
                        detail: format!("the record has no lookup of `{collection}`"),
                    });
                }
            },
            From::Sources(facts) => ask(facts, collection, key, deadline),
        };
        Ok(Recorded {
            collection: collection.into(),
            key: key.into(),
            answer,
        })
    }
}

fn internal(detail: &str) -> Fault {
    Fault {
        kind: FaultKind::Internal,
        detail: detail.into(),
    }
}

thread_local! {
    /// Whether a source is being asked on this thread.
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a source: an evaluation that is started there must not wait for
/// an instance, since the one that waits for the source holds one.
pub(crate) fn is_asking() -> bool {
    ASKING.get()
}

fn ask(
    facts: &Facts,
    collection: &str,
    key: &str,
    deadline: Instant,
) -> Result<Option<Fact>, Fault> {
    let late = || Fault {
        kind: FaultKind::Deadline,
        detail: format!("did not end in time: the source `{collection}` gave no answer before"),
    };
    let failed = |detail: String| {
        let mut detail = format!("the source `{collection}` failed: {detail}");
        detail.truncate(detail.floor_char_boundary(FAULT_DETAIL));
        Fault {
            kind: FaultKind::Facts,
            detail,
        }
    };
    if Instant::now() >= deadline {
        return Err(late());
    }
    let Some(source) = facts.source(collection) else {
        return Err(failed("there is none".into()));
    };
    let before = ASKING.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(|| source.lookup(key, deadline)));
    ASKING.set(before);
    if Instant::now() >= deadline {
        return Err(late());
    }
    match answer {
        Ok(Ok(fact)) => Ok(fact),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("it panicked".into())),
    }
}

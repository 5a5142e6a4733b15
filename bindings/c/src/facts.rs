//! Facts: files, databases and functions of C's.

use std::{
    ffi::{c_char, c_void},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use admit::{Error, ErrorKind, Fact, FactError, FactSource, Facts, JsonFacts, SqliteFacts};

use crate::{
    error::admit_error_t,
    ffi::{Call, Handle, Lookup, admit_destroy_t, admit_fact_lookup_t, call, get},
    text::admit_str_t,
};

/// Collections of facts that policies may look up. Filled by one thread, then given to sets, which keep
/// what it has at that moment.
pub struct admit_facts_t;

impl Handle for admit_facts_t {
    type Value = Collections;
    const NAME: &'static str = "facts";
}

/// Collections, safe to fill from two threads even where the header forbids it.
#[derive(Default)]
pub(crate) struct Collections(Mutex<Facts>);

impl Collections {
    /// What there is now.
    pub(crate) fn get(&self) -> Facts {
        self.lock().clone()
    }

    fn add(&self, collection: &str, source: impl FactSource + 'static) {
        let mut facts = self.lock();
        let with = facts.clone().with(collection, source);
        let before = mem::replace(&mut *facts, with);
        // What is replaced ends last: C is called then, and may add to the same facts.
        drop(facts);
        drop(before);
    }

    fn lock(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes collections of facts, none at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_facts_new(facts_out: *mut *mut admit_facts_t) -> *mut admit_error_t {
    call!(|call| {
        call.out(facts_out)?.give(Collections::default());
        Ok(())
    })
}

/// Adds a collection of a JSON object in text, `[a-z0-9-]{1,64}` its name: the members' names are the
/// keys, and null is no such key.
///
/// One of the same name is replaced, as by the functions below. Errors: `ADMIT_ERROR_FACT_SOURCE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_facts_add_json(
    facts: *mut admit_facts_t,
    collection: *const c_char,
    collection_len: usize,
    json: *const c_char,
    json_len: usize,
) -> *mut admit_error_t {
    call!(|call| {
        let facts = call.handle(facts)?;
        let collection = call.text(collection, collection_len, "collection")?;
        let json = call.text(json, json_len, "json")?;
        facts.add(collection, JsonFacts::from_json(json)?);
        Ok(())
    })
}

/// Adds a collection of a file that holds a JSON object, which is read now.
///
/// Errors: `ADMIT_ERROR_FACT_SOURCE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_facts_add_json_file(
    facts: *mut admit_facts_t,
    collection: *const c_char,
    collection_len: usize,
    path: *const c_char,
    path_len: usize,
) -> *mut admit_error_t {
    call!(|call| {
        let facts = call.handle(facts)?;
        let collection = call.text(collection, collection_len, "collection")?;
        let path = call.path(path, path_len, "path")?;
        facts.add(collection, JsonFacts::from_file(path)?);
        Ok(())
    })
}

/// Adds a collection of an SQLite database, which is opened for reading now and asked at each lookup.
///
/// `query` only reads, and has one parameter, `?1`, the key; its row becomes an object with a member for
/// each column, and no row is no such key. `json_columns`, which may be NULL, names columns whose text is
/// JSON. Errors: `ADMIT_ERROR_FACT_SOURCE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_facts_add_sqlite(
    facts: *mut admit_facts_t,
    collection: *const c_char,
    collection_len: usize,
    path: *const c_char,
    path_len: usize,
    query: *const c_char,
    query_len: usize,
    json_columns: *const admit_str_t,
    json_column_count: usize,
) -> *mut admit_error_t {
    call!(|call| {
        let facts = call.handle(facts)?;
        let collection = call.text(collection, collection_len, "collection")?;
        let path = call.path(path, path_len, "path")?;
        let query = call.text(query, query_len, "query")?;
        let columns = call.list(json_columns, json_column_count, "json_columns")?;
        let columns = columns
            .iter()
            .map(|column| call.view(*column, "json_columns"))
            .collect::<Result<Vec<_>, Error>>()?;
        let source = SqliteFacts::open(path, query)?.with_json_columns(columns)?;
        facts.add(collection, source);
        Ok(())
    })
}

/// Adds a collection that a function answers for, at each lookup.
///
/// In one evaluation it is asked at most once for a key. `user_data` is handed to it; threads share it.
/// `destroy`, which may be NULL, is called once with `user_data`: when the last set and the last
/// `admit_facts_t` that have the collection are gone, or before this call returns an error. It may call
/// every function, but not with a handle that is being freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_facts_add_callback(
    facts: *mut admit_facts_t,
    collection: *const c_char,
    collection_len: usize,
    lookup: admit_fact_lookup_t,
    user_data: *mut c_void,
    destroy: admit_destroy_t,
) -> *mut admit_error_t {
    call!(|call| {
        let user_data = call.user_data(user_data, destroy);
        let facts = call.handle(facts)?;
        let collection = call.text(collection, collection_len, "collection")?;
        let lookup = Lookup::new(lookup, user_data)
            .ok_or_else(|| Error::new(ErrorKind::Argument, "NULL").at("lookup"))?;
        facts.add(collection, lookup);
        Ok(())
    })
}

/// Ends collections of facts. Sets that were made with them go on. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_facts_free(facts: *mut admit_facts_t) {
    get!((), |call| {
        call.free(facts);
        Ok(())
    });
}

/// The answer to one lookup, given by the function that is asked.
pub struct admit_fact_answer_t;

impl Handle for admit_fact_answer_t {
    type Value = Given;
    const NAME: &'static str = "answer";
}

/// What a function has answered so far.
#[derive(Default)]
pub(crate) struct Given(Mutex<Option<Answer>>);

pub(crate) type Answer = Result<Option<Fact>, FactError>;

impl Given {
    fn give(&self, answer: Answer) {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *given = Some(match *given {
            None => answer,
            Some(_) => Err(FactError::new("it answered twice")),
        });
    }

    /// The answer. None is a failure: never "no such key".
    pub(crate) fn into_answer(self) -> Answer {
        let given = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        given.unwrap_or_else(|| Err(FactError::new("it returned without an answer")))
    }
}

impl FactSource for Lookup {
    fn lookup(&self, key: &str, deadline: Instant) -> Answer {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        self.ask(key, left).into_answer()
    }
}

/// Gives an answer, or why what was given is none: then it has to be a failure.
fn give(
    call: &Call,
    answer: *mut admit_fact_answer_t,
    given: Result<Answer, Error>,
) -> Result<(), Error> {
    let given = given.unwrap_or_else(|error| Err(FactError::new(format!("its answer: {error}"))));
    call.handle(answer)?.give(given);
    Ok(())
}

/// Answers a lookup with a value, as JSON text; null is no such key.
///
/// What is no JSON, or no UTF-8, makes the lookup a fault, as does a second answer. Only while the
/// function is asked; NULL for `answer` has no effect, and so the lookup is a fault.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_fact_answer_json(
    answer: *mut admit_fact_answer_t,
    json: *const c_char,
    json_len: usize,
) {
    get!((), |call| {
        give(
            call,
            answer,
            call.text(json, json_len, "json").map(Fact::from_json),
        )
    });
}

/// Answers a lookup: there is no such key. As for `admit_fact_answer_json`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_fact_answer_none(answer: *mut admit_fact_answer_t) {
    get!((), |call| { give(call, answer, Ok(Ok(None))) });
}

/// Answers a lookup: it failed, and this is what the report says. Ends the policy's evaluation as a
/// fault. As for `admit_fact_answer_json`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_fact_answer_error(
    answer: *mut admit_fact_answer_t,
    message: *const c_char,
    message_len: usize,
) {
    get!((), |call| {
        let message = call.text(message, message_len, "message");
        give(
            call,
            answer,
            message.map(|message| Err(FactError::new(message))),
        )
    });
}

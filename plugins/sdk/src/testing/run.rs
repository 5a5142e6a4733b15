//! The host of a unit test: answers the functions of the contract from the fixture.

use std::{
    any::Any,
    borrow::Cow,
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
};

use admit_model::{ValueError, ValueReader, canonical_guid};
use admit_wit::Getter;
use serde_json::Value;

use crate::testing::Given;

/// Which export is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Configure,
    Evaluate,
}

thread_local! {
    static CURRENT: RefCell<Option<(Given, Phase)>> = const { RefCell::new(None) };
}

/// What ends a run where the host would end an evaluation.
struct Fault(String);

/// Runs an export of a policy on what is given.
pub(crate) fn during<T>(
    given: &Given,
    phase: Phase,
    export: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    let before = CURRENT.replace(Some((given.clone(), phase)));
    // Whatever the policy left half done is dropped with it: only the text of the fault goes on.
    let ended = panic::catch_unwind(AssertUnwindSafe(export));
    CURRENT.set(before);
    ended.unwrap_or_else(|payload| Err(describe(payload.as_ref())))
}

fn describe(payload: &(dyn Any + Send)) -> String {
    if let Some(Fault(detail)) = payload.downcast_ref() {
        return format!("fault: {detail}");
    }
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("fault: panicked: {}", message.unwrap_or("without a text"))
}

/// Ends the run, as the host ends an evaluation.
#[expect(
    clippy::panic,
    reason = "a getter has no error to return; only a test that runs a policy without a fixture sees it"
)]
pub(crate) fn fault(detail: String) -> ! {
    if CURRENT.with_borrow(Option::is_none) {
        // Nobody is there to catch it: this is a mistake of the test.
        panic!("{detail}");
    }
    // Not `panic!`: the text comes back as an error and need not be printed as well.
    panic::resume_unwind(Box::new(Fault(detail)))
}

/// Reads from what is given; an error is a fault.
fn read<T>(function: &str, phases: &[Phase], read: impl FnOnce(&Given) -> Result<T, String>) -> T {
    let result = CURRENT.with_borrow(|current| match current {
        None => Err(format!(
            "`{function}` was called outside a fixture; run the policy with \
             `admit_policy::testing::Fixture`"
        )),
        Some((_, phase)) if !phases.contains(phase) => Err(format!(
            "`{function}` was called in `configure`, where only settings can be read"
        )),
        Some((given, _)) => read(given).map_err(|detail| format!("`{function}`: {detail}")),
    });
    result.unwrap_or_else(|detail| fault(detail))
}

fn read_callout<T>(function: &str, with: impl FnOnce(&Given) -> Result<T, String>) -> T {
    read(function, &[Phase::Evaluate], with)
}

fn read_settings<T>(function: &str, with: impl FnOnce(&Given) -> Result<T, String>) -> T {
    read(function, &[Phase::Configure, Phase::Evaluate], with)
}

/// The getter of a Rust function's name.
fn getter(interface: &str, function: &str) -> Result<Getter, String> {
    let function = function.replace('_', "-");
    admit_wit::GETTERS
        .iter()
        .copied()
        .flatten()
        .copied()
        .find(|getter| getter.interface == interface && getter.function == function)
        .ok_or_else(|| "not in the contract".into())
}

fn place(given: &Given, pointer: &str) -> Result<Option<String>, String> {
    given
        .callout
        .field(pointer)
        .map(|value| value.map(Into::into))
        .map_err(|error| error.to_string())
}

fn parse_flag(text: Option<String>) -> Result<Option<bool>, String> {
    text.map(|text| match text.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{text} is not a boolean")),
    })
    .transpose()
}

/// The pointer of a row's value, if there is such a row.
fn row(given: &Given, pointer: &str, index: u32) -> Result<String, String> {
    let Some((list, member)) = pointer.split_once("/*") else {
        return Err("not a list".into());
    };
    let count = given.callout.count(list);
    if index >= count {
        return Err(format!("row {index} of {count} at {list}"));
    }
    Ok(format!("{list}/{index}{member}"))
}

pub(crate) fn text(interface: &str, function: &str) -> String {
    read_callout(function, |given| {
        let pointer = getter(interface, function)?.pointer;
        place(given, pointer)?.ok_or_else(|| format!("nothing at {pointer}"))
    })
}

pub(crate) fn present(interface: &str, function: &str) -> bool {
    read_callout(function, |given| {
        Ok(place(given, getter(interface, function)?.pointer)?.is_some())
    })
}

pub(crate) fn optional_text(interface: &str, function: &str) -> Option<String> {
    read_callout(function, |given| {
        place(given, getter(interface, function)?.pointer)
    })
}

pub(crate) fn optional_flag(interface: &str, function: &str) -> Option<bool> {
    read_callout(function, |given| {
        parse_flag(place(given, getter(interface, function)?.pointer)?)
    })
}

pub(crate) fn count(interface: &str, function: &str) -> u32 {
    read_callout(function, |given| {
        Ok(given.callout.count(getter(interface, function)?.pointer))
    })
}

pub(crate) fn row_text(interface: &str, function: &str, index: u32) -> Option<String> {
    read_callout(function, |given| {
        let pointer = row(given, getter(interface, function)?.pointer, index)?;
        place(given, &pointer)
    })
}

pub(crate) fn row_flag(interface: &str, function: &str, index: u32) -> Option<bool> {
    read_callout(function, |given| {
        let pointer = row(given, getter(interface, function)?.pointer, index)?;
        parse_flag(place(given, &pointer)?)
    })
}

pub(crate) fn field(pointer: &str) -> Option<String> {
    read_callout("field", |given| place(given, pointer))
}

pub(crate) fn document() -> String {
    read_callout("document", |given| Ok(given.callout.document().to_owned()))
}

pub(crate) fn credential_has_type(index: u32, name: &str) -> bool {
    read_callout("has-type", |given| {
        let pointer = row(given, "/verifiedCredentialsData/*/type", index)?;
        let Some(listed) = place(given, &pointer)? else {
            return Ok(false);
        };
        let types: Vec<Option<String>> =
            serde_json::from_str(&listed).map_err(|error| error.to_string())?;
        Ok(types.iter().flatten().any(|listed| listed == name))
    })
}

pub(crate) fn credential_claim(index: u32, name: &str) -> Option<String> {
    read_callout("claim", |given| {
        let claims = row(given, "/verifiedCredentialsData/*/claims", index)?;
        let name = name.replace('~', "~0").replace('/', "~1");
        place(given, &format!("{claims}/{name}"))
    })
}

pub(crate) fn now() -> i64 {
    read_callout("now", |given| Ok(admit_model::seconds(given.now)))
}

pub(crate) fn now_text() -> String {
    read_callout("now-text", |given| Ok(given.now.to_string()))
}

pub(crate) fn timestamp(text: &str) -> Option<i64> {
    read_callout("timestamp", |_| Ok(admit_model::timestamp(text)))
}

/// A reading of a value as one type; none where absent or null.
type Reading<T> = Result<Option<T>, ValueError>;

pub(crate) fn setting<T>(read: impl FnOnce(ValueReader<'_>) -> Reading<T>) -> Option<T> {
    read_settings("settings", |given| {
        read(ValueReader(&given.settings)).map_err(|error| error.to_string())
    })
}

pub(crate) fn settings_document() -> String {
    read_settings("settings", |given| {
        Ok(admit_model::sorted_json(&given.settings))
    })
}

fn fact_value<'g>(
    given: &'g Given,
    collection: &str,
    key: &str,
) -> Result<Option<&'g Value>, String> {
    let values = given.facts.get(collection).ok_or_else(|| {
        format!(
            "the collection `{collection}` is not granted; give the fixture its values, or \
             `.collection(\"{collection}\")`"
        )
    })?;
    let key = canonical_guid(key).unwrap_or(Cow::Borrowed(key));
    Ok(values.get(&*key).filter(|value| !value.is_null()))
}

pub(crate) fn fact_document(collection: &str, key: &str) -> Option<String> {
    read_callout("facts", |given| {
        Ok(fact_value(given, collection, key)?.map(admit_model::sorted_json))
    })
}

pub(crate) fn fact<T>(
    collection: &str,
    key: &str,
    read: impl FnOnce(ValueReader<'_>) -> Reading<T>,
) -> Option<T> {
    read_callout("facts", |given| {
        let value = fact_value(given, collection, key)?.unwrap_or(&Value::Null);
        read(ValueReader(value)).map_err(|error| error.to_string())
    })
}

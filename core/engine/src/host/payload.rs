//! Reading the callout.

use admit_model::{Callout, FaultKind, Field};
use admit_wit::{GETTERS, Getter, Reads as Kind};
use wasmtime::StoreContextMut;

use super::{Instance, State, fault, state::Evaluation};

type Store<'s> = StoreContextMut<'s, State>;

/// Registers the functions of one interface that read the callout.
pub(super) fn link(interface: &str, instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    for getter in GETTERS.iter().copied().flatten() {
        if getter.interface == interface {
            link_getter(getter, instance)?;
        }
    }
    match interface {
        "callout" => {
            instance.func_wrap("field", |mut store: Store<'_>, (pointer,): (Box<str>,)| {
                let evaluation = store.data_mut().evaluation()?;
                Ok((search(evaluation, &pointer)?,))
            })?;
            instance.func_wrap("document", |mut store: Store<'_>, (): ()| {
                let evaluation = store.data_mut().evaluation()?;
                evaluation.reads.pointer("")?;
                Ok((Box::<str>::from(evaluation.callout.document()),))
            })
        }
        "verified-credentials" => {
            instance.func_wrap(
                "has-type",
                |mut store: Store<'_>, (index, name): (u32, Box<str>)| {
                    let evaluation = store.data_mut().evaluation()?;
                    in_range(&evaluation.callout, CREDENTIALS, index)?;
                    let types = search(evaluation, &format!("{CREDENTIALS}/{index}/type"))?;
                    let types: Vec<Option<String>> = types
                        .and_then(|types| serde_json::from_str(&types).ok())
                        .unwrap_or_default();
                    Ok((types.iter().flatten().any(|known| **known == *name),))
                },
            )?;
            instance.func_wrap(
                "claim",
                |mut store: Store<'_>, (index, name): (u32, Box<str>)| {
                    let evaluation = store.data_mut().evaluation()?;
                    in_range(&evaluation.callout, CREDENTIALS, index)?;
                    let name = name.replace('~', "~0").replace('/', "~1");
                    Ok((search(
                        evaluation,
                        &format!("{CREDENTIALS}/{index}/claims/{name}"),
                    )?,))
                },
            )
        }
        _ => Ok(()),
    }
}

const CREDENTIALS: &str = "/verifiedCredentialsData";

fn link_getter(getter: &'static Getter, instance: &mut Instance<'_>) -> wasmtime::Result<()> {
    let name = getter.function;
    if getter.reads == Kind::Count {
        return instance.func_wrap(name, |mut store: Store<'_>, (): ()| {
            let evaluation = store.data_mut().evaluation()?;
            evaluation.reads.count(getter.pointer);
            Ok((evaluation.callout.count(getter.pointer),))
        });
    }
    let Some(field) = Field::at(getter.pointer) else {
        wasmtime::bail!("the model has no field {}", getter.pointer);
    };
    let list = getter.pointer.split_once("/*").map_or("", |(list, _)| list);
    match getter.reads {
        Kind::Text => instance.func_wrap(name, move |mut store: Store<'_>, (): ()| {
            let evaluation = store.data_mut().evaluation()?;
            evaluation.reads.field(field);
            let text = evaluation.callout.get(field).unwrap_or_default();
            Ok((Box::<str>::from(text),))
        }),
        Kind::Present => instance.func_wrap(name, move |mut store: Store<'_>, (): ()| {
            let evaluation = store.data_mut().evaluation()?;
            evaluation.reads.field(field);
            Ok((evaluation.callout.has(field),))
        }),
        Kind::OptionalText => instance.func_wrap(name, move |mut store: Store<'_>, (): ()| {
            let evaluation = store.data_mut().evaluation()?;
            evaluation.reads.field(field);
            Ok((evaluation.callout.get(field).map(Box::<str>::from),))
        }),
        Kind::OptionalFlag => instance.func_wrap(name, move |mut store: Store<'_>, (): ()| {
            let evaluation = store.data_mut().evaluation()?;
            evaluation.reads.field(field);
            Ok((evaluation.callout.get(field).map(|text| text == "true"),))
        }),
        Kind::RowText => instance.func_wrap(name, move |mut store: Store<'_>, (index,): (u32,)| {
            let evaluation = store.data_mut().evaluation()?;
            Ok((row(evaluation, list, field, index)?.map(Box::<str>::from),))
        }),
        Kind::RowFlag => instance.func_wrap(name, move |mut store: Store<'_>, (index,): (u32,)| {
            let evaluation = store.data_mut().evaluation()?;
            Ok((row(evaluation, list, field, index)?.map(|text| text == "true"),))
        }),
        Kind::Count => Ok(()),
    }
}

fn row<'e>(
    evaluation: &'e mut Evaluation,
    list: &str,
    field: Field,
    index: u32,
) -> wasmtime::Result<Option<&'e str>> {
    in_range(&evaluation.callout, list, index)?;
    evaluation.reads.row(list, field, index);
    Ok(evaluation.callout.get_row(field, index))
}

fn in_range(callout: &Callout, list: &str, index: u32) -> wasmtime::Result<()> {
    let count = callout.count(list);
    if index < count {
        return Ok(());
    }
    Err(fault(
        FaultKind::Answer,
        format!("index {index} of {list}, which has {count}"),
    ))
}

/// Anything by its pointer.
fn search(evaluation: &mut Evaluation, pointer: &str) -> wasmtime::Result<Option<Box<str>>> {
    let found = evaluation
        .callout
        .field(pointer)
        .map_err(|error| fault(FaultKind::Answer, error.to_string()))?;
    evaluation.reads.pointer(pointer)?;
    Ok(found.map(Box::<str>::from))
}

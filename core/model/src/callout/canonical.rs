//! The canonical document: the callout's data in Graph's v1.0 form.
//!
//! Made from a payload that [`super::read`] has accepted, so what cannot be here is left out.

use std::{borrow::Cow, fmt};

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::shape::{Bound, Kind, Node, SCHEMA, Type};
use crate::{id::guid, json::camel, pointer::Text, stage::Stage};

/// The canonical document of a payload.
pub(super) fn document(payload: &str) -> String {
    let json = payload.strip_prefix('\u{feff}').unwrap_or(payload).trim();
    let mut out = String::with_capacity(json.len());
    let root = members(json);
    let data = root
        .iter()
        .find(|(key, value)| key.eq_ignore_ascii_case("data") && value.starts_with('{'));
    match data {
        Some((_, data)) => object(data, &SCHEMA.data, &mut out),
        None => object(json, &SCHEMA.data, &mut out),
    }
    out
}

/// The members of an object, in order, values as text.
fn members(json: &str) -> Vec<(Cow<'_, str>, &str)> {
    struct Members;

    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Cow<'de, str>, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(key) = map.next_key_seed(Text)? {
                members.push((key, map.next_value::<&'de RawValue>()?.get()));
            }
            Ok(members)
        }
    }

    serde_json::Deserializer::from_str(json)
        .deserialize_map(Members)
        .unwrap_or_default()
}

fn items(json: &str) -> Vec<&str> {
    struct Items;

    impl<'de> Visitor<'de> for Items {
        type Value = Vec<&'de str>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = seq.next_element::<&'de RawValue>()? {
                items.push(item.get());
            }
            Ok(items)
        }
    }

    serde_json::Deserializer::from_str(json)
        .deserialize_seq(Items)
        .unwrap_or_default()
}

/// An object of a known type: declared members in declared order, then the others as they came.
fn object(json: &str, node: &Node, out: &mut String) {
    let given = members(json);
    let mut known: Vec<Option<&str>> = vec![None; node.members.len()];
    // Beta keeps localizations inside the content object, v1.0 beside the text.
    let mut localizations = None;
    let mut unknown = Vec::new();
    for (key, value) in &given {
        if value.starts_with('n') || key.eq_ignore_ascii_case("@odata.type") {
            continue;
        }
        match node.names.find(key.as_bytes()) {
            Some(spelling) => {
                let bound = node.members.get(usize::from(spelling.member));
                let is_content = |bound: &Bound| matches!(bound.kind, Kind::Content(_));
                let mut value = *value;
                let is_object = value.starts_with('{');
                if bound.is_some_and(is_content) && is_object {
                    let parts = members(value);
                    let part = |name: &str| {
                        parts
                            .iter()
                            .find(|(key, part)| {
                                key.eq_ignore_ascii_case(name) && !part.starts_with('n')
                            })
                            .map(|(_, part)| *part)
                    };
                    localizations = part("localizedTexts").or(localizations);
                    match part("defaultText") {
                        Some(text) => value = text,
                        None => continue,
                    }
                }
                let is_better =
                    bound.is_some_and(|bound| is_content(bound) && spelling.is_alias) && !is_object;
                if let Some(place) = known.get_mut(usize::from(spelling.member))
                    && (place.is_none() || is_better)
                {
                    *place = Some(value);
                }
            }
            None => unknown.push((key, *value)),
        }
    }
    out.push('{');
    let mut first = true;
    for (bound, value) in node.members.iter().zip(known) {
        let value = match value {
            None if bound.name == "localizations" => localizations.take(),
            value => value,
        };
        if let Some(value) = value {
            key(bound.name, &mut first, out);
            known_value(value, &bound.kind, out);
        }
    }
    for (name, value) in unknown {
        key(&camel(name), &mut first, out);
        unknown_value(value, out);
    }
    out.push('}');
}

fn key(name: &str, first: &mut bool, out: &mut String) {
    if !std::mem::take(first) {
        out.push(',');
    }
    string(name, out);
    out.push(':');
}

fn known_value(json: &str, kind: &Kind, out: &mut String) {
    match kind {
        Kind::Object(node) => object(json, node, out),
        Kind::List(node, _) => {
            out.push('[');
            for (index, item) in items(json).into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if item.starts_with('{') {
                    object(item, node, out);
                } else {
                    // Null keeps its place, so that indexes stay what they were.
                    out.push_str("null");
                }
            }
            out.push(']');
        }
        Kind::Open => open_value(json, out),
        Kind::Scalar(ty) if json.starts_with('"') => {
            let text = text_of(json);
            match ty {
                Type::Id => match guid(&text) {
                    Some(plain) => string(&plain, out),
                    None => string(&text, out),
                },
                Type::Enumeration(names) => {
                    match names.iter().find(|name| name.eq_ignore_ascii_case(&text)) {
                        Some(name) => string(name, out),
                        None => string(&camel(&text), out),
                    }
                }
                Type::Stage => match Stage::from_name(&text) {
                    Some(stage) => string(stage.as_str(), out),
                    None => string(&text, out),
                },
                _ => string(&text, out),
            }
        }
        Kind::Scalar(_) | Kind::Content(_) | Kind::Texts => unknown_value(json, out),
    }
}

/// A value of unknown type: names in camelCase, nulls left out, everything else verbatim.
fn unknown_value(json: &str, out: &mut String) {
    match json.as_bytes().first() {
        Some(b'{') => object(json, &Node::default(), out),
        Some(b'[') => list(json, unknown_value, out),
        Some(b'"') => string(&text_of(json), out),
        _ => out.push_str(json),
    }
}

/// A value inside an open object: verbatim but for spaces and escapes.
fn open_value(json: &str, out: &mut String) {
    match json.as_bytes().first() {
        Some(b'{') => {
            out.push('{');
            let mut first = true;
            for (name, value) in members(json) {
                key(&name, &mut first, out);
                open_value(value, out);
            }
            out.push('}');
        }
        Some(b'[') => list(json, open_value, out),
        Some(b'"') => string(&text_of(json), out),
        _ => out.push_str(json),
    }
}

fn list(json: &str, value: fn(&str, &mut String), out: &mut String) {
    out.push('[');
    for (index, item) in items(json).into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        value(item, out);
    }
    out.push(']');
}

fn text_of(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_default()
}

fn string(text: &str, out: &mut String) {
    if let Ok(json) = serde_json::to_string(text) {
        out.push_str(&json);
    }
}

//! The visitors: each reads one kind of JSON value against its shape.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{
    Reader, Span,
    seen::{Seen, repeated},
};
use crate::{
    callout::shape::{Bound, Kind, Node, SCHEMA, Type},
    error::ErrorKind,
    pointer::Text,
};

/// A row of a kept list.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) list: usize,
    /// Where its slots begin.
    pub(super) start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The payload itself: data, or the envelope around it.
    Root,
    /// The envelope's `data`.
    Data,
    /// Anything inside.
    Inside,
}

/// An object.
pub(super) struct Object<'r, 'de> {
    pub(super) reader: &'r mut Reader<'de>,
    pub(super) node: &'static Node,
    pub(super) level: Level,
    pub(super) row: Option<Row>,
}

impl<'de> DeserializeSeed<'de> for Object<'_, 'de> {
    /// Whether there was an object, rather than null.
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<bool, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, 'de> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        if self.level == Level::Root {
            return Err(E::invalid_type(serde::de::Unexpected::Unit, &self));
        }
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let Self {
            reader,
            node,
            level,
            row,
        } = self;
        reader.enter()?;
        let mut seen = Seen::new(reader);
        let mut members = 0_usize;
        let mut hint = 0_usize;
        while let Some(key) = map.next_key_seed(Text)? {
            members += 1;
            reader.count(members)?;
            let at = node.find(&key, hint);
            if !seen.first(reader, &key, at) {
                return Err(repeated(reader, &key));
            }
            let result = match at.and_then(|at| Some((at, node.spellings.get(at)?))) {
                Some((at, spelling)) => {
                    hint = at + 1;
                    let Some(bound) = node.members.get(spelling.member) else {
                        return Err(A::Error::custom("unbound member"));
                    };
                    if level == Level::Root {
                        reader.flat = true;
                    }
                    if level != Level::Inside && bound.name == "stage" {
                        reader.stage_at = match level {
                            Level::Data => format!("/data/{key}"),
                            _ => format!("/{key}"),
                        };
                    }
                    map.next_value_seed(Value {
                        reader,
                        bound,
                        row,
                        is_alias: spelling.text != bound.name,
                    })
                }
                None => map.next_value_seed(Unknown {
                    reader,
                    key: &key,
                    level,
                }),
            };
            if let Err(error) = result {
                reader.path.push(key.into_owned());
                return Err(error);
            }
        }
        seen.close(reader);
        reader.depth -= 1;
        Ok(true)
    }
}

/// A member's value.
struct Value<'r, 'de> {
    reader: &'r mut Reader<'de>,
    bound: &'static Bound,
    row: Option<Row>,
    is_alias: bool,
}

impl<'de> DeserializeSeed<'de> for Value<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        let Self {
            reader,
            bound,
            row,
            is_alias,
        } = self;
        match &bound.kind {
            Kind::Scalar(ty @ (Type::Flag | Type::Number)) => {
                let raw = <&RawValue>::deserialize_from(from)?.get();
                let fits = match (ty, raw.as_bytes().first()) {
                    (_, Some(b'n')) => return Ok(()),
                    (Type::Flag, Some(b't' | b'f')) => true,
                    (Type::Number, Some(b'-' | b'0'..=b'9')) => true,
                    _ => false,
                };
                if !fits {
                    let wanted = if matches!(ty, Type::Flag) {
                        "a boolean"
                    } else {
                        "a number"
                    };
                    return Err(reader.fail(
                        ErrorKind::CalloutType,
                        format!("expected {wanted}, found {}", name_of(raw)),
                    ));
                }
                let value = reader.span_in(raw);
                reader.keep(bound, row, value, None)
            }
            Kind::Scalar(ty) => {
                let Some(text) = from.deserialize_any(MaybeText)? else {
                    return Ok(());
                };
                if bound.name == "customExtensionStageInstanceId" {
                    reader.instance = reader.span(&text);
                }
                let value = reader.canonical(*ty, &text);
                let better = matches!(ty, Type::DefaultText).then_some(false);
                reader.keep(bound, row, value, better)
            }
            Kind::Content(content) => {
                let Some(text) = from.deserialize_any(ContentText {
                    reader: &mut *reader,
                    content,
                    row,
                })?
                else {
                    return Ok(());
                };
                let value = reader.span(&text);
                // A plain text stands beside the content object: it is what people saw.
                reader.keep(bound, row, value, Some(is_alias))
            }
            Kind::Object(node) => {
                let present = Object {
                    reader: &mut *reader,
                    node,
                    level: Level::Inside,
                    row,
                }
                .deserialize(from)?;
                if present {
                    reader.keep_object(bound, row)?;
                }
                Ok(())
            }
            Kind::List(node, list) => from.deserialize_any(Rows {
                reader,
                node,
                list: *list,
            }),
            Kind::Texts => from.deserialize_any(Texts { reader }),
            Kind::Open => {
                let raw = <&RawValue>::deserialize_from(from)?;
                match raw.get().as_bytes().first() {
                    Some(b'{' | b'n') => check(reader, raw, false),
                    _ => Err(reader.fail(
                        ErrorKind::CalloutType,
                        format!("expected an object, found {}", name_of(raw.get())),
                    )),
                }
            }
        }
    }
}

/// `<&RawValue>::deserialize`, named.
trait FromRaw<'de>: Sized {
    fn deserialize_from<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

impl<'de> FromRaw<'de> for &'de RawValue {
    fn deserialize_from<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(from)
    }
}

fn name_of(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Text, or null.
struct MaybeText;

impl<'de> Visitor<'de> for MaybeText {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.into())))
    }
}

/// Text, a content object with a default text, or null.
struct ContentText<'r, 'de> {
    reader: &'r mut Reader<'de>,
    content: &'static Node,
    row: Option<Row>,
}

impl<'de> Visitor<'de> for ContentText<'_, 'de> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or localized content")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.into())))
    }

    /// Its default text is bound to the place of the text itself.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Object {
            reader: self.reader,
            node: self.content,
            level: Level::Inside,
            row: self.row,
        }
        .visit_map(map)
        .map(|_| None)
    }
}

struct TextOrNull;

impl<'de> DeserializeSeed<'de> for TextOrNull {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(MaybeText)
    }
}

/// A list of objects.
struct Rows<'r, 'de> {
    reader: &'r mut Reader<'de>,
    node: &'static Node,
    list: Option<usize>,
}

impl<'de> Visitor<'de> for Rows<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { reader, node, list } = self;
        reader.enter()?;
        let mut index = 0_u32;
        loop {
            let row = list.and_then(|list| {
                let width = *SCHEMA.rows.get(list)?;
                let rows = reader.rows.get_mut(list)?;
                let start = usize::try_from(index).ok()? * width;
                rows.resize(start + width, Span::NONE);
                Some(Row { list, start })
            });
            let next = seq.next_element_seed(Object {
                reader: &mut *reader,
                node,
                level: Level::Inside,
                row,
            });
            match next {
                Ok(Some(_)) => index += 1,
                Ok(None) => {
                    if let Some(row) = row
                        && let Some(rows) = reader.rows.get_mut(row.list)
                    {
                        rows.truncate(row.start);
                    }
                    break;
                }
                Err(error) => {
                    reader.path.push(index.to_string());
                    return Err(error);
                }
            }
        }
        if let Some(count) = list.and_then(|list| reader.counts.get_mut(list)) {
            *count = index;
        }
        reader.depth -= 1;
        Ok(())
    }
}

/// A list of texts.
struct Texts<'r, 'de> {
    reader: &'r mut Reader<'de>,
}

impl<'de> Visitor<'de> for Texts<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of strings")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.reader.enter()?;
        let mut index = 0_u32;
        loop {
            match seq.next_element_seed(TextOrNull) {
                Ok(Some(_)) => index += 1,
                Ok(None) => break,
                Err(error) => {
                    self.reader.path.push(index.to_string());
                    return Err(error);
                }
            }
        }
        self.reader.depth -= 1;
        Ok(())
    }
}

/// A member that Graph's published types do not have.
struct Unknown<'r, 'k, 'de> {
    reader: &'r mut Reader<'de>,
    key: &'k str,
    level: Level,
}

impl<'de> DeserializeSeed<'de> for Unknown<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        let Self { reader, key, level } = self;
        if level == Level::Root && key.eq_ignore_ascii_case("data") {
            return from.deserialize_any(Envelope { reader });
        }
        let raw = <&RawValue>::deserialize_from(from)?;
        check(reader, raw, true)?;
        if level == Level::Root {
            type Keep = for<'r, 'de> fn(&'r mut Reader<'de>) -> &'r mut Span;
            let keep: Option<Keep> = if key.eq_ignore_ascii_case("type") {
                Some(|reader| &mut reader.envelope_type)
            } else if key.eq_ignore_ascii_case("event") {
                Some(|reader| &mut reader.event)
            } else {
                None
            };
            if let Some(keep) = keep {
                let text = raw.get();
                if text.starts_with('"') {
                    let text = Text.deserialize(&mut serde_json::Deserializer::from_str(text));
                    let value = reader.span(&text.map_err(D::Error::custom)?);
                    *keep(reader) = value;
                } else if key.eq_ignore_ascii_case("type") && !text.starts_with('n') {
                    reader.type_is_text = false;
                }
            }
        }
        Ok(())
    }
}

/// The envelope's `data`: an object; any other scalar is an unknown member of a flat payload.
struct Envelope<'r, 'de> {
    reader: &'r mut Reader<'de>,
}

impl<'de> Visitor<'de> for Envelope<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.reader.enveloped = true;
        Object {
            reader: self.reader,
            node: &SCHEMA.data,
            level: Level::Data,
            row: None,
        }
        .visit_map(map)
        .map(|_| ())
    }
}

/// Checks a value that is kept as text only: strings, depth, and (`strict`) its members.
fn check<'de, E: serde::de::Error>(
    reader: &mut Reader<'de>,
    raw: &'de RawValue,
    strict: bool,
) -> Result<(), E> {
    let text = raw.get();
    let mut from = serde_json::Deserializer::from_str(text);
    let result = match text.as_bytes().first() {
        Some(b'{') if strict => Object {
            reader: &mut *reader,
            node: &SCHEMA.empty,
            level: Level::Inside,
            row: None,
        }
        .deserialize(&mut from)
        .map(|_| ()),
        Some(b'{' | b'[') => from.deserialize_any(Items {
            reader: &mut *reader,
            strict,
        }),
        Some(b'"') if text.contains('\\') => Text.deserialize(&mut from).map(|_| ()),
        _ => Ok(()),
    };
    result.map_err(|error| {
        if error.is_data() {
            return E::custom(error);
        }
        // The raw text was well-formed but for what a full reading of strings shows.
        let text = error.to_string();
        let text = text.split(" at line ").next().unwrap_or_default();
        reader.fail(ErrorKind::CalloutSyntax, format!("not JSON: {text}"))
    })
}

/// The items of an unknown list, or the members of an open object.
struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    strict: bool,
}

impl<'de> Visitor<'de> for Items<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.reader.enter()?;
        let mut index = 0_u32;
        while let Some(raw) = seq.next_element::<&RawValue>()? {
            if let Err(error) = check(self.reader, raw, self.strict) {
                self.reader.path.push(index.to_string());
                return Err(error);
            }
            index += 1;
        }
        self.reader.depth -= 1;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.reader.enter()?;
        let mut members = 0_usize;
        while let Some(key) = map.next_key_seed(Text)? {
            members += 1;
            self.reader.count(members)?;
            let raw = map.next_value::<&RawValue>()?;
            if let Err(error) = check(self.reader, raw, self.strict) {
                self.reader.path.push(key.into_owned());
                return Err(error);
            }
        }
        self.reader.depth -= 1;
        Ok(())
    }
}

//! Reading a payload: one strict pass over the text.
//!
//! serde_json reads the JSON; the visitors here hold the members against the shape, refuse what is
//! repeated, too deep or too wide, and note where each value stands in the text.

#![expect(
    clippy::ptr_arg,
    reason = "whether a text is borrowed from the payload says whether its place can be kept"
)]

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{
    Callout,
    shape::{Bound, Kind, Node, SCHEMA, Type},
};
use crate::{
    error::{Error, ErrorKind},
    id::{guid, is_plain_guid},
    pointer::Text,
    stage::Stage,
};

/// Where a value stands in the kept text: the payload, then what had to be rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    length: u32,
}

impl Span {
    pub(super) const NONE: Self = Self {
        start: u32::MAX,
        length: 0,
    };

    pub(super) fn of(self, text: &str) -> Option<&str> {
        let start = usize::try_from(self.start).ok()?;
        text.get(start..start.checked_add(usize::try_from(self.length).ok()?)?)
    }

    fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// What one pass found.
pub(super) struct Found {
    /// The payload, then rewritten values.
    pub(super) text: String,
    pub(super) slots: Vec<Span>,
    pub(super) rows: [Vec<Span>; 2],
    pub(super) counts: [u32; 2],
    pub(super) enveloped: bool,
    pub(super) envelope_type: Span,
    /// The instance id as given.
    pub(super) instance: Span,
    /// `Event` of the retired 2021 model.
    pub(super) event: Span,
    /// The path of `stage`, in the payload's own spelling.
    pub(super) stage_at: String,
}

/// Reads a payload of at most [`Callout::MAX_BYTES`].
pub(super) fn read(payload: &str) -> Result<Found, Error> {
    let schema = &*SCHEMA;
    let json = payload.strip_prefix('\u{feff}').unwrap_or(payload);
    let mut reader = Reader {
        payload,
        rewritten: String::new(),
        slots: vec![Span::NONE; schema.slots],
        rows: [const { Vec::new() }; 2],
        counts: [0; 2],
        unknown: Vec::new(),
        depth: 0,
        path: Vec::new(),
        failure: None,
        flat: false,
        enveloped: false,
        envelope_type: Span::NONE,
        instance: Span::NONE,
        event: Span::NONE,
        stage_at: "/stage".into(),
    };
    let mut from = serde_json::Deserializer::from_str(json);
    let result = Object {
        reader: &mut reader,
        node: &schema.data,
        level: Level::Root,
        row: None,
    }
    .deserialize(&mut from)
    .and_then(|_| from.end());
    if let Err(error) = result {
        return Err(reader.error(&error));
    }
    if reader.flat && reader.enveloped {
        return Err(Error::new(
            ErrorKind::CalloutEnvelope,
            "both an envelope with `data` and callout members beside it; send one or the other",
        )
        .at("/data"));
    }
    let mut text = String::with_capacity(payload.len() + reader.rewritten.len());
    text.push_str(payload);
    text.push_str(&reader.rewritten);
    Ok(Found {
        text,
        slots: reader.slots,
        rows: reader.rows,
        counts: reader.counts,
        enveloped: reader.enveloped,
        envelope_type: reader.envelope_type,
        instance: reader.instance,
        event: reader.event,
        stage_at: reader.stage_at,
    })
}

struct Reader<'de> {
    payload: &'de str,
    rewritten: String,
    slots: Vec<Span>,
    rows: [Vec<Span>; 2],
    counts: [u32; 2],
    /// Unknown keys of the objects that are open, innermost last.
    unknown: Vec<Cow<'de, str>>,
    depth: usize,
    /// Where a failure happened, innermost first.
    path: Vec<String>,
    failure: Option<(ErrorKind, String)>,
    flat: bool,
    enveloped: bool,
    envelope_type: Span,
    instance: Span,
    event: Span,
    stage_at: String,
}

impl<'de> Reader<'de> {
    fn fail<E: serde::de::Error>(&mut self, kind: ErrorKind, detail: impl Into<String>) -> E {
        let detail = detail.into();
        let error = E::custom(&detail);
        self.failure.get_or_insert((kind, detail));
        error
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for segment in self.path.iter().rev() {
            pointer.push('/');
            pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }

    fn error(&self, error: &serde_json::Error) -> Error {
        let pointer = self.pointer();
        if let Some((kind, detail)) = &self.failure {
            return Error::new(*kind, detail).at(if pointer.is_empty() { "/" } else { &pointer });
        }
        let text = error.to_string();
        let text = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(text, _)| text);
        if error.is_data() {
            return Error::new(ErrorKind::CalloutType, in_json_terms(text))
                .at(if pointer.is_empty() { "/" } else { &pointer });
        }
        Error::new(ErrorKind::CalloutSyntax, format!("not JSON: {text}")).at(format!(
            "line {} column {}",
            error.line(),
            error.column()
        ))
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > Callout::MAX_DEPTH {
            return Err(self.fail(
                ErrorKind::CalloutLimit,
                format!("nested deeper than {} levels", Callout::MAX_DEPTH),
            ));
        }
        Ok(())
    }

    fn span(&mut self, text: &Cow<'de, str>) -> Span {
        match text {
            Cow::Borrowed(text) => self.span_in(text),
            Cow::Owned(text) => self.rewrite(text),
        }
    }

    /// The span of a part of the payload.
    fn span_in(&self, part: &'de str) -> Span {
        let start = part.as_ptr().addr() - self.payload.as_ptr().addr();
        span(start, part.len())
    }

    fn rewrite(&mut self, text: &str) -> Span {
        let start = self.payload.len() + self.rewritten.len();
        self.rewritten.push_str(text);
        span(start, text.len())
    }

    fn text_of(&self, span: Span) -> &str {
        let length = self.payload.len();
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        if start < length {
            return span.of(self.payload).unwrap_or_default();
        }
        let start = start - length;
        self.rewritten
            .get(start..start + usize::try_from(span.length).unwrap_or_default())
            .unwrap_or_default()
    }

    /// The value in the form that policies see.
    fn canonical(&mut self, ty: Type, text: &Cow<'de, str>) -> Span {
        match ty {
            Type::Id if !is_plain_guid(text) => match guid(text) {
                Some(plain) => self.rewrite(&plain),
                None => self.span(text),
            },
            Type::Enumeration(names) => {
                let same =
                    |name: &&&str| name.len() == text.len() && name.eq_ignore_ascii_case(text);
                match names.iter().find(same) {
                    Some(name) if *name == text => self.span(text),
                    Some(name) => self.rewrite(name),
                    None => match camel(text) {
                        Cow::Borrowed(_) => self.span(text),
                        Cow::Owned(changed) => self.rewrite(&changed),
                    },
                }
            }
            Type::Stage => match Stage::from_name(text) {
                Some(stage) if stage.as_str() != text => self.rewrite(stage.as_str()),
                _ => self.span(text),
            },
            _ => self.span(text),
        }
    }

    /// Keeps a value. Two spellings of one member must agree, unless one of them is the better.
    fn keep<E: serde::de::Error>(
        &mut self,
        bound: &Bound,
        row: Option<Row>,
        value: Span,
        better: Option<bool>,
    ) -> Result<(), E> {
        let kept = self.place(bound, row).map_or(Span::NONE, |place| *place);
        if kept.is_some() {
            match better {
                Some(false) => return Ok(()),
                Some(true) => {}
                None if self.text_of(kept) == self.text_of(value) => return Ok(()),
                None => return Err(self.disagree(bound)),
            }
        }
        if let Some(place) = self.place(bound, row) {
            *place = value;
        }
        Ok(())
    }

    /// Notes that an object is there. The same spelling cannot come twice, so if it is there
    /// already, it came by another spelling.
    fn keep_object<E: serde::de::Error>(
        &mut self,
        bound: &Bound,
        row: Option<Row>,
    ) -> Result<(), E> {
        let Some(place) = self.place(bound, row) else {
            return Ok(());
        };
        if place.is_some() {
            return Err(self.disagree(bound));
        }
        *place = span(0, 0);
        Ok(())
    }

    fn place(&mut self, bound: &Bound, row: Option<Row>) -> Option<&mut Span> {
        let slot = bound.slot?;
        match row {
            None => self.slots.get_mut(slot),
            Some(row) => self.rows.get_mut(row.list)?.get_mut(row.start + slot),
        }
    }

    fn disagree<E: serde::de::Error>(&mut self, bound: &Bound) -> E {
        self.fail(
            ErrorKind::CalloutRepeated,
            format!(
                "two spellings of `{}` with different values; send one of them",
                bound.name
            ),
        )
    }
}

/// What serde says of a wrong type, in JSON's terms.
fn in_json_terms(text: &str) -> String {
    let Some((found, expected)) = text
        .strip_prefix("invalid type: ")
        .and_then(|text| text.split_once(", expected "))
    else {
        return text.into();
    };
    let found = match found {
        "map" => "an object",
        "sequence" => "an array",
        "null" => "null",
        found => found,
    };
    format!("expected {expected}, found {found}")
}

fn span(start: usize, length: usize) -> Span {
    match (u32::try_from(start), u32::try_from(length)) {
        (Ok(start), Ok(length)) => Span { start, length },
        // Payloads are at most a mebibyte, and rewriting does not grow them past four gibibytes.
        _ => Span::NONE,
    }
}

/// The text with its first ASCII letter in lower case.
pub(super) fn camel(text: &str) -> Cow<'_, str> {
    if text.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
        let mut changed = text.to_owned();
        if let Some(first) = changed.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Cow::Owned(changed)
    } else {
        Cow::Borrowed(text)
    }
}

/// A row of a kept list.
#[derive(Clone, Copy)]
struct Row {
    list: usize,
    /// Where its slots begin.
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The payload itself: data, or the envelope around it.
    Root,
    /// The envelope's `data`.
    Data,
    /// Anything inside.
    Inside,
}

struct Object<'r, 'de> {
    reader: &'r mut Reader<'de>,
    node: &'static Node,
    level: Level,
    row: Option<Row>,
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
            if members > Callout::MAX_MEMBERS {
                return Err(reader.fail(
                    ErrorKind::CalloutLimit,
                    format!("an object of more than {} members", Callout::MAX_MEMBERS),
                ));
            }
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

fn repeated<E: serde::de::Error>(reader: &mut Reader<'_>, key: &str) -> E {
    let error = reader.fail(
        ErrorKind::CalloutRepeated,
        format!("member `{key}` stands twice in one object (case is ignored)"),
    );
    reader.path.push(key.into());
    error
}

/// The members of one object that were seen.
struct Seen {
    known: u64,
    /// Where this object's unknown keys begin.
    start: usize,
    /// Their lower-case forms, once they are many.
    many: HashSet<String>,
}

impl Seen {
    const FEW: usize = 16;

    fn new(reader: &Reader<'_>) -> Self {
        Self {
            known: 0,
            start: reader.unknown.len(),
            many: HashSet::new(),
        }
    }

    /// Whether this is the first member of that name.
    fn first<'de>(
        &mut self,
        reader: &mut Reader<'de>,
        key: &Cow<'de, str>,
        known: Option<usize>,
    ) -> bool {
        if let Some(at) = known {
            let bit = 1_u64 << (at % 64);
            let first = self.known & bit == 0;
            self.known |= bit;
            return first;
        }
        let mine = reader.unknown.get(self.start..).unwrap_or_default();
        if mine.len() < Self::FEW {
            if mine.iter().any(|other| other.eq_ignore_ascii_case(key)) {
                return false;
            }
            reader.unknown.push(key.clone());
            return true;
        }
        if self.many.is_empty() {
            self.many
                .extend(mine.iter().map(|other| other.to_ascii_lowercase()));
        }
        self.many.insert(key.to_ascii_lowercase())
    }

    fn close(self, reader: &mut Reader<'_>) {
        reader.unknown.truncate(self.start);
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
                reader.keep(bound, row, value, None)
            }
            Kind::Content(content) => {
                let Some(text) = from.deserialize_any(ContentText {
                    reader: &mut *reader,
                    content,
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

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { reader, content } = self;
        reader.enter()?;
        let mut seen = Seen::new(reader);
        let mut default_text = None;
        let mut members = 0_usize;
        while let Some(key) = map.next_key_seed(Text)? {
            members += 1;
            if members > Callout::MAX_MEMBERS {
                return Err(reader.fail(
                    ErrorKind::CalloutLimit,
                    format!("an object of more than {} members", Callout::MAX_MEMBERS),
                ));
            }
            let at = content.find(&key, 0);
            if !seen.first(reader, &key, at) {
                return Err(repeated(reader, &key));
            }
            let bound = at
                .and_then(|at| content.spellings.get(at))
                .and_then(|spelling| content.members.get(spelling.member));
            let result = match bound {
                Some(bound) if bound.name == "defaultText" => map
                    .next_value_seed(TextOrNull)
                    .map(|text| default_text = text),
                Some(bound) => map.next_value_seed(Value {
                    reader,
                    bound,
                    row: None,
                    is_alias: false,
                }),
                None => map.next_value_seed(Unknown {
                    reader,
                    key: &key,
                    level: Level::Inside,
                }),
            };
            if let Err(error) = result {
                reader.path.push(key.into_owned());
                return Err(error);
            }
        }
        seen.close(reader);
        reader.depth -= 1;
        Ok(default_text)
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
            let keep = if key.eq_ignore_ascii_case("type") {
                Some(&mut reader.envelope_type)
            } else if key.eq_ignore_ascii_case("event") {
                Some(&mut reader.event)
            } else {
                None
            };
            // Both are plain names; a text with escapes is none of them.
            if let Some(keep) = keep
                && let Ok(text) = serde_json::from_str::<&'de str>(raw.get())
            {
                let start = text.as_ptr().addr() - reader.payload.as_ptr().addr();
                *keep = span(start, text.len());
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
        while let Some(key) = map.next_key_seed(Text)? {
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

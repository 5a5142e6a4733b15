//! Reading a payload: one strict pass over the text.
//!
//! serde_json reads the JSON; the visitors here hold the members against the shape, refuse what is
//! repeated, too deep or too wide, and note where each value stands in the text.

#![expect(
    clippy::ptr_arg,
    reason = "whether a text is borrowed from the payload says whether its place can be kept"
)]

mod seen;
mod visit;

use std::borrow::Cow;

use serde::de::DeserializeSeed;

use self::visit::{Level, Object, Row};
use super::{
    Callout,
    shape::{Bound, SCHEMA, Type},
};
use crate::{
    error::{Error, ErrorKind},
    id::{guid, is_plain_guid},
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
        type_is_text: true,
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
    if reader.enveloped && !reader.type_is_text {
        return Err(Error::new(
            ErrorKind::CalloutEnvelope,
            "the envelope's `type` is not a string",
        )
        .at("/type"));
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
    /// Whether `type` beside the data is text, if it is there.
    type_is_text: bool,
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

    /// Checks how many members an object has so far.
    fn count<E: serde::de::Error>(&mut self, members: usize) -> Result<(), E> {
        if members > Callout::MAX_MEMBERS {
            return Err(self.fail(
                ErrorKind::CalloutLimit,
                format!("an object of more than {} members", Callout::MAX_MEMBERS),
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

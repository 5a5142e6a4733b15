//! Reading a payload: one strict pass over the text.
//!
//! The members are held against the shape, and where each value that can be asked for stands is
//! noted. A value whose canonical form differs is written behind the payload.

use std::borrow::Cow;

use super::shape::{Bound, Kind, Node, SCHEMA};
use crate::{
    graph::{self, Object, TextRank, Type},
    id::guid,
    json::{self, Failure, Quoted, Reader, Result, Token, camel, key_is},
    stage::Stage,
};

/// Where a value stands in the kept text: the payload, then what had to be rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    /// And in the two bits above, how good a text is that may be given in several ways.
    length: u32,
}

impl Span {
    pub(super) const NONE: Self = Self {
        start: u32::MAX,
        length: 0,
    };
    const LENGTH: u32 = (1 << 30) - 1;

    /// Payloads are at most a mebibyte, and rewriting does not grow them past what fits.
    fn new(start: usize, length: usize) -> Self {
        match (u32::try_from(start), u32::try_from(length)) {
            (Ok(start), Ok(length @ ..=Self::LENGTH)) => Self { start, length },
            _ => Self::NONE,
        }
    }

    fn length(self) -> usize {
        (self.length & Self::LENGTH) as usize
    }

    pub(super) fn of(self, text: &str) -> Option<&str> {
        let start = usize::try_from(self.start).ok()?;
        text.get(start..start.checked_add(self.length())?)
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
    pub(super) envelope: Envelope,
    /// The instance id as given.
    pub(super) instance: Span,
    /// `Event` of the retired 2021 model.
    pub(super) event: Span,
}

/// What stands around the data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// Nothing: a flat payload or the bare data object.
    None,
    /// An envelope whose `type` is this text, or has none.
    Typed(Span),
    /// An envelope whose `type` is not text.
    Mistyped,
    /// An envelope, and callout members beside its data.
    Mixed,
}

/// Reads a payload of at most [`super::Callout::MAX_BYTES`].
pub(super) fn read(payload: &str) -> std::result::Result<Found, (Box<Failure>, String)> {
    let schema = &*SCHEMA;
    let json = payload.strip_prefix('\u{feff}').unwrap_or(payload);
    let mut reader = Reader::new(json);
    let mut keeper = Keeper {
        payload,
        before: payload.len() - json.len(),
        rewritten: String::new(),
        slots: vec![Span::NONE; schema.slots],
        rows: [const { Vec::new() }; 2],
        counts: [0; 2],
        content: TextRank::ContentAlias,
        is_flat: false,
        is_enveloped: false,
        envelope_type: Span::NONE,
        is_type_text: true,
        instance: Span::NONE,
        event: Span::NONE,
    };
    keeper
        .root(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|failure| {
            let place = failure.place(json);
            (failure, place)
        })?;
    let envelope = match keeper.is_enveloped {
        false => Envelope::None,
        true if keeper.is_flat => Envelope::Mixed,
        true if !keeper.is_type_text => Envelope::Mistyped,
        true => Envelope::Typed(keeper.envelope_type),
    };
    let mut text = String::with_capacity(payload.len() + keeper.rewritten.len());
    text.push_str(payload);
    text.push_str(&keeper.rewritten);
    Ok(Found {
        text,
        slots: keeper.slots,
        rows: keeper.rows,
        counts: keeper.counts,
        envelope,
        instance: keeper.instance,
        event: keeper.event,
    })
}

/// The data of a payload that [`read`] has accepted, as a type of Graph's.
pub(super) fn typed<T: Object>(payload: &str, is_enveloped: bool) -> T {
    let mut reader = Reader::again(payload.strip_prefix('\u{feff}').unwrap_or(payload));
    let mut data = None;
    let read = if is_enveloped {
        let read = reader.object(&json::NO_NAMES, |reader, key| {
            if reader.is(key, "data") {
                data = graph::read(reader)?;
                return Ok(());
            }
            reader.check(true)
        });
        read.map(|_| data)
    } else {
        graph::read(&mut reader)
    };
    // The same rules hold for both readings, so what was accepted is read again.
    read.ok().flatten().unwrap_or_default()
}

/// The pointer in the spelling of a payload that [`read`] has accepted; in Graph's from where it
/// is not there.
pub(super) fn place(payload: &str, pointer: &str) -> String {
    fn spelled(reader: &mut Reader<'_>, pointer: &str) -> Result<String> {
        let wanted = pointer.get(1..).unwrap_or_default();
        let end = wanted.find('/').unwrap_or(wanted.len());
        let (name, rest) = wanted.split_at(end);
        let mut place = pointer.to_owned();
        reader.object(&json::NO_NAMES, |reader, key| {
            if !reader.is(key, name) {
                return reader.check(true);
            }
            let key = reader.text_of(key.name);
            if rest.is_empty() || reader.token()? != Token::Object {
                place = format!("/{key}{rest}");
                return reader.check(true);
            }
            place = format!("/{key}{}", spelled(reader, rest)?);
            Ok(())
        })?;
        Ok(place)
    }
    let mut reader = Reader::again(payload.strip_prefix('\u{feff}').unwrap_or(payload));
    spelled(&mut reader, pointer).unwrap_or_else(|_| pointer.to_owned())
}

/// A row of a kept list.
#[derive(Clone, Copy)]
struct Row {
    list: usize,
    /// Where its slots begin.
    start: usize,
}

/// Keeps what was found.
struct Keeper<'j> {
    payload: &'j str,
    /// How much of the payload stands before the JSON text: a byte order mark.
    before: usize,
    rewritten: String,
    slots: Vec<Span>,
    rows: [Vec<Span>; 2],
    counts: [u32; 2],
    /// How good the text is of the localized content that is being read.
    content: TextRank,
    is_flat: bool,
    is_enveloped: bool,
    envelope_type: Span,
    /// Whether `type` beside the data is text, if it is there.
    is_type_text: bool,
    instance: Span,
    event: Span,
}

impl<'j> Keeper<'j> {
    /// The payload itself: data, or the envelope around it.
    fn root(&mut self, reader: &mut Reader<'j>) -> Result<()> {
        if reader.token()? == Token::Null {
            return Err(reader.expected("an object", Token::Null));
        }
        reader.object(&SCHEMA.data.names, |reader, key| {
            if let Some(found) = key.found {
                self.is_flat = true;
                return self.member(reader, &SCHEMA.data, found, None);
            }
            if reader.is(key, "data") {
                return self.data(reader);
            }
            let keep = match () {
                () if reader.is(key, "type") => &mut self.envelope_type,
                () if reader.is(key, "event") => &mut self.event,
                () => return reader.check(true),
            };
            match reader.token()? {
                Token::Text => {
                    if let Some(text) = reader.text()? {
                        let span = Self::span(
                            self.payload,
                            self.before,
                            &mut self.rewritten,
                            reader,
                            text,
                        );
                        *keep = span;
                    }
                    Ok(())
                }
                found => {
                    self.is_type_text &= found == Token::Null || !reader.is(key, "type");
                    reader.check(true)
                }
            }
        })?;
        Ok(())
    }

    /// The envelope's data; a scalar of that name is an unknown member of a flat payload.
    fn data(&mut self, reader: &mut Reader<'j>) -> Result<()> {
        match reader.token()? {
            Token::Object => {}
            found @ Token::List => return Err(reader.expected("an object", found)),
            _ => return reader.check(true),
        }
        self.is_enveloped = true;
        reader.object(&SCHEMA.data.names, |reader, key| match key.found {
            Some(found) => self.member(reader, &SCHEMA.data, found, None),
            None => match reader.token()? {
                // Which of the two is the data would be anybody's guess.
                found @ (Token::Object | Token::List) if reader.is(key, "data") => {
                    Err(reader.expected("no second `data` inside the envelope's data", found))
                }
                _ => reader.check(true),
            },
        })?;
        Ok(())
    }

    fn object(
        &mut self,
        reader: &mut Reader<'j>,
        node: &'static Node,
        row: Option<Row>,
    ) -> Result<bool> {
        reader.object(&node.names, |reader, key| match key.found {
            Some(found) => self.member(reader, node, found, row),
            None => reader.check(true),
        })
    }

    fn member(
        &mut self,
        reader: &mut Reader<'j>,
        node: &'static Node,
        found: json::Found,
        row: Option<Row>,
    ) -> Result<()> {
        match node.members.get(usize::from(found.member)) {
            Some(bound) => self.value(reader, bound, row, found.is_alias),
            None => reader.check(true),
        }
    }

    fn value(
        &mut self,
        reader: &mut Reader<'j>,
        bound: &'static Bound,
        row: Option<Row>,
        is_alias: bool,
    ) -> Result<()> {
        match &bound.kind {
            Kind::Scalar(Type::Flag) => {
                reader.token()?;
                let start = reader.at();
                match reader.flag()? {
                    Some(_) => self.keep_raw(reader, bound, row, start),
                    None => Ok(()),
                }
            }
            Kind::Scalar(Type::Number) => {
                reader.token()?;
                let start = reader.at();
                match reader.number()? {
                    Some(_) => self.keep_raw(reader, bound, row, start),
                    None => Ok(()),
                }
            }
            Kind::Scalar(ty) => {
                let Some(text) = reader.text()? else {
                    return Ok(());
                };
                if bound.slot.is_none() {
                    return Ok(());
                }
                if matches!(ty, Type::Id)
                    && row.is_none()
                    && bound.slot == Some(SCHEMA.at.instance_id)
                {
                    self.instance = self.plain(reader, text);
                }
                let value = self.canonical(*ty, reader, text);
                self.keep(bound, row, value)
            }
            Kind::DefaultText => match reader.text()? {
                Some(text) => {
                    let value = self.plain(reader, text);
                    self.keep_best(bound, row, value, self.content);
                    Ok(())
                }
                None => Ok(()),
            },
            // Text, or a content object whose default text is bound to the same place.
            Kind::Content(content) => match reader.token()? {
                Token::Object => {
                    self.content = TextRank::new(true, is_alias);
                    self.object(reader, content, row).map(|_| ())
                }
                found @ (Token::Text | Token::Null) => {
                    if let Some(text) = reader.text()?.filter(|_| found == Token::Text) {
                        let value = self.plain(reader, text);
                        self.keep_best(bound, row, value, TextRank::new(false, is_alias));
                    }
                    Ok(())
                }
                found => Err(reader.expected("a string or localized content", found)),
            },
            Kind::Object(node) => {
                if self.object(reader, node, row)? {
                    self.keep_object(bound, row)?;
                }
                Ok(())
            }
            Kind::List(node, list) => self.list(reader, node, *list),
            Kind::Texts => reader
                .list("an array of strings", |reader, _| match reader.token()? {
                    Token::Null => Err(reader.expected("a string", Token::Null)),
                    _ => reader.text().map(|_| ()),
                })
                .map(|_| ()),
            Kind::Open => match reader.token()? {
                Token::Object | Token::Null => reader.check(false),
                found => Err(reader.expected("an object", found)),
            },
        }
    }

    fn list(
        &mut self,
        reader: &mut Reader<'j>,
        node: &'static Node,
        list: Option<usize>,
    ) -> Result<()> {
        let width = list.and_then(|list| SCHEMA.rows.get(list).copied());
        let mut count = 0_u32;
        let is_there = reader.objects(|reader| {
            let row = list.zip(width).and_then(|(list, width)| {
                let rows = self.rows.get_mut(list)?;
                let start = rows.len();
                rows.resize(start + width, Span::NONE);
                Some(Row { list, start })
            });
            count += 1;
            self.object(reader, node, row)
        })?;
        if let Some(kept) = list
            .and_then(|list| self.counts.get_mut(list))
            .filter(|_| is_there)
        {
            *kept = count;
        }
        Ok(())
    }

    #[inline]
    fn plain(&mut self, reader: &Reader<'j>, text: Quoted) -> Span {
        Self::span(self.payload, self.before, &mut self.rewritten, reader, text)
    }

    #[inline]
    fn span(
        payload: &str,
        before: usize,
        rewritten: &mut String,
        reader: &Reader<'j>,
        text: Quoted,
    ) -> Span {
        if text.is_escaped() {
            rewrite(payload, rewritten, &reader.text_of(text))
        } else {
            Span::new(before + text.start(), text.length())
        }
    }

    fn text_of(&self, span: Span) -> &str {
        let length = self.payload.len();
        let start = usize::try_from(span.start).unwrap_or(usize::MAX);
        if start < length {
            return span.of(self.payload).unwrap_or_default();
        }
        let start = start - length;
        self.rewritten
            .get(start..start + span.length())
            .unwrap_or_default()
    }

    /// The value in the form that policies see.
    #[inline]
    fn canonical(&mut self, ty: Type, reader: &Reader<'j>, text: Quoted) -> Span {
        match ty {
            Type::Id if reader.is_plain_guid(text) => self.plain(reader, text),
            Type::Id | Type::Enumeration(_) | Type::Stage => self.changed(ty, reader, text),
            _ => self.plain(reader, text),
        }
    }

    fn changed(&mut self, ty: Type, reader: &Reader<'j>, text: Quoted) -> Span {
        let value = reader.text_of(text);
        let changed = match ty {
            Type::Id => guid(&value).map(Cow::Owned),
            Type::Enumeration(names) => {
                let named = names.iter().find(|name| key_is(&value, name));
                Some(named.map_or_else(|| camel(&value), |name| Cow::Borrowed(*name)))
            }
            Type::Stage => Stage::from_name(&value).map(|stage| Cow::Borrowed(stage.as_str())),
            _ => None,
        };
        match changed {
            Some(changed) if changed != value => {
                rewrite(self.payload, &mut self.rewritten, &changed)
            }
            _ => self.plain(reader, text),
        }
    }

    fn keep_raw(
        &mut self,
        reader: &Reader<'j>,
        bound: &Bound,
        row: Option<Row>,
        start: usize,
    ) -> Result<()> {
        let value = Span::new(self.before + start, reader.at() - start);
        self.keep(bound, row, value)
    }

    /// Keeps a value. Two spellings of one member must agree.
    fn keep(&mut self, bound: &Bound, row: Option<Row>, value: Span) -> Result<()> {
        let Some(place) = self.place(bound, row) else {
            return Ok(());
        };
        let kept = *place;
        if !kept.is_some() {
            *place = value;
            return Ok(());
        }
        if self.text_of(kept) == self.text_of(value) {
            return Ok(());
        }
        Err(Reader::disagreeing(bound.name))
    }

    /// Keeps the best of the texts that one member is given in, whichever comes first.
    fn keep_best(&mut self, bound: &Bound, row: Option<Row>, value: Span, rank: TextRank) {
        let rank = u32::from(rank as u8) << 30;
        if let Some(place) = self.place(bound, row)
            && (!place.is_some() || rank > place.length & !Span::LENGTH)
        {
            place.start = value.start;
            place.length = value.length | rank;
        }
    }

    /// Notes that an object is there. The same spelling cannot come twice, so if it is there
    /// already, it came by another spelling.
    fn keep_object(&mut self, bound: &Bound, row: Option<Row>) -> Result<()> {
        let Some(place) = self.place(bound, row) else {
            return Ok(());
        };
        if place.is_some() {
            return Err(Reader::disagreeing(bound.name));
        }
        *place = Span::new(0, 0);
        Ok(())
    }

    fn place(&mut self, bound: &Bound, row: Option<Row>) -> Option<&mut Span> {
        let slot = bound.slot?;
        match row {
            None => self.slots.get_mut(slot),
            Some(row) => self.rows.get_mut(row.list)?.get_mut(row.start + slot),
        }
    }
}

fn rewrite(payload: &str, rewritten: &mut String, text: &str) -> Span {
    let start = payload.len() + rewritten.len();
    rewritten.push_str(text);
    Span::new(start, text.len())
}

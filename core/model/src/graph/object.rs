//! What a type of Graph's is: its table of members, and how objects are read and written by it.

use std::fmt;

use super::{
    codec::{Aside, Codec, Localizations},
    json::{Json, Writer},
};
use crate::{
    error::{Error, ErrorKind},
    json::{self, MAX_BYTES, Names, Reader, Result, Token, camel},
};

/// The type of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    /// Text, kept as it is.
    Text,
    /// An id; a GUID is normalised.
    Id,
    /// An instant, ISO 8601, kept as it is.
    DateTime,
    /// A duration, ISO 8601, kept as it is.
    Duration,
    /// A member of an evolvable enumeration, in camelCase; members not listed are kept.
    Enumeration(&'static [&'static str]),
    /// The stage, aliases resolved.
    Stage,
    /// A boolean.
    Flag,
    /// A number, kept verbatim.
    Number,
    /// Text in v1.0, `accessPackageLocalizedContent` in beta: its default text counts.
    Content,
    /// A list of texts.
    Texts,
    /// An object whose members are not ours to judge: kept verbatim.
    Open,
    /// An object.
    Object(&'static ObjectType),
    /// A list of objects.
    List(&'static ObjectType),
    /// An object of one of several types, told apart by `@odata.type`.
    Union(Types),
    /// A list of such objects.
    UnionList(Types),
}

/// The types of which one of several is.
pub(crate) type Types = &'static [&'static ObjectType];

/// A type of Graph's: its name, without prefix, and its members in declared order.
#[derive(Debug)]
pub(crate) struct ObjectType {
    pub(crate) name: &'static str,
    #[cfg(feature = "schema")]
    pub(crate) docs: &'static str,
    pub(crate) members: &'static [Member],
}

/// A member of a type.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name in Graph v1.0.
    pub(crate) name: &'static str,
    /// Its other spelling.
    pub(crate) also: Option<(&'static str, Spelled)>,
    pub(crate) ty: Type,
    pub(crate) docs: &'static str,
}

/// Where a member's other spelling is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelled {
    /// On Graph's beta endpoint.
    Beta,
    /// In the flat payload that the service sends.
    Wire,
    /// Nowhere: it is only read.
    Read,
}

/// In which form something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// Graph v1.0: names in camelCase.
    #[default]
    V1,
    /// Graph beta: its own spellings, and texts as localized content.
    Beta,
    /// What the service sends to an endpoint: names in PascalCase, no `@odata.type`.
    Wire,
}

impl Member {
    /// Its name in a form, before the case of the wire.
    pub(crate) const fn name_in(&self, form: Form) -> &'static str {
        match (self.also, form) {
            (Some((name, Spelled::Beta)), Form::Beta)
            | (Some((name, Spelled::Wire)), Form::Wire) => name,
            _ => self.name,
        }
    }
}

/// What stands in a member or a list: an object of one type, or of one of several.
pub(crate) trait Node: Sized + PartialEq {
    /// The type of a member that is one, and of a list of them.
    const ONE: Type;
    const MANY: Type;

    /// Reads an object; none for null.
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>>;
    fn write(&self, out: &mut Writer);
}

/// An object type with its members.
pub(crate) trait Object: Default + PartialEq {
    const TYPE: ObjectType;

    fn names() -> &'static Names;
    /// Reads the member of this number.
    fn read_member(
        &mut self,
        member: u8,
        is_alias: bool,
        reader: &mut Reader<'_>,
        aside: &mut Aside,
    ) -> Result<()>;
    fn write_members(&self, out: &mut Writer);
    /// Where localizations belong that stood inside a text.
    fn localizations(&mut self) -> Option<&mut Localizations> {
        None
    }
    fn other(&mut self) -> &mut Vec<(String, Json)>;
}

/// The names of a type, for reading.
pub(crate) fn names(ty: &ObjectType) -> Names {
    Names::new(ty.members.iter().map(|member| {
        let also = member.also.map(|(name, _)| name);
        (member.name, also)
    }))
}

/// Reads an object of a known type; none for null.
pub(crate) fn read<T: Object>(reader: &mut Reader<'_>) -> Result<Option<T>> {
    let mut object = T::default();
    let mut aside = Aside::default();
    let is_there = reader.object(T::names(), |reader, key| match key.found {
        Some(found) => object.read_member(found.member, found.is_alias, reader, &mut aside),
        None if is_type(reader, key) => reader.check(true),
        None => {
            let name = camel(&reader.text_of(key.name)).into_owned();
            object
                .other()
                .extend(Json::read(reader)?.map(|value| (name, value)));
            Ok(())
        }
    })?;
    if let Some(place) = object.localizations()
        && place.is_none()
    {
        *place = aside.localizations;
    }
    Ok(is_there.then_some(object))
}

/// Whether a member says which type its object has. Workflow definitions double the `@`.
pub(crate) fn is_type(reader: &Reader<'_>, key: json::Key) -> bool {
    reader.is(key, "@odata.type") || reader.is(key, "@@odata.type")
}

/// The name of a type without what stands before it: `#`, and `microsoft.graph.`, which one
/// published example has twice.
pub(crate) fn plain_type_name(name: &str) -> &str {
    const PREFIX: &str = "microsoft.graph.";
    let mut name = name.strip_prefix('#').unwrap_or(name);
    while let Some((prefix, rest)) = name.split_at_checked(PREFIX.len())
        && json::key_is(prefix, PREFIX)
    {
        name = rest;
    }
    name
}

/// What `@odata.type` of the object that comes next says, without prefixes; the reader stays
/// before the object. Its two spellings must agree.
pub(crate) fn type_name(reader: &mut Reader<'_>) -> Result<Option<String>> {
    let (mut named, mut doubled) = (None, None);
    if reader.token()? == Token::Object {
        let start = reader.at();
        reader.open_object(|reader, name| {
            let key = json::Key { name, found: None };
            let place = match () {
                () if reader.is(key, "@odata.type") => &mut named,
                () if reader.is(key, "@@odata.type") => &mut doubled,
                () => return reader.check(false),
            };
            let text = reader.text()?.map(|text| reader.text_of(text));
            *place = text.map(|text| plain_type_name(&text).to_owned());
            Ok(())
        })?;
        reader.back_to(start);
    }
    match (named, doubled) {
        (Some(one), Some(other)) if !json::key_is(&one, &other) => {
            Err(Reader::disagreeing("@odata.type").inside("@odata.type"))
        }
        (named, doubled) => Ok(named.or(doubled)),
    }
}

/// Reads a whole document that is one object.
pub(crate) fn object<T: Node>(json: &str) -> std::result::Result<T, Error> {
    document(json, node)
}

/// Reads an object; null is not one.
pub(crate) fn node<T: Node>(reader: &mut Reader<'_>) -> Result<T> {
    let found = reader.token()?;
    T::read(reader)?.ok_or_else(|| reader.expected("an object", found))
}

/// Reads a whole document.
pub(crate) fn document<'j, T>(
    json: &'j str,
    read: impl FnOnce(&mut Reader<'j>) -> Result<T>,
) -> std::result::Result<T, Error> {
    let text = json.strip_prefix('\u{feff}').unwrap_or(json);
    if text.len() > MAX_BYTES {
        return Err(Error::new(
            ErrorKind::GraphObject,
            format!("{} bytes; at most {MAX_BYTES} are read", text.len()),
        ));
    }
    let mut reader = Reader::new(text);
    let value = read(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|failure| {
        let place = failure.place(text);
        Error::new(ErrorKind::GraphObject, failure.detail).at(place)
    })
}

/// Reads a member by its codec into its place.
pub(crate) fn member<C: Codec<T>, T>(
    into: &mut Option<T>,
    name: &'static str,
    is_alias: bool,
    reader: &mut Reader<'_>,
    aside: &mut Aside,
) -> Result<()> {
    C::merge(into, name, is_alias, reader, aside)
}

/// An object whose type is not one of those that are known: its members are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OtherObject {
    /// The type's name without prefix, where the object has one.
    pub type_name: Option<String>,
    /// Its members, in the order in which they came.
    pub members: Vec<(String, Json)>,
}

impl OtherObject {
    pub(crate) fn read(type_name: Option<String>, reader: &mut Reader<'_>) -> Result<Option<Self>> {
        let mut members = Vec::new();
        let is_there = reader.object(&json::NO_NAMES, |reader, key| {
            if is_type(reader, key) {
                return reader.check(true);
            }
            let name = camel(&reader.text_of(key.name)).into_owned();
            members.extend(Json::read(reader)?.map(|value| (name, value)));
            Ok(())
        })?;
        Ok(is_there.then_some(Self { type_name, members }))
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.object(self.type_name.as_deref(), |out| {
            for (name, value) in &self.members {
                out.other(name, value);
            }
        });
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
            Self::Wire => "wire",
        })
    }
}

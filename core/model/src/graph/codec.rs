//! How the value of a member is read and written, by the kind of value it is.

use super::{
    AccessPackageLocalizedContent, AccessPackageLocalizedText,
    json::{Json, Number, Writer},
    object::{Node, Type},
};
use crate::{
    id::canonical_guid,
    json::{Reader, Result, Token},
    stage::{Stage, StageName},
};

/// How a member whose value is a `T` is read and written.
pub(crate) trait Codec<T> {
    const TYPE: Type;

    /// Reads a value; none for null.
    fn read(reader: &mut Reader<'_>) -> Result<Option<T>>;
    fn write(value: &T, out: &mut Writer);
    /// Whether two spellings of one member may both be there.
    fn agree(one: &T, other: &T) -> bool;

    /// Reads a value into its place. Two spellings of one member must agree.
    fn merge(
        into: &mut Option<T>,
        name: &'static str,
        _is_alias: bool,
        reader: &mut Reader<'_>,
        _aside: &mut Aside,
    ) -> Result<()> {
        let Some(value) = Self::read(reader)? else {
            return Ok(());
        };
        match into {
            None => *into = Some(value),
            Some(there) if Self::agree(there, &value) => {}
            Some(_) => return Err(Reader::disagreeing(name)),
        }
        Ok(())
    }
}

/// A member of an evolvable enumeration.
pub(crate) trait Evolvable: PartialEq {
    const NAMES: &'static [&'static str];

    fn named(text: &str) -> Self;
    fn name(&self) -> &str;
}

/// Text that is kept as it is, under three names that say what it is.
pub(crate) struct Text;
pub(crate) struct DateTime;
pub(crate) struct Duration;
/// An id: a GUID is normalised.
pub(crate) struct Id;
pub(crate) struct Enumerated;
/// The stage.
pub(crate) struct AtStage;
pub(crate) struct Flag;
pub(crate) struct Numeric;
/// Text, or localized content whose default text counts.
pub(crate) struct Content;
/// A list of texts.
pub(crate) struct Texts;
/// An object that is kept verbatim.
pub(crate) struct Open;
/// An object, and a list of objects.
pub(crate) struct One;
pub(crate) struct Many;

fn text(reader: &mut Reader<'_>) -> Result<Option<String>> {
    let text = reader.text()?;
    Ok(text.map(|text| reader.text_of(text).into_owned()))
}

macro_rules! text_codec {
    ($($codec:ident),*) => { $(
        impl Codec<String> for $codec {
            const TYPE: Type = Type::$codec;

            fn read(reader: &mut Reader<'_>) -> Result<Option<String>> {
                text(reader)
            }

            fn write(value: &String, out: &mut Writer) {
                out.string(value);
            }

            fn agree(one: &String, other: &String) -> bool {
                one == other
            }
        }
    )* };
}

text_codec!(Text, DateTime, Duration);

impl Codec<String> for Id {
    const TYPE: Type = Type::Id;

    fn read(reader: &mut Reader<'_>) -> Result<Option<String>> {
        let Some(text) = reader.text()? else {
            return Ok(None);
        };
        let text = reader.text_of(text);
        Ok(Some(match canonical_guid(&text) {
            Some(id) => id.into_owned(),
            None => text.into_owned(),
        }))
    }

    fn write(value: &String, out: &mut Writer) {
        out.string(value);
    }

    fn agree(one: &String, other: &String) -> bool {
        one == other
    }
}

impl<E: Evolvable> Codec<E> for Enumerated {
    const TYPE: Type = Type::Enumeration(E::NAMES);

    fn read(reader: &mut Reader<'_>) -> Result<Option<E>> {
        let text = reader.text()?;
        Ok(text.map(|text| E::named(&reader.text_of(text))))
    }

    fn write(value: &E, out: &mut Writer) {
        out.string(value.name());
    }

    fn agree(one: &E, other: &E) -> bool {
        one == other
    }
}

impl Codec<StageName> for AtStage {
    const TYPE: Type = Type::Stage;

    fn read(reader: &mut Reader<'_>) -> Result<Option<StageName>> {
        let text = reader.text()?;
        Ok(text.map(|text| {
            let text = reader.text_of(text);
            match Stage::from_name(&text) {
                Some(stage) => StageName::Known(stage),
                None => StageName::Other(text.into_owned()),
            }
        }))
    }

    fn write(value: &StageName, out: &mut Writer) {
        out.string(value.as_str());
    }

    fn agree(one: &StageName, other: &StageName) -> bool {
        one == other
    }
}

impl Codec<bool> for Flag {
    const TYPE: Type = Type::Flag;

    fn read(reader: &mut Reader<'_>) -> Result<Option<bool>> {
        reader.flag()
    }

    fn write(value: &bool, out: &mut Writer) {
        out.raw(if *value { "true" } else { "false" });
    }

    fn agree(one: &bool, other: &bool) -> bool {
        one == other
    }
}

impl Codec<Number> for Numeric {
    const TYPE: Type = Type::Number;

    fn read(reader: &mut Reader<'_>) -> Result<Option<Number>> {
        let number = reader.number()?;
        Ok(number.map(Number::verbatim))
    }

    fn write(value: &Number, out: &mut Writer) {
        out.raw(value.as_str());
    }

    fn agree(one: &Number, other: &Number) -> bool {
        one == other
    }
}

impl Codec<String> for Content {
    const TYPE: Type = Type::Content;

    fn read(reader: &mut Reader<'_>) -> Result<Option<String>> {
        text(reader)
    }

    fn write(value: &String, out: &mut Writer) {
        out.content(value);
    }

    fn agree(_: &String, _: &String) -> bool {
        true
    }

    /// Of several texts the best one stays, whichever comes first: see [`TextRank`].
    fn merge(
        into: &mut Option<String>,
        _: &'static str,
        is_alias: bool,
        reader: &mut Reader<'_>,
        aside: &mut Aside,
    ) -> Result<()> {
        let found = reader.token()?;
        let rank = Some(TextRank::new(found == Token::Object, is_alias));
        let value = match found {
            Token::Object => {
                let content = AccessPackageLocalizedContent::read(reader)?.unwrap_or_default();
                if content.localized_texts.is_some() && rank > aside.localized {
                    aside.localizations = content.localized_texts;
                    aside.localized = rank;
                }
                content.default_text
            }
            Token::Text | Token::Null => text(reader)?,
            found => return Err(reader.expected("a string or localized content", found)),
        };
        if value.is_some() && rank > aside.text {
            *into = value;
            aside.text = rank;
        }
        Ok(())
    }
}

/// How good a text is that may be given in several ways: plain text is what people saw, and the
/// service gives it under the other spelling, beside the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TextRank {
    ContentAlias,
    Content,
    Plain,
    PlainAlias,
}

impl TextRank {
    pub(crate) const fn new(is_content: bool, is_alias: bool) -> Self {
        match (is_content, is_alias) {
            (true, true) => Self::ContentAlias,
            (true, false) => Self::Content,
            (false, false) => Self::Plain,
            (false, true) => Self::PlainAlias,
        }
    }
}

/// What stands in a text that beta gives as content, and where the text is from.
#[derive(Default)]
pub(crate) struct Aside {
    pub(crate) localizations: Localizations,
    localized: Option<TextRank>,
    text: Option<TextRank>,
}

impl Codec<Vec<String>> for Texts {
    const TYPE: Type = Type::Texts;

    fn read(reader: &mut Reader<'_>) -> Result<Option<Vec<String>>> {
        let mut texts = Vec::new();
        let is_there = reader.list("an array of strings", |reader, _| {
            let item = text(reader)?.ok_or_else(|| reader.expected("a string", Token::Null))?;
            texts.push(item);
            Ok(())
        })?;
        Ok(is_there.then_some(texts))
    }

    fn write(value: &Vec<String>, out: &mut Writer) {
        out.list(value, |text, out| out.string(text));
    }

    fn agree(one: &Vec<String>, other: &Vec<String>) -> bool {
        one == other
    }
}

impl Codec<Json> for Open {
    const TYPE: Type = Type::Open;

    fn read(reader: &mut Reader<'_>) -> Result<Option<Json>> {
        match reader.token()? {
            Token::Object => Json::read_verbatim(reader).map(Some),
            Token::Null => reader.null(),
            found => Err(reader.expected("an object", found)),
        }
    }

    fn write(value: &Json, out: &mut Writer) {
        out.raw(value.as_str());
    }

    fn agree(one: &Json, other: &Json) -> bool {
        one == other
    }
}

impl<T: Node> Codec<T> for One {
    const TYPE: Type = T::ONE;

    fn read(reader: &mut Reader<'_>) -> Result<Option<T>> {
        T::read(reader)
    }

    fn write(value: &T, out: &mut Writer) {
        value.write(out);
    }

    /// Two objects do not stand for one, even if they are equal.
    fn agree(_: &T, _: &T) -> bool {
        false
    }
}

impl<T: Node> Codec<Vec<T>> for Many {
    const TYPE: Type = T::MANY;

    fn read(reader: &mut Reader<'_>) -> Result<Option<Vec<T>>> {
        let mut items = Vec::new();
        let is_there = reader.objects(|reader| {
            let item = T::read(reader)?;
            let is_there = item.is_some();
            items.extend(item);
            Ok(is_there)
        })?;
        Ok(is_there.then_some(items))
    }

    fn write(value: &Vec<T>, out: &mut Writer) {
        out.list(value, |item, out| item.write(out));
    }

    fn agree(_: &Vec<T>, _: &Vec<T>) -> bool {
        false
    }
}

/// Beta keeps a text's localizations inside it, v1.0 beside it.
pub(crate) type Localizations = Option<Vec<AccessPackageLocalizedText>>;

//! A document as a tree in which nothing is lost: for readers that go on where others refuse.

use std::borrow::Cow;

use super::{Reader, Result, Token};

/// A JSON value, its members as they stand: in their order, those that stand twice included.
#[derive(Debug)]
pub(crate) enum Tree<'j> {
    Object(Vec<(Cow<'j, str>, Tree<'j>)>),
    List(Vec<Tree<'j>>),
    Text(Cow<'j, str>),
    /// As it stands in the text.
    Number(&'j str),
    Flag(bool),
    Null,
}

impl<'j> Tree<'j> {
    /// Reads a whole document.
    pub(crate) fn parse(text: &'j str) -> Result<Self> {
        let mut reader = Reader::new(text);
        let tree = Self::read(&mut reader)?;
        reader.end()?;
        Ok(tree)
    }

    fn read(reader: &mut Reader<'j>) -> Result<Self> {
        Ok(match reader.token()? {
            Token::Object => {
                let mut members = Vec::new();
                reader.open_object(|reader, key| {
                    let name = reader.text_of(key);
                    members.push((name, Self::read(reader)?));
                    Ok(())
                })?;
                Self::Object(members)
            }
            Token::List => {
                let mut items = Vec::new();
                reader.list("an array", |reader, _| {
                    items.push(Self::read(reader)?);
                    Ok(())
                })?;
                Self::List(items)
            }
            Token::Text => reader
                .text()?
                .map_or(Self::Null, |text| Self::Text(reader.text_of(text))),
            Token::Number => reader.number()?.map_or(Self::Null, Self::Number),
            Token::Flag => reader.flag()?.map_or(Self::Null, Self::Flag),
            Token::Null => {
                reader.null::<()>()?;
                Self::Null
            }
        })
    }

    /// What kind of value it is, for error texts.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Object(_) => Token::Object.name(),
            Self::List(_) => Token::List.name(),
            Self::Text(_) => Token::Text.name(),
            Self::Number(_) => Token::Number.name(),
            Self::Flag(_) => Token::Flag.name(),
            Self::Null => Token::Null.name(),
        }
    }

    /// Its members; none for what is no object.
    pub(crate) fn members(&self) -> &[(Cow<'j, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// Its items; none for what is no list.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Its text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The member of one of these names, ignoring ASCII case, with its name as it stands; the
    /// last one, as most readers have it. None where it is absent or null.
    pub(crate) fn find(&self, names: &[&str]) -> Option<(&str, &Self)> {
        let mut members = self.members().iter().rev();
        let is_it = |(name, value): &&(Cow<'_, str>, Self)| {
            is_one_of(name, names) && !matches!(value, Self::Null)
        };
        let (name, value) = members.find(is_it)?;
        Some((name, value))
    }

    /// Whether there is a member of one of these names, be it null.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        let mut members = self.members().iter();
        members.any(|(name, _)| is_one_of(name, names))
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|wanted| super::key_is(name, wanted))
}

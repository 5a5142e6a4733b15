//! What every document is held to: bounds, no member twice, the place of what is wrong.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    failure::{Failure, Problem, Result},
    names::{Found, NO_NAMES, Names, key_is},
    scan::{Quoted, Scanner, Token},
};
use crate::id::is_plain_guid;

/// Largest document, in bytes.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;
/// Deepest nesting, in objects and lists.
pub(crate) const MAX_DEPTH: usize = 64;
/// Most members of one object.
pub(crate) const MAX_MEMBERS: usize = 1024;

/// Most objects of one list.
pub(crate) const MAX_OBJECTS: usize = 16_384;

/// A key of an object.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: Quoted,
    pub(crate) found: Option<Found>,
}

/// Reads a document.
pub(crate) struct Reader<'j> {
    scanner: Scanner<'j>,
    depth: usize,
    /// Whether the document was read before, so that what stands twice in it may.
    is_accepted: bool,
    /// Unknown keys of the objects that are open, innermost last.
    unknown: Vec<Cow<'j, str>>,
}

impl<'j> Reader<'j> {
    pub(crate) const fn new(text: &'j str) -> Self {
        Self {
            scanner: Scanner::new(text),
            depth: 0,
            is_accepted: false,
            unknown: Vec::new(),
        }
    }

    /// Of a document that was read and accepted, with other types: what one of them has as an open
    /// object may be unknown to another.
    pub(crate) const fn again(text: &'j str) -> Self {
        let mut reader = Self::new(text);
        reader.is_accepted = true;
        reader
    }

    /// What comes next.
    #[inline]
    pub(crate) fn token(&mut self) -> Result<Token> {
        Ok(self.scanner.token()?)
    }

    /// Where the reader stands, in bytes.
    pub(crate) const fn at(&self) -> usize {
        self.scanner.at()
    }

    /// Goes back to a place where it stood before, in the same object or list.
    pub(crate) const fn back_to(&mut self, at: usize) {
        self.scanner.back_to(at);
    }

    /// The text since a place where it stood before.
    pub(crate) fn since(&self, start: usize) -> &'j str {
        self.scanner.between(start, self.scanner.at())
    }

    /// The text of a string.
    #[inline]
    pub(crate) fn text_of(&self, string: Quoted) -> Cow<'j, str> {
        self.scanner.text_of(string)
    }

    /// Whether a string is a GUID in Graph's spelling.
    #[inline]
    pub(crate) fn is_plain_guid(&self, string: Quoted) -> bool {
        !string.is_escaped() && is_plain_guid(self.scanner.bytes(string))
    }

    /// Whether a key is this name, ignoring ASCII case.
    pub(crate) fn is(&self, key: Key, name: &str) -> bool {
        key_is(&self.text_of(key.name), name)
    }

    /// Nothing but space may follow.
    pub(crate) fn end(&mut self) -> Result<()> {
        Ok(self.scanner.end()?)
    }

    /// The failure for a value of the wrong type, which comes next.
    #[cold]
    pub(crate) fn expected(&self, wanted: &str, found: Token) -> Box<Failure> {
        Failure::new(
            Problem::Type,
            format!("expected {wanted}, found {}", found.name()),
        )
    }

    /// The failure for two spellings of one member that do not agree.
    #[cold]
    pub(crate) fn disagreeing(name: &str) -> Box<Failure> {
        Failure::new(
            Problem::Repeated,
            format!("two spellings of `{name}` with different values; send one of them"),
        )
    }

    #[inline]
    fn enter(&mut self) -> Result<()> {
        self.scanner.open();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Failure::new(
                Problem::Limit,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        Ok(())
    }

    /// A string, or none for null.
    #[inline]
    pub(crate) fn text(&mut self) -> Result<Option<Quoted>> {
        match self.token()? {
            Token::Text => Ok(Some(self.scanner.quoted()?)),
            Token::Null => self.null(),
            found => Err(self.expected("a string", found)),
        }
    }

    /// A number as it stands in the text, or none for null.
    pub(crate) fn number(&mut self) -> Result<Option<&'j str>> {
        match self.token()? {
            Token::Number => Ok(Some(self.scanner.number()?)),
            Token::Null => self.null(),
            found => Err(self.expected("a number", found)),
        }
    }

    /// A boolean, or none for null.
    pub(crate) fn flag(&mut self) -> Result<Option<bool>> {
        match self.token()? {
            Token::Flag => Ok(Some(self.scanner.flag()?)),
            Token::Null => self.null(),
            found => Err(self.expected("a boolean", found)),
        }
    }

    /// `null`, which must come next.
    pub(crate) fn null<T>(&mut self) -> Result<Option<T>> {
        self.scanner.null()?;
        Ok(None)
    }

    /// An object, whose members are given to `member` one by one; false for null.
    #[inline]
    pub(crate) fn object(
        &mut self,
        names: &Names,
        mut member: impl FnMut(&mut Self, Key) -> Result<()>,
    ) -> Result<bool> {
        match self.token()? {
            Token::Object => {}
            Token::Null => return self.null::<()>().map(|_| false),
            found => return Err(self.expected("an object", found)),
        }
        self.enter()?;
        let mut seen = Seen::new(self.unknown.len());
        let mut members = 0_usize;
        while self.scanner.more(members == 0, b'}')? {
            members += 1;
            if members > MAX_MEMBERS {
                return Err(too_many());
            }
            let name = self.scanner.key()?;
            let found = if name.is_escaped() {
                names.find(self.text_of(name).as_bytes())
            } else {
                names.find(self.scanner.bytes(name))
            };
            let is_first = match found {
                Some(found) => seen.first(found),
                None => {
                    let name = self.text_of(name);
                    seen.first_unknown(&mut self.unknown, name)
                }
            };
            if !is_first && !self.is_accepted {
                return Err(repeated(&self.text_of(name)));
            }
            if let Err(failure) = member(self, Key { name, found }) {
                return Err(failure.inside(self.text_of(name)));
            }
        }
        self.unknown.truncate(seen.start);
        self.depth -= 1;
        Ok(true)
    }

    /// A list, whose items are read by `item` one by one; false for null.
    #[inline]
    pub(crate) fn list(
        &mut self,
        wanted: &str,
        mut item: impl FnMut(&mut Self, usize) -> Result<()>,
    ) -> Result<bool> {
        match self.token()? {
            Token::List => {}
            Token::Null => return self.null::<()>().map(|_| false),
            found => return Err(self.expected(wanted, found)),
        }
        self.enter()?;
        let mut index = 0_usize;
        while self.scanner.more(index == 0, b']')? {
            if let Err(failure) = item(self, index) {
                return Err(failure.inside(index.to_string()));
            }
            index += 1;
        }
        self.depth -= 1;
        Ok(true)
    }

    /// A list of objects, which are read by `object` one by one; false for null. Null is no object,
    /// and there is a bound on them, since what is made of an object is larger than its text.
    pub(crate) fn objects(
        &mut self,
        mut object: impl FnMut(&mut Self) -> Result<bool>,
    ) -> Result<bool> {
        self.list("an array of objects", |reader, index| {
            if index == MAX_OBJECTS {
                return Err(Failure::new(
                    Problem::Limit,
                    format!("a list of more than {MAX_OBJECTS} objects"),
                ));
            }
            if object(reader)? {
                return Ok(());
            }
            Err(reader.expected("an object", Token::Null))
        })
    }

    /// A value that nobody asks for. Inside an open object (not `strict`) members may stand twice.
    pub(crate) fn check(&mut self, strict: bool) -> Result<()> {
        match self.token()? {
            Token::Text => {
                self.scanner.quoted()?;
            }
            Token::Number => {
                self.scanner.number()?;
            }
            Token::Flag => {
                self.scanner.flag()?;
            }
            Token::Null => self.scanner.null()?,
            Token::List => {
                self.list("an array", |reader, _| reader.check(strict))?;
            }
            Token::Object if strict => {
                self.object(&NO_NAMES, |reader, _| reader.check(true))?;
            }
            Token::Object => self.open_object(|reader, _| reader.check(false))?,
        }
        Ok(())
    }

    /// An open object, which must come next: its members may stand twice.
    pub(crate) fn open_object(
        &mut self,
        mut member: impl FnMut(&mut Self, Quoted) -> Result<()>,
    ) -> Result<()> {
        self.enter()?;
        let mut members = 0_usize;
        while self.scanner.more(members == 0, b'}')? {
            members += 1;
            if members > MAX_MEMBERS {
                return Err(too_many());
            }
            let key = self.scanner.key()?;
            if let Err(failure) = member(self, key) {
                return Err(failure.inside(self.text_of(key)));
            }
        }
        self.depth -= 1;
        Ok(())
    }
}

#[cold]
fn too_many() -> Box<Failure> {
    Failure::new(
        Problem::Limit,
        format!("an object of more than {MAX_MEMBERS} members"),
    )
}

#[cold]
fn repeated(key: &str) -> Box<Failure> {
    Failure::new(
        Problem::Repeated,
        format!("member `{key}` stands twice in one object (case is ignored)"),
    )
    .inside(key)
}

/// The members of one object that were seen.
struct Seen {
    names: u64,
    aliases: u64,
    /// Where this object's unknown keys begin.
    start: usize,
    /// Their lower-case forms, once they are many.
    many: Option<BTreeSet<String>>,
}

impl Seen {
    const FEW: usize = 16;

    fn new(start: usize) -> Self {
        Self {
            names: 0,
            aliases: 0,
            start,
            many: None,
        }
    }

    /// Whether this is the first member of that name.
    #[inline]
    fn first(&mut self, found: Found) -> bool {
        let seen = if found.is_alias {
            &mut self.aliases
        } else {
            &mut self.names
        };
        let bit = 1_u64 << (found.member % 64);
        let first = *seen & bit == 0;
        *seen |= bit;
        first
    }

    fn first_unknown<'j>(&mut self, unknown: &mut Vec<Cow<'j, str>>, key: Cow<'j, str>) -> bool {
        let mine = unknown.get(self.start..).unwrap_or_default();
        if mine.len() < Self::FEW {
            if mine.iter().any(|other| other.eq_ignore_ascii_case(&key)) {
                return false;
            }
            unknown.push(key);
            return true;
        }
        let lower = |key: &Cow<'_, str>| key.to_ascii_lowercase();
        let many = self
            .many
            .get_or_insert_with(|| mine.iter().map(lower).collect());
        many.insert(lower(&key))
    }
}

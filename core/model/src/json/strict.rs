//! What every document is held to: bounds, no member twice, the place of what is wrong.

use std::{borrow::Cow, collections::BTreeSet};

use crate::id::is_plain_guid;

use super::scan::{Quoted, Scanner, Syntax, Token};

/// Largest document, in bytes.
pub(crate) const MAX_BYTES: usize = 1024 * 1024;
/// Deepest nesting, in objects and lists.
pub(crate) const MAX_DEPTH: usize = 64;
/// Most members of one object.
pub(crate) const MAX_MEMBERS: usize = 1024;

/// In which way a document cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is not JSON.
    Syntax,
    /// It is deeper or wider than is read.
    Limit,
    /// A value has the wrong JSON type.
    Type,
    /// A member stands twice.
    Repeated,
}

/// What is wrong with a document, and where.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    pub(crate) detail: String,
    /// The byte, for what is not JSON.
    byte: usize,
    /// The way to the value, innermost first.
    path: Vec<String>,
}

/// A failure is rare, so that it is large does not matter, and moving results around does.
pub(crate) type Result<T> = std::result::Result<T, Box<Failure>>;

impl Failure {
    fn new(problem: Problem, detail: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            problem,
            detail: detail.into(),
            byte: 0,
            path: Vec::new(),
        })
    }

    /// The same failure, seen from the object or list around it.
    #[cold]
    pub(crate) fn inside(mut self: Box<Self>, segment: impl Into<String>) -> Box<Self> {
        self.path.push(segment.into());
        self
    }

    /// Line and column for what is not JSON, otherwise a JSON pointer.
    pub(crate) fn place(&self, text: &str) -> String {
        if self.problem == Problem::Syntax {
            let before = text.get(..text.floor_char_boundary(self.byte));
            let before = before.unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let column = before.get(start..).unwrap_or_default().chars().count() + 1;
            return format!("line {line} column {column}");
        }
        if self.path.is_empty() {
            return "/".into();
        }
        let mut pointer = String::new();
        for segment in self.path.iter().rev() {
            pointer.push('/');
            pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }
}

impl From<Box<Syntax>> for Box<Failure> {
    #[cold]
    fn from(syntax: Box<Syntax>) -> Self {
        let mut failure = Failure::new(Problem::Syntax, format!("not JSON: {}", syntax.problem));
        failure.byte = syntax.at;
        failure
    }
}

/// The members that an object type has, each in one or two spellings, found by any case of them.
#[derive(Default)]
pub(crate) struct Names {
    spellings: Vec<Spelling>,
    /// Index into the spellings, one more, by a hash that no two of them share.
    table: Vec<u8>,
    seed: u64,
}

struct Spelling {
    text: &'static str,
    found: Found,
}

impl Names {
    pub(crate) fn new(members: impl Iterator<Item = (&'static str, Option<&'static str>)>) -> Self {
        let mut spellings = Vec::new();
        for (member, (name, also)) in (0_u8..).zip(members) {
            for (text, is_alias) in [(Some(name), false), (also, true)] {
                spellings.extend(text.map(|text| Spelling {
                    text,
                    found: Found { member, is_alias },
                }));
            }
        }
        let mut names = Self {
            spellings,
            table: Vec::new(),
            seed: 0,
        };
        // The tables are tiny, so a seed without collisions is soon found.
        let mut size = (names.spellings.len() * 2).next_power_of_two();
        while !names.fill(size) {
            names.seed += 1;
            if names.seed.is_multiple_of(1000) {
                size *= 2;
            }
        }
        names
    }

    fn fill(&mut self, size: usize) -> bool {
        self.table = vec![0; size];
        for (index, spelling) in (1_u8..).zip(&self.spellings) {
            let at = self.hash(spelling.text.as_bytes());
            match self.table.get_mut(at) {
                Some(place @ 0) => *place = index,
                _ => return false,
            }
        }
        true
    }

    /// The same for names that are equal but for case: of the length, the first and the last eight
    /// bytes, in which no two names of one type agree.
    #[inline]
    fn hash(&self, name: &[u8]) -> usize {
        let (first, last) = match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => {
                let short = name
                    .iter()
                    .take(8)
                    .fold(0, |word, byte| word << 8 | u64::from(*byte));
                (short, name.len() as u64)
            }
        };
        let fold = |word: u64| word | 0x2020_2020_2020_2020;
        let mixed = fold(first)
            .wrapping_add(fold(last).rotate_left(23))
            .wrapping_add((name.len() as u64).rotate_left(40))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.wrapping_add(self.seed << 1));
        // The shift keeps it below the size of any table.
        (mixed >> 48) as usize & self.table.len().wrapping_sub(1)
    }

    #[inline]
    pub(crate) fn find(&self, key: &[u8]) -> Option<Found> {
        let index = *self.table.get(self.hash(key))?;
        let spelling = self.spellings.get(usize::from(index).checked_sub(1)?)?;
        bytes_are(key, spelling.text).then_some(spelling.found)
    }
}

/// Which member a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) member: u8,
    /// Whether it is the other spelling.
    pub(crate) is_alias: bool,
}

/// A key of an object.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: Quoted,
    pub(crate) found: Option<Found>,
}

/// Whether a key is this name, ignoring ASCII case.
#[inline]
pub(crate) fn key_is(key: &str, name: &str) -> bool {
    bytes_are(key.as_bytes(), name)
}

#[inline]
fn bytes_are(key: &[u8], name: &str) -> bool {
    let name = name.as_bytes();
    if key.len() != name.len() {
        return false;
    }
    // Nearly always they differ in the case of the first letter at most.
    match (key, name) {
        ([first, rest @ ..], [named, others @ ..]) if are_same(rest, others) => {
            first.eq_ignore_ascii_case(named)
        }
        _ => key.eq_ignore_ascii_case(name),
    }
}

/// Whether two texts of the same length are the same: names are too short to call for it.
#[inline]
fn are_same(one: &[u8], other: &[u8]) -> bool {
    let (words, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    words.iter().zip(others).all(|(word, other)| word == other)
        && match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
            (Some(last), Some(other)) => last == other,
            _ => rest.iter().eq(other_rest),
        }
}

/// Of an object that nothing is known of.
pub(crate) static NO_NAMES: Names = Names {
    spellings: Vec::new(),
    table: Vec::new(),
    seed: 0,
};

/// Reads a document.
pub(crate) struct Reader<'j> {
    scanner: Scanner<'j>,
    depth: usize,
    /// Unknown keys of the objects that are open, innermost last.
    unknown: Vec<Cow<'j, str>>,
}

impl<'j> Reader<'j> {
    pub(crate) const fn new(text: &'j str) -> Self {
        Self {
            scanner: Scanner::new(text),
            depth: 0,
            unknown: Vec::new(),
        }
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
            if !is_first {
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

/// The text with its first ASCII letter in lower case.
pub(crate) fn camel(text: &str) -> Cow<'_, str> {
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

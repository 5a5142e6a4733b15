//! JSON's grammar (RFC 8259): where tokens begin and end.

use std::borrow::Cow;

use wide::u8x16;

/// A position in a text, and what is not JSON there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) at: usize,
    pub(crate) problem: &'static str,
}

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Object,
    List,
    Text,
    Number,
    Flag,
    Null,
}

impl Token {
    /// For error texts.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::List => "an array",
            Self::Text => "a string",
            Self::Number => "a number",
            Self::Flag => "a boolean",
            Self::Null => "null",
        }
    }
}

/// A string as it stands in a text, its escapes checked: where it begins, how long it is, and
/// whether it has escapes, in one word, so that it is handed on in a register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted(u64);

impl Quoted {
    const ESCAPED: u64 = 1 << 63;

    /// Texts are at most [`super::MAX_BYTES`] long, so both numbers fit.
    #[inline]
    const fn new(start: usize, end: usize, is_escaped: bool) -> Self {
        let length = (end - start) as u64;
        let flag = if is_escaped { Self::ESCAPED } else { 0 };
        Self(start as u64 | length << 32 | flag)
    }

    #[inline]
    pub(crate) const fn start(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
    }

    #[inline]
    pub(crate) const fn length(self) -> usize {
        ((self.0 & !Self::ESCAPED) >> 32) as usize
    }

    #[inline]
    pub(crate) const fn is_escaped(self) -> bool {
        self.0 & Self::ESCAPED != 0
    }
}

/// Goes through a text, token by token.
pub(crate) struct Scanner<'j> {
    text: &'j str,
    at: usize,
}

/// Boxed, so that results are handed on in registers.
type Result<T> = std::result::Result<T, Box<Syntax>>;

impl<'j> Scanner<'j> {
    pub(crate) const fn new(text: &'j str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the scanner stands, in bytes.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// Goes back to a place where it stood before.
    pub(crate) const fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    /// What stands between two places.
    #[inline]
    pub(crate) fn between(&self, start: usize, end: usize) -> &'j str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// A string without escapes, as bytes.
    #[inline]
    pub(crate) fn bytes(&self, string: Quoted) -> &'j [u8] {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(string.start()..).unwrap_or_default();
        rest.get(..string.length()).unwrap_or_default()
    }

    /// The text of a string.
    #[inline]
    pub(crate) fn text_of(&self, string: Quoted) -> Cow<'j, str> {
        let inner = self.between(string.start(), string.start() + string.length());
        if string.is_escaped() {
            Cow::Owned(unescaped(inner))
        } else {
            Cow::Borrowed(inner)
        }
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
    }

    #[cold]
    fn fail<T>(&self, problem: &'static str) -> Result<T> {
        Self::fail_at(self.at, problem)
    }

    #[cold]
    fn fail_at<T>(at: usize, problem: &'static str) -> Result<T> {
        Err(Box::new(Syntax { at, problem }))
    }

    /// What comes next; the scanner stands before it.
    #[inline]
    pub(crate) fn token(&mut self) -> Result<Token> {
        self.space();
        match self.byte() {
            Some(b'"') => Ok(Token::Text),
            Some(b'{') => Ok(Token::Object),
            Some(b'[') => Ok(Token::List),
            Some(b'-' | b'0'..=b'9') => Ok(Token::Number),
            Some(b't' | b'f') => Ok(Token::Flag),
            Some(b'n') => Ok(Token::Null),
            Some(_) => self.fail("expected a value"),
            None => self.fail("the text ends where a value is expected"),
        }
    }

    /// Enters an object or a list, which must come next.
    #[inline]
    pub(crate) const fn open(&mut self) {
        self.at += 1;
    }

    /// Whether there is one more member or item; otherwise the object or list was left.
    #[inline]
    pub(crate) fn more(&mut self, is_first: bool, close: u8) -> Result<bool> {
        self.space();
        match self.byte() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.at += 1;
                self.space();
                if self.byte() == Some(close) {
                    return self.fail("a comma before the end");
                }
                Ok(true)
            }
            Some(_) => self.fail("expected a comma or the end"),
            None => self.fail("the text ends inside an object or an array"),
        }
    }

    /// A member's name and the colon behind it.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<Quoted> {
        if self.byte() != Some(b'"') {
            return self.fail("expected a member's name in quotes");
        }
        let key = self.quoted()?;
        self.space();
        if self.byte() != Some(b':') {
            return self.fail("expected a colon");
        }
        self.at += 1;
        Ok(key)
    }

    /// A string, which must come next.
    #[inline]
    pub(crate) fn quoted(&mut self) -> Result<Quoted> {
        let start = self.at + 1;
        let end = plain_until(self.text.as_bytes(), start);
        self.at = end;
        if self.byte() != Some(b'"') {
            return self.escaped(start);
        }
        self.at = end + 1;
        Ok(Quoted::new(start, end, false))
    }

    /// The rest of a string, from its first byte that is not plain.
    #[inline(never)]
    fn escaped(&mut self, start: usize) -> Result<Quoted> {
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => return self.fail("a control character inside a string"),
                None => return self.fail("the text ends inside a string"),
            }
            self.at = plain_until(self.text.as_bytes(), self.at);
        }
        let end = self.at;
        self.at += 1;
        Ok(Quoted::new(start, end, true))
    }

    fn escape(&mut self) -> Result<()> {
        let at = self.at;
        self.at += 1;
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            Some(b'u') => {
                let unit = self.unit()?;
                let lone = || Self::fail_at(at, "a lone surrogate inside a string");
                match unit {
                    0xd800..=0xdbff => {
                        if self.text.get(self.at..self.at + 2) != Some("\\u") {
                            return lone();
                        }
                        self.at += 1;
                        match self.unit()? {
                            0xdc00..=0xdfff => Ok(()),
                            _ => lone(),
                        }
                    }
                    0xdc00..=0xdfff => lone(),
                    _ => Ok(()),
                }
            }
            _ => Self::fail_at(at, "an escape that JSON does not have"),
        }
    }

    /// The four digits behind `u`.
    fn unit(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at + 1..self.at + 5);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.fail("an escape without four hexadecimal digits");
        };
        self.at += 5;
        Ok(unit)
    }

    /// A number, which must come next, as it stands in the text.
    pub(crate) fn number(&mut self) -> Result<&'j str> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        match self.byte() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.fail("a number without digits"),
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<()> {
        if !self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fail("a number without digits");
        }
        self.digits();
        Ok(())
    }

    /// `true` or `false`, which must come next.
    pub(crate) fn flag(&mut self) -> Result<bool> {
        let is_true = self.byte() == Some(b't');
        self.word(if is_true { "true" } else { "false" })?;
        Ok(is_true)
    }

    /// `null`, which must come next.
    pub(crate) fn null(&mut self) -> Result<()> {
        self.word("null")
    }

    fn word(&mut self, word: &'static str) -> Result<()> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return self.fail("expected a value");
        }
        self.at = end;
        Ok(())
    }

    /// Nothing but space may follow.
    pub(crate) fn end(&mut self) -> Result<()> {
        self.space();
        match self.byte() {
            None => Ok(()),
            Some(_) => self.fail("more text behind the value"),
        }
    }
}

/// Whether a byte ends a plain run inside a string: a quote, a backslash or a control character.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// Whether a text stands in a JSON string as it is.
pub(crate) fn is_plain(text: &str) -> bool {
    plain_until(text.as_bytes(), 0) == text.len()
}

/// Where the first special byte stands, or the end.
#[inline]
fn plain_until(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let marks = specials(chunk);
        if marks != 0 {
            return at + marks.trailing_zeros() as usize;
        }
        at += chunk.len();
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| !is_special(**byte)).count()
}

/// A bit for each of sixteen bytes, set where it is special.
#[inline]
fn specials(chunk: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let controls = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
    let quotes = bytes.simd_eq(u8x16::splat(b'"'));
    let escapes = bytes.simd_eq(u8x16::splat(b'\\'));
    (controls | quotes | escapes).to_bitmask()
}

/// The text of a string whose escapes were checked.
fn unescaped(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, behind)) = rest.split_once('\\') {
        text.push_str(before);
        let mut chars = behind.chars();
        match chars.next() {
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let unit = |text: &str| u32::from_str_radix(text.get(..4).unwrap_or(""), 16).ok();
                let first = unit(chars.as_str()).unwrap_or_default();
                chars.by_ref().take(4).for_each(drop);
                let code = if (0xd800..0xdc00).contains(&first) {
                    let second = chars.as_str().get(2..).and_then(unit).unwrap_or_default();
                    chars.by_ref().take(6).for_each(drop);
                    0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff)
                } else {
                    first
                };
                text.extend(char::from_u32(code));
            }
            Some(other) => text.push(other),
            None => {}
        }
        rest = chars.as_str();
    }
    text.push_str(rest);
    text
}

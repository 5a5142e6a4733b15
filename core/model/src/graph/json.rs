//! JSON values that are kept as text, and writing.

use std::{fmt, str::FromStr};

use super::{
    AccessPackageLocalizedText,
    codec::{Codec, Many},
    object::{Form, Member, document, is_type},
};
use crate::{
    error::Error,
    json::{self, NO_NAMES, Reader, Result, Token, camel},
};

/// A JSON value of a type that is not known, as JSON text without spaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Json(String);

impl Json {
    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a value: member names with their first letter in lower case, null members and
    /// `@odata.type` left out, everything else verbatim. None for null.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Option<Self>> {
        if reader.token()? == Token::Null {
            return reader.null();
        }
        let mut out = String::new();
        unknown(reader, &mut out)?;
        Ok(Some(Self(out)))
    }

    /// Reads a value as it is, but for spaces and escapes.
    pub(crate) fn read_verbatim(reader: &mut Reader<'_>) -> Result<Self> {
        let mut out = String::new();
        json::copy(reader, &mut out, json::as_it_is)?;
        Ok(Self(out))
    }
}

impl FromStr for Json {
    type Err = Error;

    /// Any JSON value, as it is but for spaces and escapes.
    fn from_str(text: &str) -> std::result::Result<Self, Error> {
        document(text, Self::read_verbatim)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Copies a value of unknown type in the canonical form.
fn unknown(reader: &mut Reader<'_>, out: &mut String) -> Result<()> {
    match reader.token()? {
        Token::Object => {
            out.push('{');
            let mut is_first = true;
            reader.object(&NO_NAMES, |reader, key| {
                if reader.token()? == Token::Null || is_type(reader, key) {
                    return reader.check(true);
                }
                json::separator(out, &mut is_first);
                json::string(&camel(&reader.text_of(key.name)), out);
                out.push(':');
                unknown(reader, out)
            })?;
            out.push('}');
            Ok(())
        }
        Token::List => json::list(reader, out, unknown),
        _ => json::scalar(reader, out, json::as_it_is),
    }
}

/// A number, digit by digit as it was given: nothing is lost to rounding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(String);

impl Number {
    /// Its JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// It as an integer; none where it is not one, or too large.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    pub(crate) fn verbatim(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes Graph's objects in one form.
pub(crate) struct Writer {
    out: String,
    form: Form,
    is_first: bool,
    /// Localizations of the object that is written, which beta keeps inside its text.
    pub(crate) localizations: Option<Vec<AccessPackageLocalizedText>>,
}

impl Writer {
    pub(crate) const fn new(form: Form) -> Self {
        Self {
            out: String::new(),
            form,
            is_first: true,
            localizations: None,
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) const fn form(&self) -> Form {
        self.form
    }

    /// An object, with its type where it must be told apart from others.
    pub(crate) fn object(&mut self, type_name: Option<&str>, members: impl FnOnce(&mut Self)) {
        self.out.push('{');
        self.is_first = true;
        if let Some(name) = type_name.filter(|_| self.form != Form::Wire) {
            self.key("@odata.type");
            self.out.push_str("\"#microsoft.graph.");
            // The names are identifiers: there is nothing to escape but in those that were read.
            let mut quoted = String::new();
            json::string(name, &mut quoted);
            self.out.push_str(quoted.get(1..).unwrap_or("\""));
        }
        members(self);
        self.out.push('}');
        self.is_first = false;
    }

    /// The name of a member, whose value comes next.
    pub(crate) fn member(&mut self, member: &Member) {
        self.named(member.name_in(self.form));
    }

    /// A member that the type does not have.
    pub(crate) fn other(&mut self, name: &str, value: &Json) {
        self.named(name);
        self.out.push_str(value.as_str());
    }

    pub(crate) fn list<T>(&mut self, items: &[T], item: impl Fn(&T, &mut Self)) {
        self.out.push('[');
        for (index, value) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            item(value, self);
        }
        self.out.push(']');
    }

    pub(crate) fn string(&mut self, text: &str) {
        json::string(text, &mut self.out);
    }

    /// JSON text.
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    /// A text that beta has as localized content.
    pub(crate) fn content(&mut self, text: &str) {
        if self.form != Form::Beta {
            return self.string(text);
        }
        let localizations = self.localizations.take();
        self.object(None, |out| {
            out.key("defaultText");
            out.string(text);
            if let Some(localizations) = &localizations {
                out.key("localizedTexts");
                <Many as Codec<Vec<AccessPackageLocalizedText>>>::write(localizations, out);
            }
        });
    }

    fn named(&mut self, name: &str) {
        if self.form != Form::Wire {
            return self.key(name);
        }
        let mut pascal = name.to_owned();
        if let Some(first) = pascal.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.key(&pascal);
    }

    fn key(&mut self, name: &str) {
        json::separator(&mut self.out, &mut self.is_first);
        json::string(name, &mut self.out);
        self.out.push(':');
    }
}

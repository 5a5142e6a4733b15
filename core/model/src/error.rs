//! The one table of errors: what a caller gave that cannot be used.

use std::fmt;

type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What kind of thing is unusable: few kinds, by what the caller can do about it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The callout is not JSON text in UTF-8.
    CalloutSyntax,
    /// The callout is larger, deeper or wider than is read.
    CalloutLimit,
    /// A value of the callout has the wrong JSON type.
    CalloutType,
    /// A member that a callout must have is missing.
    CalloutMissing,
    /// A member stands twice in one object, equal but for case.
    CalloutRepeated,
    /// The stage is not one that is known.
    CalloutStage,
    /// Envelope and data contradict each other.
    CalloutEnvelope,
    /// An id is not a GUID.
    CalloutId,
    /// The callback path is not a relative path to this request's resume action.
    CalloutCallbackPath,
    /// The callout is of another kind or catalog than the extension that is answered for.
    CalloutExtension,
    /// Another object of Graph's, such as a resume body or an extension, cannot be read.
    GraphObject,
    /// The policy file cannot be read.
    PolicyFile,
    /// The policy is not a WebAssembly component, or a damaged one.
    PolicyFormat,
    /// The policy imports or exports other things than the contract's.
    PolicyInterface,
    /// What the policy says about itself is missing, doubled or malformed.
    PolicyMetadata,
    /// The policy's bytes are not those that the set pins.
    PolicyPin,
    /// The policy's settings do not fit its schema, or the policy refused them.
    PolicySettings,
    /// The policy does not fit the limits, or failed while it was loaded.
    PolicyLoad,
    /// The policy set file, or the extension file that it names, cannot be read.
    SetFile,
    /// The policy set says something that cannot be: the text names what and where.
    Set,
    /// A source of facts cannot be opened or read, or its query cannot be used.
    FactSource,
    /// Recorded facts cannot be read, or lack one that a policy asks for.
    FactRecord,
    /// An argument of a call is none that the call takes.
    Argument,
    /// A defect of this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of the codes.
    pub const ALL: &'static [Self] = &[
        Self::CalloutSyntax,
        Self::CalloutLimit,
        Self::CalloutType,
        Self::CalloutMissing,
        Self::CalloutRepeated,
        Self::CalloutStage,
        Self::CalloutEnvelope,
        Self::CalloutId,
        Self::CalloutCallbackPath,
        Self::CalloutExtension,
        Self::GraphObject,
        Self::PolicyFile,
        Self::PolicyFormat,
        Self::PolicyInterface,
        Self::PolicyMetadata,
        Self::PolicyPin,
        Self::PolicySettings,
        Self::PolicyLoad,
        Self::SetFile,
        Self::Set,
        Self::FactSource,
        Self::FactRecord,
        Self::Argument,
        Self::Internal,
    ];

    const fn row(self) -> (u32, &'static str, &'static str) {
        match self {
            Self::CalloutSyntax => (
                101,
                "callout-syntax",
                "the callout is not JSON text in UTF-8",
            ),
            Self::CalloutLimit => (
                102,
                "callout-limit",
                "the callout is larger, deeper or wider than is read",
            ),
            Self::CalloutType => (
                103,
                "callout-type",
                "a value of the callout has the wrong JSON type",
            ),
            Self::CalloutMissing => (
                104,
                "callout-missing",
                "a member that a callout must have is missing",
            ),
            Self::CalloutRepeated => (
                105,
                "callout-repeated",
                "a member stands twice in one object, equal but for case",
            ),
            Self::CalloutStage => (106, "callout-stage", "the stage is not one that is known"),
            Self::CalloutEnvelope => (
                107,
                "callout-envelope",
                "envelope and data contradict each other",
            ),
            Self::CalloutId => (108, "callout-id", "an id is not a GUID"),
            Self::CalloutCallbackPath => (
                109,
                "callout-callback-path",
                "the callback path is not a relative path to this request's resume action",
            ),
            Self::CalloutExtension => (
                110,
                "callout-extension",
                "the callout is of another kind or catalog than the extension that is answered for",
            ),
            Self::GraphObject => (
                121,
                "graph-object",
                "another object of Graph's, such as a resume body or an extension, cannot be read",
            ),
            Self::PolicyFile => (201, "policy-file", "the policy file cannot be read"),
            Self::PolicyFormat => (
                202,
                "policy-format",
                "the policy is not a WebAssembly component, or a damaged one",
            ),
            Self::PolicyInterface => (
                203,
                "policy-interface",
                "the policy imports or exports other things than the contract's",
            ),
            Self::PolicyMetadata => (
                204,
                "policy-metadata",
                "what the policy says about itself is missing, doubled or malformed",
            ),
            Self::PolicyPin => (
                205,
                "policy-pin",
                "the policy's bytes are not those that the set pins",
            ),
            Self::PolicySettings => (
                206,
                "policy-settings",
                "the policy's settings do not fit its schema, or the policy refused them",
            ),
            Self::PolicyLoad => (
                207,
                "policy-load",
                "the policy does not fit the limits, or failed while it was loaded",
            ),
            Self::SetFile => (
                301,
                "set-file",
                "the policy set file, or the extension file that it names, cannot be read",
            ),
            Self::Set => (
                302,
                "set",
                "the policy set says something that cannot be: the text names what and where",
            ),
            Self::FactSource => (
                311,
                "fact-source",
                "a source of facts cannot be opened or read, or its query cannot be used",
            ),
            Self::FactRecord => (
                312,
                "fact-record",
                "recorded facts cannot be read, or lack one that a policy asks for",
            ),
            Self::Argument => (
                401,
                "argument",
                "an argument of a call is none that the call takes, such as NULL in C",
            ),
            Self::Internal => (901, "internal", "a defect of this library"),
        }
    }

    /// Stable number, for C.
    pub const fn code(self) -> u32 {
        self.row().0
    }

    /// Stable name, for programs.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What it means, in a few words.
    pub const fn meaning(self) -> &'static str {
        self.row().2
    }

    /// Whether the callout is at fault, rather than a policy or a set.
    pub const fn is_callout(self) -> bool {
        matches!(self.code(), 101..=119)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that the caller gave cannot be used.
///
/// [`Display`](fmt::Display) gives one line: the policy if there is one, the place, the problem.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.line())]
pub struct Error {
    kind: ErrorKind,
    policy: Option<String>,
    at: Option<String>,
    detail: String,
    excerpt: Option<String>,
    #[source]
    source: Option<Source>,
}

impl Error {
    /// An error of this kind with what is wrong and what to do.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            policy: None,
            at: None,
            detail: one_line(detail.into()),
            excerpt: None,
            source: None,
        }
    }

    /// The same error, at a place: a JSON pointer, or a file with line and column.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.at = Some(one_line(place.into()));
        self
    }

    /// The same, inside of another place: a file, or a part of one.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        let at = match &self.at {
            Some(inner) => format!("{place}: {inner}"),
            None => place.into(),
        };
        self.at(at)
    }

    /// The same error, of this policy.
    #[must_use]
    pub fn of_policy(mut self, policy: impl Into<String>) -> Self {
        self.policy = Some(one_line(policy.into()));
        self
    }

    /// The same error, with the lines of the source that it is about; empty text is none.
    #[must_use]
    pub fn showing(mut self, excerpt: &str) -> Self {
        let lines: Vec<_> = bounded(excerpt.into())
            .lines()
            .map(|line| escaped(line, Some('\t')))
            .collect();
        self.excerpt = (!lines.is_empty()).then(|| lines.join("\n"));
        self
    }

    /// The same error, caused by another.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Its kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Id of the policy that is concerned.
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// Where: a JSON pointer in the payload as given, or a file with line and column.
    pub fn place(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// What is wrong, without the place.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The lines of the source that it is about, such as a rule in a policy's settings with a caret
    /// below, where who found it gives them. Not part of the one line that [`Display`](fmt::Display)
    /// gives.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    fn line(&self) -> String {
        let mut line = String::new();
        if let Some(policy) = &self.policy {
            line.push_str("policy `");
            line.push_str(policy);
            line.push_str("`: ");
        }
        if let Some(at) = &self.at {
            line.push_str(at);
            line.push_str(": ");
        }
        line.push_str(&self.detail);
        line
    }
}

/// Part of the text may be a payload's or a policy's own, so it is bounded, and control characters
/// are shown and not obeyed.
fn one_line(text: String) -> String {
    let text = bounded(text);
    if text.contains(char::is_control) {
        escaped(&text, None)
    } else {
        text
    }
}

fn bounded(mut text: String) -> String {
    const LIMIT: usize = 4096;
    if text.len() > LIMIT {
        text.truncate(text.floor_char_boundary(LIMIT));
        text.push_str(" ...");
    }
    text
}

/// Control characters, but for one that may stand, as escapes.
fn escaped(text: &str, but: Option<char>) -> String {
    let mut line = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() && Some(char) != but {
            line.extend(char.escape_default());
        } else {
            line.push(char);
        }
    }
    line
}

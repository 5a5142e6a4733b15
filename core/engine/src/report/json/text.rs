//! Texts that a report may leave out.

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::{host::Place, policy::hex, report::ReportOptions};

/// How a report is written.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// Whether values stand in it.
    pub(super) evidence: bool,
    /// Whether texts and values are replaced by their digests.
    pub(super) redact: bool,
}

impl From<ReportOptions> for Form {
    fn from(options: ReportOptions) -> Self {
        let ReportOptions { evidence, redact } = options;
        Self { evidence, redact }
    }
}

/// A text, or its digest.
pub(super) enum Text<'r> {
    Plain(&'r str),
    Digest(String),
}

impl Form {
    /// A text as it is written.
    pub(super) fn text(self, text: &str) -> Text<'_> {
        if self.redact && !text.is_empty() {
            Text::Digest(self.digest(text))
        } else {
            Text::Plain(text)
        }
    }

    /// The pointer of a place that was read. What a policy made up itself may hold values.
    pub(super) fn pointer(self, place: &Place) -> String {
        if self.redact && place.is_own {
            self.digest(&place.pointer)
        } else {
            place.pointer.clone()
        }
    }

    /// The digest of a text.
    #[expect(clippy::unused_self, reason = "stands for a text that is redacted")]
    pub(super) fn digest(self, text: &str) -> String {
        format!("sha256:{}", hex(&Sha256::digest(text)))
    }
}

impl Text<'_> {
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Plain(""))
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Plain(text) => text,
            Self::Digest(digest) => digest,
        })
    }
}

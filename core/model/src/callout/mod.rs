//! One payload of a custom extension.

mod read;
mod shape;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, OnceLock},
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    decision::Note,
    error::{Error, ErrorKind},
    graph::{
        AccessPackageAssignmentCalloutData, AccessPackageAssignmentRequestCalloutData,
        CustomExtensionCalloutData, Form,
    },
    id::canonical_guid,
    json::{self, Problem},
    pointer::{self, Places, PointerError},
    stage::Stage,
    timeout::{shown, timeout},
};
use read::{Envelope, Span};
use shape::SCHEMA;

/// A callout of Microsoft Entra entitlement management, read and checked.
///
/// Read once with [`parse`](Self::parse); immutable; cheap to clone; shared by threads. It keeps
/// the payload's own bytes at hand.
///
/// ```
/// let payload = br#"{
///     "AccessPackageAssignmentRequestId": "c0de0010-0001-4071-a0d1-cf6ad5a1d1a2",
///     "CustomExtensionStageInstanceId": "c0de0010-0002-4072-a0d2-cf6b5b9e2b13",
///     "Stage": "AssignmentRequestCreated",
///     "Requestor": { "Email": "noor@contoso.example" }
/// }"#;
/// let callout = admit_model::Callout::parse(payload)?;
/// assert_eq!(callout.stage().as_str(), "assignmentRequestCreated");
/// assert_eq!(callout.field("/requestor/email")?.as_deref(), Some("noor@contoso.example"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Callout(Arc<Inner>);

struct Inner {
    /// The payload, then the values that were rewritten.
    text: String,
    payload_length: usize,
    is_enveloped: bool,
    slots: Vec<Span>,
    rows: [Vec<Span>; 2],
    counts: [u32; 2],
    kind: Kind,
    stage: Stage,
    request_id: Span,
    instance_id: Span,
    timeout: Option<u32>,
    notes: Vec<Note>,
    canonical: OnceLock<String>,
}

/// Which kind of callout this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of an assignment request: `accessPackageAssignmentRequestCalloutData`.
    Request,
    /// Of an assignment that is about to end: `accessPackageAssignmentCalloutData`. It cannot be
    /// answered.
    Assignment,
    /// The service's test of the endpoint. It is not evaluated.
    ConnectionTest,
    /// The model that was retired in 2023: `Event` instead of a stage and no instance id. It is
    /// not evaluated, since it cannot be answered.
    Preview2021,
}

/// A place of the canonical document that can be read without searching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field(usize);

impl Field {
    /// The field at a pointer; `*` stands for the index of an answer or a verified credential.
    /// None for places that are found by searching only; [`Callout::field`] reads them all.
    pub fn at(pointer: &str) -> Option<Self> {
        SCHEMA.by_pointer.get(pointer).copied().map(Self)
    }

    /// Every field, in declared order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..SCHEMA.places.len()).map(Self)
    }

    /// Whether it is a value, rather than an object of which only the presence is known.
    pub fn is_value(self) -> bool {
        SCHEMA
            .places
            .get(self.0)
            .is_some_and(|place| place.is_value)
    }

    /// Its number, below [`Field::bound`].
    pub fn index(self) -> usize {
        self.0
    }

    /// One more than the largest number of a field.
    pub fn bound() -> usize {
        SCHEMA.places.len()
    }

    /// Its JSON pointer, with `*` for a row's index.
    pub fn pointer(self) -> &'static str {
        SCHEMA
            .places
            .get(self.0)
            .map_or("", |place| place.pointer.as_str())
    }
}

impl Callout {
    /// Largest payload, in bytes.
    pub const MAX_BYTES: usize = json::MAX_BYTES;
    /// Deepest nesting, in objects and lists.
    pub const MAX_DEPTH: usize = json::MAX_DEPTH;
    /// Most members of one object.
    pub const MAX_MEMBERS: usize = json::MAX_MEMBERS;
    /// The lists whose rows have fields, by their pointers.
    pub const LISTS: [&str; 2] = ["/answers", "/verifiedCredentialsData"];

    /// Reads a payload in any of its three shapes: flat PascalCase, enveloped camelCase, or the
    /// bare data object.
    ///
    /// # Errors
    ///
    /// One kind of [`ErrorKind`] for each way in which a payload cannot be used, with the JSON
    /// pointer, or line and column, of the place.
    pub fn parse(payload: &[u8]) -> Result<Self, Error> {
        if payload.len() > Self::MAX_BYTES {
            return Err(Error::new(
                ErrorKind::CalloutLimit,
                format!(
                    "the payload has {} bytes; at most {} are read",
                    payload.len(),
                    Self::MAX_BYTES
                ),
            )
            .at(format!("byte {}", Self::MAX_BYTES)));
        }
        let text = std::str::from_utf8(payload).map_err(|error| {
            Error::new(ErrorKind::CalloutSyntax, "not UTF-8")
                .at(format!("byte {}", error.valid_up_to()))
        })?;
        let found = read::read(text).map_err(|(failure, place)| {
            let kind = match failure.problem {
                Problem::Syntax => ErrorKind::CalloutSyntax,
                Problem::Limit => ErrorKind::CalloutLimit,
                Problem::Type => ErrorKind::CalloutType,
                Problem::Repeated => ErrorKind::CalloutRepeated,
            };
            Error::new(kind, failure.detail).at(place)
        })?;
        Self::judge(found, payload.len())
    }

    fn judge(found: read::Found, payload_length: usize) -> Result<Self, Error> {
        let text = found.text;
        let at = &SCHEMA.at;
        let span = |slot: usize| found.slots.get(slot).copied().unwrap_or(Span::NONE);
        let value = |slot: usize| span(slot).of(&text);
        let around =
            |pointer: &str| read::place(text.get(..payload_length).unwrap_or_default(), pointer);
        let envelope_type = match found.envelope {
            Envelope::None => None,
            Envelope::Typed(named) => Some(named.of(&text)),
            Envelope::Mixed => {
                return Err(Error::new(
                    ErrorKind::CalloutEnvelope,
                    "both an envelope with `data` and callout members beside it; send one or the \
                     other",
                )
                .at(around("/data")));
            }
            Envelope::Mistyped => {
                return Err(Error::new(
                    ErrorKind::CalloutEnvelope,
                    "the envelope's `type` is not a string",
                )
                .at(around("/type")));
            }
        };
        let place = |name: &str| {
            let data = if envelope_type.is_some() { "/data" } else { "" };
            around(&format!("{data}/{name}"))
        };
        let request_id = value(at.request_id);

        let (stage, kind) = match value(at.stage) {
            Some(name) => {
                let stage = Stage::from_name(name).ok_or_else(|| {
                    Error::new(
                        ErrorKind::CalloutStage,
                        format!(
                            "unknown stage `{name}`; known are {}",
                            Stage::ALL.map_names()
                        ),
                    )
                    .at(place("stage"))
                })?;
                let kind = match stage {
                    Stage::ConnectionTest => Kind::ConnectionTest,
                    Stage::AssignmentFourteenDaysBeforeExpiration
                    | Stage::AssignmentOneDayBeforeExpiration => Kind::Assignment,
                    _ => Kind::Request,
                };
                (stage, kind)
            }
            None => {
                let event = (envelope_type.is_none() && value(at.instance_id).is_none())
                    .then(|| found.event.of(&text))
                    .flatten()
                    .and_then(Stage::from_name);
                match event {
                    Some(stage) => (stage, Kind::Preview2021),
                    None => {
                        return Err(Error::new(
                            ErrorKind::CalloutMissing,
                            "no `stage`: which decision is asked for is unknown",
                        )
                        .at(place("stage")));
                    }
                }
            }
        };

        if let Some(named) = envelope_type.flatten() {
            let suffix = named.rsplit('.').next().unwrap_or(named);
            let determining_as_created = Stage::from_name(suffix)
                == Some(Stage::AssignmentRequestCreated)
                && stage == Stage::AssignmentRequestDeterminingApprovalRequirements;
            if Stage::from_name(suffix) != Some(stage) && !determining_as_created {
                return Err(Error::new(
                    ErrorKind::CalloutEnvelope,
                    format!("the envelope's type `{named}` contradicts the stage `{stage}`"),
                )
                .at(around("/type")));
            }
        }

        let mut notes = Vec::new();
        if matches!(kind, Kind::Request | Kind::Assignment) {
            let id = request_id.filter(|id| !id.is_empty()).ok_or_else(|| {
                Error::new(
                    ErrorKind::CalloutMissing,
                    "no `accessPackageAssignmentRequestId`: there is nothing to answer",
                )
                .at(place("accessPackageAssignmentRequestId"))
            })?;
            let id = canonical_guid(id).ok_or_else(|| {
                Error::new(
                    ErrorKind::CalloutId,
                    format!("the request id `{id}` is not a GUID"),
                )
                .at(place("accessPackageAssignmentRequestId"))
            })?;
            if found.instance.of(&text).is_none_or(str::is_empty) {
                return Err(Error::new(
                    ErrorKind::CalloutMissing,
                    "no `customExtensionStageInstanceId`: an answer could not be addressed",
                )
                .at(place("customExtensionStageInstanceId")));
            }
            if let Some(path) = value(at.callback_path) {
                check_callback_path(path, &id, &mut notes).map_err(|problem| {
                    Error::new(
                        ErrorKind::CalloutCallbackPath,
                        format!("`{path}` {problem}"),
                    )
                    .at(place("callbackUriPath"))
                })?;
            }
        }

        let mut waits = None;
        if kind == Kind::Request && span(at.callback_configuration) != Span::NONE {
            waits = timeout(value(at.timeout))
                .map_err(|note| notes.push(note))
                .ok();
        }

        let request_span = span(at.request_id);
        Ok(Self(Arc::new(Inner {
            payload_length,
            is_enveloped: found.envelope != Envelope::None,
            slots: found.slots,
            rows: found.rows,
            counts: found.counts,
            kind,
            stage,
            request_id: request_span,
            instance_id: found.instance,
            timeout: waits,
            notes,
            canonical: OnceLock::new(),
            text,
        })))
    }

    /// Which kind of callout this is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stage that asks.
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Whether policies are asked about it.
    pub fn is_evaluated(&self) -> bool {
        matches!(self.0.kind, Kind::Request | Kind::Assignment)
    }

    /// Id of the assignment request, a GUID in Graph's spelling; empty where a callout that is
    /// not evaluated has none.
    pub fn request_id(&self) -> &str {
        self.0.request_id.of(&self.0.text).unwrap_or_default()
    }

    /// Id of this call of the extension, exactly as given; empty where a callout that is not
    /// evaluated has none.
    pub fn instance_id(&self) -> &str {
        self.0.instance_id.of(&self.0.text).unwrap_or_default()
    }

    /// What identifies the question: `requestId/instanceId`. The service may send the same
    /// callout twice; the key is then the same.
    pub fn key(&self) -> String {
        format!("{}/{}", self.request_id(), self.instance_id())
    }

    /// Whether the payload says that the service waits for an answer.
    pub fn has_callback_configuration(&self) -> bool {
        self.slot(SCHEMA.at.callback_configuration) != Span::NONE
    }

    /// For how many seconds the service waits for an answer, as the payload says; from
    /// [`MIN_TIMEOUT_SECONDS`](crate::MIN_TIMEOUT_SECONDS) to
    /// [`MAX_TIMEOUT_SECONDS`](crate::MAX_TIMEOUT_SECONDS).
    ///
    /// None where the service does not wait. None as well where it waits and the time is missing,
    /// malformed or out of these bounds, which is one of the [notes](Self::notes): the callout can
    /// be answered all the same.
    pub fn timeout_seconds(&self) -> Option<u32> {
        self.0.timeout
    }

    /// Until when an answer is taken, for a callout that arrived at this instant; none where
    /// [`timeout_seconds`](Self::timeout_seconds) is.
    ///
    /// A callout does not say when it was made, and the service's own clock runs since then: for a
    /// callout that waited in a queue, the instant is the one of its arrival there.
    pub fn deadline(&self, arrived: Timestamp) -> Option<Timestamp> {
        let waits = SignedDuration::from_secs(self.timeout_seconds()?.into());
        arrived.checked_add(waits).ok()
    }

    /// Id of the access package's catalog, normalised where it is a GUID.
    pub(crate) fn catalog_id(&self) -> Option<&str> {
        self.slot(SCHEMA.at.catalog_id).of(&self.0.text)
    }

    /// Where in the payload something of the canonical document stands.
    pub(crate) fn place(&self, pointer: &str) -> String {
        let data = if self.0.is_enveloped { "/data" } else { "" };
        read::place(self.payload(), &format!("{data}{pointer}"))
    }

    fn slot(&self, slot: usize) -> Span {
        self.0.slots.get(slot).copied().unwrap_or(Span::NONE)
    }

    /// What is odd about the payload, though it can be used.
    pub fn notes(&self) -> &[Note] {
        &self.0.notes
    }

    /// The payload as given.
    pub fn bytes(&self) -> &[u8] {
        self.0
            .text
            .as_bytes()
            .get(..self.0.payload_length)
            .unwrap_or_default()
    }

    /// The value of a field outside lists; a boolean or a number is its JSON text.
    pub fn get(&self, field: Field) -> Option<&str> {
        let place = SCHEMA.places.get(field.0)?;
        match place.list {
            None if place.is_value => self.0.slots.get(place.slot)?.of(&self.0.text),
            _ => None,
        }
    }

    /// Whether there is something at a field outside lists, a value or an object.
    pub fn has(&self, field: Field) -> bool {
        SCHEMA
            .places
            .get(field.0)
            .filter(|place| place.list.is_none())
            .and_then(|place| self.0.slots.get(place.slot))
            .is_some_and(|span| *span != Span::NONE)
    }

    /// The value of a field of one row of a list.
    pub fn get_row(&self, field: Field, index: u32) -> Option<&str> {
        let place = SCHEMA.places.get(field.0)?;
        let list = place.list.filter(|_| place.is_value)?;
        if index >= *self.0.counts.get(list)? {
            return None;
        }
        let start = usize::try_from(index)
            .ok()?
            .checked_mul(*SCHEMA.rows.get(list)?)?;
        self.0
            .rows
            .get(list)?
            .get(start.checked_add(place.slot)?)?
            .of(&self.0.text)
    }

    /// How many rows a list of [`LISTS`](Self::LISTS) has; 0 for any other.
    pub fn count(&self, list: &str) -> u32 {
        Self::LISTS
            .iter()
            .position(|known| *known == list)
            .and_then(|list| self.0.counts.get(list).copied())
            .unwrap_or_default()
    }

    /// Anything in the canonical document: a string's text, otherwise the value's JSON text; none
    /// where it is absent or null.
    ///
    /// # Errors
    ///
    /// The pointer is malformed.
    pub fn field(&self, pointer: &str) -> Result<Option<Cow<'_, str>>, PointerError> {
        if let Some(field) = Field::at(pointer)
            && SCHEMA
                .places
                .get(field.0)
                .is_some_and(|place| place.is_value && place.list.is_none())
        {
            return Ok(self.get(field).map(Cow::Borrowed));
        }
        pointer::lookup(self.document(), pointer)
    }

    /// Places of the canonical document, as JSON text: for whoever looks for many.
    pub fn places(&self) -> Places<'_> {
        Places::new(self.document())
    }

    /// The canonical document: the callout's data in Graph's v1.0 form as JSON text without
    /// spaces, whichever shape it came in. Made when first asked for.
    pub fn document(&self) -> &str {
        self.0
            .canonical
            .get_or_init(|| self.request_data().to_json(Form::V1))
    }

    /// What the callout carries, typed.
    pub fn data(&self) -> CustomExtensionCalloutData {
        if self.0.kind == Kind::Assignment {
            return read::typed::<AccessPackageAssignmentCalloutData>(
                self.payload(),
                self.0.is_enveloped,
            )
            .into();
        }
        self.request_data().into()
    }

    fn request_data(&self) -> AccessPackageAssignmentRequestCalloutData {
        read::typed(self.payload(), self.0.is_enveloped)
    }

    fn payload(&self) -> &str {
        self.0.text.get(..self.0.payload_length).unwrap_or_default()
    }
}

impl PartialEq for Callout {
    /// Two callouts are equal when they ask the same: their canonical documents are equal.
    fn eq(&self, other: &Self) -> bool {
        self.0.kind == other.0.kind && self.document() == other.document()
    }
}

impl fmt::Debug for Callout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callout")
            .field("kind", &self.0.kind)
            .field("stage", &self.0.stage)
            .field("key", &self.key())
            .finish_non_exhaustive()
    }
}

trait Names {
    fn map_names(&self) -> String;
}

impl Names for &[Stage] {
    fn map_names(&self) -> String {
        self.iter()
            .map(|stage| format!("`{stage}`"))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A forged path could steer a token-bearing request elsewhere, so it must be a plain relative
/// path to this very request's resume action. It is checked only; the path that is emitted is
/// built from the id.
fn check_callback_path(
    path: &str,
    request_id: &str,
    notes: &mut Vec<Note>,
) -> Result<(), &'static str> {
    let rest = path
        .strip_prefix('/')
        .ok_or("is not a relative path that starts with one `/`")?;
    let is_ours = |id: &str, action: &str| {
        action.eq_ignore_ascii_case("resume") && canonical_guid(id).as_deref() == Some(request_id)
    };
    let known = [
        "identityGovernance/entitlementManagement/assignmentRequests/",
        "identityGovernance/entitlementManagement/accessPackageAssignmentRequests/",
    ];
    for known in known {
        if let Some((before, rest)) = rest.split_at_checked(known.len())
            && json::key_is(before, known)
            && let Some((id, action)) = rest.split_once('/')
            && is_ours(id, action)
        {
            return Ok(());
        }
    }
    if !rest.bytes().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'(' | b')' | b'\'')
    }) {
        return Err(
            "has characters that a path to resume does not have, such as a query, a \
             fragment or an escape",
        );
    }
    for segment in rest.split('/') {
        match segment {
            "" => return Err("has an empty segment"),
            "." | ".." => return Err("has a dot segment"),
            _ => {}
        }
    }
    let mut segments = rest.rsplitn(3, '/');
    let (Some(action), Some(id), before) = (segments.next(), segments.next(), segments.next())
    else {
        return Err("does not end in `/{request id}/resume`");
    };
    if !is_ours(id, action) {
        return Err("does not end in this request's id and `resume`");
    }
    let before = before.unwrap_or_default();
    notes.push(Note::new(
        "callback-path-unknown",
        format!(
            "the callback path begins with `/{}`, which is not a known form",
            shown(before)
        ),
    ));
    Ok(())
}

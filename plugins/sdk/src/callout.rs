//! The callout that a policy answers.

use crate::{
    AccessPackage, Answers, Assignment, Catalog, Fact, RequestType, Schedule, Stage, Subject,
    VerifiedCredentials,
    contract::{callout, evaluation},
};

/// The callout that a policy answers, and the instant at which it does.
///
/// Every method asks the host for what it gives, so reading twice costs twice, and what is not
/// read costs nothing. The report says what was read.
#[derive(Clone, Copy, Debug)]
pub struct Callout(());

impl Callout {
    pub(crate) const fn new() -> Self {
        Self(())
    }

    /// The stage that asks.
    pub fn stage(&self) -> Stage {
        callout::stage().into()
    }

    /// Id of the access package assignment request, a GUID.
    pub fn request_id(&self) -> String {
        callout::request_id()
    }

    /// Id of this call of the custom extension; the same when the service retries the call.
    pub fn instance_id(&self) -> String {
        callout::instance_id()
    }

    /// What kind of request this is; none in assignment callouts (before expiration).
    pub fn request_type(&self) -> Option<RequestType> {
        callout::request_type().map(RequestType::from)
    }

    /// State of the request, such as `submitted` or `delivering`: not an answer.
    pub fn state(&self) -> Option<String> {
        callout::state()
    }

    /// Status of the request, free text of the service: show it, do not decide by it.
    pub fn status(&self) -> Option<String> {
        callout::status()
    }

    /// How long the service waits for the answer, an ISO 8601 duration such as `PT1H`; none when
    /// it does not wait.
    pub fn timeout_duration(&self) -> Option<String> {
        callout::timeout_duration()
    }

    /// Who asked. For requests of administrators and on behalf of others this is not the person
    /// who gets access.
    #[inline(always)]
    pub fn requestor(&self) -> Subject {
        Subject::REQUESTOR
    }

    /// Who gets, has or loses the access.
    #[inline(always)]
    pub fn target(&self) -> Subject {
        Subject::TARGET
    }

    /// The access package that is asked for.
    pub fn access_package(&self) -> AccessPackage {
        AccessPackage(())
    }

    /// The catalog that the access package belongs to.
    pub fn catalog(&self) -> Catalog {
        Catalog(())
    }

    /// The assignment of the access package to the target.
    pub fn assignment(&self) -> Assignment {
        Assignment(())
    }

    /// The period that the request itself asks for.
    pub fn schedule(&self) -> Schedule {
        Schedule(())
    }

    /// What the requestor answered to the questions of the assignment policy.
    pub fn answers(&self) -> Answers {
        Answers(())
    }

    /// The verified credentials that the requestor presented.
    pub fn verified_credentials(&self) -> VerifiedCredentials {
        VerifiedCredentials(())
    }

    /// Anything in the canonical document by its JSON pointer (RFC 6901): a string's text,
    /// otherwise the value's JSON text; none where absent or null. A malformed pointer is a fault.
    pub fn field(&self, pointer: &str) -> Option<String> {
        callout::field(pointer)
    }

    /// The whole canonical document as JSON text: the callout's data in Graph's v1.0 form.
    pub fn document(&self) -> String {
        callout::document()
    }

    /// The instant of this evaluation, given by the host, in seconds since 1970-01-01T00:00:00Z,
    /// rounded down. The same for every policy of the set.
    pub fn now(&self) -> i64 {
        evaluation::now()
    }

    /// The same instant as RFC 3339 text in UTC, with its fraction of a second if it has one.
    pub fn now_text(&self) -> String {
        evaluation::now_text()
    }

    /// A date-time of the payload or of a fact in seconds since 1970-01-01T00:00:00Z, rounded
    /// down: RFC 3339 with an offset or `Z`, or a date alone, which means midnight UTC. None for
    /// any other text.
    pub fn timestamp(&self, text: &str) -> Option<i64> {
        evaluation::timestamp(text)
    }

    /// A value of a fact collection, by its key. Keys that are GUIDs are lower case with hyphens,
    /// as the callout's ids are.
    pub fn fact<'a>(&self, collection: &'a str, key: &'a str) -> Fact<'a> {
        Fact { collection, key }
    }
}

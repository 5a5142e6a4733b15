//! Which function of the contract reads which part of the callout.
//!
//! The host registers these functions from this table and notes their pointers as what a policy
//! read; the Rust SDK answers them natively from the same table. A test holds the table against
//! the WIT text.

/// What a getter takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// `func() -> string`: always there.
    Text,
    /// `func() -> bool`: whether there is an object.
    Present,
    /// `func() -> option<string>`.
    OptionalText,
    /// `func() -> option<bool>`.
    OptionalFlag,
    /// `func() -> u32`: the number of rows of a list.
    Count,
    /// `func(index: u32) -> option<string>`: one row of a list.
    RowText,
    /// `func(index: u32) -> option<bool>`: one row of a list.
    RowFlag,
}

/// One function that reads one place of the canonical document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Getter {
    /// Interface of the contract, such as `requestor`.
    pub interface: &'static str,
    /// Function in that interface, such as `object-id`.
    pub function: &'static str,
    /// JSON pointer into the canonical document; `*` stands for the row's index.
    pub pointer: &'static str,
    /// Its type.
    pub reads: Reads,
}

const fn getter(
    interface: &'static str,
    function: &'static str,
    reads: Reads,
    pointer: &'static str,
) -> Getter {
    Getter {
        interface,
        function,
        pointer,
        reads,
    }
}

/// The getters of a subject.
macro_rules! subject {
    ($interface:literal, $at:literal) => {
        [
            getter($interface, "is-present", Present, $at),
            getter(
                $interface,
                "object-id",
                OptionalText,
                concat!($at, "/objectId"),
            ),
            getter($interface, "id", OptionalText, concat!($at, "/id")),
            getter(
                $interface,
                "display-name",
                OptionalText,
                concat!($at, "/displayName"),
            ),
            getter($interface, "email", OptionalText, concat!($at, "/email")),
            getter(
                $interface,
                "principal-name",
                OptionalText,
                concat!($at, "/principalName"),
            ),
            getter(
                $interface,
                "on-premises-security-identifier",
                OptionalText,
                concat!($at, "/onPremisesSecurityIdentifier"),
            ),
            getter(
                $interface,
                "subject-type",
                OptionalText,
                concat!($at, "/subjectType"),
            ),
            getter(
                $interface,
                "subject-lifecycle",
                OptionalText,
                concat!($at, "/subjectLifecycle"),
            ),
            getter(
                $interface,
                "connected-organization-id",
                OptionalText,
                concat!($at, "/connectedOrganization/id"),
            ),
            getter(
                $interface,
                "connected-organization-display-name",
                OptionalText,
                concat!($at, "/connectedOrganization/displayName"),
            ),
            getter(
                $interface,
                "connected-organization-state",
                OptionalText,
                concat!($at, "/connectedOrganization/state"),
            ),
        ]
    };
}

use Reads::{Count, OptionalFlag, OptionalText, Present, RowFlag, RowText, Text};

const CALLOUT: [Getter; 7] = [
    getter("callout", "stage", Text, "/stage"),
    getter(
        "callout",
        "request-id",
        Text,
        "/accessPackageAssignmentRequestId",
    ),
    getter(
        "callout",
        "instance-id",
        Text,
        "/customExtensionStageInstanceId",
    ),
    getter("callout", "request-type", OptionalText, "/requestType"),
    getter("callout", "state", OptionalText, "/state"),
    getter("callout", "status", OptionalText, "/status"),
    getter(
        "callout",
        "timeout-duration",
        OptionalText,
        "/callbackConfiguration/timeoutDuration",
    ),
];

const REQUESTOR: [Getter; 12] = subject!("requestor", "/requestor");
const TARGET: [Getter; 12] = subject!("target", "/assignment/target");

const PACKAGE: [Getter; 11] = [
    getter("access-package", "id", OptionalText, "/accessPackage/id"),
    getter(
        "access-package",
        "display-name",
        OptionalText,
        "/accessPackage/displayName",
    ),
    getter(
        "access-package",
        "description",
        OptionalText,
        "/accessPackage/description",
    ),
    getter(
        "access-package",
        "is-hidden",
        OptionalFlag,
        "/accessPackage/isHidden",
    ),
    getter("catalog", "id", OptionalText, "/accessPackageCatalog/id"),
    getter(
        "catalog",
        "display-name",
        OptionalText,
        "/accessPackageCatalog/displayName",
    ),
    getter(
        "catalog",
        "description",
        OptionalText,
        "/accessPackageCatalog/description",
    ),
    getter(
        "catalog",
        "catalog-type",
        OptionalText,
        "/accessPackageCatalog/catalogType",
    ),
    getter(
        "catalog",
        "state",
        OptionalText,
        "/accessPackageCatalog/state",
    ),
    getter(
        "catalog",
        "privilege-level",
        OptionalText,
        "/accessPackageCatalog/privilegeLevel",
    ),
    getter(
        "catalog",
        "is-externally-visible",
        OptionalFlag,
        "/accessPackageCatalog/isExternallyVisible",
    ),
];

const ASSIGNMENT: [Getter; 14] = [
    getter("assignment", "id", OptionalText, "/assignment/id"),
    getter("assignment", "state", OptionalText, "/assignment/state"),
    getter("assignment", "status", OptionalText, "/assignment/status"),
    getter(
        "assignment",
        "expired-date-time",
        OptionalText,
        "/assignment/expiredDateTime",
    ),
    getter(
        "assignment",
        "policy-id",
        OptionalText,
        "/assignment/assignmentPolicy/id",
    ),
    getter(
        "assignment",
        "policy-display-name",
        OptionalText,
        "/assignment/assignmentPolicy/displayName",
    ),
    getter(
        "assignment",
        "start-date-time",
        OptionalText,
        "/assignment/schedule/startDateTime",
    ),
    getter(
        "assignment",
        "expiration-type",
        OptionalText,
        "/assignment/schedule/expiration/type",
    ),
    getter(
        "assignment",
        "end-date-time",
        OptionalText,
        "/assignment/schedule/expiration/endDateTime",
    ),
    getter(
        "assignment",
        "expiration-duration",
        OptionalText,
        "/assignment/schedule/expiration/duration",
    ),
    getter(
        "schedule",
        "start-date-time",
        OptionalText,
        "/schedule/startDateTime",
    ),
    getter(
        "schedule",
        "expiration-type",
        OptionalText,
        "/schedule/expiration/type",
    ),
    getter(
        "schedule",
        "end-date-time",
        OptionalText,
        "/schedule/expiration/endDateTime",
    ),
    getter(
        "schedule",
        "expiration-duration",
        OptionalText,
        "/schedule/expiration/duration",
    ),
];

const LISTS: [Getter; 11] = [
    getter("answers", "count", Count, "/answers"),
    getter("answers", "value", RowText, "/answers/*/value"),
    getter(
        "answers",
        "display-value",
        RowText,
        "/answers/*/displayValue",
    ),
    getter(
        "answers",
        "question-id",
        RowText,
        "/answers/*/answeredQuestion/id",
    ),
    getter(
        "answers",
        "question-text",
        RowText,
        "/answers/*/answeredQuestion/text",
    ),
    getter(
        "answers",
        "question-is-required",
        RowFlag,
        "/answers/*/answeredQuestion/isRequired",
    ),
    getter(
        "verified-credentials",
        "count",
        Count,
        "/verifiedCredentialsData",
    ),
    getter(
        "verified-credentials",
        "authority",
        RowText,
        "/verifiedCredentialsData/*/authority",
    ),
    getter(
        "verified-credentials",
        "issuance-date",
        RowText,
        "/verifiedCredentialsData/*/issuanceDate",
    ),
    getter(
        "verified-credentials",
        "expiration-date",
        RowText,
        "/verifiedCredentialsData/*/expirationDate",
    ),
    getter(
        "verified-credentials",
        "revocation-status",
        RowText,
        "/verifiedCredentialsData/*/credentialState/revocationStatus",
    ),
];

/// Every getter that reads one fixed place of the callout. The others of the contract (`field`,
/// `document`, `has-type`, `claim`) take their place as an argument.
pub const GETTERS: &[&[Getter]] = &[&CALLOUT, &REQUESTOR, &TARGET, &PACKAGE, &ASSIGNMENT, &LISTS];

/// The interfaces of the contract that a policy may import.
pub const fn interfaces() -> &'static [&'static str] {
    &[
        "callout",
        "requestor",
        "target",
        "access-package",
        "catalog",
        "assignment",
        "schedule",
        "answers",
        "verified-credentials",
        "evaluation",
        "settings",
        "facts",
        "verdict",
        "approval-stage",
        "log",
    ]
}

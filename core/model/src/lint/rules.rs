//! The one table of what lint finds: stable code, severity, meaning, and where it is said.

use super::Severity;

/// What lint can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name, in kebab-case.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// Where that is said: an address, or what it rests on.
    pub source: &'static str,
}

/// The sources, each named once.
mod said {
    pub(super) const RFC_8259: &str = "https://www.rfc-editor.org/rfc/rfc8259";
    pub(super) const OWN: &str = "admit's own limit; Microsoft publishes none";
    pub(super) const METADATA: &str = "https://github.com/microsoftgraph/msgraph-metadata";
    pub(super) const WORKFLOWS: &str =
        "https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language";
    pub(super) const RESUME: &str =
        "https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-resume";
    pub(super) const DATA: &str = "https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestcallbackdata";
    pub(super) const STAGE: &str =
        "https://learn.microsoft.com/graph/api/resources/accesspackageapprovalstage";
    pub(super) const DYNAMIC: &str =
        "https://learn.microsoft.com/entra/id-governance/entitlement-management-dynamic-approval";
    pub(super) const LOGIC_APPS: &str = "https://learn.microsoft.com/entra/id-governance/entitlement-management-logic-apps-integration";
    pub(super) const CREATE: &str = "https://learn.microsoft.com/graph/api/accesspackagecatalog-post-accesspackagecustomworkflowextensions";
    pub(super) const WRAPPED: &str =
        "https://github.com/microsoftgraph/microsoft-graph-docs/issues/21126";
    pub(super) const CALLBACK: &str =
        "https://learn.microsoft.com/graph/api/resources/customextensioncallbackconfiguration";
    pub(super) const CLIENT: &str =
        "https://learn.microsoft.com/graph/api/resources/customextensionclientconfiguration";
    pub(super) const HANDLER: &str = "https://learn.microsoft.com/graph/api/resources/customextensionhandlerinstance?view=graph-rest-beta";
    pub(super) const RETIRED: &str = "https://learn.microsoft.com/graph/api/resources/customaccesspackageworkflowextension?view=graph-rest-beta";
    pub(super) const TEMPLATE: &str = "https://github.com/Azure/azure-quickstart-templates/tree/master/demos/identitygovernance-entitlementmanagement-extensibility-AccessPackageAssignmentRequest-sample-logicapp";
    pub(super) const CALLOUT: &str =
        "https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestcalloutdata";
    pub(super) const PYTHON: &str = "https://pypi.org/project/msgraph-sdk/ (the generated client)";
    pub(super) const BETA_PYTHON: &str =
        "https://pypi.org/project/msgraph-beta-sdk/ (the generated client)";
}

macro_rules! rules {
    ($($name:ident = $code:literal $severity:ident $source:ident $meaning:literal;)*) => {
        $(pub(super) const $name: &Rule = &Rule {
            code: $code,
            severity: Severity::$severity,
            meaning: $meaning,
            source: said::$source,
        };)*

        impl Rule {
            /// Every rule, by the document that it is for.
            pub const ALL: &'static [Self] = &[$(*$name),*];
        }
    };
}

rules! {
    // Any document.
    NOT_JSON = "not-json" Error RFC_8259 "the text is not JSON in UTF-8";
    BEYOND_LIMITS = "beyond-limits" Error OWN "larger, deeper or wider than is read";
    NOT_AN_OBJECT = "not-an-object" Error METADATA "the document is not one object";
    WRAPPED = "wrapped" Error WRAPPED "the object stands inside another, such as `value`";
    MORE_FINDINGS = "more-findings" Note OWN "the list is cut; the worst findings are kept";
    REPEATED_MEMBER = "repeated-member" Error RFC_8259 "a member stands twice in one object";
    TWO_SPELLINGS = "two-spellings" Error METADATA "two names of one member in one object";
    MEMBER_UNKNOWN = "member-unknown" Warning METADATA "the type has no such member";
    MEMBER_EXTRA = "member-extra" Note METADATA "a member that the published type does not have; kept";
    MEMBER_CASE = "member-case" Warning METADATA "a member's name in another case than Graph's";
    MEMBER_MISSING = "member-missing" Error METADATA "a member that must be there is absent or null";
    MEMBER_EMPTY = "member-empty" Error METADATA "a text that must not be empty";
    WRONG_JSON_TYPE = "wrong-json-type" Error METADATA "a value of the wrong JSON type";
    VALUE_CASE = "value-case" Warning METADATA "a member of an enumeration in another case";
    VALUE_UNKNOWN = "value-unknown" Warning METADATA "not a member of the enumeration";
    VALUE_NEW = "value-new" Note METADATA "not a published member of the enumeration; kept";
    ID_NOT_A_GUID = "id-not-a-guid" Warning METADATA "an id that is not a GUID";
    DURATION_FORM = "duration-form" Error METADATA "not an ISO 8601 duration of days and less";
    AT_DOUBLED = "at-doubled" Error WORKFLOWS "`@@` in a name; workflow definitions alone escape `@` so";
    EXPRESSION = "expression" Error WORKFLOWS "a workflow expression where its value belongs";
    SAMPLE_TEXT = "sample-text" Note WORKFLOWS "text for people that looks like an expression or a placeholder";
    PLACEHOLDER = "placeholder" Error DATA "a placeholder of a documentation page as the value";
    INTERNAL_NAME = "internal-name" Error DATA "an internal type name of the service as the value";
    TYPE_MISSING = "type-missing" Error METADATA "no `@odata.type` where there are several types";
    TYPE_UNKNOWN = "type-unknown" Error METADATA "`@odata.type` names no type that may stand there";
    TYPE_PREFIX_DOUBLED = "type-prefix-doubled" Error DYNAMIC "`microsoft.graph.` stands twice";
    TYPE_WITHOUT_HASH = "type-without-hash" Warning PYTHON "no `#` before the type: generated clients do not recognise it";
    TYPE_WITHOUT_NAMESPACE = "type-without-namespace" Error METADATA "a type's name without `microsoft.graph.`";
    TYPE_CASE = "type-case" Warning METADATA "a type's name in another case than Graph's";

    // A resume body.
    ONLY_THE_DATA = "only-the-data" Error RESUME "the data of a body without the body around it";
    SOURCE_EMPTY = "source-empty" Note RESUME "an empty `source`: the audit log will not say who answered";
    CONFIGURATION_AS_DATA = "configuration-as-data" Error METADATA "data typed as an extension's callback configuration";
    NOT_CALLBACK_DATA = "not-callback-data" Error METADATA "data of a type that answers no callout";
    STAGE_UNKNOWN = "stage-unknown" Error DATA "not a stage";
    STAGE_CASE = "stage-case" Warning METADATA "a stage's name in another case than Graph's";
    STAGE_NOT_ANSWERABLE = "stage-not-answerable" Error LOGIC_APPS "the service does not wait at this stage";
    STAGE_TYPE_FORM = "stage-type-form" Warning RESUME "`type` is not the enumeration's name and a stage";
    TYPE_CONTRADICTS_STAGE = "type-contradicts-stage" Error RESUME "`type` and `stage` name different stages";
    DETERMINING_TYPE_WRONG = "determining-type-wrong" Error DYNAMIC "`type` names another stage than created for the determining stage";
    DETERMINING_TYPE = "determining-type" Note DYNAMIC "`type` names created at the determining stage: right so";
    INSTANCE_ID_FORM = "instance-id-form" Note DATA "an instance id that is not a GUID";
    STATE_NULL = "state-null" Warning DATA "`state` is null instead of left out";
    STATE_UNKNOWN = "state-unknown" Error DATA "`state` is neither `denied` nor `canceled`";
    STATE_CASE = "state-case" Warning RESUME "`state` in another case than in the published body";
    STATE_AT_STAGE = "state-at-stage" Error LOGIC_APPS "the stage takes no such `state`";
    DENY_AT_CREATED = "deny-at-created" Note DATA "a denial at created is taken, whatever one sentence says";
    DENY_AT_APPROVED = "deny-at-approved" Note LOGIC_APPS "Microsoft's sources disagree on a denial at approved";
    DETAIL_LONG = "detail-long" Warning OWN "a detail of more than 1,000 characters";
    DETAIL_CONTROL = "detail-control" Warning OWN "control characters in a detail";
    APPROVAL_STAGE_MISSING = "approval-stage-missing" Error DYNAMIC "the determining stage without an approval stage";
    APPROVAL_STAGE_ELSEWHERE = "approval-stage-elsewhere" Error DYNAMIC "an approval stage at another stage";
    APPROVAL_STAGE_TYPE = "approval-stage-type" Error METADATA "type of the data and approval stage do not go together";
    APPROVAL_STAGE_OTHER = "approval-stage-other" Error DYNAMIC "an approval stage of a type that only policies have";
    NO_PRIMARY_APPROVER = "no-primary-approver" Error STAGE "nobody is asked to approve";
    DURATION_ZERO = "duration-zero" Error STAGE "no time at all";
    ESCALATION_LATE = "escalation-late" Error STAGE "escalation is not earlier than denial";
    ESCALATION_INCOMPLETE = "escalation-incomplete" Error STAGE "escalation without a time or without approvers";
    ESCALATION_DISABLED = "escalation-disabled" Warning STAGE "escalation is off, but there are approvers or a time for it";
    APPROVER_TYPE_UNKNOWN = "approver-type-unknown" Error METADATA "not a kind of approver";
    APPROVER_UNDOCUMENTED = "approver-undocumented" Note STAGE "a kind of approver that the page does not list";
    APPROVER_NOT_IN_BETA = "approver-not-in-beta" Error METADATA "a kind of approver that beta does not have";
    APPROVER_ID = "approver-id" Error STAGE "an approver's id that is empty or not a GUID";
    MANAGER_LEVEL = "manager-level" Error METADATA "a manager's level that is not a whole number from 1";
    BETA_CONVENTION = "beta-convention" Note DYNAMIC "approvers in beta's spelling: for the beta endpoint";
    MIXED_CONVENTIONS = "mixed-conventions" Error DYNAMIC "v1.0's and beta's spellings in one approval stage";
    BACKUP_AND_FALLBACK = "backup-and-fallback" Note STAGE "`isBackup` beside lists of fallback approvers";
    BACKUP_TRUE = "backup-true" Warning STAGE "a fallback approver marked by `isBackup`";
    BETA_CLIENT_WARNING = "beta-client-warning" Note BETA_PYTHON "the beta client calls `resume` removed; it is not";

    // A callout. The first nine are those of the strict reader.
    CALLOUT_SYNTAX = "callout-syntax" Error RFC_8259 "not JSON text in UTF-8";
    CALLOUT_LIMIT = "callout-limit" Error OWN "larger, deeper or wider than is read";
    CALLOUT_TYPE = "callout-type" Error CALLOUT "a value of the wrong JSON type";
    CALLOUT_MISSING = "callout-missing" Error CALLOUT "a member that a callout must have is missing";
    CALLOUT_REPEATED = "callout-repeated" Error RFC_8259 "a member stands twice, whatever its case";
    CALLOUT_STAGE = "callout-stage" Error DATA "the stage is not one that is known";
    CALLOUT_ENVELOPE = "callout-envelope" Error CALLOUT "envelope and data contradict each other";
    CALLOUT_ID = "callout-id" Error CALLOUT "the request's id is not a GUID";
    CALLOUT_CALLBACK_PATH = "callout-callback-path" Error DYNAMIC "not a relative path to this request's resume action";
    CALLBACK_PATH_UNKNOWN = "callback-path-unknown" Note DYNAMIC "a callback path that begins in an unknown way";
    RETIRED_PREVIEW = "retired-preview" Warning RETIRED "the callout of 2021's model: it cannot be answered";
    CONNECTION_TEST = "connection-test" Note TEMPLATE "the service tries the endpoint: nothing is asked";
    STAGE_ALIAS = "stage-alias" Note DATA "`AssignmentRemoved`, which some workflows expect";
    MAY_NOT_BE_WAITED_FOR = "may-not-be-waited-for" Note CALLBACK "no callback configuration: the service may not wait";
    CALLBACK_TIMEOUT_MISSING = "callback-timeout-missing" Note CALLBACK "a callback configuration without a timeout";
    CALLBACK_TIMEOUT_MALFORMED = "callback-timeout-malformed" Warning CALLBACK "a timeout that is not a duration";
    CALLBACK_TIMEOUT_RANGE = "callback-timeout-range" Warning CALLBACK "a timeout that is not PT5M to P14D";
    GRAPH_DURATION_NAME = "graph-duration-name" Note CALLBACK "the flat payload's name of the timeout in Graph's form";
    OBJECT_ID_EMPTY = "object-id-empty" Note CALLOUT "a person without a directory object yet";
    WAITING_IS_A_STATUS = "waiting-is-a-status" Note RESUME "`WaitingForCallback` is free text, no state";

    // An extension, and the records of its calls.
    TIMEOUT_RANGE = "timeout-range" Error CALLBACK "a timeout that is not PT5M to P14D";
    TIMEOUT_NAME = "timeout-name" Warning CALLBACK "`durationBeforeTimeout`, the older name of `timeoutDuration`";
    CALLBACK_TYPE_ABSTRACT = "callback-type-abstract" Note METADATA "the type is abstract in the schema; the service takes it";
    CALLBACK_ON_ASSIGNMENT = "callback-on-assignment" Error CREATE "the service does not wait for this kind";
    ENDPOINT_NOT_A_LOGIC_APP = "endpoint-not-a-logic-app" Error CREATE "entitlement management calls Logic Apps only";
    AUTHENTICATION_RETIRED = "authentication-retired" Warning RETIRED "the authentication of the retired model";
    EXTENSION_RETIRED = "extension-retired" Error RETIRED "an extension of the retired model";
    CLIENT_BOUNDS = "client-bounds" Error CLIENT "a client configuration out of its bounds";
    READ_ONLY_MEMBER = "read-only-member" Note CREATE "the service gives this member; it is not created with it";
    INSTANCE_DEPRECATED = "instance-deprecated" Note HANDLER "a record of a call in the deprecated form";
}

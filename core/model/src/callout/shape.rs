//! What Graph's callout data looks like: members, spellings, types, in declared order.
//!
//! One table for the reader, the canonical document and the fields that a policy can ask for.
//! Names are those of Graph v1.0; `also` holds the spellings of beta and of the wire.
//! Source: Graph's resource pages and metadata for the types named beside each shape.

use std::{collections::HashMap, sync::LazyLock};

use super::Callout;
use crate::json::Names;

/// The type of a member.
#[derive(Clone, Copy)]
pub(super) enum Type {
    /// Text, kept as it is.
    Text,
    /// An id; a GUID is normalised.
    Id,
    /// A member of an evolvable enumeration, in camelCase; members not listed are kept.
    Enumeration(&'static [&'static str]),
    /// The stage, aliases resolved.
    Stage,
    /// A boolean.
    Flag,
    /// A number, kept verbatim.
    Number,
    /// Text in v1.0, `accessPackageLocalizedContent` in beta: its default text counts.
    Content,
    /// The text of an `accessPackageLocalizedContent`, where there is no plain one.
    DefaultText,
    /// A list of texts.
    Texts,
    /// An object whose members are not ours to judge: kept verbatim.
    Open,
    /// An object.
    Object(&'static [Member]),
    /// A list of objects.
    List(&'static [Member]),
}

pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) also: Option<&'static str>,
    pub(super) ty: Type,
}

const fn m(name: &'static str, ty: Type) -> Member {
    Member {
        name,
        also: None,
        ty,
    }
}

const fn also(name: &'static str, also: &'static str, ty: Type) -> Member {
    Member {
        name,
        also: Some(also),
        ty,
    }
}

use Type::{
    Content, DefaultText, Enumeration, Flag, Id, List, Number, Object, Open, Stage, Text, Texts,
};

const REQUEST_TYPE: Type = Enumeration(&[
    "notSpecified",
    "userAdd",
    "userUpdate",
    "userRemove",
    "adminAdd",
    "adminUpdate",
    "adminRemove",
    "systemAdd",
    "systemUpdate",
    "systemRemove",
    "onBehalfAdd",
    "approverRemove",
    "userExtend",
    "systemExpire",
]);
const REQUEST_STATE: Type = Enumeration(&[
    "submitted",
    "pendingApproval",
    "delivering",
    "delivered",
    "deliveryFailed",
    "denied",
    "scheduled",
    "canceled",
    "partiallyDelivered",
]);
const ASSIGNMENT_STATE: Type = Enumeration(&[
    "delivering",
    "partiallyDelivered",
    "delivered",
    "expired",
    "deliveryFailed",
]);
const SUBJECT_TYPE: Type = Enumeration(&[
    "notSpecified",
    "user",
    "servicePrincipal",
    "group",
    "groupSecurityNotEnabled",
    "agentIdentity",
]);
const SUBJECT_LIFECYCLE: Type = Enumeration(&["notDefined", "notGoverned", "governed"]);
const CATALOG_STATE: Type = Enumeration(&["unpublished", "published"]);
const CATALOG_TYPE: Type = Enumeration(&["userManaged", "serviceDefault", "serviceManaged"]);
const EXPIRATION_TYPE: Type = Enumeration(&[
    "notSpecified",
    "noExpiration",
    "afterDateTime",
    "afterDuration",
]);
const ORGANIZATION_STATE: Type = Enumeration(&["configured", "proposed"]);

/// accessPackageLocalizedText
const LOCALIZED_TEXT: &[Member] = &[m("languageCode", Text), m("text", Text)];

/// accessPackageLocalizedContent, the beta form of a text.
pub(super) const LOCALIZED_CONTENT: &[Member] = &[
    m("defaultText", DefaultText),
    m("localizedTexts", List(LOCALIZED_TEXT)),
];

/// accessPackageAnswerChoice
const CHOICE: &[Member] = &[
    m("actualValue", Text),
    also("text", "displayValue", Content),
    m("localizations", List(LOCALIZED_TEXT)),
];

/// accessPackageQuestion and its two kinds
const QUESTION: &[Member] = &[
    m("id", Id),
    // The service sends `textString` beside the content object.
    also("text", "textString", Content),
    m("localizations", List(LOCALIZED_TEXT)),
    m("sequence", Number),
    m("isRequired", Flag),
    m("isAnswerEditable", Flag),
    m("isSingleLineQuestion", Flag),
    m("regexPattern", Text),
    also(
        "isMultipleSelectionAllowed",
        "allowsMultipleSelection",
        Flag,
    ),
    m("choices", List(CHOICE)),
];

/// accessPackageAnswerString
const ANSWER: &[Member] = &[
    m("value", Text),
    m("displayValue", Text),
    m("answeredQuestion", Object(QUESTION)),
];

/// customExtensionCallbackConfiguration; the wire and older pages say `durationBeforeTimeout`.
const CALLBACK_CONFIGURATION: &[Member] = &[also("timeoutDuration", "durationBeforeTimeout", Text)];

/// connectedOrganization
const ORGANIZATION: &[Member] = &[
    m("id", Id),
    m("displayName", Text),
    m("description", Text),
    m("state", ORGANIZATION_STATE),
];

/// accessPackageSubject
const SUBJECT: &[Member] = &[
    m("id", Id),
    m("objectId", Id),
    m("displayName", Text),
    m("email", Text),
    m("principalName", Text),
    m("onPremisesSecurityIdentifier", Text),
    also("subjectType", "type", SUBJECT_TYPE),
    m("subjectLifecycle", SUBJECT_LIFECYCLE),
    m("connectedOrganization", Object(ORGANIZATION)),
    m("connectedOrganizationId", Id),
];

/// accessPackage
const PACKAGE: &[Member] = &[
    m("id", Id),
    m("displayName", Text),
    m("description", Text),
    m("isHidden", Flag),
    m("createdDateTime", Text),
    m("modifiedDateTime", Text),
    m("catalogId", Id),
];

/// accessPackageCatalog
const CATALOG: &[Member] = &[
    m("id", Id),
    m("displayName", Text),
    m("description", Text),
    m("catalogType", CATALOG_TYPE),
    also("state", "catalogStatus", CATALOG_STATE),
    m("privilegeLevel", Text),
    m("isExternallyVisible", Flag),
    m("createdDateTime", Text),
    m("modifiedDateTime", Text),
];

/// accessPackageAssignmentPolicy
const POLICY: &[Member] = &[m("id", Id), m("displayName", Text), m("description", Text)];

/// expirationPattern
const EXPIRATION: &[Member] = &[
    m("type", EXPIRATION_TYPE),
    m("endDateTime", Text),
    m("duration", Text),
];

/// entitlementManagementSchedule; `recurrence` is Graph's patternedRecurrence.
const SCHEDULE: &[Member] = &[
    m("startDateTime", Text),
    m("expiration", Object(EXPIRATION)),
    m("recurrence", Open),
];

/// accessPackageAssignment
const ASSIGNMENT: &[Member] = &[
    m("id", Id),
    also("state", "assignmentState", ASSIGNMENT_STATE),
    also("status", "assignmentStatus", Text),
    m("target", Object(SUBJECT)),
    also(
        "assignmentPolicy",
        "accessPackageAssignmentPolicy",
        Object(POLICY),
    ),
    m("schedule", Object(SCHEDULE)),
    m("expiredDateTime", Text),
    m("accessPackageId", Id),
    m("assignmentPolicyId", Id),
    m("catalogId", Id),
    m("targetId", Id),
    m("isExtended", Flag),
];

/// verifiedCredentialData; the service also says `issuer`.
const CREDENTIAL: &[Member] = &[
    also("authority", "issuer", Text),
    m("type", Texts),
    m("claims", Open),
    m("credentialState", Object(&[m("revocationStatus", Text)])),
    m("domainValidation", Object(&[m("url", Text)])),
    m("issuanceDate", Text),
    m("expirationDate", Text),
    m(
        "faceCheck",
        Object(&[
            m("matchConfidenceScore", Number),
            m("sourcePhotoQuality", Text),
        ]),
    ),
];

/// accessPackageAssignmentRequestCalloutData and accessPackageAssignmentCalloutData
const DATA: &[Member] = &[
    m("accessPackageAssignmentRequestId", Id),
    m("customExtensionStageInstanceId", Id),
    m("stage", Stage),
    m("requestType", REQUEST_TYPE),
    also("state", "requestState", REQUEST_STATE),
    also("status", "requestStatus", Text),
    m("callbackUriPath", Text),
    m("callbackConfiguration", Object(CALLBACK_CONFIGURATION)),
    m("accessPackage", Object(PACKAGE)),
    m("accessPackageCatalog", Object(CATALOG)),
    also("assignment", "accessPackageAssignment", Object(ASSIGNMENT)),
    m("requestor", Object(SUBJECT)),
    m("answers", List(ANSWER)),
    also("schedule", "requestSchedule", Object(SCHEDULE)),
    m("verifiedCredentialsData", List(CREDENTIAL)),
];

/// A member, bound to its place in the document.
pub(super) struct Bound {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Where its value is kept, for scalars and objects outside lists and inside rows.
    pub(super) slot: Option<usize>,
}

pub(super) enum Kind {
    Scalar(Type),
    Content(Node),
    Texts,
    Open,
    Object(Node),
    /// Rows, and which of the kept lists they are.
    List(Node, Option<usize>),
}

/// An object type, bound to its place.
#[derive(Default)]
pub(super) struct Node {
    pub(super) names: Names,
    pub(super) members: Vec<Bound>,
}

/// A place of the canonical document that is kept at hand.
pub(super) struct Place {
    pub(super) pointer: String,
    /// Which kept list it is a row of.
    pub(super) list: Option<usize>,
    pub(super) slot: usize,
    /// Whether it is a value that can be asked for, rather than an object.
    pub(super) is_value: bool,
}

/// The callout's shape, bound.
pub(super) struct Schema {
    pub(super) data: Node,
    /// How many slots the callout itself has, then how many each row of a list has.
    pub(super) slots: usize,
    pub(super) rows: [usize; 2],
    pub(super) places: Vec<Place>,
    pub(super) at: At,
    pub(super) by_pointer: HashMap<String, usize>,
}

/// The slots that the reader itself looks at.
#[derive(Default)]
pub(super) struct At {
    pub(super) request_id: usize,
    pub(super) instance_id: usize,
    pub(super) stage: usize,
    pub(super) callback_path: usize,
}

pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let mut schema = Schema {
        data: Node::default(),
        slots: 0,
        rows: [0; 2],
        places: Vec::new(),
        at: At::default(),
        by_pointer: HashMap::new(),
    };
    schema.data = schema.bind(DATA, "", &In::Callout);
    let slot = |pointer| schema.slot(pointer).unwrap_or(usize::MAX);
    schema.at = At {
        request_id: slot("/accessPackageAssignmentRequestId"),
        instance_id: slot("/customExtensionStageInstanceId"),
        stage: slot("/stage"),
        callback_path: slot("/callbackUriPath"),
    };
    schema
});

/// Where a node stands, which says where its values are kept.
enum In {
    Callout,
    Row(usize),
    /// In a list that is only checked.
    Unkept,
}

impl Schema {
    fn bind(&mut self, members: &'static [Member], at: &str, place: &In) -> Node {
        let mut node = Node {
            names: Names::new(members.iter().map(|member| (member.name, member.also))),
            members: Vec::with_capacity(members.len()),
        };
        for member in members {
            let pointer = format!("{at}/{}", member.name);
            let (kind, slot) = match member.ty {
                Type::Object(inner) => {
                    let slot = self.keep(&pointer, place, false);
                    (Kind::Object(self.bind(inner, &pointer, place)), slot)
                }
                Type::List(inner) => {
                    let list = Callout::LISTS.iter().position(|list| *list == pointer);
                    let inside = list.map_or(In::Unkept, In::Row);
                    let rows = self.bind(inner, &format!("{pointer}/*"), &inside);
                    (Kind::List(rows, list), None)
                }
                Type::Texts => (Kind::Texts, None),
                Type::Open => (Kind::Open, None),
                Type::Content => {
                    let slot = self.keep(&pointer, place, true);
                    let mut content = self.bind(LOCALIZED_CONTENT, &pointer, &In::Unkept);
                    for member in &mut content.members {
                        if matches!(member.kind, Kind::Scalar(Type::DefaultText)) {
                            member.slot = slot;
                        }
                    }
                    (Kind::Content(content), slot)
                }
                scalar => (Kind::Scalar(scalar), self.keep(&pointer, place, true)),
            };
            node.members.push(Bound {
                name: member.name,
                kind,
                slot,
            });
        }
        node
    }

    fn keep(&mut self, pointer: &str, place: &In, is_value: bool) -> Option<usize> {
        let (counter, list) = match place {
            In::Callout => (&mut self.slots, None),
            In::Row(list) => (self.rows.get_mut(*list)?, Some(*list)),
            In::Unkept => return None,
        };
        let slot = *counter;
        *counter += 1;
        self.by_pointer.insert(pointer.into(), self.places.len());
        self.places.push(Place {
            pointer: pointer.into(),
            list,
            slot,
            is_value,
        });
        Some(slot)
    }

    /// The slot of a place outside lists.
    fn slot(&self, pointer: &str) -> Option<usize> {
        let place = self.places.get(*self.by_pointer.get(pointer)?)?;
        place.list.is_none().then_some(place.slot)
    }
}

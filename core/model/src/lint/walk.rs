//! What can be said of any object from the table of its type's members.

use std::collections::BTreeSet;

use super::{
    findings::{Findings, Place},
    rules::{self, Rule},
    text::{instead_of, is_doubtful, listed, nearest, quoted, sample},
    types,
};
use crate::{
    approval::ApproverList,
    graph::{
        AccessPackageApprovalStage, AssignmentRequestApprovalStageCallbackData, Member, Object,
        ObjectType, ResumeBody, Spelled, Type,
    },
    id::guid,
    json::{Tree, key_is},
    stage::Stage,
    timeout::duration,
};

/// Who wrote a document, and so how it is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// It is to be sent to Graph: spelt as Graph has it, and complete.
    Sent,
    /// It came from the service: any spelling, and members may be new.
    Received,
}

/// Members whose text is for people, or not ours to judge.
const FREE: [&str; 6] = [
    "source",
    "customExtensionStageInstanceDetail",
    "detail",
    "description",
    "displayName",
    "membershipRule",
];

/// Members that an object to be sent must have, by its type.
const REQUIRED: &[(&str, &[&str])] = &[
    ("resume", &["source", "type", "data"]),
    (
        "accessPackageAssignmentRequestCallbackData",
        &["stage", "customExtensionStageInstanceId"],
    ),
    (
        "assignmentRequestApprovalStageCallbackData",
        &["stage", "customExtensionStageInstanceId"],
    ),
    (
        "accessPackageApprovalStage",
        &["durationBeforeAutomaticDenial"],
    ),
    ("singleUser", &["userId"]),
    ("groupMembers", &["groupId"]),
    ("connectedOrganizationMembers", &["connectedOrganizationId"]),
    ("singleServicePrincipal", &["servicePrincipalId"]),
    ("attributeRuleMembers", &["membershipRule"]),
    ("requestorManager", &["managerLevel"]),
    ("targetManager", &["managerLevel"]),
    (
        "accessPackageAssignmentRequestWorkflowExtension",
        &[
            "displayName",
            "endpointConfiguration",
            "authenticationConfiguration",
        ],
    ),
    (
        "accessPackageAssignmentWorkflowExtension",
        &[
            "displayName",
            "endpointConfiguration",
            "authenticationConfiguration",
        ],
    ),
    (
        "logicAppTriggerEndpointConfiguration",
        &[
            "subscriptionId",
            "resourceGroupName",
            "logicAppWorkflowName",
        ],
    ),
    ("httpRequestEndpoint", &["targetUrl"]),
    ("customExtensionCallbackConfiguration", &["timeoutDuration"]),
    (
        "accessPackageRequestApprovalStageCallbackConfiguration",
        &["timeoutDuration"],
    ),
];

/// Members of beta's approval stage of a policy, and those of a callback that say the same.
const OF_BETA_POLICIES: [(&str, &str); 2] = [
    (
        "approvalStageTimeOutInDays",
        "durationBeforeAutomaticDenial",
    ),
    ("escalationTimeInMinutes", "durationBeforeEscalation"),
];

/// Goes through a document by the tables of its types.
pub(super) struct Walk<'f> {
    pub(super) findings: &'f mut Findings,
    pub(super) manner: Manner,
    /// What an id is that is not a GUID.
    pub(super) id: &'static Rule,
}

impl Walk<'_> {
    /// An object of a known type.
    pub(super) fn object(&mut self, ty: &'static ObjectType, tree: &Tree<'_>, place: &Place<'_>) {
        let mut seen = BTreeSet::new();
        let mut spelt = vec![false; ty.members.len()];
        for (name, value) in tree.members() {
            let at = place.member(name);
            let (plain, is_first) = self.named(&mut seen, name, &at);
            if plain.contains('@') {
                // OData's own: the type is judged by who knows which may stand here.
                continue;
            }
            let Some((index, member)) = found(ty, name) else {
                self.unknown(ty, name, &at);
                continue;
            };
            if let Some(spelt) = spelt.get_mut(index)
                && std::mem::replace(spelt, true)
                && self.manner == Manner::Sent
                && is_first
                && !matches!(member.also, Some((_, Spelled::Beta)))
            {
                self.findings.add(
                    rules::TWO_SPELLINGS,
                    &at,
                    format!("{} is another name of a member that is there", quoted(name)),
                    format!("`{}` alone", member.name),
                );
            }
            self.member(member, name, value, &at);
        }
        if self.manner == Manner::Sent {
            self.required(ty, tree, place);
        }
    }

    /// What holds of the names of any object's members: each once, and no `@` doubled. Gives the
    /// name without that, and whether it is the first of its kind.
    fn named<'n>(
        &mut self,
        seen: &mut BTreeSet<String>,
        name: &'n str,
        at: &Place<'_>,
    ) -> (&'n str, bool) {
        let is_doubled = name.starts_with("@@");
        let plain = name.get(usize::from(is_doubled)..).unwrap_or(name);
        let is_first = seen.insert(plain.to_ascii_lowercase());
        if !is_first {
            self.findings.add(
                rules::REPEATED_MEMBER,
                at,
                format!(
                    "{} stands twice; most readers keep the last one",
                    quoted(name)
                ),
                "keep one of them",
            );
        }
        if is_doubled {
            self.findings.add(
                rules::AT_DOUBLED,
                at,
                format!("{} is how a workflow definition escapes `@`", quoted(name)),
                format!("{} in the body that is sent", quoted(plain)),
            );
        }
        (plain, is_first)
    }

    fn unknown(&mut self, ty: &ObjectType, name: &str, at: &Place<'_>) {
        let is_sent = self.manner == Manner::Sent;
        let rule = if is_sent {
            rules::MEMBER_UNKNOWN
        } else {
            rules::MEMBER_EXTRA
        };
        if !self.findings.has_room(rule) {
            return self.findings.add(rule, at, "", "");
        }
        if ty.name == AccessPackageApprovalStage::TYPE_NAME
            && let Some((_, right)) = OF_BETA_POLICIES.iter().find(|(beta, _)| key_is(name, beta))
        {
            return self.findings.add(
                rules::MIXED_CONVENTIONS,
                at,
                format!(
                    "{} belongs to approval stages of beta's policies",
                    quoted(name)
                ),
                format!("`{right}`, an ISO 8601 duration such as `P2D`"),
            );
        }
        let problem = format!("{} is not a member of {}", quoted(name), ty.name);
        let spellings = ty.members.iter().flat_map(|member| {
            let also = member.also.map(|(name, _)| name);
            [Some(member.name), also].into_iter().flatten()
        });
        let in_data = &AssignmentRequestApprovalStageCallbackData::TYPE;
        let instead = match nearest(name, spellings) {
            _ if ty.name == ResumeBody::TYPE_NAME && found(in_data, name).is_some() => {
                "move it into `data`".into()
            }
            Some(near) => format!("perhaps `{near}` is meant"),
            None if is_sent => "leave it out".into(),
            None => "nothing; it is kept as it is".into(),
        };
        self.findings.add(rule, at, problem, instead);
    }

    fn member(&mut self, member: &'static Member, name: &str, value: &Tree<'_>, at: &Place<'_>) {
        if self.manner == Manner::Sent {
            let spellings = [Some(member.name), member.also.map(|(name, _)| name)];
            if !spellings.contains(&Some(name)) {
                let right = spellings
                    .into_iter()
                    .flatten()
                    .find(|right| key_is(name, right));
                self.findings.add(
                    rules::MEMBER_CASE,
                    at,
                    format!("{} in another case than Graph's", quoted(name)),
                    quoted(right.unwrap_or(member.name)),
                );
            }
            let wire = member.also.filter(|(_, spelled)| *spelled == Spelled::Wire);
            if let Some((wire, _)) = wire
                && key_is(name, wire)
            {
                self.findings.add(
                    rules::TIMEOUT_NAME,
                    at,
                    format!(
                        "`{wire}` is the older name; the schema has `{}`",
                        member.name
                    ),
                    format!("`{}`", member.name),
                );
            }
        }
        if !matches!(value, Tree::Null) {
            self.value(member, value, at);
        }
    }

    fn value(&mut self, member: &'static Member, value: &Tree<'_>, at: &Place<'_>) {
        match (member.ty, value) {
            (Type::Text, Tree::Text(text)) => self.text(member, text, at),
            (
                Type::Id | Type::Stage | Type::Duration | Type::DateTime | Type::Enumeration(_),
                Tree::Text(text),
            ) => {
                if !self.is_sample(text, at) {
                    self.formed(member.ty, text, at);
                }
            }
            (Type::Content, Tree::Object(_)) => {}
            (Type::Texts, Tree::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    if item.text().is_none() {
                        self.expected("a string", item, &at.item(index));
                    }
                }
            }
            (Type::Content, Tree::Text(_))
            | (Type::Flag, Tree::Flag(_))
            | (Type::Number, Tree::Number(_))
            | (Type::Open, Tree::Object(_)) => {}
            (Type::Object(ty), Tree::Object(_)) => {
                types::same(self, value, at, ty);
                self.object(ty, value, at);
            }
            (Type::List(ty), Tree::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let at = at.item(index);
                    match item {
                        Tree::Object(_) => self.object(ty, item, &at),
                        _ => self.expected("an object", item, &at),
                    }
                }
            }
            // Told apart, and gone through, by who knows which type stands where.
            (Type::Union(_), Tree::Object(_)) if member.name == "data" => {}
            (Type::Union(candidates), Tree::Object(_)) => {
                self.one_of(candidates, rules::TYPE_UNKNOWN, value, at);
            }
            (Type::UnionList(candidates), Tree::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let at = at.item(index);
                    match item {
                        Tree::Object(_) => {
                            let is_approver = ApproverList::ALL
                                .iter()
                                .any(|list| list.as_str() == member.name);
                            let unknown = if is_approver {
                                rules::APPROVER_TYPE_UNKNOWN
                            } else {
                                rules::TYPE_UNKNOWN
                            };
                            self.one_of(candidates, unknown, item, &at);
                        }
                        _ => self.expected("an object", item, &at),
                    }
                }
            }
            (ty, _) => self.expected(wanted(ty), value, at),
        }
    }

    /// An object of one of several types, told apart by `@odata.type`.
    fn one_of(
        &mut self,
        candidates: &'static [&'static ObjectType],
        unknown: &'static Rule,
        tree: &Tree<'_>,
        at: &Place<'_>,
    ) {
        if let Some(ty) = types::judge(self, tree, at, candidates, unknown) {
            return self.object(ty, tree, at);
        }
        let mut seen = BTreeSet::new();
        for (name, _) in tree.members() {
            self.named(&mut seen, name, &at.member(name));
        }
    }

    fn text(&mut self, member: &Member, text: &str, at: &Place<'_>) {
        if self.manner == Manner::Received {
            return;
        }
        if !FREE.contains(&member.name) {
            self.is_sample(text, at);
        } else if is_doubtful(text) {
            self.findings.add(
                rules::SAMPLE_TEXT,
                at,
                format!("{} looks like an expression or a placeholder", quoted(text)),
                "the text that people shall read, if it is not this one",
            );
        }
    }

    /// Whether a text is a sample instead of a value; if so, it is told.
    pub(super) fn is_sample(&mut self, text: &str, at: &Place<'_>) -> bool {
        let Some(rule) = sample(text) else {
            return false;
        };
        let problem = format!(
            "{} is {}",
            quoted(text),
            match rule.code {
                "expression" => "a workflow expression, not its value",
                "internal-name" => "an internal type name of the service, not a value",
                _ => "a placeholder, not a value",
            }
        );
        self.findings.add(rule, at, problem, instead_of(rule));
        true
    }

    /// A text that has a form.
    fn formed(&mut self, ty: Type, text: &str, at: &Place<'_>) {
        let is_sent = self.manner == Manner::Sent;
        match ty {
            Type::Id if text.is_empty() && !is_sent => {}
            Type::Id if guid(text).is_none() => {
                let problem = match text {
                    "" => "the id is empty".into(),
                    _ => format!("{} is not a GUID", quoted(text)),
                };
                let instead = "a GUID, such as `c0de0001-0001-4008-a00e-cf616ba1441c`";
                self.findings.add(self.id, at, problem, instead);
            }
            Type::Stage => self.stage(text, at),
            Type::Duration if is_sent && duration(text).is_none() => {
                self.findings.add(
                    rules::DURATION_FORM,
                    at,
                    format!(
                        "{} is not a duration of days, hours, minutes and seconds",
                        quoted(text)
                    ),
                    "ISO 8601, such as `P2D` or `PT8H`",
                );
            }
            Type::Enumeration(names) if !names.contains(&text) => {
                self.enumerated(names, text, at);
            }
            _ => {}
        }
    }

    fn enumerated(&mut self, names: &[&'static str], text: &str, at: &Place<'_>) {
        let is_sent = self.manner == Manner::Sent;
        match names.iter().find(|name| key_is(text, name)) {
            Some(name) if is_sent => self.findings.add(
                rules::VALUE_CASE,
                at,
                format!("{} in another case than Graph's", quoted(text)),
                format!("`{name}`"),
            ),
            Some(_) => {}
            None if is_sent => self.findings.add(
                rules::VALUE_UNKNOWN,
                at,
                format!("{} is not a value of the enumeration", quoted(text)),
                format!("one of {}", listed(names.iter().copied())),
            ),
            None => self.findings.add(
                rules::VALUE_NEW,
                at,
                format!(
                    "{} is not a published value of the enumeration",
                    quoted(text)
                ),
                match nearest(text, names.iter().copied()) {
                    Some(near) => format!("perhaps `{near}` is meant; otherwise nothing"),
                    None => "nothing; it is kept as it is".into(),
                },
            ),
        }
    }

    /// The name of a stage.
    pub(super) fn stage(&mut self, text: &str, at: &Place<'_>) {
        let named = Stage::ALL.iter().find(|stage| key_is(text, stage.as_str()));
        let known = Stage::ALL.iter().filter(|stage| stage.can_be_answered());
        let names = || known.clone().map(|stage| stage.as_str());
        match (self.manner, named, Stage::from_name(text)) {
            (Manner::Sent, Some(stage), _) if stage.as_str() != text => self.findings.add(
                rules::STAGE_CASE,
                at,
                format!("{} in another case than Graph's", quoted(text)),
                format!("`{stage}`"),
            ),
            (_, Some(_), _) => {}
            (Manner::Received, None, Some(stage)) => self.findings.add(
                rules::STAGE_ALIAS,
                at,
                format!("{} is read as `{stage}`", quoted(text)),
                format!("`{stage}`, as Graph names it"),
            ),
            (Manner::Received, None, None) => self.findings.add(
                rules::VALUE_NEW,
                at,
                format!("{} is not a published stage", quoted(text)),
                format!(
                    "one of {}",
                    listed(Stage::ALL.iter().map(|stage| stage.as_str()))
                ),
            ),
            (Manner::Sent, None, alias) => self.findings.add(
                rules::STAGE_UNKNOWN,
                at,
                format!("{} is not a stage", quoted(text)),
                match alias.map(Stage::as_str).or_else(|| nearest(text, names())) {
                    Some(near) => format!("`{near}`, if that is meant"),
                    None => format!("one of {}", listed(names())),
                },
            ),
        }
    }

    /// A value of the wrong JSON type.
    pub(super) fn expected(&mut self, wanted: &str, found: &Tree<'_>, at: &Place<'_>) {
        let instead = match found {
            Tree::Text(text)
                if (wanted == "a number" && text.parse::<i64>().is_ok())
                    || (wanted == "a boolean" && matches!(text.as_ref(), "true" | "false")) =>
            {
                format!("{text} without quotes")
            }
            _ => wanted.into(),
        };
        let problem = format!("{} where {wanted} belongs", found.kind());
        self.findings
            .add(rules::WRONG_JSON_TYPE, at, problem, instead);
    }

    /// The members that must be there.
    fn required(&mut self, ty: &'static ObjectType, tree: &Tree<'_>, place: &Place<'_>) {
        let required = REQUIRED.iter().find(|(name, _)| *name == ty.name);
        for name in required.iter().flat_map(|(_, names)| names.iter()) {
            let Some((_, member)) = found(ty, name) else {
                continue;
            };
            let spellings = [Some(member.name), member.also.map(|(name, _)| name)];
            let spellings: Vec<_> = spellings.into_iter().flatten().collect();
            match tree.find(&spellings) {
                None => self.missing(member, place),
                Some((_, Tree::Text(text))) if *name == "source" && text.is_empty() => {
                    self.findings.add(
                        rules::SOURCE_EMPTY,
                        &place.member(name),
                        "`source` is empty: the audit log will not say who answered",
                        "the name of who answers, such as `Contoso.SodCheck`",
                    );
                }
                Some((found, Tree::Text(text)))
                    if text.is_empty() && matches!(member.ty, Type::Text) =>
                {
                    self.findings.add(
                        rules::MEMBER_EMPTY,
                        &place.member(found),
                        format!("`{name}` is empty"),
                        meaning(member),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn missing(&mut self, member: &Member, place: &Place<'_>) {
        self.findings.add(
            rules::MEMBER_MISSING,
            &place.member(member.name),
            format!("no `{}`", member.name),
            format!("add it: {}", meaning(member)),
        );
    }
}

/// The member of this name in either spelling, ignoring ASCII case, and its number.
pub(super) fn found(ty: &ObjectType, name: &str) -> Option<(usize, &'static Member)> {
    let is_it = |member: &Member| {
        key_is(name, member.name) || member.also.is_some_and(|(also, _)| key_is(name, also))
    };
    ty.members
        .iter()
        .enumerate()
        .find(|(_, member)| is_it(member))
}

/// What a member is, in the first sentence of its documentation.
fn meaning(member: &Member) -> String {
    let docs = member.docs.trim();
    let sentence = docs.split(['.', ';', '\n']).next().unwrap_or(docs);
    let mut text = sentence.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// The JSON type of a member, for people.
const fn wanted(ty: Type) -> &'static str {
    match ty {
        Type::Flag => "a boolean",
        Type::Number => "a number",
        Type::Content => "a string or localized content",
        Type::Texts => "an array of strings",
        Type::Open | Type::Object(_) | Type::Union(_) => "an object",
        Type::List(_) | Type::UnionList(_) => "an array of objects",
        Type::Text
        | Type::Id
        | Type::DateTime
        | Type::Duration
        | Type::Enumeration(_)
        | Type::Stage => "a string",
    }
}

//! From a callout to a request of Cedar.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    str::FromStr as _,
};

use admit_policy::{Callout, Settings};
use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};
use serde_json::Value;

/// Who a request is made by, for Cedar.
#[derive(Clone, Copy)]
pub(crate) enum Principal {
    Requestor,
    Target,
}

/// A fact that is looked up for every callout.
pub(crate) struct Fact {
    /// What it is called in `context.facts`.
    name: String,
    collection: String,
    /// Where its key stands in the callout.
    key: String,
}

/// Reads the facts of the settings.
pub(crate) fn facts(settings: &Settings) -> Result<Vec<Fact>, String> {
    let mut facts: Vec<Fact> = Vec::new();
    for item in settings.items("/facts") {
        let (Some(collection), Some(key)) = (item.text("/collection"), item.text("/key")) else {
            return Err(item.error("", "needs `collection` and `key`"));
        };
        if !key.starts_with('/') {
            let problem = "not a JSON pointer, such as /assignment/target/objectId";
            return Err(item.error("/key", problem));
        }
        let name = item.text("/name").unwrap_or_else(|| collection.clone());
        if facts.iter().any(|fact| fact.name == name) {
            let problem = format!("there are two facts `{name}`; give one of them a `name`");
            return Err(item.error("", &problem));
        }
        facts.push(Fact {
            name,
            collection,
            key,
        });
    }
    Ok(facts)
}

/// What Cedar is asked.
pub(crate) struct Asked {
    pub(crate) request: Request,
    pub(crate) entities: Entities,
}

impl Asked {
    pub(crate) fn of(
        callout: &Callout,
        principal: Principal,
        facts: &[Fact],
    ) -> Result<Self, String> {
        let document = json(&callout.document())?;
        let mut found = Vec::new();
        for fact in facts {
            let key = match document.pointer(&fact.key) {
                None | Some(Value::Null) => continue,
                Some(Value::String(key)) => key,
                Some(other) => {
                    return Err(format!(
                        "the fact `{}`: at `{}` stands {other}, which is no text and no key",
                        fact.name, fact.key
                    ));
                }
            };
            if let Some(value) = callout.fact(&fact.collection, key).lookup() {
                found.extend(expression(&json(&value)?).map(|value| (fact.name.clone(), value)));
            }
        }
        Self::new(
            &document,
            principal,
            found,
            &callout.now_text(),
            callout.now(),
        )
    }

    /// A request with what most callouts have.
    pub(crate) fn made_up(principal: Principal) -> Result<Self, String> {
        let subject = serde_json::json!({
            "id": "00000000-0000-0000-0000-000000000001",
            "objectId": "00000000-0000-0000-0000-000000000002",
            "displayName": "Person", "email": "person@example.com",
        });
        let document = serde_json::json!({
            "stage": "assignmentRequestCreated", "requestType": "userAdd", "state": "submitted",
            "accessPackage": {"id": "00000000-0000-0000-0000-000000000003", "displayName": "Package"},
            "accessPackageCatalog": {"id": "00000000-0000-0000-0000-000000000004"},
            "assignment": {"target": subject}, "requestor": subject,
            "answers": [{"value": "Answer", "answeredQuestion": {"text": "Question"}}],
        });
        Self::new(&document, principal, Vec::new(), "1970-01-01T00:00:00Z", 0)
    }

    fn new(
        document: &Value,
        principal: Principal,
        facts: Vec<(String, RestrictedExpression)>,
        now: &str,
        seconds: i64,
    ) -> Result<Self, String> {
        let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
        let subject = match principal {
            Principal::Requestor => "/requestor",
            Principal::Target => "/assignment/target",
        };
        let user = uid(
            "User",
            text(&format!("{subject}/objectId")).unwrap_or_default(),
        )?;
        let stage = uid("Action", text("/stage").unwrap_or_default())?;
        let kind = text("/requestType")
            .map(|kind| uid("Action", kind))
            .transpose()?;
        let catalog = text("/accessPackageCatalog/id")
            .map(|id| uid("Catalog", id))
            .transpose()?;
        let package = uid(
            "AccessPackage",
            text("/accessPackage/id").unwrap_or_default(),
        )?;

        let mut context: BTreeMap<_, _> = members(document).into_iter().collect();
        context.insert("answers".into(), record(answers(document))?);
        // Above members of the callout that have the same name.
        context.insert("facts".into(), record(facts)?);
        // Cedar has milliseconds at most, and only as three digits.
        let whole = format!("{}Z", now.get(..19).unwrap_or(now));
        context.insert("now".into(), RestrictedExpression::new_datetime(whole));
        context.insert("nowSeconds".into(), RestrictedExpression::new_long(seconds));
        let context = Context::from_pairs(context).map_err(|error| error.to_string())?;

        let mut entities = vec![
            entity(&user, document.pointer(subject), None)?,
            entity(&stage, None, kind.as_ref())?,
            entity(
                &package,
                document.pointer("/accessPackage"),
                catalog.as_ref(),
            )?,
        ];
        if let Some(kind) = &kind {
            entities.push(entity(kind, None, None)?);
        }
        if let Some(catalog) = &catalog {
            entities.push(entity(
                catalog,
                document.pointer("/accessPackageCatalog"),
                None,
            )?);
        }
        Ok(Self {
            request: Request::new(user, stage, package, context, None)
                .map_err(|error| error.to_string())?,
            entities: Entities::from_entities(entities, None).map_err(|error| error.to_string())?,
        })
    }
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("JSON that cannot be read: {error}"))
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind = EntityTypeName::from_str(kind).map_err(|error| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn entity(
    uid: &EntityUid,
    attributes: Option<&Value>,
    parent: Option<&EntityUid>,
) -> Result<Entity, String> {
    let attributes: HashMap<_, _> = attributes.map(members).into_iter().flatten().collect();
    let parents: HashSet<_> = parent.cloned().into_iter().collect();
    Entity::new(uid.clone(), attributes, parents).map_err(|error| error.to_string())
}

/// The answers by the ids and by the texts of their questions, since Cedar does not look into lists.
/// What two answers have is left out: neither is the answer.
fn answers(document: &Value) -> Vec<(String, RestrictedExpression)> {
    let mut answers: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let list = document.get("answers").and_then(Value::as_array);
    for answer in list.into_iter().flatten() {
        let text = |pointer| answer.pointer(pointer).and_then(Value::as_str);
        let keys = [text("/answeredQuestion/id"), text("/answeredQuestion/text")];
        for key in keys.into_iter().flatten() {
            let value = text("/value");
            answers
                .entry(key)
                .and_modify(|value| *value = None)
                .or_insert(value);
        }
    }
    answers
        .into_iter()
        .filter_map(|(key, value)| {
            Some((key.into(), RestrictedExpression::new_string(value?.into())))
        })
        .collect()
}

fn record(
    members: impl IntoIterator<Item = (String, RestrictedExpression)>,
) -> Result<RestrictedExpression, String> {
    RestrictedExpression::new_record(members).map_err(|error| error.to_string())
}

/// The members of an object.
fn members(value: &Value) -> Vec<(String, RestrictedExpression)> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter_map(|(name, value)| Some((name.clone(), expression(value)?)))
        .collect()
}

/// A value of JSON for Cedar: made by its kind, and not as Cedar's own JSON, in which members such as
/// `__entity` have a meaning. None for null. Cedar has whole numbers only; others are their text.
fn expression(value: &Value) -> Option<RestrictedExpression> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => RestrictedExpression::new_bool(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(number) => RestrictedExpression::new_long(number),
            None => RestrictedExpression::new_string(number.to_string()),
        },
        Value::String(text) => RestrictedExpression::new_string(text.clone()),
        Value::Array(items) => RestrictedExpression::new_set(items.iter().filter_map(expression)),
        // Names of members are different, which is all that can be wrong.
        Value::Object(_) => RestrictedExpression::new_record(members(value)).ok()?,
    })
}

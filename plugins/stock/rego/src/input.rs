//! What the rules see as `input`.

use admit_policy::{Callout, Settings};
use regorus::Value;

/// A fact that is looked up for every callout.
pub(crate) struct Fact {
    /// What it is called in `input.facts`.
    name: String,
    collection: String,
    /// Where its key stands in the callout.
    key: String,
}

/// Reads the facts of the settings.
pub(crate) fn facts(settings: &Settings, list: &Value) -> Result<Vec<Fact>, String> {
    let mut facts: Vec<Fact> = Vec::new();
    let Ok(list) = list.as_array() else {
        return Ok(facts);
    };
    for (index, item) in list.iter().enumerate() {
        let place = format!("/facts/{index}");
        let text = |member: &str| item[member].as_string().map(|text| text.to_string());
        let (Ok(collection), Ok(key)) = (text("collection"), text("key")) else {
            return Err(settings.error(&place, "needs `collection` and `key`"));
        };
        if !key.starts_with('/') {
            let problem = "not a JSON pointer, such as /assignment/target/objectId";
            return Err(settings.error(&format!("{place}/key"), problem));
        }
        let name = text("name").unwrap_or_else(|_| collection.clone());
        if facts.iter().any(|fact| fact.name == name) {
            let problem = format!("there are two facts `{name}`; give one of them a `name`");
            return Err(settings.error(&place, &problem));
        }
        facts.push(Fact {
            name,
            collection,
            key,
        });
    }
    Ok(facts)
}

/// The canonical document of the callout with the instant and the facts. What is put there stands
/// above members of the callout that have the same name.
pub(crate) fn of(callout: &Callout, facts: &[Fact]) -> Result<Value, String> {
    let mut input = json(&callout.document())?;
    let mut found = Value::new_object();
    for fact in facts {
        let key = match at(&input, &fact.key) {
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
            insert(&mut found, &fact.name, json(&value)?)?;
        }
    }
    insert(&mut input, "facts", found)?;
    insert(&mut input, "now", callout.now_text().into())?;
    insert(&mut input, "nowSeconds", callout.now().into())?;
    Ok(input)
}

/// Input with what most callouts have.
pub(crate) fn made_up() -> Result<Value, String> {
    json(
        r#"{
            "stage": "assignmentRequestCreated",
            "accessPackageAssignmentRequestId": "00000000-0000-0000-0000-000000000001",
            "customExtensionStageInstanceId": "00000000-0000-0000-0000-000000000002",
            "requestType": "userAdd", "state": "submitted", "status": "Accepted",
            "callbackConfiguration": {"timeoutDuration": "PT1H"},
            "accessPackage": {"id": "00000000-0000-0000-0000-000000000003", "displayName": "Package"},
            "accessPackageCatalog": {"id": "00000000-0000-0000-0000-000000000004", "displayName": "Catalog"},
            "assignment": {
                "id": "00000000-0000-0000-0000-000000000005", "state": "delivering",
                "target": {
                    "id": "00000000-0000-0000-0000-000000000006",
                    "objectId": "00000000-0000-0000-0000-000000000007",
                    "displayName": "Person", "principalName": "person@example.com", "email": "person@example.com"
                },
                "assignmentPolicy": {"id": "00000000-0000-0000-0000-000000000008", "displayName": "Policy"}
            },
            "requestor": {
                "id": "00000000-0000-0000-0000-000000000006",
                "objectId": "00000000-0000-0000-0000-000000000007",
                "displayName": "Person", "principalName": "person@example.com", "email": "person@example.com"
            },
            "answers": [{
                "value": "Answer", "displayValue": "Answer",
                "answeredQuestion": {"id": "00000000-0000-0000-0000-000000000009", "text": "Question"}
            }],
            "facts": {}, "now": "1970-01-01T00:00:00Z", "nowSeconds": 0
        }"#,
    )
}

/// A value of JSON text.
pub(crate) fn json(text: &str) -> Result<Value, String> {
    Value::from_json_str(text).map_err(|error| format!("JSON that cannot be read: {error}"))
}

fn insert(object: &mut Value, name: &str, value: Value) -> Result<(), String> {
    object
        .as_object_mut()
        .map_err(|_| "the callout is no object".to_owned())?
        .insert(name.into(), value);
    Ok(())
}

/// What stands at a JSON pointer.
fn at<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer.split('/').skip(1).try_fold(value, |value, token| {
        let token = token.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Object(members) => members.get(&token.as_str().into()),
            Value::Array(items) => items.get(token.parse().ok()?),
            _ => None,
        }
    })
}

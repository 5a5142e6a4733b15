//! No rule is there for decoration: each refuses something.

use std::collections::BTreeSet;

use admit::Schema;
use jsonschema::draft202012;
use serde_json::{Map, Value, json};

use crate::{
    parsed,
    problems::broken,
    refused::{base, refusals},
};

/// Documents are damaged in every place: those of the corpus, and one for each definition that has
/// every member.
#[test]
fn every_rule_refuses_something() {
    let refusals = refusals();
    for schema in Schema::ALL {
        let root = parsed(schema);
        let mut unbroken = BTreeSet::new();
        rules(&root, "", &mut unbroken);
        if schema == Schema::Report {
            // What it has of the answer is looked at there.
            for (name, definition) in parsed(Schema::Resume)["$defs"].as_object().unwrap() {
                assert_eq!(root["$defs"][name], *definition, "{name}");
                unbroken.retain(|rule| !rule.starts_with(&format!("/$defs/{name}/")));
            }
        }
        assert!(unbroken.len() > 20, "{schema}: {unbroken:?}");

        let validator = draft202012::new(&root).unwrap();
        let of_schema = refusals
            .refused
            .iter()
            .filter(|refused| refused.schema == schema.name());
        for refused in of_schema {
            let document = base(&refusals.documents[&refused.document]);
            let refused = refused.edited(document.clone());
            for document in damaged(&document).iter().chain([&refused]) {
                for rule in broken(&validator, document) {
                    unbroken.remove(&rule);
                }
            }
        }
        for (name, definition) in root["$defs"].as_object().unwrap() {
            let alone = json!({ "$ref": format!("#/$defs/{name}"), "$defs": root["$defs"] });
            let validator = draft202012::new(&alone).unwrap();
            for document in damaged(&sample(&root, definition)) {
                for rule in broken(&validator, &document) {
                    unbroken.remove(&rule);
                }
            }
        }
        assert_eq!(unbroken, BTreeSet::new(), "{schema}");
    }
}

/// The places of the rules in a schema. Conditions are not rules.
fn rules(schema: &Value, at: &str, into: &mut BTreeSet<String>) {
    let Some(members) = schema.as_object() else {
        if schema == false {
            into.insert(at.into());
        }
        return;
    };
    for (keyword, value) in members {
        let at = format!("{at}/{keyword}");
        match keyword.as_str() {
            "properties" | "patternProperties" | "$defs" => {
                for (name, schema) in value.as_object().unwrap() {
                    rules(schema, &format!("{at}/{}", name.replace('~', "~0")), into);
                }
            }
            "anyOf" | "oneOf" | "allOf" => {
                for (index, schema) in value.as_array().unwrap().iter().enumerate() {
                    rules(schema, &format!("{at}/{index}"), into);
                }
            }
            "items" | "then" | "else" | "additionalProperties" => rules(value, &at, into),
            "if" | "$schema" | "$id" | "$ref" | "title" | "description" | "default"
            | "examples" | "format" | "readOnly" => {}
            _ => {
                into.insert(at);
            }
        }
    }
}

/// A document with everything that a schema names.
fn sample(root: &Value, schema: &Value) -> Value {
    if let Some(to) = schema["$ref"].as_str() {
        return sample(root, root.pointer(to.trim_start_matches('#')).unwrap());
    }
    if let Some(value) = schema.get("const").or(schema.pointer("/enum/0")) {
        return value.clone();
    }
    for list in ["anyOf", "oneOf"] {
        if let Some(first) = schema[list].get(0)
            && !schema["properties"].is_object()
        {
            return sample(root, first);
        }
    }
    let ty = schema["type"].get(0).unwrap_or(&schema["type"]);
    match ty.as_str() {
        Some("object") => {
            let members = schema["properties"].as_object().into_iter().flatten();
            let members = members
                .filter(|(_, member)| member.is_object())
                .map(|(name, member)| (name.clone(), sample(root, member)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Some("array") => json!([sample(root, &schema["items"])]),
        Some("string") => json!("x"),
        Some("boolean") => json!(true),
        Some("integer" | "number") => json!(1),
        _ => Value::Null,
    }
}

/// The document, damaged in one place each time.
fn damaged(document: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let mut places = Vec::new();
    places_of(document, String::new(), &mut places);
    for place in places {
        let found = document.pointer(&place).unwrap();
        let mut instead = vec![
            json!(null),
            json!(true),
            json!(-1),
            json!(0.5),
            json!(1e9),
            json!(""),
            json!("x"),
            json!("\n"),
            json!("x".repeat(1001)),
            json!([]),
            json!({}),
            json!([null]),
        ];
        match found {
            Value::Object(members) => {
                let mut more = members.clone();
                more.insert("unknown".into(), json!(1));
                instead.push(Value::Object(more));
                for name in members.keys() {
                    let mut fewer = members.clone();
                    fewer.remove(name);
                    instead.push(Value::Object(fewer));
                }
            }
            Value::Array(items) if !items.is_empty() => {
                instead.push(Value::Array(vec![items[0].clone(); 101]));
            }
            _ => {}
        }
        for value in instead {
            let mut damaged = document.clone();
            *damaged.pointer_mut(&place).unwrap() = value;
            all.push(damaged);
        }
    }
    all
}

fn places_of(document: &Value, at: String, into: &mut Vec<String>) {
    match document {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places_of(value, format!("{at}/{name}"), into);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places_of(value, format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
    into.push(at);
}

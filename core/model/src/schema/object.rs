//! From the tables of the declared types to schemas: one function for all of them.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::{
    graph::{AccessPackageLocalizedContent, Member, Object as _, ObjectType, Type, Types},
    stage::Stage,
};

/// What is read tolerantly is written strictly: how the same types become different schemas.
pub(super) trait Style {
    /// What stands before the names of definitions.
    fn prefix(&self) -> &'static str {
        ""
    }

    /// Names under which a member may stand, the first one being the member's own.
    fn names(&self, member: &Member) -> Vec<String>;

    /// What is also asked of a member; none where it may not be there.
    fn rule(&self, _ty: &ObjectType, _member: &Member) -> Option<Rule> {
        Some(Rule::may())
    }

    /// What is also asked of an object.
    fn rules(&self, _ty: &ObjectType) -> Value {
        json!({})
    }

    /// What `@odata.type` of a type may be where it tells types apart.
    fn type_names(&self, ty: &ObjectType) -> Vec<String> {
        vec![format!("#microsoft.graph.{}", ty.name)]
    }

    /// Whether a union has this type.
    fn has(&self, _ty: &ObjectType) -> bool {
        true
    }

    /// What members may be there that the type does not have.
    fn unknown(&self) -> Unknown;
}

/// What members may be there that a type does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Any; null stands for an absent member, and enumerations are open.
    Any,
    /// OData's annotations; the rest is as for any.
    Annotations,
    /// None; nothing is null, and enumerations are closed.
    None,
}

/// What is asked of a member beside its type.
pub(super) struct Rule {
    is_required: bool,
    /// Whether the keywords are all that is asked, in place of the type.
    is_whole: bool,
    keywords: Value,
}

impl Rule {
    /// It may be there.
    pub(super) fn may() -> Self {
        Self::may_be(json!({}))
    }

    /// It may be there, and then these keywords hold, too; they replace those of the type.
    pub(super) fn may_be(keywords: Value) -> Self {
        Self {
            is_required: false,
            is_whole: false,
            keywords,
        }
    }

    /// It must be there.
    pub(super) fn must() -> Self {
        Self::must_be(json!({}))
    }

    /// It must be there, and these keywords hold, too.
    pub(super) fn must_be(keywords: Value) -> Self {
        Self {
            is_required: true,
            is_whole: false,
            keywords,
        }
    }

    /// It must be there, and be this in place of its type.
    pub(super) fn must_be_this(schema: Value) -> Self {
        Self {
            is_required: true,
            ..Self::may_be_this(schema)
        }
    }

    /// It may be there, and then it is this in place of its type.
    pub(super) fn may_be_this(schema: Value) -> Self {
        Self {
            is_required: false,
            is_whole: true,
            keywords: schema,
        }
    }
}

/// Makes schemas of types in one style, with definitions for what they refer to.
pub(super) struct Maker<'m> {
    pub(super) generator: &'m mut SchemaGenerator,
    pub(super) style: &'m dyn Style,
}

impl Maker<'_> {
    /// A reference to an object type's definition.
    pub(super) fn refer(&mut self, ty: &ObjectType, is_told_apart: bool) -> Value {
        let name = format!("{}{}", self.style.prefix(), ty.name);
        if !self.generator.definitions().contains_key(&name) {
            let definition = self.object(ty, is_told_apart);
            self.generator
                .definitions_mut()
                .insert(name.clone(), definition);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// An object type.
    pub(super) fn object(&mut self, ty: &ObjectType, is_told_apart: bool) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        if is_told_apart {
            let names = self.style.type_names(ty);
            properties.insert("@odata.type".into(), one_of_texts(&names));
            required.push("@odata.type".to_owned());
        }
        for member in ty.members {
            let Some(rule) = self.style.rule(ty, member) else {
                continue;
            };
            let mut value = if rule.is_whole {
                json!({})
            } else {
                self.value(&member.ty)
            };
            if self.style.unknown() != Unknown::None && !rule.is_required && !rule.is_whole {
                value = nullable(value);
            }
            merge(&mut value, rule.keywords);
            for (index, name) in self.style.names(member).into_iter().enumerate() {
                let mut value = value.clone();
                let docs = match index {
                    0 => one_line(member.docs),
                    _ => format!("Another spelling of `{}`.", member.name),
                };
                merge(&mut value, json!({ "description": docs }));
                if index == 0 && rule.is_required {
                    required.push(name.clone());
                }
                properties.insert(name, value);
            }
        }
        let mut object = json!({
            "type": "object",
            "description": one_line(ty.docs),
            "properties": properties,
        });
        if !required.is_empty() {
            merge(&mut object, json!({ "required": required }));
        }
        match self.style.unknown() {
            Unknown::Any => {}
            Unknown::Annotations => merge(
                &mut object,
                json!({ "patternProperties": { "@": true }, "additionalProperties": false }),
            ),
            Unknown::None => merge(&mut object, json!({ "additionalProperties": false })),
        }
        merge(&mut object, self.style.rules(ty));
        object
    }

    /// An object of one of several types.
    pub(super) fn union(&mut self, types: Types) -> Value {
        let style = self.style;
        let types: Vec<_> = types
            .iter()
            .filter(|ty| style.has(ty))
            .map(|ty| self.refer(ty, true))
            .collect();
        json!({ "oneOf": types })
    }

    fn value(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Text | Type::Id => json!({ "type": "string" }),
            Type::DateTime => json!({ "type": "string", "format": "date-time" }),
            Type::Duration => json!({ "type": "string", "format": "duration" }),
            Type::Enumeration(names) if self.style.unknown() == Unknown::None => {
                json!({ "enum": names })
            }
            Type::Enumeration(names) => {
                json!({ "anyOf": [{ "enum": names }, { "type": "string" }] })
            }
            Type::Stage => json!({ "enum": spelled_stages(|_| true) }),
            Type::Flag => json!({ "type": "boolean" }),
            Type::Number => json!({ "type": "number" }),
            Type::Content => {
                let content = self.refer(&AccessPackageLocalizedContent::TYPE, false);
                json!({ "anyOf": [{ "type": "string" }, content] })
            }
            Type::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Type::Open => json!({ "type": "object" }),
            Type::Object(ty) => self.refer(ty, false),
            Type::List(ty) => json!({ "type": "array", "items": self.refer(ty, false) }),
            Type::Union(types) => self.union(types),
            Type::UnionList(types) => json!({ "type": "array", "items": self.union(types) }),
        }
    }
}

/// The names of stages as they are met: first letter in either case, and the alias that some
/// workflows expect.
pub(super) fn spelled_stages(which: impl Fn(Stage) -> bool) -> Vec<String> {
    let stages = Stage::ALL.iter().copied().filter(|stage| which(*stage));
    stages
        .flat_map(|stage| {
            let alias = (stage == Stage::AssignmentRequestRemoved).then_some("assignmentRemoved");
            [stage.as_str()].into_iter().chain(alias)
        })
        .flat_map(|name| [name.to_owned(), pascal(name)])
        .collect()
}

/// The name as the flat payload has it.
pub(super) fn pascal(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// Adds keywords to a schema, in place of those of the same name.
pub(super) fn merge(schema: &mut Value, keywords: Value) {
    if let (Some(schema), Value::Object(keywords)) = (schema.as_object_mut(), keywords) {
        schema.extend(keywords);
    }
}

fn one_of_texts(texts: &[String]) -> Value {
    match texts {
        [one] => json!({ "const": one }),
        several => json!({ "enum": several }),
    }
}

/// The schema that also takes null.
fn nullable(mut schema: Value) -> Value {
    if let Some(ty) = schema.get_mut("type")
        && ty.is_string()
    {
        *ty = json!([ty.take(), "null"]);
        return schema;
    }
    for list in ["anyOf", "enum"] {
        if let Some(Value::Array(items)) = schema.get_mut(list) {
            items.push(match list {
                "enum" => Value::Null,
                _ => json!({ "type": "null" }),
            });
            return schema;
        }
    }
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// A doc comment as one line.
fn one_line(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! The callout's data bound to places: which values the reader keeps, and where.
//!
//! Made once from the declared types of [`crate::graph`].

use std::{collections::HashMap, sync::LazyLock};

use super::Callout;
use crate::{
    graph::{
        AccessPackageAssignmentRequestCalloutData, AccessPackageLocalizedContent, Object as _,
        ObjectType, Type,
    },
    json::Names,
};

/// A member, bound to its place in the document.
pub(super) struct Bound {
    pub(super) name: &'static str,
    #[cfg(test)]
    pub(super) has_alias: bool,
    pub(super) kind: Kind,
    /// Where its value is kept, for scalars and objects outside lists and inside rows.
    pub(super) slot: Option<usize>,
}

pub(super) enum Kind {
    Scalar(Type),
    /// The text of localized content, where there is no plain one.
    DefaultText,
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
    pub(super) callback_configuration: usize,
    pub(super) timeout: usize,
    pub(super) catalog_id: usize,
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
    let data = &AccessPackageAssignmentRequestCalloutData::TYPE;
    schema.data = schema.bind(data, "", &In::Callout);
    let slot = |pointer| schema.slot(pointer).unwrap_or(usize::MAX);
    schema.at = At {
        request_id: slot("/accessPackageAssignmentRequestId"),
        instance_id: slot("/customExtensionStageInstanceId"),
        stage: slot("/stage"),
        callback_path: slot("/callbackUriPath"),
        callback_configuration: slot("/callbackConfiguration"),
        timeout: slot("/callbackConfiguration/timeoutDuration"),
        catalog_id: slot("/accessPackageCatalog/id"),
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
    fn bind(&mut self, ty: &ObjectType, at: &str, place: &In) -> Node {
        let mut node = Node {
            names: crate::graph::names(ty),
            members: Vec::with_capacity(ty.members.len()),
        };
        for member in ty.members {
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
                    let content = &AccessPackageLocalizedContent::TYPE;
                    let mut content = self.bind(content, &pointer, &In::Unkept);
                    if let Some(text) = content.members.first_mut() {
                        text.kind = Kind::DefaultText;
                        text.slot = slot;
                    }
                    (Kind::Content(content), slot)
                }
                scalar => (Kind::Scalar(scalar), self.keep(&pointer, place, true)),
            };
            node.members.push(Bound {
                name: member.name,
                #[cfg(test)]
                has_alias: member.also.is_some(),
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

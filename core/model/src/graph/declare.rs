//! How Graph's types are declared: one declaration gives the Rust type, its reading and writing,
//! and the table that the callout reader, the checks and the schemas are made from.

/// Declares a type of Graph's.
///
/// `field: Type as Codec = "name"`, and where there is another spelling `| "spelling" Where`.
macro_rules! graph_object {
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident = $graph:literal $($localized:ident)? {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident: $ty:ty as $codec:ident = $member:literal
                    $(| $also:literal $spelled:ident)?,
            )*
        }
    )*) => { $(
        $(#[doc = $doc])*
        ///
        /// Members that are absent or null are `None`.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $(
                $(#[doc = $field_doc])*
                pub $field: Option<$ty>,
            )*
            /// Members that Graph's published type does not have, in the order in which they came.
            pub other: Vec<(String, $crate::graph::Json)>,
        }

        impl $crate::graph::object::Object for $name {
            const TYPE: $crate::graph::object::ObjectType = $crate::graph::object::ObjectType {
                name: $graph,
                #[cfg(feature = "schema")]
                docs: concat!($($doc, "\n"),*),
                members: &[$($crate::graph::object::Member {
                    name: $member,
                    also: $crate::graph::declare::graph_object!(@also $($also $spelled)?),
                    ty: <$crate::graph::codec::$codec as $crate::graph::codec::Codec<$ty>>::TYPE,
                    docs: concat!($($field_doc, "\n"),*),
                }),*],
            };

            fn names() -> &'static $crate::json::Names {
                static NAMES: std::sync::LazyLock<$crate::json::Names> =
                    std::sync::LazyLock::new(|| {
                        $crate::graph::object::names(
                            &<$name as $crate::graph::object::Object>::TYPE,
                        )
                    });
                &NAMES
            }

            fn read_member(
                &mut self,
                member: u8,
                is_alias: bool,
                reader: &mut $crate::json::Reader<'_>,
                aside: &mut $crate::graph::codec::Aside,
            ) -> $crate::json::Result<()> {
                let mut number = 0;
                $(
                    if member == number {
                        return $crate::graph::object::member::<$crate::graph::codec::$codec, $ty>(
                            &mut self.$field,
                            $member,
                            is_alias,
                            reader,
                            aside,
                        );
                    }
                    number += 1;
                )*
                let _ = (member, &mut number, is_alias, aside);
                reader.check(true)
            }

            $($crate::graph::declare::graph_object!(@$localized);)?

            fn write_members(&self, out: &mut $crate::graph::json::Writer) {
                $($crate::graph::declare::graph_object!(@write $localized self out);)?
                let mut members = Self::TYPE.members.iter();
                $(
                    if let (Some(member), Some(value)) = (members.next(), &self.$field) {
                        out.member(member);
                        <$crate::graph::codec::$codec as $crate::graph::codec::Codec<$ty>>::write(
                            value, out,
                        );
                    }
                )*
                let _ = &mut members;
                for (name, value) in &self.other {
                    out.other(name, value);
                }
            }

            fn other(&mut self) -> &mut Vec<(String, $crate::graph::Json)> {
                &mut self.other
            }
        }

        impl $crate::graph::object::Node for $name {
            const ONE: $crate::graph::object::Type = $crate::graph::object::Type::Object(
                &<$name as $crate::graph::object::Object>::TYPE,
            );
            const MANY: $crate::graph::object::Type = $crate::graph::object::Type::List(
                &<$name as $crate::graph::object::Object>::TYPE,
            );

            fn read(
                reader: &mut $crate::json::Reader<'_>,
            ) -> $crate::json::Result<Option<Self>> {
                $crate::graph::object::read(reader)
            }

            fn write(&self, out: &mut $crate::graph::json::Writer) {
                out.object(None, |out| {
                    $crate::graph::object::Object::write_members(self, out);
                });
            }
        }

        impl $name {
            /// The type's name in Graph, without `microsoft.graph.`.
            pub const TYPE_NAME: &'static str =
                <Self as $crate::graph::object::Object>::TYPE.name;
        }

        $crate::graph::declare::graph_json!($name);
    )* };
    // Of a type with a text that beta keeps together with its localizations.
    (@localized) => {
        fn localizations(&mut self) -> Option<&mut $crate::graph::codec::Localizations> {
            Some(&mut self.localizations)
        }
    };
    (@write localized $self:ident $out:ident) => {
        if $out.form() == $crate::graph::Form::Beta
            && $self.text.is_some()
            && $self.localizations.is_some()
        {
            let mut object = $self.clone();
            $out.localizations = object.localizations.take();
            return $crate::graph::object::Object::write_members(&object, $out);
        }
    };
    (@also) => { None };
    (@also $also:literal $spelled:ident) => {
        Some(($also, $crate::graph::object::Spelled::$spelled))
    };
}

/// Declares a type that is one of several, told apart by `@odata.type`.
macro_rules! graph_union {
    ($(
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $($(#[doc = $variant_doc:literal])* $variant:ident),* $(,)? }
    )*) => { $(
        $(#[doc = $doc])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $(
                $(#[doc = $variant_doc])*
                $variant(Box<$variant>),
            )*
            /// Any other type, or none.
            Other($crate::graph::OtherObject),
        }

        $(
            impl From<$variant> for $name {
                fn from(object: $variant) -> Self {
                    Self::$variant(Box::new(object))
                }
            }
        )*

        impl $name {
            pub(crate) const TYPES: $crate::graph::object::Types =
                &[$(&<$variant as $crate::graph::object::Object>::TYPE),*];

            /// The type's name in Graph, without `microsoft.graph.`; none where it is not given.
            pub fn type_name(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(_) => Some($variant::TYPE_NAME),)*
                    Self::Other(other) => other.type_name.as_deref(),
                }
            }
        }

        impl $crate::graph::object::Node for $name {
            const ONE: $crate::graph::object::Type =
                $crate::graph::object::Type::Union(Self::TYPES);
            const MANY: $crate::graph::object::Type =
                $crate::graph::object::Type::UnionList(Self::TYPES);

            fn read(
                reader: &mut $crate::json::Reader<'_>,
            ) -> $crate::json::Result<Option<Self>> {
                let named = $crate::graph::object::type_name(reader)?;
                $(
                    if named.as_deref().is_some_and(|named| {
                        $crate::json::key_is(named, $variant::TYPE_NAME)
                    }) {
                        let object = $crate::graph::object::read::<$variant>(reader)?;
                        return Ok(object.map(Self::from));
                    }
                )*
                let other = $crate::graph::OtherObject::read(named, reader)?;
                Ok(other.map(Self::Other))
            }

            fn write(&self, out: &mut $crate::graph::json::Writer) {
                match self {
                    $(Self::$variant(object) => out.object(Some($variant::TYPE_NAME), |out| {
                        $crate::graph::object::Object::write_members(&**object, out);
                    }),)*
                    Self::Other(other) => other.write(out),
                }
            }
        }

        $crate::graph::declare::graph_json!($name);
    )* };
}

/// Reading and writing of whole documents.
macro_rules! graph_json {
    ($name:ident) => {
        impl $name {
            /// Reads it from JSON text, in any form: names in any case, either spelling.
            ///
            /// # Errors
            ///
            /// [`GraphObject`](crate::ErrorKind::GraphObject): not JSON, a value of the wrong
            /// type, a member that stands twice, or more than is read, with the place.
            pub fn from_json(json: &str) -> std::result::Result<Self, $crate::Error> {
                $crate::graph::object::object(json)
            }

            /// It as JSON text without spaces: members in declared order, those that are absent
            /// left out.
            pub fn to_json(&self, form: $crate::graph::Form) -> String {
                let mut out = $crate::graph::json::Writer::new(form);
                $crate::graph::object::Node::write(self, &mut out);
                out.finish()
            }
        }
    };
}

/// Declares an evolvable enumeration.
macro_rules! graph_enum {
    ($(
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $($(#[doc = $member_doc:literal])* $variant:ident = $text:literal),* $(,)? }
    )*) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $(#[doc = $member_doc])*
                $variant,
            )*
            /// A member that Graph added since, in camelCase.
            Other(String),
        }

        impl $name {
            /// Graph's name, in camelCase.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(other) => other,
                }
            }
        }

        impl From<&str> for $name {
            /// The member of this name, ignoring ASCII case.
            fn from(text: &str) -> Self {
                $(
                    if $crate::json::key_is(text, $text) {
                        return Self::$variant;
                    }
                )*
                Self::Other($crate::json::camel(text).into_owned())
            }
        }

        impl $crate::graph::codec::Evolvable for $name {
            const NAMES: &'static [&'static str] = &[$($text),*];

            fn named(text: &str) -> Self {
                text.into()
            }

            fn name(&self) -> &str {
                self.as_str()
            }
        }
    )* };
}

pub(super) use {graph_enum, graph_json, graph_object, graph_union};

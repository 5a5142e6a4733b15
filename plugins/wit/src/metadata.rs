//! What a policy says about itself.

use std::fmt;

use serde::{Deserialize, Serialize};
use wasmparser::{Encoding, Parser, Payload};

/// Name of the component-level custom section that holds the metadata, as JSON.
pub const METADATA_SECTION: &str = "admit-policy";

/// Largest metadata section, in bytes.
pub const METADATA_LIMIT: usize = 256 * 1024;

/// What a policy says about itself: data in the component, read without running anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Metadata {
    /// Name of the policy, such as `partner-domains`.
    pub name: String,
    /// Version of the policy, such as `1.2.0`.
    pub version: String,
    /// One sentence for the person who chooses policies.
    #[serde(default)]
    pub description: String,
    /// Version of the contract that the policy was built for, such as `0.1.0`.
    pub contract: String,
    /// Stages that the policy answers, by Graph's names. At least one.
    pub stages: Vec<String>,
    /// Fact collections that the policy asks for.
    #[serde(default)]
    pub facts: Vec<String>,
    /// JSON Schema (2020-12) of the policy's settings; absent when it takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_schema: Option<serde_json::Value>,
    /// Settings that the policy brings itself, such as rules as text. A set gives no member of the
    /// same name; both together fit the schema.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// Why a component's metadata cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataError {
    /// The bytes are not a well-formed WebAssembly binary.
    Format(String),
    /// The bytes are a core module, not a component.
    CoreModule,
    /// There is no metadata section.
    Missing,
    /// There is more than one metadata section.
    Doubled,
    /// The section is longer than [`METADATA_LIMIT`].
    TooLong(usize),
    /// The section's text is not the JSON that is expected.
    Malformed(String),
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(detail) => write!(f, "not a WebAssembly component: {detail}"),
            Self::CoreModule => write!(
                f,
                "a core module, not a component; wrap it with `admit build FILE.wasm`"
            ),
            Self::Missing => write!(
                f,
                "no custom section `{METADATA_SECTION}`; build the policy with `admit build`, which \
                 makes it from policy.toml"
            ),
            Self::Doubled => write!(f, "more than one custom section `{METADATA_SECTION}`"),
            Self::TooLong(length) => write!(
                f,
                "custom section `{METADATA_SECTION}` has {length} bytes; the limit is {METADATA_LIMIT}"
            ),
            Self::Malformed(detail) => {
                write!(f, "custom section `{METADATA_SECTION}`: {detail}")
            }
        }
    }
}

impl std::error::Error for MetadataError {}

impl Metadata {
    /// Reads the metadata of a component. Runs nothing and validates no code.
    ///
    /// # Errors
    ///
    /// See [`MetadataError`].
    pub fn read(component: &[u8]) -> Result<Self, MetadataError> {
        let mut found: Option<&[u8]> = None;
        // Sections of nested modules and components come between start and end of their parent.
        let mut depth = 0_u32;
        for payload in Parser::new(0).parse_all(component) {
            match payload.map_err(|error| MetadataError::Format(error.to_string()))? {
                Payload::Version {
                    encoding: Encoding::Module,
                    ..
                } if depth == 0 => return Err(MetadataError::CoreModule),
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section)
                    if depth == 1
                        && section.name() == METADATA_SECTION
                        && found.replace(section.data()).is_some() =>
                {
                    return Err(MetadataError::Doubled);
                }
                _ => {}
            }
        }
        let text = found.ok_or(MetadataError::Missing)?;
        if text.len() > METADATA_LIMIT {
            return Err(MetadataError::TooLong(text.len()));
        }
        serde_json::from_slice(text).map_err(|error| MetadataError::Malformed(error.to_string()))
    }

    /// The component without its metadata, for other metadata to be added.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn take(component: &[u8]) -> Result<(Self, Vec<u8>), MetadataError> {
        let metadata = Self::read(component)?;
        let mut rest = component.to_vec();
        let mut depth = 0_u32;
        // Where the next section of the component itself begins.
        let mut begin = 0;
        for payload in Parser::new(0).parse_all(component) {
            let payload = payload.map_err(|error| MetadataError::Format(error.to_string()))?;
            match &payload {
                Payload::Version { range, .. } => {
                    depth += 1;
                    if depth == 1 {
                        begin = range.end;
                    }
                }
                Payload::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let Some((_, range)) = payload.as_section().filter(|_| depth == 1) else {
                continue;
            };
            if matches!(&payload, Payload::CustomSection(section) if section.name() == METADATA_SECTION)
            {
                rest.drain(begin..range.end);
            }
            begin = range.end;
        }
        Ok((metadata, rest))
    }

    /// Adds this metadata to a component that has none yet.
    ///
    /// # Errors
    ///
    /// [`MetadataError::Doubled`] when the component has metadata already, and the other cases of
    /// [`MetadataError`] for bytes that are not a component or metadata that is too long.
    pub fn embed(&self, component: &mut Vec<u8>) -> Result<(), MetadataError> {
        match Self::read(component) {
            Err(MetadataError::Missing) => {}
            Ok(_) => return Err(MetadataError::Doubled),
            Err(error) => return Err(error),
        }
        let text = serde_json::to_vec(self)
            .map_err(|error| MetadataError::Malformed(error.to_string()))?;
        if text.len() > METADATA_LIMIT {
            return Err(MetadataError::TooLong(text.len()));
        }
        let section = wasm_encoder::CustomSection {
            name: METADATA_SECTION.into(),
            data: text.as_slice().into(),
        };
        component.push(wasm_encoder::ComponentSectionId::CoreCustom as u8);
        wasm_encoder::Encode::encode(&section, component);
        Ok(())
    }
}

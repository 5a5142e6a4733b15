//! What a component is: its digest, its imports, what it says about itself.

use admit_model::{Error, ErrorKind};
use admit_wit::{Metadata, MetadataError};
use sha2::{Digest as _, Sha256};
use wasmtime::component::{Component, types::ComponentItem};

use crate::{
    engine::{Engine, Pool},
    host::interface,
    policy::hex,
};

/// What a component is and can do, found without running it.
#[derive(Clone, Debug)]
pub struct Inspection {
    sha256: [u8; 32],
    size: usize,
    imports: Vec<String>,
    metadata: Metadata,
}

impl Inspection {
    /// Looks at a component: its digest, its imports, and what it says about itself. It is
    /// validated and compiled, and not run.
    ///
    /// # Errors
    ///
    /// As for [`Policy::from_bytes`](crate::Policy::from_bytes), but for settings.
    pub fn of(engine: &Engine, component: &[u8]) -> Result<Self, Error> {
        let sha256 = Sha256::digest(component).into();
        let pool = engine.inner().pool(component)?;
        let (_, inspection) = compile(engine, &pool, component, sha256, None)?;
        Ok(inspection)
    }

    /// SHA-256 of the component's bytes in hexadecimal: the policy's identity.
    pub fn sha256(&self) -> String {
        hex(&self.sha256)
    }

    /// The component's size, in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Every function that it imports, as `interface.function`, sorted.
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// What the policy says about itself.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Whether it can read the canonical document, beside what is kept at hand.
    pub(crate) fn reads_document(&self) -> bool {
        self.imports.iter().any(|import| {
            matches!(
                import.as_str(),
                "callout.field"
                    | "callout.document"
                    | "verified-credentials.has-type"
                    | "verified-credentials.claim"
            )
        })
    }

    /// What of the callout the imports let it read, whatever it does: JSON pointers into the
    /// canonical document, `*` for any index. None where it imports `callout.field` or
    /// `callout.document`, which read anything.
    pub fn readable(&self) -> Option<Vec<&'static str>> {
        let imports = |interface: &str, function: &str| {
            (self.imports.iter())
                .any(|import| import.split_once('.') == Some((interface, function)))
        };
        if imports("callout", "field") || imports("callout", "document") {
            return None;
        }
        let mut pointers: Vec<_> = (admit_wit::GETTERS.iter().copied().flatten())
            .filter(|getter| imports(getter.interface, getter.function))
            .map(|getter| getter.pointer)
            .collect();
        for (function, pointer) in [
            ("has-type", "/verifiedCredentialsData/*/type"),
            ("claim", "/verifiedCredentialsData/*/claims"),
        ] {
            if imports("verified-credentials", function) {
                pointers.push(pointer);
            }
        }
        Some(pointers)
    }

    /// Whether the imports bound what the policy can read of the callout: see
    /// [`readable`](Self::readable).
    pub fn imports_bound_reads(&self) -> bool {
        self.readable().is_some()
    }
}

/// Checks a component and compiles it, unless its code is at hand.
pub(crate) fn compile(
    engine: &Engine,
    pool: &Pool,
    bytes: &[u8],
    sha256: [u8; 32],
    at_hand: Option<Component>,
) -> Result<(Component, Inspection), Error> {
    let metadata = match Metadata::read(bytes) {
        Err(error @ (MetadataError::Format(_) | MetadataError::CoreModule)) => {
            return Err(Error::new(ErrorKind::PolicyFormat, error.to_string()));
        }
        metadata => metadata,
    };
    let make = || {
        let entry = engine.inner().entry(pool, &[b"component", &sha256]);
        if let Some(Some(kept)) = entry.as_ref().and_then(|entry| entry.load(&pool.wasm)) {
            return Ok(kept);
        }
        let made = Component::new(&pool.wasm, bytes)?;
        if let Some(entry) = entry {
            entry.save(Some(&made));
        }
        Ok(made)
    };
    let compiled = at_hand
        .map_or_else(make, Ok)
        .map_err(|error: wasmtime::Error| {
            match wasmparser::Validator::new().validate_all(bytes) {
                Err(invalid) => Error::new(
                    ErrorKind::PolicyFormat,
                    format!("not a valid WebAssembly component: {invalid}"),
                ),
                // Valid, and more than the engine has room for, or of a feature that is off.
                Ok(_) => Error::new(
                    ErrorKind::PolicyLoad,
                    format!("valid, but not for this engine and its limits: {error:#}"),
                ),
            }
        })?;
    let imports = imports(&pool.wasm, &compiled)?;
    // What it imports comes before what it says about itself: whoever forgot `admit build` has
    // neither, and the imports say more.
    let metadata =
        metadata.map_err(|error| Error::new(ErrorKind::PolicyMetadata, error.to_string()))?;
    if !contract_is_served(&metadata.contract) {
        return Err(Error::new(
            ErrorKind::PolicyInterface,
            format!(
                "built for contract {}; this host serves 0.1.0 to {}",
                metadata.contract,
                admit_wit::CONTRACT_VERSION
            ),
        ));
    }
    let inspection = Inspection {
        sha256,
        size: bytes.len(),
        imports,
        metadata,
    };
    Ok((compiled, inspection))
}

/// The functions that a component imports; an error where one is not the contract's.
fn imports(wasm: &wasmtime::Engine, component: &Component) -> Result<Vec<String>, Error> {
    let mut known = Vec::new();
    let mut foreign = Vec::new();
    for (name, item) in component.component_type().imports(wasm) {
        let interface = admit_wit::interfaces()
            .iter()
            .find(|known| is_served(name, known));
        match (interface, item.ty) {
            (Some(interface), ComponentItem::ComponentInstance(instance)) => {
                for (function, item) in instance.exports(wasm) {
                    if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                        known.push(format!("{interface}.{function}"));
                    }
                }
            }
            _ => foreign.push(format!("`{name}`")),
        }
    }
    if !foreign.is_empty() {
        return Err(Error::new(
            ErrorKind::PolicyInterface,
            format!(
                "imports {}, which the contract does not have; a policy has no WASI and nothing \
                 else but {}",
                foreign.join(", "),
                admit_wit::PACKAGE
            ),
        ));
    }
    known.sort_unstable();
    Ok(known)
}

/// Whether an import is this interface, in a version that is served.
fn is_served(import: &str, name: &str) -> bool {
    let Some((interface_of, version)) = import.split_once('@') else {
        return false;
    };
    interface(name).split('@').next() == Some(interface_of) && contract_is_served(version)
}

/// Whether a version of the contract is served: 0.1.x up to our own.
fn contract_is_served(version: &str) -> bool {
    let patch = |version: &str| version.strip_prefix("0.1.")?.parse::<u32>().ok();
    match (patch(version), patch(admit_wit::CONTRACT_VERSION)) {
        (Some(theirs), Some(ours)) => theirs <= ours,
        _ => false,
    }
}

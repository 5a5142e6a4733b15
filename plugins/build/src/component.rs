//! From a core module to a component of the contract.

use admit_wit::{CONTRACT_VERSION, PACKAGE, POLICY_WIT, WORLD};
use wasmparser::{Parser, Payload, TypeRef};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

use crate::{Error, wasi};

/// Custom sections with which `wit-bindgen` tells what a core module imports and exports.
const TYPE_SECTION: &str = "component-type";

/// Makes a core module, binary or text, a component of the contract.
///
/// Modules of `wit-bindgen` say themselves what they import and export. A module that says nothing
/// is taken to implement the contract's world: it exports `memory`, `cabi_realloc`, `configure` and
/// `evaluate` (and, for their error texts, may export `cabi_post_configure` and
/// `cabi_post_evaluate`), and imports functions from modules such as
/// `admit:policy/callout@0.1.0`.
///
/// What a module imports from `wasi_snapshot_preview1`, as the libraries of C, C++ and Rust's
/// `wasm32-wasip1` do, is replaced by functions that know nothing and do nothing: those for time,
/// randomness and the program's end trap; there are no arguments, variables and open directories;
/// all others fail with `ENOSYS`.
///
/// The component has no metadata yet: see [`admit_wit::Metadata::embed`].
///
/// # Errors
///
/// [`Error::Component`] when the module is malformed or does not fit the contract,
/// [`Error::Imports`] and [`Error::Exports`] when it imports more or exports less than a policy.
pub fn componentize(core: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |detail: String| {
        Error::Component(format!(
            "the module cannot be made a policy component: {detail}"
        ))
    };
    let mut module = wat::parse_bytes(core)
        .map_err(|error| failed(error.to_string()))?
        .into_owned();
    let told = survey(&module).map_err(failed)?;
    // The encoder would name one of these and call it a missing adapter.
    if !told.foreign.is_empty() {
        return Err(Error::Imports(told.foreign));
    }
    if !told.has_types {
        embed_world(&mut module).map_err(failed)?;
    }
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| match wasi::stub(&told.wasi) {
            Some(stub) => encoder.adapter(wasi::MODULE, &stub),
            None => Ok(encoder),
        })
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| failed(format!("{error:#}")))?;
    check(&component)?;
    Ok(component)
}

/// Whether the bytes begin as a component does.
pub(crate) fn is_component(bytes: &[u8]) -> bool {
    Parser::is_component(bytes)
}

/// Checks that a component imports nothing but the contract and exports what a policy does.
pub(crate) fn check(component: &[u8]) -> Result<(), Error> {
    let mut foreign = Vec::new();
    let mut missing = vec!["configure", "evaluate"];
    let mut depth = 0_u32;
    let malformed = |error: wasmparser::BinaryReaderError| {
        Error::Component(format!("not a component: {error}"))
    };
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(malformed)? {
            // Nested components have imports and exports of their own.
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let name = import.map_err(malformed)?.name.name;
                    if !is_of_contract(name) {
                        foreign.push(format!("`{name}`"));
                    }
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    let name = export.map_err(malformed)?.name.name;
                    missing.retain(|expected| *expected != name);
                }
            }
            _ => {}
        }
    }
    if !foreign.is_empty() {
        return Err(Error::Imports(foreign));
    }
    if !missing.is_empty() {
        return Err(Error::Exports(missing));
    }
    Ok(())
}

/// What a core module says about itself.
struct Survey {
    /// Modules that it imports from and that are not of the contract, quoted.
    foreign: Vec<String>,
    /// Functions of WASI that it imports.
    wasi: Vec<wasi::Function>,
    /// Whether it says what it imports and exports.
    has_types: bool,
}

fn survey(module: &[u8]) -> Result<Survey, String> {
    let mut told = Survey {
        foreign: Vec::new(),
        wasi: Vec::new(),
        has_types: false,
    };
    let mut types = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(|error| error.to_string())? {
            Payload::TypeSection(section) => {
                for function in section.into_iter_err_on_gc_types() {
                    types.push(function.map_err(|error| error.to_string())?);
                }
            }
            Payload::CustomSection(section) if section.name().starts_with(TYPE_SECTION) => {
                told.has_types = true;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|error| error.to_string())?;
                    let name = format!("`{}`", import.module);
                    if let (wasi::MODULE, TypeRef::Func(index)) = (import.module, import.ty)
                        && let Some(function) = types.get(index as usize)
                        && let Some(function) = wasi::Function::new(import.name, function)
                    {
                        if !told.wasi.contains(&function) {
                            told.wasi.push(function);
                        }
                        continue;
                    }
                    if !is_of_contract(import.module) && !told.foreign.contains(&name) {
                        told.foreign.push(name);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(told)
}

/// Whether a name is that of an interface of the contract, in a version that this one serves.
fn is_of_contract(name: &str) -> bool {
    let Some((interface, version)) = name
        .strip_prefix(PACKAGE)
        .and_then(|rest| rest.strip_prefix('/'))
        .and_then(|rest| rest.split_once('@'))
    else {
        return false;
    };
    // Functions are only ever added within 0.1, so that an older patch version fits.
    let patch = |version: &str| {
        let (line, patch) = version.rsplit_once('.')?;
        Some((line.to_owned(), patch.parse::<u32>().ok()?))
    };
    let fits = match (patch(version), patch(CONTRACT_VERSION)) {
        (Some((line, patch)), Some((our_line, our_patch))) => {
            line == our_line && patch <= our_patch
        }
        _ => false,
    };
    fits && admit_wit::interfaces().contains(&interface)
}

/// Says in a module that it implements the contract's world.
fn embed_world(module: &mut Vec<u8>) -> Result<(), String> {
    let mut resolve = Resolve::default();
    let package = resolve
        .push_str("policy.wit", POLICY_WIT)
        .map_err(|error| format!("{error:#}"))?;
    let world = resolve
        .select_world(&[package], Some(WORLD))
        .map_err(|error| format!("{error:#}"))?;
    wit_component::embed_component_metadata(module, &resolve, world, StringEncoding::UTF8)
        .map_err(|error| format!("{error:#}"))
}

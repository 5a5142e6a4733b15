//! Holds `policy.h` and `policy.c` against the contract; `BLESS=1` writes them.

use std::{env, error::Error, fs, path::Path};

use admit_wit::{CONTRACT_VERSION, PACKAGE, POLICY_WIT, WORLD, interfaces};
use wit_bindgen_c::Opts;
use wit_bindgen_core::{Files, wit_parser::Resolve};

fn main() -> Result<(), Box<dyn Error>> {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../c");
    for (name, made) in generate()?.iter() {
        let made = without_types(std::str::from_utf8(made)?);
        let file = library.join(name);
        if env::var_os("BLESS").is_some() {
            fs::write(file, made)?;
            continue;
        }
        let committed = fs::read_to_string(file)?;
        let mut lines = made.lines().zip(committed.lines()).enumerate();
        if let Some((at, (made, committed))) =
            lines.find(|(_, (made, committed))| made != committed)
        {
            let at = at + 1;
            return Err(format!(
                "{name}:{at} is not what the contract says; BLESS=1 writes it\n-{committed}\n+{made}"
            )
            .into());
        }
        if made.len() != committed.len() {
            return Err(format!("{name} is longer or shorter; BLESS=1 writes it").into());
        }
    }
    Ok(())
}

/// The header and its source.
fn generate() -> Result<Files, Box<dyn Error>> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("policy.wit", POLICY_WIT)?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    let options = Opts {
        // `admit build` tells the types.
        no_object_file: true,
        // `admit_requestor_email` rather than `admit_policy_requestor_email`.
        rename: (interfaces().iter())
            .map(|name| {
                let interface = format!("{PACKAGE}/{name}@{CONTRACT_VERSION}");
                (interface, format!("admit_{}", name.replace('-', "_")))
            })
            .collect(),
        ..Opts::default()
    };
    let mut files = Files::default();
    options.build().generate(&mut resolve, world, &mut files)?;
    Ok(files)
}

/// The text without its end that asks for an object file with the world's types.
fn without_types(text: &str) -> &str {
    const ASKS: &str = "\n// Ensure that the *_component_type.o object is linked in";
    text.split_once(ASKS).map_or(text, |(before, _)| before)
}

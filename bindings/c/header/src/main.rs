//! Holds `include/admit.h` against what the source says; `BLESS=1` writes it.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = here.join("..");
    let mut config = cbindgen::Config::from_file(here.join("cbindgen.toml"))?;
    config.after_includes = Some(macros(
        &fs::read_to_string(here.join("macros.h"))?,
        &library,
    )?);
    let mut made = Vec::new();
    cbindgen::Builder::new()
        .with_crate(&library)
        .with_config(config)
        .generate()?
        .write(&mut made);

    let header = library.join("include/admit.h");
    if env::var_os("BLESS").is_some() {
        return Ok(fs::write(header, made)?);
    }
    let made = String::from_utf8(made)?;
    let committed = fs::read_to_string(header)?;
    let mut lines = made.lines().zip(committed.lines()).enumerate();
    if let Some((at, (made, committed))) = lines.find(|(_, (made, committed))| made != committed) {
        let at = at + 1;
        return Err(format!(
            "admit.h:{at} is not what the source says; BLESS=1 writes it\n-{committed}\n+{made}"
        )
        .into());
    }
    if made.len() != committed.len() {
        return Err("admit.h is longer or shorter than the source; BLESS=1 writes it".into());
    }
    Ok(())
}

/// The macros, with the crate's version.
fn macros(text: &str, library: &Path) -> Result<String, Box<dyn Error>> {
    let manifest = fs::read_to_string(library.join("../../Cargo.toml"))?;
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .ok_or("the workspace has no version")?;
    let numbers = version
        .split('.')
        .map(str::parse)
        .collect::<Result<Vec<u32>, _>>()?;
    let [major, minor, patch] = numbers[..] else {
        return Err(format!("{version} is not of three numbers").into());
    };
    let number = major * 1_000_000 + minor * 1_000 + patch;
    let values = [
        ("VERSION", version.into()),
        ("MAJOR", major.to_string()),
        ("MINOR", minor.to_string()),
        ("PATCH", patch.to_string()),
        ("NUMBER", number.to_string()),
    ];
    let with =
        |text: String, (name, value): (&str, String)| text.replace(&format!("@{name}@"), &value);
    Ok(values.into_iter().fold(text.trim_end().to_owned(), with))
}

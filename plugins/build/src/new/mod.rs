//! A new policy: the folder of an author.

mod rust;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use admit_wit::POLICY_WIT;

use crate::{Error, Language};

/// The examples, and what policies stand on, by their paths in the sources of admit.
const SOURCES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// What all languages have in common, where an example has no file of its own in its place: the Rust
/// example's, as it is. Rules bring their own description.
const SHARED: [&str; 3] = ["policy.toml", "settings.schema.json", "tests/sets"];
const FIXTURES: [&str; 2] = ["tests/callouts", "tests/cases"];

/// Writes the folder of a new policy, which builds at once: a policy that works, its description,
/// settings and cases, and in `vendor` what it stands on.
///
/// `interpreter` is the stock policy of a language of rules, [`Language::Rego`] and
/// [`Language::Cedar`]; others have none.
///
/// # Errors
///
/// [`Error::Name`] for a name that is not 1 to 64 of a-z, 0-9 and `-`, beginning with a letter, and
/// [`Error::Taken`] for a word of the language;
/// [`Error::Write`] where the folder is there already or cannot be written.
pub fn new(
    language: Language,
    name: &str,
    folder: &Path,
    interpreter: Option<&[u8]>,
) -> Result<(), Error> {
    if !crate::describe::is_name(name)
        || !name.starts_with(|first: char| first.is_ascii_lowercase())
    {
        return Err(Error::Name(name.into()));
    }
    if language == Language::Rust && rust::is_taken(name) {
        return Err(Error::Taken(name.into()));
    }
    if let Some(above) = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty())
    {
        fs::create_dir_all(above).map_err(failed(above))?;
    }
    // Whatever is there already is the author's.
    fs::create_dir(folder).map_err(failed(folder))?;
    let names = Names::new(name);
    for (path, bytes) in files(language) {
        write(&folder.join(names.put(&path)), &names.put_into(bytes))?;
    }
    vendor(language, folder, interpreter)
}

/// Writes `vendor` of a policy's folder: what policies in this language stand on, of this version.
///
/// # Errors
///
/// [`Error::Write`] where it cannot be written.
pub fn vendor(language: Language, folder: &Path, interpreter: Option<&[u8]>) -> Result<(), Error> {
    let vendor = folder.join("vendor");
    if language == Language::Rust {
        return rust::vendor(&vendor);
    }
    if let Some(interpreter) = interpreter {
        return write(&vendor.join(format!("{language}.wasm")), interpreter);
    }
    for (path, bytes) in under(&format!("plugins/languages/{}", sdk(language))) {
        write(&vendor.join(path), bytes)?;
    }
    write(&vendor.join("policy.wit"), POLICY_WIT.as_bytes())
}

/// The folder of what policies in a language stand on.
fn sdk(language: Language) -> &'static str {
    match language {
        Language::TypeScript => Language::JavaScript.as_str(),
        other => other.as_str(),
    }
}

/// The files of an author's folder: path, and what stands there.
fn files(language: Language) -> Vec<(String, &'static [u8])> {
    let mut files: Vec<(String, &[u8])> = Vec::new();
    for (path, bytes) in under(&format!("plugins/examples/{language}")) {
        files.push((path.to_owned(), bytes));
    }
    if language == Language::Rust {
        rust::adapt(&mut files);
        return files;
    }
    let shared = if language.is_rules() {
        &[][..]
    } else {
        &SHARED
    };
    for place in shared.iter().chain(&FIXTURES) {
        let of_rust =
            under("plugins/examples/rust").filter(|(path, _)| Path::new(path).starts_with(place));
        for (path, bytes) in of_rust {
            if !files.iter().any(|(own, _)| own == path) {
                files.push((path.to_owned(), bytes));
            }
        }
    }
    files
}

/// The sources below a folder, by their paths in it.
fn under(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let folder = format!("{folder}/");
    SOURCES
        .iter()
        .filter_map(move |(path, bytes)| Some((path.strip_prefix(&folder)?, *bytes)))
}

/// A policy's name in the spellings of the example's.
struct Names([(&'static str, String); 3]);

impl Names {
    fn new(name: &str) -> Self {
        let capital = |word: &str| {
            let mut chars = word.chars();
            let first = chars.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(chars).collect::<String>()
        };
        let words: Vec<_> = name.split('-').filter(|word| !word.is_empty()).collect();
        Self([
            ("night-watch", name.into()),
            ("night_watch", name.replace('-', "_")),
            (
                "NightWatch",
                words.iter().map(|word| capital(word)).collect(),
            ),
        ])
    }

    fn put(&self, text: &str) -> String {
        (self.0.iter()).fold(text.to_owned(), |text, (of, name)| text.replace(of, name))
    }

    /// The same for a file, where it is text.
    fn put_into(&self, bytes: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.put(text).into_bytes(),
            Err(_) => bytes.to_vec(),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    fs::write(path, bytes).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = PathBuf::from(path);
    move |source| Error::Write { path, source }
}

//! Compiled code, kept on disk.

#![expect(
    unsafe_code,
    reason = "wasmtime runs what it is given as compiled code; see `Entry::load`"
)]

mod owner;

use std::{
    fs,
    hash::{Hash as _, Hasher},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use admit_model::{Error, ErrorKind};
use sha2::{Digest as _, Sha256};
use wasmtime::{Engine, component::Component};

use self::owner::foreign;
use crate::policy::hex;

/// A folder of compiled policies, so that loading them again does not compile.
///
/// An entry belongs to one component's bytes, where `configure` has run also to one policy's settings
/// and limits, and to one engine: its configuration, the version of wasmtime and of this crate. It is
/// used as it is, so the folder must be its owner's alone: one that others can write, or reach through
/// a folder that they can write, is refused. Each entry carries a digest; one that is damaged, or of
/// something else, is compiled again and replaced. Processes may share the folder. What cannot be
/// written, as on a full disk, is not kept, and nothing else happens. Beyond 512 MiB the entries that
/// were not used for longest are removed.
#[derive(Clone, Debug)]
pub struct CodeCache(Arc<Path>);

/// Bytes of all entries.
const SIZE: u64 = 512 * 1024 * 1024;

/// What an entry begins with; another layout has another number.
const MAGIC: &[u8; 8] = b"admit\0\0\x01";

/// Extension of entries.
const EXTENSION: &str = "code";

/// What the names of files begin with that are being written.
const HALF: &str = "half-";

/// After which nobody writes such a file any more: its process was ended.
const LEFT: Duration = Duration::from_secs(60 * 60);

/// Bytes of a SHA-256.
const DIGEST: usize = 32;

impl CodeCache {
    /// The cache in a folder, which is made, with mode 0700, if it is not there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Argument`]: the folder cannot be made or read, or somebody else owns it or a
    /// folder above it, or may write there.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        let wrong = |problem: String| {
            Error::new(ErrorKind::Argument, format!("no cache of code: {problem}"))
                .at(folder.display().to_string())
        };
        owner::make(folder)
            .and_then(|()| folder.canonicalize())
            .map_err(|error| wrong(format!("the folder cannot be made: {error}")))
            .and_then(|folder| {
                let mut check: fn(&fs::Metadata) -> Option<String> = foreign;
                for folder in folder.ancestors() {
                    let metadata = folder.metadata();
                    let metadata = metadata.map_err(|error| wrong(error.to_string()))?;
                    if let Some(problem) = check(&metadata) {
                        return Err(wrong(format!("{}: {problem}", folder.display())));
                    }
                    check = owner::foreign_above;
                }
                Ok(Self(folder.into()))
            })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The place of what is compiled of these parts by an engine.
    pub(crate) fn entry(&self, engine: &Engine, parts: &[&[u8]]) -> Entry {
        let mut key = KeyHasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut key);
        env!("CARGO_PKG_VERSION").hash(&mut key);
        admit_wit::POLICY_WIT.hash(&mut key);
        parts.hash(&mut key);
        let key: [u8; DIGEST] = key.0.finalize().into();
        Entry {
            path: self.0.join(hex(&key)).with_extension(EXTENSION),
            key,
        }
    }
}

/// A digest of whatever can be hashed.
struct KeyHasher(Sha256);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    // The digest is taken instead.
    fn finish(&self) -> u64 {
        0
    }
}

/// What an entry holds: a component, or none where none can be made.
pub(crate) type Kept = Option<Component>;

/// The place of one compiled component.
pub(crate) struct Entry {
    path: PathBuf,
    key: [u8; DIGEST],
}

impl Entry {
    /// What is kept, if it is there and whole.
    pub(crate) fn load(&self, engine: &Engine) -> Option<Kept> {
        let mut file = owner::open(&self.path).ok()?;
        let metadata = file.metadata().ok()?;
        if !metadata.is_file() || foreign(&metadata).is_some() {
            return None;
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        let code = self.checked(&bytes)?;
        let kept = if code.is_empty() {
            None
        } else {
            // SAFETY: the bytes are those that `save` was given by wasmtime for this engine: their digest
            // is right, and nobody but the owner of this process, or root, may write the file and the
            // folders that lead to it. They were read once and are not read again, so nobody changes
            // them now.
            Some(unsafe { Component::deserialize(engine, code) }.ok()?)
        };
        // Only tells which entries are in use.
        let _ = file.set_modified(SystemTime::now());
        Some(kept)
    }

    /// The code of an entry's bytes, if they are this entry's and nothing is wrong with them.
    fn checked<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let (digest, code) = bytes.strip_prefix(MAGIC)?.split_at_checked(DIGEST)?;
        (digest == self.digest(code)).then_some(code)
    }

    /// The digest of an entry: of what it is for, and of what it holds.
    fn digest(&self, code: &[u8]) -> [u8; DIGEST] {
        Sha256::new()
            .chain_update(self.key)
            .chain_update(code)
            .finalize()
            .into()
    }

    /// Keeps a component, or that there is none. What goes wrong leaves the entry as it was.
    pub(crate) fn save(&self, component: Option<&Component>) {
        let code = component.map_or(Ok(Vec::new()), Component::serialize);
        let _ = code
            .map_err(io::Error::other)
            .and_then(|code| self.write(&code));
    }

    fn write(&self, code: &[u8]) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(&self.path);
        // Of mode 0600, and at its place at once or not at all.
        let mut file = tempfile::Builder::new().prefix(HALF).tempfile_in(folder)?;
        file.write_all(MAGIC)?;
        file.write_all(&self.digest(code))?;
        file.write_all(code)?;
        file.persist(&self.path)?;
        shrink(folder)
    }
}

/// Removes what was left half written, and where there is too much the entries that were not used for
/// longest. Other processes may do the same: what is gone is gone.
fn shrink(folder: &Path) -> io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Ok(metadata) = path.symlink_metadata() else {
            continue;
        };
        let modified = metadata.modified()?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path
            .extension()
            .is_some_and(|extension| extension == EXTENSION)
        {
            entries.push((modified, metadata.len(), path));
        } else if name.starts_with(HALF) && modified.elapsed().is_ok_and(|age| age > LEFT) {
            let _ = fs::remove_file(&path);
        }
    }
    let mut size: u64 = entries.iter().map(|(_, size, _)| size).sum();
    entries.sort();
    for (_, bytes, path) in entries {
        if size <= SIZE {
            break;
        }
        let _ = fs::remove_file(path);
        size -= bytes;
    }
    Ok(())
}

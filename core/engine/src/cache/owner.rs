//! Whose files are: what nobody else may have written.

#[cfg(unix)]
pub(super) use self::unix::{foreign, make, open};

#[cfg(not(unix))]
pub(super) use self::unknown::{foreign, make, open};

#[cfg(unix)]
mod unix {
    use std::{
        fs::{DirBuilder, File, Metadata, OpenOptions},
        io,
        os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
        path::Path,
    };

    /// Makes a folder of ours alone, if it is not there.
    pub(in crate::cache) fn make(folder: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    /// Opens a file that is where it seems to be.
    pub(in crate::cache) fn open(path: &Path) -> io::Result<File> {
        let nofollow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
        (OpenOptions::new().read(true))
            .custom_flags(nofollow)
            .open(path)
    }

    /// Why what is of others cannot be trusted; none where it can.
    pub(in crate::cache) fn foreign(metadata: &Metadata) -> Option<String> {
        let user = rustix::process::geteuid().as_raw();
        let (owner, mode) = (metadata.uid(), metadata.mode());
        if owner != user && owner != 0 {
            return Some(format!(
                "it is user {owner}'s, and this process is user {user}'s"
            ));
        }
        // In a folder such as /tmp nobody replaces what is another's.
        let is_sticky = metadata.is_dir() && mode & 0o1000 != 0;
        if mode & 0o022 != 0 && !is_sticky {
            return Some(format!(
                "others may write there (mode {:04o})",
                mode & 0o7777
            ));
        }
        None
    }
}

/// Where it cannot be told, there is no cache.
#[cfg(not(unix))]
mod unknown {
    use std::{
        fs::{File, Metadata},
        io,
        path::Path,
    };

    fn unknown<T>() -> io::Result<T> {
        let problem = "who may write there cannot be told on this system";
        Err(io::Error::new(io::ErrorKind::Unsupported, problem))
    }

    pub(in crate::cache) fn make(_folder: &Path) -> io::Result<()> {
        unknown()
    }

    pub(in crate::cache) fn open(_path: &Path) -> io::Result<File> {
        unknown()
    }

    pub(in crate::cache) fn foreign(_metadata: &Metadata) -> Option<String> {
        Some("who may write it cannot be told on this system".into())
    }
}

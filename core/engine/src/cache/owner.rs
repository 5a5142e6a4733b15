//! Whose files are: what nobody else may have written.

#[cfg(unix)]
pub(super) use self::unix::{foreign, foreign_above, make, open};

#[cfg(not(unix))]
pub(super) use self::unknown::{foreign, foreign_above, make, open};

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

    /// Why a folder above cannot be trusted: others could put another in the place of what it leads to.
    pub(in crate::cache) fn foreign_above(metadata: &Metadata) -> Option<String> {
        // In a folder such as /tmp nobody replaces what is another's.
        let is_sticky = metadata.mode() & 0o1000 != 0;
        foreign(metadata).filter(|_| !is_sticky || !is_ours(metadata))
    }

    fn is_ours(metadata: &Metadata) -> bool {
        let user = rustix::process::geteuid().as_raw();
        metadata.uid() == user || metadata.uid() == 0
    }

    /// Why what is of others cannot be trusted; none where it can.
    pub(in crate::cache) fn foreign(metadata: &Metadata) -> Option<String> {
        let user = rustix::process::geteuid().as_raw();
        let (owner, mode) = (metadata.uid(), metadata.mode());
        if !is_ours(metadata) {
            return Some(format!(
                "it is user {owner}'s, and this process is user {user}'s"
            ));
        }
        if mode & 0o022 != 0 {
            return Some(format!(
                "others may write there (mode {:04o})",
                mode & 0o7777
            ));
        }
        // Another name of a file may be in a folder that others may write.
        if metadata.is_file() && metadata.nlink() > 1 {
            return Some("it has another name elsewhere".into());
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

    pub(in crate::cache) fn foreign_above(metadata: &Metadata) -> Option<String> {
        foreign(metadata)
    }

    pub(in crate::cache) fn foreign(_metadata: &Metadata) -> Option<String> {
        Some("who may write it cannot be told on this system".into())
    }
}

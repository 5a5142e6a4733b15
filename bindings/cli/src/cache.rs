//! Where compiled policies are kept, so that the next run need not compile them.

use std::{env, path::PathBuf};

use admit::{CodeCache, Engine, Error, Limits};
use etcetera::BaseStrategy as _;

use crate::output;

/// Where compiled policies are kept.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Compile the policies, and keep nothing of it on disk.
    ///
    /// Otherwise compiled policies are kept in the folder that the environment variable ADMIT_CACHE
    /// names, or else in `admit` of the user's cache folder.
    #[arg(long)]
    no_cache: bool,
}

impl Args {
    /// The cache; none where there is to be none, or none can be: then it is said why.
    pub(crate) fn open(&self) -> Option<CodeCache> {
        if self.no_cache {
            return None;
        }
        let folder = match env::var_os("ADMIT_CACHE") {
            Some(folder) => PathBuf::from(folder),
            // Who has no home has no cache.
            None => etcetera::choose_base_strategy()
                .ok()?
                .cache_dir()
                .join("admit"),
        };
        match CodeCache::open(folder) {
            Ok(cache) => Some(cache),
            Err(error) => {
                output::say(&output::clean(&format!(
                    "note: {error}; --no-cache says no more of it"
                )));
                None
            }
        }
    }

    /// An engine to look at single policies with.
    pub(crate) fn engine(&self) -> Result<Engine, Error> {
        let limits = Limits {
            concurrency: 1,
            ..Limits::default()
        };
        match self.open() {
            Some(cache) => Engine::with_cache(limits, cache),
            None => Engine::new(limits),
        }
    }
}

//! Enumerations that C gives.

use admit::{Error, ErrorKind};

/// The value of a number: enumerators count from 0 in the order of the engine's list, which a test holds.
pub(crate) fn chosen<T: Copy>(all: &[T], number: u32, name: &str) -> Result<T, Error> {
    let chosen = usize::try_from(number).ok().and_then(|at| all.get(at));
    chosen.copied().ok_or_else(|| {
        let detail = format!("{number}, which is none of its enumerators");
        Error::new(ErrorKind::Argument, detail).at(name)
    })
}

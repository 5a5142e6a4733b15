//! Numbers that C gives, of which few are taken.

use admit::{Error, ErrorKind};

/// The value of a number: enumerators count from 0 in the order of the engine's list, which a test holds.
pub(crate) fn chosen<T: Copy>(all: &[T], number: u32, name: &str) -> Result<T, Error> {
    let chosen = usize::try_from(number).ok().and_then(|at| all.get(at));
    chosen.copied().ok_or_else(|| {
        let detail = format!("{number}, which is none of its enumerators");
        Error::new(ErrorKind::Argument, detail).at(name)
    })
}

/// Nothing, of the member that is kept for what comes later.
pub(crate) fn reserved(number: u32) -> Result<(), Error> {
    if number == 0 {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Argument, format!("{number}, and not 0")).at("reserved"))
}

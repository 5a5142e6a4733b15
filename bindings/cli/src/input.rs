//! Reading what a command is given: a file, or standard input.

use std::{
    fs,
    io::{self, IsTerminal as _, Read as _},
    path::Path,
};

use admit::Callout;

use crate::output;

/// The bytes of a file; `-` is standard input. One byte more than is accepted at most, so that
/// what is too long is seen without reading it all.
pub(crate) fn read(file: &Path, what: &str) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(Callout::MAX_BYTES).unwrap_or(u64::MAX) + 1;
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        if io::stdin().is_terminal() {
            output::say(&format!(
                "reading the {what} from the terminal; end it with Ctrl-D"
            ));
        }
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

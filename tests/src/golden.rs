//! Files of lines that tests find, each line reviewed once.

use std::{fs, path::Path};

/// Holds lines against those of a file; `BLESS=1` rewrites the file, and the diff is the review.
///
/// # Errors
///
/// The lines that only one of them has.
pub fn golden(file: &Path, found: &str) -> Result<(), String> {
    let failed = |error| format!("{}: {error}; BLESS=1 writes it", file.display());
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, found).map_err(failed)?;
    }
    let expected = fs::read_to_string(file).map_err(failed)?;
    if found == expected {
        return Ok(());
    }
    let only = |mark: char, of: &str, other: &str| -> String {
        of.lines()
            .filter(|line| !other.lines().any(|it| it == *line))
            .map(|line| format!("{mark} {line}\n"))
            .collect()
    };
    let gone = only('-', &expected, found);
    let new = only('+', found, &expected);
    Err(format!("{}:\n{gone}{new}", file.display()))
}

//! What the source must keep to, which no compiler says.

use std::fs;

use libtest_mimic::{Failed, Trial};

use crate::toolchain::here;

pub(crate) fn trials() -> [Trial; 2] {
    [
        Trial::test(
            "source::every_function_is_guarded",
            every_function_is_guarded,
        ),
        Trial::test(
            "source::pointers_are_read_in_ffi_alone",
            pointers_are_read_in_ffi_alone,
        ),
    ]
}

/// Every file of the crate but for its tests: its name and its text.
fn files() -> Result<Vec<(String, String)>, Failed> {
    let mut files = Vec::new();
    for entry in fs::read_dir(here().join("src"))? {
        let entry = entry?;
        if entry.path() != here().join("src/ffi") {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(entry.path())?));
        }
    }
    Ok(files)
}

/// The body of an exported function is one `call!` or one `get!`, and nothing beside it.
fn every_function_is_guarded() -> Result<(), Failed> {
    let mut exported = 0;
    for (file, text) in files()? {
        for function in text.split("#[unsafe(no_mangle)]\n").skip(1) {
            exported += 1;
            let (signature, body) = function.split_once(" {\n").ok_or("a body")?;
            let (body, _) = body.split_once("\n}\n").ok_or("an end")?;
            let body = body.trim().trim_end_matches(';');
            let is_one = (body.starts_with("call!(|call| {") || body.starts_with("get!("))
                && body.ends_with(')')
                && closes_at_its_end(body);
            if !is_one {
                return Err(format!("{file}: not one call! or get!: {signature}").into());
            }
        }
        if file != "ffi.rs" && text.contains("extern \"C") && !text.contains("#[unsafe(no_mangle)]")
        {
            return Err(format!("{file}: a function of C that is not exported").into());
        }
    }
    if exported < 40 {
        return Err(format!("{exported} exported functions were found; there are more").into());
    }
    Ok(())
}

/// Whether the first bracket is closed by the last character.
fn closes_at_its_end(text: &str) -> bool {
    let mut depth = 0_i32;
    for (at, char) in text.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return at + 1 == text.len();
        }
    }
    false
}

/// Blocks of unsafe code stand in one file, each with its reason.
fn pointers_are_read_in_ffi_alone() -> Result<(), Failed> {
    for (file, text) in files()? {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            if !line.contains("unsafe {") && !line.starts_with("unsafe impl") {
                continue;
            }
            let is_block = line.contains("unsafe {");
            if is_block && file != "ffi.rs" {
                return Err(format!("{file}:{}: unsafe code outside of ffi.rs", at + 1).into());
            }
            let before = lines.get(..at).unwrap_or_default().iter().rev();
            let reason = before.take(4).any(|line| line.starts_with("// SAFETY: "));
            if !reason {
                return Err(
                    format!("{file}:{}: unsafe code without its SAFETY line", at + 1).into(),
                );
            }
        }
    }
    Ok(())
}

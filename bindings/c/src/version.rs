//! Versions.

use std::ffi::{CStr, c_char};

use crate::ffi::get;

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

const MAJOR: u32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
const NUMBER: u32 = MAJOR * 1_000_000
    + number(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
    + number(env!("CARGO_PKG_VERSION_PATCH"));

const fn number(digits: &str) -> u32 {
    let mut number = 0;
    let mut bytes = digits.as_bytes();
    while let [digit, rest @ ..] = bytes {
        number = number * 10 + (*digit - b'0') as u32;
        bytes = rest;
    }
    number
}

/// The library's version, such as `0.1.0`: here, as an exception, NUL-terminated. Lives as long as the
/// program.
#[unsafe(no_mangle)]
pub extern "C" fn admit_version() -> *const c_char {
    get!(c"".as_ptr(), |_call| { Ok(VERSION.as_ptr()) })
}

/// The library's version as a number, to be compared with `ADMIT_VERSION_NUMBER`.
#[unsafe(no_mangle)]
pub extern "C" fn admit_version_number() -> u32 {
    get!(0, |_call| { Ok(NUMBER) })
}

/// Whether a program that was compiled with a header may use this library: same major version, and the
/// library not the older one. Call it once with `ADMIT_VERSION_NUMBER`, before anything else.
#[unsafe(no_mangle)]
pub extern "C" fn admit_abi_check(header: u32) -> bool {
    get!(false, |_call| {
        Ok(header / 1_000_000 == MAJOR && header <= NUMBER)
    })
}

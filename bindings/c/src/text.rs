//! Text that is given out.

use std::{ffi::c_char, ptr};

/// Text: UTF-8, `len` bytes, not NUL-terminated.
///
/// As a result it is borrowed, and lives as long as the handle that it comes from. `data` is NULL where
/// there is no text, and not NULL where it is empty: in an option block, too, NULL is not given, and an
/// empty text is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_str_t {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

impl admit_str_t {
    /// No text.
    pub(crate) const NONE: Self = Self {
        data: ptr::null(),
        len: 0,
    };
}

impl From<&str> for admit_str_t {
    fn from(text: &str) -> Self {
        Self {
            data: text.as_ptr().cast(),
            len: text.len(),
        }
    }
}

impl From<Option<&str>> for admit_str_t {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::NONE, Self::from)
    }
}

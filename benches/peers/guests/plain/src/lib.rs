//! `allocate(length)` gives the place for a payload, `evaluate(place, length)` takes it and gives place
//! and length of the body as the upper and the lower half of one number; 0 where there is none.

use std::{alloc::Layout, ptr, sync::Mutex};

use admit_benches::{ALLOWED, SOURCE};

/// The last body: the host reads it before it calls again.
static BODY: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[unsafe(no_mangle)]
extern "C" fn allocate(length: usize) -> *mut u8 {
    match Layout::array::<u8>(length) {
        // SAFETY: the layout's size is not zero.
        Ok(layout) if length > 0 => unsafe { std::alloc::alloc(layout) },
        _ => ptr::null_mut(),
    }
}

/// # Safety
///
/// `payload` comes from `allocate(length)`, was filled, and is not used again.
#[unsafe(no_mangle)]
unsafe extern "C" fn evaluate(payload: *mut u8, length: usize) -> u64 {
    // SAFETY: as above.
    let payload = unsafe { Vec::from_raw_parts(payload, length, length) };
    let (Ok(body), Ok(mut last)) = (
        admit_benches::evaluate(&payload, &ALLOWED, SOURCE),
        BODY.lock(),
    ) else {
        return 0;
    };
    *last = body;
    (last.as_ptr() as u64) << 32 | last.len() as u64
}

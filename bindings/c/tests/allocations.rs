//! What C costs in memory: an evaluation allocates what it allocates in Rust, and the report's handle.

#![expect(unsafe_code, reason = "an allocator that counts, and calls as from C")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    ffi::c_char,
    fs,
    hint::black_box,
    ptr, slice,
};

use admit::{Callout, PolicySet};
use admit_c as _;
use admit_tests::corpus;
use jiff::Timestamp;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: the system's allocator, and a number beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as this is called.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as this is called.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as this is called.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Of `admit.h`.
#[repr(C)]
struct Str {
    data: *const c_char,
    len: usize,
}

/// Of `admit.h`.
#[repr(C)]
struct EvaluateOptions {
    size: usize,
    now_us: i64,
    record: *const Str,
    without_reads: u32,
    reserved: u32,
}

/// Of `admit.h`.
enum Opaque {}

unsafe extern "C" {
    fn admit_set_from_file(
        path: *const c_char,
        path_len: usize,
        options: *const Opaque,
        set_out: *mut *mut Opaque,
    ) -> *mut Opaque;
    fn admit_evaluate(
        set: *const Opaque,
        callout: *const u8,
        callout_len: usize,
        options: *const EvaluateOptions,
        report_out: *mut *mut Opaque,
    ) -> *mut Opaque;
    fn admit_report_resume_body(report: *const Opaque) -> Str;
    fn admit_report_free(report: *mut Opaque);
    fn admit_set_free(set: *mut Opaque);
}

/// How often memory is allocated, once everything is warm.
fn allocations(mut evaluate: impl FnMut()) -> usize {
    for _ in 0..8 {
        evaluate();
    }
    let before = COUNT.get();
    evaluate();
    COUNT.get() - before
}

#[test]
fn an_evaluation_allocates_its_report_and_nothing_else() {
    admit_tests::build_components();
    let path = corpus().join("sets/partners/admit.toml");
    let payload = fs::read(corpus().join("callouts/01-request-created.flat.json")).unwrap();

    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();

    let set = PolicySet::from_file(&path).unwrap();
    let mut expected = String::new();
    let in_rust = allocations(|| {
        let callout = Callout::parse(&payload).unwrap();
        let report = set.evaluate(&callout, now);
        expected = black_box(report.resume().unwrap().body());
    });

    let path = path.to_str().unwrap();
    let mut set = ptr::null_mut();
    // SAFETY: everything is as the header wants it.
    let error =
        unsafe { admit_set_from_file(path.as_ptr().cast(), path.len(), ptr::null(), &raw mut set) };
    assert!(error.is_null());
    let options = EvaluateOptions {
        size: size_of::<EvaluateOptions>(),
        now_us: now.as_microsecond(),
        record: ptr::null(),
        without_reads: 0,
        reserved: 0,
    };
    let mut is_same = true;
    let in_c = allocations(|| {
        let mut report = ptr::null_mut();
        // SAFETY: as above.
        unsafe {
            let (data, len) = (payload.as_ptr(), payload.len());
            let error = admit_evaluate(set, data, len, &raw const options, &raw mut report);
            assert!(error.is_null());
            let body = admit_report_resume_body(report);
            is_same &=
                slice::from_raw_parts(body.data.cast::<u8>(), body.len) == expected.as_bytes();
            admit_report_free(report);
        }
    });
    // SAFETY: as above.
    unsafe { admit_set_free(set) };
    assert!(is_same);
    println!("{in_rust} allocations in Rust, {in_c} in C");
    assert_eq!(in_c, in_rust + 1);
}

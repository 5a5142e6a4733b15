//! What C may hand over, tried by Rust: so that Miri can watch. It needs no engine.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::*;
use crate::{
    engine::admit_engine_t,
    error::{admit_error_free, admit_error_message},
    facts::{
        admit_fact_answer_error, admit_fact_answer_json, admit_fact_answer_none, admit_facts_t,
    },
    findings::{
        admit_finding_t, admit_findings_count, admit_findings_free, admit_findings_get,
        admit_findings_t, admit_lint,
    },
    limits::admit_limits_t,
    policy::admit_policy_t,
    report::admit_report_t,
    set::admit_set_t,
};

fn panics_with(panic: fn(), said: &str) {
    let error = call!(|_call| {
        panic();
        Ok(())
    });
    let shown = get!(String::new(), |call| {
        let failure = call.handle(error)?;
        assert_eq!(failure.error.kind(), ErrorKind::Internal);
        Ok(failure.error.to_string())
    });
    assert_eq!(shown, format!("a panic: {said}"));
    get!((), |call| {
        call.free(error);
        Ok(())
    });
    let nothing = get!(3, |_call| {
        panic();
        Ok(4)
    });
    assert_eq!(nothing, 3);
}

#[test]
fn a_panic_is_an_error_of_that_call() {
    panics_with(|| panic!("in words"), "in words");
    panics_with(|| panic!("the number {}", 3 + 4), "the number 7");
    // What panicked is leaked on purpose, and Miri would say so.
    if !cfg!(miri) {
        panics_with(|| std::panic::panic_any(7), "without a text");
    }
}

#[test]
fn a_freed_handle_is_refused() {
    let error: *mut admit_error_t = leak(Error::new(ErrorKind::Internal, "one").into());
    let live = living(error).unwrap();
    // SAFETY: made above, and ended below.
    let tag = unsafe { &raw mut (*live).tag };
    // SAFETY: as above.
    unsafe { tag.write_volatile(FREED) };
    assert_eq!(living(error).unwrap_err().kind(), ErrorKind::Argument);
    get!((), |call| {
        call.free(error);
        Ok(())
    });
    // SAFETY: as above: what is freed already is left alone.
    unsafe { tag.write_volatile(admit_error_t::TAG) };
    assert!(living(error).is_ok());
    get!((), |call| {
        call.free(error);
        Ok(())
    });
}

#[test]
fn tags_differ() {
    let mut tags = [
        FREED,
        admit_engine_t::TAG,
        admit_error_t::TAG,
        admit_fact_answer_t::TAG,
        admit_facts_t::TAG,
        admit_findings_t::TAG,
        admit_policy_t::TAG,
        admit_report_t::TAG,
        admit_set_t::TAG,
    ];
    tags.sort_unstable();
    assert!(tags.windows(2).all(|two| two[0] != two[1]));
}

/// What a body gives, which must succeed.
fn given<T>(body: impl FnOnce(&Call) -> Result<T, Error>) -> T {
    body(&Call(())).unwrap()
}

/// What a body is refused with.
fn refusal<T>(body: impl FnOnce(&Call) -> Result<T, Error>) -> String {
    let error = body(&Call(())).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Argument);
    error.to_string()
}

fn text_of(text: admit_str_t) -> String {
    given(|call| call.view(text, "text").map(str::to_owned))
}

#[test]
fn null_is_none_and_nothing_else() {
    let data = [1_u8, 2, 3];
    let null = ptr::null::<u8>();
    assert_eq!(
        given(|call| call.bytes(data.as_ptr(), 3, "data").map(<[u8]>::to_vec)),
        data
    );
    assert!(given(|call| call
        .bytes(data.as_ptr(), 0, "data")
        .map(<[u8]>::is_empty)));
    assert!(given(|call| call
        .bytes(null, 0, "data")
        .map(<[u8]>::is_empty)));
    let said = refusal(|call| call.bytes(null, 1, "data").map(<[u8]>::len));
    assert_eq!(said, "data: NULL");
    let said = refusal(|call| call.path(null.cast(), 0, "path").map(Path::to_owned));
    assert_eq!(said, "path: an empty path");
    let none: *const admit_error_t = ptr::null();
    assert!(given(|call| Ok(call.optional(none)?.is_none())));
    assert_eq!(refusal(|call| call.handle(none).map(|_| ())), "error: NULL");
    assert!(given(|call| call
        .given(admit_str_t::NONE, "text")
        .map(|text| text.is_none())));
    assert_eq!(
        given(|call| Ok(call.given("".into(), "text")?.map(str::len))),
        Some(0)
    );
    let of = |text: admit_str_t| {
        given(|call| Ok(call.pointed(&raw const text, "text")?.map(str::to_owned)))
    };
    assert_eq!(of("one".into()).as_deref(), Some("one"));
    assert_eq!(
        given(|call| call
            .pointed(ptr::null(), "text")
            .map(|text| text.map(str::len))),
        None
    );
    for nothing in [admit_str_t::NONE, "".into()] {
        let said = refusal(|call| call.pointed(&raw const nothing, "text").map(|_| ()));
        assert_eq!(said, "text: no text");
    }
}

#[test]
fn lengths_and_places_that_cannot_be_are_refused() {
    let data = [1_u64, 2, 3];
    for count in [
        usize::MAX,
        usize::MAX / 8,
        isize::MAX.unsigned_abs() / 8 + 1,
    ] {
        let said = refusal(|call| call.list(data.as_ptr(), count, "data").map(<[u64]>::len));
        assert_eq!(
            said,
            format!("data: a length of {count}, longer than memory")
        );
    }
    let beside = data.as_ptr().cast::<u8>().wrapping_add(1).cast::<u64>();
    let said = refusal(|call| call.list(beside, 1, "data").map(<[u64]>::len));
    assert_eq!(said, "data: a pointer that is not aligned");
    let said = refusal(|call| call.text(c"\xff".as_ptr(), 1, "data").map(str::len));
    assert_eq!(said, "data: not UTF-8");
    let said = refusal(|call| call.handle::<admit_error_t>(beside.cast()).map(|_| ()));
    assert_eq!(said, "error: a pointer that is not aligned");
}

#[test]
fn another_handle_is_refused_and_left_alone() {
    let error: *mut admit_error_t = leak(Error::new(ErrorKind::Internal, "one").into());
    let other: *mut admit_engine_t = error.cast();
    let said = refusal(|call| call.handle(other).map(|_| ()));
    assert_eq!(said, "engine: no engine, or one that was freed");
    given(|call| {
        call.free(other);
        Ok(())
    });
    // SAFETY: made above; both calls take any pointer, and this is the last one.
    unsafe {
        assert_eq!(text_of(admit_error_message(error)), "one");
        admit_error_free(error);
        admit_error_free(ptr::null_mut());
    }
}

#[test]
fn a_result_is_written_on_success_alone() {
    let mut place: *mut admit_error_t = ptr::null_mut();
    let error = call!(|call| {
        let _out = call.out(&raw mut place)?;
        Err(Error::new(ErrorKind::Internal, "failed"))
    });
    assert!(place.is_null());
    given(|call| {
        call.free(error);
        call.out(&raw mut place)?
            .give(Error::new(ErrorKind::Internal, "made").into());
        let said = call.handle(place)?.error.to_string();
        call.free(place);
        assert_eq!(said, "made");
        Ok(())
    });
    let none: *mut *mut admit_error_t = ptr::null_mut();
    assert_eq!(
        refusal(|call| call.out(none).map(|_| ())),
        "error_out: NULL"
    );
}

/// A block whose last member was added later.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grown {
    size: usize,
    first: u32,
    second: u32,
    added: u64,
}

// SAFETY: the size comes first, and all members are numbers.
unsafe impl Block for Grown {
    const FIRST: usize = mem::offset_of!(Grown, added);
}

/// The same as a caller has it that knows one member more.
#[repr(C)]
struct Newer {
    known: Grown,
    unknown: u64,
}

fn newer(unknown: u64) -> Newer {
    Newer {
        known: Grown {
            size: size_of::<Newer>(),
            first: 1,
            second: 2,
            added: 3,
        },
        unknown,
    }
}

#[test]
fn blocks_of_other_versions_are_read() {
    // As long as its first version, and nothing stands behind it.
    let older = [16_usize, 1 | 2 << 32];
    let read = given(|call| call.block(older.as_ptr().cast::<Grown>(), "grown"));
    let expected = Grown {
        size: 16,
        first: 1,
        second: 2,
        added: 0,
    };
    assert_eq!(read, expected);
    let silent = newer(0);
    let read = given(|call| call.block((&raw const silent).cast::<Grown>(), "grown"));
    assert_eq!(read, silent.known);
    let telling = newer(1 << 63);
    let said = refusal(|call| call.block((&raw const telling).cast::<Grown>(), "grown"));
    assert_eq!(
        said,
        "grown: says more than this version of the library knows"
    );
    assert_eq!(
        given(|call| call.block(ptr::null::<Grown>(), "grown")).added,
        0
    );
    for size in [0, 1, 15, 17, 20, 25, LONGEST_BLOCK + 8, usize::MAX] {
        let said = refusal(|call| call.block((&raw const size).cast::<Grown>(), "grown"));
        assert_eq!(
            said,
            format!("grown: says that its size is {size}; in this version it is 24")
        );
    }
    let limits = [size_of::<admit_limits_t>() - 8; 5];
    refusal(|call| {
        call.block(limits.as_ptr().cast::<admit_limits_t>(), "limits")
            .map(|_| ())
    });
}

#[test]
fn blocks_of_other_versions_are_filled() {
    let full = newer(0).known;
    let mut older = [16_usize, 0];
    given(|call| call.fill(older.as_mut_ptr().cast(), &full, "grown"));
    assert_eq!(older, [16, 1 | 2 << 32]);
    let mut place = newer(7);
    place.known.added = 0;
    given(|call| call.fill((&raw mut place).cast(), &full, "grown"));
    assert_eq!((place.known, place.unknown), (full, 7));
    let said = refusal(|call| call.fill(ptr::null_mut(), &full, "grown"));
    assert_eq!(said, "grown: NULL");
}

/// Answers by its key, and counts.
unsafe extern "C-unwind" fn answers(
    user_data: *mut c_void,
    key: *const c_char,
    key_len: usize,
    remaining_ms: u64,
    answer: *mut admit_fact_answer_t,
) {
    assert_eq!(remaining_ms, 5);
    // SAFETY: it is what `counting` made.
    unsafe { (*user_data.cast::<AtomicUsize>()).fetch_add(1, Ordering::Relaxed) };
    let key = given(|call| call.text(key, key_len, "key").map(str::to_owned));
    let json = c"{\"used\":1}";
    // SAFETY: this is the lookup that the answer is for.
    unsafe {
        match key.as_str() {
            "value" => admit_fact_answer_json(answer, json.as_ptr(), json.count_bytes()),
            "none" => admit_fact_answer_none(answer),
            "error" => admit_fact_answer_error(answer, json.as_ptr(), json.count_bytes()),
            "null" => admit_fact_answer_json(answer, ptr::null(), 3),
            "twice" => {
                admit_fact_answer_none(answer);
                admit_fact_answer_none(answer);
            }
            _ => {}
        }
    }
}

unsafe extern "C-unwind" fn ends(user_data: *mut c_void) {
    // SAFETY: it is what `counting` made, and ends here.
    drop(unsafe { Arc::from_raw(user_data.cast::<AtomicUsize>()) });
}

fn counting(asked: &Arc<AtomicUsize>) -> UserData {
    let pointer = Arc::into_raw(Arc::clone(asked)).cast_mut().cast();
    Call(()).user_data(pointer, Some(ends))
}

#[test]
fn lookups_are_answered_and_what_they_were_given_ends_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let lookup = Lookup::new(Some(answers), counting(&asked)).unwrap();
    let ask = |key| lookup.ask(key, 5).into_answer();
    assert!(ask("value").unwrap().is_some());
    assert!(ask("none").unwrap().is_none());
    for (key, says) in [
        ("error", "used"),
        ("null", "json: NULL"),
        ("twice", "it answered twice"),
        ("silence", "it returned without an answer"),
    ] {
        let said = ask(key).unwrap_err().to_string();
        assert!(said.contains(says), "{key}: {said}");
    }
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert!(ask("value").is_ok()));
        }
    });
    assert_eq!(
        (asked.load(Ordering::Relaxed), Arc::strong_count(&asked)),
        (8, 2)
    );
    drop(lookup);
    assert_eq!(Arc::strong_count(&asked), 1);
    assert!(Lookup::new(None, counting(&asked)).is_none());
    assert_eq!(Arc::strong_count(&asked), 1);
}

/// A handle that threads share, as C does.
struct Shared(*const admit_error_t);

// SAFETY: what stands behind a handle is `Sync`.
unsafe impl Sync for Shared {}

impl Shared {
    fn get(&self) -> *const admit_error_t {
        self.0
    }
}

/// Texts point into what stands behind the handle, and several threads make them at once.
#[test]
fn texts_live_as_long_as_their_handle() {
    let error: *mut admit_error_t = leak(Error::new(ErrorKind::Set, "doubled").at("ids").into());
    let shared = Shared(error);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                // SAFETY: it lives until after the threads.
                let said = text_of(unsafe { admit_error_message(shared.get()) });
                assert_eq!(said, "ids: doubled");
            });
        }
    });
    let document = b"{}";
    let mut findings: *mut admit_findings_t = ptr::null_mut();
    // SAFETY: everything is as the header wants it.
    unsafe {
        admit_error_free(error);
        assert!(admit_lint(document.as_ptr(), document.len(), 0, &raw mut findings).is_null());
        for index in 0..admit_findings_count(findings) {
            let mut finding = mem::zeroed::<admit_finding_t>();
            assert!(!admit_findings_get(findings, index, &raw mut finding));
            finding.size = size_of::<admit_finding_t>();
            assert!(admit_findings_get(findings, index, &raw mut finding));
            assert!(!text_of(finding.code).is_empty() && !text_of(finding.problem).is_empty());
            assert!(finding.policy.data.is_null());
        }
        admit_findings_free(findings);
    }
}

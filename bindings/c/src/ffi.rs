//! Where pointers of C become references, and nowhere else.
//!
//! What an exported function is given it reads through a [`Call`], which only the macros [`call!`] and
//! [`get!`] make: so there is no function without their guard against panics, and no pointer that is
//! not looked at first.

use std::{
    any::Any,
    ffi::{OsStr, c_char, c_void},
    marker::PhantomData,
    mem::{self, MaybeUninit},
    os::unix::ffi::OsStrExt as _,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    ptr, slice,
};

use admit::{Error, ErrorKind};

use crate::{
    error::{Failure, admit_error_t},
    facts::{Given, admit_fact_answer_t},
    text::admit_str_t,
};

/// The body of a function that can fail: NULL, or the error.
macro_rules! call {
    (|$call:ident| $body:block) => {
        // SAFETY: the function's caller keeps the contract at the head of the header.
        unsafe { $crate::ffi::Call::fallible(|$call| $body) }
    };
}

/// The body of a function that cannot fail: what it gives, or this where there is nothing.
macro_rules! get {
    ($nothing:expr, |$call:ident| $body:block) => {
        // SAFETY: the function's caller keeps the contract at the head of the header.
        unsafe { $crate::ffi::Call::total($nothing, |$call| $body) }
    };
}

pub(crate) use {call, get};

/// One call of an exported function: what it was given may be read while it lasts.
pub(crate) struct Call(());

/// That something is none that the call takes.
fn refused(name: &str, detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::Argument, detail).at(name)
}

/// Does something; a panic is an error.
fn guarded<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(panicked(panic)))
}

fn panicked(panic: Box<dyn Any + Send>) -> Error {
    let said = match panic.downcast::<&str>() {
        Ok(said) => (*said).to_owned(),
        Err(panic) => match panic.downcast::<String>() {
            Ok(said) => *said,
            Err(other) => {
                // To drop what nobody knows could panic again.
                mem::forget(other);
                String::from("without a text")
            }
        },
    };
    Error::new(ErrorKind::Internal, format!("a panic: {said}"))
}

impl Call {
    /// # Safety
    ///
    /// The pointers that the body hands to the call come from C, under the header's contract.
    pub(crate) unsafe fn fallible(
        body: impl FnOnce(&Self) -> Result<(), Error>,
    ) -> *mut admit_error_t {
        match guarded(|| body(&Self(()))) {
            Ok(()) => ptr::null_mut(),
            Err(error) => leak(Failure::from(error)),
        }
    }

    /// # Safety
    ///
    /// As for [`fallible`](Self::fallible).
    pub(crate) unsafe fn total<T>(nothing: T, body: impl FnOnce(&Self) -> Result<T, Error>) -> T {
        guarded(|| body(&Self(()))).unwrap_or(nothing)
    }

    /// What stands behind a handle.
    pub(crate) fn handle<H: Handle>(&self, handle: *const H) -> Result<&H::Value, Error> {
        let live = living(handle)?;
        // SAFETY: it is one that `leak` or `Lookup::ask` made, and the contract keeps it for the call.
        // Nothing makes an exclusive reference to it.
        Ok(unsafe { &(*live).value })
    }

    /// What stands behind a handle that may be NULL.
    pub(crate) fn optional<H: Handle>(&self, handle: *const H) -> Result<Option<&H::Value>, Error> {
        if handle.is_null() {
            return Ok(None);
        }
        self.handle(handle).map(Some)
    }

    /// Ends a handle. NULL, and what is none that lives, is left alone.
    pub(crate) fn free<H: Handle>(&self, handle: *mut H) {
        if let Ok(live) = living(handle) {
            // SAFETY: `leak` made it, and the contract says that nobody uses it any more.
            drop(unsafe { unleak(live) });
        }
    }

    /// Where a result is written: looked at before anything is done for it.
    pub(crate) fn out<H: Handle>(&self, place: *mut *mut H) -> Result<Out<'_, H>, Error> {
        checked(place, "").map_err(|error| error.at(format!("{}_out", H::NAME)))?;
        Ok(Out {
            place,
            call: PhantomData,
        })
    }

    /// Bytes. NULL is none, if its length is 0.
    pub(crate) fn bytes(&self, data: *const u8, len: usize, name: &str) -> Result<&[u8], Error> {
        self.list(data, len, name)
    }

    /// A list. NULL is an empty one, if its count is 0.
    pub(crate) fn list<T: Copy>(
        &self,
        items: *const T,
        count: usize,
        name: &str,
    ) -> Result<&[T], Error> {
        if count == 0 {
            return Ok(&[]);
        }
        checked(items, name)?;
        let fits = count.checked_mul(size_of::<T>());
        if fits.is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
            return Err(refused(
                name,
                format!("a length of {count}, longer than memory"),
            ));
        }
        // SAFETY: it is not NULL, it is aligned, its length can be; the contract says that so many
        // stand there and stay as they are for the call. Every `T` here may have any bytes.
        Ok(unsafe { slice::from_raw_parts(items, count) })
    }

    /// Text.
    pub(crate) fn text(&self, data: *const c_char, len: usize, name: &str) -> Result<&str, Error> {
        let bytes = self.bytes(data.cast(), len, name)?;
        str::from_utf8(bytes).map_err(|_| refused(name, "not UTF-8"))
    }

    /// A text of a list.
    pub(crate) fn view(&self, text: admit_str_t, name: &str) -> Result<&str, Error> {
        self.text(text.data, text.len, name)
    }

    /// A text of an option block; NULL says that it is not given. An empty one is.
    pub(crate) fn given(&self, text: admit_str_t, name: &str) -> Result<Option<&str>, Error> {
        let is_given = !text.data.is_null() || text.len != 0;
        is_given.then(|| self.view(text, name)).transpose()
    }

    /// A text that an option block points to; NULL says that it is not given. What is given must say
    /// something, so that "no text" of another call is refused, and is not the default.
    pub(crate) fn pointed(
        &self,
        text: *const admit_str_t,
        name: &str,
    ) -> Result<Option<&str>, Error> {
        if text.is_null() {
            return Ok(None);
        }
        let text = self.list(text, 1, name)?.first().copied();
        match self.view(text.unwrap_or(admit_str_t::NONE), name)? {
            "" => Err(refused(name, "no text")),
            text => Ok(Some(text)),
        }
    }

    /// The path of a file: any bytes.
    pub(crate) fn path(&self, data: *const c_char, len: usize, name: &str) -> Result<&Path, Error> {
        let bytes = self.bytes(data.cast(), len, name)?;
        if bytes.is_empty() {
            return Err(refused(name, "an empty path"));
        }
        Ok(Path::new(OsStr::from_bytes(bytes)))
    }

    /// An option block; NULL is one that says nothing. What an older caller does not know is 0, and
    /// what a newer one says beyond what is known here must be.
    pub(crate) fn block<B: Block>(&self, block: *const B, name: &str) -> Result<B, Error> {
        let mut read = MaybeUninit::<B>::zeroed();
        if !block.is_null() {
            let size = block_size(block, name)?;
            let known = size.min(size_of::<B>());
            // SAFETY: the caller says that so many bytes stand there; `read` has place for them.
            let beyond = unsafe {
                ptr::copy_nonoverlapping(block.cast::<u8>(), read.as_mut_ptr().cast(), known);
                slice::from_raw_parts(block.cast::<u8>().add(known), size - known)
            };
            if beyond.iter().any(|byte| *byte != 0) {
                let detail = "says more than this version of the library knows";
                return Err(refused(name, detail));
            }
        }
        // SAFETY: a block may have any bytes, all 0 included.
        Ok(unsafe { read.assume_init() })
    }

    /// Fills a block of the caller's, as far as both know it: its size stays, and so does what stands
    /// behind what is known here. A size that is wrong must not lead past the block.
    pub(crate) fn fill<B: Block>(&self, place: *mut B, block: &B, name: &str) -> Result<(), Error> {
        let size = block_size(place, name)?;
        let known = size.min(size_of::<B>());
        let head = size_of::<usize>();
        // SAFETY: the caller says that so many bytes stand there, and they are not `block`'s.
        unsafe {
            let place = place.cast::<u8>();
            let from = ptr::from_ref(block).cast::<u8>();
            ptr::copy_nonoverlapping(from.add(head), place.add(head), known - head);
        }
        Ok(())
    }

    /// What C keeps for its callbacks. Ends with what is returned here, whatever else goes wrong.
    pub(crate) fn user_data(&self, pointer: *mut c_void, destroy: admit_destroy_t) -> UserData {
        UserData { pointer, destroy }
    }
}

/// A type of the header that C has pointers to, and what stands behind them.
pub(crate) trait Handle: Sized {
    /// What stands behind. Threads share it.
    type Value: Send + Sync;
    /// What parameters of it are called.
    const NAME: &'static str;
    /// What a living one begins with.
    const TAG: u64 = tag(Self::NAME);
}

/// What a pointer to a handle points to.
#[repr(C)]
struct Live<T> {
    tag: u64,
    value: T,
}

/// The tag of what is freed.
const FREED: u64 = 0;

/// A number that memory has hardly by chance (FNV-1a).
const fn tag(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut bytes = name.as_bytes();
    while let [first, rest @ ..] = bytes {
        hash = (hash ^ *first as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    hash | 1
}

/// Makes a handle. It lives until it is freed.
fn leak<H: Handle>(value: H::Value) -> *mut H {
    let live = Live { tag: H::TAG, value };
    Box::into_raw(Box::new(live)).cast()
}

/// Ends a handle, and gives what stood behind it. The tag goes first, so that a second call may see it.
///
/// # Safety
///
/// [`leak`] made it, and nobody uses it any more.
unsafe fn unleak<T>(live: *mut Live<T>) -> T {
    // SAFETY: the caller says so.
    unsafe {
        (&raw mut (*live).tag).write_volatile(FREED);
        Box::from_raw(live).value
    }
}

/// A handle that lives, as far as can be seen.
fn living<H: Handle>(handle: *const H) -> Result<*mut Live<H::Value>, Error> {
    let live = handle.cast::<Live<H::Value>>();
    checked(live, H::NAME)?;
    // SAFETY: a handle begins with its tag. That it may be a freed one is why it is looked at.
    let tag = unsafe { (&raw const (*live).tag).read_volatile() };
    if tag != H::TAG {
        let detail = format!("no {}, or one that was freed", H::NAME);
        return Err(refused(H::NAME, detail));
    }
    Ok(live.cast_mut())
}

/// That a pointer is one that something can stand behind.
fn checked<T>(pointer: *const T, name: &str) -> Result<(), Error> {
    if pointer.is_null() {
        return Err(refused(name, "NULL"));
    }
    if !pointer.is_aligned() {
        return Err(refused(name, "a pointer that is not aligned"));
    }
    Ok(())
}

/// A place for a result.
#[must_use = "a call that succeeds writes its results"]
pub(crate) struct Out<'c, H> {
    place: *mut *mut H,
    call: PhantomData<&'c Call>,
}

impl<H: Handle> Out<'_, H> {
    /// Writes the result, as a new handle.
    pub(crate) fn give(self, value: H::Value) {
        // SAFETY: `Call::out` looked at the place, and the contract says that it can be written.
        unsafe { self.place.write(leak(value)) }
    }
}

/// A struct of the header whose first member says how long it is.
///
/// # Safety
///
/// `repr(C)`, the first member a `usize`, no gaps, and any bytes, all 0 included, are a value.
pub(crate) unsafe trait Block: Copy {
    /// How long its first version was: where members have been added since, the offset of the first.
    const FIRST: usize = size_of::<Self>();
}

/// Longer than any block will ever be.
const LONGEST_BLOCK: usize = 512;

/// The size that a block says it has, if one of its versions can have it.
fn block_size<B: Block>(block: *const B, name: &str) -> Result<usize, Error> {
    checked(block, name)?;
    // SAFETY: a block begins with its size.
    let size = unsafe { block.cast::<usize>().read() };
    if !(B::FIRST..=LONGEST_BLOCK).contains(&size) || !size.is_multiple_of(align_of::<B>()) {
        let known = size_of::<B>();
        let detail = format!("says that its size is {size}; in this version it is {known}");
        return Err(refused(name, detail));
    }
    Ok(size)
}

/// Ends what a callback was given; called once, from any thread. Must return: no exception, no
/// longjmp.
pub type admit_destroy_t = Option<unsafe extern "C-unwind" fn(user_data: *mut c_void)>;

/// What C keeps for its callbacks, and how that ends.
pub(crate) struct UserData {
    pointer: *mut c_void,
    destroy: admit_destroy_t,
}

// SAFETY: the header says that callbacks are called from any thread, from several at once.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(destroy) = self.destroy {
            // SAFETY: C gave them together; this is the only call.
            unsafe { destroy(self.pointer) }
        }
    }
}

/// Answers one lookup of a fact: see `admit_facts_add_callback`.
///
/// `user_data` is what was given with the function. `key` is UTF-8, `key_len` bytes, and lives as long
/// as the call; a GUID comes in lower case with hyphens. `remaining_ms` milliseconds are left of the
/// deadline of the policy that asks: an answer that comes later is a fault. The answer is given by one
/// call of `admit_fact_answer_json`, `admit_fact_answer_none` or `admit_fact_answer_error`, with
/// `answer`, which lives as long as the call; to return without one is a fault, never "no such key".
///
/// Called on the thread that evaluates, by several threads at once where several evaluate. It may
/// evaluate itself, the same set too, and may free the set that asks, which then goes on until its report
/// is made. Must return: no exception, no longjmp.
pub type admit_fact_lookup_t = Option<
    unsafe extern "C-unwind" fn(
        user_data: *mut c_void,
        key: *const c_char,
        key_len: usize,
        remaining_ms: u64,
        answer: *mut admit_fact_answer_t,
    ),
>;

/// A function of C's that answers lookups.
pub(crate) struct Lookup {
    function: unsafe extern "C-unwind" fn(
        *mut c_void,
        *const c_char,
        usize,
        u64,
        *mut admit_fact_answer_t,
    ),
    user_data: UserData,
}

impl Lookup {
    /// None without a function.
    pub(crate) fn new(function: admit_fact_lookup_t, user_data: UserData) -> Option<Self> {
        Some(Self {
            function: function?,
            user_data,
        })
    }

    /// Asks, and gives what the function has left.
    pub(crate) fn ask(&self, key: &str, remaining_ms: u64) -> Given {
        let answer = leak::<admit_fact_answer_t>(Given::default());
        let text = admit_str_t::from(key);
        // SAFETY: C gave function and data together, and the arguments are as the header says. The answer
        // is C's while the function runs.
        unsafe {
            let data = self.user_data.pointer;
            (self.function)(data, text.data, text.len, remaining_ms, answer);
            unleak(answer.cast())
        }
    }
}

// SAFETY: views are read through a `Call` alone, whose caller says that they may be; those that are
// given out are of what does not change while its handle lives.
unsafe impl Send for admit_str_t {}
// SAFETY: as above.
unsafe impl Sync for admit_str_t {}

#[cfg(test)]
mod tests;

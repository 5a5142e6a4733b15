//! Errors, as C holds them.

use std::sync::OnceLock;

use admit::{Error, ErrorKind, FaultKind};

use crate::{
    ffi::{Handle, get},
    text::admit_str_t,
};

/// Why a call did nothing. Owned by who called: end it with `admit_error_free`.
pub struct admit_error_t;

impl Handle for admit_error_t {
    type Value = Failure;
    const NAME: &'static str = "error";
}

/// The engine's error, with its text once someone has asked for it.
pub(crate) struct Failure {
    pub(crate) error: Error,
    message: OnceLock<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            message: OnceLock::new(),
        }
    }
}

/// What kind of thing cannot be used. Numbers and names never change; later versions add some.
#[repr(u32)]
#[expect(dead_code, reason = "for C; numbers come from the engine")]
pub enum admit_error_code_t {
    /// No error.
    ADMIT_ERROR_NONE = 0,
    /// The callout is not JSON text in UTF-8.
    ADMIT_ERROR_CALLOUT_SYNTAX = 101,
    /// The callout is larger, deeper or wider than is read.
    ADMIT_ERROR_CALLOUT_LIMIT = 102,
    /// A value of the callout has the wrong JSON type.
    ADMIT_ERROR_CALLOUT_TYPE = 103,
    /// A member that a callout must have is missing.
    ADMIT_ERROR_CALLOUT_MISSING = 104,
    /// A member stands twice in one object, equal but for case.
    ADMIT_ERROR_CALLOUT_REPEATED = 105,
    /// The stage is not one that is known.
    ADMIT_ERROR_CALLOUT_STAGE = 106,
    /// Envelope and data contradict each other.
    ADMIT_ERROR_CALLOUT_ENVELOPE = 107,
    /// An id is not a GUID.
    ADMIT_ERROR_CALLOUT_ID = 108,
    /// The callback path is not a relative path to this request's resume action.
    ADMIT_ERROR_CALLOUT_CALLBACK_PATH = 109,
    /// The callout is of another kind or catalog than the extension that is answered for.
    ADMIT_ERROR_CALLOUT_EXTENSION = 110,
    /// Another object of Graph's, such as a resume body or an extension, cannot be read.
    ADMIT_ERROR_GRAPH_OBJECT = 121,
    /// The policy file cannot be read.
    ADMIT_ERROR_POLICY_FILE = 201,
    /// The policy is not a WebAssembly component, or a damaged one.
    ADMIT_ERROR_POLICY_FORMAT = 202,
    /// The policy imports or exports other things than the contract's.
    ADMIT_ERROR_POLICY_INTERFACE = 203,
    /// What the policy says about itself is missing, doubled or malformed.
    ADMIT_ERROR_POLICY_METADATA = 204,
    /// The policy's bytes are not those that the set pins.
    ADMIT_ERROR_POLICY_PIN = 205,
    /// The policy's settings do not fit its schema, or the policy refused them.
    ADMIT_ERROR_POLICY_SETTINGS = 206,
    /// The policy does not fit the limits, or failed while it was loaded.
    ADMIT_ERROR_POLICY_LOAD = 207,
    /// The policy set file, or the extension file that it names, cannot be read.
    ADMIT_ERROR_SET_FILE = 301,
    /// The policy set says something that cannot be: the text names what and where.
    ADMIT_ERROR_SET = 302,
    /// A source of facts cannot be opened or read, or its query cannot be used.
    ADMIT_ERROR_FACT_SOURCE = 311,
    /// Recorded facts cannot be read, or lack one that a policy asks for.
    ADMIT_ERROR_FACT_RECORD = 312,
    /// An argument of a call is none that the call takes, such as NULL in C.
    ADMIT_ERROR_ARGUMENT = 401,
    /// A defect of this library.
    ADMIT_ERROR_INTERNAL = 901,
}

/// A number of C's that should be one of [`admit_error_code_t`].
pub type error_code = u32;

/// Which way a policy failed. Numbers and names never change; later versions add some.
#[repr(u32)]
#[expect(dead_code, reason = "for C; numbers come from the engine")]
pub enum admit_fault_code_t {
    /// No fault.
    ADMIT_FAULT_NONE = 0,
    /// The policy trapped.
    ADMIT_FAULT_TRAP = 1,
    /// The policy used up its fuel.
    ADMIT_FAULT_FUEL = 2,
    /// The policy did not end in time.
    ADMIT_FAULT_DEADLINE = 3,
    /// The policy asked for more memory than it may have.
    ADMIT_FAULT_MEMORY = 4,
    /// The policy used up its stack.
    ADMIT_FAULT_STACK = 5,
    /// No instance became free in time, or the thread has too little stack left.
    ADMIT_FAULT_CAPACITY = 6,
    /// A lookup was not granted, failed, or gave a value of another type.
    ADMIT_FAULT_FACTS = 7,
    /// A setting has another type than the one asked for.
    ADMIT_FAULT_SETTINGS = 8,
    /// The answer is none, two or malformed.
    ADMIT_FAULT_ANSWER = 9,
    /// The answer is one that the stage cannot take.
    ADMIT_FAULT_EFFECT = 10,
    /// The policy said itself that it could not evaluate.
    ADMIT_FAULT_REFUSED = 11,
    /// A defect of this library.
    ADMIT_FAULT_INTERNAL = 12,
}

/// A number of C's that should be one of [`admit_fault_code_t`].
pub type fault_code = u32;

/// The kind of an error; `ADMIT_ERROR_NONE` of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_error_code(error: *const admit_error_t) -> error_code {
    get!(0, |call| { Ok(call.handle(error)?.error.kind().code()) })
}

/// What happened and where, in one line for people: the policy, if one is concerned, the place, the
/// problem.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_error_message(error: *const admit_error_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        let Failure { error, message } = call.handle(error)?;
        Ok(message.get_or_init(|| error.to_string()).as_str().into())
    })
}

/// Id of the policy that is concerned; no text where none is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_error_policy(error: *const admit_error_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        Ok(call.handle(error)?.error.policy().into())
    })
}

/// Where: a JSON pointer into the payload, a file with line and column, or the parameter of the call;
/// no text where there is no such place.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_error_path(error: *const admit_error_t) -> admit_str_t {
    get!(admit_str_t::NONE, |call| {
        Ok(call.handle(error)?.error.place().into())
    })
}

/// Ends an error. NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_error_free(error: *mut admit_error_t) {
    get!((), |call| {
        call.free(error);
        Ok(())
    });
}

/// The name of an error code for programs, such as `policy-pin`; no text of a number that is no code.
/// Lives as long as the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_error_slug(code: error_code) -> admit_str_t {
    get!(admit_str_t::NONE, |_call| {
        let kind = ErrorKind::ALL.iter().find(|kind| kind.code() == code);
        Ok(kind.map(|kind| kind.as_str()).into())
    })
}

/// The name of a fault code for programs, such as `deadline`; no text of a number that is no code.
/// Lives as long as the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_fault_slug(code: fault_code) -> admit_str_t {
    get!(admit_str_t::NONE, |_call| {
        let kind = FaultKind::ALL.iter().find(|kind| kind.code() == code);
        Ok(kind.map(|kind| kind.as_str()).into())
    })
}

//! Evaluating.

use std::sync::Arc;

use admit::{Callout, Error, ErrorKind, RecordedFacts};
use jiff::{Timestamp, Unit};

use crate::{
    choice::reserved,
    error::admit_error_t,
    ffi::{Block, Call, call},
    report::admit_report_t,
    set::admit_set_t,
    text::admit_str_t,
};

/// How a callout is evaluated. What is 0 or NULL is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct admit_evaluate_options_t {
    /// `sizeof(admit_evaluate_options_t)`.
    pub size: usize,
    /// The instant that policies see, in microseconds since 1970-01-01T00:00:00Z. What is before the year
    /// 2000 or after 9999 is `ADMIT_ERROR_ARGUMENT`, as seconds, milliseconds and nanoseconds are.
    /// Default: the system's clock.
    pub now_us: i64,
    /// Facts that an earlier report recorded, and no others: its JSON text with `ADMIT_JSON_EVIDENCE`.
    /// No source is asked then. NULL: the set's own facts. One without text, as `admit_report_json` gives
    /// of NULL, is `ADMIT_ERROR_ARGUMENT`.
    pub record: *const admit_str_t,
    /// Not 0: do not keep what policies read of the callout. Decisions are the same.
    pub without_reads: u32,
    /// 0, and anything else is an error.
    pub reserved: u32,
}

// SAFETY: the size comes first, and all members are numbers and pointers.
#[expect(unsafe_code, reason = "says what the type is")]
unsafe impl Block for admit_evaluate_options_t {}

/// Evaluates a callout: asks every policy of the set that answers its stage, each in a fresh instance,
/// and combines what they say.
///
/// `callout` is the payload as it was received; it is not used after the call. `options` may be NULL:
/// the defaults. What goes wrong in a policy or in its facts is a fault in the report, which denies or
/// withholds, and no error. The same callout, instant, facts and set give the same report. Errors:
/// `ADMIT_ERROR_CALLOUT_SYNTAX` and its siblings for what is no callout, `ADMIT_ERROR_FACT_RECORD` for
/// a record of another callout, of an evaluation that was cut short, or that lacks a fact.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn admit_evaluate(
    set: *const admit_set_t,
    callout: *const u8,
    callout_len: usize,
    options: *const admit_evaluate_options_t,
    report_out: *mut *mut admit_report_t,
) -> *mut admit_error_t {
    call!(|call| {
        let out = call.out(report_out)?;
        let set = Arc::clone(call.handle(set)?);
        let callout = call.bytes(callout, callout_len, "callout")?;
        let options = call.block(options, "options")?;
        reserved(options.reserved)?;
        let record = recorded(call, options.record)?;
        let now = instant(options.now_us)?;
        let callout = Callout::parse(callout)?;
        let mut evaluation = set.evaluation(&callout, now);
        if let Some(record) = record {
            evaluation = evaluation.with_facts(record);
        }
        if options.without_reads != 0 {
            evaluation = evaluation.without_reads();
        }
        out.give(evaluation.run()?.into());
        Ok(())
    })
}

/// 2000-01-01T00:00:00Z. No callout is so old, and a number of another unit is not past it.
const EARLIEST_US: i64 = 946_684_800_000_000;

/// Whole microseconds, so that a report's instant can be given again.
fn instant(now_us: i64) -> Result<Timestamp, Error> {
    let refused = |detail: String| Error::new(ErrorKind::Argument, detail).at("now_us");
    if now_us == 0 {
        let now = Timestamp::now().round(Unit::Microsecond);
        return now.map_err(|error| refused(error.to_string()));
    }
    let now = Timestamp::from_microsecond(now_us).ok();
    now.filter(|_| now_us >= EARLIEST_US).ok_or_else(|| {
        let detail = format!("{now_us}, which is no microsecond of the years 2000 to 9999");
        refused(detail)
    })
}

fn recorded(call: &Call, text: *const admit_str_t) -> Result<Option<RecordedFacts>, Error> {
    let text = call.pointed(text, "record")?;
    text.map(RecordedFacts::from_json).transpose()
}

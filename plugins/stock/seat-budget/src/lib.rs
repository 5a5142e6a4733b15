//! Calls requests off when no seats are left.

use admit_policy::{Callout, Policy, Settings, Verdict, guid, policy};

/// The policy: whose seats are counted.
pub struct SeatBudget {
    packages: Vec<String>,
    /// Seats that are kept free.
    reserve: i64,
}

impl Policy for SeatBudget {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let packages = settings.guids("/packages");
        if packages.is_empty() {
            return Err(settings.error("/packages", "empty, so no seats would be counted"));
        }
        let reserve = settings.integer("/reserve").unwrap_or(0);
        if reserve < 0 {
            return Err(settings.error("/reserve", "less than 0"));
        }
        Ok(Self { packages, reserve })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        if !takes_a_seat(callout) {
            return Ok(Verdict::abstain("no-seat-taken", ""));
        }
        // An id that is not a GUID would be none of those that are counted.
        let Some(package) = callout.access_package().id().and_then(|id| guid(&id)) else {
            return Ok(Verdict::deny(
                "no-package",
                "The request names no access package.",
            ));
        };
        if !self.packages.contains(&package) {
            return Ok(Verdict::abstain("not-covered", ""));
        }
        let record = callout.fact("seats", &package);
        let (Some(used), Some(bought)) = (record.integer("/used"), record.integer("/bought"))
        else {
            return Ok(Verdict::deny(
                "seats-unknown",
                "It is not known how many seats are left.",
            ));
        };
        if used < 0 || bought < 0 {
            return Err(["`seats`, `", &package, "`: a number less than 0"].concat());
        }
        // Neither can overflow: each number is within ±(2^53 - 1).
        if used + self.reserve < bought {
            return Ok(Verdict::approve("seats-left", ""));
        }
        let numbers = [&used.to_string(), " of ", &bought.to_string()].concat();
        let reserve = match self.reserve {
            0 => String::new(),
            reserve => [", and ", &reserve.to_string(), " kept free"].concat(),
        };
        Ok(Verdict::cancel(
            "no-seats",
            [
                "No seats are left: ",
                &numbers,
                " are used",
                &reserve,
                ". Please ask again later.",
            ]
            .concat(),
        ))
    }
}

policy!(SeatBudget);

/// Whether a request takes a seat: each does but those that are known to change or to remove what
/// someone has.
fn takes_a_seat(callout: &Callout) -> bool {
    !(callout.request_type()).is_some_and(|kind| kind.is_removal() || kind.is_update())
}

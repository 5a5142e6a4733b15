//! Lets a request through that names a ticket in the right state.

mod pattern;

use admit_policy::{Callout, Policy, Settings, Verdict, guid, policy};

use crate::pattern::Pattern;

/// Longest ticket number, in bytes. It bounds what a requestor can have searched, looked up and
/// shown to others.
const MAX_NUMBER: usize = 100;

/// The policy: which requests need a ticket, and what the ticket must be.
pub struct TicketReference {
    question: String,
    pattern: Pattern,
    upper_case: bool,
    states: Vec<String>,
    /// Packages that need a ticket; none means all.
    packages: Option<Vec<String>>,
    same_person: bool,
}

impl Policy for TicketReference {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let question = settings
            .text("/question")
            .ok_or_else(|| settings.error("", "needs `question`"))?;
        let pattern = settings
            .text("/pattern")
            .ok_or_else(|| settings.error("", "needs `pattern`"))?;
        let states = match settings.count("/states") {
            None => vec!["open".into()],
            Some(0) => return Err(settings.error("/states", "empty, so no ticket would do")),
            Some(_) => settings.texts("/states"),
        };
        let packages = match settings.count("/packages") {
            None => None,
            // An empty list could be meant as none or as all.
            Some(0) => return Err(settings.error("/packages", "empty; leave it out for all")),
            Some(_) => Some(settings.guids("/packages")),
        };
        Ok(Self {
            question,
            pattern: Pattern::new(&pattern)
                .map_err(|problem| settings.error("/pattern", &problem))?,
            upper_case: settings.flag("/upper-case").unwrap_or(false),
            states,
            packages,
            same_person: settings.flag("/same-person").unwrap_or(false),
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        if callout.request_type().is_some_and(|kind| kind.is_removal()) {
            return Ok(Verdict::abstain("removal", ""));
        }
        // An id that is not a GUID would be none of those that need a ticket.
        let Some(package) = callout.access_package().id().and_then(|id| guid(&id)) else {
            return Ok(Verdict::deny(
                "no-package",
                "The request names no access package.",
            ));
        };
        if !self.covers(&package) {
            return Ok(Verdict::abstain("not-covered", ""));
        }
        Ok(match self.number(callout) {
            Ok(number) => self.judge(callout, &number),
            Err((code, detail)) => Verdict::deny(code, detail),
        })
    }
}

policy!(TicketReference);

impl TicketReference {
    /// Whether a package needs a ticket.
    fn covers(&self, package: &String) -> bool {
        self.packages
            .as_ref()
            .is_none_or(|packages| packages.contains(package))
    }

    /// The ticket's number as it is looked up, or why there is none.
    fn number(&self, callout: &Callout) -> Result<String, (&'static str, &'static str)> {
        let answer = callout
            .answers()
            .to(&self.question)
            .and_then(|answer| answer.value())
            .unwrap_or_default();
        let mut number = answer.trim().to_owned();
        if number.is_empty() {
            return Err(("ticket-missing", "The request names no ticket."));
        }
        if self.upper_case {
            number.make_ascii_uppercase();
        }
        if number.len() > MAX_NUMBER || !self.pattern.fits(&number) {
            // What was answered is not repeated: it may be anything.
            return Err(("ticket-malformed", "The answer is not a ticket number."));
        }
        Ok(number)
    }

    fn judge(&self, callout: &Callout, number: &str) -> Verdict {
        let about = |what: &str| ["The ticket \"", number, "\" ", what].concat();
        let ticket = callout.fact("tickets", number);
        let Some(state) = ticket.text("/state") else {
            return Verdict::deny("ticket-unknown", about("is not known."));
        };
        if !self
            .states
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(&state))
        {
            return Verdict::deny(
                "ticket-not-open",
                about("is not in a state that allows access."),
            );
        }
        if self.same_person {
            let Some(target) = callout.target().object_id().and_then(|id| guid(&id)) else {
                return Verdict::deny("no-target", "The request does not say who gets access.");
            };
            if ticket.guid("/person") != Some(target) {
                return Verdict::deny("ticket-of-another", about("is not about who gets access."));
            }
        }
        Verdict::approve("ticket-open", about("allows access."))
    }
}

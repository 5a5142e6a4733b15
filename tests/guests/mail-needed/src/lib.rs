//! Refuses access for accounts without a mail address.

use admit_policy::{Callout, Policy, Settings, Verdict, policy};

/// The policy. It has no settings.
pub struct MailNeeded;

impl Policy for MailNeeded {
    fn configure(_settings: &Settings) -> Result<Self, String> {
        Ok(Self)
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        Ok(match callout.target().email() {
            Some(mail) if mail.contains('@') => Verdict::approve("has-mail", ""),
            _ => Verdict::deny("no-mail", "The account has no mail address."),
        })
    }
}

policy!(MailNeeded);

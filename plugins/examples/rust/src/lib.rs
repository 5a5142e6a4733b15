//! Watched packages need a justification.

use admit_policy::{Callout, Policy, Settings, Verdict, policy};

/// The policy, with what its settings say.
pub struct NightWatch {
    packages: Vec<String>,
}

impl Policy for NightWatch {
    // Once, when the policy set is loaded. Only settings can be read here.
    fn configure(settings: &Settings) -> Result<Self, String> {
        Ok(Self {
            packages: settings.guids("/packages"),
        })
    }

    // For each callout, in a fresh instance: nothing that it changes survives.
    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let Some(package) = callout.access_package().id() else {
            return Ok(Verdict::deny(
                "no-package",
                "The request names no access package.",
            ));
        };
        if !self.packages.contains(&package) {
            return Ok(Verdict::abstain("not-watched", ""));
        }
        let justification = (callout.answers().to("Business justification"))
            .and_then(|answer| answer.value())
            .unwrap_or_default();
        if justification.trim().is_empty() {
            return Ok(Verdict::deny(
                "no-justification",
                "Please say what you need the access for.",
            ));
        }
        Ok(Verdict::approve("justified", ""))
    }
}

policy!(NightWatch);

use admit_policy::{Callout, Policy, Settings, Verdict, policy};

struct Cleared;

impl Policy for Cleared {
    fn configure(_settings: &Settings) -> Result<Self, String> {
        Ok(Cleared)
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let package = callout.access_package().id();
        let (Some(package), Some(target)) = (package, callout.target().object_id()) else {
            return Ok(Verdict::deny("incomplete", "It is not said what is asked, or for whom."));
        };
        // None is absence and nothing else. What it means is yours to say.
        let Some(packages) = callout.fact("clearances", &target).guids("/packages")? else {
            return Ok(Verdict::deny("no-record", "The target's clearances are not known."));
        };
        Ok(if packages.contains(&package) {
            Verdict::approve("cleared", "")
        } else {
            Verdict::deny("not-cleared", "The target is not cleared for this package.")
        })
    }
}

policy!(Cleared);

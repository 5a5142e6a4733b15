//! Lets nobody hold access packages of two sides of a conflict.

mod conflict;

use admit_policy::{Callout, Policy, Settings, Verdict, guid, policy};

use crate::conflict::Conflict;

/// The policy: what must not come together.
pub struct SeparationOfDuties {
    conflicts: Vec<Conflict>,
    packages: Vec<Package>,
    /// Whether a target without a record holds nothing. Otherwise nobody knows what it holds.
    unrecorded_holds_nothing: bool,
}

/// What people call a package.
struct Package {
    id: String,
    name: String,
}

impl Policy for SeparationOfDuties {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let conflicts: Vec<_> = settings
            .items("/conflicts")
            .map(|conflict| Conflict::new(&conflict))
            .collect::<Result<_, _>>()?;
        if conflicts.is_empty() {
            return Err(settings.error("/conflicts", "empty, so nothing would be kept apart"));
        }
        let mut packages: Vec<Package> = Vec::new();
        for item in settings.items("/packages") {
            let package = Package::new(&item)?;
            if packages.iter().any(|named| named.id == package.id) {
                return Err(item.error("/id", "named already"));
            }
            packages.push(package);
        }
        let unrecorded_holds_nothing = match settings.text("/no-record").as_deref() {
            None | Some("deny") => false,
            Some("holds-nothing") => true,
            Some(_) => return Err(settings.error("/no-record", "neither deny nor holds-nothing")),
        };
        Ok(Self {
            conflicts,
            packages,
            unrecorded_holds_nothing,
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        if callout.request_type().is_some_and(|kind| kind.is_removal()) {
            return Ok(Verdict::abstain("removal", ""));
        }
        // An id that is not a GUID would be on no side, and a target's would have no record.
        let Some(package) = callout.access_package().id().and_then(|id| guid(&id)) else {
            return Ok(Verdict::deny(
                "no-package",
                "The request names no access package.",
            ));
        };
        let mut conflicts = self
            .conflicts
            .iter()
            .filter_map(|conflict| Some((conflict, conflict.side(&package)?)))
            .peekable();
        if conflicts.peek().is_none() {
            return Ok(Verdict::abstain("not-covered", ""));
        }
        let Some(target) = callout.target().object_id().and_then(|id| guid(&id)) else {
            return Ok(Verdict::deny("no-target", "The target has no object id."));
        };
        let held = match held(callout, &target)? {
            Some(held) => held,
            None if self.unrecorded_holds_nothing => Vec::new(),
            None => {
                return Ok(Verdict::deny(
                    "no-record",
                    "It is not known which access packages the target holds.",
                ));
            }
        };
        let found = conflicts.find_map(|(conflict, side)| {
            let other = held
                .iter()
                .find(|held| conflict.side(held).is_some_and(|other| other != side))?;
            Some((conflict, other))
        });
        let Some((conflict, other)) = found else {
            return Ok(Verdict::approve("no-conflict", ""));
        };
        let asked = match self.name(&package) {
            Some(name) => name.to_owned(),
            None => callout
                .access_package()
                .display_name()
                .filter(|name| !name.is_empty())
                .unwrap_or(package),
        };
        Ok(Verdict::deny(
            "sod-conflict",
            [
                "\"",
                &asked,
                "\" may not be held together with \"",
                self.name(other).unwrap_or(other),
                "\", which is held already: separation of duties \"",
                &conflict.name,
                "\".",
            ]
            .concat(),
        ))
    }
}

policy!(SeparationOfDuties);

impl SeparationOfDuties {
    fn name(&self, id: &str) -> Option<&str> {
        let package = self.packages.iter().find(|package| package.id == id)?;
        Some(&package.name)
    }
}

impl Package {
    fn new(package: &Settings) -> Result<Self, String> {
        Ok(Self {
            id: package
                .guid("/id")
                .ok_or_else(|| package.error("", "a package needs an `id`"))?,
            name: package
                .text("/name")
                .ok_or_else(|| package.error("", "a package needs a `name`"))?,
        })
    }
}

/// Ids of the packages that a target holds; none where there is no record. A record that does not
/// say it all is an error, since what it leaves out may be the other side.
fn held(callout: &Callout, target: &str) -> Result<Option<Vec<String>>, String> {
    let record = callout.fact("held", target);
    let packages = record.guids("/packages")?;
    if packages.is_none() && record.exists() {
        return Err("the fact `held`: a record without `packages`".into());
    }
    Ok(packages)
}

//! Conflicts.

use admit_policy::Settings;

/// Access packages of which nobody may hold two of different sides.
pub(crate) struct Conflict {
    pub(crate) name: String,
    /// At least two, none of them empty, and no package on two of them.
    sides: Vec<Vec<String>>,
}

impl Conflict {
    pub(crate) fn new(conflict: &Settings) -> Result<Self, String> {
        let name = conflict
            .text("/name")
            .ok_or_else(|| conflict.error("", "a conflict needs a `name`"))?;
        let mut read = Self {
            name,
            sides: Vec::new(),
        };
        for side in conflict.items("/sides") {
            let mut packages = Vec::new();
            for item in side.items("") {
                let package = item
                    .guid("")
                    .ok_or_else(|| item.error("", "not the id of a package"))?;
                // Such a package would conflict with itself.
                if read.side(&package).is_some() {
                    return Err(item.error("", "on another side already"));
                }
                packages.push(package);
            }
            if packages.is_empty() {
                return Err(side.error("", "empty; a side needs a package"));
            }
            read.sides.push(packages);
        }
        if read.sides.len() < 2 {
            return Err(conflict.error("/sides", "a conflict needs two sides or more"));
        }
        Ok(read)
    }

    /// The side that a package is on, if any.
    pub(crate) fn side(&self, package: &str) -> Option<usize> {
        self.sides
            .iter()
            .position(|side| side.iter().any(|id| id == package))
    }
}

//! Asks for finished training before access.

mod training;

use admit_policy::{Callout, Policy, Settings, Verdict, guid, policy};

use crate::training::{Lack, Training};

/// Codes and sentences of what is lacking; the first that applies gives the code.
const LACKS: [(Lack, &str, &str); 3] = [
    (Lack::Missing, "training-missing", "Training is missing: \""),
    (
        Lack::InFuture,
        "training-in-future",
        "Training is dated in the future: \"",
    ),
    (
        Lack::Expired,
        "training-expired",
        "Training is too long ago: \"",
    ),
];

/// The policy: who needs which training.
pub struct RequiredTraining {
    trainings: Vec<Training>,
    key: Key,
}

/// By what the collection knows people.
enum Key {
    ObjectId,
    PrincipalName,
}

impl Policy for RequiredTraining {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let trainings: Vec<_> = settings
            .items("/trainings")
            .map(|training| Training::new(&training))
            .collect::<Result<_, _>>()?;
        if trainings.is_empty() {
            return Err(settings.error("/trainings", "empty, so nobody would need any"));
        }
        let key = match settings.text("/key").as_deref() {
            None | Some("object-id") => Key::ObjectId,
            Some("principal-name") => Key::PrincipalName,
            Some(_) => return Err(settings.error("/key", "neither object-id nor principal-name")),
        };
        Ok(Self { trainings, key })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        if callout.request_type().is_some_and(|kind| kind.is_removal()) {
            return Ok(Verdict::abstain("removal", ""));
        }
        // An id that is not a GUID would be none of those that need training.
        let Some(package) = callout.access_package().id().and_then(|id| guid(&id)) else {
            return Ok(Verdict::deny(
                "no-package",
                "The request names no access package.",
            ));
        };
        let mut needed = self
            .trainings
            .iter()
            .filter(|training| training.covers(&package))
            .peekable();
        if needed.peek().is_none() {
            return Ok(Verdict::abstain("not-covered", ""));
        }
        let Some(key) = self.key.of_target(callout) else {
            return Ok(Verdict::deny("no-target", self.key.absent()));
        };

        let record = callout.fact("training", &key);
        // A text instead of an object is a fault, where its members would only be absent.
        record.count("/completions");
        let now = callout.now();
        let mut lacking: Vec<(Lack, &str)> = Vec::new();
        for training in needed {
            if let Some(lack) = training.lack(record, now) {
                let entry = (lack, training.name.as_str());
                if !lacking.contains(&entry) {
                    lacking.push(entry);
                }
            }
        }
        Ok(denial(&lacking).unwrap_or_else(|| Verdict::approve("trained", "")))
    }
}

policy!(RequiredTraining);

impl Key {
    /// The key of the target; none where the callout does not say it.
    fn of_target(&self, callout: &Callout) -> Option<String> {
        match self {
            Self::ObjectId => guid(&callout.target().object_id()?),
            Self::PrincipalName => callout
                .target()
                .principal_name()
                .filter(|name| !name.is_empty())
                .map(|name| name.to_ascii_lowercase()),
        }
    }

    /// Says that the target has none.
    fn absent(&self) -> &'static str {
        match self {
            Self::ObjectId => "The target has no object id.",
            Self::PrincipalName => "The target has no principal name.",
        }
    }
}

/// The denial that names all that is lacking; none where nothing is.
fn denial(lacking: &[(Lack, &str)]) -> Option<Verdict> {
    let mut first = None;
    let mut sentences = Vec::new();
    for (lack, code, sentence) in LACKS {
        let names: Vec<_> = lacking
            .iter()
            .filter(|(its, _)| *its == lack)
            .map(|(_, name)| *name)
            .collect();
        if !names.is_empty() {
            first = first.or(Some(code));
            sentences.push([sentence, &names.join("\", \""), "\"."].concat());
        }
    }
    Some(Verdict::deny(first?, sentences.join(" ")))
}

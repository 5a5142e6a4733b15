//! What a route matches.

use admit_policy::{Callout, Settings};

/// What a route matches: one kind each.
pub(crate) enum Matcher {
    CostCenter {
        question: String,
        values: Vec<String>,
    },
    PackageName(String),
    Packages(Vec<String>),
}

impl Matcher {
    /// Reads the one matcher of a route.
    pub(crate) fn new(route: &Settings) -> Result<Self, String> {
        let mut found = None;
        let mut kinds = 0;
        if route.count("/cost-center").is_some() {
            kinds += 1;
            let question = route
                .text("/cost-center/question")
                .ok_or_else(|| route.error("/cost-center", "needs a `question`"))?;
            let values = route.texts("/cost-center/values");
            if values.is_empty() {
                return Err(route.error("/cost-center", "needs `values`"));
            }
            found = Some(Self::CostCenter { question, values });
        }
        if let Some(pattern) = route.text("/package-name") {
            kinds += 1;
            found = Some(Self::PackageName(pattern));
        }
        if route.count("/packages").is_some() {
            kinds += 1;
            let packages = route.guids("/packages");
            if packages.is_empty() {
                return Err(route.error("/packages", "empty, so the route would never match"));
            }
            found = Some(Self::Packages(packages));
        }
        match found {
            Some(matcher) if kinds == 1 => Ok(matcher),
            _ => Err(route.error(
                "",
                "a route has exactly one of `cost-center`, `package-name` and `packages`",
            )),
        }
    }

    /// Whether a request is one of the route's.
    pub(crate) fn matches(&self, callout: &Callout) -> Match {
        let matches = match self {
            Self::CostCenter { question, values } => callout
                .answers()
                .to(question)
                .and_then(|answer| answer.value())
                .is_some_and(|given| {
                    values
                        .iter()
                        .any(|value| value.trim().eq_ignore_ascii_case(given.trim()))
                }),
            Self::PackageName(pattern) => callout
                .access_package()
                .display_name()
                .is_some_and(|name| fits(pattern.as_bytes(), name.as_bytes())),
            Self::Packages(packages) => {
                match callout.access_package().id().filter(|id| !id.is_empty()) {
                    Some(id) => packages.contains(&id),
                    None => return Match::Unknown,
                }
            }
        };
        if matches { Match::Yes } else { Match::No }
    }
}

/// Whether a request is one of a route's.
pub(crate) enum Match {
    Yes,
    No,
    /// The callout does not say which package it is about.
    Unknown,
}

/// Whether a text fits a pattern in which `*` stands for any text. Ignores ASCII case. Takes at
/// most the product of the two lengths in steps.
fn fits(mut pattern: &[u8], mut text: &[u8]) -> bool {
    // What to go on with when the text after the last `*` turns out not to fit.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((b'*', rest)), _) => {
                pattern = rest;
                retry = Some((rest, text));
            }
            (Some((wanted, pattern_rest)), Some((found, text_rest)))
                if wanted.eq_ignore_ascii_case(found) =>
            {
                pattern = pattern_rest;
                text = text_rest;
            }
            (None, None) => return true,
            _ => {
                // Let the last `*` take one byte more.
                let Some((after, from)) = retry else {
                    return false;
                };
                let Some((_, from)) = from.split_first() else {
                    return false;
                };
                pattern = after;
                text = from;
                retry = Some((after, from));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_asterisk_stands_for_any_text() {
        let fits = |pattern: &str, text: &str| super::fits(pattern.as_bytes(), text.as_bytes());
        for (pattern, text) in [
            ("SAP FI", "sap fi"),
            ("SAP*", "SAP FI - Accounts Payable clerk"),
            ("*clerk", "SAP FI - Accounts Payable clerk"),
            ("*accounts*clerk*", "SAP FI - Accounts Payable clerk"),
            ("*", ""),
            ("**", "x"),
            ("a*b*c", "aXbXbc"),
            ("*ab", "aab"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "x"),
            ("SAP", "SAP FI"),
            ("SAP*", "The SAP"),
            ("*clerk", "clerk (old)"),
            ("a*b", "ac"),
            ("?", "x"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}

//! The pattern of ticket numbers.

use regex_lite::{Regex, RegexBuilder};

/// Largest compiled pattern, in bytes; a ticket number needs a tenth of it. What is compiled is in
/// the memory of every instance.
const MAX_COMPILED: usize = 16 * 1024;

/// A regular expression that fits whole texts.
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        // By itself first: `A)|(B` would close the group that makes it fit the whole.
        compile(text)?;
        compile(&["^(?:", text, ")$"].concat()).map(Self)
    }

    /// Whether the whole text fits. Takes at most the product of the two lengths in steps.
    pub(crate) fn fits(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

fn compile(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|error| ["not a regular expression: ", &error.to_string()].concat())
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn the_whole_text_must_fit() {
        for (pattern, text) in [
            ("RITM[0-9]{7}", "RITM0012345"),
            ("^RITM[0-9]{7}$", "RITM0012345"),
            // The first alternative fits a part, the second the whole.
            ("CHG|CHG[0-9]+", "CHG1"),
            ("(?i)chg[0-9]+", "CHG1"),
            ("(?m)CHG[0-9]+", "CHG1"),
        ] {
            assert!(
                Pattern::new(pattern).unwrap().fits(text),
                "{pattern} {text}"
            );
        }
        for (pattern, text) in [
            ("RITM[0-9]{7}", "RITM00123456"),
            ("RITM[0-9]{7}", "xRITM0012345"),
            ("RITM[0-9]{7}", "RITM0012345\n"),
            ("RITM[0-9]{7}", "ritm0012345"),
            ("RITM\\d{7}", "RITM٠٠١٢٣٤٥"),
            ("CHG|RITM", "CHGRITM"),
            ("(?m)CHG[0-9]+", "CHG1\nCHG2"),
            ("(?m)^CHG[0-9]+$", "CHG1\nanything"),
        ] {
            assert!(
                !Pattern::new(pattern).unwrap().fits(text),
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_patterns() {
        for (text, problem) in [
            ("RITM[0-9", "unclosed"),
            ("CHG)|(RITM", "closing ')'"),
            ("(?x)CHG # and", "')'"),
            ("[a-z]{1,1000}", "size limit"),
        ] {
            let error = Pattern::new(text).err().unwrap();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}

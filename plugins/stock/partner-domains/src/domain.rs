//! Mail domains.

/// A domain, or all subdomains of one.
pub(crate) struct Pattern {
    /// Without the `*` of `*.example.com`, so that it starts with a dot.
    text: String,
    subdomains: bool,
}

impl Pattern {
    /// `example.com` or `*.example.com`; none for anything else.
    pub(crate) fn new(text: String) -> Option<Self> {
        match text.strip_prefix("*.") {
            Some(domain) => is_domain(domain).then(|| Self {
                text: [".", domain].concat(),
                subdomains: true,
            }),
            None => is_domain(&text).then_some(Self {
                text,
                subdomains: false,
            }),
        }
    }

    /// Whether a domain fits. Ignores ASCII case and nothing else.
    pub(crate) fn matches(&self, domain: &str) -> bool {
        if !self.subdomains {
            return domain.eq_ignore_ascii_case(&self.text);
        }
        domain
            .len()
            .checked_sub(self.text.len())
            .and_then(|at| domain.split_at_checked(at))
            .is_some_and(|(labels, end)| end.eq_ignore_ascii_case(&self.text) && is_domain(labels))
    }
}

/// The domain of a mail address: what stands after the last `@`, since a quoted local part may
/// have one too. Empty where there is none.
pub(crate) fn of_mail(mail: &str) -> &str {
    match mail.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() => domain,
        _ => "",
    }
}

/// Whether a text is a domain as mail addresses carry it: labels of ASCII letters, digits, `-` and
/// `_`, none of them empty.
fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::{Pattern, of_mail};

    fn matches(pattern: &str, domain: &str) -> bool {
        Pattern::new(pattern.into()).unwrap().matches(domain)
    }

    #[test]
    fn a_domain_fits_itself_alone() {
        assert!(matches("fabrikam.example", "fabrikam.example"));
        assert!(matches("Fabrikam.example", "FABRIKAM.EXAMPLE"));
        for other in [
            "",
            "example",
            "sub.fabrikam.example",
            "evilfabrikam.example",
            "fabrikam.example.evil",
            "fabrikam.example.",
            " fabrikam.example",
            "fabrikam.example ",
            "fabrikam.example\n",
        ] {
            assert!(!matches("fabrikam.example", other), "{other:?}");
        }
    }

    #[test]
    fn an_asterisk_fits_subdomains_but_not_the_domain() {
        assert!(matches("*.fabrikam.example", "mail.fabrikam.example"));
        assert!(matches("*.fabrikam.example", "a.b.FABRIKAM.example"));
        for other in [
            "fabrikam.example",
            ".fabrikam.example",
            "..fabrikam.example",
            "a..fabrikam.example",
            "evilfabrikam.example",
            "a b.fabrikam.example",
            "a.fabrikam.example.",
            "é.fabrikam.example",
        ] {
            assert!(!matches("*.fabrikam.example", other), "{other:?}");
        }
    }

    #[test]
    fn other_texts_are_no_patterns() {
        for text in [
            "",
            "*",
            "*.",
            ".",
            "a.*.example",
            "**.example",
            "@fabrikam.example",
            "fabrikam.example.",
            " fabrikam.example",
            "fabrikam example",
        ] {
            assert!(Pattern::new(text.into()).is_none(), "{text:?}");
        }
    }

    #[test]
    fn the_last_at_sign_counts() {
        assert_eq!(of_mail("leila@fabrikam.example"), "fabrikam.example");
        assert_eq!(of_mail("\"a@b\"@fabrikam.example"), "fabrikam.example");
        assert_eq!(
            of_mail("leila@fabrikam.example@evil.example"),
            "evil.example"
        );
        for nobody in ["", "leila", "@", "leila@", "@fabrikam.example"] {
            assert_eq!(of_mail(nobody), "", "{nobody}");
        }
    }
}

//! Admits people by the domain of their mail address or by their connected organization.

mod domain;

use admit_policy::{Callout, Policy, Settings, Subject, Verdict, policy};

use crate::domain::Pattern;

/// The policy: who is admitted, and who is asked about.
pub struct PartnerDomains {
    domains: Vec<Pattern>,
    organizations: Vec<String>,
    check_requestor: bool,
    check_target: bool,
}

impl Policy for PartnerDomains {
    fn configure(settings: &Settings) -> Result<Self, String> {
        let mut domains = Vec::new();
        for item in settings.items("/allowed-domains") {
            let pattern = item.text("").and_then(Pattern::new);
            domains.push(pattern.ok_or_else(|| {
                item.error(
                    "",
                    "not a domain; write example.com, or *.example.com for its subdomains",
                )
            })?);
        }
        let organizations = settings.guids("/allowed-organizations");
        if domains.is_empty() && organizations.is_empty() {
            return Err(settings.error(
                "",
                "neither allowed-domains nor allowed-organizations names anything, so every \
                 request would be denied",
            ));
        }
        let (check_requestor, check_target) = whom(settings)?;
        Ok(Self {
            domains,
            organizations,
            check_requestor,
            check_target,
        })
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        if self.check_requestor {
            let requestor = callout.requestor();
            // Requests of the service itself have no requestor; then the target alone counts.
            let may_lack = self.check_target && !requestor.is_present();
            if !may_lack && let Some(denial) = self.denial(requestor, "requestor") {
                return Ok(denial);
            }
        }
        if self.check_target
            && let Some(denial) = self.denial(callout.target(), "target")
        {
            return Ok(denial);
        }
        Ok(Verdict::approve("domain-allowed", ""))
    }
}

policy!(PartnerDomains);

impl PartnerDomains {
    /// Why a subject is not admitted; none when it is.
    #[inline]
    fn denial(&self, subject: Subject, role: &str) -> Option<Verdict> {
        let organization = subject.connected_organization_id();
        if let Some(organization) = &organization
            && self.organizations.contains(organization)
        {
            return None;
        }
        let mail = subject.email().filter(|mail| !mail.is_empty());
        let domain = mail.as_deref().map(domain::of_mail);
        if let Some(domain) = domain
            && self.domains.iter().any(|pattern| pattern.matches(domain))
        {
            return None;
        }
        Some(match (domain, organization) {
            (None, None) => Verdict::deny(
                "no-domain",
                [
                    "The ",
                    role,
                    " has neither a mail address nor a connected organization.",
                ]
                .concat(),
            ),
            (Some(domain), _) => Verdict::deny(
                "domain-not-allowed",
                [
                    "The ",
                    role,
                    "'s mail domain `",
                    domain,
                    "` is not admitted.",
                ]
                .concat(),
            ),
            (None, Some(_)) => Verdict::deny(
                "organization-not-allowed",
                ["The ", role, "'s connected organization is not admitted."].concat(),
            ),
        })
    }
}

/// Whether to ask about the requestor and about the target: at least about one of them, since a
/// policy that asks about nobody would approve everything.
fn whom(settings: &Settings) -> Result<(bool, bool), String> {
    if settings.count("/check").is_none() {
        return Ok((true, true));
    }
    let (mut requestor, mut target) = (false, false);
    for item in settings.items("/check") {
        match item.text("").as_deref() {
            Some("requestor") => requestor = true,
            Some("target") => target = true,
            _ => return Err(item.error("", "neither requestor nor target")),
        }
    }
    if !requestor && !target {
        return Err(settings.error("/check", "empty; leave it out to ask about both"));
    }
    Ok((requestor, target))
}

//! Whole verdicts on the callouts of the corpus.

#![expect(
    clippy::panic,
    reason = "tests say what must hold by failing; clippy sees that only inside of `#[test]`"
)]

use admit_policy::{Verdict, testing::Fixture};
use policy_partner_domains::PartnerDomains;

const FABRIKAM: &str = r#"{"allowed-domains":["fabrikam.example"]}"#;
const FABRIKAM_BY_ID: &str =
    r#"{"allowed-organizations":["{01000001-000A-4011-A017-377F8A6D61DF}"]}"#;
const CONTOSO: &str = r#"{"allowed-domains":["contoso.example"]}"#;

fn text(name: &str) -> String {
    let path = format!(
        "{}/../../../tests/corpus/callouts/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn evaluate(callout: &str, settings: &str) -> Result<Verdict, String> {
    Fixture::from_json(callout)
        .settings(settings)
        .evaluate::<PartnerDomains>()
}

fn allowed() -> Result<Verdict, String> {
    Ok(Verdict::approve("domain-allowed", ""))
}

fn not_allowed(role: &str, domain: &str) -> Result<Verdict, String> {
    Ok(Verdict::deny(
        "domain-not-allowed",
        format!("The {role}'s mail domain `{domain}` is not admitted."),
    ))
}

#[test]
fn a_partner_is_admitted_by_domain_and_by_organization() {
    let external = text("13-external-requestor.flat");
    assert_eq!(evaluate(&external, FABRIKAM), allowed());
    assert_eq!(evaluate(&external, FABRIKAM_BY_ID), allowed());
    assert_eq!(
        evaluate(&external, CONTOSO),
        not_allowed("requestor", "fabrikam.example")
    );
}

#[test]
fn a_member_is_admitted_by_the_tenants_own_domain_only() {
    let member = text("01-request-created.flat");
    assert_eq!(evaluate(&member, CONTOSO), allowed());
    assert_eq!(
        evaluate(&member, FABRIKAM),
        not_allowed("requestor", "contoso.example")
    );
}

#[test]
fn requestor_and_target_must_both_be_admitted() {
    // Someone of Contoso asks for someone of Fabrikam.
    let on_behalf = text("20-on-behalf-of.flat").replace(
        r#""Email": "noor.halvorsen@contoso.example""#,
        r#""Email": "noor.halvorsen@fabrikam.example""#,
    );
    assert_eq!(
        evaluate(&on_behalf, FABRIKAM),
        not_allowed("requestor", "contoso.example")
    );
    assert_eq!(
        evaluate(&on_behalf, CONTOSO),
        not_allowed("target", "fabrikam.example")
    );
    let both = r#"{"allowed-domains":["contoso.example","fabrikam.example"]}"#;
    assert_eq!(evaluate(&on_behalf, both), allowed());

    let target_only = r#"{"allowed-domains":["fabrikam.example"],"check":["target"]}"#;
    assert_eq!(evaluate(&on_behalf, target_only), allowed());
    let requestor_only = r#"{"allowed-domains":["contoso.example"],"check":["requestor"]}"#;
    assert_eq!(evaluate(&on_behalf, requestor_only), allowed());
}

#[test]
fn a_guest_is_not_admitted_by_its_principal_name() {
    let guest = text("01-request-created.flat").replace(
        r#""Email": "noor.halvorsen@contoso.example""#,
        r#""Email": "noor.halvorsen@evil.example""#,
    );
    assert!(guest.contains(r#""PrincipalName": "noor.halvorsen@contoso.example""#));
    assert_eq!(
        evaluate(&guest, CONTOSO),
        not_allowed("requestor", "evil.example")
    );
}

#[test]
fn a_subject_without_mail_and_organization_is_denied() {
    assert_eq!(
        evaluate(&text("21-service-principal-target.enveloped"), CONTOSO),
        Ok(Verdict::deny(
            "no-domain",
            "The target has neither a mail address nor a connected organization."
        ))
    );
    let empty = text("01-request-created.flat").replace("noor.halvorsen@contoso.example", "");
    assert_eq!(
        evaluate(&empty, CONTOSO),
        Ok(Verdict::deny(
            "no-domain",
            "The requestor has neither a mail address nor a connected organization."
        ))
    );
}

#[test]
fn an_unknown_organization_without_mail_is_denied() {
    let no_mail = text("13-external-requestor.flat").replace(
        r#""Email": "leila.rahimi@fabrikam.example""#,
        r#""Email": null"#,
    );
    assert_eq!(evaluate(&no_mail, FABRIKAM_BY_ID), allowed());
    assert_eq!(
        evaluate(&no_mail, FABRIKAM),
        Ok(Verdict::deny(
            "organization-not-allowed",
            "The requestor's connected organization is not admitted."
        ))
    );
}

#[test]
fn without_a_requestor_the_target_counts_and_without_a_target_nothing_passes() {
    let target_only = r#"{
        "stage": "assignmentRequestCreated",
        "accessPackageAssignmentRequestId": "c0de0002-0001-400f-a01b-cf6209d8bdcd",
        "customExtensionStageInstanceId": "c0de0002-0002-4010-a01c-cf628fc48838",
        "requestType": "systemAdd",
        "assignment": { "target": { "email": "noor.halvorsen@contoso.example" } }
    }"#;
    assert_eq!(evaluate(target_only, CONTOSO), allowed());
    assert_eq!(
        evaluate(target_only, FABRIKAM),
        not_allowed("target", "contoso.example")
    );
    let strict = r#"{"allowed-domains":["contoso.example"],"check":["requestor"]}"#;
    assert_eq!(
        evaluate(target_only, strict),
        Ok(Verdict::deny(
            "no-domain",
            "The requestor has neither a mail address nor a connected organization."
        ))
    );

    for nobody in ["16-minimal.flat", "22-explicit-nulls.flat"] {
        assert_eq!(
            evaluate(&text(nobody), CONTOSO),
            Ok(Verdict::deny(
                "no-domain",
                "The target has neither a mail address nor a connected organization."
            )),
            "{nobody}"
        );
    }
}

#[test]
fn a_requestor_that_has_only_a_name_is_still_judged() {
    let named = r#"{
        "stage": "assignmentRequestCreated",
        "accessPackageAssignmentRequestId": "c0de0002-0001-400f-a01b-cf6209d8bdcd",
        "customExtensionStageInstanceId": "c0de0002-0002-4010-a01c-cf628fc48838",
        "requestor": { "principalName": "someone@contoso.example" },
        "assignment": { "target": { "email": "noor.halvorsen@contoso.example" } }
    }"#;
    assert_eq!(
        evaluate(named, CONTOSO),
        Ok(Verdict::deny(
            "no-domain",
            "The requestor has neither a mail address nor a connected organization."
        ))
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_place() {
    let configure = |settings: &str| {
        Fixture::from_json(&text("01-request-created.flat"))
            .settings(settings)
            .configure::<PartnerDomains>()
            .err()
    };
    assert_eq!(
        configure(r#"{"allowed-domains":["fabrikam.example","leila@fabrikam.example"]}"#)
            .as_deref(),
        Some(
            "settings /allowed-domains/1: not a domain; write example.com, or *.example.com for \
             its subdomains"
        )
    );
    assert_eq!(
        configure(r#"{"allowed-organizations":["Fabrikam"]}"#).as_deref(),
        Some(
            "fault: `settings`: a string at `/allowed-organizations/0`, where a GUID was asked for"
        )
    );
    for (check, problem) in [
        (
            "[]",
            "settings /check: empty; leave it out to ask about both",
        ),
        (
            r#"["requester"]"#,
            "settings /check/0: neither requestor nor target",
        ),
    ] {
        let settings = format!(r#"{{"allowed-domains":["a.example"],"check":{check}}}"#);
        assert_eq!(configure(&settings).as_deref(), Some(problem));
    }
    assert_eq!(
        configure(r#"{"allowed-domains":[]}"#).as_deref(),
        Some(
            "settings: neither allowed-domains nor allowed-organizations names anything, so every \
             request would be denied"
        )
    );
}

#[test]
fn the_schema_takes_what_the_policy_takes() {
    let schema = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let fits = |settings: &str| schema.is_valid(&serde_json::from_str(settings).unwrap());
    for settings in [FABRIKAM, FABRIKAM_BY_ID, CONTOSO] {
        assert!(fits(settings), "{settings}");
    }
    for settings in [
        "{}",
        r#"{"allowed-domains":["@fabrikam.example"]}"#,
        r#"{"allowed-organizations":["Fabrikam"]}"#,
        r#"{"allowed-domains":["fabrikam.example"],"check":[]}"#,
        r#"{"allowed-domains":["fabrikam.example"],"allow":true}"#,
    ] {
        assert!(!fits(settings), "{settings}");
    }
}

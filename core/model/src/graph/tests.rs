//! Every member of every type, read in each spelling and written in each form; and the page that
//! lists them.

use std::{env, fmt::Write as _, fs, path::PathBuf};

use super::{object::Node, *};

/// A value of this type as v1.0 has it, with members down to a depth.
fn sample(ty: Type, depth: usize) -> String {
    match ty {
        Type::Text | Type::Content => r#""a \"text\"""#.into(),
        Type::Id => r#""0b00000c-0006-405a-a0a2-6245292072ce""#.into(),
        Type::DateTime => r#""2026-11-20T12:00:00.1234567Z""#.into(),
        Type::Duration => r#""PT1H""#.into(),
        Type::Enumeration(names) => format!("\"{}\"", names.last().unwrap()),
        Type::Stage => r#""assignmentRequestGranted""#.into(),
        Type::Flag => "true".into(),
        Type::Number => "7".into(),
        Type::Texts => r#"["one","two"]"#.into(),
        Type::Open => r#"{"A":1,"a":null,"A":[1.50]}"#.into(),
        Type::Object(_) | Type::Union(_) if depth == 0 => typed(ty, "{}"),
        Type::Object(inner) => object(inner, depth - 1),
        Type::Union(types) => typed(ty, &object(types[0], depth - 1)),
        Type::List(_) | Type::UnionList(_) if depth == 0 => "[]".into(),
        Type::List(inner) => format!("[{}]", object(inner, depth - 1)),
        Type::UnionList(types) => {
            let item = |ty: &&'static ObjectType| object(ty, depth - 1);
            let items = types.iter().map(|ty| named(ty.name, &item(ty)));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
    }
}

fn typed(ty: Type, members: &str) -> String {
    match ty {
        Type::Union(types) => named(types[0].name, members),
        _ => members.into(),
    }
}

/// The same object with its type.
fn named(name: &str, members: &str) -> String {
    let separator = if members == "{}" { "" } else { "," };
    let rest = &members[1..];
    format!("{{\"@odata.type\":\"#microsoft.graph.{name}\"{separator}{rest}")
}

fn object(ty: &ObjectType, depth: usize) -> String {
    let members = ty.members.iter();
    let members = members.map(|member| format!("\"{}\":{}", member.name, sample(member.ty, depth)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn check<T: Object + Node + std::fmt::Debug>() -> &'static ObjectType {
    let ty: &'static ObjectType = match T::ONE {
        Type::Object(ty) => ty,
        _ => panic!("a type of its own"),
    };
    let name = ty.name;
    let read = |json: &str| -> T {
        object::object(json).unwrap_or_else(|error| panic!("{name}: {error}: {json}"))
    };
    let write = |value: &T, form| {
        let mut out = json::Writer::new(form);
        value.write(&mut out);
        out.finish()
    };
    let v1 = object(ty, 2);
    let value = read(&v1);
    // Beta keeps localizations inside the text, the rest is as it was.
    assert_eq!(write(&value, Form::V1), v1, "{name}");
    for form in [Form::Beta, Form::Wire] {
        // What is one of several types needs its type, which the wire does not have.
        if form == Form::Beta || !v1.contains("@odata.type") {
            assert_eq!(read(&write(&value, form)), value, "{name} in {form}");
        }
    }
    for member in ty.members {
        let json = sample(member.ty, 1);
        let one = read(&format!("{{\"{}\":{json}}}", member.name));
        assert_ne!(one, T::default(), "{name}/{}", member.name);
        let upper = member.name.to_uppercase();
        assert_eq!(
            read(&format!("{{\"{upper}\":{json}}}")),
            one,
            "{name}/{upper}"
        );
        if let Some((also, spelled)) = member.also {
            assert_eq!(
                read(&format!("{{\"{also}\":{json}}}")),
                one,
                "{name}/{also}"
            );
            let form = match spelled {
                Spelled::Beta => Form::Beta,
                Spelled::Wire => Form::Wire,
                Spelled::Read => continue,
            };
            let written = write(&one, form).to_ascii_lowercase();
            let wanted = format!("{{\"{}\":", also.to_ascii_lowercase());
            assert!(written.starts_with(&wanted), "{name}/{also}: {written}");
        }
        let null = read(&format!("{{\"{}\":null}}", member.name));
        assert_eq!(null, T::default(), "{name}/{}", member.name);
    }
    ty
}

/// The published pages that the types come from, and the types of each.
macro_rules! pages {
    ($($page:literal: $($name:ident)+;)+) => {
        vec![$(($page, vec![$(check::<$name>()),+])),+]
    };
}

fn pages() -> Vec<(&'static str, Vec<&'static ObjectType>)> {
    pages! {
        "accessPackageAssignmentCalloutData":
            AccessPackageAssignmentCalloutData AccessPackage AccessPackageCatalog
            AccessPackageAssignment AccessPackageAssignmentPolicy AccessPackageSubject
            ConnectedOrganization EntitlementManagementSchedule ExpirationPattern
            CustomExtensionCallbackConfiguration;
        "accessPackageAssignmentRequestCalloutData and customExtensionCalloutRequest":
            AccessPackageAssignmentRequestCalloutData CustomExtensionCalloutRequest
            AccessPackageAnswerString AccessPackageQuestion AccessPackageAnswerChoice
            AccessPackageLocalizedText AccessPackageLocalizedContent VerifiedCredentialData
            CredentialState DomainValidation FaceCheck;
        "accessPackageAssignmentRequestCallbackData":
            AccessPackageAssignmentRequestCallbackData
            AssignmentRequestApprovalStageCallbackData AccessPackageApprovalStage SingleUser
            GroupMembers ConnectedOrganizationMembers SingleServicePrincipal AttributeRuleMembers
            RequestorManager TargetManager InternalSponsors ExternalSponsors TargetUserSponsors
            TargetAgentIdentitySponsorsOrOwners TargetApplicationOwners;
        "accessPackageAssignmentRequest: resume":
            ResumeBody;
        "Create accessPackageCustomWorkflowExtension":
            AccessPackageAssignmentRequestWorkflowExtension
            AccessPackageAssignmentWorkflowExtension LogicAppTriggerEndpointConfiguration
            HttpRequestEndpoint AzureAdPopTokenAuthentication AzureAdTokenAuthentication
            CustomExtensionClientConfiguration
            AccessPackageRequestApprovalStageCallbackConfiguration;
        "customExtensionHandlerInstance (deprecated) and customExtensionCalloutInstance":
            CustomExtensionHandlerInstance CustomExtensionCalloutInstance;
    }
}

fn kind(ty: Type) -> String {
    match ty {
        Type::Text => "text".into(),
        Type::Id => "id".into(),
        Type::DateTime => "date-time".into(),
        Type::Duration => "duration".into(),
        Type::Enumeration(names) => format!("enumeration of {}", names.len()),
        Type::Stage => "stage".into(),
        Type::Flag => "boolean".into(),
        Type::Number => "number".into(),
        Type::Content => "text; localized content in beta".into(),
        Type::Texts => "texts".into(),
        Type::Open => "open object".into(),
        Type::Object(ty) => ty.name.into(),
        Type::List(ty) => format!("{}[]", ty.name),
        Type::Union(types) | Type::UnionList(types) => {
            format!("one of {} types by `@odata.type`", types.len())
        }
    }
}

fn page() -> String {
    let mut page = String::from(
        "# Graph's types\n\n\
         Every type that callouts, answers and extensions are made of, by the page that publishes it,\n\
         and how each property is read and written. Names are read in any case. This page is made from\n\
         the declarations in `core/model/src/graph` by the test that reads and writes every row,\n\
         `core/model/src/graph/tests.rs`. Besides, arbitrary values of these types go there and back in\n\
         `tests/tests/laws.rs`, and Graph's generated client reads what is written in `tests/graph`.\n",
    );
    for (title, types) in pages() {
        write!(page, "\n## {title}\n").unwrap();
        for ty in types {
            write!(page, "\n**{}**\n\n", ty.name).unwrap();
            if ty.members.is_empty() {
                page.push_str("No properties.\n");
                continue;
            }
            page.push_str("| property | type | also read as | v1.0 | beta | flat payload |\n");
            page.push_str("|---|---|---|---|---|---|\n");
            for member in ty.members {
                let also = member
                    .also
                    .map_or(String::new(), |(name, _)| format!("`{name}`"));
                let wire = member.name_in(Form::Wire);
                writeln!(
                    page,
                    "| {} | {} | {also} | `{}` | `{}` | `{}{}` |",
                    member.name,
                    kind(member.ty),
                    member.name_in(Form::V1),
                    member.name_in(Form::Beta),
                    wire[..1].to_uppercase(),
                    &wire[1..],
                )
                .unwrap();
            }
        }
    }
    page
}

#[test]
fn every_member_goes_there_and_back() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/types.md");
    let page = page();
    if env::var_os("BLESS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        page,
        "BLESS=1 writes docs/types.md anew"
    );
}

/// The published examples, which say more than the types: see docs/lint.md.
#[test]
fn the_published_examples_are_read() {
    let read = |name: &str| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
        fs::read_to_string(folder.join("seed-examples").join(name)).unwrap()
    };
    let body = ResumeBody::from_json(&read("resume-2-deny.json")).unwrap();
    assert_eq!(
        body.to_json(Form::V1),
        r##"{"source":"Contoso.SodCheckProcess","type":"microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated","data":{"@odata.type":"#microsoft.graph.accessPackageAssignmentRequestCallbackData","stage":"assignmentRequestCreated","customExtensionStageInstanceId":"857d0c50-466b-4840-bb5b-c92cea7141ff","customExtensionStageInstanceDetail":"Potential risk user based on the SOD check","state":"denied"}}"##,
    );
    let stage = ResumeBody::from_json(&read("resume-4-approval-stage.json")).unwrap_err();
    assert_eq!(stage.place(), Some("/source"), "it stands twice there");
    let extension = read("create-1-request-extension.request.json");
    let extension = CustomCalloutExtension::from_json(&extension).unwrap();
    assert_eq!(
        extension.to_json(Form::V1),
        r##"{"@odata.type":"#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension","displayName":"test_action_0124_email","description":"this is for graph testing only","endpointConfiguration":{"@odata.type":"#microsoft.graph.logicAppTriggerEndpointConfiguration","subscriptionId":"38ab2ccc-3747-4567-b36b-9478f5602f0d","resourceGroupName":"test","logicAppWorkflowName":"elm-extension-email"},"authenticationConfiguration":{"@odata.type":"#microsoft.graph.azureAdPopTokenAuthentication"},"callbackConfiguration":{"@odata.type":"#microsoft.graph.customExtensionCallbackConfiguration","timeoutDuration":"PT1H"}}"##,
    );
}

#[test]
fn the_spellings_of_a_type_agree() {
    let read = |json: &str| CustomExtensionCallbackData::from_json(json);
    let decision = "#microsoft.graph.accessPackageAssignmentRequestCallbackData";
    let stage = "microsoft.graph.assignmentRequestApprovalStageCallbackData";
    let two = format!(r#"{{"@odata.type":"{decision}","@@odata.type":"{stage}"}}"#);
    let error = read(&two).unwrap_err();
    assert_eq!(error.place(), Some("/@odata.type"), "{error}");
    let same =
        format!(r##"{{"@odata.type":"{stage}","@@odata.type":"#{stage}","state":"denied"}}"##);
    let same = read(&same).unwrap();
    assert_eq!(
        same.type_name(),
        Some("assignmentRequestApprovalStageCallbackData")
    );
    let again = format!(r#"{{"@odata.type":"{stage}","\u0040ODATA.type":"{decision}"}}"#);
    assert!(read(&again).is_err());
    // What is not text is not overlooked: nothing would say the type then.
    let error = read(&format!(r#"{{"@odata.type":["{stage}"]}}"#)).unwrap_err();
    assert_eq!(error.place(), Some("/@odata.type"), "{error}");
    assert_eq!(read(r#"{"@odata.type":null}"#).unwrap().type_name(), None);
}

#[test]
fn the_prefix_of_a_type_has_any_case() {
    let json = r##"{"@odata.type":"#Microsoft.Graph.SingleUser","userId":"1"}"##;
    assert_eq!(
        SubjectSet::from_json(json).unwrap().to_json(Form::V1),
        r##"{"@odata.type":"#microsoft.graph.singleUser","userId":"1"}"##,
    );
}

#[test]
fn unknown_members_lose_the_type_in_either_spelling() {
    let json = r##"{"x":{"@odata.type":"#a","y":[{"@@odata.type":"#b","z":1}]}}"##;
    let read = AccessPackageSubject::from_json(json).unwrap();
    assert_eq!(read.to_json(Form::V1), r#"{"x":{"y":[{"z":1}]}}"#);
}

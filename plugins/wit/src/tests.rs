use std::collections::BTreeMap;

use wit_parser::{Function, Interface, Resolve, Type, TypeDefKind, WorldItem};

use super::*;

fn contract() -> Resolve {
    let mut resolve = Resolve::default();
    resolve
        .push_str("policy.wit", POLICY_WIT)
        .expect("the contract parses");
    resolve
}

fn interfaces_of(resolve: &Resolve) -> BTreeMap<&str, &Interface> {
    resolve
        .interfaces
        .iter()
        .map(|(_, interface)| (interface.name.as_deref().unwrap(), interface))
        .collect()
}

#[test]
fn the_package_is_the_one_that_the_constants_name() {
    let resolve = contract();
    let (_, package) = resolve.packages.iter().next().unwrap();
    assert_eq!(
        package.name.to_string(),
        format!("{PACKAGE}@{CONTRACT_VERSION}")
    );
    assert!(package.worlds.contains_key(WORLD));
    let mut names: Vec<_> = package.interfaces.keys().map(String::as_str).collect();
    names.sort_unstable();
    let mut expected = interfaces().to_vec();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

/// The WIT text is the author's manual: every item says what it is.
#[test]
fn every_item_is_documented() {
    let resolve = contract();
    let mut bare = Vec::new();
    let mut check = |name: String, docs: Option<&str>| {
        if docs.is_none_or(|text| text.trim().len() < 5) {
            bare.push(name);
        }
    };
    for (_, package) in &resolve.packages {
        check("package".into(), package.docs.contents.as_deref());
    }
    for (_, interface) in &resolve.interfaces {
        let name = interface.name.as_deref().unwrap();
        check(name.into(), interface.docs.contents.as_deref());
        for function in interface.functions.values() {
            check(
                format!("{name}.{}", function.name),
                function.docs.contents.as_deref(),
            );
        }
    }
    for (_, def) in &resolve.types {
        let Some(name) = &def.name else { continue };
        check(name.clone(), def.docs.contents.as_deref());
        if let TypeDefKind::Enum(cases) = &def.kind {
            for case in &cases.cases {
                check(
                    format!("{name}.{}", case.name),
                    case.docs.contents.as_deref(),
                );
            }
        }
    }
    for (_, world) in &resolve.worlds {
        check(world.name.clone(), world.docs.contents.as_deref());
        for (key, item) in &world.exports {
            if let WorldItem::Function(function) = item {
                check(format!("{key:?}"), function.docs.contents.as_deref());
            }
        }
    }
    // Docs of a world's imports are not kept by the parser, so they are looked for in the text.
    for line in POLICY_WIT
        .lines()
        .zip(POLICY_WIT.lines().skip(1))
        .filter_map(|(before, line)| {
            let import = line.trim().starts_with("import ");
            (import && !before.trim().starts_with("///")).then_some(line)
        })
    {
        check(line.trim().into(), None);
    }
    assert_eq!(bare, Vec::<String>::new());
}

/// Reads a function's type the way the getter table writes it.
fn reads(resolve: &Resolve, function: &Function) -> Option<Reads> {
    let option_of = |ty: Type| match ty {
        Type::Id(id) => match resolve.types[id].kind {
            TypeDefKind::Option(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    };
    let result = function.result?;
    let row = match function.params.as_slice() {
        [] => false,
        [only] if only.ty == Type::U32 => true,
        _ => return None,
    };
    match (row, result, option_of(result)) {
        (false, Type::String, _) => Some(Reads::Text),
        (false, Type::Bool, _) => Some(Reads::Present),
        (false, Type::U32, _) => Some(Reads::Count),
        (false, _, Some(Type::String)) => Some(Reads::OptionalText),
        (false, _, Some(Type::Bool)) => Some(Reads::OptionalFlag),
        (true, _, Some(Type::String)) => Some(Reads::RowText),
        (true, _, Some(Type::Bool)) => Some(Reads::RowFlag),
        _ => None,
    }
}

#[test]
fn the_getter_table_is_what_the_contract_says() {
    let resolve = contract();
    let interfaces = interfaces_of(&resolve);
    let payload = [
        "callout",
        "requestor",
        "target",
        "access-package",
        "catalog",
        "assignment",
        "schedule",
        "answers",
        "verified-credentials",
    ];
    let by_argument = [
        "callout.field",
        "callout.document",
        "verified-credentials.has-type",
        "verified-credentials.claim",
    ];
    let mut in_contract = BTreeMap::new();
    for name in payload {
        for function in interfaces[name].functions.values() {
            let full = format!("{name}.{}", function.name);
            if by_argument.contains(&full.as_str()) {
                continue;
            }
            let docs = function.docs.contents.clone().unwrap_or_default();
            let pointer = docs
                .rsplit_once("Pointer: `")
                .or_else(|| docs.rsplit_once("Pointer:\n`"))
                .and_then(|(_, rest)| rest.split_once('`'))
                .map(|(pointer, _)| pointer.replace("{index}", "*"));
            in_contract.insert(full, (reads(&resolve, function), pointer));
        }
    }
    let in_table: BTreeMap<_, _> = GETTERS
        .iter()
        .copied()
        .flatten()
        .map(|getter| {
            (
                format!("{}.{}", getter.interface, getter.function),
                (Some(getter.reads), Some(getter.pointer.to_owned())),
            )
        })
        .collect();
    assert_eq!(in_table, in_contract);
}

const EMPTY_COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

fn sample() -> Metadata {
    Metadata {
        name: "sample".into(),
        version: "1.0.0".into(),
        description: "A sample".into(),
        contract: CONTRACT_VERSION.into(),
        stages: vec!["assignmentRequestCreated".into()],
        facts: vec![],
        settings_schema: Some(serde_json::json!({ "type": "object" })),
        settings: Default::default(),
    }
}

#[test]
fn metadata_comes_back_as_it_was_embedded() {
    let mut component = EMPTY_COMPONENT.to_vec();
    sample().embed(&mut component).unwrap();
    assert_eq!(Metadata::read(&component), Ok(sample()));
    assert_eq!(sample().embed(&mut component), Err(MetadataError::Doubled));
}

#[test]
fn metadata_is_taken_and_the_rest_is_left() {
    // A module inside has sections of its own, and one of the same name that is not the component's.
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    module.push(0);
    let inner = wasm_encoder::CustomSection {
        name: METADATA_SECTION.into(),
        data: b"inner".as_slice().into(),
    };
    wasm_encoder::Encode::encode(&inner, &mut module);
    let mut before = EMPTY_COMPONENT.to_vec();
    before.extend([1, u8::try_from(module.len()).unwrap()]);
    before.extend(&module);
    let mut component = before.clone();
    sample().embed(&mut component).unwrap();
    let after = [0, 2, 1, b'x'];
    component.extend(after);
    let (metadata, rest) = Metadata::take(&component).unwrap();
    assert_eq!(metadata, sample());
    assert_eq!(rest, [before.as_slice(), &after].concat());
}

#[test]
fn unusable_metadata_is_refused_by_its_kind() {
    assert_eq!(Metadata::read(EMPTY_COMPONENT), Err(MetadataError::Missing));
    assert_eq!(
        Metadata::read(b"\0asm\x01\0\0\0"),
        Err(MetadataError::CoreModule)
    );
    assert!(matches!(
        Metadata::read(b"MZ"),
        Err(MetadataError::Format(_))
    ));

    let mut doubled = EMPTY_COMPONENT.to_vec();
    sample().embed(&mut doubled).unwrap();
    let section = doubled[EMPTY_COMPONENT.len()..].to_vec();
    doubled.extend_from_slice(&section);
    assert_eq!(Metadata::read(&doubled), Err(MetadataError::Doubled));

    let raw = |text: &[u8]| {
        let mut component = EMPTY_COMPONENT.to_vec();
        component.push(0);
        wasm_encoder::Encode::encode(
            &wasm_encoder::CustomSection {
                name: METADATA_SECTION.into(),
                data: text.into(),
            },
            &mut component,
        );
        Metadata::read(&component)
    };
    assert!(matches!(raw(b"{"), Err(MetadataError::Malformed(_))));
    assert!(matches!(
        raw(br#"{"name":"x","surprise":1}"#),
        Err(MetadataError::Malformed(_))
    ));
    let long = vec![b' '; METADATA_LIMIT + 1];
    assert_eq!(raw(&long), Err(MetadataError::TooLong(long.len())));
}

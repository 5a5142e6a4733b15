//! Any JSON, and what is almost JSON, as the value of an unknown member: the reader takes it if
//! serde_json does and the limits allow it, and keeps the same value.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests say what must hold by failing"
)]

use std::fs;

use admit::model::Field;
use admit::{Callout, ErrorKind};
use admit_tests::{Json, Probe, corpus};
use proptest::{
    collection::vec,
    option::weighted,
    prelude::*,
    sample::{Index, select},
};

const SPACES: &[&str] = &["", "", "", " ", "\n", "\t", "\r\n", " \t "];

const PARTS: &[&str] = &[
    "a",
    "Z",
    " ",
    "/",
    "é",
    "日",
    "\u{1f511}",
    "\u{2028}",
    "\u{feff}",
    "\u{7f}",
    "\u{ffff}",
    "~",
    "'",
    "}",
    "]",
    ",",
    ":",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b",
    "\\f",
    "\\n",
    "\\r",
    "\\t",
    "\\u0000",
    "\\u0041",
    "\\u00E9",
    "\\ud83d\\uDD11",
    "\\uffff",
    "\\\\ud800",
];

/// Keys that are often equal but for case or spelling. U+212A is a K to Unicode, not to ASCII.
const KEYS: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "B",
    "k",
    "K",
    "\u{212a}",
    "é",
    "É",
    "aB",
    "Ab",
    "\\u0061",
    "\\u0041",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
    "i",
    "j",
    "@odata.type",
    "@OData.Type",
    "stage",
    "data",
    "~1",
    "a/b",
];

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-0.0",
    "0e0",
    "1E400",
    "-1e-400",
    "1e999999",
    "0.1e+1",
    "18446744073709551616",
    "9007199254740993",
    "1.000000000000000000000000001",
];

/// What edits put in: pieces of JSON, and bytes that are none.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"-",
    b"+",
    b".",
    b"e",
    b"0",
    b"1",
    b"t",
    b"null",
    b"\"a\":1,",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"/**/",
    b" ",
    b"\n",
    b"\x00",
    b"\x0c",
    b"\x1f",
    b"\x7f",
    b"\x80",
    b"\xff",
    b"\xc2",
    b"\xc2\xa0",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
];

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => select(NUMBERS).prop_map(Into::into),
        2 => "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,5})?",
    ]
}

fn string() -> impl Strategy<Value = String> {
    let parts = vec(select(PARTS), 0..8).prop_map(|parts| parts.concat());
    // Seldom, so that most documents are well-formed.
    let half = weighted(0.03, select(&["\\ud800", "\\uDC00", "\\ud800\\u0041"][..]));
    (parts, half).prop_map(|(text, half)| format!("\"{text}{}\"", half.unwrap_or_default()))
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(KEYS).prop_map(|key| format!("\"{key}\"")),
        1 => string(),
    ]
}

fn space() -> impl Strategy<Value = &'static str> {
    select(SPACES)
}

fn json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        1 => select(&["null", "true", "false"][..]).prop_map(Into::into),
        2 => number(),
        2 => string(),
        // Around the limit of depth.
        1 => (57_usize..66, select(&[("[", "]"), ("{\"d\":", "}")][..])).prop_map(
            |(levels, (open, close))| format!("{}1{}", open.repeat(levels), close.repeat(levels))
        ),
    ];
    scalar.prop_recursive(5, 48, 12, |inner| {
        let item = (space(), inner.clone(), space());
        let list = vec(item, 0..6).prop_map(|items| {
            let items: Vec<_> = items
                .into_iter()
                .map(|(before, item, after)| format!("{before}{item}{after}"))
                .collect();
            format!("[{}]", items.join(","))
        });
        let member = (space(), key(), space(), inner).boxed();
        let members = prop_oneof![4 => vec(member.clone(), 0..5), 1 => vec(member, 12..24)];
        let object = (members, space()).prop_map(|(members, end)| {
            let members: Vec<_> = members
                .into_iter()
                .map(|(before, key, after, value)| format!("{before}{key}{after}:{value}{end}"))
                .collect();
            format!("{{{}{end}}}", members.join(","))
        });
        prop_oneof![list, object]
    })
}

type Edits = Vec<(Index, usize, &'static [u8])>;

/// None in half of all documents.
fn edits() -> impl Strategy<Value = Edits> {
    let edit = (any::<Index>(), 0_usize..4, select(PIECES));
    prop_oneof![Just(Vec::new()), vec(edit, 1..3)]
}

fn edited(json: String, edits: Edits) -> Vec<u8> {
    let mut bytes = json.into_bytes();
    for (at, removed, piece) in edits {
        let at = at.index(bytes.len() + 1);
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, piece.iter().copied());
    }
    bytes
}

/// Levels of nesting.
fn depth(value: &Json) -> usize {
    match value {
        Json::List(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Json::Object(members) => {
            1 + members
                .iter()
                .map(|(_, value)| depth(value))
                .max()
                .unwrap_or_default()
        }
        _ => 0,
    }
}

/// Whether a member stands twice in an object, equal but for ASCII case.
fn repeats(value: &Json) -> bool {
    match value {
        Json::List(items) => items.iter().any(repeats),
        Json::Object(members) => members.iter().enumerate().any(|(index, (key, value))| {
            repeats(value)
                || members[..index]
                    .iter()
                    .any(|(other, _)| other.eq_ignore_ascii_case(key))
        }),
        _ => false,
    }
}

/// The reader's opinion of a piece is serde_json's, but for the limits; `levels` are around it.
fn agrees(probe: &Probe, pointer: &str, is_open: bool, levels: usize) {
    let piece = &probe.payload[probe.piece.clone()];
    let parse = |bytes| Json::parse(std::str::from_utf8(bytes).ok()?).ok();
    let found = Callout::parse(&probe.payload);
    let Some(value) = parse(piece) else {
        // A piece that is no value may yet be a part of the payload, such as `1,"y":2`, and what
        // comes before the fault in it may be wrong in another way.
        if parse(&probe.payload).is_none() {
            let error = found.unwrap_err();
            let is_expected = matches!(
                error.kind(),
                ErrorKind::CalloutSyntax
                    | ErrorKind::CalloutLimit
                    | ErrorKind::CalloutRepeated
                    | ErrorKind::CalloutType
            );
            assert!(is_expected && error.place().is_some(), "{error}");
        }
        return;
    };
    let mut right = Vec::new();
    if levels + depth(&value) > Callout::MAX_DEPTH {
        right.push(ErrorKind::CalloutLimit);
    }
    if !is_open && repeats(&value) {
        right.push(ErrorKind::CalloutRepeated);
    }
    match found {
        Ok(callout) => {
            assert!(right.is_empty(), "{right:?} is right");
            let value = if is_open { value } else { value.canonical() };
            let shown = callout.field(pointer).unwrap();
            assert!(
                value.is_shown_as(shown.as_deref()),
                "{shown:?} is not {value:?}"
            );
            let again = Callout::parse(callout.document().as_bytes()).unwrap();
            assert_eq!(again.document(), callout.document());
        }
        Err(error) => assert!(right.contains(&error.kind()), "{right:?} is right: {error}"),
    }
}

/// The callouts of the corpus, but for the large one.
fn callouts() -> Vec<Vec<u8>> {
    let mut files: Vec<_> = fs::read_dir(corpus().join("callouts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    let payloads = files.iter().map(|path| fs::read(path).unwrap());
    payloads.filter(|payload| payload.len() < 10_000).collect()
}

/// The value with other spaces and escapes; `dice` say which.
fn respelt(value: &Json, dice: &mut impl Iterator<Item = u8>, out: &mut String) {
    let mut space = || SPACES[usize::from(dice.next().unwrap()) % SPACES.len()];
    out.push_str(space());
    let end = space();
    match value {
        Json::Null => out.push_str("null"),
        Json::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Json::Number(number) => out.push_str(number),
        Json::Text(text) => escaped(text, dice, out),
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "[" } else { "," });
                respelt(item, dice, out);
            }
            out.push_str(if items.is_empty() { "[ ]" } else { "]" });
        }
        Json::Object(members) => {
            for (index, (key, value)) in members.iter().enumerate() {
                out.push_str(if index == 0 { "{" } else { "," });
                out.push_str(end);
                escaped(key, dice, out);
                out.push_str(end);
                out.push(':');
                respelt(value, dice, out);
            }
            out.push_str(if members.is_empty() { "{ }" } else { "}" });
        }
    }
    out.push_str(end);
}

fn escaped(text: &str, dice: &mut impl Iterator<Item = u8>, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match dice.next().unwrap() % 8 {
            0 => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            1 => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04X}"));
                }
            }
            2 if char == '/' => out.push_str("\\/"),
            _ => {
                let plain = serde_json::to_string(&char).unwrap();
                out.push_str(&plain[1..plain.len() - 1]);
            }
        }
    }
    out.push('"');
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

proptest! {
    #![proptest_config(config(6000))]

    #[test]
    fn the_reader_agrees_with_serde_json(json in json(), edits in edits()) {
        let piece = edited(json, edits);
        agrees(&Probe::new(r#"{HEAD,"x":PIECE}"#, &piece), "/x", false, 1);
        let open = r#"{HEAD,"verifiedCredentialsData":[{"claims":{"x":PIECE}}]}"#;
        agrees(&Probe::new(open, &piece), "/verifiedCredentialsData/0/claims/x", true, 4);
    }
}

proptest! {
    #![proptest_config(config(1000))]

    /// Spaces and escapes are no part of what a callout says.
    #[test]
    fn another_spelling_is_the_same_callout(
        file in any::<Index>(),
        dice in vec(any::<u8>(), 64),
    ) {
        let payload = file.get(&callouts()).clone();
        let value = Json::parse(std::str::from_utf8(&payload).unwrap()).unwrap();
        let mut other = String::new();
        respelt(&value, &mut dice.into_iter().cycle(), &mut other);
        let callout = Callout::parse(&payload).unwrap();
        let other = Callout::parse(other.as_bytes()).unwrap();
        prop_assert_eq!(callout.document(), other.document());
        prop_assert_eq!(callout.key(), other.key());
        for field in Field::all() {
            prop_assert_eq!(callout.get(field), other.get(field));
            prop_assert_eq!(callout.has(field), other.has(field));
            for row in 0..3 {
                prop_assert_eq!(callout.get_row(field, row), other.get_row(field, row));
            }
        }
    }
}

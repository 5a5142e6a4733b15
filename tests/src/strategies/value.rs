//! Texts, ids, instants and JSON values.

use admit::model::graph::{Json, Number};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// Any text, with those that break things more often than chance has them.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 .-]{0,30}",
        2 => any::<String>(),
        1 => select(vec![
            "", " ", "\"", "\\", "\"}]", "\u{0}", "\r\n\t", "\u{7f}", "\u{2028}", "\u{feff}",
            "@", "@{triggerBody()}", "@@", "null", "true", "0", "{}", "é", "e\u{301}", "𝒳", "ß",
            "\u{202e}abc", "String",
        ]).prop_map(str::to_owned),
        1 => "[a-z]{200,400}",
    ]
}

/// A GUID in Graph's spelling.
pub(super) fn guid() -> impl Strategy<Value = String> {
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
}

/// An id in its canonical form: mostly a GUID.
pub(super) fn id() -> impl Strategy<Value = String> {
    prop_oneof![9 => guid(), 1 => "[a-z ]{0,12}"]
}

/// An instant, as Graph writes them.
pub(super) fn date_time() -> impl Strategy<Value = String> {
    select(vec![
        "2026-11-20T12:00:00Z",
        "2026-11-20T12:00:00.1234567Z",
        "0001-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "",
    ])
    .prop_map(str::to_owned)
}

/// An instant within what can be written.
pub fn instant() -> impl Strategy<Value = jiff::Timestamp> {
    (-62_135_596_800_i64..253_402_300_799)
        .prop_map(|seconds| jiff::Timestamp::from_second(seconds).unwrap_or_default())
}

pub(super) fn duration() -> impl Strategy<Value = String> {
    select(vec!["PT1H", "P14D", "P1DT1H", "PT0S", "P1Y2M", "one hour"]).prop_map(str::to_owned)
}

/// A number, digit by digit.
pub(super) fn number() -> impl Strategy<Value = Number> {
    any::<i64>().prop_map(Number::from)
}

/// JSON text without spaces, members in camelCase, no null members: as unknown members are kept.
fn json_text() -> impl Strategy<Value = String> {
    let quoted = || text().prop_map(|text| serde_json::Value::from(text).to_string());
    let leaf = prop_oneof![
        quoted(),
        select(vec![
            "true",
            "false",
            "0",
            "-0",
            "1e400",
            "12345678901234567890123",
            "0.10"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let names = || unknown_names(0..4);
        prop_oneof![
            vec(
                prop_oneof![3 => inner.clone(), 1 => Just("null".to_owned())],
                0..4
            )
            .prop_map(|items| format!("[{}]", items.join(","))),
            (names(), vec(inner, 4)).prop_map(|(names, values)| {
                let members = names.iter().zip(values);
                let members: Vec<_> = members
                    .map(|(name, value)| {
                        format!("{}:{value}", serde_json::Value::from(name.as_str()))
                    })
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// Any JSON value, as unknown members are kept.
pub fn json() -> impl Strategy<Value = Json> {
    json_text().prop_map(|text| {
        text.parse()
            .unwrap_or_else(|error| panic!("{error}: {text}"))
    })
}

/// An open object, such as claims: members may stand twice there.
pub(super) fn open() -> impl Strategy<Value = Json> {
    (vec("[A-Za-z]{0,3}", 0..4), vec(json_text(), 4)).prop_map(|(names, values)| {
        let members: Vec<_> = names
            .iter()
            .zip(values)
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        text.parse()
            .unwrap_or_else(|error| panic!("{error}: {text}"))
    })
}

/// Names that no type of Graph's has, no two of them equal but for case.
fn unknown_names(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec("x[A-Za-zé@. ]{0,5}", count).prop_map(|names| {
        let numbered = names.into_iter().enumerate();
        numbered
            .map(|(index, name)| format!("{name}{index}"))
            .collect()
    })
}

/// Members that Graph's types do not have.
pub(super) fn other() -> BoxedStrategy<Vec<(String, Json)>> {
    prop_oneof![
        3 => Just(Vec::new()),
        1 => (unknown_names(0..3), vec(json(), 3))
            .prop_map(|(names, values)| names.into_iter().zip(values).collect()),
    ]
    .boxed()
}

/// A member that is there, or not. Boxed, since the trees of whole callouts outgrow the stack.
pub(super) fn maybe<S: Strategy + 'static>(value: S) -> BoxedStrategy<Option<S::Value>>
where
    S::Value: Clone + 'static,
{
    option::weighted(0.7, value).boxed()
}

/// A member of an evolvable enumeration: one that is known, or a new one.
pub(super) fn named<E>(known: &'static [&'static str]) -> impl Strategy<Value = E>
where
    E: for<'t> From<&'t str> + std::fmt::Debug,
{
    prop_oneof![9 => select(known.to_vec()).prop_map(str::to_owned), 1 => "x[a-zA-Z]{0,8}"]
        .prop_map(|name: String| E::from(&name))
}

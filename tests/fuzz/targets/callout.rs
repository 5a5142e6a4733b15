//! Any bytes as a payload: a callout that agrees with itself and with serde_json, or an error of
//! bounded length.

#![no_main]

use std::{collections::HashSet, fmt};

use admit_model::{Callout, Error, ErrorKind, Field, guid, lookup};
use libfuzzer_sys::fuzz_target;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Detail and place have at most 4 KiB each.
const LONGEST_ERROR: usize = 9 * 1024;
/// Rows of a list that are looked at: more of them find nothing more.
const ROWS: u32 = 4;

fuzz_target!(|payload: &[u8]| {
    match Callout::parse(payload) {
        Ok(callout) => {
            assert_eq!(callout.bytes(), payload);
            let text = std::str::from_utf8(payload).expect("only UTF-8 is read");
            let json = text.strip_prefix('\u{feff}').unwrap_or(text);
            is_within_limits(json);
            is_identified(&callout);
            agrees_with_its_document(&callout);
            is_its_own_canonical_form(&callout);
        }
        Err(error) => is_a_proper_error(&error, payload),
    }
});

fn is_a_proper_error(error: &Error, payload: &[u8]) {
    assert!(error.kind().is_callout(), "{error}");
    assert!(error.to_string().len() <= LONGEST_ERROR);
    assert!(error.place().is_some() || payload.len() > Callout::MAX_BYTES);
    if error.kind() == ErrorKind::CalloutSyntax {
        let json = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
        assert!(
            serde_json::from_slice::<Value>(json).is_err(),
            "this is JSON: {error}"
        );
    }
}

/// Whether an error is only that serde_json has no room for a number; callouts keep its text.
fn is_number_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

fn is_within_limits(json: &str) {
    assert!(json.len() <= Callout::MAX_BYTES);
    let mut from = serde_json::Deserializer::from_str(json);
    let seed = Strict {
        depth: 1,
        is_open: false,
    };
    match seed.deserialize(&mut from).and_then(|()| from.end()) {
        Ok(()) => {}
        Err(error) if is_number_out_of_range(&error) => {}
        Err(error) => panic!("serde_json refuses what was accepted: {error}"),
    }
}

fn is_identified(callout: &Callout) {
    if callout.is_evaluated() {
        assert_eq!(
            guid(callout.request_id()).as_deref(),
            Some(callout.request_id())
        );
        assert!(!callout.instance_id().is_empty());
    }
}

/// What is kept at hand is what the canonical document says.
fn agrees_with_its_document(callout: &Callout) {
    let document = callout.document();
    let tree = match serde_json::from_str::<Value>(document) {
        Ok(tree) => Some(tree),
        Err(error) if is_number_out_of_range(&error) => None,
        Err(error) => panic!("the document is not JSON: {error}: {document}"),
    };
    if let Some(tree) = &tree {
        assert!(tree.is_object());
        for list in Callout::LISTS {
            let rows = tree
                .pointer(list)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            assert_eq!(u32::try_from(rows), Ok(callout.count(list)), "{list}");
        }
    }
    let says = |pointer: &str, value: Option<&str>| {
        let field = callout.field(pointer).expect("a pointer of ours");
        assert_eq!(field.as_deref(), value, "{pointer} of {document}");
        match tree.as_ref().map(|tree| tree.pointer(pointer)) {
            Some(Some(Value::String(text))) => assert_eq!(value, Some(text.as_str()), "{pointer}"),
            Some(Some(Value::Null) | None) => assert_eq!(value, None, "{pointer}"),
            // Numbers and flags are kept as they are spelt, which only the text shows.
            Some(Some(_)) | None => {
                let text = lookup(document, pointer).expect("a pointer of ours");
                assert_eq!(text.as_deref(), value, "{pointer} in {document}");
            }
        }
    };
    for field in Field::all() {
        let pointer = field.pointer();
        if let Some((list, _)) = pointer.split_once("/*") {
            let count = callout.count(list);
            assert_eq!(callout.get_row(field, count), None);
            for index in (0..count.min(ROWS)).filter(|_| field.is_value()) {
                let value = callout.get_row(field, index);
                says(&pointer.replace('*', &index.to_string()), value);
            }
        } else if field.is_value() {
            let value = callout.get(field);
            assert_eq!(callout.has(field), value.is_some(), "{pointer}");
            says(pointer, value);
        } else {
            let object = lookup(document, pointer).expect("a pointer of ours");
            assert_eq!(callout.has(field), object.is_some(), "{pointer}");
        }
    }
}

/// The canonical document is a callout itself: the same one, in the same form. It may be longer than
/// the payload, since some of Graph's names are longer than those on the wire.
fn is_its_own_canonical_form(callout: &Callout) {
    let document = callout.document();
    if document.len() > Callout::MAX_BYTES || looks_enveloped(document) {
        return;
    }
    let again =
        Callout::parse(document.as_bytes()).unwrap_or_else(|error| panic!("{error}: {document}"));
    assert_eq!(again.document(), document);
    assert!(again == *callout);
    assert_eq!(again.stage(), callout.stage());
    assert_eq!(again.request_id(), callout.request_id());
    assert_eq!(again.notes(), callout.notes());
}

/// Whether an unknown member of the data happens to be called `data`, as an envelope's is: such a
/// document would be read as an envelope.
fn looks_enveloped(document: &str) -> bool {
    let data = lookup(document, "/data").expect("a pointer of ours");
    data.is_some_and(|data| data.starts_with(['{', '[']))
}

/// Reads a value and checks it against the promises on limits and repeated members, by code of its
/// own.
struct Strict {
    depth: usize,
    /// Inside an object whose members are not ours to judge.
    is_open: bool,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        assert!(self.depth <= Callout::MAX_DEPTH, "too deep");
        let inside = || Strict {
            depth: self.depth + 1,
            ..self
        };
        while seq.next_element_seed(inside())?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        assert!(self.depth <= Callout::MAX_DEPTH, "too deep");
        let mut members = 0;
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            members += 1;
            let key = key.to_ascii_lowercase();
            let is_open = self.is_open || key == "claims" || key == "recurrence";
            assert!(seen.insert(key) || self.is_open, "a member stands twice");
            map.next_value_seed(Strict {
                depth: self.depth + 1,
                is_open,
            })?;
        }
        assert!(members <= Callout::MAX_MEMBERS, "too many members");
        Ok(())
    }
}

//! Laws that hold for every callout, answer and extension.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what must hold by failing"
)]

use std::sync::OnceLock;

use admit::{
    Callout, Decision, Outcome, PolicyId, Profile, ResumeRequest,
    model::{
        Field, Judged, Severity, combine,
        graph::{
            CustomCalloutExtension, CustomExtensionCalloutData, CustomExtensionCalloutRequest,
            Form, ResumeBody,
        },
        lint_resume,
    },
};
use admit_tests::strategies::{
    Shape, callout_data, combining, extension, outcomes, payload, resume_body,
};
use proptest::prelude::*;
use serde_json::{Value, value::RawValue};

fn callout(data: &CustomExtensionCalloutData, shape: Shape) -> Callout {
    let payload = payload(data, shape);
    Callout::parse(payload.as_bytes()).unwrap_or_else(|error| panic!("{error}: {payload}"))
}

fn decide(combining: &admit::Combining, outcomes: &[Outcome], callout: &Callout) -> Decision {
    let ids: Vec<_> = (0..outcomes.len())
        .map(|index| PolicyId::new(&format!("p{index}")).unwrap())
        .collect();
    let judged: Vec<_> = ids
        .iter()
        .zip(outcomes)
        .map(|(policy, outcome)| Judged { policy, outcome })
        .collect();
    combine(combining, &judged, callout.stage())
}

/// Writes JSON with the names of known members in any case and in any order. Unknown members keep
/// both, since they are kept as they came; so does what stands in open objects.
struct Disorder(u64);

impl Disorder {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn value(&mut self, json: &str) -> String {
        match json.as_bytes().first() {
            Some(b'{') => self.object(&serde_json::from_str::<Members<'_>>(json).unwrap().0),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json).unwrap();
                let items: Vec<_> = items.iter().map(|item| self.value(item.get())).collect();
                format!("[{}]", items.join(","))
            }
            _ => json.to_owned(),
        }
    }

    fn object(&mut self, members: &[(String, &RawValue)]) -> String {
        let mut written = Vec::new();
        let mut unknown = Vec::new();
        for (name, value) in members {
            let lower = name.to_ascii_lowercase();
            if lower.starts_with('x') {
                unknown.push(format!("{}:{value}", Value::from(name.as_str())));
                continue;
            }
            let value = match lower.as_str() {
                "claims" | "recurrence" => value.get().to_owned(),
                _ => self.value(value.get()),
            };
            let name: String = lower
                .chars()
                .map(|letter| match self.below(2) {
                    0 => letter,
                    _ => letter.to_ascii_uppercase(),
                })
                .collect();
            let at = self.below(written.len() + 1);
            written.insert(at, format!("\"{name}\":{value}"));
        }
        let at = self.below(written.len() + 1);
        written.splice(at..at, unknown);
        format!("{{{}}}", written.join(","))
    }
}

/// The members of an object, in order.
struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'j> serde::Deserialize<'j> for Members<'j> {
    fn deserialize<D: serde::Deserializer<'j>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'j> serde::de::Visitor<'j> for Visitor {
            type Value = Members<'j>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'j>>(
                self,
                mut map: A,
            ) -> Result<Members<'j>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(Visitor)
    }
}

/// The schema of bodies.
static RESUME: OnceLock<jsonschema::Validator> = OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is written in any form is read again as what it was.
    #[test]
    fn callout_data_survives(data in callout_data()) {
        for form in [Form::V1, Form::Beta] {
            let json = data.to_json(form);
            let again = CustomExtensionCalloutData::from_json(&json);
            prop_assert_eq!(&again.unwrap(), &data, "{}", json);
        }
        for shape in Shape::ALL {
            prop_assert_eq!(&callout(&data, shape).data(), &data, "{}", payload(&data, shape));
        }
    }

    #[test]
    fn resume_bodies_survive(body in resume_body()) {
        for form in [Form::V1, Form::Beta] {
            let json = body.to_json(form);
            prop_assert_eq!(&ResumeBody::from_json(&json).unwrap(), &body, "{}", json);
        }
    }

    #[test]
    fn extensions_survive(extension in extension()) {
        for form in [Form::V1, Form::Beta] {
            let json = extension.to_json(form);
            let again = CustomCalloutExtension::from_json(&json);
            prop_assert_eq!(&again.unwrap(), &extension, "{}", json);
        }
    }

    /// Whichever shape a callout comes in, policies see the same.
    #[test]
    fn the_shapes_of_one_callout_are_equal(data in callout_data()) {
        let flat = callout(&data, Shape::Flat);
        for shape in Shape::ALL {
            let other = callout(&data, shape);
            prop_assert_eq!(&other, &flat);
            prop_assert_eq!(other.document(), flat.document());
            prop_assert_eq!(other.key(), flat.key());
            prop_assert_eq!(other.notes(), flat.notes());
            for field in Field::all() {
                prop_assert_eq!(other.get(field), flat.get(field), "{}", field.pointer());
                prop_assert_eq!(other.has(field), flat.has(field), "{}", field.pointer());
                for index in 0..4 {
                    prop_assert_eq!(other.get_row(field, index), flat.get_row(field, index));
                }
            }
        }
    }

    /// Neither the case of names nor their order matters.
    #[test]
    fn names_have_no_case_and_no_order(data in callout_data(), seed in any::<u64>()) {
        for shape in [Shape::Flat, Shape::Enveloped(Form::Beta)] {
            let payload = payload(&data, shape);
            let mut disorder = Disorder(seed);
            let disordered = disorder.value(&payload);
            let callout = Callout::parse(disordered.as_bytes());
            let callout = callout.unwrap_or_else(|error| panic!("{error}: {disordered}"));
            prop_assert_eq!(callout, self::callout(&data, shape));
        }
    }

    /// The canonical document is the data written in v1.0's form, and a callout itself.
    #[test]
    fn the_document_is_the_data(data in callout_data()) {
        let callout = callout(&data, Shape::Flat);
        let again = Callout::parse(callout.document().as_bytes()).unwrap();
        prop_assert_eq!(again.document(), callout.document());
        let CustomExtensionCalloutData::AccessPackageAssignmentRequestCalloutData(data) = data
        else {
            return Ok(());
        };
        prop_assert_eq!(callout.document(), data.to_json(Form::V1));
    }

    /// An answer is one that Graph's types hold, whole, and echoes what it must.
    #[test]
    fn an_answer_is_of_graphs_types(
        data in callout_data(), combining in combining(), outcomes in outcomes(),
    ) {
        let fits = RESUME.get_or_init(|| {
            let schema = admit::Schema::Resume.to_json();
            jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
        });
        let callout = callout(&data, Shape::Flat);
        let decision = decide(&combining, &outcomes, &callout);
        for profile in [Profile::V1, Profile::Beta] {
            let Some(request) = ResumeRequest::new(&callout, &decision, "Contoso", profile) else {
                prop_assert!(decision.no_answer.is_some());
                continue;
            };
            let body = request.body();
            let form = match profile {
                Profile::V1 => Form::V1,
                Profile::Beta => Form::Beta,
            };
            let typed = ResumeBody::from_json(&body).unwrap();
            prop_assert_eq!(typed.to_json(form), body.as_str());
            prop_assert!(typed.other.is_empty());
            let json: serde_json::Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(
                json.pointer("/data/customExtensionStageInstanceId").unwrap(),
                callout.instance_id()
            );
            for finding in lint_resume(body.as_bytes()) {
                prop_assert_eq!(finding.severity, Severity::Note, "{:?}: {}", finding, body);
            }
            prop_assert!(fits.is_valid(&json), "{}", body);
            // A workflow reads the doubled text as the body.
            let workflow = ResumeBody::from_json(&request.workflow_text());
            prop_assert!(workflow.is_ok());
        }
    }

    /// Any bytes are read or refused.
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
        let _ = Callout::parse(&bytes);
        let _ = Callout::parse(text.as_bytes());
        let _ = ResumeBody::from_json(&text);
        let _ = CustomCalloutExtension::from_json(&text);
        let _ = CustomExtensionCalloutRequest::from_json(&text);
    }
}

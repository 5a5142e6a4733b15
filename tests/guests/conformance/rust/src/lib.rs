//! Does what the first answer says: the same in every language that policies are written in.

#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "what a panic comes to is one of the cases"
)]

use std::time::SystemTime;

use admit_policy::{
    ApprovalStage, Callout, Policy, Settings, Verdict, days, group, log, manager, policy, user,
};

struct Conformance(Settings);

impl Policy for Conformance {
    fn configure(settings: &Settings) -> Result<Self, String> {
        Ok(Self(settings.clone()))
    }

    fn evaluate(&self, callout: &Callout) -> Result<Verdict, String> {
        let answer = callout.answers().get(0);
        let case = answer.and_then(|answer| answer.value()).unwrap_or_default();
        let deny = || Verdict::deny("no", "No.");
        Ok(match case.as_str() {
            "approve" => Verdict::approve("fine", ""),
            "deny" => deny(),
            "cancel" => Verdict::cancel("later", "Later."),
            "abstain" => Verdict::abstain("none", ""),
            "approval" => Verdict::require_approval("two-eyes", "Two look at it.", stage()),
            "notes" => deny().note("first", "One.").note("second", "Two."),
            "error" => return Err("It does not work.".into()),
            "trap" => panic!("It does not work."),
            "loop" => loop {
                std::hint::black_box(());
            },
            "memory" => memory(),
            "fact" => match callout.fact("held", "somebody").text("/name") {
                Some(name) => Verdict::approve("known", name),
                None => deny(),
            },
            "missing-fact" => match callout.fact("held", "nobody").lookup() {
                Some(_) => deny(),
                None => Verdict::deny("unknown", "Nothing is known."),
            },
            "ungranted" => match callout.fact("secrets", "x").lookup() {
                Some(_) => Verdict::approve("known", ""),
                None => deny(),
            },
            "settings" => {
                let nested = self.0.at("/nested");
                let (text, integer, flag) = (
                    nested.text("/text"),
                    nested.integer("/integer"),
                    nested.flag("/flag"),
                );
                let text = text.unwrap_or_default();
                let said = format!(
                    "{text} {} {}",
                    integer.unwrap_or_default(),
                    flag.unwrap_or_default()
                );
                Verdict::approve("settings", said)
            }
            "now" => Verdict::approve("now", callout.now_text()),
            "log" => {
                log::info("hello");
                Verdict::approve("fine", "")
            }
            "unicode" => {
                let name = callout.requestor().display_name().unwrap_or_default();
                Verdict::approve("unicode", format!("{name} ß漢🙂"))
            }
            "answers" => {
                let values = callout.answers().iter().filter_map(|answer| answer.value());
                let characters: usize = values.map(|value| value.chars().count()).sum();
                let said = format!("{} {characters}", callout.answers().len());
                Verdict::approve("answers", said)
            }
            "clock" => {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                let now = now.expect("after 1970").as_secs();
                Verdict::approve("clock", now.to_string())
            }
            other => return Err(format!("no such case: {other}")),
        })
    }
}

fn stage() -> ApprovalStage {
    let id = |last: u8| format!("0a000000-0000-4000-8000-00000000000{last}");
    ApprovalStage::new()
        .primary(user(id(1)).described("First"))
        .primary(manager(1))
        .fallback_primary(group(id(2)))
        .escalation(user(id(3)))
        .deny_after(days(14))
        .escalate_after(days(2))
        .require_justification()
}

/// Allocates until there is no more.
fn memory() -> Verdict {
    let mut kept = Vec::new();
    loop {
        kept.push(vec![1_u8; 1 << 20]);
        std::hint::black_box(&kept);
    }
}

policy!(Conformance);

//! What is wrong or doubtful with a policy set.
//!
//! The table of rules comes first, then a function for each. What they say is certain: it follows
//! from the set and from what its components import and say of themselves. Nothing is evaluated.

use std::collections::BTreeSet;

use admit_model::{Effect, Error, Rule, Severity, Stage, combine};
use serde::Serialize;

use crate::{
    policy::{Policy, Prepare},
    set::{About, PolicySet},
};

/// What can be doubtful with a policy set that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetRule {
    /// Stable name, in kebab-case.
    pub code: &'static str,
    /// How bad it is: a warning or a note.
    pub severity: Severity,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

macro_rules! rules {
    ($($name:ident = $code:literal $severity:ident $meaning:literal;)*) => {
        $(const $name: &SetRule = &SetRule {
            code: $code,
            severity: Severity::$severity,
            meaning: $meaning,
        };)*

        impl SetRule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(*$name),*];
        }
    };
}

rules! {
    SHADOWED = "shadowed" Warning "under `first-applicable`: at each of its stages a policy before it decides first";
    NEVER_ASKED = "never-asked" Warning "a policy none of whose stages the extension is called at";
    ACCESS_MAY_REMAIN = "access-may-remain" Warning "when no policy has an opinion, a grant or a removal is withheld";
    GRANT_NOT_USED = "grant-not-used" Warning "facts are granted to a policy that does not look them up";
    STAGES_UNANSWERED = "stages-unanswered" Note "stages at which no policy is asked, and what becomes of their callouts";
    READS_ANYTHING = "reads-anything" Note "a policy whose imports do not bound what it reads of a callout";
    HOST_FACTS = "host-facts" Note "facts that the host program must give, and that are not checked here";
    CONFIGURED_EACH_TIME = "configured-each-time" Note "a policy that cannot start configured: `configure` runs for every callout";
}

/// One thing that is wrong or doubtful with a policy set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetFinding {
    /// Stable name: of [`SetRule::ALL`], or for errors of [`ErrorKind::ALL`](admit_model::ErrorKind).
    pub code: &'static str,
    /// How bad it is. With an error the set cannot be loaded.
    pub severity: Severity,
    /// Id of the policy that is concerned.
    pub policy: Option<String>,
    /// Where: a file, with line and column where that is known; none for a set from code.
    pub place: Option<String>,
    /// What is wrong or doubtful.
    pub problem: String,
    /// The lines that the problem is about, where whoever found it shows them: the rule in a policy's
    /// settings, with a caret below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// What to write instead; none where the problem says it.
    pub instead: Option<String>,
}

impl SetFinding {
    pub(crate) fn at(mut self, place: String) -> Self {
        self.place = Some(place);
        self
    }
}

impl From<Error> for SetFinding {
    fn from(error: Error) -> Self {
        Self {
            code: error.kind().as_str(),
            severity: Severity::Error,
            policy: error.policy().map(Into::into),
            place: error.place().map(Into::into),
            problem: error.detail().into(),
            excerpt: error.excerpt().map(Into::into),
            instead: None,
        }
    }
}

/// What is doubtful with a set, the worst first, each with what it is about.
pub(crate) fn doubts(set: &PolicySet) -> Vec<(About, SetFinding)> {
    let mut doubts = Doubts {
        set,
        found: Vec::new(),
    };
    for (index, policy) in set.policies().iter().enumerate() {
        doubts.never_asked(index, policy);
        doubts.shadowed(index, policy);
        doubts.grants_not_used(index, policy);
        doubts.reads_anything(index, policy);
        doubts.configured_each_time(index, policy);
    }
    doubts.access_may_remain();
    doubts.stages_unanswered();
    let mut found = doubts.found;
    found.sort_by_key(|(_, finding)| finding.severity);
    found
}

/// Facts of a set file that only its host has, and that were left alone.
pub(crate) fn host_facts(collection: &str) -> SetFinding {
    SetFinding {
        code: HOST_FACTS.code,
        severity: HOST_FACTS.severity,
        policy: None,
        place: None,
        problem: format!(
            "the facts `{collection}` come from the program that loads the set: they are not \
             checked here, and without them it cannot be loaded"
        ),
        excerpt: None,
        instead: Some("nothing, where the program gives them".into()),
    }
}

struct Doubts<'s> {
    set: &'s PolicySet,
    found: Vec<(About, SetFinding)>,
}

impl Doubts<'_> {
    fn add(&mut self, rule: &SetRule, about: About, problem: String, instead: String) {
        let policy = match about {
            About::Policy(index) | About::Granted(index, _) => self.set.policies().get(index),
            About::Set | About::Source | About::Facts(_) => None,
        };
        let finding = SetFinding {
            code: rule.code,
            severity: rule.severity,
            policy: policy.map(|policy| policy.id().to_string()),
            place: None,
            problem,
            excerpt: None,
            instead: Some(instead),
        };
        self.found.push((about, finding));
    }

    fn never_asked(&mut self, index: usize, policy: &Policy) {
        let mut stages = policy.stages().iter();
        if !stages.any(|stage| is_sent(self.set, *stage)) {
            self.add(
                NEVER_ASKED,
                About::Policy(index),
                format!(
                    "it is asked at {}, where the extension is not called",
                    listed(policy.stages())
                ),
                "name the extension that is called there, or take the policy out".into(),
            );
        }
    }

    fn shadowed(&mut self, index: usize, policy: &Policy) {
        let set = self.set;
        let mut by: Vec<(&Policy, Vec<Stage>)> = Vec::new();
        let stages = policy.stages().iter().filter(|stage| is_sent(set, **stage));
        for stage in stages {
            let is_first = set.combining(*stage).rule == Rule::FirstApplicable;
            let mut before = set.policies().iter().take(index);
            let decides = |earlier: &&Policy| {
                earlier.stages().contains(stage)
                    && (!can_abstain(earlier) || is_same(earlier, policy))
            };
            let Some(first) = is_first.then(|| before.find(decides)).flatten() else {
                return;
            };
            match by.iter_mut().find(|(it, _)| it.id() == first.id()) {
                Some((_, stages)) => stages.push(*stage),
                None => by.push((first, vec![*stage])),
            }
        }
        if by.is_empty() {
            return;
        }
        let mut instead = "take it out";
        let by = by.iter().map(|(earlier, stages)| {
            let why = if can_abstain(earlier) {
                "is the same policy with the same settings"
            } else {
                instead = "let it stand before, or take it out";
                "cannot abstain"
            };
            let (id, stages) = (earlier.id(), listed(stages));
            format!("at {stages} `{id}` is asked before it, which {why}")
        });
        let by = by.collect::<Vec<_>>().join("; ");
        let problem = format!("it never decides: {by}");
        self.add(SHADOWED, About::Policy(index), problem, instead.into());
    }

    fn grants_not_used(&mut self, index: usize, policy: &Policy) {
        let component = policy.component();
        let looks_up = (component.imports().iter()).any(|import| import.starts_with("facts."));
        let asked = &component.metadata().facts;
        for (place, granted) in policy.facts().iter().enumerate() {
            let why = if !looks_up {
                "imports no function that looks facts up".into()
            } else if !asked.is_empty() && !asked.contains(granted) {
                format!("asks for {} alone", quoted(asked))
            } else {
                continue;
            };
            self.add(
                GRANT_NOT_USED,
                About::Granted(index, place),
                format!("it is granted the facts `{granted}`, and {why}"),
                format!("take `{granted}` out of its `facts`"),
            );
        }
    }

    fn reads_anything(&mut self, index: usize, policy: &Policy) {
        if !policy.component().imports_bound_reads() {
            self.add(
                READS_ANYTHING,
                About::Policy(index),
                "it can read anything of a callout, since it imports `callout.field` or \
                 `callout.document`"
                    .into(),
                "a build that imports only what it reads, where its toolchain can; what it did \
                 read stands in the report"
                    .into(),
            );
        }
    }

    fn configured_each_time(&mut self, index: usize, policy: &Policy) {
        let inner = policy.inner();
        if inner.prepare == Prepare::Snapshot && !inner.is_snapshotted {
            self.add(
                CONFIGURED_EACH_TIME,
                About::Policy(index),
                "its instances cannot start configured: `configure` runs for every callout, and \
                 counts against the deadline"
                    .into(),
                "nothing, where its deadline leaves room for that".into(),
            );
        }
    }

    fn access_may_remain(&mut self) {
        let set = self.set;
        for stage in [
            Stage::AssignmentRequestGranted,
            Stage::AssignmentRequestRemoved,
        ] {
            let is_withheld = silence(set, stage) == Silence::Withheld;
            if !(is_withheld && is_sent(set, stage) && can_be_silent(set, stage)) {
                continue;
            }
            let then = if stage.access_may_remain() {
                "access that should end may remain"
            } else {
                "what was granted may be held back"
            };
            self.add(
                ACCESS_MAY_REMAIN,
                About::Set,
                format!("when no policy has an opinion at {stage}, nothing is sent, and {then}"),
                format!(
                    "`when-silent = \"approve\"` under `[stage.{stage}]`, if it may go on without \
                     an opinion"
                ),
            );
        }
    }

    fn stages_unanswered(&mut self) {
        let set = self.set;
        let unanswered: Vec<_> = (Stage::ALL.iter().copied())
            .filter(|stage| is_sent(set, *stage) && asked(set, *stage).next().is_none())
            .collect();
        if unanswered.is_empty() {
            return;
        }
        let then = Silence::ALL.iter().filter_map(|then| {
            let stages = unanswered.iter().copied();
            let stages: Vec<_> = stages
                .filter(|stage| silence(set, *stage) == *then)
                .collect();
            (!stages.is_empty()).then(|| format!("{} {}", then.as_str(), listed(&stages)))
        });
        let then = then.collect::<Vec<_>>().join("; ");
        let known = if set.options().extension.is_some() {
            "`[stage.NAME]` has a `when-silent` of its own"
        } else {
            "`[stage.NAME]` has a `when-silent` of its own, and `[extension]` tells which stages \
             come at all"
        };
        self.add(
            STAGES_UNANSWERED,
            About::Set,
            format!("no policy is asked at some stages, and the set's silence decides: {then}"),
            format!("nothing, where that is meant; {known}"),
        );
    }
}

/// What becomes of a callout when no policy has an opinion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Silence {
    GoesOn,
    Denied,
    Withheld,
    Reported,
}

impl Silence {
    const ALL: [Self; 4] = [Self::GoesOn, Self::Denied, Self::Withheld, Self::Reported];

    const fn as_str(self) -> &'static str {
        match self {
            Self::GoesOn => "requests go on at",
            Self::Denied => "requests are denied at",
            Self::Withheld => "nothing is sent at",
            Self::Reported => "nobody waits for an answer at",
        }
    }
}

/// What the set's silence comes to at a stage.
fn silence(set: &PolicySet, stage: Stage) -> Silence {
    let decision = combine(&set.combining(stage), &[], stage);
    match decision.effect {
        _ if !is_waited_for(set, stage) => Silence::Reported,
        Effect::Approve => Silence::GoesOn,
        Effect::Deny | Effect::Cancel | Effect::RequireApproval => Silence::Denied,
        Effect::Withhold => Silence::Withheld,
    }
}

/// Whether a callout of this stage can be one of the set's.
fn is_sent(set: &PolicySet, stage: Stage) -> bool {
    let extension = set.options().extension.as_ref();
    stage.is_evaluated() && extension.is_none_or(|extension| extension.is_called_at(stage))
}

/// Whether the service waits for an answer there, as far as the set knows.
fn is_waited_for(set: &PolicySet, stage: Stage) -> bool {
    let extension = set.options().extension.as_ref();
    stage.can_be_answered() && extension.is_none_or(|extension| extension.waits().is_some())
}

/// The policies that are asked at a stage.
fn asked(set: &PolicySet, stage: Stage) -> impl Iterator<Item = &Policy> {
    (set.policies().iter()).filter(move |policy| policy.stages().contains(&stage))
}

/// Whether it can be that no policy has an opinion. Under `unanimous` an abstention is one.
fn can_be_silent(set: &PolicySet, stage: Stage) -> bool {
    let is_unanimous = set.combining(stage).rule == Rule::Unanimous;
    asked(set, stage).all(|policy| !is_unanimous && can_abstain(policy))
}

/// Whether a policy can abstain. One that does not import it gives another verdict, or a fault, and
/// both decide.
fn can_abstain(policy: &Policy) -> bool {
    let imports = policy.component().imports();
    imports.iter().any(|import| import == "verdict.abstain")
}

/// Whether two policies answer every callout in the same way.
fn is_same(one: &Policy, other: &Policy) -> bool {
    let granted = |policy: &Policy| policy.facts().iter().cloned().collect::<BTreeSet<_>>();
    one.component().sha256() == other.component().sha256()
        && one.settings_sha256() == other.settings_sha256()
        && one.limits() == other.limits()
        && granted(one) == granted(other)
}

fn listed(stages: &[Stage]) -> String {
    let names: Vec<_> = stages.iter().map(|stage| stage.as_str()).collect();
    names.join(", ")
}

fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

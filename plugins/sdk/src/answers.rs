//! What the requestor answered to the questions of the assignment policy.

use crate::{contract::answers, guid};

/// The answers of the callout, in payload order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers(pub(crate) ());

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer(u32);

impl Answers {
    /// How many answers there are.
    pub fn len(&self) -> u32 {
        answers::count()
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The answer at a place, from 0; none past the end.
    pub fn get(&self, index: u32) -> Option<Answer> {
        (index < self.len()).then_some(Answer(index))
    }

    /// Every answer, in payload order.
    pub fn iter(&self) -> impl Iterator<Item = Answer> + use<> {
        (0..self.len()).map(Answer)
    }

    /// The first answer to a question, named by its id (a GUID in any spelling) or else by its
    /// exact text. Administrators edit texts: prefer the id.
    pub fn to(&self, question: &str) -> Option<Answer> {
        match guid(question) {
            Some(id) => self
                .iter()
                .find(|answer| answer.question_id().as_deref() == Some(id.as_str())),
            None => self
                .iter()
                .find(|answer| answer.question_text().as_deref() == Some(question)),
        }
    }
}

impl Answer {
    /// The answer as stored. For a choice this is the choice's own value, not what the requestor
    /// saw; several choices arrive in one text.
    pub fn value(&self) -> Option<String> {
        answers::value(self.0)
    }

    /// The answer as the requestor saw it.
    pub fn display_value(&self) -> Option<String> {
        answers::display_value(self.0)
    }

    /// Id of the question, a GUID.
    pub fn question_id(&self) -> Option<String> {
        answers::question_id(self.0)
    }

    /// Text of the question.
    pub fn question_text(&self) -> Option<String> {
        answers::question_text(self.0)
    }

    /// Whether the question had to be answered.
    pub fn question_is_required(&self) -> Option<bool> {
        answers::question_is_required(self.0)
    }
}

//! Answers and their questions. Source: Graph's resource pages of accessPackageAnswerString,
//! accessPackageQuestion and its kinds, accessPackageAnswerChoice and
//! accessPackageLocalizedContent.

use super::{Number, declare::graph_object};

graph_object! {
    /// An answer of the requestor; multiple choices arrive as text, too.
    pub struct AccessPackageAnswerString = "accessPackageAnswerString" {
        /// What was answered.
        value: String as Text = "value",
        /// The same for people.
        display_value: String as Text = "displayValue",
        /// The question.
        answered_question: AccessPackageQuestion as One = "answeredQuestion",
    }

    /// A question, with the members of its kinds: text input and multiple choice.
    pub struct AccessPackageQuestion = "accessPackageQuestion" localized {
        /// Its id.
        id: String as Id = "id",
        /// Its text. The service sends `textString` beside the localized content of beta.
        text: String as Content = "text" | "textString" Wire,
        /// Its text in other languages.
        localizations: Vec<AccessPackageLocalizedText> as Many = "localizations",
        /// Its place among the questions.
        sequence: Number as Numeric = "sequence",
        /// Whether it must be answered.
        is_required: bool as Flag = "isRequired",
        /// Whether its answer can be changed.
        is_answer_editable: bool as Flag = "isAnswerEditable",
        /// Whether it takes one line (text input).
        is_single_line_question: bool as Flag = "isSingleLineQuestion",
        /// What an answer must match (text input).
        regex_pattern: String as Text = "regexPattern",
        /// Whether several choices may be taken (multiple choice).
        is_multiple_selection_allowed: bool as Flag =
            "isMultipleSelectionAllowed" | "allowsMultipleSelection" Beta,
        /// The choices (multiple choice).
        choices: Vec<AccessPackageAnswerChoice> as Many = "choices",
    }

    /// A choice of a question.
    pub struct AccessPackageAnswerChoice = "accessPackageAnswerChoice" localized {
        /// What is sent when it is taken.
        actual_value: String as Text = "actualValue",
        /// What people see.
        text: String as Content = "text" | "displayValue" Beta,
        /// The same in other languages.
        localizations: Vec<AccessPackageLocalizedText> as Many = "localizations",
    }

    /// A text in another language.
    pub struct AccessPackageLocalizedText = "accessPackageLocalizedText" {
        /// The language, such as `de`.
        language_code: String as Text = "languageCode",
        /// The text.
        text: String as Text = "text",
    }

    /// A text with its translations, as beta has it.
    pub struct AccessPackageLocalizedContent = "accessPackageLocalizedContent" {
        /// The text where no translation fits.
        default_text: String as Text = "defaultText",
        /// The translations.
        localized_texts: Vec<AccessPackageLocalizedText> as Many = "localizedTexts",
    }
}

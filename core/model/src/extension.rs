//! What the definition of a custom extension says about its callouts.

#[cfg(test)]
mod tests;

use crate::{
    callout::Callout,
    error::{Error, ErrorKind},
    graph::{
        CustomCalloutExtension, CustomExtensionCallbackConfiguration,
        ExtensionCallbackConfiguration, Form, document, node,
    },
    id::guid,
    json::{NO_NAMES, Reader, Result as Read, Token, key_is},
    stage::Stage,
    timeout::timeout,
};

/// What a custom extension is called for, and whether, how long and for what the service waits.
///
/// Made from the extension's definition in Graph. Small, immutable, cheap to clone.
///
/// ```
/// use admit_model::{AnswerKind, ExtensionRules};
///
/// let rules = ExtensionRules::from_json(r##"{
///     "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
///     "callbackConfiguration": {
///         "@odata.type": "#microsoft.graph.customExtensionCallbackConfiguration",
///         "timeoutDuration": "PT1H"
///     }
/// }"##)?;
/// let waits = rules.waits().ok_or("launches and continues")?;
/// assert_eq!((waits.timeout_seconds, waits.answer), (3600, AnswerKind::Decision));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionRules {
    kind: ExtensionKind,
    waits: Option<Waits>,
    catalog: Option<String>,
}

/// What a custom extension is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtensionKind {
    /// Requests: `accessPackageAssignmentRequestWorkflowExtension`.
    Request,
    /// Assignments that are about to end: `accessPackageAssignmentWorkflowExtension`.
    Assignment,
}

/// The service launches the extension and waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Waits {
    /// For how long, from [`MIN_TIMEOUT_SECONDS`](crate::MIN_TIMEOUT_SECONDS) to
    /// [`MAX_TIMEOUT_SECONDS`](crate::MAX_TIMEOUT_SECONDS).
    pub timeout_seconds: u32,
    /// For what.
    pub answer: AnswerKind,
}

/// Which kind of answer the service waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerKind {
    /// Whether the request goes on, is denied or is called off.
    Decision,
    /// Who approves: the extension is called at the determining stage, and at no other.
    ApprovalStage,
}

impl ExtensionRules {
    /// The rules of an extension in JSON: the body that creates it, the response to that, or what
    /// Graph returns for it. The object may be wrapped in `value`, as published examples are.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::GraphObject`] with the JSON pointer of the place, for what cannot be read and
    /// as for [`new`](Self::new).
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let (extension, at) = document(json, unwrapped)?;
        Self::read(&extension, at)
    }

    /// The rules of an extension.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::GraphObject`] with the JSON pointer of the place: another type than one of the
    /// two kinds, a time that the service does not wait, or a callback configuration of an
    /// extension for assignments, for which it does not wait at all.
    pub fn new(extension: &CustomCalloutExtension) -> Result<Self, Error> {
        Self::read(extension, "")
    }

    fn read(extension: &CustomCalloutExtension, at: &str) -> Result<Self, Error> {
        let error = |pointer: &str, detail: String| {
            Error::new(ErrorKind::GraphObject, detail).at(format!("{at}{pointer}"))
        };
        let (kind, configuration) = match extension {
            CustomCalloutExtension::AccessPackageAssignmentRequestWorkflowExtension(extension) => (
                ExtensionKind::Request,
                extension.callback_configuration.as_ref(),
            ),
            CustomCalloutExtension::AccessPackageAssignmentWorkflowExtension(extension) => (
                ExtensionKind::Assignment,
                extension.callback_configuration.as_ref(),
            ),
            CustomCalloutExtension::Other(other) => {
                let found = match &other.type_name {
                    Some(name) => format!("`{name}` is not"),
                    None => "nothing says that this is".into(),
                };
                return Err(error(
                    "/@odata.type",
                    format!(
                        "{found} `accessPackageAssignmentRequestWorkflowExtension` or \
                         `accessPackageAssignmentWorkflowExtension`, the extensions of entitlement \
                         management"
                    ),
                ));
            }
        };
        let waits = match configuration {
            None => None,
            Some(_) if kind == ExtensionKind::Assignment => {
                return Err(error(
                    "/callbackConfiguration",
                    "the service does not wait for an extension for assignments, though the schema \
                     has this member; leave it out"
                        .into(),
                ));
            }
            Some(configuration) => Some(waits(configuration, &error)?),
        };
        Ok(Self {
            kind,
            waits,
            catalog: None,
        })
    }

    /// The same rules, for the catalog of this id. A definition does not name its catalog: it
    /// stands in the path under which Graph has the extension.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::GraphObject`]: it is not a GUID.
    pub fn of_catalog(mut self, id: &str) -> Result<Self, Error> {
        let id = guid(id).ok_or_else(|| {
            Error::new(
                ErrorKind::GraphObject,
                format!("the catalog id `{id}` is not a GUID"),
            )
            .at("catalog")
        })?;
        self.catalog = Some(id);
        Ok(self)
    }

    /// What the extension is called for.
    pub fn kind(&self) -> ExtensionKind {
        self.kind
    }

    /// How the service waits for an answer; none where it launches the extension and continues.
    pub fn waits(&self) -> Option<Waits> {
        self.waits
    }

    /// Id of the catalog, a GUID in Graph's spelling; none where any catalog will do.
    pub fn catalog(&self) -> Option<&str> {
        self.catalog.as_deref()
    }

    /// Whether the extension is called at a stage: at those of its kind, and at the determining
    /// stage if it is for approvers, and then at no other. The connection test is every extension's.
    pub fn is_called_at(&self, stage: Stage) -> bool {
        match of_kind(stage) {
            None => true,
            Some(kind) => {
                kind == self.kind && stage.takes_approval_stage() == self.is_for_approvers()
            }
        }
    }

    fn is_for_approvers(&self) -> bool {
        self.waits
            .is_some_and(|waits| waits.answer == AnswerKind::ApprovalStage)
    }

    /// Why the extension is not called at a stage.
    fn why_not_at(&self, stage: Stage) -> String {
        if of_kind(stage) != Some(self.kind) {
            let called_for = match self.kind {
                ExtensionKind::Request => "requests",
                ExtensionKind::Assignment => "assignments",
            };
            format!("the extension is called for {called_for}, not at the stage `{stage}`")
        } else if self.is_for_approvers() {
            format!(
                "the extension's callback configuration is for an approval stage, which the stage \
                 `{stage}` does not ask for"
            )
        } else {
            format!(
                "the stage `{stage}` asks for an approval stage, and the extension's callback \
                 configuration is not for one"
            )
        }
    }

    /// Whether a callout can be one of this extension's, by its stage and its catalog. It does not
    /// name the extension that it calls, so another one of the same kind in the same catalog passes.
    ///
    /// Callouts that are not evaluated, such as connection tests, pass: they ask nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CalloutExtension`] with the JSON pointer of what says otherwise: the stage is
    /// one of the other kind; approvers are asked for and the extension is not for that, or the
    /// reverse; the catalog is another one, or is not said.
    pub fn check(&self, callout: &Callout) -> Result<(), Error> {
        let refused = |pointer: &str, detail: String| {
            Err(Error::new(ErrorKind::CalloutExtension, detail).at(callout.place(pointer)))
        };
        if !callout.is_evaluated() {
            return Ok(());
        }
        let stage = callout.stage();
        if !self.is_called_at(stage) {
            return refused("/stage", self.why_not_at(stage));
        }
        let Some(wanted) = &self.catalog else {
            return Ok(());
        };
        match callout.catalog_id() {
            Some(found) if found == wanted => Ok(()),
            Some(found) => refused(
                "/accessPackageCatalog/id",
                format!("the catalog is `{found}`, the extension's is `{wanted}`"),
            ),
            None => refused(
                "/accessPackageCatalog/id",
                format!("the callout does not say its catalog; the extension's is `{wanted}`"),
            ),
        }
    }
}

/// The kind of extension that is called at a stage; none for what every extension is tried with.
const fn of_kind(stage: Stage) -> Option<ExtensionKind> {
    match stage {
        Stage::AssignmentRequestCreated
        | Stage::AssignmentRequestApproved
        | Stage::AssignmentRequestDeterminingApprovalRequirements
        | Stage::AssignmentRequestGranted
        | Stage::AssignmentRequestRemoved => Some(ExtensionKind::Request),
        Stage::AssignmentFourteenDaysBeforeExpiration | Stage::AssignmentOneDayBeforeExpiration => {
            Some(ExtensionKind::Assignment)
        }
        Stage::ConnectionTest => None,
    }
}

/// The extension, and where it stands in its document.
fn unwrapped(reader: &mut Reader<'_>) -> Read<(CustomCalloutExtension, &'static str)> {
    if !is_wrapped(reader)? {
        return Ok((node(reader)?, ""));
    }
    let mut extension = None;
    reader.object(&NO_NAMES, |reader, key| {
        if reader.is(key, "value") {
            extension = Some(node(reader)?);
            return Ok(());
        }
        reader.check(true)
    })?;
    match extension {
        Some(extension) => Ok((extension, "/value")),
        None => Err(reader.expected("an object", Token::Null)),
    }
}

/// Whether the object that comes next is a response around an extension: it has `value`, and
/// nothing but `@odata.context` beside it. The reader stays before the object.
fn is_wrapped(reader: &mut Reader<'_>) -> Read<bool> {
    let (mut has_value, mut has_others) = (false, false);
    if reader.token()? == Token::Object {
        let start = reader.at();
        reader.open_object(|reader, name| {
            let name = reader.text_of(name);
            has_value |= key_is(&name, "value");
            has_others |= !key_is(&name, "value") && !key_is(&name, "@odata.context");
            reader.check(false)
        })?;
        reader.back_to(start);
    }
    Ok(has_value && !has_others)
}

/// For how long and for what the service waits by this configuration.
fn waits(
    configuration: &ExtensionCallbackConfiguration,
    error: &dyn Fn(&str, String) -> Error,
) -> Result<Waits, Error> {
    let plain: CustomExtensionCallbackConfiguration;
    let (given, answer) = match configuration {
        ExtensionCallbackConfiguration::CustomExtensionCallbackConfiguration(plain) => {
            (&plain.timeout_duration, AnswerKind::Decision)
        }
        ExtensionCallbackConfiguration::AccessPackageRequestApprovalStageCallbackConfiguration(
            stage,
        ) => (&stage.timeout_duration, AnswerKind::ApprovalStage),
        // What does not say its type has the type that the schema declares there.
        ExtensionCallbackConfiguration::Other(other) if other.type_name.is_none() => {
            plain =
                CustomExtensionCallbackConfiguration::from_json(&configuration.to_json(Form::V1))
                    .map_err(|problem| {
                    let inner = problem.place().unwrap_or_default().trim_end_matches('/');
                    error(
                        &format!("/callbackConfiguration{inner}"),
                        problem.detail().into(),
                    )
                })?;
            (&plain.timeout_duration, AnswerKind::Decision)
        }
        ExtensionCallbackConfiguration::Other(other) => {
            return Err(error(
                "/callbackConfiguration/@odata.type",
                format!(
                    "`{}` is not `customExtensionCallbackConfiguration` or \
                     `accessPackageRequestApprovalStageCallbackConfiguration`: what is waited for \
                     is unknown",
                    other.type_name.as_deref().unwrap_or_default()
                ),
            ));
        }
    };
    let timeout_seconds = timeout(given.as_deref())
        .map_err(|note| error("/callbackConfiguration/timeoutDuration", note.detail))?;
    Ok(Waits {
        timeout_seconds,
        answer,
    })
}

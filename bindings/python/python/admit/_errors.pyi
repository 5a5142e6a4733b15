class AdmitError(Exception):
    """Something that was given cannot be used. Each kind has a class of its own."""

    code: int
    """Stable number of the kind."""
    slug: str
    """Stable name of the kind."""
    detail: str
    """What is wrong, without the place."""
    policy: str | None
    """Id of the policy that is concerned, or None."""
    path: str | None
    """Where: a JSON pointer, or a file with line and column; or None."""

    def __init__(self, detail: str, policy: str | None = None, path: str | None = None) -> None: ...

class CalloutSyntaxError(AdmitError, ValueError):
    """The callout is not JSON text in UTF-8."""

class CalloutLimitError(AdmitError, ValueError):
    """The callout is larger, deeper or wider than is read."""

class CalloutTypeError(AdmitError, ValueError):
    """A value of the callout has the wrong JSON type."""

class CalloutMissingError(AdmitError, ValueError):
    """A member that a callout must have is missing."""

class CalloutRepeatedError(AdmitError, ValueError):
    """A member stands twice in one object, equal but for case."""

class CalloutStageError(AdmitError, ValueError):
    """The stage is not one that is known."""

class CalloutEnvelopeError(AdmitError, ValueError):
    """Envelope and data contradict each other."""

class CalloutIdError(AdmitError, ValueError):
    """An id is not a GUID."""

class CalloutCallbackPathError(AdmitError, ValueError):
    """The callback path is not a relative path to this request's resume action."""

class CalloutExtensionError(AdmitError, ValueError):
    """The callout is of another kind or catalog than the extension that is answered for."""

class GraphObjectError(AdmitError, ValueError):
    """Another object of Graph's, such as a resume body or an extension, cannot be read."""

class PolicyFileError(AdmitError, OSError):
    """The policy file cannot be read."""

class PolicyFormatError(AdmitError, ValueError):
    """The policy is not a WebAssembly component, or a damaged one."""

class PolicyInterfaceError(AdmitError, ValueError):
    """The policy imports or exports other things than the contract's."""

class PolicyMetadataError(AdmitError, ValueError):
    """What the policy says about itself is missing, doubled or malformed."""

class PolicyPinError(AdmitError, ValueError):
    """The policy's bytes are not those that the set pins."""

class PolicySettingsError(AdmitError, ValueError):
    """The policy's settings do not fit its schema, or the policy refused them."""

class PolicyLoadError(AdmitError, ValueError):
    """The policy does not fit the limits, or failed while it was loaded."""

class SetFileError(AdmitError, OSError):
    """The policy set file, or the extension file that it names, cannot be read."""

class SetError(AdmitError, ValueError):
    """The policy set says something that cannot be: the text names what and where."""

class FactSourceError(AdmitError, OSError, ValueError):
    """A source of facts cannot be opened or read, or its query cannot be used."""

class FactRecordError(AdmitError, ValueError):
    """Recorded facts cannot be read, or lack one that a policy asks for."""

class ArgumentError(AdmitError, ValueError):
    """An argument of a call is none that the call takes, such as NULL in C."""

class InternalError(AdmitError, RuntimeError):
    """A defect of this library."""

CLASSES: dict[int, type[AdmitError]]

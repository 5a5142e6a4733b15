"""Answers Microsoft Entra entitlement-management callouts with WebAssembly policies.

    import admit

    policies = admit.PolicySet.from_file("admit.toml")  # once
    report = policies.evaluate(payload)                 # for each callout
    if report.resume_body is None:
        print("nothing to send:", report.no_answer_reason)

- A `PolicySet` is expensive to load (it compiles), immutable, and shared by threads. Evaluating releases
  the interpreter lock.
- A `Report` belongs to one callout: what was decided, why, and what to send.
- What cannot be used is an `AdmitError`, with a class for each kind.
- What goes wrong in a policy is a fault in the report, which denies or withholds: no exception, and never
  an approval.

Nothing is sent anywhere: the host posts `Report.resume_request` to Graph.
"""

from ._admit import (
    CONTRACT_VERSION,
    ApprovalStage,
    Approver,
    Callout,
    FactFailure,
    Fault,
    Finding,
    Inspection,
    JsonFacts,
    Limits,
    Note,
    Outcome,
    Policy,
    PolicySet,
    Reason,
    RecordedFacts,
    Report,
    ResumeRequest,
    SetFinding,
    SqliteFacts,
    Verdict,
    __version__,
    check,
    inspect,
    lint_callout,
    lint_extension,
    lint_resume,
)
from ._enums import Decision, FaultKind, Severity
from ._errors import (
    AdmitError,
    ArgumentError,
    CalloutCallbackPathError,
    CalloutEnvelopeError,
    CalloutExtensionError,
    CalloutIdError,
    CalloutLimitError,
    CalloutMissingError,
    CalloutRepeatedError,
    CalloutStageError,
    CalloutSyntaxError,
    CalloutTypeError,
    FactRecordError,
    FactSourceError,
    GraphObjectError,
    InternalError,
    PolicyFileError,
    PolicyFormatError,
    PolicyInterfaceError,
    PolicyLoadError,
    PolicyMetadataError,
    PolicyPinError,
    PolicySettingsError,
    SetError,
    SetFileError,
)
from ._versions import show_versions

__all__ = [
    "AdmitError",
    "ApprovalStage",
    "Approver",
    "ArgumentError",
    "CONTRACT_VERSION",
    "Callout",
    "CalloutCallbackPathError",
    "CalloutEnvelopeError",
    "CalloutExtensionError",
    "CalloutIdError",
    "CalloutLimitError",
    "CalloutMissingError",
    "CalloutRepeatedError",
    "CalloutStageError",
    "CalloutSyntaxError",
    "CalloutTypeError",
    "Decision",
    "FactFailure",
    "FactRecordError",
    "FactSourceError",
    "Fault",
    "FaultKind",
    "Finding",
    "GraphObjectError",
    "Inspection",
    "InternalError",
    "JsonFacts",
    "Limits",
    "Note",
    "Outcome",
    "Policy",
    "PolicyFileError",
    "PolicyFormatError",
    "PolicyInterfaceError",
    "PolicyLoadError",
    "PolicyMetadataError",
    "PolicyPinError",
    "PolicySet",
    "PolicySettingsError",
    "Reason",
    "RecordedFacts",
    "Report",
    "ResumeRequest",
    "SetError",
    "SetFileError",
    "SetFinding",
    "Severity",
    "SqliteFacts",
    "Verdict",
    "__version__",
    "check",
    "inspect",
    "lint_callout",
    "lint_extension",
    "lint_resume",
    "show_versions",
]

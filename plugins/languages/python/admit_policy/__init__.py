"""Write `admit` policies in Python.

A policy is a module `policy.py` with a function `evaluate`, which answers a callout of Microsoft
Entra entitlement management with one verdict:

    from admit_policy import Callout, Verdict, approve, deny

    def evaluate(callout: Callout) -> Verdict:
        if callout.target.email is None:
            return deny("no-mail", "The account has no mail address.")
        return approve("has-mail")

It may have a function `configure`, which reads the settings before. What that returns is the second
argument of `evaluate`, if that takes one:

    def configure(settings: Settings) -> list[str]:
        return settings.texts("/domains")

    def evaluate(callout: Callout, domains: list[str]) -> Verdict: ...

`admit build` runs the top of `policy.py` once and keeps what it made. Each callout is then answered
in a fresh instance: what `evaluate` changes is gone afterwards. Import everything at the top, since
nothing can be imported later. There is no clock, no randomness, no file and no network.

An exception that leaves the policy has not denied anything, and neither has a function that returns
no verdict: that is a fault, which the policy set's `on-fault` decides about and which is never an
approval. Deny with `deny`, and return it: a verdict that `evaluate` makes and does not return is a
fault too, if the one that it returns weighs less. `deny` and `cancel` weigh most,
`require_approval` less, `approve` and `abstain` nothing.
"""

from admit_policy import log
from admit_policy._answers import Answer, Answers
from admit_policy._approval import (
    ApprovalStage,
    Approver,
    attribute_rule_members,
    connected_organization,
    days,
    external_sponsors,
    group,
    hours,
    internal_sponsors,
    manager,
    minutes,
    service_principal,
    target_agent_identity_sponsors_or_owners,
    target_application_owners,
    target_manager,
    target_user_sponsors,
    user,
)
from admit_policy._callout import Callout
from admit_policy._credentials import VerifiedCredential, VerifiedCredentials
from admit_policy._error import PolicyError
from admit_policy._facts import Fact
from admit_policy._guid import guid
from admit_policy._names import RequestType, Stage, SubjectType
from admit_policy._package import AccessPackage, Assignment, Catalog, Schedule
from admit_policy._settings import Settings
from admit_policy._subject import Subject
from admit_policy._verdict import (
    Effect,
    Reason,
    Verdict,
    abstain,
    approve,
    cancel,
    deny,
    require_approval,
)

__all__ = [
    "AccessPackage",
    "Answer",
    "Answers",
    "ApprovalStage",
    "Approver",
    "Assignment",
    "Callout",
    "Catalog",
    "Effect",
    "Fact",
    "PolicyError",
    "Reason",
    "RequestType",
    "Schedule",
    "Settings",
    "Stage",
    "Subject",
    "SubjectType",
    "Verdict",
    "VerifiedCredential",
    "VerifiedCredentials",
    "abstain",
    "approve",
    "attribute_rule_members",
    "cancel",
    "connected_organization",
    "days",
    "deny",
    "external_sponsors",
    "group",
    "guid",
    "hours",
    "internal_sponsors",
    "log",
    "manager",
    "minutes",
    "require_approval",
    "service_principal",
    "target_agent_identity_sponsors_or_owners",
    "target_application_owners",
    "target_manager",
    "target_user_sponsors",
    "user",
]

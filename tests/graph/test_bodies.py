"""Every body that the corpus gives is read by Graph's generated client, whole and typed."""

import re
import unittest
from collections import Counter

from msgraph.generated.models.access_package_approval_stage import AccessPackageApprovalStage
from msgraph.generated.models.access_package_assignment_request_callback_data import (
    AccessPackageAssignmentRequestCallbackData,
)
from msgraph.generated.models.assignment_request_approval_stage_callback_data import (
    AssignmentRequestApprovalStageCallbackData,
)

from emitted import ROOT, Answer, answers
from reading import UNKNOWN, differences, read

APPROVER_LISTS = [
    "primaryApprovers",
    "fallbackPrimaryApprovers",
    "escalationApprovers",
    "fallbackEscalationApprovers",
]


def approvers(answer: Answer):
    """Each approver of an answer, with its place."""
    for name in APPROVER_LISTS if answer.stage else []:
        for index, approver in enumerate(answer.stage[name]):
            yield f"/data/approvalStage/{name}/{index}", approver


def known_differences(answer: Answer) -> dict[str, str]:
    """What the v1.0 client does not read. When a client reads more, the tests say so."""
    known = {}
    if answer.data["stage"] == "assignmentRequestDeterminingApprovalRequirements":
        # The service's enumeration has this member, the published one does not.
        known["/data/stage"] = "read as None"
    if answer.version == "beta":
        # Beta's own names. Beta's client is no help: there these types are no subjectSet.
        for place, approver in approvers(answer):
            for member in {"id", "isBackup"} & approver.keys():
                known[f"{place}/{member}"] = UNKNOWN
    return known


class Bodies(unittest.TestCase):
    maxDiff = None

    def test_are_read_whole(self):
        for answer in answers():
            with self.subTest(answer.case):
                found = differences(answer.body)
                self.assertEqual(found, known_differences(answer))

    def test_have_data_of_the_right_class(self):
        for answer in answers():
            with self.subTest(answer.case):
                data = read(answer.body).data
                if answer.effect == "require-approval":
                    self.assertIs(type(data), AssignmentRequestApprovalStageCallbackData)
                    self.assertIs(type(data.approval_stage), AccessPackageApprovalStage)
                else:
                    self.assertIs(type(data), AccessPackageAssignmentRequestCallbackData)

    def test_have_approvers_of_every_kind_of_the_model(self):
        source = (ROOT / "core/model/src/approval.rs").read_text("utf-8")
        in_model = set(re.findall(r'Self::\w+(?:\(_\))? => "(\w+)"', source)) - set(APPROVER_LISTS)
        self.assertGreaterEqual(len(in_model), 12)
        in_bodies = {
            approver["@odata.type"].removeprefix("#microsoft.graph.")
            for answer in answers()
            if answer.version == "v1.0"
            for _, approver in approvers(answer)
        }
        self.assertEqual(in_bodies, in_model)

    def test_are_many(self):
        count = Counter((answer.version, answer.effect) for answer in answers())
        print(f"{count.total()} bodies:", end=" ")
        print(", ".join(f"{n} {effect} ({version})" for (version, effect), n in count.items()))
        self.assertGreaterEqual(count.total(), 30)
        self.assertIn(("beta", "require-approval"), count)

"""The check can fail: what the schema does not know is found."""

import json
import unittest


from emitted import CORPUS, answers
from reading import UNKNOWN, differences


class Reading(unittest.TestCase):
    def emitted(self, case: str) -> dict:
        return next(json.loads(answer.body) for answer in answers() if answer.case == case)

    def assert_differences(self, body: dict, expected: dict[str, str]):
        found = differences(json.dumps(body).encode())
        self.assertEqual(found, expected)

    def test_finds_types_without_a_hash(self):
        for example in [
            "resume-1-approve",
            "resume-2-deny",
            "resume-3-callback-configuration-type",
        ]:
            body = json.loads((CORPUS / f"seed-examples/{example}.json").read_bytes())
            expected = {f"/data/{name}": UNKNOWN for name in body["data"]}
            expected["/data/@odata.type"] = "read as CustomExtensionData"
            with self.subTest(example):
                self.assert_differences(body, expected)

    def test_finds_unknown_members(self):
        body = self.emitted("seed-1-approve")
        self.assert_differences(body, {})
        body["reason"] = body["data"]["reason"] = "none"
        self.assert_differences(body, {"/reason": UNKNOWN, "/data/reason": UNKNOWN})

    def test_finds_unknown_values(self):
        body = self.emitted("seed-1-approve")
        body["data"]["stage"] = "assignmentRequestMade"
        self.assert_differences(body, {"/data/stage": "read as None"})

    def test_finds_what_is_wrong_with_approvers(self):
        body = self.emitted("approval-every-kind")
        body["data"]["stage"] = "assignmentRequestCreated"
        self.assert_differences(body, {})
        stage = body["data"]["approvalStage"]
        user, group, *_ = stage["primaryApprovers"]
        user["@odata.type"] = "microsoft.graph.singleUser"
        group["id"] = group.pop("groupId")
        stage["durationBeforeAutomaticDenial"] = 172800
        stage["isEscalationEnabled"] = "no"
        place = "/data/approvalStage"
        self.assert_differences(
            body,
            {
                f"{place}/durationBeforeAutomaticDenial": "read as None",
                f"{place}/isEscalationEnabled": "read as None",
                f"{place}/primaryApprovers/0/@odata.type": "read as SubjectSet",
                f"{place}/primaryApprovers/0/userId": UNKNOWN,
                f"{place}/primaryApprovers/0/description": UNKNOWN,
                f"{place}/primaryApprovers/1/id": UNKNOWN,
            },
        )

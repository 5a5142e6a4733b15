"""What the policy answers, tested in plain Python: see README.md."""

import unittest

import policy
from admit_policy import Verdict, abstain, approve, deny
from admit_policy.testing import Fixture

WATCHED = "0d000001-0007-400e-a014-d13244aa029e"


def evaluate(package: str | None, justification: str | None) -> Verdict:
    """What the policy answers to a request for a package, with this justification."""
    question = {"text": "Business justification"}
    fixture = Fixture(
        {
            "accessPackage": {"id": package},
            "answers": [{"value": justification, "answeredQuestion": question}],
        },
        settings={"packages": [WATCHED.upper()]},
    )
    return fixture.evaluate(policy)


class NightWatch(unittest.TestCase):
    """The policy `night-watch`."""

    def test_a_watched_package_needs_a_justification(self) -> None:
        refused = deny("no-justification", "Please say what you need the access for.")
        self.assertEqual(evaluate(WATCHED, "Quarterly close"), approve("justified"))
        self.assertEqual(evaluate(WATCHED, None), refused)
        self.assertEqual(evaluate(WATCHED, " \t"), refused)

    def test_other_packages_are_not_its_business(self) -> None:
        other = "0d000002-0007-400e-a014-d13244aa029e"
        self.assertEqual(evaluate(other, None), abstain("not-watched"))

    def test_a_request_without_package_is_refused(self) -> None:
        detail = "The request names no access package."
        self.assertEqual(evaluate(None, "Quarterly close"), deny("no-package", detail))


if __name__ == "__main__":
    unittest.main()
